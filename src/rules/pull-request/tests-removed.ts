import type { Pipeline, PipelineJob, Place, Repo, TestRun } from '../../model.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'pull-request/tests-removed',
  title: 'The pull request takes tests out of the pipeline',
  why: 'What a job no longer runs breaks without anybody being told, and is seldom put back.',
  fix: 'Keep the test run, or skip the one failing case in the tests with a word on why.',
  severity: 'warning',
  topic: 'tests',
  preset: 'recommended',
  over: 'repo',

  *check(repo) {
    const { diff, base } = repo
    if (!diff || !base) return
    const before = runsOf(base.pipeline)
    const after = runsOf(repo.pipeline)
    const gone = [...before].filter(([command]) => !after.has(command))
    const come = [...after.keys()].filter(command => !before.has(command))
    // A command that is written differently, or moved into a script, still tests.
    if (gone.length <= come.length) return
    for (const [command, { job }] of gone) {
      const { path } = job.workflow
      const change = diff.find(one => one.path === path || one.previousPath === path)
      if (!change || repo.pipeline.jobs.some(now => isSame(now, job) && now.unread.length)) continue
      const name = job.job.id.value
      const at = placeOf(repo, change.status === 'removed' ? '' : change.path, name)
      const message = `job ${name} of ${path} no longer runs ${command}, and no other job does`
      yield { at, message, key: `tests removed ${path} ${name} ${command}` }
    }
  },

  bad: {
    base: {
      '.github/workflows/ci.yml':
        'on: pull_request\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: npm ci\n      - run: npx jest\n'
    },
    head: {
      '.github/workflows/ci.yml':
        'on: pull_request\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: npm ci\n      # - run: npx jest\n'
    }
  },
  good: {
    base: { 'README.md': 'Hello\n' },
    head: { 'README.md': 'Hello there\n' }
  }
})

/** Test runs by their command, the first job that has each. */
function runsOf({ jobs }: Pipeline): Map<string, { job: PipelineJob; test: TestRun }> {
  const runs = new Map<string, { job: PipelineJob; test: TestRun }>()
  for (const job of jobs)
    for (const test of job.tests) if (!runs.has(test.command)) runs.set(test.command, { job, test })
  return runs
}

const isSame = (now: PipelineJob, before: PipelineJob) =>
  now.workflow.path === before.workflow.path && now.job.id.value === before.job.id.value

function placeOf(repo: Repo, path: string, id: string): Place {
  const workflow = repo.workflows.find(one => one.path === path)
  const job = workflow?.jobs.find(one => one.id.value === id)
  return job?.at ?? workflow?.triggers[0]?.event.at ?? { path, line: 1, column: 1, endLine: 1, endColumn: 1 }
}
