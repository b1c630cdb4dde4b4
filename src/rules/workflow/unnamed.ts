import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/unnamed',
  title: 'Workflow or job has no name',
  why: 'The pages of runs and checks show the path or the id instead, which few readers know.',
  fix: 'Add `name:`.',
  severity: 'note',
  topic: 'style',
  preset: 'all',
  over: 'workflow',
  peers: { zizmor: 'anonymous-definition' },

  *check(workflow) {
    const first = workflow.yaml.entries[0]
    if (!workflow.yaml.get('name') && first)
      yield { at: first.key.at, message: 'the workflow has no name', key: 'workflow' }
    for (const { id, at, name, uses } of workflow.jobs)
      if (!name && !uses) yield { at, message: `job ${id.value} has no name`, key: `job ${id.value}` }
  },

  bad: {
    '.github/workflows/ci.yml': `on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - run: make test
`
  },
  good: {
    '.github/workflows/ci.yml': `name: CI
on: push
permissions: {}
concurrency:
  group: ci-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  test:
    name: Test
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - run: make test
`
  }
})
