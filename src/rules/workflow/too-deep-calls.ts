import { type Callees, calleesIn, type Home } from '../../callees.js'
import type { Job } from '../../model.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/too-deep-calls',
  title: 'Workflows call one another too deep, or in a circle',
  why: 'GitHub follows ten levels of workflows and no circle. It refuses a workflow that goes further, and nothing in it runs.',
  fix: 'Call the innermost workflow from further out, or make steps that are shared an action.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'repo',
  peers: { 'github-parser': 'parse-error' },

  *check(repo) {
    const callees = calleesIn(repo)
    for (const workflow of repo.workflows)
      for (const job of workflow.jobs) {
        if (!job.uses) continue
        const wrong = wrongOf(job, '', callees, [`./${workflow.path}`], new Map())
        if (wrong) yield { at: job.uses.at, ...wrong }
      }
  },

  bad: {
    '.github/workflows/ci.yml': `on: [pull_request, workflow_call]
permissions: {}
jobs:
  test:
    uses: ./.github/workflows/test.yml
`,
    '.github/workflows/test.yml': `on: workflow_call
permissions: {}
jobs:
  again:
    uses: ./.github/workflows/ci.yml
`
  },
  good: {
    '.github/workflows/ci.yml': `name: CI
on: pull_request
permissions: {}
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
    steps:
      - run: npm test
`
  }
})

/** Levels of workflows that GitHub follows, the first included. As of November 2025. */
const MAX_LEVELS = 10

interface Wrong {
  message: string
  severity?: 'warning'
}

/** What is wrong with the calls that a job begins; `chain` are the workflows up to it, `levels` at which depth each was found fine. */
function wrongOf(
  job: Job,
  home: Home,
  callees: Callees,
  chain: string[],
  fine: Map<string, number>
): Wrong | undefined {
  const found = callees.workflow(job.uses!, home)
  if ('reason' in found) return undefined
  const name = found.home === '' ? `./${found.workflow.path}` : found.workflow.path
  if (chain.includes(name)) return { message: `calls in a circle: ${[...chain, name].join(' → ')}` }
  const levels = chain.length + 1
  if (levels > MAX_LEVELS)
    // The limit has been raised before.
    return {
      message: `calls go more than ${MAX_LEVELS} levels deep: ${[...chain, name].join(' → ')}`,
      severity: 'warning'
    }
  if ((fine.get(name) ?? 0) >= levels) return undefined
  for (const inner of found.workflow.jobs) {
    const wrong = inner.uses && wrongOf(inner, found.home, callees, [...chain, name], fine)
    if (wrong) return wrong
  }
  fine.set(name, levels)
  return undefined
}
