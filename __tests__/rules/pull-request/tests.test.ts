import { expect, test } from '@jest/globals'
import type { Diff, Files } from '../../../src/model.js'
import { readRepo } from '../../../src/repo.js'
import assertionsRemoved from '../../../src/rules/pull-request/assertions-removed.js'
import testsDeleted from '../../../src/rules/pull-request/tests-deleted.js'
import testsSkipped from '../../../src/rules/pull-request/tests-skipped.js'
import { memorySource } from '../../../src/source/memory.js'
import { problems, repoOf } from '../../helpers.js'

const T = 'src/price.test.js'
const S = 'src/price.js'
const one = "test('one', () => {\n  expect(price(1)).toBe(1)\n  expect(price(2)).toBe(2)\n})\n"
const two = "test('two', () => {\n  expect(price(2)).toBe(2)\n})\n"
const ask = (rule: typeof testsSkipped, base: Files, head: Files) => problems(rule, { base, head })

test.each<[string, Files, Files, string[]]>([
  [
    'a test that is skipped',
    { [T]: one + two },
    { [T]: one + two.replace('test(', 'test.skip(') },
    [`${T}:5:1 'test.skip' switches off a test that ran before this pull request`]
  ],
  [
    'two of them, once',
    { [T]: one + two },
    { [T]: (one + two).replaceAll('test(', 'test.skip(') },
    [`${T}:1:1 'test.skip' switches off a test that ran before this pull request (and 1 more in this file)`]
  ],
  [
    'a focused test',
    { [T]: one + two },
    { [T]: one + two.replace('test(', 'test.only(') },
    [`${T}:5:1 'test.only' keeps all other tests of its file from running`]
  ],
  [
    'a test that is commented out',
    { [T]: one + two },
    { [T]: one + two.replace(/^/gm, '// ') },
    [`${T}:5:1 a test that ran before this pull request is commented out`]
  ],
  [
    'a new test that never runs',
    { [T]: one },
    { [T]: one + two.replace('test(', 'test.skip(') },
    [`${T}:5:1 'test.skip' is on a test that has never run`]
  ],
  [
    'a new file that is focused',
    {},
    { [T]: one.replace('test(', 'test.only(') },
    [`${T}:1:1 'test.only' keeps all other tests of its file from running`]
  ],
  ['a test that runs again', { [T]: one.replace('test(', 'test.skip(') }, { [T]: one }, []],
  [
    'a mark that was there',
    { [T]: `${two.replace('test(', 'test.skip(')}` },
    { [T]: `${one}${two.replace('test(', 'test.skip(')}` },
    []
  ],
  [
    'a mark that moved to another file',
    { [T]: one + two.replace('test(', 'test.skip(') },
    { [T]: one, 'src/other.test.js': two.replace('test(', 'test.skip(') },
    []
  ],
  [
    'a skipped test with another name',
    { [T]: one + two.replace('test(', 'test.skip(') },
    { [T]: one + two.replace('test(', 'test.skip(').replace('two', 'three') },
    []
  ],
  ['a test to be written', { [T]: one }, { [T]: `${one}test.todo('two')\n` }, []],
  [
    'a test inside a source file',
    { 'src/lib.rs': 'fn a() {}\n#[test]\nfn b() {}\n' },
    { 'src/lib.rs': 'fn a() {}\n#[test]\n#[ignore]\nfn b() {}\n' },
    ["src/lib.rs:3:1 '#[ignore' switches off a test that ran before this pull request"]
  ],
  ['a file that is no test', { [S]: 'a' }, { [S]: "it.skip('a')" }, []]
])('skipped: %s', async (_, base, head, found) => expect(await ask(testsSkipped, base, head)).toEqual(found))

test('a test that never ran is milder than one that no longer does', async () => {
  const skip = two.replace('test(', 'test.skip(')
  const found = async (base: Files) => {
    const repo = await repoOf({ base, head: { [T]: one + skip } })
    return [...testsSkipped.check(repo as never, {})].map(each => 'at' in each && each.severity)
  }
  expect(await found({ [T]: one })).toEqual(['note'])
  expect(await found({ [T]: one + two })).toEqual([undefined])
})

