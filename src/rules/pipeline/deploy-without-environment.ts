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
