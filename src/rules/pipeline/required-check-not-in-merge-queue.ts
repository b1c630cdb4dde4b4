import { requiredOf } from '../../checks.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'pipeline/required-check-not-in-merge-queue',
  title: 'Required check is not reported in the merge queue',
  why: 'The queue waits for the check until its time is up, and throws the pull request out.',
  fix: 'Add merge_group to the events of the workflow.',
  severity: 'error',
  topic: 'gate',
  preset: 'recommended',
  over: 'repo',

  *check(repo) {
    const { branch } = repo
    if (branch?.mergeQueue.is !== 'yes') return
    for (const { check, jobs, maybe, elsewhere } of requiredOf(repo) ?? []) {
      if (!jobs.length || maybe.length || elsewhere === 'yes') continue
      if (jobs.some(({ workflow }) => workflow.triggers.some(({ event }) => event.value === 'merge_group'))) continue
      const told = new Set<string>()
      for (const { workflow, job } of jobs) {
        if (told.has(workflow.path)) continue
        told.add(workflow.path)
        const at = workflow.yaml.entry('on')?.key.at ?? workflow.at
        const events = workflow.triggers.map(({ event }) => event.value).join(', ')
        const message = `required check “${check.context}” (job ${job.id.value}) is never reported in the merge queue: merge_group is not among the events (${events})`
        yield { at, message, key: `merge queue ${check.context}` }
      }
    }
  },

  bad: {
    head: {
      '.github/workflows/ci.yml':
        'on: pull_request\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: npx jest\n'
    },
    branch: { name: 'main', protected: true, mergeQueue: true, requiredChecks: ['test'] }
  },
  good: {
    head: {
      'src/index.ts': 'export const answer = 42\n',
      '.github/workflows/ci.yml': `name: CI
on: [pull_request, merge_group]
permissions:
  contents: read
concurrency:
  group: ci-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  test:
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - run: npx jest
`
    },
    branch: { name: 'main', protected: true, mergeQueue: true, requiredChecks: [{ context: 'test', appId: 15368 }] }
  }
})
