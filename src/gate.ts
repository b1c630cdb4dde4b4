import { neededBy, outerJob, type Required, requiredOf } from './checks.js'
import type { Finding, Job, PipelineJob, Place, Repo, Setting, TestRun, WorkKind } from './model.js'

type State = Setting['is']

/** What a change passes on its way: what starts which checks, what they prove, what the merge waits for, what follows. */
export interface Gate {
  /** Checks that report before the merge, those that matter most first. */
  rows: GateRow[]
  merge: GateMerge
  /** Jobs after the merge that bring it to its users. */
  after: GateRow[]
}
/** One check; those of a matrix are one, and so are many alike (see folded). */
export interface GateRow {
  /** Of the check; of all checks that are folded into it. */
  names: string[]
  /** How many checks it stands for; undefined where that is computed. */
  count: number | undefined
  /** What starts it, in words: 'pull request', 'pull request + merge queue'. Empty: nothing here does. */
  starts: string[]
  proves: string[]
  required: State
  /** How many of its checks are required, where not all are. */
  partly?: number
  holes: string[]
  /** What of it is not known. */
  unknown: string[]
  /** Names the row, and rows folded into it. */
  keys: string[]
  /** Rows that are required and wait for this one, by key. */
  through: string[]
}
export interface GateMerge {
  branch: string
  protected: State
  /** What else the rules ask for: '2 approvals', 'merge queue'. */
  asks: string[]
  holes: string[]
}

/** Draws up the gate from what was read and what was found. Nothing to draw: undefined. */
export function gateOf(repo: Repo, findings: Finding[]): Gate | undefined {
  const { jobs } = repo.pipeline
  if (!jobs.length) return undefined
  const required = requiredOf(repo)
  const demand = required && demandOn(required)
  const rows = new Map<PipelineJob, GateRow>()
  for (const job of jobs) if (isBefore(job) || demand?.due.has(job)) rows.set(job, rowOf(job, repo, demand))
  const after = new Map(jobs.filter(job => !rows.has(job) && isAfter(job)).map(job => [job, afterRow(job)]))
  const others = [...foreignRows(required ?? []), ...externalRows(repo)]
  const merge = mergeOf(repo)
  blame(findings, new Map([...rows, ...after]), others, merge)
  connect(rows)
  return {
    rows: [...rows.values(), ...others].sort((a, b) => weightOf(b) - weightOf(a)),
    merge,
    after: [...after.values()].sort((a, b) => rankOf(a) - rankOf(b))
  }
}

// ---------------------------------------------------------------- rows

const isBefore = ({ onPullRequest, events }: PipelineJob) => onPullRequest !== 'no' || events.includes('merge_group')
const isAfter = ({ events, work }: PipelineJob) =>
  events.some(event => event in FOLLOWS) && work.some(({ kind }) => kind in DOES)

/** Events that follow a merge by themselves or by hand, in words. */
const FOLLOWS: Record<string, string> = {
  push: 'push',
  workflow_run: 'the end of another workflow',
  release: 'release',
  create: 'a new tag or branch',
  deployment: 'deployment',
  schedule: 'schedule',
  workflow_dispatch: 'demand'
}
const DOES: Partial<Record<WorkKind, string>> = { deploy: 'deploys', publish: 'publishes', migrate: 'migrates' }
const PROVES: Partial<Record<WorkKind, string>> = {
  lint: 'lint',
  'format-check': 'format',
  typecheck: 'types',
  build: 'build',
  scan: 'scan',
  coverage: 'coverage',
  validate: 'validation'
}
const LEVELS: Record<TestRun['level'], string> = {
  unit: 'unit tests',
  integration: 'integration tests',
  e2e: 'end-to-end tests',
  smoke: 'smoke tests',
  load: 'load tests',
  any: 'tests'
}

function rowOf(job: PipelineJob, repo: Repo, demand: Demand | undefined): GateRow {
  const { checks, unread } = job
  const proves = provesOf(job)
  return {
    ...emptyRow(checks?.length === 1 ? checks[0]! : nameOf(job), keyOf(job)),
    count: checks?.length,
    starts: startsOf(job),
    proves,
    ...requiredState(job, demand, repo),
    unknown: unread.length && !proves.length ? ['not known what it runs'] : []
  }
}

/** What brings the merge to its users: not what it proves, but what it does and when. */
function afterRow(job: PipelineJob): GateRow {
  const kinds = new Set(job.work.map(({ kind }) => kind))
  return {
    ...emptyRow(nameOf(job), keyOf(job)),
    starts: Object.keys(FOLLOWS).flatMap(event => (job.events.includes(event) ? FOLLOWS[event]! : [])),
    proves: (Object.keys(DOES) as WorkKind[]).flatMap(kind => (kinds.has(kind) ? DOES[kind]! : []))
  }
}

