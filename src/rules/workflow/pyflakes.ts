import { severityOf, stepsOf } from '../../query.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/pyflakes',
  title: 'pyflakes has something to say about a Python step',
  why: 'A name that is not defined, or a line that is no Python, shows only when the step runs.',
  fix: 'Define or import what is used and remove what is not; a longer script is better kept in a file of its own, with tests.',
  severity: 'warning',
  topic: 'correctness',
  preset: 'strict',
  over: 'repo',
  linter: 'pyflakes',
  peers: { actionlint: 'pyflakes' },

  *check({ workflows, actions, lints }) {
    for (const { run } of [...workflows.flatMap(stepsOf), ...actions.flatMap(action => action.steps)]) {
      if (run?.shell.name !== 'python') continue
      for (const lint of lints.get(run) ?? []) yield { at: lint.at, message: lint.message, severity: severityOf(lint) }
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
      - run: npm test
      - shell: python
        run: print(os.environ['HOME'])
`
  },
  good: {
    '.github/workflows/ci.yml': `name: CI
on: pull_request
permissions: {}
concurrency:
  group: ci-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  test:
    name: test
    runs-on: ubuntu-latest
    timeout-minutes: 10
    steps:
      - run: npm test
      - shell: python
        run: |
          import os
          print(os.environ['HOME'])
`
  }
})
