import { expect, test } from '@jest/globals'
import rule from '../../../src/rules/dockerfile/copy-from-unknown.js'
import { problems } from '../../helpers.js'
import { peersOf, places } from './places.js'

test.each([
  ['a name that is no stage', 'builder', ['3:6']],
  ['a later stage', 'late', ['3:6']],
  ['a later number', '1', ['3:6']],
  ['a number too large', '7', ['3:6']],
  ['a variable', '$IMAGE', ['3:6']],
  ['an image without a tag', 'ghcr.io/a/b', ['3:6']],
  ['a stage before', 'early', []],
  ['a stage before in other letters', 'EARLY', []],
  ['a number before', '0', []],
  ['an image with a tag', 'nginx:1.29', []],
  ['an image with a digest', 'nginx@sha256:1234', []]
])('%s', async (_, from, found) =>
  expect(await places(rule, `FROM a AS early\nFROM b\nCOPY --from=${from} /a /a\nFROM c AS late\n`)).toEqual(found)
)

test('it names the stage that was meant', async () =>
  expect(await problems(rule, { Dockerfile: 'FROM a AS build\nFROM b\nCOPY --from=biuld /a /a\n' })).toEqual([
    'Dockerfile:3:6 no stage is called biuld, so Docker takes the image biuld:latest; stage build is there'
  ]))

const text = 'FROM b\nCOPY --from=assets /a /a\n'
test.each([
  [
    'Compose',
    {
      'compose.yml': 'services:\n  a:\n    build:\n      context: .\n      additional_contexts:\n        assets: ./x\n'
    }
  ],
  [
    'Compose, as a list',
    { 'compose.yml': 'services:\n  a:\n    build:\n      context: .\n      additional_contexts: [assets=./x]\n' }
  ],
  [
    'a step',
    {
      '.github/workflows/a.yml':
        'on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          build-contexts: assets=./x\n'
    }
  ],
  [
    'a command',
    {
      '.github/workflows/a.yml':
        'on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: docker build --build-context assets=./x .\n'
    }
  ],
  ['an image built here', { 'compose.yml': 'services:\n  a:\n    image: assets:1\n    build: ./x\n' }],
  ['a bake file', { 'docker-bake.hcl': '' }]
])('it knows contexts and images that the build is given: %s', async (_, others) => {
  expect(await places(rule, text, others)).toEqual([])
  expect(await places(rule, text)).toEqual(['2:6'])
})

test('hadolint takes a variable with a tag for an image', async () => {
  const of = (from: string) => peersOf(rule, 'hadolint', `FROM a\nCOPY --from=${from} /a /a\n`)
  expect(await of('$IMAGE')).toEqual(['DL3022'])
  expect(await of('uv:$VERSION')).toEqual([])
  expect(await places(rule, 'FROM a\nCOPY --from=uv:$VERSION /a /a\n')).toEqual(['2:6'])
})
