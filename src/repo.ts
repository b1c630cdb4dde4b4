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
  FileKind,
  Linter,
  Looked,
  Remote,
  Remotes,
  Repo,
  Script,
  Source,
  Unread,
  YamlMap
} from './model.js'
import { readCompose } from './parse/compose.js'
import { readDockerfile } from './parse/dockerfile.js'
import { readIgnoreFile } from './parse/ignore-file.js'
import { readManifests } from './parse/kubernetes.js'
import { isScriptFile, readScriptFile } from './parse/scripts.js'
import { startOf, withoutMark } from './parse/text.js'
import { given, readAction, readDependabot, readWorkflow } from './parse/workflow.js'
import { parseYaml, scalarOf } from './parse/yaml.js'
import { derivePipeline } from './pipeline.js'
import { buildFilesOf, stepsOf } from './query.js'
import { deriveUnits, withOverrides } from './units.js'

/** Larger files are written by programs, if they are no attack: hand-written ones stay below a tenth of it. */
const MAX_BYTES = 512 << 10
/** YAML files that may hold manifests, looked at by content. */
const MAX_CANDIDATES = 1000
/** Files that commands and builds name, read in the second round. */
const MAX_NAMED = 300

export interface ReadOptions {
  /** Look at every text the source has, whatever its folder: the caller chose them. */
  everything?: boolean
  /** Which linters to ask about scripts: known while the repository is read. */
  linters?: () => Promise<Linter[]>
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
  await reader.read(
    source,
    sides.flatMap(side => side.wanted)
  )
  for (const side of sides) side.parse(reader)
  const [head, base] = sides as [Side, Side | undefined]
  const uses = remoteUses(sides)
  const [resolved] = await Promise.all([
    uses.length ? source.resolve(uses) : new Map(),
    reader.read(
      source,
      sides.flatMap(side => side.name())
    )
  ])
  for (const side of sides) side.parse(reader)
  const { lints, unread } = await linted(sides, (await options.linters?.()) ?? [], reader)
  const before = base?.finish(resolved, { branch, diff: [], lints, unread: [] })
  return head.finish(resolved, {
    branch,
    ...given({ diff, base: before }),
    lints,
    unread: [...source.unread, ...unread]
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
    scripts: []
  }
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

  get wanted(): Blob[] {
    const blobs: Blob[] = []
    for (const [path, kind] of this.#todo) {
      const blob = this.#blobs.get(path)!
      const refuse = (as: Looked['as'], reason?: string) => {
        this.#todo.delete(path)
        this.#looked.push({ path, kind, as, at: startOf(path), ...given({ reason }) })
      }
      if (isTemplateName(path) || (kind !== 'chart' && /\.ya?ml$/.test(path) && inChartTemplates(path, this.#charts)))
        refuse('template')
      else if (blob.size > MAX_BYTES) refuse('left-out', `larger than ${MAX_BYTES >> 10} KiB (${blob.size >> 10} KiB)`)
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
      if (kind === 'manifest' && !parsed.manifests && parsed.looked.as === 'read') continue
      this.#looked.push(parsed.looked)
      this.#texts.set(path, withoutMark(text))
      for (const name of Object.keys(this.#lists) as (keyof Lists)[])
        for (const item of parsed[name] ?? []) (this.#lists[name] as unknown[]).push(item)
    }
    this.#todo = new Map()
  }

  /** The files that those of the first round name: Dockerfiles of builds, and what commands run. */
  name(): Blob[] {
    const named = new Map<string, FileKind>()
    const seen = new Set([...this.#looked.map(row => row.path)])
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
    return written.filter(name => /^[^./$\s][^/\s]*\/[^@\s]+@[^\s]+$/.test(name) && !name.includes('${{'))
  }

  get lists(): Lists {
    return this.#lists
  }

  finish(remote: Remotes, rest: Pick<Repo, 'lints' | 'unread'> & Partial<Repo>): Repo {
    const parts = {
      ...this.#lists,
      composes: withOverrides(this.#lists.composes),
      ...rest,
      paths: this.paths,
      texts: this.#texts,
      looked: this.#looked,
      remote,
      unread: [...rest.unread, ...unreadOf(this.#looked), ...unreadRemotes(remote)]
    }
    const pipeline = derivePipeline(parts)
    return { ...parts, pipeline, units: deriveUnits(parts, pipeline) }
  }
}

function parseFile(kind: FileKind, path: string, text: string): Parsed {
  const at = startOf(path)
  const row = (as: Looked['as'], reason?: string, where = at): Parsed => ({
    looked: { path, kind, as, at: where, ...given({ reason }) }
  })
  const bad = badEncoding(text)
  if (bad) return row('broken', bad)
  if (kind === 'codeowners') return row('read')
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
  const looked = error ? row('broken', error.message, error.at) : row('read')
  if (kind === 'manifest') return { ...looked, manifests: readManifests(path, documents) }
  const [first] = documents
  const root = first?.root
  if (root?.kind !== 'map') return error ? looked : row('broken', root ? 'holds no mapping' : 'is empty')
  return { ...looked, ...parsers[kind](path, root, first!.comments) }
}

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
