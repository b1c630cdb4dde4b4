import { testWorkflow } from '../../examples.js'
import { rule } from '../../rule.js'
import { problemsOf } from '../../workflow-problems.js'

export default rule({
  id: 'workflow/duplicate-key',
  title: 'Key that stands twice',
  why: 'GitHub refuses a workflow in which a mapping has a key twice, and nothing in it runs.',
  fix: 'Remove one of the two, or give it a name of its own.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'workflow',
  peers: { actionlint: 'syntax-check', 'github-parser': 'parse-error' },

  *check(workflow) {
    if (workflow.broken) return
    for (const problem of problemsOf('workflow', workflow.yaml)) if (problem.kind === 'duplicate-key') yield problem
  },

  bad: {
    '.github/workflows/ci.yml': `on: pull_request
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    timeout-minutes: 20
    steps:
      - run: npm test
`
  },
  good: testWorkflow
})
