import { type GlobList, type LanguageGlobs, sourceGlobs } from './data/source-globs.js'
import type { Diff, FileChange } from './model.js'
import library from './parse/minimatch-package.cjs'

export type PathKind = 'vendored' | 'generated' | 'docs' | 'lock' | 'config' | 'pipeline' | 'test' | 'source' | 'other'

/** Globs of the config beside the built-in ones; `!glob` takes paths out. Later ones win. */
export interface PathGlobs {
  source: string[]
  tests: string[]
}
const NONE: PathGlobs = { source: [], tests: [] }

/** What a path is, by name and folder alone. For many paths with the same globs, ask `pathKinds` once. */
export const pathKind = (path: string, globs: PathGlobs = NONE): PathKind => pathKinds(globs)(path)

/**
 * Compiles globs to a question about paths. The order of judgement is that of the table (vendored, generated, docs, locks,
 * config, pipeline, tests, source); globs of the config go before all of it.
 */
export function pathKinds(globs: PathGlobs = NONE): (path: string) => PathKind {
  const tests = ownGlobs(globs.tests)
  const source = ownGlobs(globs.source)
  if (!tests && !source) return builtInKind
  return path => {
    const isTest = tests?.(path)
    if (isTest) return 'test'
    const isSource = source?.(path)
    if (isSource) return 'source'
    const kind = builtInKind(path)
    if (kind === 'test' && isTest === false) return languageOf(path) && isSource !== false ? 'source' : 'other'
    if (kind === 'source' && isSource === false) return 'other'
    return kind
  }
}

/** The language of a source file by its name, and whether its projects usually have tests. */
export function languageOf(path: string): LanguageGlobs | undefined {
  const name = nameOf(path)
  const { byExtension } = table()
  for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
    const found = byExtension.get(name.slice(dot + 1))
    if (found) return found.facts
  }
  return undefined
}

/** Languages that test each other go by one name; undefined where a path has no language that is usually tested. */
export function familyOf(path: string): string | undefined {
  const language = languageOf(path)
  if (language?.tested !== 'usually') return undefined
  return /^(java|kotlin|scala|groovy|clojure)$/.test(language.language) ? 'jvm' : language.language
}

/** A program that is a test or may hold some, so that its text tells which cases it has. */
export function isReadableTest(path: string): boolean {
  if ((languageOf(path)?.tested ?? 'never') === 'never') return false
  const kind = pathKind(path)
  return kind === 'test' || (kind === 'source' && hasInlineTests(path))
}

/** Languages that keep unit tests inside source files: there a path alone does not tell whether a test changed. */
export const hasInlineTests = (path: string): boolean => /\.(rs|zig|d)$/.test(path)

export interface SourceChanges {
  source: FileChange[]
  tests: FileChange[]
}

/** The changes of a pull request that touch source files, and those that touch tests. */
export function sourceChangesOf(diff: Diff, globs: PathGlobs = NONE): SourceChanges {
  const kindOf = pathKinds(globs)
  const changes: SourceChanges = { source: [], tests: [] }
  for (const change of diff) {
    if (change.status === 'unchanged') continue
    const kind = kindOf(change.path)
    if (kind === 'source') changes.source.push(change)
    // A snapshot is written by the test that it belongs to.
    else if (kind === 'test' || isSnapshot(change.path)) changes.tests.push(change)
  }
  return changes
}

const isSnapshot = (path: string) => path.endsWith('.snap') || path.includes('__snapshots__/')

/**
 * The folder of the package that holds each path: the nearest one above it with a file that begins a package
 * (`package.json`, `go.mod`, …); '' where there is none.
 */
export function packagesOf(paths: string[]): (path: string) => string {
  const { roots } = table()
  const folders = new Set<string>()
  for (const path of paths) {
    const at = path.lastIndexOf('/')
    const name = path.slice(at + 1)
    if (at > 0 && (roots.exact.has(name) || roots.suffixes.some(suffix => name.endsWith(suffix))))
      folders.add(path.slice(0, at))
  }
  return path => {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1))
      if (folders.has(path.slice(0, at))) return path.slice(0, at)
    return ''
  }
}

