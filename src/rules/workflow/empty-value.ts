import { testWorkflow } from '../../examples.js'
import { rule } from '../../rule.js'
import { problemsOf } from '../../workflow-problems.js'

export default rule({
  id: 'workflow/empty-value',
  title: 'Nothing where something must stand',
  why: 'GitHub refuses a workflow with an empty value where it needs one, and nothing in it runs.',
  fix: 'Fill it in, or remove the key.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'workflow',
  peers: { actionlint: 'syntax-check', 'github-parser': 'parse-error' },

  *check(workflow) {
    if (workflow.broken) return
    for (const problem of problemsOf('workflow', workflow.yaml)) if (problem.kind === 'empty-value') yield problem
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
        env:
`
  },
  good: testWorkflow
})
