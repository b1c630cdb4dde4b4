import { missingFilesOf } from '../../action-files.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'action/missing-file',
  title: 'Action runs a file that is not there',
  why: 'The runner takes the action as the commit has it: without the file, every step that uses it at this commit fails.',
  fix: 'Commit the file, built files too, or name the one that is there.',
  severity: 'warning',
  topic: 'correctness',
  preset: 'recommended',
  over: 'repo',

  *check(repo) {
    const paths = new Set(repo.paths)
    for (const action of repo.actions) if (!action.broken) yield* missingFilesOf(action, paths)
  },

  bad: {
    'action.yml': `name: Greet
description: Greets whoever started the run
runs:
  using: node24
  main: dist/index.js
`
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
