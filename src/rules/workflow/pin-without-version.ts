import type { UsedFacts } from '../../model.js'
import { refPlace } from '../../parse/uses.js'
import { rule } from '../../rule.js'
import { usedIn } from '../../used.js'
import { bestOf } from '../../versions.js'

export default rule({
  id: 'workflow/pin-without-version',
  title: 'Pinned action does not say its version',
  why: 'Nobody sees from forty digits how old it is, and Dependabot and Renovate go by the comment.',
  fix: 'Write the version behind it: `owner/action@<40 hex digits> # v1.2.3`.',
  severity: 'note',
  topic: 'supply-chain',
  preset: 'strict',
  over: 'repo',
  online: ['refs'],
  group: 'pins',

  *check(repo) {
    for (const used of usedIn(repo)) {
      if (used.pinned !== 'sha' || used.version !== undefined || namesBranch(used.comment?.text)) continue
      const facts = repo.facts.get(used.written.value)
      const message = `no comment says which version of ${used.action} this is${knownOf(facts)}`
      // Zizmor says it online alone.
      const peers = facts && { peers: { zizmor: 'ref-version-mismatch' } }
      yield { at: refPlace(used.written, used), message, key: used.action, ...peers }
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
      - uses: acme/lint@8f4b7f84864484a7bf31766abe9204da3cbe65b3
`
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

/** Where an action is followed by its branch or channel, the comment names that: there may be no version. */
const namesBranch = (comment = ''): boolean =>
  /^(main|master|trunk|develop|stable|beta|nightly)(?=$|[\s,;)(@])/i.test(comment)

function knownOf(facts: UsedFacts | undefined): string {
  const tag = facts && bestOf(facts.tags)
  return tag === undefined ? '' : `: it is ${tag}`
}
