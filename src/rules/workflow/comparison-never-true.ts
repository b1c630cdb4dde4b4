import { problemsOf } from '../../expressions.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/comparison-never-true',
  title: 'Comparison with a value that cannot occur',
  why: 'The step or job behind it never runs, or always does, and nobody is told.',
  fix: 'Compare with one of the values that GitHub gives.',
  severity: 'warning',
  topic: 'correctness',
  preset: 'recommended',
  over: 'workflow',

  check: workflow => problemsOf(workflow, ['never']),

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
      - if: runner.os == 'ubuntu'
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
      - if: runner.os == 'Linux'
        run: npm test
`
  }
})
