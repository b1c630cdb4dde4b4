import { rule } from '../../rule.js'
import { retiredRuntime } from '../../workflow-problems.js'

export default rule({
  id: 'action/retired-runtime',
  title: 'Action for a version of Node.js that is gone',
  why: 'Runners no longer have that version: they run the action with another one, or not at all.',
  fix: 'Try the action with a version that runners have, and name that one.',
  severity: 'warning',
  topic: 'reliability',
  preset: 'recommended',
  over: 'action',

  *check(action) {
    const problem = retiredRuntime(action)
    if (problem) yield problem
  },

  bad: {
    'action.yml': `name: Greet
description: Greets whoever started the run
runs:
  using: node16
  main: dist/index.js
`,
    'dist/index.js': ''
  },
  good: {
    'action.yml': `name: Greet
description: Greets whoever started the run
runs:
  using: node24
  main: dist/index.js
`,
    'dist/index.js': ''
  }
})
