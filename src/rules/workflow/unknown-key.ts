import { testWorkflow } from '../../examples.js'
import { rule } from '../../rule.js'
import { problemsOf } from '../../workflow-problems.js'

export default rule({
  id: 'workflow/unknown-key',
  title: 'Key that GitHub does not know',
  why: 'GitHub refuses a workflow with a key that it does not know, and nothing in it runs.',
  fix: 'Write the key as the workflow syntax has it, or remove it.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  edits: 'safe',
  over: 'workflow',
  peers: { actionlint: 'syntax-check', 'github-parser': 'parse-error' },

  *check(workflow) {
    if (workflow.broken) return
    for (const problem of problemsOf('workflow', workflow.yaml)) if (problem.kind === 'unknown-key') yield problem
  },

  bad: {
    '.github/workflows/ci.yml': `on: pull_request
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    timeout-minute: 10
    steps:
      - run: npm test
`
  },
  good: testWorkflow
})
