import { alwaysTrue } from '../../conditions.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/condition-always-true',
  title: 'Condition is always true',
  why: 'With anything outside of `${{ }}`, a line break at its end included, the whole is a text, and every text but the empty one counts as true.',
  fix: 'Write the condition without `${{ }}`, or put all of it inside; end a block with `|-` or `>-`.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  edits: 'suggested',
  over: 'workflow',
  peers: { actionlint: 'if-cond', zizmor: 'unsound-condition', poutine: 'if_always_true' },

  check: alwaysTrue,

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
      - if: |
          \${{ github.ref == 'refs/heads/main' }}
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
      - if: |
          github.ref == 'refs/heads/main'
        run: ./release.sh
`
  }
})
