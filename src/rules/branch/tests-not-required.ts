import type { PipelineJob } from '../../model.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'branch/tests-not-required',
  title: 'Tests run and no required check reports them',
  why: 'The merge button waits for required checks only: a pull request whose tests fail can be merged.',
  fix: 'Require the check of the job that runs the tests, by the name it reports.',
  severity: 'warning',
  topic: 'gate',
  preset: 'recommended',
  over: 'repo',

  *check(repo) {
    const required = repo.branch?.requiredChecks
    if (!required?.length) return
    const started = repo.pipeline.jobs.filter(
      job => job.onPullRequest === 'yes' || job.onPullRequest === 'filtered' || job.events.includes('merge_group')
    )
    const testing = started.filter(job => job.tests.some(test => !test.ignored))
    const [first] = testing
    if (!first) return
    const contexts = new Set(required.map(check => check.context))
    const isRequired = (job: PipelineJob) => job.checks?.some(name => contexts.has(name))
    if (testing.some(isRequired) || started.some(job => isRequired(job) && waitsFor(job, testing))) return
    const what = 'whether tests are required'
    const known = new Set(started.flatMap(job => job.checks ?? []))
    const stranger = [...contexts].find(context => !known.has(context))
    const unnamed = started.find(job => !job.checks)
    if (stranger !== undefined && unnamed) {
      const reason = `“${stranger}” may be reported by job ${unnamed.job.id.value}, whose names are computed`
      yield { what, reason, at: unnamed.job.at }
      return
    }
    if (stranger !== undefined) {
      yield { what, reason: `“${stranger}” is reported by something else than these workflows` }
      return
    }
    const hidden = started.filter(isRequired).flatMap(job => job.unread)[0]
    if (hidden) {
      yield { what, reason: `${hidden.what} is not known: ${hidden.reason}`, ...(hidden.at && { at: hidden.at }) }
      return
    }
    const job = testing.find(one => one.checks?.length === 1 && !one.callers.length) ?? first
    const at = job.callers[0]?.at ?? job.job.at
    const [check] = job.checks ?? []
    const names = [...contexts]
      .slice(0, 3)
      .map(name => `“${name}”`)
      .join(', ')
    const reports = check === undefined ? '' : `; require “${check}”`
    yield { at, message: `job ${job.job.id.value} tests, and only ${names} must pass before a merge${reports}` }
  },

  bad: {
    head: {
      'src/index.ts': 'export const answer = 42\n',
      '.github/workflows/ci.yml':
        'on: pull_request\njobs:\n  lint:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: npx eslint .\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: npx jest\n'
    },
    branch: { name: 'main', protected: true, requiredChecks: ['lint'] }
  },
  good: {
    head: {
      'src/index.ts': 'export const answer = 42\n',
      '.github/workflows/ci.yml': `name: CI
on: pull_request
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
    branch: { name: 'main', protected: true, requiredChecks: [{ context: 'test', appId: 15368 }] }
  }
})

/** A job that gathers others waits for one that tests. */
function waitsFor(job: PipelineJob, testing: PipelineJob[]): boolean {
  const tested = new Set(testing.map(one => (one.callers[0] ?? one.job).id.value))
  const todo = [...job.job.needs]
  const seen = new Set<string>()
  for (const need of todo) {
    if (seen.has(need.value)) continue
    seen.add(need.value)
    if (tested.has(need.value) && testing.some(one => one.workflow === job.workflow)) return true
    todo.push(...(job.workflow.jobs.find(other => other.id.value === need.value)?.needs ?? []))
  }
  return false
}
