import { type Advisory, advisoriesOn } from '../../data/action-facts.js'
import { rule } from '../../rule.js'
import { actionNamed, allUsesOf, versionOf } from '../../steps.js'

export default rule({
  id: 'workflow/vulnerable-action',
  title: 'Action has a known hole',
  why: 'An advisory says how this version can be made to run or to leak what it should not.',
  fix: 'Use a version that the advisory calls mended.',
  severity: 'warning',
  topic: 'supply-chain',
  preset: 'recommended',
  over: 'steps',
  peers: { zizmor: 'known-vulnerable-actions', poutine: 'known_vulnerability_in_build_component' },

  *check(file) {
    for (const { written } of allUsesOf(file)) {
      const action = actionNamed(written)
      const advisories = action ? advisoriesOn(action.name) : []
      const version = action && advisories.length ? versionOf(file, written, action) : undefined
      const advisory = version && advisories.find(each => isAbout(each, version))
      if (!advisory) continue
      const mended = advisory.to.startsWith('<=')
        ? `a version above ${advisory.to.slice(2)}`
        : `version ${advisory.to.slice(1)}`
      yield { at: written.at, message: `${advisory.id} is about ${action!.name} before ${mended}` }
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
      - uses: tj-actions/changed-files@8f4b7f84864484a7bf31766abe9204da3cbe65b3 # v45.0.1
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
      - uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2
        with:
          persist-credentials: false
`
  }
})

/** Is every version that a tag of so many numbers can stand for among those of the advisory? `v4` follows the newest 4.x. */
function isAbout({ from, to }: Advisory, version: number[]): boolean {
  const bound = to.replace(/^<=?/, '').split('.').map(Number)
  const lowest = compare(version, from.split('.').map(Number), 0)
  const highest = compare(version, bound, Number.POSITIVE_INFINITY)
  return lowest >= 0 && (to.startsWith('<=') ? highest <= 0 : highest < 0)
}

/** Compares two versions; numbers that the first leaves open count as \`open\`, those of the second as 0. */
function compare(a: number[], b: number[], open: number): number {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const difference = (a[at] ?? open) - (b[at] ?? 0)
    if (difference) return difference
  }
  return 0
}
