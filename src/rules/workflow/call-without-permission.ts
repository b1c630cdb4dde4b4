import { type Callees, calleesIn, type Home } from '../../callees.js'
import type { Job, Permissions, Workflow } from '../../model.js'
import { rule } from '../../rule.js'
import { quoted } from '../../words.js'
import { scopesOfToken } from '../../workflow-problems.js'

export default rule({
  id: 'workflow/call-without-permission',
  title: 'Called workflow asks for more than its caller may',
  why: 'A called workflow can narrow what its caller may do, never widen it. GitHub refuses the caller where it tries, and nothing in it runs.',
  fix: 'Give the permission to the job that calls, or take it from the called workflow.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'repo',
  peers: { 'github-parser': 'parse-error' },

  *check(repo) {
    const callees = calleesIn(repo)
    for (const workflow of repo.workflows) {
      if (workflow.broken) continue
      for (const job of workflow.jobs) {
        if (!job.uses) continue
        // A workflow that is only called gets what its callers give it, and is looked at through them.
        const isCalledOnly = workflow.triggers.every(({ event }) => event.value === 'workflow_call')
        const own = job.permissions ?? workflow.permissions
        if (!own && isCalledOnly) continue
        const walk: Walk = { callees, asked: new Set(), open: [] }
        for (const message of excessOf(job, '', own ? grantsOf(own) : DEFAULT, walk)) yield { at: job.at, message }
      }
    }
  },

  bad: {
    '.github/workflows/ci.yml': `on: pull_request
permissions:
  contents: read
jobs:
  test:
    uses: ./.github/workflows/test.yml
`,
    '.github/workflows/test.yml': `on: workflow_call
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    permissions:
      pull-requests: write
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
    name: Test
    uses: $/.github/workflows/test.yml
`,
    '.github/workflows/test.yml': `name: Test
on: workflow_call
permissions: {}
jobs:
  test:
    name: Test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    permissions:
      contents: read
    steps:
      - run: npm test
`
  }
})

const LEVELS = ['none', 'read', 'write'] as const
type Level = 0 | 1 | 2
/** What a token may do with a scope. */
type Grants = (scope: string) => Level

// What the repository gives by default is not known; this is never part of it.
const DEFAULT: Grants = scope => (scope === 'id-token' ? 0 : 2)

interface Walk {
  callees: Callees
  /** What was already said. */
  asked: Set<string>
  /** The workflows between the caller and here. */
  open: string[]
}

/** Calls inside calls that are followed: GitHub allows ten levels. */
const MAX_DEPTH = 10
const MAX_JOBS = 1000

function* excessOf(job: Job, home: Home, allowed: Grants, walk: Walk): Iterable<string> {
  const name = job.uses!.value
  if (walk.open.includes(name) || walk.open.length >= MAX_DEPTH || walk.asked.size > MAX_JOBS) return
  const found = walk.callees.workflow(job.uses!, home)
  if ('reason' in found) return
  const { workflow } = found
  const say = function* (who: string, asked: Permissions): Iterable<string> {
    const excess = beyond(asked, allowed)
    const key = `${workflow.path} ${who}`
    if (!excess.length || walk.asked.has(key)) return
    walk.asked.add(key)
    const wants = excess.map(([scope, level]) => `${scope}: ${LEVELS[level]}`).join(', ')
    const may = excess.map(([scope]) => `${scope}: ${LEVELS[allowed(scope)]}`).join(', ')
    yield `${who} asks for ${wants}, and this job may give it only ${may}`
  }
  if (workflow.permissions) yield* say(`the called workflow ${quoted(name)}`, workflow.permissions)
  walk.open.push(name)
  for (const inner of workflow.jobs) {
    if (inner.permissions) yield* say(`job ${inner.id.value} of ${quoted(name)}`, inner.permissions)
    if (inner.uses) yield* excessOf(inner, found.home, within(inner, workflow, allowed), walk)
  }
  walk.open.pop()
}

/** What a job of a called workflow may do itself. */
function within(job: Job, workflow: Workflow, allowed: Grants): Grants {
  const own = job.permissions ?? workflow.permissions
  if (!own) return allowed
  const asked = grantsOf(own)
  return scope => Math.min(asked(scope), allowed(scope)) as Level
}

function grantsOf({ all, scopes }: Permissions): Grants {
  if (all?.value === 'write-all') return () => 2
  if (all?.value === 'read-all') return scope => (scope === 'id-token' ? 0 : 1)
  const levels = new Map(scopes.map(({ name, value }) => [name.value, levelOf(value.value)]))
  return scope => levels.get(scope) ?? 0
}

/** Scopes that are asked for with a level above what is allowed. */
function beyond(asked: Permissions, allowed: Grants): [scope: string, level: Level][] {
  const grants = grantsOf(asked)
  const scopes = asked.all ? scopesOfToken() : asked.scopes.map(({ name }) => name.value)
  return scopes.flatMap(scope => {
    const level = grants(scope)
    return level > allowed(scope) ? [[scope, level] as [string, Level]] : []
  })
}

const levelOf = (written: string): Level => Math.max(0, LEVELS.indexOf(written as 'read')) as Level
