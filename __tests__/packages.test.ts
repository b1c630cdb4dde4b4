import { expect, test } from '@jest/globals'
import { callsByManager, type PackageCall, packageCallsOf, withFlag } from '../src/packages.js'
import { readDockerfile } from '../src/parse/dockerfile.js'
import { applied } from './rules/workflow/edits.js'

const run = (script: string) => readDockerfile('Dockerfile', `FROM a\nRUN ${script}\n`).instructions[1]!
const calls = (script: string) => packageCallsOf(run(script))
const told = ({ manager, action, packages, flags }: PackageCall) =>
  [
    `${manager} ${action}`,
    packages.map(({ value }) => value).join(' '),
    flags.map(({ name, value }) => (value === undefined ? name : `${name}=${value}`)).join(' ')
  ].join(' | ')

test.each([
  ['apt-get install -y git curl', 'apt-get install | git curl | -y'],
  ['apt-get -yqq --no-install-recommends install git', 'apt-get install | git | -y -q -q --no-install-recommends'],
  ['apt-get install -q=2 -t sid git', 'apt-get install | git | -q=2 -t=sid'],
  ['apt-get -o Dpkg::Use-Pty=0 update', 'apt-get update |  | -o=Dpkg::Use-Pty=0'],
  ['apt-get -oDpkg::Use-Pty=0 update', 'apt-get update |  | -o=Dpkg::Use-Pty=0'],
  ['apt-get install -- git', 'apt-get install | git | '],
  ['apt full-upgrade', 'apt dist-upgrade |  | '],
  ['aptitude safe-upgrade', 'aptitude upgrade |  | '],
  ['apt-get moo', 'apt-get other | moo | '],
  ['apk --no-cache add --virtual .deps gcc', 'apk install | gcc | --no-cache --virtual=.deps'],
  ['apk add -t .deps -X https://example.com/edge gcc', 'apk install | gcc | -t=.deps -X=https://example.com/edge'],
  ['apk cache clean', 'apk clean |  | '],
  ['dnf --setopt=tsflags=nodocs in -y git', 'dnf install | git | --setopt=tsflags=nodocs -y'],
  ['dnf module install -y nodejs:22', 'dnf module-install | nodejs:22 | -y'],
  ['dnf module list nodejs', 'dnf other | module list nodejs | '],
  ['yum groupinstall -y "Development Tools"', 'yum group-install | Development Tools | -y'],
  ['yum update -y', 'yum upgrade |  | -y'],
  ['yum clean all', 'yum clean | all | '],
  ['tdnf install -y tar', 'dnf install | tar | -y'],
  ['zypper -n in -t pattern devel_basis', 'zypper install | devel_basis | -n -t=pattern'],
  ['pacman -Syu --noconfirm git', 'pacman install | git | -S -y -u --noconfirm'],
  ['pacman -Scc', 'pacman clean |  | -S -c -c'],
  ['pacman -Qi git', 'pacman other | git | -Q -i'],
  ['pip3.13 install -qr requirements.txt --user six', 'pip install | six | -q -r=requirements.txt --user'],
  ['python3 -u -m pip install --upgrade pip', 'pip install | pip | --upgrade'],
  ['python -W ignore -m pip install six', 'pip install | six | '],
  ['/opt/venv/bin/pip install six', 'pip install | six | '],
  ['uv pip install --system six', 'uv install | six | --system'],
  ['uv sync --locked', 'uv install |  | --locked'],
  ['npm ci --omit=dev', 'npm install |  | --omit=dev'],
  ['npm install --loglevel verbose -g pm2', 'npm install | pm2 | --loglevel=verbose -g'],
  ['npm install --unsafe-perm true pm2', 'npm install | pm2 | --unsafe-perm'],
  ['yarn --frozen-lockfile', 'yarn install |  | --frozen-lockfile'],
  ['yarn global add pm2', 'yarn install | pm2 | '],
  ['yarn cache clean', 'yarn clean |  | '],
  ['yarn build', 'yarn other | build | '],
  ['gem install nokogiri -v 1.18 -- --use-system-libraries', 'gem install | nokogiri | -v=1.18'],
  ['go install -ldflags "-s -w" example.com/x@v1', 'go install | example.com/x@v1 | -ldflags=-s -w'],
  ['go mod download', 'go download |  | '],
  ['go mod tidy', 'go other | mod tidy | '],
  ['./mvnw -B dependency:go-offline', 'maven run | dependency:go-offline | -B'],
  ['bundle', 'bundle install |  | '],
  ['corepack yarn install', 'yarn install |  | '],
  ['sudo -E -u app apt-get install git', 'apt-get install | git | '],
  ['env -u A B=c apt-get install git', 'apt-get install | git | '],
  ['DEBIAN_FRONTEND=noninteractive apt-get install git', 'apt-get install | git | '],
  ['timeout -k 5 300 nice -n 5 apt-get update', 'apt-get update |  | '],
  ['cat list | xargs -n 1 apt-get install -y', 'apt-get install |  | -y'],
  ['sh -c "apk add git"', 'apk install | git | '],
  ['["apt-get", "install", "git"]', 'apt-get install | git | '],
  ['apt-get $OPTIONS install git', 'apt-get install | git | ']
])('reads %s', (script, expected) => expect(calls(script).map(told)).toEqual([expected]))

test.each([
  'notdnf install git',
  'echo apt-get install git',
  'python setup.py install',
  'python -c "pip"',
  'sbt update',
  'sudo',
  'timeout 5',
  'apt-get-wrapper install git',
  'true'
])('takes %s for nothing of the kind', script => expect(calls(script)).toEqual([]))

test('gives words with their places', () => {
  const [call] = calls('sudo apt-get -y install "git"')
  expect([call!.program, call!.verb!, ...call!.packages].map(({ at }) => at.column)).toEqual([10, 21, 29])
})

test.each([
  ['apt-get $OPTIONS install git', true],
  ['apt-get install $APT_FLAGS git', true],
  ['apt-get install $PACKAGES', false],
  ['apt-get install git', false]
])('tells whether %s may hold flags that are not known', (script, expected) =>
  expect(calls(script)[0]!.maybeFlags).toBe(expected)
)

test('keeps assignments before the program', () =>
  expect(calls('A=1 env B=2 pip install six')[0]!.assignments.map(({ name, value }) => `${name}=${value}`)).toEqual([
    'A=1',
    'B=2'
  ]))

test('sorts the calls of a RUN by manager', () => {
  const sorted = callsByManager(run('apk add git && pip install six && apk del git'))
  expect([...sorted].map(([manager, { length }]) => `${manager} ${length}`)).toEqual(['apk 2', 'pip 1'])
})

test('finds calls in RUN only', () => {
  const { instructions } = readDockerfile('Dockerfile', 'FROM a\nCMD apt-get install git\n')
  expect(packageCallsOf(instructions[1]!)).toEqual([])
})

test.each([
  ['apt-get install git', 'apt-get install -y git'],
  ['yarn --pure-lockfile', 'yarn -y --pure-lockfile'],
  ['["apt-get", "install", "git"]', '["apt-get", "install", "-y", "git"]']
])('adds a flag to %s', (script, expected) => {
  const text = `FROM a\nRUN ${script}\n`
  const instruction = run(script)
  const edits = packageCallsOf(instruction).map(call => withFlag(call, '-y', instruction.json))
  expect(applied(text, edits)).toBe(`FROM a\nRUN ${expected}\n`)
})
