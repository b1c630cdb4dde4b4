import { expect, test } from '@jest/globals'
import largeId from '../../../src/rules/dockerfile/large-user-id.js'
import noUser from '../../../src/rules/dockerfile/no-user.js'
import password from '../../../src/rules/dockerfile/password-in-build.js'
import rootUser from '../../../src/rules/dockerfile/root-user.js'
import stageRoot from '../../../src/rules/dockerfile/stage-ends-as-root.js'
import sudo from '../../../src/rules/dockerfile/sudo.js'
import unknown from '../../../src/rules/dockerfile/unknown-user.js'
import volume from '../../../src/rules/dockerfile/unwritable-volume.js'
import byName from '../../../src/rules/dockerfile/user-by-name.js'
import { marked, mended, peersIn, places } from './lines.js'

test.each([
  ['a builder', 'FROM a:1 AS b\nUSER root\nFROM c:1\nUSER 1', ['2:6']],
  ['a builder as 0', 'FROM a:1 AS b\nUSER 0:0\nFROM c:1\nUSER 1', ['2:6']],
  ['a stage that the last one goes on from', 'FROM a:1 AS b\nUSER root\nFROM b\nUSER 1', ['2:6']],
  ['an image that steps down by itself', 'FROM a:1\nUSER root\nENTRYPOINT ["gosu", "app", "x"]', ['2:6']],
  ['what root-user reports', 'FROM a:1\nUSER root\nEXPOSE 80\nCMD ["x"]', []],
  ['what root-user reports of a parent', 'FROM a:1 AS b\nUSER root\nFROM b', []],
  ['root for a while', 'FROM a:1\nUSER root\nRUN x\nUSER 1', []],
  ['a variable', 'FROM a:1 AS b\nARG U=root\nUSER $U\nFROM c:1\nUSER 1', []],
  ['a name that begins alike', 'FROM a:1 AS b\nUSER rootless\nFROM c:1\nUSER 1', []]
])('stages that end as root: %s', async (_, text, found) => expect(await places(stageRoot, text)).toEqual(found))

test('one place has one id, whoever reports it', async () => {
  const builder = 'FROM a:1 AS b\nUSER root\nFROM c:1\nUSER 1'
  const last = 'FROM a:1\nUSER root\nENTRYPOINT ["gosu", "app", "x"]'
  expect(await peersIn('trivy-docker', stageRoot, builder)).toEqual([])
  expect(await peersIn('trivy-docker', stageRoot, last)).toEqual(['DS-0002'])
  expect(await peersIn('checkov-dockerfile', stageRoot, last)).toEqual(['CKV_DOCKER_8'])
  for (const text of ['FROM a:1\nUSER root\nCMD ["x"]', 'FROM a:1 AS b\nUSER 0\nFROM b']) {
    const ids = [...(await peersIn('hadolint', rootUser, text)), ...(await peersIn('hadolint', stageRoot, text))]
    expect(ids).toEqual(['DL3002'])
  }
})

test('says what others say of the image that somebody targets', async () => {
  const text = 'FROM a:1 AS b\nUSER root\nCMD ["x"]\nFROM c:1\nUSER 1'
  const compose = { 'compose.yaml': 'services:\n  b:\n    build:\n      context: .\n      target: b\n' }
  expect(await places(rootUser, text, compose)).toEqual(['2:6'])
  expect(await peersIn('hadolint', rootUser, text, compose)).toEqual(['DL3002'])
  expect(await peersIn('trivy-docker', rootUser, text, compose)).toEqual([])
  expect(await peersIn('checkov-dockerfile', rootUser, text, compose)).toEqual([])
})

test('no other tool sees root behind a variable', async () =>
  expect(await peersIn('hadolint', rootUser, 'FROM a:1\nARG U=0\nUSER $U')).toEqual([]))

test.each([
  ['no USER at all', 'FROM acme/a:1\nCMD ["x"]', ['CKV_DOCKER_3']],
  ['one in a builder', 'FROM a:1 AS b\nUSER 1\nFROM acme/c:1\nCMD ["x"]', []]
])('any USER is enough for checkov: %s', async (_, text, ids) => {
  expect(await peersIn('checkov-dockerfile', noUser, text)).toEqual(ids)
  expect(await peersIn('trivy-docker', noUser, text)).toEqual(['DS-0002'])
})

test.each([
  ['a name', 'FROM a:1\nUSER app', ['2:6']],
  ['a name and a group', 'FROM a:1\nUSER app:app', ['2:6']],
  ['no stage', 'USER app', ['1:6']],
  ['a parent stage', 'FROM a:1 AS b\nUSER app\nFROM b', ['2:6']],
  ['one of two images', 'FROM a:1 AS b\nUSER app\nFROM c:1\nUSER 1', ['2:6']],
  ['a builder', 'FROM a:1 AS b\nUSER app\nFROM c:1\nCOPY --from=b /x /x\nUSER 1', []],
  ['a name on the way', 'FROM a:1\nUSER app\nRUN x\nUSER 1', []],
  ['a number', 'FROM a:1\nUSER 1000:1000', []],
  ['a variable', 'FROM a:1\nARG U\nUSER ${U}', []],
  ['root', 'FROM a:1\nUSER root', []],
  ['Windows', 'FROM a:1\nUSER ContainerUser', []]
])('users by name: %s', async (_, text, found) => expect(await places(byName, text)).toEqual(found))

test.each([
  ['RUN sudo apt-get update', ['sudo']],
  ['RUN a && /usr/bin/sudo -u x b', ['/usr/bin/sudo']],
  ['ONBUILD RUN sudo a', ['sudo']],
  ['RUN ["sudo", "a"]', ['sudo']],
  ['RUN apt-get install -y sudo', []],
  ['RUN echo sudo', []],
  ['CMD ["sudo", "a"]', []]
])('sudo in %s', async (line, words) => expect(await marked(sudo, `FROM a:1\n${line}`)).toEqual(words))

