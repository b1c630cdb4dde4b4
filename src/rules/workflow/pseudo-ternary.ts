import { pseudoTernaries } from '../../conditions.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/pseudo-ternary',
  title: '`&&` and `||` used as a choice whose first value counts as false',
  why: "In `a && '' || b` the empty text counts as false, so the result is b whatever a is. The same goes for 0, false and null.",
  fix: "Turn the condition round (`!a && b`), or write `case(a, '', b)`.",
  severity: 'warning',
  topic: 'correctness',
  preset: 'recommended',
  edits: 'suggested',
  over: 'workflow',
  peers: { zizmor: 'unsound-ternary' },

  check: pseudoTernaries,

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
          SUFFIX: \${{ github.ref == 'refs/heads/main' && '' || '-dev' }}
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
          SUFFIX: \${{ github.ref != 'refs/heads/main' && '-dev' || '' }}
        run: npm test
`
  }
})
