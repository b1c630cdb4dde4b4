import { rule } from '../../rule.js'
import { DEEP, odditiesOf } from '../../yaml-oddities.js'

const nested = (depth: number) => `${'['.repeat(depth)}x${']'.repeat(depth)}`

export default rule({
  id: 'workflow/too-deep-values',
  title: 'Values that stand too deep in one another',
  why: 'GitHub reads fifty mappings and lists inside each other. It refuses a workflow with more, and nothing in it runs.',
  fix: 'Pass a deep structure as a text of JSON, and read it with fromJSON() or in the script.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'workflow',
  peers: { 'github-parser': 'parse-error' },

  *check(workflow) {
    if (workflow.broken) return
    for (const at of odditiesOf(workflow.yaml, workflow.at).deep)
      yield { at, message: `values stand more than ${DEEP} deep in one another` }
  },

  bad: {
    '.github/workflows/ci.yml': `on: pull_request
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    strategy:
      matrix:
        tree: ${nested(50)}
    steps:
      - run: npm test
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
    name: Test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    strategy:
      matrix:
        tree: ['[[["x"]]]']
    steps:
      - run: npm test
`
  }
})
