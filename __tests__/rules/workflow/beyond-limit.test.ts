import { expect, test } from '@jest/globals'
import rule from '../../../src/rules/workflow/beyond-limit.js'
import queue from '../../../src/rules/workflow/queue-with-cancel.js'
import { places, workflow } from '../../helpers.js'

const script = (length: number, start: string) => workflow(`- run: "${start}${'x'.repeat(length - start.length)}"`)
const row = (depth: number) => {
  const value = `${'['.repeat(depth)}x${']'.repeat(depth)}`
  return workflow('- run: a', `    strategy:\n      matrix:\n        a: ${value}\n`)
}

test.each([
  ['a long script without expressions', script(30_000, ''), []],
  ['a text as long as may be', script(21_000, '${{ github.sha }}'), []],
  ['one that is longer', script(21_001, '${{ github.sha }}'), ['6:9']],
  ['values as deep as may be', row(45), []],
  ['values that are deeper', row(46), ['7:9']]
])('weighs %s', async (_, files, expected) => expect(await places(rule, files)).toEqual(expected))

test.each([
  ['queue: max, cancel-in-progress: true', 1],
  ['queue: max, cancel-in-progress: false', 0],
  ['queue: max', 0],
  ['queue: single, cancel-in-progress: true', 0]
])('a group with %s', async (settings, count) => {
  const files = workflow('- run: a', `    concurrency: {group: a, ${settings}}\n`)
  expect(await places(queue, files)).toHaveLength(count)
})
