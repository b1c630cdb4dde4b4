import type { FileChange, Problem, Repo } from '../../model.js'
import {
  familyOf,
  hasInlineTests,
  languageOf,
  type PathGlobs,
  packagesOf,
  pathKinds,
  sourceChangesOf
} from '../../paths.js'
import { rule } from '../../rule.js'

const CI = `name: CI
on: pull_request
permissions:
  contents: read
concurrency:
  group: ci-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  test:
    name: test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - run: npx jest
`

export default rule({
  id: 'pull-request/untested-change',
  title: 'Source changes and no test does',
  why: 'A change that no test speaks of can be undone by the next one without anybody noticing.',
  fix: 'Add or change a test that fails without this change.',
  severity: 'warning',
  topic: 'tests',
  preset: 'recommended',
  over: 'repo',
  options: {
    source: { type: 'strings', default: [], about: 'Globs of source files beside the built-in ones; !glob takes out' },
    tests: { type: 'strings', default: [], about: 'Globs of tests beside the built-in ones; !glob takes out' }
  },

  *check(repo, options) {
    if (!repo.diff) return
    const { source = [], tests = [] } = options as Partial<PathGlobs>
    const globs = { source, tests }
    const changes = sourceChangesOf(repo.diff, globs)
    const changed = changes.source.filter(change => !isTranslation(change.path) && addsCode(change, repo))
    if (!changed.length) return
    // A test inside the source file shows in its lines alone.
    const inside = changed.filter(change => hasInlineTests(change.path))
    const inline = inside.filter(change => changesInlineTest(change, repo.texts.get(change.path)))
    const tested = [...changes.tests, ...inline]
    if (tested.length) {
      yield* untestedPackages(changed, tested, repo, globs)
      return
    }
    const unclear = inside.find(change => !repo.texts.has(change.path))
    if (unclear) {
      const reason = `tests of this language stand inside source files, and ${unclear.path} was not read`
      yield { what: 'whether a test changes', reason }
      return
    }
    const packages = byPackage(
      changed.filter(({ path }) => isUsuallyTested(path, repo, globs)),
      packagesOf(repo.paths)
    )
    for (const [name, files] of packages) {
      const where = name && packages.size > 1 ? ` in ${name}` : ''
      yield problem(files, name, `${where} and no test does`)
    }
  },

  bad: {
    base: {
      'src/price.ts': 'export const price = (n: number) => n\n',
      'src/price.test.ts': 'test("price", () => {})\n'
    },
    head: {
      'src/price.ts': 'export const price = (n: number) => Math.round(n * 1.2)\n',
      'src/price.test.ts': 'test("price", () => {})\n'
    }
  },
  good: {
    base: {
      '.github/workflows/ci.yml': CI,
      'src/price.ts': 'export const price = (n: number) => n\n',
      'src/price.test.ts': 'test("price", () => {})\n'
    },
    head: {
      '.github/workflows/ci.yml': CI,
      'src/price.ts': 'export const price = (n: number) => Math.round(n * 1.2)\n',
      'src/price.test.ts': 'test("price", () => expect(price(1)).toBe(1))\n'
    }
  }
})

/**
 * Packages of a monorepo whose source changes while the tests that change are those of another package, or of another
 * language. Only where the package has tests of its own: elsewhere other packages test it.
 */
function* untestedPackages(
  changed: FileChange[],
  tested: FileChange[],
  repo: Repo,
  globs: PathGlobs
): Iterable<Problem> {
  const marks = tested.map(({ path }) => ({ path, family: familyOf(path) }))
  if (marks.some(({ path, family }) => !family || isOverall(path))) return
  const kindOf = pathKinds(globs)
  const packageOf = packagesOf(repo.paths)
  // What each package holds: its source, and tests by language. Only the packages that matter are looked into.
  const matter = new Set([...tested, ...changed].map(({ path }) => packageOf(path)))
  const holds = new Set<string>()
  for (const path of repo.paths) {
    const name = packageOf(path)
    const kind = matter.has(name) && kindOf(path)
    if (kind === 'source') holds.add(name)
    if (kind === 'test') holds.add(`${name}\0${familyOf(path)}`)
  }
  // One with nothing but tests may be about all that there is.
  const places = marks.map(mark => ({ ...mark, name: packageOf(mark.path) }))
  if (places.some(({ name }) => !holds.has(name))) return
  const covers = ({ path }: FileChange, sameFamily: boolean) => {
    const name = packageOf(path)
    const family = familyOf(path)
    return places.some(mark =>
      isWithin(name, mark.name) || isWithin(mark.name, name) ? !sameFamily || mark.family === family : false
    )
  }
  const candidates = changed.filter(({ path }) => familyOf(path) && !hasInlineTests(path))
  const isNoneCovered = !changed.some(change => covers(change, true))
  for (const [name, files] of byPackage(candidates, packageOf)) {
    const open = files.filter(
      change => !covers(change, isNoneCovered) && holds.has(`${name}\0${familyOf(change.path)}`)
    )
    // A few lines beside a change that is tested follow from it.
    if (!open.length || (!isNoneCovered && linesIn(open) < MANY_LINES)) continue
    const others = [...new Set(places.map(mark => mark.name))].filter(other => other !== name)
    const where = others.length
      ? ` and no test of ${name || 'this package'} does: those that change are in ${others
          .slice(0, 3)
          .map(other => other || 'the root')
          .join(', ')}`
      : ` and no test in ${languageOf(open[0]!.path)?.language} does`
    yield { ...problem(open, name, where), severity: 'note' }
  }
}

