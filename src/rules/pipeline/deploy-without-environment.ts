import { deliveredService } from '../../examples.js'
import { deliveriesOf, environmentOf, isDocumentation, isInService, keyOf, said } from '../../releases.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'pipeline/deploy-without-environment',
  title: 'Deploy is bound to no environment',
  why: 'Only an environment can ask for approval, keep its secrets from other jobs and tell which commit runs where.',
  fix: 'Name the environment that the job deploys to, and keep its secrets there.',
  severity: 'note',
  topic: 'gate',
  preset: 'strict',
  over: 'repo',

  *check(repo) {
    for (const { job, work } of deliveriesOf(repo)) {
      const deploy = work.find(isInService)
      if (!deploy || environmentOf(job) || isDocumentation(job, deploy)) continue
      const message = `job ${job.job.id.value} deploys (${said(deploy)}) without an environment`
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
    steps:
      - run: helm upgrade shop ./chart --wait
`
  },
  good: deliveredService
})
