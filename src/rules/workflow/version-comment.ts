import type { Problem, UsedFacts } from '../../model.js'
import { rule } from '../../rule.js'
import { type Used, usedIn } from '../../used.js'
import { bestOf, isFull, standsFor } from '../../versions.js'

export default rule({
  id: 'workflow/version-comment',
  title: 'Comment beside a pinned action names another version',
  why: 'Whoever reviews or updates the pin trusts the comment, and another version runs than everybody believes.',
  fix: 'Write the tag that the commit has, or pin the commit of the tag that was meant.',
  severity: 'warning',
  topic: 'supply-chain',
  preset: 'recommended',
  edits: 'safe',
  over: 'repo',
  online: ['refs'],
  peers: { zizmor: 'ref-version-mismatch' },

  *check(repo) {
    for (const used of usedIn(repo)) {
      const facts = repo.facts.get(used.written.value)
      const problem = facts && problemOf(used, facts)
      if (problem) yield problem
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
    facts: {
      'acme/lint@8f4b7f84864484a7bf31766abe9204da3cbe65b3': {
        sha: '8f4b7f84864484a7bf31766abe9204da3cbe65b3',
        tags: ['v1.9.0'],
        named: [{ name: 'v2.1.0', sha: '11bd71901bbe5b1630ceea73d27597364c9af683' }]
      }
    }
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
      'docker/lint@8f4b7f84864484a7bf31766abe9204da3cbe65b3': {
        sha: '8f4b7f84864484a7bf31766abe9204da3cbe65b3',
        tags: ['v2.1.0', 'v2'],
        named: [{ name: 'v2.1.0', sha: '8f4b7f84864484a7bf31766abe9204da3cbe65b3' }]
      }
    }
  }
})

function problemOf({ comment, version, pinned, action }: Used, facts: UsedFacts): Problem | undefined {
  if (!comment || version === undefined || pinned !== 'sha') return undefined
  const named = facts.named.find(({ name }) => name === version)
  // A word that is no tag is an explanation.
  if (!named?.sha || named.sha === facts.sha) return undefined
  // `v4` moves on with each release, and the commit stays one of version 4.
  if (facts.tags.some(tag => standsFor(version, tag))) return undefined
  if (!isFull(version) && !facts.tags.length) return undefined
  const right = bestOf(facts.tags)
  const is = right === undefined ? 'is another commit' : `is another commit: this one is ${right}`
  const problem: Problem = { at: comment.at, message: `${version} of ${action} ${is}`, key: action }
  if (right === undefined) return problem
  return { ...problem, edits: [{ at: comment.at, text: `# ${comment.text.replace(version, () => right)}` }] }
}