test.each<[string, Files, Files, string[]]>([
  [
    'a file whose subject stays',
    { [T]: one + two, [S]: 'a' },
    { [S]: 'b' },
    [`:1:1 ${T} is deleted with 2 tests, and ${S} stays`]
  ],
  ['a file whose subject goes', { [T]: one, [S]: 'a', 'src/b.js': 'b' }, { 'src/b.js': 'b' }, []],
  ['a file that moves', { [T]: one, [S]: 'a' }, { 'test/price.test.js': one, [S]: 'a' }, []],
  ['a file that is written anew', { [T]: one + two, [S]: 'a' }, { 'src/price.spec.ts': one, [S]: 'a' }, []],
  ['a file whose tests move', { [T]: one, [S]: 'a' }, { 'src/all.test.js': one + two, [S]: 'a' }, []],
  [
    'files while no source changes',
    { 'e2e/a.test.js': one, 'e2e/b.test.js': two, [S]: 'a' },
    { [S]: 'a' },
    [':1:1 e2e/a.test.js and 1 more test files are deleted with 2 tests, and no source file changes']
  ],
  ['files while source changes', { 'e2e/a.test.js': one, [S]: 'a' }, { [S]: 'b' }, []],
  [
    'a test while its subject does not change',
    { [T]: one + two, [S]: 'a', 'src/b.js': 'b' },
    { [T]: one, [S]: 'a', 'src/b.js': 'c' },
    [`${T}:1:1 1 test of ${T} is deleted, and ${S} does not change: test('two'`]
  ],
  ['a test while its subject changes', { [T]: one + two, [S]: 'a' }, { [T]: one, [S]: 'b' }, []],
  [
    'a test while one of two of its name changes',
    { [T]: one + two, [S]: 'a', 'lib/price.js': 'b' },
    { [T]: one, [S]: 'a', 'lib/price.js': 'c' },
    []
  ],
  [
    'a test in whose place another comes',
    { [T]: one + two, [S]: 'a' },
    { [T]: one.replace('one', 'both'), [S]: 'a' },
    []
  ],
  [
    'a test that is commented out',
    { [T]: one + two, [S]: 'a' },
    { [T]: one + two.replace(/^/gm, '// '), [S]: 'a' },
    []
  ],
  [
    'a test that is skipped',
    { [T]: one + two, [S]: 'a' },
    { [T]: one + two.replace('test(', 'test.skip('), [S]: 'a' },
    []
  ]
])('deleted: %s', async (_, base, head, found) => expect(await ask(testsDeleted, base, head)).toEqual(found))

const without = (text: string, ...parts: string[]) => parts.reduce((left, part) => left.replace(part, ''), text)
test.each<[string, string, string, number]>([
  ['an assertion', one, without(one, '  expect(price(2)).toBe(2)\n'), 1],
  ['a test with its assertions', one + two, one, 0],
  ['an assertion for another', one, one.replace('toBe(2)', 'toEqual(2)'), 0],
  ['assertions for a function that makes them', one, "test('one', () => {\n  check(1)\n  check(2)\n})\n", 0],
  ['an assertion in a comment', `// expect(a)\n${one}`, one, 0],
  ['a blank line', `\n${one}`, one, 0]
])('removed: %s', async (_, base, head, count) =>
  expect(await ask(assertionsRemoved, { [T]: base }, { [T]: head })).toHaveLength(count)
)

test('nothing is said to be gone while the text of a changed test is not known', async () => {
  const ask = async (texts: Files) => {
    const diff: Diff = [
      { path: T, status: 'removed', added: [] },
      { path: 'other.test.js', status: 'modified', added: [[1, 1]] }
    ]
    const files = { [S]: 'a', ...texts }
    const paths = [S, 'other.test.js']
    const repo = await readRepo(memorySource({ files, base: { ...files, [T]: one }, paths, diff }), {
      everything: true
    })
    return { found: [...testsDeleted.check(repo as never, {})], unread: repo.unread }
  }
  expect((await ask({ 'other.test.js': 'a' })).found).toHaveLength(1)
  expect(await ask({})).toEqual({
    found: [],
    unread: [{ what: 'changed test file other.test.js', reason: 'its text was not handed over' }]
  })
})
