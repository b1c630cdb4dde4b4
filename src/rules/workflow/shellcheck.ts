import { severityOf, stepsOf } from '../../query.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/shellcheck',
  title: 'ShellCheck has something to say about a step',
  why: 'What the shell makes of a line is often not what it looks like: unquoted variables, lost failures, syntax of another shell.',
  fix: 'The page of each code says what to write: https://www.shellcheck.net/wiki/. A comment `# shellcheck disable=…` above the line keeps what is meant.',
  severity: 'warning',
  topic: 'correctness',
  preset: 'strict',
  over: 'repo',
  linter: 'shellcheck',
  peers: { actionlint: 'shellcheck' },

  *check({ workflows, actions, lints }) {
    for (const { run } of [...workflows.flatMap(stepsOf), ...actions.flatMap(action => action.steps)])
      for (const lint of (run && lints.get(run)) ?? []) {
        const { code, message, at } = lint
        if (!code || OFF.has(code)) continue
        yield { at, message: `${code}: ${message.replace(/\.$/, '')}`, severity: severityOf(lint) }
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
      - run: |
          for name in $(ls reports); do
            npm test -- $name
          done
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
      - run: |
          for name in reports/*; do
            npm test -- "$name"
          done
`
  }
})

/**
 * Files that a script reads in are not at hand, variables come from `env:` and the runner, and where an expression stood
 * there is a constant, which makes conditions and loops over it look pointless.
 */
const OFF = new Set(['SC1090', 'SC1091', 'SC2043', 'SC2050', 'SC2153', 'SC2154', 'SC2157', 'SC2194'])
