import type { Place, Problem, Repo, TestFile } from '../../model.js'
import { rule } from '../../rule.js'
import { type Mark, readTests, type TestText } from '../../tests.js'
import { quoted } from '../../words.js'

export default rule({
  id: 'pull-request/tests-skipped',
  title: 'The pull request switches tests off',
  why: 'A skipped test stays green whatever happens, and a focused one keeps all others from running.',
  fix: 'Run it again, or say in the test why it has to wait and until when.',
  severity: 'warning',
  topic: 'tests',
  preset: 'recommended',
  over: 'repo',

  *check(repo) {
    if (!repo.diff || !repo.base) return
    const before = textsOf(repo.base.tests)
    const after = textsOf(repo.tests)
    const former = new Map(repo.diff.map(({ path, previousPath = path }) => [path, previousPath]))
    const marksBefore = counted([...before.values()].flatMap(({ marks }) => marks.map(({ line }) => line)))
    const namesBefore = new Set([...before.values()].flatMap(({ unmarked }) => [...unmarked]))
    const namesAfter = new Set([...after.values()].flatMap(({ unmarked }) => [...unmarked]))
    for (const [path, test] of after) {
      const old = before.get(former.get(path) ?? path)
      // Whether the base had the same is not known.
      if (!old && !isNew(repo, path)) continue
      const fresh = test.marks.filter(({ line }) => !take(marksBefore, line))
      const ranBefore = ({ subject }: Mark) => namesBefore.has(subject)
      const focused = fresh.filter(({ only }) => only)
      const skipped = fresh.filter(mark => !mark.only && ranBefore(mark))
      const others = fresh.filter(mark => !mark.only && !ranBefore(mark) && !/\btodo$/i.test(mark.text))
      // A test that was skipped before may go by another name now.
      const renamed = old ? old.marks.filter(({ line }) => !test.marks.some(mark => mark.line === line)).length : 0
      yield* told(focused, 'keeps all other tests of its file from running')
      yield* told(skipped, 'switches off a test that ran before this pull request')
      yield* told(others.slice(renamed), 'is on a test that has never run', 'note')
      yield* commentedOut(test, old, namesAfter)
    }
  },

  bad: {
    base: {
      'src/price.test.js': "test('price has two digits', () => expect(price(1)).toBe('1.00'))\n"
    },
    head: {
      'src/price.test.js': "test.skip('price has two digits', () => expect(price(1)).toBe('1.00'))\n"
    }
  },
  good: {
    base: {
      'src/price.test.js': "test('price has two digits', () => expect(price(1)).toBe('1.00'))\n"
    },
    head: {
      'src/price.test.js': "// test.skip was here\ntest('price has two digits', () => expect(price(1)).toBe('1.00'))\n"
    }
  }
})

function textsOf(files: TestFile[]): Map<string, TestText> {
  const texts = new Map<string, TestText>()
  for (const file of files) {
    const text = readTests(file)
    if (text) texts.set(file.path, text)
  }
  return texts
}

const isNew = ({ diff = [] }: Repo, path: string) =>
  diff.some(change => change.path === path && change.status === 'added')

function counted(lines: string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1)
  return counts
}

function take(counts: Map<string, number>, line: string): boolean {
  const count = counts.get(line) ?? 0
  if (count) counts.set(line, count - 1)
  return count > 0
}

/** One finding a file: whoever skips ten tests knows it. */
function* told([first, ...more]: Mark[], what: string, severity?: 'note'): Iterable<Problem> {
  if (!first) return
  const others = more.length ? ` (and ${more.length} more in this file)` : ''
  yield {
    at: first.at,
    message: `${quoted(first.text)} ${what}${others}`,
    ...(severity && { severity }),
    key: `${what} ${first.subject}`
  }
}

function* commentedOut(test: TestText, old: TestText | undefined, namesAfter: Set<string>): Iterable<Problem> {
  const names = new Set(old?.cases.map(({ name }) => name).filter(name => !namesAfter.has(name)))
  if (!names.size) return
  const [first, ...more] = test.comments.filter(({ name }) => names.has(name))
  if (!first) return
  const others = more.length ? ` (and ${more.length} more in this file)` : ''
  const message = `a test that ran before this pull request is commented out${others}`
  yield { at: lineAt(test, first.line), message, key: `commented out ${first.name}` }
}

function lineAt({ path, lines }: TestText, line: number): Place {
  return { path, line, column: 1, endLine: line, endColumn: 1 + (lines[line - 1]?.length ?? 0) }
}
