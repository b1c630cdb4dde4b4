import { keptCredentials } from '../../checkouts.js'
import { rule } from '../../rule.js'
import { sequencesOf } from '../../steps.js'

export default rule({
  id: 'workflow/checkout-told-to-keep-credentials',
  title: 'Checkout is told to leave its token',
  why: 'Whoever wrote it may mean it; every program of the job can read the token all the same.',
  fix: 'Write `persist-credentials: false`, and give the token to the step that pushes.',
  severity: 'note',
  topic: 'security',
  preset: 'all',
  over: 'steps',
  mentions: ['checkout'],
  peers: { zizmor: 'artipacked', ghalint: 'checkout_persist_credentials_should_be_false' },

  *check(file) {
    for (const { steps } of sequencesOf(file))
      for (const { step, says, written } of keptCredentials(steps)) {
        if (says === 'nothing') continue
        const field = step.with.find(({ name }) => name.value.toLowerCase() === 'persist-credentials')
        const inputs = step.yaml.entry('with')
        const at = field
          ? { ...step.at, endLine: field.value.at.endLine, endColumn: field.value.at.endColumn }
          : inputs!.key.at
        const when = says === 'true' ? 'is told to leave' : 'may leave'
        yield { at, message: `${written.value} ${when} the token of the job for every step after it` }
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
        with:
          persist-credentials: true
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
