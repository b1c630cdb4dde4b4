import { problemsOf } from '../../expressions.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/unknown-context',
  title: 'Expression names a context that GitHub does not have',
  why: 'GitHub refuses the whole workflow: nothing of it runs.',
  fix: 'Name one of the contexts github, env, vars, job, steps, runner, secrets, strategy, matrix, needs and inputs; a text stands in single quotes.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'workflow',
  peers: { actionlint: 'expression', 'github-parser': 'parse-error' },

  check: workflow => problemsOf(workflow, ['context']),

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
    timeout-minutes: 10
    steps:
      - if: git.ref == 'refs/heads/main'
        run: npm test
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
      - if: github.ref == 'refs/heads/main'
        run: npm test
`
  }
})
