import { testWorkflow } from '../../examples.js'
import { readUses } from '../../parse/uses.js'
import { rule } from '../../rule.js'
import { usedActionsOf } from '../../used-actions.js'

export default rule({
  id: 'workflow/pip-install-input',
  title: 'Packages are installed for the whole machine',
  why: 'The input pip-install of setup-python installs beside the system, where it can break what is there and nothing says which versions come.',
  fix: 'Install in a step of its own, into a virtual environment and from a lock file.',
  severity: 'note',
  topic: 'reliability',
  preset: 'strict',
  over: 'repo',
  peers: { zizmor: 'misfeature' },

  *check(repo) {
    for (const { step, written } of usedActionsOf(repo)) {
      const uses = readUses(written.value)
      if (uses.kind !== 'remote' || uses.action.toLowerCase() !== 'actions/setup-python') continue
      const input = step.with.find(field => field.name.value.toLowerCase() === 'pip-install')
      if (input)
        yield {
          at: input.name.at,
          message: 'pip-install installs for the whole machine, outside a virtual environment'
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
      - uses: actions/setup-python@v6
        with:
          pip-install: pytest
`
  },
  good: testWorkflow
})
