import { testWorkflow } from '../../examples.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/no-concurrency',
  title: 'Runs of the same branch pile up',
  why: 'Without concurrency every push starts another run beside those of older pushes: they cost runners, and what deploys may end in the wrong order.',
  fix: 'Add `concurrency` with a group for the branch and `cancel-in-progress: true`; false where a run must end, as in a deployment.',
  severity: 'note',
  topic: 'efficiency',
  preset: 'all',
  over: 'workflow',
  peers: { zizmor: 'concurrency-limits' },

  *check(workflow) {
    if (workflow.concurrency || !workflow.jobs.length) return
    const events = workflow.triggers.map(({ event }) => event.value)
    // What is only called belongs to its caller's run.
    if (!events.length || events.every(event => event === 'workflow_call')) return
    const without = workflow.jobs.filter(job => !job.concurrency)
    if (without.length === workflow.jobs.length) {
      const at = workflow.yaml.entry('on')?.key.at ?? workflow.at
      yield { at, message: 'nothing keeps runs of the same branch from piling up: there is no concurrency' }
      return
    }
    for (const job of without) yield { at: job.at, message: `nothing keeps runs of job ${job.id.value} from piling up` }
  },

  bad: {
    '.github/workflows/ci.yml': `name: CI
on: pull_request
permissions: {}
jobs:
  test:
    name: Test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - run: make test
`
  },
  good: testWorkflow
})
