import { majorsOf } from '../../data/actions.js'
import { testWorkflow } from '../../examples.js'
import { readUses } from '../../parse/uses.js'
import { rule } from '../../rule.js'
import { usedActionsOf } from '../../used-actions.js'

export default rule({
  id: 'workflow/aging-action',
  title: 'Action is written for a runtime that is about to go',
  why: 'Node.js 20 has had no fixes since April 2026, and GitHub runs what asks for it on Node.js 24.',
  fix: 'Use a major of the action that is made for Node.js 24.',
  severity: 'note',
  topic: 'reliability',
  preset: 'all',
  over: 'repo',
  group: 'runtimes',

  *check(repo) {
    for (const { written, name, facts } of usedActionsOf(repo)) {
      if (facts?.runs !== 'node20' || facts.local) continue
      const uses = readUses(written.value)
      const newer = uses.kind === 'remote' ? majorsOf(uses.action).find(each => each.runs === 'node24') : undefined
      // Nobody can move to what is not there.
      if (newer)
        yield {
          at: written.at,
          message: `${name} is made for Node.js 20: ${newer.ref} is made for Node.js 24`,
          key: name
        }
    }
  },

  bad: {
    '.github/workflows/ci.yml': `on: pull_request
jobs:
  test:
    name: Test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - uses: actions/checkout@v4
`
  },
  good: testWorkflow
})
