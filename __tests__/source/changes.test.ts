import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { addedLines, changesBetween } from '../../src/source/changes.js'
import { addedAndShown } from '../../src/source/patch.js'

const root = mkdtempSync(join(tmpdir(), 'hygiene-changes-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** Lines of few letters, so that many are equal. */
const file = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 }).map(lines => lines.join('\n'))
const runs = { numRuns: 300 }

function linesIn(ranges: [number, number][]): Set<number> {
  const lines = new Set<number>()
  for (const [from, to] of ranges) for (let line = from; line <= to; line++) lines.add(line)
  return lines
}

function isSubsequence(part: string[], whole: string[]): boolean {
  let at = 0
  for (const line of whole) if (at < part.length && part[at] === line) at++
  return at === part.length
}

test.each([
  ['the same text', 'a\nb\n', 'a\nb\n', []],
  ['a line at the end', 'a\n', 'a\nb\n', [[2, 2]]],
  ['a line at the start', 'b\n', 'a\nb\n', [[1, 1]]],
  ['a changed line', 'a\nb\nc\n', 'a\nx\nc\n', [[2, 2]]],
  ['a removed line', 'a\nb\nc\n', 'a\nc\n', []],
  [
    'two places',
    'a\nb\nc\nd\n',
    'x\nb\nc\ny\n',
    [
      [1, 1],
      [4, 4]
    ]
  ],
  ['lines that follow each other', 'a\nd\n', 'a\nb\nc\nd\n', [[2, 3]]],
  ['a moved line', 'a\nb\nc\n', 'b\nc\na\n', [[3, 3]]],
  ['a text from nothing', '', 'a\nb', [[1, 2]]]
])('it finds what is added: %s', (_, before, after, ranges) => expect(addedLines(before, after)).toEqual(ranges))

test('it takes away the added lines and is left with lines of before, as many as there can be', () => {
  fc.assert(
    fc.property(file, file, (before, after) => {
      const added = linesIn(addedLines(before, after))
      const now = after.split('\n')
      const kept = now.filter((_, index) => !added.has(index + 1))
      expect(isSubsequence(kept, before.split('\n'))).toBe(true)
      expect(kept.length).toBe(longestCommon(before.split('\n'), now))
    }),
    runs
  )
})

function longestCommon(a: string[], b: string[]): number {
  let last = b.map(() => 0)
  for (const one of a) {
    const row: number[] = []
    for (const [at, other] of b.entries())
      row.push(one === other ? (last[at - 1] ?? 0) + 1 : Math.max(last[at] ?? 0, row[at - 1] ?? 0))
    last = row
  }
  return last.at(-1) ?? 0
}

test('it gives ranges in order that do not touch, inside the file', () => {
  fc.assert(
    fc.property(file, file, (before, after) => {
      let last = -1
      for (const [from, to] of addedLines(before, after)) {
        expect(from).toBeGreaterThan(last + 1)
        expect(to).toBeGreaterThanOrEqual(from)
        last = to
      }
      expect(last).toBeLessThanOrEqual(after.split('\n').length)
    }),
    runs
  )
})

test('it takes the middle of two long texts for changed as a whole', () => {
  const [before, after] = ['a', 'b'].map(letter => `same\n${`${letter}\n`.repeat(3000)}same`) as [string, string]
  expect(addedLines(before, after)).toEqual([[2, 3001]])
})

test('it names what was added, changed, renamed and removed, and nothing else', () => {
  const base = { same: 's', changed: 'a\nb\n', gone: 'g', before: 'moved' }
  const head = { same: 's', changed: 'a\nc\n', after: 'moved', fresh: 'x\ny\n' }
  expect(changesBetween(base, head)).toEqual([
    { path: 'changed', status: 'modified', added: [[2, 2]], hunks: [[1, 2]] },
    { path: 'after', previousPath: 'before', status: 'renamed', added: [] },
    { path: 'fresh', status: 'added', added: [[1, 2]], hunks: [[1, 2]] },
    { path: 'gone', status: 'removed', added: [] }
  ])
})

