import { problemsOf } from '../../expressions.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/format-placeholder',
  title: 'Placeholders and arguments of format() do not match',
  why: 'A placeholder without a value fails the job; a value without a placeholder is lost.',
  fix: 'Number the placeholders from {0}, one for each value, and double braces that are meant as such.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'workflow',
  mentions: ['format'],
  peers: { actionlint: 'expression' },

  *check(workflow) {
    yield* problemsOf(workflow, ['placeholder'])
    for (const problem of problemsOf(workflow, ['unused'])) yield { ...problem, severity: 'warning' }
  },

  bad: {
    '.github/workflows/ci.yml': `name: CI
on: [pull_request, merge_group]
permissions:
  contents: read
concurrency:
  group: ci-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  test:
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - env:
          NAME: \${{ format('{0}-{1}', github.run_id) }}
        run: npm test
`
  },
  good: {
    '.github/workflows/ci.yml': `name: CI
on: [pull_request, merge_group]
permissions:
  contents: read
concurrency:
  group: ci-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  test:
    name: test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - env:
          NAME: \${{ format('{0}-{1}', github.run_id, github.run_attempt) }}
        run: npm test
`
  }
})
