import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/job-without-timeout',
  title: 'Job can run for six hours',
  why: 'A hung job holds a runner and hides its failure until the default limit of 360 minutes.',
  fix: 'Add timeout-minutes, two or three times the usual duration.',
  severity: 'note',
  topic: 'reliability',
  preset: 'strict',
  over: 'workflow',
  peers: { ghalint: 'job_timeout_minutes_is_required' },
  group: 'timeouts',

  *check(workflow) {
    for (const job of workflow.jobs) {
      // The jobs of a called workflow have their own limits; a call takes none.
      if (job.timeout || job.uses) continue
      // Steps that all end in time end the job in time.
      if (job.steps.length && job.steps.every(step => step.timeout)) continue
      yield { at: job.at, message: `job ${job.id.value} has no timeout-minutes: if it hangs, it runs for six hours` }
    }
  },

  bad: {
    '.github/workflows/ci.yml': `on: pull_request
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: npm test
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
    name: test
    runs-on: ubuntu-latest
    timeout-minutes: 10
    steps:
      - run: npm test
`
  }
})
