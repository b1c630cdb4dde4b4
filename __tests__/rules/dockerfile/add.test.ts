import { expect, test } from '@jest/globals'
import addInstead from '../../../src/rules/dockerfile/add-instead-of-copy.js'
import addUsed from '../../../src/rules/dockerfile/add-used.js'
import unchecked from '../../../src/rules/dockerfile/download-without-checksum.js'
import { mended, peersOf, places } from './places.js'

test.each([
  ['a file', 'ADD app.py /app/', ['2:1'], [], []],
  ['a folder', 'ADD . /app/', ['2:1'], [], []],
  ['a zip, which ADD does not unpack', 'ADD app.zip /app/', ['2:1'], [], []],
  ['several files', 'ADD a b /app/', ['2:1'], [], []],
  ['JSON', 'ADD ["a b", "/app/"]', ['2:1'], [], []],
  ['for others', 'ONBUILD ADD app.py /app/', ['2:9'], [], []],
  ['an archive', 'ADD app.tar.gz /app/', [], ['2:1'], []],
  ['a quoted archive', 'ADD "app.tgz" /app/', [], ['2:1'], []],
  ['a repository', 'ADD git@github.com:a/b.git /app/', [], ['2:1'], ['2:5']],
  ['a variable', 'ADD $FILE /app/', [], ['2:1'], []],
  ['a download', 'ADD https://example.com/a /a', [], [], ['2:5']],
  ['a download with its sum', 'ADD --checksum=sha256:1234 https://example.com/a /a', [], ['2:1'], []],
  ['a repository by https', 'ADD https://example.com/a.git#v1 /a', [], [], ['2:5']],
  ['COPY', 'COPY app.py /app/', [], [], []],
  ['no destination', 'ADD app.py', [], [], []],
  ['a heredoc', 'ADD <<E /a\nx\nE', [], [], []]
])('%s', async (_, line, plain, special, download) => {
  const text = `FROM debian:13\n${line}\n`
  expect(await places(addInstead, text)).toEqual(plain)
  expect(await places(addUsed, text)).toEqual(special)
  expect(await places(unchecked, text)).toEqual(download)
})

test.each([
  ['app.py', ['DL3020'], ['DS-0005']],
  ['app.zip', ['DL3020'], ['DS-0005']],
  ['app.tar.gz', [], []],
  ['app.tgz', [], ['DS-0005']],
  ['https://example.com/a', [], []]
])('%s counts as what the peers report', async (source, hadolint, trivy) => {
  const text = `FROM debian:13\nADD ${source} /app/\n`
  const all = async (suite: string) =>
    (await Promise.all([addInstead, addUsed, unchecked].map(rule => peersOf(rule, suite, text)))).flat()
  expect(await all('hadolint')).toEqual(hadolint)
  expect(await all('trivy-docker')).toEqual(trivy)
  expect(await all('checkov-dockerfile')).toEqual(['CKV_DOCKER_4'])
})

test('it writes COPY, unless a flag is ADD’s own', async () => {
  expect(await mended(addInstead, { Dockerfile: 'FROM debian:13\nADD --chown=app . /app\n' })).toEqual([
    'FROM debian:13\nCOPY --chown=app . /app\n',
    0
  ])
  expect(await mended(addInstead, { Dockerfile: 'FROM debian:13\nADD --unpack=true a /app\n' })).toEqual([
    'FROM debian:13\nADD --unpack=true a /app\n',
    1
  ])
})
