import { problemsOf } from '../../expressions.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'action/unknown-property',
  title: 'Expression of an action reads what is not there',
  why: 'A name that does not exist gives nothing, and no error.',
  fix: 'Name what exists: a declared input, an earlier step, what GitHub offers.',
  severity: 'warning',
  topic: 'correctness',
  preset: 'recommended',
  over: 'action',

  check: action => problemsOf(action, ['property', 'text', 'never']),

  bad: {
    'action.yml': `name: Set up
description: Sets up the tools
inputs:
  target:
    description: What to build
    required: true
runs:
  using: composite
  steps:
    - run: ./build.sh
      shell: bash
      env:
        TARGET: \${{ inputs.taget }}
`
  },
  good: {
    'action.yml': `name: Set up
description: Sets up the tools
inputs:
  target:
    description: What to build
    required: true
runs:
  using: composite
  steps:
    - run: ./build.sh
      shell: bash
      env:
        TARGET: \${{ inputs.target }}
`
  }
})
