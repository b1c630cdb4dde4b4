import { testWorkflow } from '../../examples.js'
import { rule } from '../../rule.js'
import { problemsOf } from '../../workflow-problems.js'

export default rule({
  id: 'workflow/misplaced-key',
  title: 'Keys that do not go together',
  why: 'A step runs a script or an action, a job has steps or calls a workflow. GitHub refuses a workflow that mixes the two, and nothing in it runs.',
  fix: 'Move the key to a step or job of its own, or remove it.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'workflow',
  peers: { actionlint: 'syntax-check', 'github-parser': 'parse-error' },

  *check(workflow) {
    if (workflow.broken) return
    for (const problem of problemsOf('workflow', workflow.yaml)) if (problem.kind === 'misplaced-key') yield problem
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
        with:
          node-version: 24
`
  },
  good: testWorkflow
})
