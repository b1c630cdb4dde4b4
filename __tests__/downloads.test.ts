import { expect, test } from '@jest/globals'
import { uncheckedDownloads } from '../src/downloads.js'
import { scriptOf } from '../src/parse/shell.js'
import { SourceText } from '../src/parse/text.js'

const URL = 'https://get.example.com/i.sh'

const found = (script: string) => {
  const text = new SourceText('x', script).span(0, script.length)
  const { commands } = scriptOf(text, { name: 'sh', errexit: false, pipefail: false })
  return uncheckedDownloads(commands).map(({ by, url, runner, at }) => `${at.column} ${by} ${url} ${runner}`)
}

/** A caret marks where each is expected to be found. */
test.each([
  ['a pipe', `curl -fsSL ${URL} | ^sh`, `curl ${URL} sh`],
  ['a pipe to sudo', `curl ${URL} | sudo -E ^bash -`, `curl ${URL} bash`],
  ['a pipe to sudo as somebody', `curl ${URL} | sudo -u app A=1 ^bash`, `curl ${URL} bash`],
  ['arguments for the script', `curl ${URL} | ^sh -s -- -b /usr`, `curl ${URL} sh`],
  ['options of the shell', `curl ${URL} | ^bash -e -o pipefail`, `curl ${URL} bash`],
  ['wget to its standard output', `wget -qO- ${URL} | ^bash`, `wget ${URL} bash`],
  ['wget in words', `wget --output-document=- ${URL} | ^bash`, `wget ${URL} bash`],
  ['Python', `curl ${URL} | ^python3 -`, `curl ${URL} python3`],
  ['PHP', `curl ${URL} | ^php -- --install-dir=/usr/bin`, `curl ${URL} php`],
  ['something between', `curl ${URL} | sed s/a/b/ | tee log | ^sh`, `curl ${URL} sh`],
  ['one of two downloads', `(curl ${URL} || wget -O- ${URL}) | ^sh`, `wget ${URL} sh`],
  ['a substitution', `^sh -c "$(curl -fsSL ${URL})"`, `curl ${URL} sh`],
  ['backquotes', `^bash -c "\`curl ${URL}\`"`, `curl ${URL} bash`],
  ['eval', `^eval "$(curl ${URL})"`, `curl ${URL} eval`],
  ['a process substitution', `^bash <(curl -s ${URL}) --yes`, `curl ${URL} bash`],
  ['source', `^. <(curl -s ${URL})`, `curl ${URL} .`],
  ['inside another shell', `bash -c 'curl ${URL} | ^sh'`, `curl ${URL} sh`],
  ['an address that is computed', 'curl "$URL" | ^sh', 'curl $URL sh'],
  ['a file', `curl -o i.sh ${URL} && ^sh i.sh`, `curl ${URL} sh`],
  ['a file by redirection', `curl ${URL} > /tmp/i.sh && ^sh -x /tmp/i.sh`, `curl ${URL} sh`],
  ['a file in a bundle of options', `curl -fsSLo i.sh ${URL}; chmod +x i.sh; ^./i.sh`, `curl ${URL} i.sh`],
  ['a file named by its address', `curl -fsSLO ${URL}?a=1 && ^sh ./i.sh`, `curl ${URL}?a=1 sh`],
  ['a file of wget', `wget ${URL} && ^bash i.sh`, `wget ${URL} bash`],
  ['a file of wget in a folder', `wget -P /tmp ${URL} && ^bash /tmp/i.sh`, `wget ${URL} bash`],
  ['a file in another directory', `cd /tmp && wget ${URL} && ^bash /tmp/i.sh`, `wget ${URL} bash`],
  ['a checksum of another thing, and a pipe', `sha256sum -c sums; curl ${URL} | ^sh`, `curl ${URL} sh`]
])('it finds %s', (_, script, download) =>
  expect(found(script.replace('^', ''))).toEqual([`${script.indexOf('^') + 1} ${download}`])
)

test.each([
  ['a download that is unpacked', `curl ${URL} | tar -xz`],
  ['a script that reads a download', `curl ${URL} | sh install.sh`],
  ['a command that reads a download', `curl ${URL} | python3 -c 'import sys'`],
  ['a module that reads a download', `curl ${URL} | python3 -m json.tool`],
  ['a program for a download', `curl ${URL} | perl -pe s/a/b/`],
  ['something else in the pipe', `echo ${URL} | sh`],
  ['a download elsewhere', `curl ${URL}; ls | sh`],
  ['a download to a file in a pipe', `curl -o i.tgz ${URL} | sh`],
  ['the output of a command', 'sh -c "$(cat i.sh)"'],
  ['a part of a script', `sh -c "echo $(curl ${URL})"`],
  ['a value', `VERSION=$(curl ${URL}) && sh i.sh`],
  ['another file', `curl -o a.sh ${URL} && sh b.sh`],
  ['another folder', `cd /a && curl -o i.sh ${URL} && cd /b && sh ./i.sh`],
  ['a file whose checksum is compared', `curl -o i.sh ${URL} && echo "$SUM i.sh" | sha256sum -c && sh i.sh`],
  ['a file whose signature is compared', `curl -o i.sh ${URL} && gpg --verify i.sh.asc i.sh && sh i.sh`],
  ['a file that cosign knows', `curl -o i.sh ${URL} && cosign verify-blob i.sh && sh i.sh`],
  ['a name that changes with its content', `curl https://h/o/r/${'0a'.repeat(20)}/i.sh | sh`],
  ['this machine', 'curl http://localhost:8080/x | sh'],
  ['a file of this machine', 'curl file:///x | sh']
])('it leaves %s', (_, script) => expect(found(script)).toEqual([]))

test('it tells what anybody on the way can change', () => {
  const text = 'curl http://a/b | sh; curl https://a/b | sh'
  const { commands } = scriptOf(new SourceText('x', text).span(0, text.length), {
    name: 'sh',
    errexit: false,
    pipefail: false
  })
  expect(uncheckedDownloads(commands).map(({ plain }) => plain)).toEqual([true, false])
})

test('it costs little where it finds nothing', () => {
  const started = performance.now()
  expect(found('eval "$(eval "$(a)")"; curl a -o b;'.repeat(3_000))).toEqual([])
  expect(performance.now() - started).toBeLessThan(3_000)
})
