import { rule } from '../../rule.js'
import { readTests, type TestText } from '../../tests.js'

export default rule({
  id: 'pull-request/assertions-removed',
  title: 'Tests stay and expect less',
  why: 'A test without its assertions passes whatever the program does.',
  fix: 'Keep the assertion and mend the program, or delete what is not so any more together with its test.',
  severity: 'note',
  topic: 'tests',
  preset: 'strict',
  over: 'repo',

  *check(repo) {
    if (!repo.diff || !repo.base || !repo.testsKnown) return
    const before = repo.base.tests.flatMap(file => readTests(file) ?? [])
    const after = repo.tests.flatMap(file => readTests(file) ?? [])
    const count = (texts: TestText[]) => texts.reduce((sum, { assertions }) => sum + assertions.length, 0)
    if (count(after) >= count(before)) return
    for (const { path, previousPath = path, status, added } of repo.diff) {
      if (status === 'added' || status === 'removed') continue
      const old = before.find(one => one.path === previousPath)
      const now = after.find(one => one.path === path)
      if (!old || !now || !old.cases.length) continue
      // Where a test goes, its assertions go with it: that is another thing to say.
      const names = new Set(now.cases.map(({ name }) => name))
      if (old.cases.some(({ name }) => !names.has(name))) continue
      const lost = surplus(old.assertions, now.assertions)
      // What comes instead may say the same in other words, or in a function of its own.
      const come = surplus(now.lines, old.lines).filter(line => /\w/.test(line))
      if (!lost.length || come.length) continue
      const line = added[0]?.[0] ?? 1
      yield {
        at: { path, line, column: 1, endLine: line, endColumn: 1 },
        message: `${lost.length} ${lost.length === 1 ? 'assertion' : 'assertions'} of ${path} ${lost.length === 1 ? 'is' : 'are'} removed and the tests stay: ${lost[0]!.slice(0, 80)}`,
        key: `assertions ${path}`
      }
    }
  },

  bad: {
    base: {
      'src/price.test.js':
        "test('price has two digits', () => {\n  const text = price(1)\n  expect(text).toBe('1.00')\n})\n"
    },
    head: {
      'src/price.test.js': "test('price has two digits', () => {\n  const text = price(1)\n})\n"
    }
  },
  good: {
    base: {
      'src/price.test.js':
        "test('price has two digits', () => {\n  expect(price(1)).toBe('1.00')\n  expect(price(2)).toBe('2.00')\n})\n"
    },
    head: {
      'src/price.test.js':
        "test('price has two digits', () => {\n  for (const n of [1, 2]) expect(price(n)).toBe(`${n}.00`)\n})\n"
    }
  }
})

/** What one list has more often than another. */
function surplus(all: string[], others: string[]): string[] {
  const counts = new Map<string, number>()
  for (const each of others) counts.set(each, (counts.get(each) ?? 0) + 1)
  return all.filter(each => {
    const count = counts.get(each) ?? 0
    counts.set(each, count - 1)
    return count <= 0
  })
}
