import { problemsOf } from '../../expressions.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/number-as-name',
  title: 'Member of an object is read by a number',
  why: 'GitHub makes a text of the number, which readers take for a position in a list.',
  fix: "Quote it: `ports['5432']`.",
  severity: 'note',
  topic: 'style',
  preset: 'all',
  over: 'workflow',
  peers: { actionlint: 'expression' },

  *check(workflow) {
    for (const problem of problemsOf(workflow, ['access'])) if (problem.severity === 'note') yield problem
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
      - env:
          PORT: \${{ job.services.db.ports[5432] }}
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
      - env:
          PORT: \${{ job.services.db.ports['5432'] }}
        run: npm test
`
  }
})
