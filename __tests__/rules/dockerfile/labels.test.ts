import { expect, test } from '@jest/globals'
import key from '../../../src/rules/dockerfile/invalid-label-key.js'
import schema from '../../../src/rules/dockerfile/label-schema.js'
import { peersOf, places } from './places.js'

test.each([
  ['com.example.release-date2', 0],
  ['version', 0],
  ['com.docker.x', 1],
  ['io.docker.x', 1],
  ['org.dockerproject.x', 1],
  ['com.dockerish.x', 0],
  ['a..b', 1],
  ['a--b', 1],
  ['a.-b', 0],
  ['a_b', 1],
  ['Name', 1],
  ['.a', 1],
  ['a.', 1],
  ['1a', 1],
  ['"a b"', 1]
])('the key %s: %d', async (name, count) =>
  expect(await places(key, `FROM debian:13\nLABEL ok=1 ${name}=x\n`)).toEqual(
    count ? [`2:${name.startsWith('"') ? 13 : 12}`] : []
  )
)

const of = (kind: string, value: string, setup = '') =>
  places(schema, `FROM debian:13\n${setup}LABEL x=${value}\n`, {}, { labels: { x: kind } })

test.each([
  ['url', ['https://example.com', 'http://a/b?c'], ['example', 'https://', '/a']],
  [
    'rfc3339',
    ['2026-11-25T21:30:00Z', '2026-11-25T21:30:00.5+01:00', '2024-02-29T00:00:00z'],
    ['2026-11-25', '2026-02-29T00:00:00Z', '2026-13-01T00:00:00Z', '2026-11-25T25:00:00Z', 'today']
  ],
  [
    'spdx',
    [
      'MIT',
      'mit',
      'GPL-2.0+',
      '"MIT OR (Apache-2.0 AND BSD-3-Clause)"',
      'LicenseRef-acme',
      '"GPL-2.0-only WITH Classpath-exception-2.0"'
    ],
    ['free', '"MIT OR"', '"(MIT"', '"MIT Apache-2.0"', '"MIT)"']
  ],
  ['hash', ['0a1b2c3', '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567'], ['0a1b2c', 'main', '0a1b2cg']],
  ['semver', ['1.2.3', '1.2.3-rc.1+b5', '0.0.0'], ['1.2', 'v1.2.3', '01.2.3', '1.2.3-01', '1.2.3-']],
  ['email', ['a.b@example.com'], ['a', 'a@', '@b', 'a b@c']],
  ['text', ['anything'], ['""']],
  ['rawtext', ['anything'], ['""']]
])('%s', async (kind, right, wrong) => {
  for (const value of right) expect([value, await of(kind, value)]).toEqual([value, []])
  for (const value of wrong) expect([value, (await of(kind, value)).length]).toEqual([value, 1])
})

test('a value of the build is not judged, its default is', async () => {
  expect(await of('hash', '$REF', 'ARG REF\n')).toEqual([])
  expect(await of('hash', '$REF', 'ARG REF=main\n')).toHaveLength(1)
  expect(await of('hash', '$REF', 'ARG REF=0a1b2c3\n')).toEqual([])
})

test('each kind has its id; an empty value has two', async () => {
  const ids = (kind: string, value: string) =>
    peersOf(schema, 'hadolint', `FROM debian:13\nLABEL x=${value}\n`, { labels: { x: kind } })
  expect(await ids('url', '-')).toEqual(['DL3052'])
  expect(await ids('rfc3339', '-')).toEqual(['DL3053'])
  expect(await ids('spdx', '-')).toEqual(['DL3054'])
  expect(await ids('hash', '-')).toEqual(['DL3055'])
  expect(await ids('semver', '-')).toEqual(['DL3056'])
  expect(await ids('email', '-')).toEqual(['DL3058'])
  expect(await ids('url', '""')).toEqual(['DL3051', 'DL3052'])
  expect(await ids('text', '""')).toEqual(['DL3051'])
})

test('other labels count only where the list is strict', async () => {
  const text = 'FROM debian:13\nLABEL x=1 y=2\n'
  expect(await places(schema, text, {}, { labels: { x: 'text' } })).toEqual([])
  expect(await places(schema, text, {}, { labels: { x: 'text' }, strict: true })).toEqual(['2:11'])
})

test('labels of the OCI are held against their kinds without being asked for', async () => {
  const text = 'FROM debian:13\nLABEL org.opencontainers.image.created=now\n'
  expect(await places(schema, text)).toEqual(['2:40'])
  expect(await peersOf(schema, 'hadolint', text)).toEqual([])
  expect(await places(schema, 'FROM debian:13\n')).toEqual([])
})

test.each([
  ['one without', 'FROM a', ['1:6']],
  ['one with', 'FROM a\nLABEL x=1', []],
  ['with another', 'FROM a\nLABEL y=1', ['1:6']],
  ['two apart', 'FROM a\nFROM b\nLABEL x=1', ['1:6']],
  ['from the stage it builds on', 'FROM a AS one\nLABEL x=1\nFROM one', []],
  ['in the stage built on it', 'FROM a AS one\nFROM one\nLABEL x=1', []],
  ['in one of two built on it', 'FROM a AS one\nFROM one\nLABEL x=1\nFROM one', ['4:6']],
  ['a stage that is copied from', 'FROM a AS one\nFROM b\nLABEL x=1\nCOPY --from=one /a /a', []],
  ['what a copied stage builds on', 'FROM a AS one\nFROM one AS two\nFROM b\nLABEL x=1\nCOPY --from=two /a /a', []],
  ['in a stage that is copied from alone', 'FROM a AS one\nLABEL x=1\nFROM b\nCOPY --from=one /a /a', ['3:6']],
  ['for others alone', 'FROM a\nONBUILD LABEL x=1', ['1:6']]
])('it finds images without a label: %s', async (_, text, found) =>
  expect(await places(schema, `${text}\n`, {}, { labels: { x: 'text' } })).toEqual(found)
)
