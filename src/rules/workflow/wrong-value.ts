import { testWorkflow } from '../../examples.js'
import { rule } from '../../rule.js'
import { problemsOf } from '../../workflow-problems.js'

export default rule({
  id: 'workflow/wrong-value',
  title: 'Value of a kind that GitHub refuses',
  why: 'GitHub refuses a workflow with a list where it expects a text, or a word where it expects a number, and nothing in it runs.',
  fix: 'Write the value as the workflow syntax has it.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'workflow',
  peers: { actionlint: 'syntax-check', 'github-parser': 'parse-error' },

  *check(workflow) {
    if (workflow.broken) return
    for (const problem of problemsOf('workflow', workflow.yaml)) if (problem.kind === 'wrong-value') yield problem
  },

  bad: {
    '.github/workflows/ci.yml': `on: pull_request
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    timeout-minutes: ten
    steps:
      - run: npm test
`
  },
  good: testWorkflow
})
