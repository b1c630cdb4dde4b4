import { expect, test } from '@jest/globals'
import unpacked from '../../../src/rules/dockerfile/archive-copied-then-unpacked.js'
import fromItself from '../../../src/rules/dockerfile/copy-from-itself.js'
import manyToDot from '../../../src/rules/dockerfile/copy-many-to-dot.js'
import manyWithoutSlash from '../../../src/rules/dockerfile/copy-many-without-slash.js'
import withoutLink from '../../../src/rules/dockerfile/copy-without-link.js'
import relative from '../../../src/rules/dockerfile/relative-copy-destination.js'
import whole from '../../../src/rules/dockerfile/whole-filesystem-copied.js'
import { mended, places } from './places.js'

test.each([
  ['another step', 'COPY a.tar.gz /tmp/\nRUN true && tar xzf /tmp/a.tar.gz', ['2:6']],
  ['the long option', 'COPY a.tar /tmp/\nRUN tar --extract --file=x -C / /tmp/a.tar', ['2:6']],
  ['options apart', 'COPY a.tar /tmp/\nRUN tar -C / -xf /tmp/a.tar', ['2:6']],
  ['another name', 'COPY a.tar /tmp/b.tgz\nRUN tar -xf /tmp/b.tgz', ['2:6']],
  ['in a shell of its own', 'COPY a.tar /tmp/\nRUN bash -c "tar -xf /tmp/a.tar"', ['2:6']],
  ['the name it had', 'COPY a.tar /tmp/b.tgz\nRUN tar -xf /tmp/a.tar', []],
  ['packed, not unpacked', 'COPY a.tar /tmp/\nRUN tar -cf /tmp/a.tar /x', []],
  ['listed', 'COPY a.tar /tmp/\nRUN tar -tf /tmp/a.tar', []],
  ['another archive', 'COPY a.tar /tmp/\nRUN tar -xf /tmp/b.tar', []],
  ['before the copy', 'RUN tar -xf /tmp/a.tar\nCOPY a.tar /tmp/', []],
  ['in another stage', 'COPY a.tar /tmp/\nFROM debian:13\nRUN tar -xf /tmp/a.tar', []],
  ['from a stage', 'COPY --from=x a.tar /tmp/\nRUN tar -xf /tmp/a.tar', []],
  ['no archive', 'COPY a.txt /tmp/\nRUN tar -xf /tmp/a.txt', []],
  ['a zip, which ADD does not unpack', 'COPY a.zip /tmp/\nRUN unzip /tmp/a.zip', []]
])('it finds an archive that is unpacked later: %s', async (_, lines, found) =>
  expect(await places(unpacked, `FROM debian:13\n${lines}\n`)).toEqual(found)
)

test.each([
  ['a name', 'COPY a b /app', ['2:10'], [], 'COPY a b /app/'],
  ['a quoted name', 'COPY a b "/app"', ['2:10'], [], 'COPY a b "/app/"'],
  ['JSON', 'COPY ["a", "b", "app"]', ['2:18'], [], 'COPY ["a", "b", "app/"]'],
  ['a dot', 'COPY a b .', [], ['2:10'], 'COPY a b ./'],
  ['the folder above', 'COPY a b ..', [], ['2:10'], 'COPY a b ../'],
  ['a variable', 'COPY a b $DIR', ['2:10'], [], undefined],
  ['a slash', 'COPY a b /app/', [], [], undefined],
  ['a quoted slash', "COPY a b '/app/'", [], [], undefined],
  ['one source', 'COPY --chown=a a /app', [], [], undefined],
  ['the history of an image', 'COPY file:1234 in /app', [], [], undefined],
  ['a heredoc beside a file', 'COPY <<E /app\nx\nE', [], [], undefined]
])('it tells where several files go without a slash: %s', async (_, line, slash, dot, after) => {
  const text = `FROM debian:13\n${line}\n`
  expect(await places(manyWithoutSlash, text)).toEqual(slash)
  expect(await places(manyToDot, text)).toEqual(dot)
  if (after === undefined) return
  const rule = slash.length ? manyWithoutSlash : manyToDot
  expect(await mended(rule, { Dockerfile: text })).toEqual([`FROM debian:13\n${after}\n`, 0])
})

