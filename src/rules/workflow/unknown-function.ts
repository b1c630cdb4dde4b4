import { problemsOf } from '../../expressions.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/unknown-function',
  title: 'Expression calls a function that GitHub does not have',
  why: 'GitHub refuses the whole workflow: nothing of it runs.',
  fix: 'Call one of contains, startsWith, endsWith, format, join, toJSON, fromJSON, hashFiles, case and the status functions.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'workflow',
  peers: { actionlint: 'expression', 'github-parser': 'parse-error' },

  check: workflow => problemsOf(workflow, ['function']),

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
      - if: beginsWith(github.ref, 'refs/tags/')
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
      - if: startsWith(github.ref, 'refs/tags/')
        run: npm test
`
  }
})
