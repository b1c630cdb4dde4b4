import { refPlace } from '../../parse/uses.js'
import { rule } from '../../rule.js'
import { usedIn } from '../../used.js'

export default rule({
  id: 'workflow/untagged-commit',
  title: 'Pinned commit is no release of its action',
  why: 'What lies between two releases was not meant for others, and neither advisories nor update tools know it.',
  fix: 'Pin the commit of a release, with its version beside it.',
  severity: 'note',
  topic: 'supply-chain',
  preset: 'all',
  over: 'repo',
  online: ['refs'],
  peers: { zizmor: 'stale-action-refs' },

  *check(repo) {
    for (const used of usedIn(repo)) {
      const facts = repo.facts.get(used.written.value)
      if (used.pinned !== 'sha' || !facts?.allTags || facts.tags.length) continue
      yield {
        at: refPlace(used.written, used),
        message: `no tag of ${used.repository} names this commit`,
        key: used.action
      }
    }
  },

  bad: {
    head: {
      '.github/workflows/ci.yml': `on: push
permissions: {}
jobs:
  lint:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps:
      - uses: acme/lint@8f4b7f84864484a7bf31766abe9204da3cbe65b3
`
    },
    facts: { 'acme/lint@8f4b7f84864484a7bf31766abe9204da3cbe65b3': { tags: [], allTags: true } }
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
    facts: {
      'docker/lint@8f4b7f84864484a7bf31766abe9204da3cbe65b3': { tags: ['v2.1.0'], allTags: true }
    }
  }
})
