import { problemsOf } from '../../expressions.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/object-in-text',
  title: 'Object or list is pasted into a text',
  why: 'All that arrives there is the word Object or Array.',
  fix: 'Read the member that is meant, or write the whole with toJSON().',
  severity: 'warning',
  topic: 'correctness',
  preset: 'recommended',
  over: 'workflow',
  peers: { actionlint: 'expression' },

  check: workflow => problemsOf(workflow, ['text']),

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
          LABELS: \${{ github.event.pull_request.labels.*.name }}
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
          LABELS: \${{ toJSON(github.event.pull_request.labels.*.name) }}
        run: npm test
`
  }
})
