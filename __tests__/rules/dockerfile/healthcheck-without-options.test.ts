import { expect, test } from '@jest/globals'
import rule from '../../../src/rules/dockerfile/healthcheck-without-options.js'
import { problems } from '../../helpers.js'

test.each([
  ['none', 'CMD a', ['Dockerfile:2:1 no interval, timeout or start period is set: 30s, 30s and none']],
  ['one', '--interval=5s CMD a', []],
  ['no check', 'NONE', []]
])('%s', async (_, text, expected) => {
  expect(await problems(rule, { Dockerfile: `FROM a\nHEALTHCHECK ${text}\n` })).toEqual(expected)
})
