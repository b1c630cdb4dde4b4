import { rule } from '../../rule.js'
import { idleJobs } from '../../token.js'

export default rule({
  id: 'workflow/permission-for-every-job',
  title: 'Permission to write is given to the whole workflow',
  why: 'A job that is added later has it too, whatever it runs.',
  fix: 'Give it to the job that needs it, and the workflow `permissions: {}`.',
  severity: 'note',
  topic: 'security',
  preset: 'all',
  over: 'workflow',
  mentions: ['write', 'all'],
  peers: { zizmor: 'excessive-permissions' },

  *check(workflow) {
    const all = workflow.permissions?.all
    // Where a job has it, workflow/excessive-permissions says so.
    if (all?.value.endsWith('-all') && workflow.jobs.every(job => job.permissions))
      yield { at: all.at, message: `a job that is added here has ${all.value}`, key: `whole ${all.value}` }
    for (const scope of workflow.permissions?.scopes ?? []) {
      const { name, value } = scope
      // Where jobs show no use of it, workflow/excessive-permissions says which.
      if (value.value !== 'write' || idleJobs(workflow, scope).length) continue
      const at = { ...name.at, endLine: value.at.endLine, endColumn: value.at.endColumn }
      yield { at, message: `every job of the workflow has ${name.value}: write`, key: `whole ${name.value}` }
    }
  },

  bad: {
    '.github/workflows/ci.yml': `on: push
permissions:
  packages: write
jobs:
  test:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - run: make publish
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
    permissions:
      packages: write # push the image
    steps:
      - run: make publish
`
  }
})
