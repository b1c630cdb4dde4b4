import { peerFileAgainst, settingOf } from './config.js'
import { constructsOf, smallestAt } from './construct.js'
import type {
  Config,
  ConfigProblem,
  Finding,
  Hidden,
  Place,
  Repo,
  Requirement,
  Severity,
  Unread,
  Verdict
} from './model.js'
import { SourceText } from './parse/text.js'
import { requirementsOf } from './requirements.js'
import { type Asked, type Found, hash } from './rule.js'
import {
  canTellUse,
  found,
  invalidConfig,
  invalidSuppression,
  isSuppressed,
  type Suppression,
  suppressionsOf,
  unusedSuppression
} from './suppressions.js'

export interface Circumstances {
  /** Today, for warn-only-until: the caller's clock. */
  today: string
  /** The workflow of this run is not on the target branch yet. */
  firstRun: boolean
  /** May the author of the pull request write to the repository? Absent is unknown. Only asked where there is a base. */
  authorMayWrite?: 'yes' | 'no' | 'unknown'
  /** Config of other tools that could not be read. */
  unread?: Unread[]
  /** What is wrong with the config in force: our own failure, never a pass. */
  configProblems?: ConfigProblem[]
  /** What is wrong with the config that the pull request brings: a finding. */
  proposedProblems?: ConfigProblem[]
  /** Ids of all rules there are, for suppressions that name one. Absent: those that were asked. */
  rules?: string[]
}

/** Turns what the rules found at head and at base into a verdict. Pure. */
export function judge(head: Asked, base: Asked | undefined, repo: Repo, config: Config, now: Circumstances): Verdict {
  const ids = now.rules ?? [...head.timing.keys()]
  const before = base && repo.base && { asked: base, repo: repo.base }
  const diff = new Changes(repo)
  const { all: written, wrong } = suppressionsOf(repo, ids)
  const all = written.filter(({ peer }) => !peer || !config.withoutComments?.includes(peer.tool))
  const past = before && suppressionsOf(before.repo, ids)
  const fresh = new Set(past ? newSuppressions(all, past.all, diff) : [])
  const counts = (by: Suppression) => !fresh.has(by) || now.authorMayWrite === 'yes'
  const quiet = hush(head, repo, all.filter(counts), ids)
  const own = [
    ...wrong.map(({ at, message }) => found(invalidSuppression, at, message)),
    ...(now.proposedProblems ?? []).map(({ at, message }) => found(invalidConfig, at, message))
  ]
  const located = locate([...head.found, ...quiet.unused, ...own], repo)
  const old = before ? locate(foundBefore(before.asked, before.repo, past!, ids), before.repo).flatMap(inParts) : []
  const introduced = new Set(before ? newOnes(located, old, diff, repo) : located)

  const findings: Finding[] = []
  const hidden: Hidden[] = []
  const ordinals = new Map<string, number>()
  for (const each of located.sort(byPlace)) {
    const level = levelOf(each, config)
    const finding = findingOf(each, level, ordinals, introduced.has(each))
    const by = quiet.by.get(each.found)
    if (by) hidden.push({ finding, because: 'suppressed', reason: by.reason })
    else if (level !== 'off') findings.push(finding)
    else if (head.timing.has(finding.rule.id)) {
      const file = peerFileAgainst(config, finding.rule, finding.at.path, askedOf(each))
      hidden.push({ finding, because: 'off', ...(file !== undefined && { reason: `${file} says so` }) })
    }
  }

  const requirements = requirementsOf(repo, config, findings, hidden)
  const unread = [
    ...(now.configProblems ?? []).map(({ at, message }) => ({ what: 'config', reason: message, at })),
    ...(now.unread ?? []),
    ...repo.unread,
    ...head.unread
  ]
  return {
    ...conclude(findings, requirements, config, now),
    notices: [...fresh].map(by => noticeOf(by, now.authorMayWrite)),
    findings,
    hidden,
    requirements,
    unread: once(unread)
  }
}

const askedOf = ({ found: { rule, problem }, construct }: Located) => {
  const { at, peers = rule.peers } = problem
  return { peers, at, construct }
}

const levelOf = (each: Located, config: Config) =>
  settingOf(config, each.found.rule, each.found.problem.at.path, askedOf(each))

function findingOf(
  { found: { rule, problem }, identity }: Located,
  level: ReturnType<typeof levelOf>,
  ordinals: Map<string, number>,
  introduced: boolean
): Finding {
  const ordinal = ordinals.get(identity) ?? 0
  ordinals.set(identity, ordinal + 1)
  const severity = level === 'on' || level === 'off' ? (problem.severity ?? rule.severity) : level
  return { ...problem, rule, severity, fingerprint: hash(identity, ordinal), introduced }
}

