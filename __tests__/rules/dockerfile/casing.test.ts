import { expect, test } from '@jest/globals'
import fromAs from '../../../src/rules/dockerfile/from-as-case.js'
import instruction from '../../../src/rules/dockerfile/instruction-case.js'
import { found, places } from '../../helpers.js'
import { applied } from '../workflow/edits.js'

test.each([
  ['FROM a:1 as x', '1:10', 'FROM a:1 AS x'],
  ['from a:1 AS x', '1:10', 'from a:1 as x'],
  ['FROM --platform=$BUILDPLATFORM a:1 \\\n  As x', '2:3', 'FROM --platform=$BUILDPLATFORM a:1 \\\n  AS x']
])('from-as-case writes AS of %j as FROM', async (text, place, after) => {
  const [only, ...more] = await found(fromAs, { Dockerfile: text })
  expect(more).toEqual([])
  expect(`${only!.at.line}:${only!.at.column}`).toBe(place)
  expect(applied(text, only!.edits!)).toBe(after)
  expect(await places(fromAs, { Dockerfile: after })).toEqual([])
})

test.each(['FROM a:1 AS x', 'from a:1 as x', 'From a:1 as x', 'FROM as:1', 'FROM a:1'])(
  'from-as-case accepts %j',
  async text => expect(await places(fromAs, { Dockerfile: text })).toEqual([])
)

test.each([
  ['one among capitals', 'FROM a:1\nrun x\nRUN y\n', ['2:1'], 'FROM a:1\nRUN x\nRUN y\n'],
  ['one among small letters', 'from a:1\nRUN x\nrun y\n', ['2:1'], 'from a:1\nrun x\nrun y\n'],
  ['as many of either', 'from a:1\nRUN x\n', ['1:1'], 'FROM a:1\nRUN x\n'],
  ['mixed letters', 'From a:1\nrun x\n', ['1:1'], 'from a:1\nrun x\n'],
  ['nothing but mixed letters', 'From a:1\nRun x\n', ['1:1', '2:1'], 'FROM a:1\nRUN x\n']
])('instruction-case: %s', async (_, text, expected, after) => {
  const problems = await found(instruction, { Dockerfile: text })
  expect(problems.map(({ at }) => `${at.line}:${at.column}`)).toEqual(expected)
  expect(
    applied(
      text,
      problems.flatMap(({ edits }) => edits!)
    )
  ).toBe(after)
  expect(await places(instruction, { Dockerfile: after })).toEqual([])
})

test.each(['FROM a:1\nRUN x', 'from a:1\nrun x', 'FROM a:1\nRUN <<x\nrun y\nx\n'])(
  'instruction-case accepts %j',
  async text => expect(await places(instruction, { Dockerfile: text })).toEqual([])
)
