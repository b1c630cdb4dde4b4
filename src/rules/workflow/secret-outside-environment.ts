import { contextPath, expressionsIn, walk } from '../../parse/expression.js'
import { rule } from '../../rule.js'
import { fencedUnder } from '../../steps.js'
import { textsOf } from '../../words.js'

export default rule({
  id: 'workflow/secret-outside-environment',
  title: 'Secret is not kept in an environment',
  why: 'A secret of the repository is there for every workflow on every branch; one of an environment waits for its reviewers and branches.',
  fix: 'Move the secret to an environment, and name that in the job: `environment: production`.',
  severity: 'note',
  topic: 'security',
  preset: 'all',
  over: 'workflow',
  mentions: ['secrets'],
  peers: { zizmor: 'secrets-outside-env' },
  options: {
    allow: { type: 'strings', default: [], about: 'Secrets that need no environment.' }
  },

  *check(workflow, options) {
    // The environment of a called workflow may be its caller's to choose.
    if (workflow.triggers.some(({ event }) => event.value === 'workflow_call')) return
    const allowed = new Set(['github_token', ...textsOf(options.allow).map(name => name.toLowerCase())])
    for (const job of workflow.jobs) {
      if (job.environment || job.uses) continue
      for (const text of fencedUnder(job.yaml)) {
        if (!/secrets/i.test(text.value)) continue
        for (const { root } of expressionsIn(text))
          for (const node of root ? walk(root) : []) {
            if (node.type !== 'property' && node.type !== 'index') continue
            const [context, name, ...rest] = contextPath(node)?.split('.') ?? []
            if (context !== 'secrets' || !name || rest.length || allowed.has(name)) continue
            yield {
              at: text.part(node.from, node.to),
              message: `job ${job.id.value} takes ${name.toUpperCase()} from no environment`
            }
          }
      }
    }
  },

  bad: {
    '.github/workflows/ci.yml': `on: push
permissions: {}
jobs:
  deploy:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - run: ./deploy.sh
        env:
          DEPLOY_KEY: \${{ secrets.DEPLOY_KEY }}
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
      - run: ./deploy.sh
        env:
          DEPLOY_KEY: \${{ secrets.DEPLOY_KEY }}
`
  }
})
