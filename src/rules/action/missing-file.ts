import { actionProblems } from '../../action-metadata.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'action/missing-file',
  title: 'Action names a file that is not there',
  why: 'GitHub runs what the commit holds: without the file every step that uses the action fails.',
  fix: 'Commit the file, or name the one that is meant.',
  severity: 'note',
  topic: 'correctness',
  preset: 'strict',
  over: 'repo',

  *check(repo) {
    for (const problems of actionProblems(repo).values())
      for (const { at, kind, message } of problems) if (kind === 'file') yield { at, message }
  },

  bad: {
    'action.yml': `name: Greet
description: Says hello
runs:
  using: node24
  main: dist/index.js
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
