import { majorsOf } from '../../data/actions.js'
import { testWorkflow } from '../../examples.js'
import { readUses } from '../../parse/uses.js'
import { rule } from '../../rule.js'
import { usedActionsOf } from '../../used-actions.js'

export default rule({
  id: 'workflow/outdated-action',
  title: 'Action is written for a runtime that GitHub has removed',
  why: 'GitHub runs it on a newer Node.js than it was made for, and its authors no longer mend it.',
  fix: 'Use a major of the action that is made for a Node.js which GitHub still has.',
  severity: 'warning',
  topic: 'reliability',
  preset: 'recommended',
  over: 'repo',
  peers: { actionlint: 'action' },
  group: 'runtimes',

  *check(repo) {
    for (const { written, name, facts } of usedActionsOf(repo)) {
      if (!facts || facts.local || !REMOVED.has(facts.runs)) continue
      const uses = readUses(written.value)
      const newer = uses.kind === 'remote' ? newerOf(uses.action, name) : undefined
      const hint = newer ? `: ${newer} no longer is` : ''
      yield {
        at: written.at,
        message: `${name} is made for ${SHOWN[facts.runs]}, which GitHub has removed${hint}`,
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
      - uses: actions/checkout@v3
`
  },
  good: testWorkflow
})

const REMOVED = new Set(['node12', 'node16', 'plugin'])
const OLD = new Set([...REMOVED, 'node20'])
/** The next major that is made for a runtime which stays. */
function newerOf(action: string, name: string): string | undefined {
  const number = (ref: string) => Number(/@?v?(\d+)[^@/]*$/.exec(ref)?.[1] ?? Number.NaN)
  return majorsOf(action).find(each => !OLD.has(each.runs) && number(each.ref) > number(name))?.ref
}

const SHOWN: Record<string, string> = { node12: 'Node.js 12', node16: 'Node.js 16', plugin: 'a runner plugin' }
