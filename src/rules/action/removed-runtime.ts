import { actionProblems } from '../../action-metadata.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'action/removed-runtime',
  title: 'Action is written for a runtime that GitHub has removed',
  why: 'GitHub runs it on a newer Node.js than it was made for, and warns whoever uses it.',
  fix: 'Say `using: node24`, and try the action on it.',
  severity: 'warning',
  topic: 'reliability',
  preset: 'recommended',
  over: 'repo',

  *check(repo) {
    for (const problems of actionProblems(repo).values())
      for (const { at, kind, message } of problems) if (kind === 'runtime') yield { at, message }
  },

  bad: {
    'action.yml': `name: Greet
description: Says hello
runs:
  using: node16
  main: dist/index.js
`,
    'dist/index.js': `console.log('hello')
`
  },
  good: {
    'action.yml': `name: Greet
description: Says hello
runs:
  using: node24
  main: dist/index.js
`,
    'dist/index.js': `console.log('hello')
`
  }
})
