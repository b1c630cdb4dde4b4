import { expect, test } from '@jest/globals'
import { patternProblems } from '../src/filter-patterns.js'

const spans = (pattern: string, kind: 'ref' | 'path' | 'other') =>
  patternProblems(pattern, kind).map(({ from, to }) => pattern.slice(from, to))

test.each([['main'], ['**'], ['release/v[0-9]+.[0-9]+'], ['!v1.?'], ['feature/\\*'], ['*.x'], ['dependabot/**']])(
  '%s is a pattern of branches',
  pattern => expect(patternProblems(pattern, 'ref')).toEqual([])
)

test.each([
  ['^main$', ['^']],
  ['/v\\d+/', ['/', '/', '\\']],
  ['a b', [' ']],
  ['v[0-', ['[0-']],
  ['v[9-0]', ['[9-0]']],
  ['[]', ['[]']],
  ['[x]', ['[x]']],
  ['!', ['!']],
  ['+', ['+']],
  ['v*+', ['+']],
  ['v.', ['.']],
  ['main:dev', [':']]
])('%s is none', (pattern, wrong) => expect(spans(pattern, 'ref')).toEqual(wrong))

test.each([
  ['src/**', []],
  ['!docs/*.md', []],
  ['.github/**', []],
  ['...', []],
  ['a b/c', []],
  ['foo\\bar', []],
  ['./src/**', ['./src/**']],
  ['!../x', ['!../x']],
  ['a/../b', ['a/../b']],
  ['src/.', ['src/.']],
  [' src', [' src']],
  ['src\n', ['src\n']]
])('in the path %j it finds %j', (pattern, wrong) => expect(spans(pattern, 'path')).toEqual(wrong))

test('it is linear in what a stranger writes', () => {
  const started = performance.now()
  for (const text of ['[', '[a', '?', '+', '\\', '^', './', '[]']) patternProblems(text.repeat(100_000), 'ref')
  expect(performance.now() - started).toBeLessThan(3000)
})
