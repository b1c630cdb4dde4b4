import { refPlace } from '../../parse/uses.js'
import { rule } from '../../rule.js'
import { usedIn } from '../../used.js'

export default rule({
  id: 'workflow/ambiguous-ref',
  title: 'Ref of an action is both a branch and a tag',
  why: 'Which of the two runs is not what readers expect, and whoever may push a branch can stand in for the release.',
  fix: 'Name the full commit, with the version beside it.',
  severity: 'warning',
  topic: 'supply-chain',
  preset: 'recommended',
  over: 'repo',
  online: ['refs'],
  peers: { zizmor: 'ref-confusion' },

  *check(repo) {
    for (const used of usedIn(repo)) {
      const facts = repo.facts.get(used.written.value)
      if (used.pinned === 'sha' || facts?.branch !== 'yes' || facts.tag !== 'yes') continue
      const message = `${used.ref} is both a branch and a tag of ${used.repository}`
      yield { at: refPlace(used.written, used), message, key: used.action }
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
      - uses: acme/lint@v2
`
    },
    facts: { 'acme/lint@v2': { branch: 'yes', tag: 'yes' } }
  },
  good: {
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
  }
})
