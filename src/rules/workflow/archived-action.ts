import { isArchived, successorOf } from '../../data/action-facts.js'
import type { UsedFacts } from '../../model.js'
import { rule } from '../../rule.js'
import { type Used, usedIn } from '../../used.js'

export default rule({
  id: 'workflow/archived-action',
  title: 'Action comes from an archived repository',
  why: 'Nobody mends it any more: neither the next weakness nor the next change of the runner.',
  fix: 'Use what took its place, or the tool itself in a run step.',
  severity: 'warning',
  topic: 'supply-chain',
  preset: 'recommended',
  over: 'repo',
  online: ['archived'],
  peers: { zizmor: 'archived-uses' },

  *check(repo) {
    for (const used of usedIn(repo)) {
      if (!isOver(used, repo.facts.get(used.written.value))) continue
      const { written, action, repository } = used
      const successor = successorOf(action)
      const then = successor === undefined ? '' : `: use ${successor}`.replace('use run ', 'run ')
      yield { at: written.part(0, action.length), message: `${repository} is archived${then}`, key: action }
    }
  },

  bad: {
    '.github/workflows/ci.yml': `on: push
permissions: {}
jobs:
  lint:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps:
      - uses: actions/setup-ruby@e932e7af67fc4a8fc77bd86b744acd4e42fe3543 # v1.1.3
`
  },
  good: {
    head: {
      '.github/workflows/ci.yml': `name: CI
on: pull_request
permissions: {}
concurrency:
  group: \${{ github.workflow }}-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  test:
    name: test
    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps:
      - uses: docker/lint@8f4b7f84864484a7bf31766abe9204da3cbe65b3 # v2.1.0
      - run: npm test
`
    },
    facts: { 'docker/lint@8f4b7f84864484a7bf31766abe9204da3cbe65b3': { archived: 'no' } }
  }
})

// What GitHub says today is newer than the list.
const isOver = ({ repository }: Used, facts: UsedFacts | undefined): boolean =>
  facts && facts.archived !== 'unknown' ? facts.archived === 'yes' : isArchived(repository)
