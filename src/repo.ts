import { pathsNamedBy } from './commands.js'
import {
  inChartTemplates,
  isPlaceholderLine,
  isRegular,
  isRootScript,
  isTemplateName,
  isTemplateText,
  kindOf,
  looksLikeManifest,
  mayHoldManifest
} from './discover.js'
import type { Outcomes } from './linters.js'
import type {
  Blob,
  Diff,
  Fact,
  FileKind,
  Linter,
  Looked,
  Pipeline,
  Remote,
  Remotes,
  Repo,
  Script,
  Source,
  TestFile,
  Unit,
  Unread,
  YamlError,
  YamlMap
} from './model.js'
import { readCodeOwners } from './parse/codeowners.js'
import { readCompose } from './parse/compose.js'
import { readDockerfile } from './parse/dockerfile.js'
import { readIgnoreFile } from './parse/ignore-file.js'
import { readManifests } from './parse/kubernetes.js'
import { isScriptFile, readScriptFile } from './parse/scripts.js'
import { startOf, withoutMark } from './parse/text.js'
import { given, readAction, readDependabot, readWorkflow } from './parse/workflow.js'
import { mapOf, parseYaml, scalarOf } from './parse/yaml.js'
import { isReadableTest } from './paths.js'
import { derivePipeline } from './pipeline.js'
import { buildFilesOf, stepsOf } from './query.js'
import { deriveUnits, withOverrides } from './units.js'
import { usedIn } from './used.js'

/** Larger files are written by programs, if they are no attack: hand-written ones stay below a tenth of it. */
const MAX_BYTES = 512 << 10
/** YAML files that may hold manifests, looked at by content. */
const MAX_CANDIDATES = 1000
/** Files that commands and builds name, read in the second round. */
const MAX_NAMED = 300
/** GitHub loads no larger file of this kind. */
const MAX_OWNERS = 3 << 20
/** Test files that change, and the bytes of each: a pull request that changes more is no one's to judge test by test. */
const MAX_TESTS = 100
const MAX_TEST_BYTES = 256 << 10

export interface ReadOptions {
  /** Look at every text the source has, whatever its folder: the caller chose them. */
  everything?: boolean
  /** Which linters to ask about scripts: known while the repository is read. */
  linters?: () => Promise<Linter[]>
  /** What to ask about actions beside their files. */
  facts?: () => Promise<Fact[]>
  /** What an earlier reading of the same source learned. */
  reader?: Reader
}

/**
 * Lists, reads and parses a repository at head and, where there is one, at its merge base, in two rounds of reading:
 * the files that names give, then the files that those name. What both sides share is read and parsed once.
 */
export async function readRepo(source: Source, options: ReadOptions = {}): Promise<Repo> {
  const [headBlobs, baseBlobs, diff, branch] = await Promise.all([
    source.head.list(),
    source.base?.list(),
    source.diff(),
    source.branch()
  ])
  const reader = options.reader ?? new Reader()
  const sides = [headBlobs, ...(baseBlobs ? [baseBlobs] : [])].map(blobs => new Side(blobs, diff, options))
  const tests = new ChangedTests(baseBlobs ? diff : undefined)
  const first = [...sides.flatMap(side => side.wanted), ...sides.flatMap((side, i) => tests.in(side, i > 0))]
  await reader.read(source, first)
  for (const side of sides) {
    side.parse(reader)
    tests.keep(side, reader)
  }
  const [head, base] = sides as [Side, Side | undefined]
  const uses = remoteUses(sides)
  const about = uses.length && source.facts ? ((await options.facts?.()) ?? []) : []
  const [resolved, known] = await Promise.all([
    uses.length ? resolveAll(source, uses) : new Map(),
    about.length ? source.facts?.(versionsOf(sides), about) : undefined,
    reader.read(
      source,
      sides.flatMap(side => side.name())
    )
  ])
  for (const side of sides) side.parse(reader)
  const { lints, unread } = await linted(sides, (await options.linters?.()) ?? [], reader)
  const testsKnown = tests.complete && !tests.unread.length
  const facts = known?.facts ?? new Map()
  const before = base?.finish(resolved, { branch, diff: [], lints, facts, testsKnown, unread: [] })
  return head.finish(resolved, {
    branch,
    ...given({ diff, base: before }),
    lints,
    facts,
    testsKnown,
    unread: [...source.unread, ...tests.unread, ...unread, ...(known?.unread ?? [])]
  })
}

