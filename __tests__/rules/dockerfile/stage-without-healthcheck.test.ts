import { expect, test } from '@jest/globals'
import { run } from '../../../src/rule.js'
import noHealthcheck from '../../../src/rules/dockerfile/no-healthcheck.js'
import rule from '../../../src/rules/dockerfile/stage-without-healthcheck.js'
import { repoOf } from '../../helpers.js'

const both = async (Dockerfile: string) =>
  run([noHealthcheck, rule], await repoOf({ Dockerfile }), () => ({})).found.map(
    ({ rule: { id }, problem: { at, peers } }) =>
      `${at.line} ${id.slice('dockerfile/'.length)} ${Object.values(peers ?? {}).join(' ')}`
  )
const here = 'stage-without-healthcheck'

test.each([
  ['nothing at all', 'FROM scratch\n', [`1 ${here} DL3057 DS-0026 CKV_DOCKER_2`]],
  ['a command', 'FROM alpine\nCMD a\n', [`1 ${here} DL3057 DS-0026 CKV_DOCKER_2`]],
  ['an unknown base', 'FROM x.io/a\nCOPY b c\n', [`1 ${here} DL3057 DS-0026 CKV_DOCKER_2`]],
  [
    'a server, which the other rule reports',
    'FROM alpine\nEXPOSE 80\nCMD a\n',
    ['1 no-healthcheck DL3057 DS-0026 CKV_DOCKER_2']
  ],
  ['a check', 'FROM scratch\nHEALTHCHECK CMD ["a"]\n', []],
  ['none by choice', 'FROM scratch\nHEALTHCHECK NONE\n', []],
  ['the check of an ancestor', 'FROM scratch AS a\nHEALTHCHECK CMD ["a"]\nFROM a AS b\nFROM b\n', []],
  ['the check of a descendant', 'FROM scratch AS a\nFROM a\nHEALTHCHECK NONE\n', []],
  ['a check elsewhere', 'FROM scratch AS a\nHEALTHCHECK CMD ["a"]\nFROM scratch\n', [`3 ${here} DL3057`]],
  [
    'a check for others',
    'FROM scratch\nONBUILD HEALTHCHECK CMD ["a"]\nCMD ["b"]\n',
    [`1 ${here} DL3057 DS-0026 CKV_DOCKER_2`]
  ],
  [
    'two branches',
    'FROM x/y AS a\nFROM a AS b\nFROM a\n',
    [`2 ${here} DL3057`, `3 ${here} DL3057 DS-0026 CKV_DOCKER_2`]
  ],
  ['a stage that is only copied from', 'FROM x/y AS a\nFROM alpine\nCOPY --from=a /b /\nHEALTHCHECK NONE\n', []],
  ['a base that brings a check', 'FROM maildev/maildev\nCMD a\n', []],
  ['a base of tools with one more', 'FROM debian:12-slim\nRUN a\n', []]
])('%s', async (_, text, expected) => {
  expect(await both(text)).toEqual(expected)
})
