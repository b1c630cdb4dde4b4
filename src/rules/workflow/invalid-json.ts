import { problemsOf } from '../../expressions.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/invalid-json',
  title: 'Text given to fromJSON() is no JSON',
  why: 'The job fails when GitHub gets to the expression.',
  fix: 'Write JSON: names and texts in double quotes, no comma after the last.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'workflow',
  mentions: ['fromjson'],
  peers: { actionlint: 'expression' },

  check: workflow => problemsOf(workflow, ['json']),

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
    strategy:
      matrix:
        runtime: \${{ fromJSON('[node, deno]') }}
    steps:
      - run: npm test
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
    strategy:
      matrix:
        runtime: \${{ fromJSON('["node", "deno"]') }}
    steps:
      - run: npm test
`
  }
})