test('only hadolint looks for sudo in a trigger', async () => {
  expect(await peersIn('hadolint', sudo, 'FROM a:1\nONBUILD RUN sudo a')).toEqual(['DL3004'])
  expect(await peersIn('trivy-docker', sudo, 'FROM a:1\nONBUILD RUN sudo a')).toEqual([])
  expect(await peersIn('trivy-docker', sudo, 'FROM a:1\nRUN sudo a')).toEqual(['DS-0010'])
})

test.each([
  ["echo 'app:welcome' | chpasswd", ['chpasswd'], ['CKV2_DOCKER_17']],
  ['chpasswd -e < hashes', ['chpasswd'], ['CKV2_DOCKER_17']],
  ['echo welcome | passwd --stdin app', ['--stdin'], []],
  ['useradd -m -p welcome app', ['-p'], []],
  ['usermod --password=welcome root', ['--password=welcome'], []],
  ["usermod -p '*' app", [], []],
  ['passwd -d app', [], []],
  ['chgrp root /etc/passwd', [], []],
  ['echo chpasswd', [], []]
])('passwords: %s', async (command, words, ids) => {
  expect(await marked(password, `FROM a:1\nRUN ${command}`)).toEqual(words)
  expect(await peersIn('checkov-dockerfile', password, `FROM a:1\nRUN ${command}`)).toEqual(ids)
})

test.each([
  ['useradd -u 123456 app', ['123456'], 'useradd -l -u 123456 app'],
  ['useradd -mu 123456 app', ['123456'], 'useradd -l -mu 123456 app'],
  ['useradd --uid=123456 app', ['--uid=123456'], 'useradd -l --uid=123456 app'],
  ['x && sudo useradd -u123456 app', ['-u123456'], 'x && sudo useradd -l -u123456 app'],
  ['useradd -u 12345 app', [], undefined],
  ['useradd -l -u 123456 app', [], undefined],
  ['useradd -ml -u 123456 app', [], undefined],
  ['useradd --no-log-init -u 123456 app', [], undefined],
  ['useradd -g 123456 app', [], undefined],
  ['useradd -u $ID app', [], undefined],
  ['usermod -u 123456 app', [], undefined]
])('large UIDs: %s', async (command, words, after) => {
  const text = `FROM a:1\nRUN ${command}`
  expect(await marked(largeId, text)).toEqual(words)
  expect(await mended(largeId, text)).toBe(`FROM a:1\nRUN ${after ?? command}`)
})

test.each([
  ['scratch', 'FROM scratch\nCOPY x /x\nUSER app', ['3:6']],
  ['scratch, behind a stage', 'FROM scratch AS b\nFROM b\nUSER nobody:nobody', ['3:6']],
  ['a plain base', 'FROM alpine:3\nRUN mkdir /srv/x && cd /srv/x\nUSER app', ['3:6']],
  ['an account of another base', 'FROM python:3.13\nUSER node', ['2:6']],
  ['a number', 'FROM scratch\nUSER 65532', []],
  ['accounts that are copied', 'FROM scratch\nCOPY --from=b /etc/passwd /etc/\nUSER app', []],
  ['a whole tree', 'FROM scratch\nADD root.tar.gz /\nUSER app', []],
  ['a tree to where we are', 'FROM scratch\nCOPY root .\nUSER app', []],
  ['a folder that a variable names', 'FROM scratch\nCOPY x $D\nUSER app', []],
  ['an account that is made', 'FROM alpine:3\nRUN adduser -D app\nUSER app', []],
  ['an account that a package may make', 'FROM alpine:3\nRUN apk add x\nUSER app', []],
  ['an account that a script may make', 'FROM alpine:3\nCOPY s /s\nRUN /s\nUSER app', []],
  ['an account of the distribution', 'FROM alpine:3\nUSER nobody', []],
  ['an account of the base', 'FROM node:22\nUSER node', []],
  ['a base that nobody knows', 'FROM acme/base:1\nUSER app', []],
  ['a variable', 'FROM scratch\nARG U\nUSER $U', []]
])('users that are missing: %s', async (_, text, found) => expect(await places(unknown, text)).toEqual(found))

test.each([
  ['a file in a volume', 'FROM a:1\nUSER 1\nCOPY x /data/x\nVOLUME /data', ['3:1']],
  ['a folder, in JSON', 'FROM a:1\nVOLUME ["/a", "/data/"]\nUSER app\nADD x /data', ['4:1']],
  ['where we are', 'FROM a:1\nWORKDIR /data\nUSER 1\nCOPY x .\nVOLUME /data', ['4:1']],
  ['a parent stage', 'FROM a:1 AS b\nUSER 1\nCOPY x /data/\nFROM b\nVOLUME /data', ['3:1']],
  ['an owner', 'FROM a:1\nUSER 1\nCOPY --chown=1 x /data/x\nVOLUME /data', []],
  ['root', 'FROM a:1\nUSER 1\nUSER 0\nCOPY x /data/x\nVOLUME /data', []],
  ['a copy before USER', 'FROM a:1\nCOPY x /data/x\nUSER 1\nVOLUME /data', []],
  ['another folder', 'FROM a:1\nUSER 1\nCOPY x /database/x\nVOLUME /data', []],
  ['a variable', 'FROM a:1\nUSER 1\nCOPY x $D/x\nVOLUME /data', []],
  ['a builder', 'FROM a:1 AS b\nUSER 1\nCOPY x /data/x\nVOLUME /data\nFROM c:1', []]
])("root's files in volumes: %s", async (_, text, found) => expect(await places(volume, text)).toEqual(found))
