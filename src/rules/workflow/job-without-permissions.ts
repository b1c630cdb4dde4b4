import type { Problem, Workflow } from '../../model.js'
import { rule } from '../../rule.js'
import { isOfWorkflow, jobsWithout } from '../../token.js'

export default rule({
  id: 'workflow/job-without-permissions',
  title: 'Job says nothing of its token',
  why: 'What its token may do is decided elsewhere, and grows there without anyone looking at the job.',
  fix: 'Give each job `permissions:` with what its steps need, and the workflow `permissions: {}`.',
  severity: 'note',
  topic: 'security',
  preset: 'all',
  over: 'workflow',

  *check(workflow) {
    yield* ofWorkflow(workflow)
    const { permissions, jobs } = workflow
    // Each of these is named by workflow/excessive-permissions.
    const told = isOfWorkflow(workflow) ? [] : jobsWithout(workflow)
    // None for all, or one block for the only job, says it.
    if (permissions && (jobs.length < 2 || (!permissions.all && !permissions.scopes.length))) return
    for (const job of jobs) {
      if (job.permissions || told.includes(job)) continue
      const holder = permissions
        ? 'the permissions of the workflow'
        : job.uses
          ? 'what the caller may'
          : "the repository's default"
      yield {
        at: job.at,
        message: `the token of job ${job.id.value} has ${holder}`,
        key: `bare ${job.id.value}`,
        peers: { ...(!permissions && { zizmor: 'excessive-permissions' }), ghalint: 'job_permissions' }
      }
    }
  },

  bad: {
    '.github/workflows/ci.yml': `on: push
permissions:
  contents: read
jobs:
  test:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - run: npm test
  lint:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - run: npm run lint
`
  },
  good: {
    '.github/workflows/ci.yml': `name: CI
on: push
permissions: {}
concurrency:
  group: ci-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  test:
    name: Test
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    permissions:
      contents: read
    steps:
      - run: npm test
  lint:
    name: Lint
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    permissions:
      contents: read
    steps:
      - run: npm run lint
`
  }
})

/** A workflow without a block, where workflow/excessive-permissions has no job to name. */
function* ofWorkflow(workflow: Workflow): Iterable<Problem> {
  const first = workflow.yaml.entries[0]
  if (workflow.permissions || !first || (isOfWorkflow(workflow) && jobsWithout(workflow).length)) return
  const message = 'a job that is added here has a token with the permissions of the repository or the caller'
  yield { at: first.key.at, message, key: 'bare', peers: { zizmor: 'excessive-permissions' } }
}
