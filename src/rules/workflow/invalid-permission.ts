import { testWorkflow } from '../../examples.js'
import { rule } from '../../rule.js'
import { problemsOf } from '../../workflow-problems.js'

export default rule({
  id: 'workflow/invalid-permission',
  title: 'Permission that GitHub does not know',
  why: 'GitHub refuses a workflow with a permission or a level that does not exist, and nothing in it runs.',
  fix: 'Name a scope of GITHUB_TOKEN and a level that it has.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'workflow',
  mentions: ['permissions'],
  peers: { actionlint: 'permissions', 'github-parser': 'parse-error' },

  *check(workflow) {
    if (workflow.broken) return
    for (const problem of problemsOf('workflow', workflow.yaml)) if (problem.kind === 'permission') yield problem
  },

  bad: {
    '.github/workflows/ci.yml': `on: pull_request
permissions:
  contents: reed
jobs:
  test:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    steps:
      - run: npm test
`
  },
  good: testWorkflow
})