const rankOf = ({ starts }: GateRow) => Object.values(FOLLOWS).indexOf(starts[0]!)

const keyOf = ({ workflow, job, callers }: PipelineJob) =>
  [workflow.path, ...[...callers, job].map(({ id }) => id.value)].join('\0')

/** The check's name without what a matrix adds to it. */
function nameOf({ job, callers }: PipelineJob): string {
  return [...callers, job]
    .map(({ name, id }) => (name && !name.value.includes('${{') ? name.value : id.value))
    .join(' / ')
}

function provesOf({ tests, work }: PipelineJob): string[] {
  const levels = new Set(tests.filter(({ ignored }) => !ignored).map(({ level }) => level))
  if (levels.size > 1) levels.delete('any')
  const kinds = new Set(work.map(({ kind }) => kind))
  return [
    ...(Object.keys(LEVELS) as TestRun['level'][]).filter(level => levels.has(level)).map(level => LEVELS[level]),
    ...(Object.keys(PROVES) as WorkKind[]).filter(kind => kinds.has(kind)).map(kind => PROVES[kind]!)
  ]
}

/** Pull requests to some branches start it, and whether the target branch is one of them is not known. */
export const MAY_START = 'pull request, some branches'

function startsOf({ onPullRequest, events }: PipelineJob): string[] {
  const queue = events.includes('merge_group') ? ['merge queue'] : []
  const others = events.slice(0, 3).map(event => event.replaceAll('_', ' '))
  const words = { yes: 'pull request', filtered: 'pull request, some paths', unknown: MAY_START }
  const all = onPullRequest !== 'no' ? [words[onPullRequest], ...queue] : queue.length ? queue : others
  return all.length ? [all.join(' + ')] : []
}

/** What required checks that come from here ask of jobs. */
interface Demand {
  /** Jobs that report some, with how many. */
  reporting: Map<PipelineJob, number>
  /** Jobs that may report some. */
  maybe: Set<PipelineJob>
  /** Jobs that report one which nothing that a change starts does. */
  due: Set<PipelineJob>
}

function demandOn(required: Required[]): Demand {
  const reporting: Demand['reporting'] = new Map()
  const maybe: Demand['maybe'] = new Set()
  const due: Demand['due'] = new Set()
  for (const each of required) {
    if (each.elsewhere === 'yes') continue
    const isLate = !each.jobs.some(isBefore)
    for (const job of each.jobs) {
      reporting.set(job, (reporting.get(job) ?? 0) + 1)
      if (isLate) due.add(job)
    }
    for (const job of each.maybe) maybe.add(job)
  }
  return { reporting, maybe, due }
}

type RequiredState = Pick<GateRow, 'required'> & { partly?: number }

function requiredState(job: PipelineJob, demand: Demand | undefined, { branch }: Repo): RequiredState {
  if (!demand) return { required: branch?.protected.is === 'no' ? 'no' : 'unknown' }
  const names = demand.reporting.get(job)
  if (names) return { required: 'yes', ...(names < (job.checks?.length ?? 0) && { partly: names }) }
  return { required: demand.maybe.has(job) ? 'unknown' : 'no' }
}

/** Required checks that no job here reports. */
function foreignRows(required: Required[]): GateRow[] {
  return required.flatMap(({ check, jobs, maybe, elsewhere }) => {
    if (elsewhere !== 'yes' && (jobs.length || maybe.length)) return []
    const row = { ...emptyRow(check.context, `check\0${check.context}`), required: 'yes' as const }
    if (elsewhere === 'yes') return { ...row, proves: ['reported by another app'] }
    return elsewhere === 'unknown' ? { ...row, unknown: ['not known who reports it'] } : row
  })
}

function externalRows({ pipeline, branch }: Repo): GateRow[] {
  // Where the rules are known, what it reports is among the required checks or of no weight.
  if (branch?.requiredChecks) return []
  return pipeline.external.map(({ name }) => ({
    ...emptyRow(name, `external\0${name}`),
    required: 'unknown',
    unknown: ['not known what it checks']
  }))
}

const emptyRow = (name: string, key: string): GateRow => ({
  names: [name],
  count: 1,
  starts: [],
  proves: [],
  required: 'no',
  holes: [],
  unknown: [],
  keys: [key],
  through: []
})

