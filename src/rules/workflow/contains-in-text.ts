import { textContains } from '../../conditions.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/contains-in-text',
  title: 'contains() looks for a value in a text, not in a list',
  why: "Any part of the text passes: `contains('main develop', x)` is true of 'dev', of 'a' and of an empty x.",
  fix: `Give it a list: \`contains(fromJSON('["main", "develop"]'), x)\`.`,
  severity: 'warning',
  topic: 'security',
  preset: 'recommended',
  edits: 'suggested',
  over: 'workflow',
  mentions: ['contains'],
  peers: { zizmor: 'unsound-contains' },

  check: textContains,

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
      - if: contains('main develop', github.ref_name)
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
      - if: contains(fromJSON('["main", "develop"]'), github.ref_name)
        run: ./release.sh
`
  }
})
