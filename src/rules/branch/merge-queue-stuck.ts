import { guardedBranch, nameOf, WHOLE } from '../../branch-settings.js'
import type { PipelineJob, QueueSettings } from '../../model.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'branch/merge-queue-stuck',
  title: 'Merge queue has settings that cannot work',
  why: 'A queue that gives up before its checks can end throws every pull request out again, and one that waits for more entries than it takes never merges.',
  fix: 'Give the queue a check timeout above the longest required job, and a minimum below its maximum.',
  severity: 'warning',
  topic: 'gate',
  preset: 'recommended',
  over: 'repo',

  *check(repo) {
    const branch = guardedBranch(repo)
    if (!branch?.queue || branch.mergeQueue.is !== 'yes') return
    const name = `the merge queue of ${nameOf(branch)}`
    const { minEntries, maxEntries } = branch.queue
    if (minEntries !== undefined && maxEntries !== undefined && minEntries > maxEntries)
      yield {
        at: WHOLE,
        message: `${name} waits for ${minEntries} entries and takes ${maxEntries} at most`,
        key: 'queue entries'
      }
    const contexts = new Set(branch.requiredChecks?.map(({ context }) => context))
    const required = repo.pipeline.jobs.filter(({ checks }) => checks?.some(check => contexts.has(check)))
    for (const { job } of required.filter(each => outlasts(each, branch.queue!)))
      yield {
        at: job.timeout!.at,
        message: `job ${job.id.value} may take ${job.timeout!.value} minutes, and ${name} gives up after ${branch.queue.timeoutMinutes}`,
        key: 'queue timeout'
      }
  },

  bad: {
    head: {
      '.github/workflows/ci.yml':
        'on: [pull_request, merge_group]\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    timeout-minutes: 90\n    steps:\n      - run: npx jest\n'
    },
    branch: {
      name: 'main',
      protected: true,
      mergeQueue: true,
      queue: { timeoutMinutes: 60 },
      requiredChecks: [{ context: 'test', appId: 15368 }]
    }
  },
  good: {
    head: { 'README.md': 'Hello\n' },
    branch: {
      name: 'main',
      protected: true,
      mergeQueue: true,
      queue: { timeoutMinutes: 60, minEntries: 1, maxEntries: 5 },
      requiredChecks: [{ context: 'ci/test', appId: 67 }]
    }
  }
})

/** By its own limit. Without one a job may run for six hours, which says nothing of how long it does. */
function outlasts({ job }: PipelineJob, { timeoutMinutes }: QueueSettings): boolean {
  const minutes = Number(job.timeout?.value)
  return timeoutMinutes !== undefined && Number.isFinite(minutes) && minutes > timeoutMinutes
}