// ---------------------------------------------------------------- the built-in table, compiled on first use

function builtInKind(path: string): PathKind {
  const { vendored, generated, docs, locks, config, pipeline, byExtension, looseTests } = table()
  const name = nameOf(path)
  const folder = path.slice(0, path.length - name.length)
  if (vendored(folder, name)) return 'vendored'
  if (generated(folder, name)) return 'generated'
  const languages: Language[] = []
  for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
    const language = byExtension.get(name.slice(dot + 1))
    if (language) languages.push(language)
  }
  if (languages.some(language => language.generated(folder, name))) return 'generated'
  // NEWS and SECURITY are documents; news.py and security.ts are not.
  if (docs(folder, languages.length ? '' : name) || (!languages.length && docs(folder, name.toLowerCase())))
    return 'docs'
  if (locks(folder, name)) return 'lock'
  if (config(folder, name) || languages.some(language => language.roots.has(name))) return 'config'
  if (pipeline(folder, name)) return 'pipeline'
  if (languages.length) return languages.some(language => language.test(folder, name)) ? 'test' : 'source'
  return looseTests(folder, name) || inFixtures(folder) ? 'test' : 'other'
}

// Files that are no code but stand among tests: data that tests read, projects that hold them.
const FIXTURES =
  /^(?:tests?|__tests?__|specs?|e2e|testdata|test-data|fixtures?|__fixtures__|testing|cypress|molecule|.{0,80}[._-](?:Unit|Integration|Functional)?Tests?)$/i
const inFixtures = remembered(folder => folder.split('/').some(part => FIXTURES.test(part)))

type Matcher = (folder: string, name: string) => boolean
interface Language {
  facts: LanguageGlobs
  test: Matcher
  generated: Matcher
  roots: Set<string>
}
interface Table extends Record<GlobList['list'], Matcher> {
  byExtension: Map<string, Language>
  looseTests: Matcher
  roots: { exact: Set<string>; suffixes: string[] }
}

let compiled: Table | undefined
function table(): Table {
  if (compiled) return compiled
  const lists: Partial<Record<GlobList['list'], Matcher>> = {}
  const byExtension = new Map<string, Language>()
  const tests: string[] = []
  const roots: Table['roots'] = { exact: new Set(), suffixes: [] }
  for (const row of sourceGlobs()) {
    if ('list' in row) {
      lists[row.list] = matcher(row.list === 'docs' ? row.globs.flatMap(lowerToo) : row.globs)
      continue
    }
    for (const root of row.roots ?? []) {
      if (root.startsWith('*')) roots.suffixes.push(root.slice(1))
      else roots.exact.add(root)
    }
    // `main.tf` begins a module and is its source at once.
    const begins = row.language === 'terraform' ? [] : (row.roots ?? [])
    const test = lazy(() => matcher(row.test))
    const generated = lazy(() => matcher(row.generated ?? []))
    const language: Language = { facts: row, test, generated, roots: new Set(begins) }
    for (const glob of row.source.flatMap(braces)) {
      const extension = /^\*\*\/\*\.([\w.]+)$/.exec(glob)?.[1]
      if (extension && !byExtension.has(extension)) byExtension.set(extension, language)
    }
    tests.push(...row.test)
  }
  // Of the globs that end in a folder only those of a file's own language count; a name such as *.feature counts alone.
  const looseTests = lazy(() => matcher(tests.filter(glob => !glob.endsWith('/**'))))
  compiled = { ...(lists as Record<GlobList['list'], Matcher>), byExtension, looseTests, roots }
  return compiled
}

const lowerToo = (glob: string) => [glob, glob.toLowerCase()]

