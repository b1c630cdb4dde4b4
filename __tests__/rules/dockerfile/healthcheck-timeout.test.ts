import { expect, test } from '@jest/globals'
import rule from '../../../src/rules/dockerfile/healthcheck-timeout.js'
import { problems } from '../../helpers.js'

test.each([
  ['above', '--interval=5s --timeout=10s', '2:27 a timeout of 10s is not below the interval of 5s'],
  ['equal', '--timeout=5s --interval=5000ms', '2:13 a timeout of 5s is not below the interval of 5000ms'],
  ['the default', '--interval=5s', '2:13 a timeout of 30s, the default, is not below the interval of 5s'],
  ['above the default', '--timeout=1m', '2:13 a timeout of 1m is above the interval of 30s, the default']
])('%s', async (_, options, message) => {
  expect(await problems(rule, { Dockerfile: `FROM a\nHEALTHCHECK ${options} CMD b\n` })).toEqual([
    `Dockerfile:${message}`
  ])
})

test.each(['--interval=5s --timeout=3s', '--interval=30s', '--interval=1m', '--timeout=30s', '', '--interval=$A'])(
  '%s is fine',
  async options => {
    expect(await problems(rule, { Dockerfile: `FROM a\nHEALTHCHECK ${options} CMD b\n` })).toEqual([])
  }
)