// ---------------------------------------------------------------- what blocks

const RANK: Record<Severity, number> = { note: 0, warning: 1, error: 2 }

/** The table of what blocks. Where several rows fit: our own failure, first run, warn-only, failure, neutral, success. */
function conclude(
  findings: Finding[],
  requirements: Requirement[],
  config: Config,
  now: Circumstances
): Pick<Verdict, 'conclusion' | 'because' | 'wouldBlock' | 'failed'> {
  const [broken, ...more] = now.configProblems ?? []
  if (broken) {
    const failed = `${whereOf(broken.at)}${broken.message}${more.length ? ` (and ${more.length} more)` : ''}`
    return { conclusion: 'failure', failed, because: `the config is broken: ${failed}`, wouldBlock: [] }
  }
  const open = requirements.filter(({ state }) => state === 'unknown')
  const missed = requirements.filter(
    ({ state }) => state === 'not-met' || (state === 'unknown' && config.unknown === 'fail')
  )
  const blocking = findings.filter(finding => blocks(finding, config))
  const reasons = [
    ...missed.map(
      ({ topic, state, why }) => `required topic ${topic} is ${state === 'unknown' ? 'unknown' : 'not met'}: ${why}`
    ),
    ...blocking.map(({ rule, at, message }) => `${whereOf(at)}${message} (${rule.id})`)
  ]
  const counted = blocking.length
    ? `${blocking.length} new ${blocking.length === 1 ? 'finding' : 'findings'} at ${levelsFrom(config.failOn)}`
    : ''
  const summary = [...reasons.slice(0, missed.length), ...(counted ? [counted] : [])].join('; ')
  if (now.firstRun) {
    const because = `this is the first run: from the next pull request on this blocks: ${summary || 'nothing so far'}`
    return { conclusion: 'neutral', because, wouldBlock: reasons }
  }
  if (config.warnOnlyUntil !== undefined && now.today < config.warnOnlyUntil) {
    const because = `nothing blocks before ${config.warnOnlyUntil}${summary ? `; from then on: ${summary}` : ''}`
    return { conclusion: 'neutral', because, wouldBlock: reasons }
  }
  if (reasons.length) return { conclusion: 'failure', because: summary, wouldBlock: [] }
  if (open.length) {
    const because = open.map(({ topic, why }) => `required topic ${topic} is unknown: ${why}`).join('; ')
    return { conclusion: 'neutral', because, wouldBlock: [] }
  }
  const idle = requirements.filter(({ state }) => state === 'not-applicable')
  const said = idle.map(({ topic, why }) => `${topic} does not apply: ${why}`)
  return { conclusion: 'success', because: ['nothing new blocks', ...said].join('; '), wouldBlock: [] }
}

// How a branch is guarded is no pull request's doing: it blocks as a required topic only.
const blocks = ({ introduced, severity, rule }: Finding, { failOn }: Config) =>
  introduced && RANK[severity] >= RANK[failOn] && !rule.id.startsWith('branch/')

const levelsFrom = (level: Severity) => (level === 'error' ? 'error' : `${level} or above`)

const whereOf = ({ path, line, column }: Place) => (path ? `${path}:${line}:${column}: ` : '')

// ---------------------------------------------------------------- identity

function locate(all: Found[], repo: Repo): Located[] {
  const sources = new Map<string, SourceText>()
  return all.map(each => {
    const { path } = each.problem.at
    let source = sources.get(path)
    if (!source) {
      source = new SourceText(path, repo.texts.get(path) ?? '')
      sources.set(path, source)
    }
    const { at, key } = each.problem
    const around = smallestAt(repo, at)
    const text = key === undefined ? textAt(source, at) : keyed(key)
    const isOfAll = around?.at.line === at.line && around.at.column === at.column
    return new Located(each, around?.name ?? '', text, isOfAll)
  })
}

const keyed = (key: string) => `key ${key}`

class Located {
  constructor(
    readonly found: Found,
    readonly construct: string,
    /** What is written there, or the key that stands for it. */
    readonly text: string,
    /** It is said of the construct as a whole. */
    readonly isOfAll: boolean
  ) {}
  /** Rule, path, construct and text: what a problem is, wherever it stands in its file. */
  get identity(): string {
    return this.at(this.found.problem.at.path, true)
  }
  /** The same with another path or without the construct, for files that moved and jobs that got another name. */
  at(path: string, inside: boolean): string {
    return `${this.found.rule.id}\0${path}\0${inside ? this.construct : ''}\0${this.text}`
  }
  /** Where it is about a job or service as a whole: the identity without its name. */
  named(path: string): string | undefined {
    const nameless = namelessOf(this.construct, this.text, this.isOfAll)
    return nameless === undefined ? undefined : `${this.found.rule.id}\0${path}\0${nameless}`
  }
}

