import { expect, test } from '@jest/globals'
import queue from '../../../src/rules/workflow/queue-with-cancel.js'
import rule from '../../../src/rules/workflow/too-deep-values.js'
import { places, workflow } from '../../helpers.js'

const row = (depth: number) => {
  const value = `${'['.repeat(depth)}x${']'.repeat(depth)}`
  return workflow('- run: a', `    strategy:\n      matrix:\n        a: ${value}\n`)
}

test.each([
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
