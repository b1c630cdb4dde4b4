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
  good: {
    'src/index.ts': 'export const answer = 42\n',
    '.github/workflows/deploy.yml': `name: Deploy
on:
  push:
    branches: [main]
permissions: {}
concurrency:
  group: deploy
  cancel-in-progress: false
jobs:
  test:
    permissions:
      contents: read
    name: test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - run: npx jest
  migrate:
    permissions:
      contents: read
    name: migrate
    needs: test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    environment: production
    steps:
      - run: npx prisma migrate deploy
  deploy:
    permissions:
      contents: read
    name: deploy
    needs: migrate
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    environment: production
    steps:
      - run: helm upgrade shop ./chart --wait
`,
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
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - run: npx jest
`
  }
})

/** A group holds back the second run, or the deploys come on a schedule. */
const isAlone = (job: PipelineJob): boolean =>
  [job.workflow, job.job, ...job.callers].some(one => one.concurrency !== undefined) ||
  startsOf(job).every(event => event === 'schedule')
