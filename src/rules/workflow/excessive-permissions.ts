import { writesNothing } from '../../data/contexts.js'
import type { Edit, Field, Job, Permissions, Place, Problem, Workflow } from '../../model.js'
import { readUses } from '../../parse/uses.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/excessive-permissions',
  title: 'Token may do more than the jobs need',
  why: 'Whoever gets hold of the token (an action, a dependency, an injected command) can do all that it can.',
  fix: 'Give the workflow `permissions: contents: read`, and each job that writes its own scopes.',
  severity: 'warning',
  topic: 'security',
  preset: 'recommended',
  edits: 'suggested',
  over: 'workflow',
  peers: { zizmor: 'excessive-permissions' },

  *check(workflow) {
    yield* missing(workflow)
    // What every job replaces reaches nobody.
    if (workflow.jobs.some(job => !job.permissions)) yield* everything(workflow.permissions, 'every job')
    for (const job of workflow.jobs) yield* everything(job.permissions, `job ${job.id.value}`)
    yield* inherited(workflow)
  },

  bad: {
    '.github/workflows/ci.yml': `on: pull_request
jobs:
  test:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps:
      - run: npm test
`
  },
  good: {
    '.github/workflows/ci.yml': `on: pull_request
permissions:
  contents: read
jobs:
  test:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps:
      - run: npm test
`
  }
})

/** Jobs whose token is the repository's default, which may be one that writes everything. */
function* missing(workflow: Workflow): Iterable<Problem> {
  if (workflow.permissions) return
  // The token of a reusable workflow is its caller's, and a called workflow may narrow what it is given.
  const events = workflow.triggers.map(trigger => trigger.event.value)
  if (!events.length || events.every(event => event === 'workflow_call')) return
  const jobs = workflow.jobs.filter(job => !job.permissions && !job.uses)
  const [first] = jobs
  if (!first) return
  const risky = events.some(event => RISKY.has(event))
  const peers = {
    zizmor: 'excessive-permissions',
    ghalint: 'job_permissions',
    ...(risky && { poutine: 'default_permissions_on_risky_events' })
  }
  const names = listed(jobs)
  const message = `no permissions are set for ${names}: ${jobs.length > 1 ? 'their' : 'its'} token has the repository's default, which may write`
  // Where every job lacks them, one block for the workflow is the fix; where some do, each of those is to blame.
  const edits = blockFor(workflow)
  if (!workflow.jobs.some(job => job.permissions)) {
    const at = jobs.length > 1 ? (workflow.yaml.entry('jobs')?.key.at ?? first.at) : first.at
    const covers = jobs.map(job => `missing ${job.id.value}`)
    yield { at, message, peers, ...(edits && { edits }), key: 'missing', covers }
    return
  }
  for (const job of jobs)
    yield {
      at: job.at,
      message: `no permissions are set for job ${job.id.value}: its token has the repository's default, which may write`,
      peers,
      key: `missing ${job.id.value}`
    }
}

// Anyone can start these and the token writes: those that poutine asks about.
const RISKY = new Set(['pull_request_target', 'issue_comment'])

function* everything(permissions: Permissions | undefined, who: string): Iterable<Problem> {
  const all = permissions?.all
  if (all?.value === 'write-all')
    yield {
      at: all.at,
      message: `${who} may write everything in the repository`,
      severity: 'error',
      peers: { zizmor: 'excessive-permissions', ghalint: 'deny_write_all_permission' },
      key: `write-all ${who}`
    }
  if (all?.value === 'read-all')
    yield {
      at: all.at,
      message: `${who} may read everything the token can reach, security alerts and packages included`,
      severity: 'note',
      peers: { zizmor: 'excessive-permissions', ghalint: 'deny_read_all_permission' },
      key: `read-all ${who}`
    }
}

/** Scopes that write and stand at the workflow, where some job shows that it has no use for them. */
function* inherited(workflow: Workflow): Iterable<Problem> {
  const jobs = workflow.jobs.filter(job => !job.permissions)
  if (jobs.length < 2) return
  for (const scope of workflow.permissions?.scopes ?? []) {
    if (scope.value.value !== 'write') continue
    const idle = jobs.filter(job => hasNoUse(job, scope))
    if (!idle.length || idle.length === jobs.length) continue
    yield {
      at: { ...scope.name.at, endLine: scope.value.at.endLine, endColumn: scope.value.at.endColumn },
      message: `${scope.name.value}: write reaches every job, and ${listed(idle)} ${idle.length > 1 ? 'show' : 'shows'} no use of it`,
      key: `inherited ${scope.name.value}`
    }
  }
}

/**
 * Does nothing in a job hint at the use of a scope? Without a token in its environment a script has only what checkout
 * left behind, which is for git, and the variables that OIDC and the cache offer to every step.
 */
function hasNoUse(job: Job, scope: Field): boolean {
  if (job.uses || !job.steps.length || mentionsToken(job)) return false
  if (scope.name.value === 'id-token') return job.steps.every(step => step.uses && isReader(step.uses.value))
  const hints = scope.name.value === 'contents' ? /\b(git|release|publish|deploy|version|tag|push|commit)/i : undefined
  return job.steps.every(step => {
    if (step.uses) return isReader(step.uses.value)
    return !hints?.test(`${job.id.value} ${step.name?.value ?? ''} ${step.run?.text.value ?? ''}`)
  })
}

function isReader(written: string): boolean {
  const uses = readUses(written)
  return uses.kind === 'remote' && writesNothing(uses.action)
}

/** A token, or gh which looks for one, anywhere in what a job is written as. */
function mentionsToken(job: Job): boolean {
  const texts = [
    ...job.env.map(field => field.value),
    ...job.steps.flatMap(step => [...step.env, ...step.with].map(field => field.value)),
    ...job.steps.flatMap(step => step.run?.text ?? [])
  ]
  return texts.some(({ value }) => /token|secrets|\bgh\b|\bgithub\.com\/api|api\.github/i.test(value))
}

/** A block for the whole workflow, where nothing in any job can miss what the default token may do beyond reading. */
function blockFor(workflow: Workflow): Edit[] | undefined {
  const jobs = workflow.yaml.entry('jobs')?.key.at
  if (jobs?.column !== 1 || workflow.env.some(field => /token|secrets/i.test(field.value.value))) return undefined
  const git = /\bgit\s+(push|tag)|\b(release|publish|deploy)/i
  const isHarmless = (job: Job): boolean =>
    !job.uses &&
    !mentionsToken(job) &&
    job.steps.every(step => (step.uses ? isReader(step.uses.value) : !git.test(step.run?.text.value ?? '')))
  if (!workflow.jobs.every(isHarmless)) return undefined
  // A comment above the jobs is about them.
  const remarks = new Set(workflow.comments.flatMap(({ at }) => (at.column === 1 ? at.line : [])))
  let line = jobs.line
  while (remarks.has(line - 1)) line--
  const before = Math.max(
    0,
    ...workflow.yaml.entries
      .map(({ value }) => value.at)
      .filter(at => at.line < line)
      .map(endOf)
  )
  const gap = before === line - 1 ? '\n' : ''
  return [{ at: { ...jobs, line, endLine: line, endColumn: 1 }, text: `${gap}permissions:\n  contents: read\n\n` }]
}

function listed(jobs: Job[]): string {
  const names = jobs.map(job => job.id.value)
  if (names.length === 1) return `job ${names[0]}`
  const shown = names.length > 3 ? [...names.slice(0, 2), `${names.length - 2} more`] : names
  return `jobs ${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`
}

const endOf = ({ endLine, endColumn }: Place): number => (endColumn === 1 ? endLine - 1 : endLine)
