import { rule } from '../../rule.js'
import { actionOf, inputOf, isNever, sequencesOf } from '../../steps.js'

export default rule({
  id: 'workflow/unpinned-tool',
  title: 'Action installs whatever version of its tool is the newest',
  why: 'The action is pinned and what it downloads is not: a bad release of the tool runs with the secrets of the job.',
  fix: 'Give the action the version: `version: v0.65.0`.',
  severity: 'note',
  topic: 'supply-chain',
  preset: 'strict',
  over: 'steps',
  mentions: ['trivy', '1password'],
  peers: { zizmor: 'unpinned-tools' },

  *check(file) {
    for (const { steps } of sequencesOf(file))
      for (const step of steps) {
        const action = actionOf(step)
        if (!action || !TOOLS.has(action.name) || isNever(step)) continue
        const version = inputOf(step, 'version')?.value
        const text = version?.value.trim() ?? ''
        const isOpen = text === '' || text === 'latest'
        if (!isOpen && !text.includes('${{')) continue
        const what = isOpen ? 'the newest version' : `the version that ${text} gives`
        yield { at: version?.at ?? step.uses!.at, message: `${action.name} installs ${what} of its tool` }
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
      - uses: aquasecurity/setup-trivy@3fb12ec12f41e471780db15c232d5dd185dcb514 # v0.2.6
`
  },
  good: {
    '.github/workflows/ci.yml': `name: CI
on: push
permissions: {}
concurrency:
  group: ci-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  test:
    name: Test
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - uses: aquasecurity/setup-trivy@3fb12ec12f41e471780db15c232d5dd185dcb514 # v0.2.6
        with:
          version: v0.65.0
`
  }
})

/** Actions whose input \`version\` is the newest where nobody gives one, by their action.yml. */
const TOOLS = new Set(['aquasecurity/setup-trivy', '1password/load-secrets-action'])
