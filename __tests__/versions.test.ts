import { expect, test } from '@jest/globals'
import { bestOf, isFull, isIn, standsFor, versionOf } from '../src/versions.js'

test.each([
  ['v4', true],
  ['4.2', true],
  ['v4.2.2', false],
  ['v4-beta', false],
  ['release/v1.2.3', false],
  ['codeql-bundle-v2.1.3', false],
  ['main', undefined],
  ['8f4b7f84864484a7bf31766abe9204da3cbe65b3', undefined]
])('%s is read as a version that is loose: %s', (tag, loose) => expect(versionOf(tag)?.loose).toBe(loose))

test.each([
  ['v2.1.0', '< 2.2.0', 'yes'],
  ['v2.2.0', '< 2.2.0', 'no'],
  ['v2.2.0-rc.1', '< 2.2.0', 'yes'],
  ['v2.2', '>= 0, < 2.7.5', 'yes'],
  ['v2', '< 2.7.5', 'unknown'],
  ['v2', '< 3', 'yes'],
  ['v3', '< 3', 'no'],
  ['v3', '<= 3', 'unknown'],
  ['v4', '>= 4, < 4.1.7', 'unknown'],
  ['v5', '>= 4, < 4.1.7', 'no'],
  ['v4.1.6', '>= 4, < 4.1.7', 'yes'],
  ['v4.1.7', '>= 4, < 4.1.7', 'no'],
  ['v1.0.5', '<= 1.0.5', 'yes'],
  ['v1.0.6', '> 1.0.5', 'yes'],
  ['v1.0.5', '> 1.0.5', 'no'],
  ['0.2.0', '= 0.2.0', 'yes'],
  ['0.2', '= 0.2.0', 'unknown'],
  ['0.3', '= 0.2.0', 'no'],
  ['main', '< 3', 'unknown'],
  ['v1.0.0', 'whatever', 'unknown']
])('%s is in %s: %s', (tag, range, answer) => expect(isIn(tag, range)).toBe(answer))

test.each([
  ['v4', 'v4.2.2', true],
  ['4.2', 'v4.2.2', true],
  ['v4.2.2', '4.2.2', true],
  ['v4.2.2', 'v4', false],
  ['v4', 'v40.0.0', false],
  ['v4.2.2', 'v4.2.2-rc.1', false],
  ['nightly-2', 'nightly-2', true]
])('%s stands for %s: %s', (short, tag, answer) => expect(standsFor(short, tag)).toBe(answer))

test('the longest version says most', () => {
  expect(bestOf(['v4', 'latest', 'v4.2.2', 'v4.2'])).toBe('v4.2.2')
  expect(bestOf([])).toBeUndefined()
  expect([isFull('v1.2.3'), isFull('v1')]).toEqual([true, false])
})