test('it takes one file for one rename only', () => {
  const changes = changesBetween({ a: 'x' }, { b: 'x', c: 'x' })
  expect(changes.map(({ path, status }) => [path, status])).toEqual([
    ['b', 'renamed'],
    ['c', 'added']
  ])
})

test('it undoes to the base, and shows in hunks all that it adds', () => {
  const path = fc.constantFrom('a', 'b', 'c', 'd')
  const files = fc.dictionary(path, file, { maxKeys: 4 })
  fc.assert(
    fc.property(files, files, (base, head) => {
      const changes = changesBetween(base, head)
      const paths = new Set(Object.keys(head))
      for (const { path, previousPath, status, added, hunks } of changes) {
        if (status === 'added' || status === 'renamed') paths.delete(path)
        if (status === 'removed') paths.add(path)
        if (previousPath !== undefined) paths.add(previousPath)
        const shown = linesIn(hunks ?? [])
        for (const line of linesIn(added)) if (line <= lineCount(head[path] ?? '')) expect(shown).toContain(line)
      }
      expect([...paths].sort()).toEqual(Object.keys(base).sort())
      const named = new Set(changes.flatMap(change => [change.path, change.previousPath]))
      for (const [name, text] of Object.entries(head)) if (!named.has(name)) expect(base[name]).toBe(text)
    }),
    runs
  )
})
const lineCount = (text: string) => Math.max(1, text.replace(/\n$/, '').split('\n').length)

// ---------------------------------------------------------------- patches

test.each([
  ['a new file', '@@ -0,0 +1,2 @@\n+a\n+b\n', [[1, 2]], [[1, 2]]],
  ['one line', '@@ -1 +1 @@\n-a\n+b\n', [[1, 1]], [[1, 1]]],
  ['context around', '@@ -1,3 +1,4 @@ name\n a\n+b\n c\n d\n', [[2, 2]], [[1, 4]]],
  [
    'two hunks',
    '@@ -1,2 +1,3 @@\n+a\n b\n c\n@@ -9,2 +10,2 @@\n x\n-y\n+z\n',
    [
      [1, 1],
      [11, 11]
    ],
    [
      [1, 3],
      [10, 11]
    ]
  ],
  ['removal alone', '@@ -1,2 +0,0 @@\n-a\n-b\n', [], undefined],
  ['lines that look like headers', '@@ -1,1 +1,3 @@\n a\n++++ b\n+@@ -9 +9 @@\n', [[2, 3]], [[1, 3]]],
  [
    'a last line without its break',
    '@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n',
    [[1, 1]],
    [[1, 1]]
  ],
  ['headers of git before it', 'a/x b/x\nindex 1..2\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n', [[1, 1]], [[1, 1]]],
  ['a binary file', 'a/x b/x\nBinary files a/x and b/x differ\n', [], undefined],
  ['nothing', '', [], undefined]
])('it reads a patch of %s', (_, patch, added, hunks) =>
  expect(addedAndShown(patch)).toEqual({ added, ...(hunks && { hunks }) })
)

test("it finds in git's own patches the lines that git adds", () => {
  const [one, two] = [join(root, 'one'), join(root, 'two')]
  fc.assert(
    fc.property(file, file, (before, after) => {
      writeFileSync(one, `${before}\n`)
      writeFileSync(two, `${after}\n`)
      const { added, hunks } = addedAndShown(patchOf(one, two))
      const marked = linesIn(added)
      const kept = after.split('\n').filter((_, index) => !marked.has(index + 1))
      expect(isSubsequence(kept, before.split('\n'))).toBe(true)
      const shown = linesIn(hunks ?? [])
      for (const line of marked) expect(shown).toContain(line)
    }),
    { numRuns: 25 }
  )
})

function patchOf(one: string, two: string): string {
  try {
    return execFileSync('git', ['diff', '--no-index', '--no-color', '-U3', one, two], { encoding: 'utf8' })
  } catch (error) {
    // Git ends with 1 where there is a difference.
    return String((error as { stdout?: string }).stdout ?? '')
  }
}