const MANY_LINES = 20
const linesIn = (changes: FileChange[]) =>
  changes.flatMap(({ added }) => added).reduce((sum, [from, to]) => sum + to - from + 1, 0)

/** Tests that run the program as a whole, whatever it is written in. */
const isOverall = (path: string): boolean =>
  /(^|[/._-])(e2e|end-to-end|integration|acceptance|functional|smoke|system|features?|cypress|playwright|conformance|scenarios?)([/._-]|Tests?\b|$)/i.test(
    path
  )

const isWithin = (inner: string, outer: string): boolean =>
  outer === '' || inner === outer || inner.startsWith(`${outer}/`)

function byPackage(changes: FileChange[], packageOf: (path: string) => string): Map<string, FileChange[]> {
  const packages = new Map<string, FileChange[]>()
  for (const change of changes) {
    const name = packageOf(change.path)
    packages.set(name, [...(packages.get(name) ?? []), change])
  }
  return packages
}

function problem(files: FileChange[], name: string, rest: string): Problem {
  const [first] = files
  const line = first!.added[0]?.[0] ?? 1
  const what = files.length === 1 ? `${first!.path} changes` : `${files.length} source files change`
  return {
    at: { path: first!.path, line, column: 1, endLine: line, endColumn: 1 },
    message: `${what}${rest}`,
    key: `untested ${name}`
  }
}

/** Sentences of one language, in a file or folder named by its code: `i18n/pl/index.php`, `locales/pt-BR.ts`. */
const isTranslation = (path: string): boolean =>
  /(^|\/)(i18n|l10n|locales?|translations?|lang(?=\/[^.]{1,200}\.php$))\/([\w-]{1,40}\/)?[a-z]{2}([-_][A-Za-z]{2,4})?(\/|\.[a-z]{2,4}$)/.test(
    path
  )

/** Lines were added that are more than comments, blanks or a version. Without a text the lines count as they are. */
function addsCode({ path, added }: FileChange, repo: Repo): boolean {
  if (!added.length) return false
  const count = added.reduce((sum, [from, to]) => sum + to - from + 1, 0)
  if (count <= 3 && /(^|\/)_*version_*\.\w+$/i.test(path)) return false
  const text = repo.texts.get(path)
  if (text === undefined) return true
  const lines = text.split('\n')
  const hash = /\.(py|rb|rake|sh|bash|zsh|pl|pm|r|R|ex|exs|jl|nim|cr|ps1|psm1|tf|hcl)$/.test(path)
  const dash = /\.(sql|lua|hs|lhs|elm)$/.test(path)
  const mark = hash ? /^#(?!!)/ : dash ? /^--/ : /^(\/\/|\/\*|\*(\s|\/|$)|<!--)/
  return added.some(([from, to]) =>
    lines.slice(from - 1, to).some(line => line.trim() !== '' && !mark.test(line.trim()))
  )
}

/** An added line is a test, or stands below the line that begins the tests of its file. */
function changesInlineTest({ added }: FileChange, text: string | undefined): boolean {
  if (text === undefined) return false
  const lines = text.split('\n')
  const begin = lines.findIndex(line => /^\s*(#\[cfg\(test\)\]|test\s*["{]|unittest\b)/.test(line))
  return added.some(
    ([from, to]) => (begin >= 0 && to > begin) || lines.slice(from - 1, to).some(line => /#\[(\w+::)?test\b/.test(line))
  )
}

/** Scripts and queries are asked for tests only where the repository has some for them. */
function isUsuallyTested(path: string, repo: Repo, globs: PathGlobs): boolean {
  const language = languageOf(path)
  if (!language || language.tested === 'usually') return true
  if (language.tested === 'never') return false
  const kindOf = pathKinds(globs)
  const isOwn = (other: string) =>
    languageOf(other) === language || (language.language === 'shell' && /\.bats$/.test(other))
  return repo.paths.some(other => isOwn(other) && kindOf(other) === 'test')
}