/** What linters say about the scripts of both commits; those that they share are looked at once. */
async function linted(sides: Side[], linters: Linter[], reader: Reader): Promise<Pick<Repo, 'lints' | 'unread'>> {
  const none = { lints: new Map(), unread: [] }
  if (!linters.length) return none
  const { lint, lintable, Outcomes } = await import('./linters.js')
  const scripts = sides.flatMap(side => lintable(side.lists, linters))
  reader.lints ??= new Outcomes()
  return scripts.length ? lint(scripts, reader.lints) : none
}

/** Reads each blob once, whoever asks, and keeps what its text was parsed to. */
export class Reader {
  readonly texts = new Map<string, string | Unread>()
  readonly parsed = new Map<string, Parsed>()
  /** Made by the first who asks linters. */
  lints?: Outcomes

  async read(source: Source, blobs: Blob[]): Promise<void> {
    const missing = new Map(blobs.filter(blob => !this.texts.has(blob.sha)).map(blob => [blob.sha, blob]))
    if (!missing.size) return
    for (const [sha, text] of await source.read([...missing.values()])) this.texts.set(sha, text)
  }
}

/** The test files that a pull request changes, where there is a base to hold them against. */
class ChangedTests {
  readonly #changes: Diff
  /** Nothing is missing that could tell a test which moved from one that went. */
  complete = true
  readonly unread: Unread[] = []
  constructor(diff: Diff | undefined) {
    const changed = (diff ?? []).filter(
      ({ path, previousPath = path }) => isReadableTest(path) || isReadableTest(previousPath)
    )
    // What is new takes nothing away: it goes last where there are too many.
    const rank = ({ status }: Diff[number]) => (status === 'added' || status === 'copied' ? 1 : 0)
    changed.sort((a, b) => rank(a) - rank(b))
    this.#changes = changed.slice(0, MAX_TESTS)
    if (changed.length > MAX_TESTS)
      this.unread.push({
        what: `${changed.length - MAX_TESTS} of ${changed.length} changed test files`,
        reason: `no more than ${MAX_TESTS} are read`
      })
  }

  /** Those of a side that differ there from the other. */
  in(side: Side, isBase: boolean): Blob[] {
    const paths = this.#changes.flatMap(({ path, previousPath, status }) => {
      if (status === 'unchanged' || status === (isBase ? 'added' : 'removed')) return []
      if (isBase) return status === 'copied' ? [] : (previousPath ?? path)
      return path
    })
    const blobs = paths.flatMap(path => side.blob(path) ?? [])
    if (blobs.length < paths.length) this.complete = false
    const large = blobs.filter(({ size }) => size > MAX_TEST_BYTES)
    if (large.length)
      this.#miss(
        large.map(({ path }) => path),
        `larger than ${MAX_TEST_BYTES >> 10} KiB`
      )
    side.testBlobs = blobs.filter(({ size }) => size <= MAX_TEST_BYTES)
    return side.testBlobs
  }

  keep(side: Side, reader: Reader): void {
    const missed = new Map<string, string[]>()
    for (const { path, sha } of side.testBlobs) {
      const text = reader.texts.get(sha)
      if (typeof text === 'string') side.addTest({ path, text: withoutMark(text) })
      else missed.set(text?.reason ?? 'not read', [...(missed.get(text?.reason ?? 'not read') ?? []), path])
    }
    for (const [reason, paths] of missed) this.#miss(paths, reason)
  }

  // One row a reason for both sides.
  #miss([first, ...more]: string[], reason: string): void {
    if (this.unread.some(row => row.reason === reason)) return
    const what = more.length ? `changed test files (${first}, …)` : `changed test file ${first}`
    this.unread.push({ what, reason })
  }
}

