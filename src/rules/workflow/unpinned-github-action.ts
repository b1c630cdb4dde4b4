import { isGitHubs, readUses, refPlace } from '../../parse/uses.js'
import { POLICIES, policyFor } from '../../pin-policies.js'
import { stepsOf } from '../../query.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/unpinned-github-action',
  title: "GitHub's own action is not pinned to a commit",
  why: 'Even a tag of actions/* can be moved, and a commit says exactly what ran.',
  fix: 'Name the full commit with its version beside it: `actions/checkout@<40 hex digits> # v6.0.0`.',
  severity: 'note',
  topic: 'supply-chain',
  preset: 'strict',
  over: 'workflow',
  peers: { zizmor: 'unpinned-uses', ghalint: 'action_ref_should_be_full_length_commit_sha' },
  group: 'pins',
  options: { policies: POLICIES },

  *check(workflow, options) {
    for (const { uses: written } of [...workflow.jobs, ...stepsOf(workflow)]) {
      const uses = written && readUses(written.value)
      if (!uses || !('pinned' in uses) || uses.pinned !== 'tag' || !isGitHubs(uses.action)) continue
      const policy = policyFor(uses.action, options)
      if (policy === 'any' || policy === 'ref-pin') continue
      const at = refPlace(written, uses)
      yield { at, message: `${written.value} can change without review`, key: uses.action }
    }
  },

  bad: {
    '.github/workflows/ci.yml': `on: pull_request
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps:
      - uses: actions/checkout@v6
`
  },
  good: {
    '.github/workflows/ci.yml': `name: CI
on: pull_request
permissions:
  contents: read
concurrency:
  group: ci-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  test:
    name: test
    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps:
      - uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2
        with:
          persist-credentials: false
      - run: npm test
`
  }
})
