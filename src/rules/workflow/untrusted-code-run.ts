import { rule } from '../../rule.js'
import { untrustedRuns } from '../../untrusted-checkouts.js'

export default rule({
  id: 'workflow/untrusted-code-run',
  title: 'Code of a pull request runs with the rights of the repository',
  why: 'Anyone can open a pull request whose scripts, build files or tests then read the secrets and use the token of the job.',
  fix: 'Build and test on pull_request, which has neither; let a second workflow do what needs them, without running what was checked out.',
  severity: 'error',
  topic: 'security',
  preset: 'recommended',
  over: 'repo',
  peers: { poutine: 'untrusted_checkout_exec' },

  *check(repo) {
    for (const workflow of repo.workflows)
      for (const { certain, at, by, checkout, events, job } of untrustedRuns(workflow, repo.workflows)) {
        if (!certain) continue
        yield {
          at,
          message: `${by} runs what the checkout in line ${checkout.at.line} took from a pull request, and on ${events.join(', ')} job ${job.id.value} has the rights of the repository`
        }
      }
  },

  bad: {
    '.github/workflows/ci.yml': `on: pull_request_target
permissions: {}
jobs:
  test:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
        with:
          ref: \${{ github.event.pull_request.head.sha }}
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
