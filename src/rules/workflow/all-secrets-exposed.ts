import type { Peers, Problem, Text } from '../../model.js'
import { contextPath, expressionsIn, type Node, walk } from '../../parse/expression.js'
import { rule } from '../../rule.js'
import { fencedUnder } from '../../steps.js'

export default rule({
  id: 'workflow/all-secrets-exposed',
  title: 'Every secret is handed over at once',
  why: 'GitHub cannot tell which secrets are meant, so it gives the job all of them, those of the organization too.',
  fix: 'Name the secrets that are used: `secrets.DEPLOY_KEY`.',
  severity: 'warning',
  topic: 'security',
  preset: 'recommended',
  over: 'workflow',
  mentions: ['secrets'],
  peers: { zizmor: 'overprovisioned-secrets', poutine: 'job_all_secrets' },

  *check(workflow) {
    for (const { value } of workflow.env) yield* wholesIn(value, 'every job', { zizmor: 'overprovisioned-secrets' })
    for (const job of workflow.jobs) {
      // Poutine says it once of a job.
      let peers: Peers = { zizmor: 'overprovisioned-secrets', poutine: 'job_all_secrets' }
      for (const text of fencedUnder(job.yaml))
        for (const problem of wholesIn(text, `job ${job.id.value}`, peers)) {
          yield problem
          peers = { zizmor: 'overprovisioned-secrets' }
        }
    }
  },

  bad: {
    '.github/workflows/ci.yml': `on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - run: ./deploy.sh
        env:
          ALL: \${{ toJSON(secrets) }}
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
  test:
    name: Test
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

function* wholesIn(text: Text, who: string, peers: Peers): Iterable<Problem> {
  if (!/secrets/i.test(text.value)) return
  for (const expression of expressionsIn(text)) {
    const whole = expression.root && wholeIn(expression.root)
    if (whole) yield { at: expression.at, message: `${whole} lets ${who} have every secret`, peers }
  }
}

/** The use of `secrets` that names none, as words. */
function wholeIn(root: Node): string | undefined {
  // As nearly all are written.
  if (root.type === 'property' && isSecrets(root.object)) return undefined
  const named = new Set<Node>()
  for (const node of walk(root)) {
    if (node.type === 'property') named.add(node.object)
    if (node.type === 'index' && isSecrets(node.object)) {
      if (node.index.type !== 'literal') return 'secrets[…] with a computed name'
      named.add(node.object)
    }
    if (node.type === 'star' && isSecrets(node.object)) return 'secrets.*'
  }
  for (const node of walk(root)) if (isSecrets(node) && !named.has(node)) return 'secrets as a whole'
  return undefined
}

const isSecrets = (node: Node): boolean => node.type === 'context' && contextPath(node) === 'secrets'
