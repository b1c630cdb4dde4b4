import { constant } from '../../conditions.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/constant-condition',
  title: 'Condition is the same in every run',
  why: 'What never runs rots, and what always runs needs no condition.',
  fix: 'Remove the condition, or what it switches off; to switch off for a while, disable the workflow or say until when.',
  severity: 'note',
  topic: 'correctness',
  preset: 'strict',
  over: 'workflow',
  mentions: ['if'],
  peers: { actionlint: 'if-cond' },

  check: constant,

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
      - if: \${{ false }}
        run: ./release.sh
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
        run: ./release.sh
`
  }
})
