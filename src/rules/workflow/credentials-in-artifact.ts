import { keepsOutside, keptCredentials, wholeUpload } from '../../checkouts.js'
import { rule } from '../../rule.js'
import { actionOf, sequencesOf, versionOf } from '../../steps.js'

export default rule({
  id: 'workflow/credentials-in-artifact',
  title: 'Artifact holds the token of the job',
  why: 'Checkout wrote the token into the folder that is uploaded, and whoever may read the repository can download it while the job runs.',
  fix: 'Add `persist-credentials: false` to the checkout, or upload the built files only.',
  severity: 'error',
  topic: 'security',
  preset: 'recommended',
  over: 'steps',
  mentions: ['artifact'],
  peers: {},

  *check(file) {
    for (const { steps } of sequencesOf(file)) {
      const [kept] = keptCredentials(steps).filter(({ says }) => says !== 'computed')
      if (!kept) continue
      const action = actionOf(kept.step)!
      if (keepsOutside(versionOf(file, kept.written, action))) continue
      for (const step of steps.slice(steps.indexOf(kept.step) + 1)) {
        const path = wholeUpload(step)
        const action = actionOf(step)
        if (!path || !action || !step.uses) continue
        // From its fourth major on, the upload leaves hidden files out unless it is told otherwise.
        const hidden = step.with.find(({ name }) => name.value.toLowerCase() === 'include-hidden-files')?.value.value
        const major = versionOf(file, step.uses, action)?.[0]
        if (major !== undefined && major >= 4 && hidden !== 'true') continue
        yield {
          at: path.at,
          message: `this holds .git with the token that the checkout in line ${kept.step.at.line} left there`
        }
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
      - uses: actions/upload-artifact@a8a3f3ad30e3422c9c7b888a15615d19a852ae32 # v3.1.3
        with:
          path: .
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
      - uses: actions/upload-artifact@a8a3f3ad30e3422c9c7b888a15615d19a852ae32 # v6.0.0
        with:
          path: .
`
  }
})
