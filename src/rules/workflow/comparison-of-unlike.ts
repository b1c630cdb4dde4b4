import { problemsOf } from '../../expressions.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/comparison-of-unlike',
  title: 'Values are compared that GitHub cannot compare',
  why: 'GitHub turns both into numbers first: a list or an object is none and equals nothing, and null is 0.',
  fix: 'Compare members or items, or look for a value in a list with contains().',
  severity: 'warning',
  topic: 'correctness',
  preset: 'strict',
  over: 'workflow',
  peers: { actionlint: 'expression' },

  check: workflow => problemsOf(workflow, ['comparison']),

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
      - if: github.event.pull_request.labels.*.name == 'release'
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
      - if: contains(github.event.pull_request.labels.*.name, 'release')
        run: npm test
`
  }
})
