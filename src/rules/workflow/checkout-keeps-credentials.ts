import { keptCredentials, mayPush } from '../../checkouts.js'
import { rule } from '../../rule.js'
import { inputEdit, sequencesOf } from '../../steps.js'

export default rule({
  id: 'workflow/checkout-keeps-credentials',
  title: 'Checkout leaves its token for the steps after it',
  why: 'Every program of the job can read it from git’s config: tests, install scripts of dependencies and other actions.',
  fix: 'Add `persist-credentials: false`; a step that pushes takes its token by itself.',
  severity: 'note',
  topic: 'security',
  preset: 'strict',
  over: 'steps',
  mentions: ['checkout'],
  peers: { zizmor: 'artipacked', ghalint: 'checkout_persist_credentials_should_be_false' },

  *check(file) {
    for (const { steps } of sequencesOf(file))
      for (const { step, says, written } of keptCredentials(steps)) {
        if (says !== 'nothing') continue
        const edit = mayPush(steps, step) ? undefined : inputEdit(file, step, 'persist-credentials', 'false')
        yield {
          at: { ...step.at, endLine: written.at.endLine, endColumn: written.at.endColumn },
          message: `${written.value} leaves the token of the job for every step after it`,
          ...(edit && { edits: [edit] })
        }
      }
  },

  bad: {
    '.github/workflows/ci.yml': `on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
      - run: npm test
`
  },
  good: {
    '.github/workflows/ci.yml': `name: CI
on: push
permissions:
  contents: read
concurrency:
  group: ci-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  test:
    name: Test
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2
        with:
          persist-credentials: false
      - run: npm test
`
  }
})
