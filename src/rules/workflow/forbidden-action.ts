import { matches } from '../../query.js'
import { rule } from '../../rule.js'
import { actionNamed, allUsesOf, type UsedAction } from '../../steps.js'
import { textsOf } from '../../words.js'

export default rule({
  id: 'workflow/forbidden-action',
  title: 'Action is not among those that are allowed',
  why: 'The config says which actions may be used here.',
  fix: 'Use one that is allowed, or have it added to the list.',
  severity: 'error',
  topic: 'supply-chain',
  preset: 'all',
  over: 'steps',
  peers: { zizmor: 'forbidden-uses' },
  options: {
    allow: {
      type: 'strings',
      default: [],
      about: 'Actions that may be used, as globs: `acme/*`. Any, where none is named.'
    },
    deny: { type: 'strings', default: [], about: 'Actions that may not be used, as globs, with a ref or without.' },
    only: { type: 'boolean', default: false, about: 'Whether an empty `allow` allows none.' }
  },

  *check(file, options) {
    const allow = textsOf(options.allow)
    const deny = textsOf(options.deny)
    if (!allow.length && !deny.length && !options.only) return
    for (const { written } of allUsesOf(file)) {
      const action = actionNamed(written)
      if (!action) continue
      const fits = (glob: string) => isMeant(action, glob)
      const denied = deny.find(fits)
      if (denied) yield { at: written.at, message: `${written.value} is forbidden by ${denied}` }
      else if ((allow.length || options.only) && !allow.some(fits))
        yield { at: written.at, message: `${written.value} is not among the actions that are allowed` }
    }
  },

  bad: {
    head: {
      '.github/workflows/ci.yml': `on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - uses: acme/lint@8f4b7f84864484a7bf31766abe9204da3cbe65b3 # v2.1.0
`
    },
    options: { allow: ['actions/*'], deny: [], only: false }
  },
  good: {
    head: {
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
    },
    options: { allow: ['actions/*'], deny: [], only: false }
  }
})

function isMeant({ name, repository, ref }: UsedAction, glob: string): boolean {
  const [pattern = '', wanted] = glob.toLowerCase().split('@')
  if (wanted !== undefined && wanted !== ref.toLowerCase()) return false
  return pattern === '*' || matches(name, pattern) || matches(repository, pattern)
}
