import { expect, test } from '@jest/globals'
import rule from '../../../src/rules/dockerfile/ignored-command.js'
import { problems } from '../../helpers.js'

const message = (line: number) => `ENTRYPOINT in line ${line} is in shell form and leaves this CMD out`

test.each([
  ['below a shell', 'FROM a\nENTRYPOINT b\nCMD ["c"]\n', [`3:1 ${message(2)}`]],
  ['ahead of the entrypoint', 'FROM a\nCMD ["c"]\nENTRYPOINT b\n', [`2:1 ${message(3)}`]],
  ['an entrypoint of the stage it builds on', 'FROM a AS b\nENTRYPOINT c\nFROM b\nCMD d\n', [`4:1 ${message(2)}`]],
  ['JSON', 'FROM a\nENTRYPOINT ["b"]\nCMD ["c"]\n', []],
  ['no command', 'FROM a\nENTRYPOINT b\n', []],
  ['a command that a new entrypoint drops', 'FROM a AS b\nCMD c\nFROM b\nENTRYPOINT d\n', []],
  ['stages side by side', 'FROM a AS b\nENTRYPOINT c\nFROM a\nCMD d\n', []]
])('%s', async (_, Dockerfile, expected) => {
  expect(await problems(rule, { Dockerfile })).toEqual(expected.map(line => `Dockerfile:${line}`))
})
