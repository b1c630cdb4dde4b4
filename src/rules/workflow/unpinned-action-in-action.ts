import type { Peers } from '../../model.js'
import { readUses, refPlace } from '../../parse/uses.js'
import { POLICIES, policyFor } from '../../pin-policies.js'
import { rule } from '../../rule.js'

const PEERS: Peers = { zizmor: 'unpinned-uses', ghalint: 'action_ref_should_be_full_length_commit_sha' }

export default rule({
  id: 'workflow/unpinned-action-in-action',
  title: 'Composite action uses another one that is not pinned to a commit',
  why: 'Whoever pins this action still runs whatever the inner tag or branch points at that day.',
  fix: 'Name the full commit of the inner action with its version beside it.',
  severity: 'warning',
  topic: 'supply-chain',
  preset: 'strict',
  over: 'action',
  peers: PEERS,
  group: 'pins',
  options: { policies: POLICIES },

  *check(action, options) {
    // Poutine says it once of an action.
    let peers: Peers | undefined = { ...PEERS, poutine: 'unpinnable_action' }
    for (const { uses: written } of action.steps) {
      const uses = written && readUses(written.value)
      if (!uses || !('pinned' in uses) || uses.pinned === 'sha') continue
      const policy = policyFor(uses.action, options)
      if (policy === 'any' || policy === 'ref-pin') continue
      const at = refPlace(written, uses)
      const message = `${written.value} can change without review of this action`
      yield {
        at,
        message,
        key: uses.action,
        ...(uses.pinned === 'branch' && { severity: 'error' as const }),
        ...(peers && { peers })
      }
      peers = undefined
    }
  },

  bad: {
    'action.yml': `name: Set up
description: Sets up the tools
runs:
  using: composite
  steps:
    - uses: acme/setup@v2
`
  },
  good: {
    'action.yml': `name: Set up
description: Sets up the tools
runs:
  using: composite
  steps:
    - uses: docker/setup@8f4b7f84864484a7bf31766abe9204da3cbe65b3 # v2.1.0
`
  }
})