/** What is not required itself may count through a required job that waits for it. */
function connect(rows: Map<PipelineJob, GateRow>): void {
  const byJob = grouped(rows, job => [outerJob(job)])
  let looked = 0
  for (const [job, row] of rows) {
    const outer = outerJob(job)
    if (row.required !== 'yes' || !outer.needs.length) continue
    if (looked++ === MAX_WAITING) return
    for (const needed of neededBy(outer, job.workflow.jobs))
      for (const other of byJob.get(needed) ?? []) if (other.required !== 'yes') other.through.push(row.keys[0]!)
  }
}

/** Required jobs whose needs are followed: each may wait for all others. */
const MAX_WAITING = 50

/** Rows by what their jobs have. */
function grouped<K>(rows: Map<PipelineJob, GateRow>, keysOf: (job: PipelineJob) => K[]): Map<K, GateRow[]> {
  const groups = new Map<K, GateRow[]>()
  for (const [job, row] of rows)
    for (const key of new Set(keysOf(job))) {
      const group = groups.get(key)
      if (group) group.push(row)
      else groups.set(key, [row])
    }
  return groups
}

// ---------------------------------------------------------------- the merge

function mergeOf({ branch }: Repo): GateMerge {
  if (!branch) return { branch: '', protected: 'unknown', asks: [], holes: [] }
  const { approvals, approvalCount = 1, mergeQueue, requiredWorkflows, codeScanning, requiredChecks } = branch
  const asks: string[] = []
  if (approvals.is === 'yes') asks.push(approvalCount === 1 ? '1 approval' : `${approvalCount} approvals`)
  if (mergeQueue.is === 'yes') asks.push('merge queue')
  if (requiredWorkflows.is === 'yes') asks.push('required workflows')
  if (codeScanning.is === 'yes') asks.push('code scanning')
  if (branch.protected.is === 'yes' && !requiredChecks) asks.push('checks not known')
  return { branch: branch.branch, protected: branch.protected.is, asks, holes: [] }
}

// ---------------------------------------------------------------- holes

/** Findings in as few words as fit a picture; other rules about the branch and the pipeline say their title. */
const HOLES: Record<string, string> = {
  'branch/direct-push': 'takes direct pushes',
  'branch/force-push': 'history can be rewritten',
  'branch/merge-queue-stuck': 'queue cannot work',
  'branch/no-required-checks': 'no check required',
  'branch/no-required-reviews': 'no approval required',
  'branch/required-deployment-never-made': 'required deployment never made',
  'branch/tests-not-required': 'tests not required',
  'branch/unprotected': 'unprotected',
  'pipeline/duplicate-check-name': 'name reported twice',
  'pipeline/no-tests-on-pull-request': 'nothing tests it',
  'pipeline/required-check-aggregation': 'passes when needed jobs fail',
  'pipeline/required-check-never-reported': 'nothing reports it',
  'pipeline/required-check-not-in-merge-queue': 'not in the merge queue',
  'pipeline/required-check-not-started': 'not always started',
  'pipeline/required-check-skippable': 'passes when skipped',
  'pipeline/test-failure-ignored': 'test failures ignored',
  'pipeline/tests-after-merge': 'tests after the merge only',
  'pull-request/gate-changed': 'changed by this pull request',
  'pull-request/tests-removed': 'tests removed'
}

