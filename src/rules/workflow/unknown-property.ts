import { problemsOf } from '../../expressions.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/unknown-property',
  title: 'Expression reads what is not there',
  why: 'A name that does not exist gives nothing, and no error: the condition never holds, the argument is empty.',
  fix: 'Name what exists: an earlier step of the same job, a job listed in `needs`, a declared input or output, a key of the matrix.',
  severity: 'warning',
  topic: 'correctness',
  preset: 'recommended',
  over: 'workflow',
  peers: { actionlint: 'expression' },

  check: workflow => problemsOf(workflow, ['property']),

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
      - id: build
        run: echo "image=web" >> "$GITHUB_OUTPUT"
      - env:
          IMAGE: \${{ steps.biuld.outputs.image }}
        run: ./test.sh
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
      - id: build
        run: echo "image=web" >> "$GITHUB_OUTPUT"
      - env:
          IMAGE: \${{ steps.build.outputs.image }}
        run: ./test.sh
`
  }
})