test.each([
  ['its own name', 'FROM a AS one\nCOPY --from=one /a /a', ['2:6']],
  ['its own name in other letters', 'FROM a AS One\nCOPY --from=oNE /a /a', ['2:6']],
  ['another stage', 'FROM a AS one\nFROM b\nCOPY --from=one /a /a', []],
  ['no name', 'FROM a\nCOPY --from=a /a /a', []]
])('it finds a stage that copies from itself: %s', async (_, text, found) =>
  expect(await places(fromItself, `${text}\n`)).toEqual(found)
)

test.each([
  ['no WORKDIR', 'COPY a b', ['2:8']],
  ['a quoted path', 'COPY a "b"', ['2:8']],
  ['an absolute path', 'COPY a /b', []],
  ['a quoted absolute path', "COPY a '/b'", []],
  ['a drive', 'COPY a c:\\b', []],
  ['a variable', 'COPY a $DIR', []],
  ['WORKDIR before', 'WORKDIR /x\nCOPY a b', []],
  ['WORKDIR after', 'COPY a b\nWORKDIR /x', ['2:8']],
  ['WORKDIR of another stage', 'WORKDIR /x\nFROM a\nCOPY a b', ['4:8']],
  ['for others', 'ONBUILD WORKDIR /x\nONBUILD COPY a b', []]
])('it finds a relative destination that the base image places: %s', async (_, lines, found) =>
  expect(await places(relative, `FROM debian:13\n${lines}\n`)).toEqual(found)
)

test('a stage has the WORKDIR of the stages it builds on', async () => {
  const text = 'FROM a AS one\nWORKDIR /x\nFROM one AS two\nFROM two\nCOPY a b\n'
  expect(await places(relative, text)).toEqual([])
  expect(await places(relative, text.replace('FROM two', 'FROM three'))).toEqual(['5:8'])
})

test.each([
  ['everything', 'COPY --from=x / /', ['2:15']],
  ['everything in quotes', 'COPY --from=x "/" "/"', ['2:15']],
  ['a folder', 'COPY --from=x /app /', []],
  ['into a folder', 'COPY --from=x / /app', []],
  ['of the context', 'COPY / /', []]
])('it finds a whole file system that is copied: %s', async (_, line, found) =>
  expect(await places(whole, `FROM scratch\n${line}\n`)).toEqual(found)
)

test('the helpers for cross compiling may be copied whole', async () => {
  const text = 'FROM tonistiigi/xx:1.6 AS xx\nFROM debian:13\nCOPY --from=xx / /\n'
  expect(await places(whole, text)).toEqual([])
  expect(await places(whole, text.replace('tonistiigi/xx', 'debian'))).toEqual(['3:16'])
})

test.each([
  ['syntax 1', 'docker/dockerfile:1', 1],
  ['a later one', 'docker.io/docker/dockerfile:1.12.1', 1],
  ['one that lacks it', 'docker/dockerfile:1.3', 0],
  ['another syntax', 'acme/dockerfile:1', 0]
])('it offers --link where the syntax has it: %s', async (_, syntax, count) => {
  const text = `# syntax=${syntax}\nFROM scratch\nCOPY --from=a /a /b\nCOPY c /c\nCOPY --link --from=a /d /d\n`
  expect(await places(withoutLink, text)).toEqual(count ? ['3:1'] : [])
  if (count)
    expect(await mended(withoutLink, { Dockerfile: text })).toEqual([
      text.replace('COPY --from=a /a', 'COPY --link --from=a /a'),
      0
    ])
})
