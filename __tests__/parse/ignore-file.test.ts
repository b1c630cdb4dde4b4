import { expect, test } from '@jest/globals'
import { readIgnoreFile } from '../../src/parse/ignore-file.js'

test('reads patterns, exceptions and where they stand', () => {
  const { lines } = readIgnoreFile('.dockerignore', '# all\n*\n\n  !src/  \r\n! /a/./b\n/x/../y\n #z\n!')
  expect(
    lines.map(
      ({ pattern, negated, at }) => `${negated ? 'not ' : ''}${pattern} ${at.line}:${at.column}-${at.endColumn}`
    )
  ).toEqual(['* 2:1-2', 'not src 4:3-8', 'not a/b 5:1-9', 'y 6:1-8', '#z 7:2-4', 'not . 8:1-2'])
})

test('reads an empty file', () => expect(readIgnoreFile('.dockerignore', '').lines).toEqual([]))
