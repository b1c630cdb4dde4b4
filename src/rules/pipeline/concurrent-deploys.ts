import { deliveredService } from '../../examples.js'
import type { PipelineJob } from '../../model.js'
import { deliveriesOf, isDocumentation, isInService, keyOf, said, startsOf } from '../../releases.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'pipeline/concurrent-deploys',
  title: 'Two deploys can run at once',
  why: 'Of two pushes in a row the older may finish last, and its code is what stays.',
  fix: 'Give the job or the workflow a concurrency group with cancel-in-progress: false.',
  severity: 'note',
  topic: 'reliability',
  preset: 'strict',
  over: 'repo',

  *check(repo) {
    for (const { job, work } of deliveriesOf(repo)) {
      const deploy = work.find(isInService)
      if (!deploy || isDocumentation(job, deploy) || isAlone(job)) continue
      const [event] = startsOf(job)
      const message = `a second ${event} starts job ${job.job.id.value} while the first still deploys (${said(deploy)})`
      yield { at: job.callers[0]?.at ?? job.job.at, message, key: keyOf(job) }
    }
  },

  bad: {
    '.github/workflows/deploy.yml': `on:
  push:
    branches: [main]
jobs:
  deploy:
    runs-on: ubuntu-24.04
    environment: production
    steps:
      - run: helm upgrade shop ./chart --wait
`
  },
  good: deliveredService
})

/** A group holds back the second run, or the deploys come on a schedule. */
const isAlone = (job: PipelineJob): boolean =>
  [job.workflow, job.job, ...job.callers].some(one => one.concurrency !== undefined) ||
  startsOf(job).every(event => event === 'schedule')
