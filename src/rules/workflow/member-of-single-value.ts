import { problemsOf } from '../../expressions.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/member-of-single-value',
  title: 'Expression reads a member of what has none',
  why: 'A text, a number or a list has no names in it: the expression gives nothing, and no error.',
  fix: 'Read the value itself, an item of the list by its number, or parse the text with fromJSON().',
  severity: 'warning',
  topic: 'correctness',
  preset: 'strict',
  over: 'workflow',
  peers: { actionlint: 'expression' },

  *check(workflow) {
    for (const problem of problemsOf(workflow, ['access'])) if (problem.severity !== 'note') yield problem
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
    timeout-minutes: 10
    steps:
      - if: github.repository.owner == 'acme'
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
      - if: github.repository_owner == 'acme'
        run: npm test
`
  }
})
