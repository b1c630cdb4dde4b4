import { refPlace } from '../../parse/uses.js'
import { rule } from '../../rule.js'
import { usedIn } from '../../used.js'

export default rule({
  id: 'workflow/impostor-commit',
  title: 'Pinned commit is on no branch or tag of its repository',
  why: 'GitHub finds commits of every fork under the name of the original, so that anybody can write what such a pin runs.',
  fix: 'Pin a commit that a release of the repository names.',
  severity: 'error',
  topic: 'supply-chain',
  preset: 'recommended',
  over: 'repo',
  online: ['reach'],
  peers: { zizmor: 'impostor-commit' },

  *check(repo) {
    for (const used of usedIn(repo)) {
      if (used.pinned !== 'sha' || repo.facts.get(used.written.value)?.reachable !== 'no') continue
      const message = `${used.ref.slice(0, 7)} is on no branch or tag of ${used.repository}: it comes from a fork or from a branch that is gone`
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
      - uses: acme/lint@8f4b7f84864484a7bf31766abe9204da3cbe65b3 # v2.1.0
`
    },
    facts: { 'acme/lint@8f4b7f84864484a7bf31766abe9204da3cbe65b3': { reachable: 'no' } }
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
    facts: { 'docker/lint@8f4b7f84864484a7bf31766abe9204da3cbe65b3': { reachable: 'yes' } }
  }
})
