import { botActors, pseudoTernaries, textContains } from '../../conditions.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'action/unsound-expression',
  title: 'Expression in an action does not do what it seems to do',
  why: "`a && '' || b` is always b, and contains() of a text is true of any part of it.",
  fix: `Turn the choice round or write case(), and give contains() a list: fromJSON('["a", "b"]').`,
  severity: 'warning',
  topic: 'correctness',
  preset: 'recommended',
  edits: 'suggested',
  over: 'action',

  *check(action) {
    for (const problem of pseudoTernaries(action)) yield { ...problem, peers: { zizmor: 'unsound-ternary' } }
    for (const problem of textContains(action)) yield { ...problem, peers: { zizmor: 'unsound-contains' } }
    for (const problem of botActors(action)) yield { ...problem, peers: { zizmor: 'bot-conditions' } }
  },

  bad: {
    'action.yml': `name: Set up
description: Sets up the tools
runs:
  using: composite
  steps:
    - run: ./build.sh
      shell: bash
      env:
        SUFFIX: \${{ runner.os == 'Linux' && '' || '-other' }}
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
      env:
        SUFFIX: \${{ runner.os != 'Linux' && '-other' || '' }}
`
  }
})
