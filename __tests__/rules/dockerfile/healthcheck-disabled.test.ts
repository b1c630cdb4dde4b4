import { expect, test } from '@jest/globals'
import rule from '../../../src/rules/dockerfile/healthcheck-disabled.js'
import { problems } from '../../helpers.js'

const BASE = 'FROM a AS b\nHEALTHCHECK CMD c\n'

test.each([
  ['a check of another stage', `${BASE}FROM b\nHEALTHCHECK NONE\n`, ['4:13 NONE takes away the HEALTHCHECK of line 2']],
  ['with a reason', `${BASE}FROM b\n# It ends by itself.\nHEALTHCHECK NONE\n`, []],
  ['nothing that it takes away', 'FROM alpine\nHEALTHCHECK NONE\n', []],
  ['none taken away by none', 'FROM a AS b\nHEALTHCHECK NONE\nFROM b\nHEALTHCHECK NONE\n', []],
  ['an unknown base', 'FROM a\nHEALTHCHECK NONE\n', []],
  ['another check instead', `${BASE}FROM b\nHEALTHCHECK CMD d\n`, []]
])('%s', async (_, Dockerfile, expected) => {
  expect(await problems(rule, { Dockerfile })).toEqual(expected.map(line => `Dockerfile:${line}, and nothing says why`))
})

test('it leaves servers that need one to the other rule', async () => {
  const Dockerfile = 'FROM maildev/maildev\nEXPOSE 80\nHEALTHCHECK NONE\nCMD ["a"]\n'
  expect(await problems(rule, { Dockerfile })).toEqual([])
})

test('it knows the checks of base images', async () => {
  const files = { 'tests/Dockerfile': 'FROM maildev/maildev\nHEALTHCHECK none\nCMD ["a"]\n' }
  expect(await problems(rule, files)).toEqual([
    'tests/Dockerfile:2:13 NONE takes away the HEALTHCHECK of maildev/maildev, and nothing says why'
  ])
})