/** A problem and those that it says at once. */
function inParts(each: Located): Located[] {
  const { problem } = each.found
  const parts = (problem.covers ?? []).map(key => new Located(each.found, '', keyed(key), false))
  return [each, ...parts]
}

/**
 * What is said of a job or service as a whole, at its key or by its name, without that name. Steps are named after what
 * they run: that is no name.
 */
function namelessOf(construct: string, text: string, isOfAll: boolean): string | undefined {
  const [kind, own] = construct.split('.')
  if ((kind !== 'jobs' && kind !== 'services') || !own || construct !== `${kind}.${own}`) return undefined
  const words = text.split(/\s+/)
  const others = words.filter(word => word !== own && word !== withoutVersions(own))
  return isOfAll || others.length < words.length ? [kind, ...others].join(' ') : undefined
}

/** What is written at a place, as far as its first line goes, without what changes when a version does. */
function textAt(source: SourceText, at: Place): string {
  const line = source.line(at.line)
  const to = at.endLine === at.line ? at.endColumn - 1 : line.length
  return withoutVersions(line.slice(at.column - 1, Math.min(to, at.column + 299)))
}

/** Drops references, tags, hashes and numbers: `actions/checkout@v4` and `@v6` are one text, and so are two image tags. */
export function withoutVersions(text: string): string {
  return text
    .replace(/(?<=\w)@[^\s"',]{1,200}/g, '')
    .replace(/(?<=\w):[\w][\w.-]{0,127}(?![\w./-])/g, '')
    .replace(/\b[0-9a-f]{7,64}\b/g, '')
    .replace(/[\d.]+/g, '0')
    .replace(/\s+/g, ' ')
    .trim()
}

function byPlace(a: Located, b: Located): number {
  const [one, two] = [a.found.problem.at, b.found.problem.at]
  return (
    compare(one.path, two.path) ||
    one.line - two.line ||
    one.column - two.column ||
    compare(a.found.rule.id, b.found.rule.id)
  )
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

// ---------------------------------------------------------------- new and old

/** Which lines a pull request changed, and where its files were before. */
class Changes {
  readonly #files: Map<string, NonNullable<Repo['diff']>[number]>
  constructor(repo: Repo) {
    this.#files = new Map(repo.diff?.map(change => [change.path, change]))
  }
  isChanged({ path, line }: Place): boolean {
    return this.#files.get(path)?.added.some(([from, to]) => from <= line && line <= to) ?? false
  }
  /** The path that a file had at the base. A copy is new: what it was copied from is still there. */
  before(path: string): string {
    const change = this.#files.get(path)
    return change?.status === 'renamed' ? (change.previousPath ?? path) : path
  }
}

/**
 * What the head has and the base had not, as multisets: the same file and construct first, then the file's former path,
 * then the same text on a line that nobody changed, in a construct that goes by another name now, then what is said of a
 * construct by its name, where one name went and another came.
 */
function newOnes(now: Located[], before: Located[], diff: Changes, repo: Repo): Located[] {
  const isChanged = ({ found: { problem } }: Located) => diff.isChanged(problem.at)
  const pathOf = ({ found: { problem } }: Located) => problem.at.path
  let left = unpaired(
    now,
    before,
    isChanged,
    each => each.identity,
    each => each.identity
  )
  const formerly = (each: Located, inside: boolean) => each.at(diff.before(pathOf(each)), inside)
  left = unpaired(
    left.now,
    left.before,
    isChanged,
    each => formerly(each, true),
    each => each.identity
  )
  const moved = unpaired(
    left.now.filter(each => !isChanged(each)),
    left.before,
    isChanged,
    each => formerly(each, false),
    each => each.at(pathOf(each), false)
  )
  const has = (side: Repo | undefined, path: string, construct: string) =>
    side !== undefined && constructsOf(side, path).some(({ name }) => name === construct)
  const candidates = left.now.filter(
    each =>
      isChanged(each) &&
      each.named(pathOf(each)) !== undefined &&
      !has(repo.base, diff.before(pathOf(each)), each.construct)
  )
  const renamed = unpaired(
    candidates,
    moved.before.filter(each => each.named(pathOf(each)) !== undefined && !has(repo, pathOf(each), each.construct)),
    isChanged,
    each => each.named(diff.before(pathOf(each)))!,
    each => each.named(pathOf(each))!
  )
  const asked = new Set(candidates)
  return [...left.now.filter(each => isChanged(each) && !asked.has(each)), ...renamed.now, ...moved.now]
}

/** Pairs two multisets by key and returns what has no partner. Of surplus equals those on changed lines stay alone. */
function unpaired<T>(
  now: T[],
  before: T[],
  isChanged: (item: T) => boolean,
  keyNow: (item: T) => string,
  keyBefore: (item: T) => string
): { now: T[]; before: T[] } {
  const waiting = new Map<string, T[]>()
  for (const item of before) {
    const key = keyBefore(item)
    const others = waiting.get(key)
    if (others) others.push(item)
    else waiting.set(key, [item])
  }
  const taken = new Set<T>()
  const pair = (item: T): boolean => {
    const partner = waiting.get(keyNow(item))?.shift()
    if (partner !== undefined) taken.add(partner)
    return partner !== undefined
  }
  const changed = new Set(now.filter(isChanged))
  const alone = new Set<T>()
  for (const item of now) if (!changed.has(item) && !pair(item)) alone.add(item)
  for (const item of changed) if (!pair(item)) alone.add(item)
  return { now: now.filter(item => alone.has(item)), before: before.filter(item => !taken.has(item)) }
}

// ---------------------------------------------------------------- suppressions

interface Hushed {
  by: Map<Found, Suppression>
  unused: Found[]
}

function hush(asked: Asked, repo: Repo, all: Suppression[], ids: string[]): Hushed {
  const by = new Map<Found, Suppression>()
  if (!all.length) return { by, unused: [] }
  const used = new Set<Suppression>()
  const inFile = new Map<string, Suppression[]>()
  for (const each of all) inFile.set(each.at.path, [...(inFile.get(each.at.path) ?? []), each])
  for (const each of asked.found) {
    for (const suppression of inFile.get(each.problem.at.path) ?? []) {
      if (!isSuppressed(suppression, each, repo)) continue
      used.add(suppression)
      if (!by.has(each)) by.set(each, suppression)
    }
  }
  const isAsked = (id: string) => asked.timing.has(id)
  const isOpen = new Set(asked.unread.flatMap(({ at }) => at?.path ?? []))
  const failed = new Set(asked.unread.map(({ what }) => what))
  const unused = all.filter(
    each =>
      !each.peer &&
      !used.has(each) &&
      !isOpen.has(each.at.path) &&
      !each.rules.some(name => failed.has(name)) &&
      canTellUse(each, isAsked, ids)
  )
  return {
    by,
    unused: unused.map(each => found(unusedSuppression, each.at, `${each.rules.join(', ')} finds nothing here`))
  }
}

function foundBefore(asked: Asked, repo: Repo, past: ReturnType<typeof suppressionsOf>, ids: string[]): Found[] {
  const wrong = past.wrong.map(({ at, message }) => found(invalidSuppression, at, message))
  return [...asked.found, ...hush(asked, repo, past.all, ids).unused, ...wrong]
}

/** Suppressions whose words the same file had not at the base. */
function newSuppressions(now: Suppression[], before: Suppression[], diff: Changes): Suppression[] {
  const isChanged = ({ at }: Suppression) => diff.isChanged(at)
  const same = unpaired(
    now,
    before,
    isChanged,
    ({ at, text }) => `${at.path}\0${text}`,
    ({ at, text }) => `${at.path}\0${text}`
  )
  return unpaired(
    same.now,
    same.before,
    isChanged,
    ({ at, text }) => `${diff.before(at.path)}\0${text}`,
    ({ at, text }) => `${at.path}\0${text}`
  ).now
}

function noticeOf({ at, rules, reason }: Suppression, mayWrite: Circumstances['authorMayWrite']): string {
  const what = `${at.path}:${at.line} newly suppresses ${rules.join(', ')}: ${reason}`
  if (mayWrite === 'yes') return what
  const why =
    mayWrite === 'no'
      ? 'its author may not write to the repository'
      : 'whether its author may write to the repository is not known'
  return `${what} (does not count: ${why})`
}

function once(unread: Unread[]): Unread[] {
  const seen = new Set<string>()
  return unread.filter(({ what, reason }) => {
    const key = `${what}\0${reason}`
    return !seen.has(key) && seen.add(key)
  })
}
