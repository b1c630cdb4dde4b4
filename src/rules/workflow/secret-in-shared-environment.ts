import { passedBy } from '../../injections.js'
import type { Field } from '../../model.js'
import { expressionsIn } from '../../parse/expression.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/secret-in-shared-environment',
  title: 'Secret is in the environment of steps that do not need it',
  why: 'Each program of each step can read it, third-party actions and install scripts too.',
  fix: 'Move the variable to the `env:` of the steps that use it.',
  severity: 'warning',
  topic: 'security',
  preset: 'strict',
  over: 'workflow',
  mentions: ['secrets', 'token'],

  *check(workflow) {
    if (workflow.jobs.length > 1)
      for (const { name, secret } of secretsIn(workflow.env))
        yield {
          at: name.at,
          message: `every step of ${workflow.jobs.length} jobs can read ${secret}`,
          peers: { ghalint: 'workflow_secrets' }
        }
    for (const { id, env, steps } of workflow.jobs) {
      if (steps.length < 2) continue
      for (const { name, secret } of secretsIn(env))
        yield {
          at: name.at,
          message: `each of the ${steps.length} steps of job ${id.value} can read ${secret}`,
          peers: { ghalint: 'job_secrets' }
        }
    }
  },

  bad: {
    '.github/workflows/ci.yml': `on: push
permissions: {}
env:
  DEPLOY_KEY: \${{ secrets.DEPLOY_KEY }}
jobs:
  test:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - run: npm test
  deploy:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - run: ./deploy.sh
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
  deploy:
    name: Deploy
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    environment: production
    steps:
      - run: npm test
      - run: ./deploy.sh
        env:
          DEPLOY_KEY: \${{ secrets.DEPLOY_KEY }}
`
  }
})

function* secretsIn(env: Field[]): Iterable<{ name: Field['name']; secret: string }> {
  for (const { name, value } of env) {
    if (!/secrets|github/i.test(value.value)) continue
    const paths = expressionsIn(value).flatMap(({ root }) => (root ? [...passedBy(root)] : []))
    const secret = paths.map(({ path }) => path).find(path => path === 'github.token' || path.startsWith('secrets.'))
    if (secret)
      yield { name, secret: secret === 'github.token' ? 'the token of the job' : secret.slice(8).toUpperCase() }
  }
}
