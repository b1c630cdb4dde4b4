import { problemsOf } from '../../expressions.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/wrong-type-at-key',
  title: 'Expression gives what its key does not take',
  why: 'GitHub fails the job when it gets there.',
  fix: 'Give the key what it takes; fromJSON() makes a number, a boolean, a list or an object of a text.',
  severity: 'warning',
  topic: 'correctness',
  preset: 'recommended',
  over: 'workflow',
  peers: { actionlint: 'expression' },

  check: workflow => problemsOf(workflow, ['key']),

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
      - run: npm test
        timeout-minutes: \${{ vars.TEST_MINUTES }}
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
      - run: npm test
        timeout-minutes: \${{ fromJSON(vars.TEST_MINUTES) }}
`
  }
})
