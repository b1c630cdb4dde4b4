import { testWorkflow } from '../../examples.js'
import { rule } from '../../rule.js'
import { runnerGroupOf, runnersOf } from '../../runner-labels.js'

export default rule({
  id: 'workflow/self-hosted-runner',
  title: 'Job may run on a self-hosted runner',
  why: 'What one run leaves on such a machine the next one finds: in a public repository anyone may leave something.',
  fix: 'Use runners that are made anew for each job, or run only what people with write access start.',
  severity: 'note',
  topic: 'security',
  preset: 'all',
  over: 'workflow',
  peers: { zizmor: 'self-hosted-runner' },

  *check(workflow) {
    for (const job of workflow.jobs) {
      const entry = job.yaml.entry('runs-on')
      if (!entry) continue
      const [first] = runnersOf(job)
      const group = runnerGroupOf(job)
      const isOwn = first?.labels.some(label => label.value.toLowerCase() === 'self-hosted')
      // What a variable or an input says is not known here; a matrix that is computed often picks among machines.
      const mayBe = first?.open && first.written.value.includes('matrix.')
      if (!isOwn && !group && !mayBe) continue
      const what = isOwn ? 'runs on' : group ? `runs on one of the group ${group.value}, which may be` : 'may run on'
      yield { at: entry.key.at, message: `job ${job.id.value} ${what} a self-hosted runner` }
    }
  },

  bad: {
    '.github/workflows/ci.yml': `on: push
jobs:
  test:
    runs-on: [self-hosted, linux]
    steps:
      - run: make test
`
  },
  good: testWorkflow
})
