import { isWellKnown } from '../../data/action-facts.js'
import { rule } from '../../rule.js'
import { actionNamed, allUsesOf } from '../../steps.js'
import { textsOf } from '../../words.js'

export default rule({
  id: 'workflow/little-known-creator',
  title: 'Action of someone whose actions few use',
  why: 'Nothing but its name says who may change the action.',
  fix: 'Read the action before you pin it, or use one that many look at.',
  severity: 'note',
  topic: 'supply-chain',
  preset: 'all',
  over: 'steps',
  peers: { poutine: 'github_action_from_unverified_creator_used' },
  options: {
    trusted: { type: 'strings', default: [], about: 'Owners that you know.' },
    owner: {
      type: 'string',
      default: '',
      about: 'Who is known as well. Default: the owner of the repository, where GitHub tells.'
    }
  },

  *check(file, options) {
    const trusted = new Set(
      [...textsOf(options.trusted), String(options.owner ?? '')].map(owner => owner.toLowerCase())
    )
    for (const { written } of allUsesOf(file)) {
      const owner = actionNamed(written)?.name.split('/', 1)[0]
      if (!owner || trusted.has(owner) || isWellKnown(owner)) continue
      yield {
        at: written.at,
        message: `${owner} publishes none of the actions that workflows use most: few look at what it does`
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
      - uses: someone/lint@8f4b7f84864484a7bf31766abe9204da3cbe65b3 # v2.1.0
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
