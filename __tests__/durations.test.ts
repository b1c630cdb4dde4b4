import { expect, test } from '@jest/globals'
import { durationOf } from '../src/durations.js'

test.each([
  ['30s', 30_000],
  ['1m30s', 90_000],
  ['1.5h', 5_400_000],
  ['.5s', 500],
  ['100us', 0.1],
  ['2µs', 0.002],
  ['0', 0],
  ['-5s', -5000],
  ['+1ms', 1],
  ['30', undefined],
  ['s', undefined],
  ['1 s', undefined],
  ['1s ', undefined],
  ['1d', undefined],
  ['1.s.', undefined],
  ['', undefined],
  ['-', undefined],
  ['9'.repeat(100_000), undefined]
])('%#: a duration as Go reads it', (text, expected) => expect(durationOf(text)).toBe(expected))
