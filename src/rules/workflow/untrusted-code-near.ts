import { rule } from '../../rule.js'
import { untrustedRuns } from '../../untrusted-checkouts.js'

export default rule({
  id: 'workflow/untrusted-code-near',
  title: 'Step may run what someone else wrote',
  why: 'What is checked out is computed, and the run has the rights of the repository: whether it is an outsider’s code depends on conditions and callers.',
  fix: 'Check out the default branch, or keep the step to programs that read no configuration of what was checked out.',
  severity: 'note',
  topic: 'security',
  preset: 'all',
  over: 'repo',
  peers: { poutine: 'untrusted_checkout_exec' },

  *check(repo) {
    for (const workflow of repo.workflows)
      for (const { certain, at, by, checkout } of untrustedRuns(workflow, repo.workflows))
        if (!certain) yield { at, message: `${by} may run what the checkout in line ${checkout.at.line} brings` }
  },

  bad: {
    '.github/workflows/ci.yml': `on: issue_comment
permissions: {}
jobs:
  test:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - id: branch
        run: ./branch.sh
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
        with:
          ref: \${{ steps.branch.outputs.ref }}
          persist-credentials: false
      - run: npm test
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
    name: Test
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2
        with:
          persist-credentials: false
      - run: npm test
`
  }
})
