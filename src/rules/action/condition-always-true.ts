import { alwaysTrue } from '../../conditions.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'action/condition-always-true',
  title: 'Condition in an action is always true',
  why: 'With anything outside of `${{ }}`, a line break at its end included, the whole is a text, and every text but the empty one counts as true.',
  fix: 'Write the condition without `${{ }}`, or put all of it inside; end a block with `|-` or `>-`.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  edits: 'suggested',
  over: 'action',
  mentions: ['if'],
  peers: { zizmor: 'unsound-condition', poutine: 'if_always_true' },

  check: alwaysTrue,

  bad: {
    'action.yml': `name: Set up
description: Sets up the tools
runs:
  using: composite
  steps:
    - if: \${{ runner.os == 'Linux' }} && \${{ runner.arch == 'X64' }}
      run: ./build.sh
      shell: bash
`
  },
  good: {
    'action.yml': `name: Set up
description: Sets up the tools
runs:
  using: composite
  steps:
    - if: runner.os == 'Linux' && runner.arch == 'X64'
      run: ./build.sh
      shell: bash
`
  }
})
