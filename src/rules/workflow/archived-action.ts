import { isArchived, successorOf } from '../../data/action-facts.js'
import { rule } from '../../rule.js'
import { actionNamed, allUsesOf } from '../../steps.js'

export default rule({
  id: 'workflow/archived-action',
  title: 'Action is no longer kept',
  why: 'Its repository is archived: nobody mends what is found in it or what a new runner breaks.',
  fix: 'Use what took its place, or the tool itself.',
  severity: 'warning',
  topic: 'supply-chain',
  preset: 'recommended',
  over: 'steps',
  peers: { zizmor: 'archived-uses' },

  *check(file) {
    for (const { written } of allUsesOf(file)) {
      const action = actionNamed(written)
      if (!action || !isArchived(action.repository)) continue
      const next = successorOf(action.name)
      yield { at: written.at, message: `${action.repository} is archived${next ? `: ${next} took its place` : ''}` }
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
      - uses: actions/setup-ruby@e932e7af67fc4a8fc77bd86b744acd4e42fe3543 # v1.1.3
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
      - uses: ruby/setup-ruby@8f4b7f84864484a7bf31766abe9204da3cbe65b3 # v1.257.0
`
  }
})
