import { rule } from '../../rule.js'
import { problemsOf } from '../../workflow-problems.js'

export default rule({
  id: 'action/invalid-metadata',
  title: 'Action that its metadata breaks',
  why: 'The runner refuses an action whose metadata it does not understand, and every step that uses it fails.',
  fix: 'Write the file as the metadata syntax has it.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'action',

  *check(action) {
    if (action.broken) return
    for (const { at, message, severity, edits } of problemsOf('action', action.yaml))
      yield { at, message, severity, ...(edits && { edits }) }
  },

  bad: {
    'action.yml': `name: Greet
description: Greets whoever started the run
runs:
  using: composite
  main: greet.js
  steps:
    - run: echo hello
      shell: bash
`
  },
  good: {
    'action.yml': `name: Greet
description: Greets whoever started the run
runs:
  using: composite
  steps:
    - run: echo hello
      shell: bash
`
  }
})
