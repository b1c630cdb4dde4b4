import { missingFilesOf } from '../../action-files.js'
import { calleesIn } from '../../callees.js'
import type { Action } from '../../model.js'
import { rule } from '../../rule.js'
import { problemsOf, retiredRuntime } from '../../workflow-problems.js'

export default rule({
  id: 'workflow/broken-local-action',
  title: 'Step uses an action of this repository that is broken',
  why: 'What is wrong with the action shows where it is used, in a run that fails.',
  fix: 'Mend the action: the findings in its own file say where.',
  severity: 'note',
  topic: 'correctness',
  // The rules on actions say the same in the file that is to blame.
  preset: 'all',
  over: 'repo',
  peers: { actionlint: 'action' },

  *check(repo) {
    const callees = calleesIn(repo)
    let paths: Set<string> | undefined
    for (const workflow of repo.workflows) {
      const told = new Set<Action>()
      for (const { uses } of workflow.jobs.flatMap(({ steps }) => steps)) {
        if (!uses || !/^[.$]\//.test(uses.value)) continue
        const found = callees.action(uses.value, '')
        if (!found || 'reason' in found || found.action.broken || told.has(found.action)) continue
        const { action } = found
        paths ??= new Set(repo.paths)
        told.add(action)
        const retired = retiredRuntime(action)
        const problems = [
          // Of steps in actions, actionlint says nothing.
          ...problemsOf('action', action.yaml),
          ...missingFilesOf(action, paths),
          ...(retired ? [retired] : [])
        ]
        for (const problem of problems) {
          const message = `${action.path}:${problem.at.line} ${problem.message}`
          yield { at: uses.at, message, ...('inStep' in problem && { peers: {} }) }
        }
      }
    }
  },

  bad: {
    '.github/workflows/ci.yml': `on: pull_request
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    steps:
      - uses: ./greet
`,
    'greet/action.yml': `name: Greet
description: Greets whoever started the run
runs:
  using: node24
`
  },
  good: {
    '.github/workflows/ci.yml': `on: pull_request
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    steps:
      - uses: ./greet
`,
    'greet/action.yml': `name: Greet
description: Greets whoever started the run
runs:
  using: node24
  main: dist/index.js
`,
    'greet/dist/index.js': ''
  }
})
