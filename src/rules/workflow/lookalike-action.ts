import { popularActions } from '../../data/action-facts.js'
import { rule } from '../../rule.js'
import { actionNamed, allUsesOf } from '../../steps.js'

export default rule({
  id: 'workflow/lookalike-action',
  title: 'Action has nearly the name of a well-known one',
  why: 'Names one letter away from a popular action are registered by people who wait for the typing error.',
  fix: 'Correct the name, or suppress this where the other action is meant.',
  severity: 'warning',
  topic: 'supply-chain',
  preset: 'recommended',
  over: 'steps',
  peers: { zizmor: 'typosquat-uses' },

  *check(file) {
    for (const { written } of allUsesOf(file)) {
      const action = actionNamed(written)
      if (!action || popularActions().has(action.repository)) continue
      const meant = [...popularActions()].find(name => isNear(name, action.repository))
      if (meant) yield { at: written.at, message: `${action.repository} is nearly ${meant}, and someone else's` }
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
      - uses: action/checkout@8f4b7f84864484a7bf31766abe9204da3cbe65b3 # v4.2.2
        with:
          persist-credentials: false
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

const isNear = (known: string, name: string): boolean =>
  known.slice(0, known.indexOf('/')) !== name.slice(0, name.indexOf('/')) && isOneEditAway(known, name)

/** One letter more, less, other or swapped with its neighbour. */
function isOneEditAway(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false
  let from = 0
  while (from < a.length && a[from] === b[from]) from++
  let end = 0
  while (end < Math.min(a.length, b.length) - from && a[a.length - 1 - end] === b[b.length - 1 - end]) end++
  const left = a.slice(from, a.length - end)
  const right = b.slice(from, b.length - end)
  const isSwap = left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0]
  return isSwap || (left.length <= 1 && right.length <= 1)
}
