import { expect, test } from '@jest/globals'
import { packageCallsOf } from '../src/packages.js'
import { readDockerfile } from '../src/parse/dockerfile.js'
import { namesOf, unpinnedOf } from '../src/pins.js'
import { wordValuesOf } from '../src/stages.js'

function unpinned(script: string, before = '') {
  const dockerfile = readDockerfile('Dockerfile', `FROM a\n${before}RUN ${script}\n`)
  const instruction = dockerfile.instructions.at(-1)!
  return packageCallsOf(instruction)
    .flatMap(call => unpinnedOf(call, wordValuesOf(dockerfile, instruction.stage)))
    .map(({ name, kind }) => `${kind} ${name}`)
    .join(', ')
}

test.each([
  ['apt-get install git', 'system git'],
  ['apt-get install git=1:2.* curl', 'system curl'],
  ['apt-get install g++', 'system g++'],
  ['apt install -t sid git', 'system git'],
  ['apk add --virtual .deps gcc make=4.4-r2', 'system gcc'],
  ['apk add git@edge', 'system git@edge'],
  ['yum install -y java-11-openjdk', 'system java-11-openjdk'],
  ['dnf install -y gcc-c++', 'system gcc-c++'],
  ['dnf module install -y nodejs', 'system nodejs'],
  ['zypper in -y git', 'system git'],
  ['pip install six', 'library six'],
  ['pip install "Flask[async]" six==1.17', 'library flask'],
  ['pip install -r requirements.txt six', 'library six'],
  ['pip install git+https://git@example.com/a/b', 'library git+https://git@example.com/a/b'],
  ['pip install --upgrade pip', 'installer pip'],
  ['pipx install black', 'library black'],
  ['uv pip install ruff', 'library ruff'],
  ['pip install --find-links https://example.com/wheels six', 'library six'],
  ['npm install -g pm2', 'library pm2'],
  ['npm install @scope/tool', 'library @scope/tool'],
  ['npm install owner/name', 'library owner/name'],
  ['npm install git+https://a@example.com/a/b.git', 'library git+https://a@example.com/a/b.git'],
  ['yarn global add pm2', 'library pm2'],
  ['npm install -g npm', 'installer npm'],
  ['gem install rails', 'library rails'],
  ['cargo install ripgrep', 'library ripgrep'],
  ['go install example.com/tool@latest', 'library example.com/tool@latest'],
  ['go install example.com/tool@main', 'library example.com/tool@main'],
  ['go get example.com/tool', 'library example.com/tool'],
  ['go install example.com/tool', 'module example.com/tool'],
  ['go run example.com/tool@latest other@latest', 'library example.com/tool@latest']
])('%s: %s', (script, expected) => expect(unpinned(script)).toBe(expected))

test.each([
  'apt-get install git=1:2.47.3-0',
  'apt-get install git/trixie ./local.deb other.deb gone-',
  'apt-get remove git',
  'apt-get install',
  'apk add "git>2" curl~8 make=~4 ./local.apk !nano',
  'yum install -y git-2.47.3 vim-9.1.0-r1 openssl-1:3.2.2 bash-5.2.26-3.fc42 a.rpm https://example.com/a',
  'dnf group install -y "Development Tools"',
  'dnf install -y @core "git >= 2"',
  'zypper in -y git=2.47 "curl>8" a.rpm pattern:devel',
  'zypper in -y -t pattern devel',
  'pip install six==1.17 "a<2" b~=1.0 . ./c d.whl e/f',
  'pip install -c constraints.txt six',
  'pip install --no-index --find-links /wheels six',
  'pip install --find-links=/wheels six',
  'gem install --local rails',
  'pip install -e .[dev]',
  'pip install git+https://git@example.com/a/b@v1#egg=b',
  'pip download six',
  'npm install',
  'npm ci',
  'npm install pm2@6 @scope/tool@1 ./a ../b /c d.tgz https://example.com/e.tgz file:f git+ssh://g@h/i#v1',
  'npm run install',
  'gem install rails:8.1 a.gem',
  'gem install rails -v 8.1',
  'cargo install ripgrep@15 --locked',
  'cargo install --version 15 ripgrep',
  'cargo install --path .',
  'go install example.com/tool@v1.2.3',
  'go install ./cmd/x tool std',
  'go run . example.com/x',
  'go run main.go',
  'go build example.com/tool'
])('accepts %s', script => expect(unpinned(script)).toBe(''))

test.each([
  ['what the build alone knows', 'pip install $TOOL', 'ARG TOOL\n', ''],
  ['what a command prints', 'pip install $(cat tools) `cat tools` six-$(cat v)', '', ''],
  ['what nobody declares', 'pip install $TOOL', '', ''],
  ['a pin that holds a variable', 'pip install a==$V', '', ''],
  ['a version by default', 'yum install -y git-${V}', 'ARG V=2.47\n', ''],
  ['a name by default', 'pip install $TOOL', 'ARG TOOL=six\n', 'library six'],
  ['a list', 'apt-get install $TOOLS', 'ENV TOOLS="a=1 b"\n', 'system b'],
  ['a version that another stage has', 'yum install -y git-${V}', 'ENV V=2\nFROM b\n', 'system git-']
])('looks through variables: %s', (_, script, before, expected) => expect(unpinned(script, before)).toBe(expected))

test.each([
  ['a', 'a comes'],
  ['a b', 'a, b come'],
  ['a b a', 'a, b come'],
  ['a b c d e', 'a, b, c and 2 more come']
])('names %s', (names, expected) => {
  const [call] = packageCallsOf(readDockerfile('Dockerfile', `RUN apk add ${names}`).instructions[0]!)
  expect(namesOf(unpinnedOf(call!, word => word.value))).toBe(expected)
})
