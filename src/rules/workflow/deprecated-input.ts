import { testWorkflow } from '../../examples.js'
import { rule } from '../../rule.js'
import { usedActionsOf } from '../../used-actions.js'

export default rule({
  id: 'workflow/deprecated-input',
  title: 'Input of an action is deprecated',
  why: 'The next major of the action may no longer have it, and an input that is not there is ignored without a word.',
  fix: 'Do what its author says of it.',
  severity: 'note',
  topic: 'reliability',
  preset: 'recommended',
  over: 'repo',
  peers: { actionlint: 'action' },

  *check(repo) {
    for (const { step, name, facts } of usedActionsOf(repo))
      for (const { name: input } of step.with) {
        const found = facts?.inputs?.get(input.value.toLowerCase())
        // What must be given is nothing to blame anyone for.
        if (!found?.isDeprecated || found.required) continue
        const says = found.deprecated ? `: ${oneLine(found.deprecated)}` : ''
        yield { at: input.at, message: `${name} calls its input ${input.value} deprecated${says}` }
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
      - uses: pypa/gh-action-pypi-publish@release/v1
        with:
          packages_dir: wheels
`
  },
  good: testWorkflow
})

function oneLine(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ').replace(/\.$/, '')
  return line.length > 160 ? `${line.slice(0, 159)}…` : line
}
