import { expect, test } from '@jest/globals'
import { run } from '../../../src/rule.js'
import rule from '../../../src/rules/dockerfile/consecutive-run.js'
import { repoOf } from '../../helpers.js'
import { applied } from '../workflow/edits.js'

const found = async (text: string) =>
  run([rule], await repoOf({ Dockerfile: text }), () => ({})).found.map(({ problem }) => problem)

test.each([
  ['two', 'RUN a\nRUN b', [2]],
  ['three', 'FROM a\nRUN a\nRUN b\nRUN c', [3, 4]],
  ['a comment between', 'FROM a\nRUN a\n# why\nRUN b', [4]],
  ['equal flags', 'FROM a\nRUN --network=none a\nRUN --network=none b', [3]],
  ['a short pair after a long one', 'FROM a\nRUN a && b\nRUN c\nRUN d', [4]],
  ['other flags', 'FROM a\nRUN --network=none a\nRUN b', []],
  ['other secrets', 'FROM a\nRUN --mount=type=secret,id=a a\nRUN --mount=type=secret,id=b b', []],
  ['cache mounts', 'FROM a\nRUN --mount=type=cache,target=/c a\nRUN --mount=type=cache,target=/c b', []],
  ['a long first', 'FROM a\nRUN a && b\nRUN c', []],
  ['a long second', 'FROM a\nRUN a\nRUN b; c', []],
  ['something between', 'FROM a\nRUN a\nWORKDIR /b\nRUN b', []],
  ['ONBUILD', 'FROM a\nRUN a\nONBUILD RUN b', []]
])('runs in a row: %s', async (_, text, lines) => expect((await found(text)).map(({ at }) => at.line)).toEqual(lines))

test.each([
  ['two', 'FROM a\nRUN a b\nRUN c\n', 'FROM a\nRUN a b \\\n    && c\n'],
  [
    'three, with flags',
    'FROM a\nRUN --network=none a\nRUN --network=none b\nRUN --network=none c\n',
    'FROM a\nRUN --network=none a \\\n    && b \\\n    && c\n'
  ],
  ['with another escape', '# escape=`\nFROM a\nRUN a\nRUN b\n', '# escape=`\nFROM a\nRUN a `\n    && b\n']
])('it joins %s', async (_, text, expected) => {
  const after = applied(
    text,
    (await found(text)).flatMap(({ edits = [] }) => edits)
  )
  expect(after).toBe(expected)
  expect(await found(after)).toEqual([])
})

test.each([
  ['a comment between', 'FROM a\nRUN a\n# why\nRUN b'],
  ['a background command', 'FROM a\nRUN a &\nRUN b'],
  ['a comment behind', 'FROM a\nRUN a # why\nRUN b'],
  ['the exec form', 'FROM a\nRUN ["a"]\nRUN b'],
  ['a here-document', 'FROM a\nRUN <<E\na\nE\nRUN b'],
  ['a condition', 'FROM a\nRUN [ -e /a ] || exit\nRUN b']
])('it does not join over %s', async (_, text) =>
  expect((await found(text)).flatMap(({ edits = [] }) => edits)).toEqual([])
)
