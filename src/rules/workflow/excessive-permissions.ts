import type { Edit, Job, Permissions, Place, Problem, Workflow } from '../../model.js'
import { beforeOf } from '../../query.js'
import { rule } from '../../rule.js'
import { idleJobs, isOfWorkflow, jobsWithout, linesOf, type TokenNeeds, tokenNeeds } from '../../token.js'

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
    '.github/workflows/ci.yml': `name: CI
on: pull_request
permissions:
  contents: read
concurrency:
  group: ci-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  test:
    name: test
    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps:
      - run: npm test
`
  }
})

/** Jobs whose token is the repository's default, which may be one that writes everything. */
function* missing(workflow: Workflow): Iterable<Problem> {
  const jobs = jobsWithout(workflow)
  const [first] = jobs
  if (!first) return
  const isRisky = workflow.triggers.some(({ event }) => RISKY.has(event.value))
  const peers = {
    zizmor: 'excessive-permissions',
    ghalint: 'job_permissions',
    ...(isRisky && { poutine: 'default_permissions_on_risky_events' })
  }
  const needs = new Map(jobs.map(job => [job, tokenNeeds(job, workflow)]))
  // Where every job lacks them, one block for the workflow is the fix; where some do, each of those is to blame.
  if (isOfWorkflow(workflow)) {
    const message = `no permissions are set for ${listed(jobs)}: ${jobs.length > 1 ? 'their' : 'its'} token has the repository's default, which may write`
    const edits = blocksFor(workflow, needs)
    const covers = jobs.map(job => `missing ${job.id.value}`)
    const at = workflow.yaml.entries[0]?.key.at ?? first.at
    yield {
      at,
      message: `${message}${needed([...needs.values()])}`,
      peers,
      ...(edits && { edits }),
      key: 'missing',
      covers
    }
    return
  }
  for (const job of jobs) {
    const edit = blockFor(job, needs.get(job)!)
    yield {
      at: job.at,
      message: `no permissions are set for job ${job.id.value}: its token has the repository's default, which may write${needed([needs.get(job)!])}`,
      peers,
      key: `missing ${job.id.value}`,
      ...(edit && { edits: [edit] })
    }
  }
}

/** What the steps need, where that is known of each. */
function needed(needs: TokenNeeds[]): string {
  if (needs.some(({ unknown }) => unknown)) return ''
  const lines = new Set(needs.flatMap(linesOf))
  return `; ${[...lines].join(', ')} is enough`
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
  for (const scope of workflow.permissions?.scopes ?? []) {
    const idle = idleJobs(workflow, scope)
    if (!idle.length) continue
    yield {
      at: { ...scope.name.at, endLine: scope.value.at.endLine, endColumn: scope.value.at.endColumn },
      message: `${scope.name.value}: write reaches every job, and ${listed(idle)} ${idle.length > 1 ? 'show' : 'shows'} no use of it`,
      key: `inherited ${scope.name.value}`
    }
  }
}

/** One block where reading the code is enough for all jobs, else none for the workflow and one for each job. */
function blocksFor(workflow: Workflow, needs: Map<Job, TokenNeeds>): Edit[] | undefined {
  const jobs = workflow.yaml.entry('jobs')?.key.at
  // A workflow that is called for has permissions of its own, or none to need.
  if (jobs?.column !== 1 || workflow.jobs.some(job => job.uses)) return undefined
  const all = [...needs.values()]
  if (all.some(({ unknown }) => unknown)) return undefined
  const lines = [...new Set(all.flatMap(linesOf))]
  if (needs.size > 1 && lines.join() !== 'contents: read') {
    const blocks = [...needs].flatMap(([job, own]) => blockFor(job, own) ?? [])
    if (blocks.length < all.length) return undefined
    return [aboveJobs(workflow, jobs, 'permissions: {}\n'), ...blocks]
  }
  return [aboveJobs(workflow, jobs, `permissions:\n${lines.map(line => `  ${line}\n`).join('')}`)]
}

function blockFor({ id, yaml }: Job, needs: TokenNeeds): Edit | undefined {
  const first = yaml.entries[0]?.key.at
  if (!first || first.line <= id.at.line || yaml.anchor || needs.unknown) return undefined
  const indent = ' '.repeat(first.column - 1)
  const lines = linesOf(needs)
  const block = lines.length
    ? `permissions:\n${lines.map(line => `${indent}  ${line}\n`).join('')}`
    : 'permissions: {}\n'
  return { at: beforeOf(first), text: `${block}${indent}` }
}

/** A block of its own above the jobs and the comment that is about them. */
function aboveJobs(workflow: Workflow, jobs: Place, block: string): Edit {
  const remarks = new Set(workflow.comments.flatMap(({ at }) => (at.column === 1 ? at.line : [])))
  let line = jobs.line
  while (remarks.has(line - 1)) line--
  const follows = workflow.yaml.entries.some(({ value }) => value.at.line < line && endOf(value.at) === line - 1)
  const gap = follows ? '\n' : ''
  return { at: { ...jobs, line, endLine: line, endColumn: 1 }, text: `${gap}${block}\n` }
}

function listed(jobs: Job[]): string {
  const names = jobs.map(job => job.id.value)
  if (names.length === 1) return `job ${names[0]}`
  const shown = names.length > 3 ? [...names.slice(0, 2), `${names.length - 2} more`] : names
  return `jobs ${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`
}

const endOf = ({ endLine, endColumn }: Place): number => (endColumn === 1 ? endLine - 1 : endLine)
