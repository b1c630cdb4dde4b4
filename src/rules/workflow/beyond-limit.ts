import { rule } from '../../rule.js'
import { DEEP, LONG, odditiesOf } from '../../yaml-oddities.js'

export default rule({
  id: 'workflow/beyond-limit',
  title: 'Text or nesting beyond what GitHub reads',
  why: 'GitHub refuses texts with an expression that are longer than 21,000 characters, and values more than 50 deep. Nothing in the workflow runs.',
  fix: 'Move a long script into a file, or pass what it computes in env, so that it holds no expression.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'workflow',
  peers: { 'github-parser': 'parse-error' },

  *check(workflow) {
    if (workflow.broken) return
    const { long, deep } = odditiesOf(workflow.yaml, workflow.at)
    for (const { text, key: at } of long) {
      if (!text.value.includes('${{')) continue
      const message = `a text of ${text.value.length} characters that holds an expression: GitHub takes ${LONG}`
      yield { at, message }
    }
    for (const at of deep) yield { at, message: `values stand more than ${DEEP} deep in one another` }
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
          echo \${{ github.sha }}
          ${': a long line of a script that was pasted here\n          '.repeat(460)}
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
      - run: ./long-script
        env:
          COMMIT: \${{ github.sha }}
`
  }
})