/** Writes what was found to the rows it is about. A note is no hole, and what belongs to no row is the merge's if it is about the branch. */
function blame(findings: Finding[], rows: Map<PipelineJob, GateRow>, others: GateRow[], merge: GateMerge): void {
  const blamed = blamer(rows, others)
  for (const finding of findings) {
    const { rule, severity } = finding
    if (severity === 'note' || (rule.topic !== 'gate' && rule.topic !== 'tests')) continue
    const words = HOLES[rule.id] ?? (/^(branch|pipeline)\//.test(rule.id) ? rule.title.toLowerCase() : undefined)
    if (words === undefined) continue
    const all = blamed(finding)
    // A call stands for all jobs that it leads to, and not all of them test.
    const to = rule.id === 'branch/tests-not-required' && all.some(isTested) ? all.filter(isTested) : all
    const isMerges = rule.id.startsWith('branch/') || rule.id === 'pipeline/no-tests-on-pull-request'
    for (const { holes } of to.length ? to : isMerges ? [merge] : []) if (!holes.includes(words)) holes.push(words)
  }
}

function blamer(rows: Map<PipelineJob, GateRow>, others: GateRow[]): (finding: Finding) => GateRow[] {
  const byCheck = grouped(rows, ({ checks }) => checks ?? [])
  const byContext = new Map(others.map(row => [row.keys[0], row]))
  const byLoss = grouped(rows, ({ tests }) => tests.flatMap(({ ignored }) => (ignored ? placeKey(ignored.at) : [])))
  const byJob = grouped(rows, job => [outerJob(job), job.job])
  const byLine = linesOf(byJob.keys())
  const byWorkflow = grouped(rows, ({ workflow }) => [workflow.path])
  return ({ rule, key = '', at }) => {
    if (rule.id === 'pipeline/no-tests-on-pull-request') return []
    // What is about one required check names it in its key.
    const context = /^(?:required|skipped|aggregation|duplicate) (.*)$/s.exec(key)?.[1]
    const foreign = byContext.get(`check\0${context}`)
    const named = context === undefined ? [] : [...(byCheck.get(context) ?? []), ...(foreign ? [foreign] : [])]
    if (named.length) return named
    const lost = byLoss.get(placeKey(at))
    if (lost) return lost
    const job = byLine.get(`${at.path}\0${at.line}`)
    if (job) return byJob.get(job) ?? []
    // Above the jobs stands what starts them: then it is about those that must be started.
    return (byWorkflow.get(at.path) ?? []).filter(({ required }) => required === 'yes')
  }
}

const placeKey = ({ path, line, column }: Place) => `${path}\0${line}\0${column}`

/** Jobs by the lines that they are written on, a called job and its call apart. */
function linesOf(jobs: Iterable<Job>): Map<string, Job> {
  const lines = new Map<string, Job>()
  for (const job of jobs) {
    const { at, yaml } = job
    const last = yaml.at.endColumn === 1 ? yaml.at.endLine - 1 : yaml.at.endLine
    for (let line = at.line; line <= Math.max(last, at.line); line++) lines.set(`${at.path}\0${line}`, job)
  }
  return lines
}

// ---------------------------------------------------------------- folding

const isTested = ({ proves }: GateRow) => proves.some(word => word.endsWith('tests'))

/** What a reader looks for first: holes, then what is required, then tests. */
const weightOf = (row: GateRow): number =>
  (row.required === 'yes' ? 8 : 0) +
  (row.holes.length ? 4 : 0) +
  (isTested(row) ? 2 : 0) +
  (row.through.length ? 1 : 0) -
  (row.proves.length ? 0 : 0.5)

/**
 * At most about `max` rows: those alike become one, the least interesting first. Beyond that only what starts them and
 * whether they are required, tested, known and sound keeps rows apart, at last without what starts them: a few remain.
 */
export function folded(rows: GateRow[], max: number): GateRow[] {
  const alike = (row: GateRow) => [row.starts, row.proves, row.holes, row.unknown, row.through, row.required].join('\0')
  const roughly = (row: GateRow) =>
    [row.required, isTested(row), row.holes.length > 0, row.unknown.length > 0, row.through.length > 0].join()
  const started = (row: GateRow) => [...row.starts, roughly(row)].join('\0')
  return [alike, started, roughly].reduce((shown, signature) => foldedBy(shown, max, signature), rows)
}

function foldedBy(rows: GateRow[], max: number, signature: (row: GateRow) => string): GateRow[] {
  if (rows.length <= max) return rows
  const groups = new Map<string, GateRow[]>()
  for (const row of rows) {
    const key = signature(row)
    const group = groups.get(key)
    if (group) group.push(row)
    else groups.set(key, [row])
  }
  const light = [...groups.values()]
    .filter(({ length }) => length > 1)
    .sort((a, b) => weightOf(a[0]!) - weightOf(b[0]!))
  const together = new Map<GateRow, GateRow | undefined>()
  let count = rows.length
  for (const group of light) {
    if (count <= max) break
    count -= group.length - 1
    group.forEach((row, at) => {
      together.set(row, at ? undefined : asOne(group))
    })
  }
  return rows.flatMap(row => (together.has(row) ? (together.get(row) ?? []) : row))
}

function asOne(group: GateRow[]): GateRow {
  const all = <T>(of: (row: GateRow) => T[]) => [...new Set(group.flatMap(of))]
  const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0)
  const [first] = group as [GateRow, ...GateRow[]]
  return {
    names: all(({ names }) => names),
    count: group.some(({ count }) => count === undefined) ? undefined : sum(group.map(({ count = 1 }) => count)),
    starts: all(({ starts }) => starts),
    proves: all(({ proves }) => proves),
    required: first.required,
    ...(group.some(({ partly }) => partly) && { partly: sum(group.map(({ count = 1, partly = count }) => partly)) }),
    holes: all(({ holes }) => holes),
    unknown: all(({ unknown }) => unknown),
    keys: all(({ keys }) => keys),
    through: all(({ through }) => through)
  }
}
