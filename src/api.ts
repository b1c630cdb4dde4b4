import { settingNames } from './branch-settings.js'
import { layered, mergeConfig, PRESETS, type ReadConfig, readConfig } from './config.js'
import { allRules, inspect, today } from './inspect.js'
import type {
  BranchFacts,
  Bypass,
  Config,
  ConfigProblem,
  Diff,
  FileChange,
  Files,
  Linter,
  QueueSettings,
  Unread
} from './model.js'
import { startOf } from './parse/text.js'
import { PEER_PATHS, readPeers } from './peer-config.js'
import { CONFIG_PATH, type Proposed } from './policy.js'
import { type Report, reportOf } from './report/json.js'
import { type Memory, memorySource } from './source/memory.js'

export type { Report, ReportFinding, ReportHidden } from './report/json.js'

export interface InspectOptions {
  /** A preset, or the ids of the rules to ask (patterns with `*` among them). */
  rules?: 'recommended' | 'strict' | 'all' | string[]
  /** The config as an object or as YAML text. Absent: the file of the base, without a base that of `files`. */
  config?: string | object
  /**
   * Config of other tools by the tool's name, as an object or a text, in place of what their files say. `shellcheck: false` and
   * `pyflakes: false` in any of them hold here too.
   */
  peerConfig?: Record<string, unknown>
  /** Whether ShellCheck and pyflakes may run, where they are installed and rules that are on ask for them. */
  shellcheck?: boolean
  pyflakes?: boolean
  /** All paths of the tree where `files` holds only some. */
  paths?: string[]
  /** Texts of files in other repositories, by `owner/repo/path@ref`. */
  remoteFiles?: Files
  /** What is known of the branch rules; absent or null is unknown. */
  branch?: BranchFacts | null
  diff?: Diff
  /** Texts at the merge base. Files that `diff` does not name are those of the head. */
  base?: Files
  basePaths?: string[]
}

/** Inspects texts in memory. Never throws on input: what is not as expected is listed as unread. */
export async function inspectFiles(files: Files, options: InspectOptions = {}): Promise<Report> {
  try {
    return await inspectGiven(files, options ?? {})
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { conclusion: 'failure', findings: [], hidden: [], unread: [{ what: 'inspection', reason }] }
  }
}

async function inspectGiven(given: Files, options: InspectOptions): Promise<Report> {
  const unread: Unread[] = []
  const texts = textsOf(given, unread)
  const memory: Memory = {
    files: texts,
    paths: [...stringsOf(options.paths), ...Object.keys(objectOf(given))],
    remoteFiles: textsOf(options.remoteFiles, []),
    branch: branchOf(options.branch)
  }
  const diff = diffOf(options.diff)
  if (diff) memory.diff = diff
  if (options.base) memory.base = completed(textsOf(options.base, unread), texts, diff)
  if (options.basePaths) memory.basePaths = stringsOf(options.basePaths)
  const source = memorySource(memory)
  source.unread.push(...unread)
  const inForce = memory.base ?? texts
  const read = configOf(options.config, inForce)
  const preset = presetOf(options.rules, read.problems)
  const peerConfig = objectOf(options.peerConfig) as Record<string, unknown>
  const peers = readPeers(path => textAt(inForce, path), peerConfig)
  const proposed = memory.base && proposedOf(memory.base, texts, peerConfig, read.config)
  const { verdict } = await inspect(
    source,
    {
      config: mergeConfig(peers.config, read.config, preset, lintersOf(options)),
      problems: read.problems,
      unread: peers.unread,
      ...(proposed && { proposed: { ...proposed, config: layered(proposed.config, preset) } })
    },
    // Whoever hands texts over is their author.
    { today: today(), authorMayWrite: 'yes' },
    { everything: true, ...(Array.isArray(options.rules) && { only: stringsOf(options.rules) }) }
  )
  return reportOf(verdict)
}