function lazy(make: () => Matcher): Matcher {
  let made: Matcher | undefined
  return (folder, name) => {
    made ??= make()
    return made(folder, name)
  }
}

/** One question for a list of globs: literal folders, names and endings in sets, the rest in one pattern each. */
function matcher(globs: string[]): Matcher {
  const names = new Set<string>()
  const endings = new Set<string>()
  const folders = new Set<string>()
  const namePatterns: string[] = []
  const folderPatterns: string[] = []
  const pathPatterns: string[] = []
  for (const glob of new Set(globs.flatMap(braces))) {
    const anywhere = glob.startsWith('**/') ? glob.slice(3) : undefined
    if (anywhere !== undefined && !anywhere.includes('/')) {
      if (!/[*[]/.test(anywhere)) names.add(anywhere)
      else if (/^\*\.[^*[]+$/.test(anywhere)) endings.add(anywhere.slice(1))
      else namePatterns.push(pattern(anywhere))
    } else if (glob.endsWith('/**')) {
      const inner = (anywhere ?? glob).slice(0, -3)
      if (anywhere !== undefined && !/[*[/]/.test(inner)) folders.add(inner)
      else folderPatterns.push(`${anywhere === undefined ? '^' : '(?:^|/)'}${pattern(inner)}/`)
    } else pathPatterns.push(pattern(glob))
  }
  const inName = namePatterns.length ? new RegExp(`^(?:${namePatterns.join('|')})$`) : undefined
  const inFolder = folderPatterns.length ? new RegExp(folderPatterns.join('|')) : undefined
  const inPath = pathPatterns.length ? new RegExp(`^(?:${pathPatterns.join('|')})$`) : undefined
  const ofFolder = remembered(
    folder => (folders.size > 0 && folder.split('/').some(part => folders.has(part))) || !!inFolder?.test(folder)
  )
  return (folder, name) => {
    if (ofFolder(folder) || names.has(name)) return true
    for (let dot = endings.size ? name.indexOf('.') : -1; dot >= 0; dot = name.indexOf('.', dot + 1))
      if (endings.has(name.slice(dot))) return true
    return (inName?.test(name) ?? false) || (inPath?.test(folder + name) ?? false)
  }
}

/** The answer for the folder asked last: lists of paths are sorted, so neighbours share theirs. */
function remembered(ask: (folder: string) => boolean): (folder: string) => boolean {
  let last: string | undefined
  let answer = false
  return folder => {
    if (folder !== last) {
      answer = ask(folder)
      last = folder
    }
    return answer
  }
}

/** A glob of the built-in table as a pattern: no braces left in it. */
function pattern(glob: string): string {
  return glob.replace(/\*\*\/|\*|[.+^$()|\\]/g, part =>
    part === '**/' ? '(?:[^/]+/)*' : part === '*' ? '[^/]*' : `\\${part}`
  )
}

/** Writes out `{a,b}`. */
function braces(glob: string): string[] {
  const from = glob.indexOf('{')
  const to = glob.indexOf('}', from)
  if (from < 0 || to < 0) return [glob]
  const [before, after] = [glob.slice(0, from), glob.slice(to + 1)]
  return glob
    .slice(from + 1, to)
    .split(',')
    .flatMap(choice => braces(before + choice + after))
}

const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1)

/** Globs of a config: true and false where one of them speaks, the last one that does. */
function ownGlobs(globs: string[]): ((path: string) => boolean | undefined) | undefined {
  if (!globs.length) return undefined
  const { Minimatch } = library()
  const compiledGlobs = globs.map(glob => {
    const out = glob.startsWith('!')
    const body = out ? glob.slice(1) : glob
    const options = { dot: true, matchBase: !body.includes('/'), nocomment: true, nonegate: true }
    return { out, match: new Minimatch(body, options) }
  })
  return path => {
    const said = compiledGlobs.findLast(({ match }) => match.match(path))
    return said && !said.out
  }
}
