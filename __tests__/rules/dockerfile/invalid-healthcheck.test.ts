import { expect, test } from '@jest/globals'
import { run } from '../../../src/rule.js'
import rule from '../../../src/rules/dockerfile/invalid-healthcheck.js'
import { problems, repoOf } from '../../helpers.js'
import { applied } from '../workflow/edits.js'

test.each([
  ['--interval=30 CMD a', '2:13 --interval takes a number with a unit, such as 30s or 1m30s'],
  ['--timeout=abc CMD a', '2:13 --timeout takes a number with a unit, such as 30s or 1m30s'],
  ['--start-period=100us CMD a', '2:13 --start-period is shorter than 1ms'],
  ['--interval=-5s CMD a', '2:13 --interval is shorter than 1ms'],
  ['--interval=$EVERY CMD a', '2:13 --interval takes a number with a unit, such as 30s or 1m30s'],
  ['--retries=two CMD a', '2:13 --retries takes a whole number'],
  ['--retries=-1 CMD a', '2:13 --retries takes a whole number'],
  ['--intervall=5s CMD a', '2:13 HEALTHCHECK has no option --intervall'],
  ['--timeout=5s --timeout=6s CMD a', '2:26 --timeout is given twice'],
  ['--interval 5s CMD a', '2:13 the value of --interval goes behind =, as in --interval=30s'],
  ['curl localhost', '2:13 HEALTHCHECK knows CMD and NONE, not curl'],
  ['CMD', '2:13 HEALTHCHECK CMD has no command'],
  ['CMD []', '2:13 HEALTHCHECK CMD has no command'],
  ['NONE a', '2:18 HEALTHCHECK NONE takes no arguments']
])('%s', async (text, message) => {
  expect(await problems(rule, { Dockerfile: `FROM a\nHEALTHCHECK ${text}\n` })).toEqual([
    `Dockerfile:${message}: the build fails`
  ])
})

test.each([
  '--interval=1m30s --timeout=1.5s --start-period=0 --start-interval=1ms --retries=3 CMD a',
  '--interval=0s --retries=0 CMD ["a"]',
  '--interval= cmd a',
  'NONE',
  'none'
])('%s is fine', async text => {
  expect(await problems(rule, { Dockerfile: `FROM a\nHEALTHCHECK ${text}\n` })).toEqual([])
})

test('the edit puts = between options and values', async () => {
  const Dockerfile = 'FROM a\nHEALTHCHECK --retries=2 --interval 5s --timeout 1s CMD a\n'
  const { found } = run([rule], await repoOf({ Dockerfile }), () => ({}))
  const after = applied(Dockerfile, found[0]?.problem.edits ?? [])
  expect(after).toBe('FROM a\nHEALTHCHECK --retries=2 --interval=5s --timeout=1s CMD a\n')
  expect(await problems(rule, { Dockerfile: after })).toEqual([])
})

test('there is no edit where the value is missing', async () => {
  const { found } = run([rule], await repoOf({ Dockerfile: 'FROM a\nHEALTHCHECK --interval CMD a\n' }), () => ({}))
  expect(found.map(({ problem }) => problem.edits)).toEqual([undefined])
})
