import type { YamlError } from '../../model.js'
import { isStillBroken } from '../../query.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/broken-yaml',
  title: 'Workflow or action that is not YAML',
  why: 'GitHub cannot read the file: a workflow does not start, and no check says so; a step that uses the action fails.',
  fix: 'Mend the YAML; quoting a text that holds a colon or a # often does it.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'repo',
  peers: { actionlint: 'syntax-check', 'github-parser': 'parse-error' },

  *check(repo) {
    for (const row of repo.looked) {
      const { kind, path, errors = [] } = row
      // What a change leaves broken is for the rule on changes.
      if ((kind !== 'workflow' && kind !== 'action') || isStillBroken(row, repo)) continue
      // What tests feed to a program is often broken on purpose.
      if (kind === 'action' && FIXTURES.test(path)) continue
      const what = kind === 'workflow' ? 'workflow' : 'action'
      for (const { message, at } of worthTelling(errors)) {
        const place = { path, line: at.line, column: at.column, endLine: at.endLine, endColumn: at.endColumn }
        yield { at: place, message: `the ${what} cannot be read: ${message}`, key: `broken ${message}` }
      }
    }
  },

  bad: {
    '.github/workflows/ci.yml':
      'on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo: hi\n'
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
    name: Test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - run: 'echo: hi'
`
  }
})

/** One error of the syntax brings others after it; each alias that leads nowhere is one of its own. */
function* worthTelling(errors: YamlError[]): Iterable<YamlError> {
  const told = new Set<string>()
  for (const error of errors) {
    const about = error.message.startsWith('alias *') ? error.message + error.at.line : 'syntax'
    if (!told.has(about)) yield error
    told.add(about)
  }
}

const FIXTURES = /(^|\/)(test[-_]?data|__fixtures__|fixtures?)\//i
