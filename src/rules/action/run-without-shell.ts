import { rule } from '../../rule.js'

export default rule({
  id: 'action/run-without-shell',
  title: 'Step of a composite action has no shell',
  why: 'Composite actions have no default shell: GitHub refuses to load the action.',
  fix: 'Add `shell: bash` to the step.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'action',
  peers: { ghalint: 'action_shell_is_required' },

  *check(action) {
    for (const { run, shell, yaml } of action.steps) {
      if (!run || shell || yaml.entry('shell')) continue
      yield {
        at: yaml.entry('run')!.key.at,
        message: 'this step has no shell, and a composite action has no default one'
      }
    }
  },

  bad: {
    'action.yml': `name: Set up
description: Sets up the tools
runs:
  using: composite
  steps:
    - run: make tools
`
  },
  good: {
    'action.yml': `name: Set up
description: Sets up the tools
runs:
  using: composite
  steps:
    - run: make tools
      shell: bash
`
  }
})
