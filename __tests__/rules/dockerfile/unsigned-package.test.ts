import { expect, test } from '@jest/globals'
import { run } from '../../../src/rule.js'
import rule from '../../../src/rules/dockerfile/unsigned-package.js'
import { repoOf } from '../../helpers.js'
import { marked, mended, peersIn, places } from './lines.js'

const from = (run: string) => `FROM acme/base:1\nRUN ${run}\n`

test.each([
  ['apk add --allow-untrusted x', '--allow-untrusted', ['CKV2_DOCKER_7'], 'apk add x'],
  ['apk --allow-untrusted add x', '--allow-untrusted', ['CKV2_DOCKER_7'], 'apk add x'],
  [
    'apt-get install \\\n  --allow-unauthenticated \\\n  x',
    '--allow-unauthenticated',
    ['CKV2_DOCKER_8'],
    'apt-get install \\\n  x'
  ],
  [
    'apt-get install --force-yes --allow-unauthenticated x',
    '--force-yes',
    ['CKV2_DOCKER_11', 'CKV2_DOCKER_8'],
    'apt-get install x'
  ],
  ['apt-get -o APT::Get::AllowUnauthenticated=true install x', '-o', [], 'apt-get install x'],
  ['a && sudo dnf install -y --nogpgcheck x', '--nogpgcheck', ['CKV2_DOCKER_9'], 'a && sudo dnf install -y x'],
  ['yum-config-manager --save --setopt=a.gpgcheck=0', '--setopt=a.gpgcheck=0', [], 'yum-config-manager --save'],
  ['rpm -ivh --nodigest --nosignature https://a/x', '--nodigest', ['CKV2_DOCKER_10'], 'rpm -ivh https://a/x'],
  ['rpm --noverify --upgrade https://a/x', '--noverify', ['CKV2_DOCKER_10'], 'rpm --upgrade https://a/x'],
  ['zypper --no-gpg-checks install x', '--no-gpg-checks', [], 'zypper install x']
])('reports %s', async (command, word, peers, after) => {
  expect(await marked(rule, from(command))).toEqual([word])
  expect(await peersIn('checkov-dockerfile', rule, from(command))).toEqual(peers)
  expect(await mended(rule, from(command))).toBe(from(after))
})

test('reports a repository that is trusted without a key', async () => {
  const line = 'echo "deb [arch=amd64 trusted=yes] https://a.example ./" > /etc/apt/sources.list.d/a.list'
  expect(await places(rule, from(line))).toEqual(['2:10'])
  expect(await places(rule, from(line.replace('trusted=yes', 'signed-by=/k')))).toEqual([])
})

test.each([
  'apk add x',
  'apk add x | grep -- --allow-untrusted',
  'apt-get update && echo --allow-unauthenticated',
  'apt-get install x --force-confold',
  'dnf install --setopt=install_weak_deps=False x',
  'rpm -qip --nosignature x',
  'rpm -Va --nodigest',
  'rpm --import https://a/key',
  'pip install --force-yes'
])('accepts %s', async command => expect(await places(rule, from(command))).toEqual([]))

test.each([
  ['apk add --allow-untrusted ./x.apk', 'note'],
  ['apk add --allow-untrusted https://a.example/x.apk', undefined]
])('has less to say of a package at hand: %s', async (command, severity) => {
  const { found } = run([rule], await repoOf({ Dockerfile: from(command) }), () => ({}))
  expect(found.map(({ problem }) => problem.severity)).toEqual([severity])
})