type Lists = Pick<
  Repo,
  | 'workflows'
  | 'actions'
  | 'dependabot'
  | 'dockerfiles'
  | 'ignoreFiles'
  | 'composes'
  | 'manifests'
  | 'charts'
  | 'scripts'
  | 'codeowners'
>
interface Parsed extends Partial<Lists> {
  looked: Looked
}

/** One commit on its way to a Repo. */
class Side {
  readonly paths: string[]
  readonly #pathSet: Set<string>
  readonly #blobs = new Map<string, Blob>()
  readonly #charts: Set<string>
  /** What to read and parse next, by path. */
  #todo = new Map<string, FileKind>()
  readonly #lists: Lists = {
    workflows: [],
    actions: [],
    dependabot: [],
    dockerfiles: [],
    ignoreFiles: [],
    composes: [],
    manifests: [],
    charts: [],
    scripts: [],
    codeowners: []
  }
  /** Changed test files to read. */
  testBlobs: Blob[] = []
  readonly #tests: TestFile[] = []
  readonly #texts = new Map<string, string>()
  readonly #looked: Looked[] = []

  constructor(blobs: Blob[], diff: Diff | undefined, options: ReadOptions) {
    this.paths = blobs.map(blob => blob.path)
    this.#pathSet = new Set(this.paths)
    this.#charts = new Set(
      this.paths.filter(path => /(^|\/)Chart\.yaml$/.test(path)).map(path => path.replace(/\/?Chart\.yaml$/, ''))
    )
    const changed = new Set(diff?.flatMap(change => [change.path, change.previousPath ?? change.path]))
    let candidates = 0
    for (const blob of blobs) {
      if (!isRegular(blob)) continue
      this.#blobs.set(blob.path, blob)
      let kind = kindOf(blob.path) ?? (isRootScript(blob.path) ? 'script' : undefined)
      if (!kind && options.everything && blob.size > 0 && isScriptFile(blob.path)) kind = 'script'
      const isCandidate =
        !kind &&
        /\.ya?ml$/.test(blob.path) &&
        (changed.has(blob.path) || mayHoldManifest(blob.path) || (options.everything && blob.size > 0))
      if (isCandidate) {
        kind = 'manifest'
        // A path whose text the caller keeps to himself says nothing about what it holds.
        if (options.everything && blob.size === 0) continue
        if (++candidates > MAX_CANDIDATES) {
          this.#looked.push({ path: blob.path, kind, as: 'left-out', reason: `more than ${MAX_CANDIDATES} YAML files` })
          continue
        }
      }
      if (kind) this.#todo.set(blob.path, kind)
    }
  }

  blob(path: string): Blob | undefined {
    return this.#blobs.get(path)
  }

  addTest(file: TestFile): void {
    this.#tests.push(file)
    this.#texts.set(file.path, file.text)
  }

  get wanted(): Blob[] {
    const blobs: Blob[] = []
    for (const [path, kind] of this.#todo) {
      const blob = this.#blobs.get(path)!
      const most = kind === 'codeowners' ? MAX_OWNERS : MAX_BYTES
      const refuse = (as: Looked['as'], reason?: string) => {
        this.#todo.delete(path)
        this.#looked.push({ path, kind, as, at: startOf(path), ...given({ reason }) })
      }
      if (isTemplateName(path) || (kind !== 'chart' && /\.ya?ml$/.test(path) && inChartTemplates(path, this.#charts)))
        refuse('template')
      else if (blob.size > most) refuse('left-out', `larger than ${most >> 10} KiB (${blob.size >> 10} KiB)`)
      else blobs.push(blob)
    }
    return blobs
  }

  /** Parses what was read, each (kind, path, text) once for both sides. */
  parse(reader: Reader): void {
    for (const [path, kind] of this.#todo) {
      const blob = this.#blobs.get(path)!
      const text = reader.texts.get(blob.sha)
      if (typeof text !== 'string') {
        const as = text?.broken ? 'broken' : 'unread'
        this.#looked.push({ path, kind, as, reason: text?.reason ?? 'not read', at: startOf(path) })
        continue
      }
      const key = `${kind}\0${path}\0${blob.sha}`
      const parsed = reader.parsed.get(key) ?? parseFile(kind, path, text)
      reader.parsed.set(key, parsed)
      this.#texts.set(path, withoutMark(text))
      if (kind === 'manifest' && !parsed.manifests && parsed.looked.as === 'read') continue
      this.#looked.push(parsed.looked)
      for (const name of Object.keys(this.#lists) as (keyof Lists)[])
        for (const item of parsed[name] ?? []) (this.#lists[name] as unknown[]).push(item)
    }
    this.#todo = new Map()
  }

  /** The files that those of the first round name: Dockerfiles of builds, and what commands run. */
  name(): Blob[] {
    const named = new Map<string, FileKind>()
    const seen = new Set(this.#looked.map(row => row.path))
    // Where all is looked at, no name leads to more.
    if (this.paths.every(path => seen.has(path))) return []
    const want = (path: string, kind: FileKind) => {
      if (!this.#blobs.has(path) || seen.has(path)) return
      seen.add(path)
      if (named.size < MAX_NAMED) named.set(path, kind)
      else
        this.#looked.push({
          path,
          kind,
          as: 'left-out',
          reason: `commands and builds name more than ${MAX_NAMED} files`
        })
    }
    for (const path of buildFilesOf(this.#lists)) want(path, 'dockerfile')
    for (const { script, directory } of scriptsIn(this.#lists))
      for (const command of script.commands)
        for (const path of pathsNamedBy(command, directory, this.#pathSet)) want(path, 'script')
    this.#todo = named
    return this.wanted
  }

  get uses(): string[] {
    const written = [
      ...this.#lists.workflows.flatMap(workflow => workflow.jobs.flatMap(job => job.uses?.value ?? [])),
      ...[...this.#lists.workflows.flatMap(stepsOf), ...this.#lists.actions.flatMap(action => action.steps)].flatMap(
        step => step.uses?.value ?? []
      )
    ]
    return written.filter(isRemoteName)
  }

  get lists(): Lists {
    return this.#lists
  }

  finish(remote: Remotes, rest: Pick<Repo, 'lints' | 'facts' | 'unread' | 'testsKnown'> & Partial<Repo>): Repo {
    const parts = {
      ...this.#lists,
      codeowners: this.#lists.codeowners.sort((a, b) => OWNERS.indexOf(a.path) - OWNERS.indexOf(b.path)),
      tests: this.#tests,
      composes: withOverrides(this.#lists.composes),
      ...rest,
      paths: this.paths,
      texts: this.#texts,
      looked: this.#looked,
      remote,
      unread: [...rest.unread, ...unreadOf(this.#looked), ...unreadRemotes(remote)]
    }
    let pipeline: Pipeline | undefined
    let units: Unit[] | undefined
    // Only some rules ask.
    return {
      ...parts,
      get pipeline() {
        return (pipeline ??= derivePipeline(parts))
      },
      get units() {
        return (units ??= deriveUnits(parts))
      }
    }
  }
}

function parseFile(kind: FileKind, path: string, text: string): Parsed {
  const at = startOf(path)
  const row = (as: Looked['as'], reason?: string, where = at): Parsed => ({
    looked: { path, kind, as, at: where, ...given({ reason }) }
  })
  const bad = badEncoding(text)
  if (bad) return row('broken', bad)
  if (kind === 'codeowners') return { ...row('read'), codeowners: [readCodeOwners(path, withoutMark(text))] }
  if (kind === 'script') {
    const script = readScriptFile(path, withoutMark(text))
    return {
      ...row(script ? 'read' : 'broken', script ? undefined : 'not understood'),
      ...(script && { scripts: [script] })
    }
  }
  if (isTemplateText(kind, text)) return row('template')
  if (kind === 'dockerfile') return { ...row('read'), dockerfiles: [readDockerfile(path, withoutMark(text))] }
  if (kind === 'ignore-file') return { ...row('read'), ignoreFiles: [readIgnoreFile(path, withoutMark(text))] }
  if (kind === 'manifest' && !looksLikeManifest(text)) return row('read')
  const documents = parseYaml(path, text, { merge: kind === 'compose' || kind === 'manifest' })
  const error = documents.flatMap(document => document.errors)[0]
  if (
    error &&
    (kind === 'manifest' || kind === 'compose') &&
    isPlaceholderLine(text.split('\n')[error.at.line - 1] ?? '')
  )
    return row('template')
  const looked = error
    ? broken(
        row('broken', error.message, error.at),
        documents.flatMap(({ errors }) => errors)
      )
    : row('read')
  if (kind === 'manifest') return { ...looked, manifests: readManifests(path, documents) }
  const [first] = documents
  const root = first?.root
  if (root?.kind !== 'map') {
    const message = root ? 'holds no mapping' : 'is empty'
    return error ? looked : broken(row('broken', message), [{ message, at }])
  }
  const lists = parsers[kind](path, root, first!.comments)
  // An alias that leads nowhere leaves the rest as it was meant.
  const isBroken = documents.some(({ errors }) => errors.some(({ message }) => !message.startsWith('alias *')))
  if (isBroken) for (const item of [...(lists.workflows ?? []), ...(lists.actions ?? [])]) item.broken = true
  return { ...looked, ...lists }
}

const broken = (parsed: Parsed, errors: YamlError[]): Parsed => ({ ...parsed, looked: { ...parsed.looked, errors } })

const parsers: Record<
  'workflow' | 'action' | 'dependabot' | 'compose' | 'chart',
  (path: string, root: YamlMap, comments: Repo['workflows'][number]['comments']) => Partial<Lists>
> = {
  workflow: (path, root, comments) => ({ workflows: [readWorkflow(path, startOf(path), root, comments)] }),
  action: (path, root, comments) => ({ actions: [readAction(path, startOf(path), root, comments)] }),
  dependabot: (path, root, comments) => ({ dependabot: [readDependabot(path, startOf(path), root, comments)] }),
  compose: (path, root, comments) => ({ composes: [readCompose(path, startOf(path), root, comments)] }),
  chart: (path, root) => ({ charts: [{ path, at: startOf(path), ...given({ name: scalarOf(root.get('name')) }) }] })
}

const OWNERS = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS']

function badEncoding(text: string): string | undefined {
  const start = text.slice(0, 4096)
  if (!start.includes('\0')) return undefined
  const zeros = start.split('\0').length - 1
  return zeros > start.length / 3 ? 'is UTF-16: save it as UTF-8' : 'is binary: it holds NUL characters'
}

/** Every script whose commands may name a file, and the directory it runs in ('' = the root). */
function* scriptsIn(lists: Lists): Iterable<{ script: Script; directory: string }> {
  for (const workflow of lists.workflows)
    for (const job of workflow.jobs) {
      const inherited = job.defaults.workingDirectory ?? workflow.defaults.workingDirectory
      for (const step of job.steps)
        if (step.run) yield { script: step.run, directory: (step.workingDirectory ?? inherited)?.value ?? '' }
    }
  for (const action of lists.actions)
    for (const step of action.steps)
      if (step.run) yield { script: step.run, directory: step.workingDirectory?.value ?? '' }
  for (const file of lists.scripts) {
    const directory = file.path.includes('/') ? file.path.slice(0, file.path.lastIndexOf('/')) : ''
    for (const target of file.targets.values()) for (const script of target.scripts) yield { script, directory }
  }
}

/** The files that `uses:` names, and the workflows that workflows among them call in turn. */
async function resolveAll(source: Source, uses: string[]): Promise<Remotes> {
  const found: Remotes = new Map()
  let next = uses
  for (let depth = 0; next.length && depth < MAX_CALLS; depth++) {
    const answers = await source.resolve(next)
    for (const [name, answer] of answers) found.set(name, answer)
    const called = [...answers].flatMap(([name, answer]) => (isRemote(answer) ? callsIn(name, answer) : []))
    next = [...new Set(called)].filter(name => !found.has(name)).slice(0, MAX_CALLED)
  }
  return found
}
/** Workflows that call one another, and workflows that are called, as GitHub allows them. */
const MAX_CALLS = 10
const MAX_CALLED = 50

/** The workflows of other repositories that one of them calls, by the name under which they are resolved. */
function callsIn(name: string, { path, text }: Remote): string[] {
  if (!/\.ya?ml$/.test(name.split('@')[0]!) || !text.includes('uses:')) return []
  const [repository, ref] = [name.split('/').slice(0, 2).join('/'), name.slice(name.lastIndexOf('@') + 1)]
  const jobs = mapOf(mapOf(parseYaml(path, text)[0]?.root)?.get('jobs'))?.entries ?? []
  return jobs.flatMap(({ value }) => {
    const written = scalarOf(mapOf(value)?.get('uses'))?.value ?? ''
    const own = /^[.$]\/(.+)$/.exec(written)?.[1]
    const full = own ? `${repository}/${own}@${ref}` : written
    return isRemoteName(full) ? [full] : []
  })
}

const isRemoteName = (name: string) => /^[^./$\s][^/\s]*\/[^@\s]+@[^\s]+$/.test(name) && !name.includes('${{')

/** What is used, with the words that comments say of it. */
function versionsOf(sides: Side[]): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const { written, version } of sides.flatMap(side => usedIn(side.lists))) {
    const { value } = written
    const versions = found.get(value) ?? []
    if (version && !versions.includes(version)) versions.push(version)
    found.set(value, versions)
  }
  return found
}

const remoteUses = (sides: Side[]): string[] => [...new Set(sides.flatMap(side => side.uses))]

/** What was not seen, one row a kind and reason: a list of a thousand paths tells nobody anything. */
function unreadOf(looked: Looked[]): Unread[] {
  const groups = new Map<string, Looked[]>()
  for (const row of looked) {
    if (row.as === 'read' || row.as === 'template') continue
    // Each file has a size of its own.
    const reason = row.as === 'left-out' ? row.reason?.replace(/ \(.*/, '') : row.reason
    const key = row.as === 'broken' ? row.path : `${row.kind}\0${row.as}\0${reason}`
    const group = groups.get(key)
    if (group) group.push(row)
    else groups.set(key, [row])
  }
  return [...groups.values()].map(([first, ...more]) => ({
    what: more.length ? `${more.length + 1} files of kind ${first!.kind} (${first!.path}, …)` : first!.path,
    reason: first!.reason ?? 'not read',
    ...(!more.length && given({ at: first!.at }))
  }))
}

function unreadRemotes(remote: Remotes): Unread[] {
  const reasons = new Map<string, { first: string; count: number }>()
  for (const [uses, answer] of remote) {
    if (isRemote(answer)) continue
    const known = reasons.get(answer.reason)
    if (known) known.count++
    else reasons.set(answer.reason, { first: uses, count: 1 })
  }
  return [...reasons].map(([reason, { first, count }]) => ({
    what: count > 1 ? `${count} actions and workflows of other repositories (${first}, …)` : first,
    reason
  }))
}

const isRemote = (value: Remote | Unread): value is Remote => 'text' in value
