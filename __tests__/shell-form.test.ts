import { expect, test } from '@jest/globals'
import { readDockerfile } from '../src/parse/dockerfile.js'
import { belowShell, execForm, isShellForm, plainWordsOf } from '../src/shell-form.js'

const read = (text: string) => readDockerfile('Dockerfile', text)

test('tells who needs a shell', () => {
  const { instructions } = read(
    'FROM a\nRUN b\nRUN ["b"]\nCMD b\nHEALTHCHECK CMD b\nHEALTHCHECK NONE\nUSER b\nCMD []\n'
  )
  expect(instructions.filter(isShellForm).map(({ at }) => at.line)).toEqual([2, 4, 5])
})

test('follows SHELL through the stages', () => {
  const below = belowShell(read('FROM a AS b\nCMD x\nSHELL ["c"]\nCMD x\nFROM b\nCMD x\nFROM a\nCMD x\n'))
  expect([...below].map(({ at }) => at.line)).toEqual([4, 5, 6])
})

test.each([
  ['node a.js', ['node', 'a.js']],
  [`a "b c" 'd'`, ['a', 'b c', 'd']],
  ['exec a b', ['a', 'b']],
  ['a | b', undefined],
  ['a "$B"', undefined],
  ['a; b', undefined],
  ['a *', undefined],
  ['a ~/b', undefined],
  ['"a', undefined],
  ['cd a', undefined],
  ['exec', undefined]
])('%s', (command, words) => expect(plainWordsOf(read(`FROM a\nCMD ${command}`).instructions[1]!)).toEqual(words))

test('leaves the lines of cmd alone', () => {
  expect(plainWordsOf(read('# escape=`\nFROM a\nCMD a b').instructions[1]!)).toBeUndefined()
})

test('writes JSON as people do', () => expect(execForm(['a', 'b "c"'])).toBe('["a", "b \\"c\\""]'))
