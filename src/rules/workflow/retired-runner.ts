import { runnerFacts } from '../../data/runners.js'
import { testWorkflow } from '../../examples.js'
import { rule } from '../../rule.js'
import { runnersOf } from '../../runner-labels.js'

export default rule({
  id: 'workflow/retired-runner',
  title: 'Runner no longer exists',
  why: 'A job for a retired image waits for a runner that never comes, and fails after a day.',
  fix: 'Name an image that GitHub still hosts.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'workflow',

  *check(workflow) {
    for (const job of workflow.jobs) {
      // A runner of one's own may be called anything.
      if (job.runsOn.some(label => label.value.toLowerCase() === 'self-hosted')) continue
      for (const { value, at } of runnersOf(job).flatMap(each => each.labels)) {
        const facts = runnerFacts(value)
        if (facts?.status !== 'retired') continue
        const { ends = '' } = facts
        // What was announced for these months may have been put off.
        const isRecent = ends >= RECENT
        yield {
          at,
          message: `job ${job.id.value} asks for ${value}, which GitHub retired ${ends ? `in ${ends.slice(0, 7)}` : 'long ago'}`,
          ...(isRecent ? { severity: 'warning' as const } : { peers: { actionlint: 'runner-label' } })
        }
      }
    }
  },

  bad: {
    '.github/workflows/ci.yml': `on: pull_request
jobs:
  test:
    runs-on: ubuntu-20.04
    steps:
      - run: make test
`
  },
  good: testWorkflow
})

const RECENT = '2026-07'
