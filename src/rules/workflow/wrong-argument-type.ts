import { problemsOf } from '../../expressions.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/wrong-argument-type',
  title: 'Function is given a value that it can do nothing with',
  why: 'GitHub does not complain: contains() of an object is false, and its join() is empty.',
  fix: 'Give it a text or a list: a member of the object, or its values with `.*`.',
  severity: 'warning',
  topic: 'correctness',
  preset: 'strict',
  over: 'workflow',
  mentions: ['contains', 'startswith', 'endswith', 'hashfiles', 'join', 'fromjson', 'case'],
  peers: { actionlint: 'expression' },

  check: workflow => problemsOf(workflow, ['argument']),

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
      - if: contains(github.event, 'release')
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
