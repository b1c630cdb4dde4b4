import { isNull, listOf } from '../../parse/yaml.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/workflow-run-without-workflows',
  title: 'workflow_run does not say after which workflows',
  why: 'GitHub refuses a workflow_run that names no workflow: it starts after nothing.',
  fix: 'List the names of the workflows under `workflows`.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'workflow',
  mentions: ['workflow_run'],
  peers: { actionlint: 'events' },

  *check(workflow) {
    for (const { event, config } of workflow.triggers) {
      if (event.value !== 'workflow_run') continue
      const workflows = config?.get('workflows')
      if (isNull(workflows) || listOf(workflows)?.items.length === 0)
        yield { at: event.at, message: 'workflow_run names no workflow after which to start' }
    }
  },

  bad: {
    '.github/workflows/report.yml': `on:
  workflow_run:
    types: [completed]
jobs:
  test:
    name: Test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - run: make test
`
  },
  good: {
    '.github/workflows/report.yml': `name: CI
on:
  push:
    branches: [main]
permissions: {}
concurrency:
  group: ci-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  test:
    name: Test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - run: make test
`
  }
})
