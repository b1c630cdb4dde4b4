import { problemsOf } from '../../expressions.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/unavailable-context',
  title: 'Expression uses what GitHub does not offer at that key',
  why: 'GitHub refuses the whole workflow: nothing of it runs.',
  fix: 'Move the expression to a key that has the context, or pass the value there: through an output of a job, say.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'workflow',
  peers: { actionlint: 'expression', 'github-parser': 'parse-error' },

  *check(workflow) {
    yield* problemsOf(workflow, ['unavailable'])
    // Actionlint has nothing against one that names no context.
    for (const problem of problemsOf(workflow, ['nowhere']))
      yield problem.message.includes('computes') ? { ...problem, peers: { 'github-parser': 'parse-error' } } : problem
  },

  bad: {
    '.github/workflows/ci.yml': `name: CI
on: [pull_request, merge_group]
permissions:
  contents: read
concurrency:
  group: ci-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  test:
    runs-on: ubuntu-24.04
    if: env.TESTED != 'true'
    timeout-minutes: 10
    steps:
      - run: npm test
`
  },
  good: {
    '.github/workflows/ci.yml': `name: CI
on: [pull_request, merge_group]
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
      - if: env.TESTED != 'true'
        run: npm test
`
  }
})
