import { problemsOf } from '../../expressions.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'action/invalid-expression',
  title: 'Expression that the runner refuses',
  why: 'The action cannot be loaded, so every job that uses it fails.',
  fix: 'Correct the expression: texts in single quotes, contexts and functions that an action has (no secrets, no vars).',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'action',

  *check(action) {
    yield* problemsOf(action, ['syntax', 'context', 'function', 'count', 'unavailable', 'placeholder', 'json'])
  },

  bad: {
    'action.yml': `name: Set up
description: Sets up the tools
runs:
  using: composite
  steps:
    - run: ./login.sh
      shell: bash
      env:
        TOKEN: \${{ secrets.TOKEN }}
`
  },
  good: {
    'action.yml': `name: Set up
description: Sets up the tools
inputs:
  token:
    description: A token
    required: true
runs:
  using: composite
  steps:
    - run: ./login.sh
      shell: bash
      env:
        TOKEN: \${{ inputs.token }}
`
  }
})
