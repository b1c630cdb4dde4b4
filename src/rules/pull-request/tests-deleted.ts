import type { FileChange, Repo, TestFile } from '../../model.js'
import { startOf } from '../../parse/text.js'
import { packagesOf, pathKind, sourceChangesOf } from '../../paths.js'
import { rule } from '../../rule.js'
import { readTests, type TestText } from '../../tests.js'

export default rule({
  id: 'pull-request/tests-deleted',
  title: 'The pull request deletes tests of code that stays',
  why: 'What these tests held is still there, and the next change may break it without anybody being told.',
  fix: 'Keep the tests, or say in the pull request what makes them pointless.',
  severity: 'warning',
  topic: 'tests',
  preset: 'recommended',
  over: 'repo',

  *check(repo) {
    // A test that is not seen at the head may have moved to where we do not look.
    if (!repo.diff || !repo.base || !repo.testsKnown) return
    const before = repo.base.tests.flatMap(file => readTests(file) ?? [])
    const after = repo.tests.flatMap(file => readTests(file) ?? [])
    const count = (texts: TestText[]) => texts.reduce((sum, { cases }) => sum + cases.length, 0)
    if (count(after) >= count(before)) return
    const names = new Set(
      after.flatMap(({ cases, comments }) => [...cases.map(({ name }) => name), ...comments.map(({ name }) => name)])
    )
    const subjects = new Subjects(repo)
    const files = new Map<string, { path: string; lost: number }[]>()
    for (const change of repo.diff) {
      const old = before.find(({ path }) => path === (change.previousPath ?? change.path))
      const lost = old?.cases.filter(({ name }) => !names.has(name)) ?? []
      if (!old || !lost.length) continue
      if (change.status === 'removed') {
        const why = hasHeir(repo, change.path) ? undefined : subjects.whyFile(change)
        if (why) files.set(why, [...(files.get(why) ?? []), { path: change.path, lost: lost.length }])
        continue
      }
      const now = after.find(({ path }) => path === change.path)
      // Where other cases come in their place, they may say the same in other words.
      const come = now?.cases.filter(({ name }) => !old.cases.some(one => one.name === name))
      if (!now || come?.length) continue
      const why = subjects.whyCase(change)
      if (!why) continue
      const line = change.added[0]?.[0] ?? 1
      yield {
        at: { path: change.path, line, column: 1, endLine: line, endColumn: 1 },
        message: `${testsOf(lost.length)} of ${change.path} ${lost.length === 1 ? 'is' : 'are'} deleted, and ${why}: ${lost[0]!.name.slice(0, 80)}`,
        key: `deleted ${change.path}`
      }
    }
    for (const [why, [first, ...more]] of files) {
      const others = more.length ? ` and ${more.length} more test files are` : ' is'
      const lost = more.reduce((sum, each) => sum + each.lost, first!.lost)
      const message = `${first!.path}${others} deleted with ${testsOf(lost)}, and ${why}`
      yield { at: startOf(''), message, key: `deleted ${why}` }
    }
  },

  bad: {
    base: {
      'src/price.js': 'export const price = n => n.toFixed(2)\n',
      'src/price.test.js': "test('price has two digits', () => expect(price(1)).toBe('1.00'))\n"
    },
    head: { 'src/price.js': 'export const price = n => n.toFixed(2)\n' }
  },
  good: {
    base: {
      'src/price.js': 'export const price = n => n.toFixed(2)\n',
      'src/price.test.js': "test('price has two digits', () => expect(price(1)).toBe('1.00'))\n"
    },
    head: { 'README.md': 'Prices are somebody else’s now\n' }
  }
})

const testsOf = (count: number) => `${count} ${count === 1 ? 'test' : 'tests'}`

/** What tests are about, by the names of files: `price.test.js`, `test_price.py` and `PriceTest.java` are about price. */
class Subjects {
  /** Source files and folders with source in them, by name; undefined where several go by one. */
  readonly #source = new Map<string, string | undefined>()
  readonly #changed: string[]
  readonly #gone: boolean
  readonly #packageOf: (path: string) => string
  readonly #packages: Set<string>

  constructor(repo: Repo) {
    const folders = new Set<string>()
    const add = (path: string) => this.#source.set(stemOf(path), this.#source.has(stemOf(path)) ? undefined : path)
    for (const path of repo.paths) {
      if (pathKind(path) !== 'source') continue
      add(path)
      const folder = path.slice(0, path.lastIndexOf('/'))
      if (folder && !folders.has(folder)) add(folder)
      folders.add(folder)
    }
    const { source } = sourceChangesOf(repo.diff ?? [])
    this.#changed = source.flatMap(({ path, previousPath = path }) => [path, previousPath])
    this.#gone = source.some(({ status }) => status === 'removed')
    this.#packageOf = packagesOf(repo.paths)
    this.#packages = new Set(this.#changed.map(this.#packageOf))
  }

  /** Why the deletion of a whole file takes tests from code that stays. */
  whyFile({ path }: FileChange): string | undefined {
    const subject = this.#source.get(stemOf(path))
    return subject && !this.#gone ? `${subject} stays` : this.#idle(path)
  }

  /** Why the deletion of cases does: their subject may have changed so that they are wrong. */
  whyCase({ path }: FileChange): string | undefined {
    const subject = this.#source.get(stemOf(path))
    const changes = this.#changed.some(each => each === subject || each.startsWith(`${subject}/`))
    return subject && !changes && !this.#gone ? `${subject} does not change` : this.#idle(path)
  }

  #idle(path: string): string | undefined {
    if (!this.#changed.length) return 'no source file changes'
    const name = this.#packageOf(path)
    const isElsewhere = name && !this.#packages.has(name) && !this.#packages.has('') && !this.#gone
    return isElsewhere ? `no source file of ${name} changes` : undefined
  }
}

const stemOf = (path: string): string =>
  path
    .slice(path.lastIndexOf('/') + 1)
    .replace(/\.\w+$/, '')
    .replace(
      /^(test|spec)[._-]|[._-](unit|integration|e2e)?[._-]?(test|tests|spec|specs)$|(?<=[a-z0-9])(Test|Tests|Spec|Specs|TestCase|IT)$|^Test(?=[A-Z])/g,
      ''
    )
    .toLowerCase()

/** A test of the same name elsewhere, or under another ending, has taken its place. */
function hasHeir({ tests }: Repo, path: string): boolean {
  const heir = ({ path: other }: TestFile) => stemOf(other) === stemOf(path)
  return tests.some(heir)
}
