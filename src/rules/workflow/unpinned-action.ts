import type { Options, Problem, Text } from '../../model.js'
import { isGitHubs, readUses, refPlace } from '../../parse/uses.js'
import { POLICIES, policyFor } from '../../pin-policies.js'
import { matches, stepsOf } from '../../query.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/unpinned-action',
  title: 'Action of another repository is not pinned to a commit',
  why: 'A tag or branch can be moved to other code, which then runs with the secrets and token of the job.',
  fix: 'Name the full commit with its version beside it, `owner/action@<40 hex digits> # v1.2.3`; Dependabot and Renovate keep both up to date.',
  severity: 'warning',
  topic: 'supply-chain',
  preset: 'recommended',
  over: 'workflow',
  peers: { zizmor: 'unpinned-uses', ghalint: 'action_ref_should_be_full_length_commit_sha' },
  group: 'pins',
  options: {
    allow: {
      type: 'strings',
      default: [],
      about: 'Actions that may be named by a tag, as globs: `my-org/*`. By a branch they are a warning.'
    },
    policies: POLICIES,
    owner: {
      type: 'string',
      default: '',
      about:
        'Whose actions on a branch are a warning, not an error. Default: the owner of the repository, where GitHub tells.'
    }
  },

  *check(workflow, options) {
    const allow = Array.isArray(options.allow) ? options.allow.map(String) : []
    const owner = typeof options.owner === 'string' ? options.owner.toLowerCase() : ''
    for (const { uses } of [...workflow.jobs, ...stepsOf(workflow)]) {
      const problem = uses && problemOf(uses, allow, owner, options)
      if (problem) yield problem
    }
  },

  bad: {
    '.github/workflows/ci.yml': `on: pull_request
permissions: {}
jobs:
  lint:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps:
      - uses: acme/lint@v2
`
  },
  good: {
    '.github/workflows/ci.yml': `name: CI
on: pull_request
permissions: {}
concurrency:
  group: ci-\${{ github.ref }}
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

function problemOf(written: Text, allow: string[], owner: string, options: Options): Problem | undefined {
  const uses = readUses(written.value)
  if (!('pinned' in uses) || uses.pinned === 'sha') return undefined
  const { action, ref, pinned } = uses
  const policy = policyFor(action, options)
  if (policy === 'any' || policy === 'ref-pin') return undefined
  const at = refPlace(written, uses)
  if (pinned === 'branch') {
    // As often a tag that moves with each release.
    const what = ref.toLowerCase() === 'latest' ? `${ref} stands for` : `its branch ${ref} holds`
    const message = `${action} runs whatever ${what} that day`
    // Who may change the action may as well change this workflow.
    const isOurs = owner !== '' && action.toLowerCase().startsWith(`${owner}/`)
    return { at, message, severity: isOurs || isAllowed(action, allow) ? 'warning' : 'error', key: action }
  }
  // Those by a tag are asked for by workflow/unpinned-github-action, in the strict preset.
  if (isGitHubs(action) || isAllowed(action, allow)) return undefined
  return { at, message: `${written.value} can change without review`, key: action }
}

// `docker/*` speaks for `docker/actions/setup` too: whoever trusts a repository trusts what lies in it.
function isAllowed(action: string, allow: string[]): boolean {
  const repository = action.split('/').slice(0, 2).join('/')
  return allow.some(glob => matches(action, glob) || matches(repository, glob))
}
