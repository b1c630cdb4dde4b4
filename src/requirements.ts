import type { Config, FileKind, Finding, Hidden, Pipeline, Place, Repo, Requirement, Topic, Unit } from './model.js'
import { startOf } from './parse/text.js'
import { given } from './parse/workflow.js'
import { pathKinds, sourceChangesOf } from './paths.js'

/** How each required topic stands at the head, whoever brought it about. */
export function requirementsOf(repo: Repo, config: Config, findings: Finding[], hidden: Hidden[]): Requirement[] {
  return [...new Set(config.require)].map(topic => {
    if (topic === 'tests') return excused(testsOf(repo, config), hidden)
    if (topic === 'health') return healthOf(repo, hidden)
    if (topic === 'gate') return gateOf(repo, findings)
    return anyOf(topic, findings)
  })
}

// ---------------------------------------------------------------- tests

type Standing = Pick<Requirement, 'state' | 'why' | 'at'>

function testsOf(repo: Repo, config: Config): Requirement {
  const now = testsIn(repo)
  // What changes no source is asked for the tests it takes away, not for those that were never there.
  const lost = now.state !== 'met' && repo.base && testsIn(repo.base).state === 'met'
  // Without a base everything counts as changed: what is tested needs no look at every path.
  const isWhole = !repo.diff && now.state === 'met'
  if (lost || isWhole || touchesSource(repo, config)) return { topic: 'tests', ...now }
  // It may be what takes the tests away.
  const unseen = unseenChange(repo, ['workflow', 'action'])
  if (unseen) return { topic: 'tests', state: 'unknown', ...unseen }
  return { topic: 'tests', state: 'not-applicable', why: 'no source file changes' }
}

function touchesSource(repo: Repo, config: Config): boolean {
  const globs = { source: config.source, tests: config.tests }
  if (repo.diff) return sourceChangesOf(repo.diff, globs).source.length > 0
  const kindOf = pathKinds(globs)
  return repo.paths.some(path => kindOf(path) === 'source')
}

/** Does a pull request to the target branch start tests whose failure counts? */
function testsIn({ pipeline, looked }: Pick<Repo, 'pipeline' | 'looked'>): Standing {
  // A merge queue runs its jobs before the merge too.
  const started = pipeline.jobs.filter(
    ({ onPullRequest, events }) =>
      onPullRequest === 'yes' || onPullRequest === 'filtered' || events.includes('merge_group')
  )
  const runs = started.flatMap(job => job.tests)
  const counting = runs.find(run => !run.ignored)
  if (counting) return { state: 'met', why: `a pull request runs \`${counting.command}\``, at: counting.at }
  const doubt = doubtIn(pipeline)
  if (doubt) return { state: 'unknown', ...doubt }
  const closed = looked.find(({ kind, as }) => kind === 'workflow' && (as === 'unread' || as === 'left-out'))
  if (closed) return { state: 'unknown', why: `${closed.path} was not read: ${closed.reason ?? 'no text'}` }
  const [ignored] = runs.flatMap(run => (run.ignored ? { run, ignored: run.ignored } : []))
  if (ignored) {
    const why = `the failure of \`${ignored.run.command}\` does not count (${ignored.ignored.how})`
    return { state: 'not-met', why, at: ignored.ignored.at }
  }
  const elsewhere = pipeline.jobs.flatMap(job => job.tests)[0]
  const why = elsewhere
    ? `tests run (\`${elsewhere.command}\`), but no pull request to this branch starts them`
    : 'no job that a pull request starts runs tests'
  return { state: 'not-met', why, ...given({ at: elsewhere?.at }) }
}

function doubtIn(pipeline: Pipeline): { why: string; at?: Place } | undefined {
  const maybe = pipeline.jobs.find(job => job.onPullRequest === 'unknown' && job.tests.some(run => !run.ignored))
  if (maybe) return { why: `whether a pull request starts ${maybe.job.id.value} is not known`, at: maybe.job.at }
  const closed = pipeline.jobs.find(job => job.onPullRequest !== 'no' && job.unread.length)
  const [unread] = closed?.unread ?? []
  if (unread) return { why: `${unread.what}: ${unread.reason}`, ...given({ at: unread.at ?? closed?.job.at }) }
  const [external] = pipeline.external
  return external && { why: `${external.name} may run them (${external.by})` }
}

// Who says why a missing test run is fine has answered the question.
const TESTS = ['pipeline/no-tests-on-pull-request', 'pipeline/test-failure-ignored']
function excused(requirement: Requirement, hidden: Hidden[]): Requirement {
  if (requirement.state !== 'not-met') return requirement
  const row = hidden.find(({ finding }) => TESTS.includes(finding.rule.id))
  return row ? { ...requirement, state: 'not-applicable', why: excuse(row) } : requirement
}

