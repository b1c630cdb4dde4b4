import { expect, test } from '@jest/globals'
import { compile, matcherOf, reaches, sourcePath } from '../src/ignore.js'
import { readIgnoreFile } from '../src/parse/ignore-file.js'

test.each([
  ['a', ['a', 'a/b', 'a/b/c'], ['b/a', 'ab', 'A']],
  ['*', ['a', 'a/b', '.a'], []],
  ['*.txt', ['a.txt', '.txt', 'a.txt/b'], ['b/a.txt', 'a.txtx']],
  ['*/a', ['b/a', 'b/a/c'], ['a', 'b/c/a']],
  ['**', ['a', 'a/b'], []],
  ['**/a', ['a', 'b/a', 'b/c/a', 'b/a/c'], ['ba', 'b/ca']],
  ['**/*.txt', ['a.txt', 'b/a.txt'], ['a.md']],
  ['a/**', ['a/b', 'a/b/c'], ['a', 'b/a']],
  ['a/**/b', ['a/b', 'a/c/b', 'a/c/d/b'], ['a/cb', 'b']],
  ['**/a/**', ['a/b', 'c/a/b'], ['a']],
  ['a?c', ['abc', 'a.c'], ['ac', 'a/c']],
  ['[a-c]x', ['ax', 'cx'], ['dx', 'x']],
  ['[^a]x', ['bx'], ['ax']],
  ['[\\]]x', [']x'], ['x']],
  ['a\\*', ['a*'], ['ab']],
  ['.', [], ['a', '.a']]
])('%s', (pattern, yes, no) => {
  const compiled = compile(pattern)!
  expect(yes.filter(path => !reaches(compiled, path))).toEqual([])
  expect(no.filter(path => reaches(compiled, path))).toEqual([])
})

test.each(['[', '[]', '[a', '[a-]', '[-a]', '[^]', 'a\\'])('%s is refused', pattern =>
  expect(compile(pattern)).toBeUndefined()
)

test.each([
  ['the last line that matches decides', '*\n!a\na/b', 'a/b', true, 3],
  ['an exception', '*\n!a', 'a/c', false, 2],
  ['an exception for a folder above', 'a/*\n!a', 'a/b', false, 2],
  ['slashes at the ends', '/a/', 'a', true, 1],
  ['no line', 'b', 'a', false, undefined]
])('%s', (_, text, path, excluded, line) => {
  const verdict = matcherOf(readIgnoreFile('.dockerignore', text))?.judge(path)
  expect([verdict?.excluded, verdict?.by?.at.line]).toEqual([excluded, line])
})

test('a file that the builder refuses is not judged', () =>
  expect(matcherOf(readIgnoreFile('.dockerignore', 'a\n['))).toBeUndefined())

test('hostile patterns cost little, and what would cost more is not judged', () => {
  const deep = compile('**/*a'.repeat(400))!
  expect(reaches(deep, 'b/'.repeat(2000))).toBe(false)
  const matcher = matcherOf(readIgnoreFile('.dockerignore', `${'*a?**/'.repeat(9)}b\n`.repeat(800)))!
  const verdicts = Array.from({ length: 2000 }, (_, at) => matcher.judge(`${'a'.repeat(500)}${at}`))
  expect(verdicts.at(-1)).toBeUndefined()
  expect(matcherOf(readIgnoreFile('.dockerignore', 'a\n'.repeat(5000)))).toBeUndefined()
})

test.each([
  ['./a/', 'a'],
  ['/a/./b', 'a/b'],
  ['../a', 'a'],
  ['a/../b', 'b'],
  ['.', '']
])('the builder looks up %s as %j', (source, path) => expect(sourcePath(source)).toBe(path))
