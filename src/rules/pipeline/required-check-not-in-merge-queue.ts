import { requiredOf } from '../../checks.js'
import type { PipelineJob, Workflow } from '../../model.js'
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
    const found = new Map<Workflow, { job: PipelineJob; contexts: string[] }>()
    for (const { check, jobs, maybe, elsewhere } of requiredOf(repo) ?? []) {
      const all = [...jobs, ...maybe]
      if (elsewhere === 'yes' || all.some(({ workflow }) => hasQueue(workflow))) continue
      for (const job of all) {
        const entry = found.get(job.workflow) ?? { job, contexts: [] }
        if (!entry.contexts.includes(check.context)) entry.contexts.push(check.context)
        found.set(job.workflow, entry)
      }
    }
    for (const [workflow, { job, contexts }] of found) {
      const at = workflow.yaml.entry('on')?.key.at ?? workflow.at
      const events = workflow.triggers.map(({ event }) => event.value).join(', ')
      const others = contexts.length > 1 ? ` and ${contexts.length - 1} more` : ''
      const message = `required check “${contexts[0]}”${others} (job ${job.job.id.value}) is never reported in the merge queue: merge_group is not among the events (${events})`
      yield { at, message, key: 'required check not in merge queue' }
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
    name: test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - run: npx jest
`
    },
    branch: { name: 'main', protected: true, mergeQueue: true, requiredChecks: [{ context: 'test', appId: 15368 }] }
  }
})

const hasQueue = ({ triggers }: Workflow): boolean => triggers.some(({ event }) => event.value === 'merge_group')
