import { problemsOf } from '../../expressions.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/invalid-expression',
  title: 'Expression that GitHub cannot read',
  why: 'GitHub refuses the whole workflow, or fails the job that holds the expression.',
  fix: 'Close what is open; texts stand in single quotes, and a quote in them is doubled.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'workflow',
  peers: { actionlint: 'expression', 'github-parser': 'parse-error' },

  check: workflow => problemsOf(workflow, ['syntax']),

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
      - if: github.ref == "refs/heads/main"
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
