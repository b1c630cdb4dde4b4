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
    const gone = [...before].filter(([command, run]) => {
      const now = after.get(command)
      return !now || (isStarted(run.job) && !mayStart(now.job))
    })
    const come = [...after.keys()].filter(command => !before.has(command))
    // A command that is written differently, or moved into a script, still tests.
    if (gone.length <= come.length) return
    const told = new Map<string, { job: PipelineJob; path: string; commands: string[] }>()
    for (const [command, { job }] of gone) {
      const { path } = job.workflow
      const change = diff.find(one => one.path === path || one.previousPath === path)
      if (!change || repo.pipeline.jobs.some(now => isSame(now, job) && hides(now, job))) continue
      const key = `${path}\0${job.job.id.value}`
      const place = change.status === 'removed' ? '' : change.path
      const entry = told.get(key) ?? { job, path: place, commands: [] }
      told.set(key, { ...entry, commands: [...entry.commands, command] })
    }
    for (const { job, path, commands } of told.values()) {
      const still = repo.pipeline.jobs.find(
        now => isSame(now, job) && now.tests.some(one => one.command === commands[0])
      )
      const message = messageOf(job, commands, still ?? after.get(commands[0]!)?.job)
      const name = job.job.id.value
      yield { at: placeOf(repo, path, name), message, key: `tests removed ${job.workflow.path} ${name}` }
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

function messageOf(job: PipelineJob, [first, ...more]: string[], elsewhere: PipelineJob | undefined): string {
  const name = `job ${job.job.id.value} of ${job.workflow.path}`
  const runs = `${first}${more.length ? ` and ${more.length} more` : ''}`
  if (!elsewhere) return `${name} no longer runs ${runs}, and no other job does`
  const events = elsewhere.events.join(', ') || 'other events'
  if (isSame(elsewhere, job))
    return `pull requests no longer start ${name}: ${runs} now ${more.length ? 'wait' : 'waits'} for ${events}`
  const where = `${elsewhere.job.id.value} of ${elsewhere.workflow.path} runs on ${events}`
  return `${name} no longer runs ${runs}, and pull requests start no job that does (${where})`
}

/** Test runs by their command: the first job that has each, those that a pull request starts before others. */
function runsOf({ jobs }: Pipeline): Map<string, { job: PipelineJob; test: TestRun }> {
  const runs = new Map<string, { job: PipelineJob; test: TestRun }>()
  for (const job of [...jobs.filter(mayStart), ...jobs])
    for (const test of job.tests) if (!runs.has(test.command)) runs.set(test.command, { job, test })
  return runs
}

const isStarted = ({ onPullRequest, events }: PipelineJob) =>
  onPullRequest === 'yes' || onPullRequest === 'filtered' || events.includes('merge_group')
const mayStart = (job: PipelineJob) => isStarted(job) || job.onPullRequest === 'unknown'

/** Something in the job cannot be followed now and was not there before: the tests may have moved into it. */
const hides = (now: PipelineJob, before: PipelineJob) =>
  now.unread.some(({ what }) => before.unread.every(each => each.what !== what))

const isSame = (now: PipelineJob, before: PipelineJob) =>
  now.workflow.path === before.workflow.path && now.job.id.value === before.job.id.value

function placeOf(repo: Repo, path: string, id: string): Place {
  const workflow = repo.workflows.find(one => one.path === path)
  const job = workflow?.jobs.find(one => one.id.value === id)
  return job?.at ?? workflow?.triggers[0]?.event.at ?? { path, line: 1, column: 1, endLine: 1, endColumn: 1 }
}