const excuse = ({ because, finding, reason }: Hidden) =>
  because === 'off'
    ? `${finding.rule.id} is off there${reason ? `: ${reason}` : ''}`
    : `suppressed: ${reason ?? finding.rule.id}`

// ---------------------------------------------------------------- health

function healthOf(repo: Repo, hidden: Hidden[]): Requirement {
  const topic = 'health'
  const touched = touchedUnits(repo)
  const ill = touched.filter(unit => unit.health === 'no')
  const blamed = ill.filter(unit => !excuseOf(unit, hidden))
  const [first] = blamed
  if (first) {
    const who = blamed.length > 1 ? `${first.name} and ${blamed.length - 1} more have` : `${first.name} has`
    // The table blocks for old ones too: then the author should know that it was not him.
    const before = repo.base?.units.find(unit => keyOf(unit) === keyOf(first))
    const since = before?.health === 'no' ? ', as before this pull request' : ''
    return { topic, state: 'not-met', why: `${who} no health check${since}`, at: first.at }
  }
  const unseen = unseenChange(repo, ['dockerfile', 'compose', 'manifest'])
  if (unseen) return { topic, state: 'unknown', ...unseen }
  const open = touched.find(unit => unit.health === 'unknown')
  if (open) return { topic, state: 'unknown', why: named(open), at: open.at }
  const [well] = touched.filter(unit => unit.health === 'yes')
  if (well) return { topic, state: 'met', why: `${well.name} has a health check` }
  const excusedBy = ill[0] && excuseOf(ill[0], hidden)
  if (excusedBy) return { topic, state: 'not-applicable', why: excuse(excusedBy) }
  const why = touched[0] ? `${touched[0].name} needs none: ${touched[0].why}` : 'nothing that is deployed changes'
  return { topic, state: 'not-applicable', why }
}

/** Units that the pull request changes, also by what it removes; without a base, all. A service beside a job is not deployed. */
function touchedUnits({ units, diff, base }: Repo): Unit[] {
  const deployed = units.filter(unit => unit.kind !== 'job-service')
  if (!diff) return deployed
  const changed = new Set(
    diff
      .filter(({ status }) => status !== 'unchanged')
      .flatMap(({ path, previousPath }) => [path, previousPath ?? path])
  )
  const touches = (unit: Unit) => changed.has(unit.at.path) || unit.paths.some(path => changed.has(path))
  const before = new Set(base?.units.filter(touches).map(keyOf))
  return deployed.filter(unit => touches(unit) || before.has(keyOf(unit)))
}

/** Why a unit stands as it does, with its name unless the reason says it. */
const named = ({ name, why }: Unit) => (why.includes(name) ? why : `${name}: ${why}`)

const keyOf = ({ kind, name }: Unit) => `${kind}\0${name}`

function excuseOf({ at }: Unit, hidden: Hidden[]): Hidden | undefined {
  return hidden.find(
    ({ finding }) =>
      finding.rule.topic === 'health' &&
      finding.at.path === at.path &&
      finding.at.line <= at.endLine &&
      at.line <= finding.at.endLine
  )
}

/** A file that the pull request changes and that we could not read, which is not the file's fault. */
function unseenChange({ diff, looked }: Repo, kinds: FileKind[]): { why: string; at: Place } | undefined {
  const changed = new Set(diff?.map(change => change.path))
  const row = looked.find(({ as, kind, path }) => as === 'unread' && kinds.includes(kind) && changed.has(path))
  return row && { why: `${row.path} changes and was not read: ${row.reason ?? 'no text'}`, at: startOf(row.path) }
}

// ---------------------------------------------------------------- gate and the rest

function gateOf({ branch }: Repo, findings: Finding[]): Requirement {
  const topic = 'gate'
  const weak = findings.find(({ rule, severity }) => rule.id.startsWith('branch/') && severity !== 'note')
  if (weak) return { topic, state: 'not-met', why: weak.message, at: weak.at }
  if (!branch) return { topic, state: 'unknown', why: 'branch rules were not read' }
  if (branch.protected.is === 'no') return { topic, state: 'not-met', why: branch.protected.why, at: startOf('') }
  const unread = (why: string): Requirement => ({ topic, state: 'unknown', why: `branch rules: ${why}` })
  if (branch.protected.is === 'unknown') return unread(branch.protected.why)
  if (!branch.requiredChecks) return unread(branch.checksKnown.why)
  return { topic, state: 'met', why: `${branch.branch || 'the branch'} is protected` }
}

function anyOf(topic: Topic, findings: Finding[]): Requirement {
  const finding = findings.find(({ rule, severity }) => rule.topic === topic && severity !== 'note')
  if (finding) return { topic, state: 'not-met', why: `${finding.rule.id}: ${finding.message}`, at: finding.at }
  return { topic, state: 'met', why: 'nothing found' }
}
