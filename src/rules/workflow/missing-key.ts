import { testWorkflow } from '../../examples.js'
import { rule } from '../../rule.js'
import { problemsOf } from '../../workflow-problems.js'

export default rule({
  id: 'workflow/missing-key',
  title: 'Key that must be there is missing',
  why: 'GitHub refuses a workflow that leaves out what it needs, and nothing in it runs.',
  fix: 'Add the key.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'workflow',
  peers: { actionlint: 'syntax-check', 'github-parser': 'parse-error' },

  *check(workflow) {
    if (workflow.broken) return
    for (const problem of problemsOf('workflow', workflow.yaml)) if (problem.kind === 'missing-key') yield problem
  },

  bad: {
    '.github/workflows/ci.yml': `on: pull_request
permissions: {}
jobs:
  test:
    timeout-minutes: 10
    steps:
      - run: npm test
`
  },
  good: testWorkflow
})