function configOf(config: unknown, files: Files): ReadConfig {
  if (config === undefined || config === null) {
    const text = textAt(files, CONFIG_PATH)
    return text === undefined ? { config: {}, problems: [] } : readConfig(CONFIG_PATH, text, allRules)
  }
  if (typeof config === 'string') return readConfig(CONFIG_PATH, config, allRules)
  const broken = (message: string) => ({ config: {}, problems: [{ at: startOf(CONFIG_PATH), message }] })
  if (typeof config !== 'object') return broken(`the config is an object or YAML text, not a ${typeof config}`)
  try {
    // JSON is YAML, so an object is checked by the same reader.
    return readConfig(CONFIG_PATH, JSON.stringify(config, undefined, 1), allRules)
  } catch (error) {
    return broken(`the config is no plain object: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** The config files that the head brings, where they are not those of the base. */
function proposedOf(
  base: Files,
  head: Files,
  given: Record<string, unknown>,
  inForce: Partial<Config>
): Proposed | undefined {
  const isChanged = (path: string) => textAt(head, path) !== undefined && textAt(head, path) !== textAt(base, path)
  const files = PEER_PATHS.filter(isChanged)
  if (!files.length && !isChanged(CONFIG_PATH)) return undefined
  const peers = readPeers(path => textAt(head, path) ?? textAt(base, path), given)
  const own = isChanged(CONFIG_PATH) ? configOf(undefined, head) : { config: inForce, problems: [] }
  return { config: layered(peers.config, own.config), problems: own.problems, files }
}

const textAt = (files: Files, path: string): string | undefined =>
  Object.hasOwn(files, path) ? files[path] : undefined

function presetOf(rules: unknown, problems: ConfigProblem[]): Partial<Config> {
  if (rules === undefined || rules === null || Array.isArray(rules)) return {}
  const preset = PRESETS.find(name => name === rules)
  if (preset) return { preset }
  problems.push({ at: startOf(''), message: `rules is ${PRESETS.join(', ')} or a list of ids, not ${typeof rules}` })
  return {}
}

function lintersOf(options: InspectOptions): Partial<Config> {
  const all = [options, ...Object.values(objectOf(options.peerConfig))].map(each => objectOf(each) as Partial<Config>)
  const isOff = (linter: Linter) => all.some(each => each[linter] === false)
  return { ...(isOff('shellcheck') && { shellcheck: false }), ...(isOff('pyflakes') && { pyflakes: false }) }
}

/** Unchanged files are the same at the base, whether or not they were handed over twice. */
function completed(base: Files, head: Files, diff: Diff | undefined): Files {
  if (!diff) return base
  const changed = new Set(diff.map(({ path }) => path))
  const unchanged = Object.entries(head).filter(([path]) => !changed.has(path) && !Object.hasOwn(base, path))
  return Object.fromEntries([...unchanged, ...Object.entries(base)])
}

// ---------------------------------------------------------------- input from anywhere

const objectOf = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {})

/** Built anew, so that a path such as `__proto__` is a key like any other. */
function textsOf(files: unknown, unread: Unread[]): Files {
  const texts: [string, string][] = []
  for (const [path, text] of Object.entries(objectOf(files)) as [string, unknown][])
    if (typeof text === 'string') texts.push([path, text])
    else unread.push({ what: path, reason: `its text is no string but ${text === null ? 'null' : typeof text}` })
  return Object.fromEntries(texts)
}

const stringsOf = (values: unknown): string[] =>
  Array.isArray(values) ? values.filter(value => typeof value === 'string') : []

const STATUSES = ['added', 'modified', 'removed', 'renamed', 'copied', 'changed', 'unchanged'] as const

function diffOf(diff: unknown): Diff | undefined {
  if (!Array.isArray(diff)) return undefined
  return (diff as unknown[]).flatMap(item => {
    const { path, previousPath, status, added, hunks } = objectOf(item) as Record<string, unknown>
    const known = STATUSES.find(each => each === status)
    if (typeof path !== 'string' || !known) return []
    const change: FileChange = { path, status: known, added: rangesOf(added) }
    if (typeof previousPath === 'string') change.previousPath = previousPath
    if (Array.isArray(hunks)) change.hunks = rangesOf(hunks)
    return change
  })
}

function rangesOf(ranges: unknown): [number, number][] {
  if (!Array.isArray(ranges)) return []
  return (ranges as unknown[]).flatMap((range): [number, number][] => {
    if (!Array.isArray(range)) return []
    const [from, to] = range as unknown[]
    return typeof from === 'number' && typeof to === 'number' ? [[from, to]] : []
  })
}

function branchOf(branch: unknown): BranchFacts {
  const given = objectOf(branch) as Record<string, unknown>
  const facts: BranchFacts = {}
  if (typeof given.name === 'string') facts.name = given.name
  for (const key of ['protected', ...settingNames] as const) {
    const value = given[key]
    if (typeof value === 'boolean') facts[key] = value
  }
  if (Array.isArray(given.requiredChecks))
    facts.requiredChecks = (given.requiredChecks as unknown[]).flatMap(check => {
      if (typeof check === 'string') return check
      const { context, appId } = objectOf(check) as Record<string, unknown>
      return typeof context === 'string' ? { context, ...(typeof appId === 'number' && { appId }) } : []
    })
  if (typeof given.approvalCount === 'number') facts.approvalCount = given.approvalCount
  if (Array.isArray(given.bypass)) facts.bypass = (given.bypass as unknown[]).flatMap(bypassOf)
  if (given.queue) facts.queue = queueOf(given.queue)
  if (Array.isArray(given.environments)) facts.environments = stringsOf(given.environments)
  if (Array.isArray(given.externalContexts)) facts.externalContexts = stringsOf(given.externalContexts)
  return facts
}

const MODES = ['always', 'pull_request', 'exempt'] as const

function bypassOf(entry: unknown): Bypass | [] {
  const { who, mode, of } = objectOf(entry) as Record<string, unknown>
  const known = MODES.find(each => each === mode)
  if (typeof who !== 'string' || !known) return []
  return { who, mode: known, of: typeof of === 'string' ? of : 'given' }
}

function queueOf(queue: unknown): QueueSettings {
  const { grouping, ...rest } = objectOf(queue) as Record<string, unknown>
  const numbers = ['timeoutMinutes', 'minEntries', 'maxEntries', 'minWaitMinutes'] as const
  return {
    ...Object.fromEntries(numbers.flatMap(name => (typeof rest[name] === 'number' ? [[name, rest[name]]] : []))),
    ...(typeof grouping === 'string' && { grouping })
  }
}
