import { obfuscated } from '../../conditions.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'action/obfuscated-expression',
  title: 'Expression of an action hides a value that never changes',
  why: 'Readers and scanners must work out what it says, which is what somebody with something to hide would want.',
  fix: 'Write the value itself.',
  severity: 'note',
  topic: 'security',
  preset: 'strict',
  edits: 'safe',
  over: 'action',
  peers: { zizmor: 'obfuscation' },

  check: obfuscated,

  bad: {
    'action.yml': `name: Set up
description: Sets up the tools
runs:
  using: composite
  steps:
    - run: ./\${{ format('{0}.sh', 'build') }}
      shell: bash
`
  },
  good: {
    'action.yml': `name: Set up
description: Sets up the tools
runs:
  using: composite
  steps:
    - run: ./build.sh
      shell: bash
`
  }
})
