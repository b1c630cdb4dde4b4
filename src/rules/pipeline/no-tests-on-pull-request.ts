import type { PipelineJob, Place, Repo } from '../../model.js'
import { languageOf, type PathGlobs, pathKinds } from '../../paths.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'pipeline/no-tests-on-pull-request',
  title: 'Nothing tests a pull request',
  why: 'Without a test run on the pull request the first run after the merge is the first to find out.',
  fix: 'Run the tests in a job that pull_request starts, and let its failure fail the job.',
  severity: 'warning',
  topic: 'tests',
  preset: 'recommended',
  over: 'repo',
  options: {
    source: { type: 'strings', default: [], about: 'Globs of source files beside the built-in ones; !glob takes out' },
    tests: { type: 'strings', default: [], about: 'Globs of tests beside the built-in ones; !glob takes out' }
  },

  *check(repo, options) {
    const { jobs, external } = repo.pipeline
    const started = jobs.filter(isStarted)
    if (started.some(job => job.tests.some(test => !test.ignored))) return
    if (!holdsSource(repo, options as Partial<PathGlobs>)) return
    const [outside] = external
    if (outside) {
      if (!repo.workflows.length) return
      yield { what: 'tests on pull requests', reason: `${outside.name} may run them (${outside.by})` }
      return
    }
    const unclear = jobs.find(job => job.onPullRequest === 'unknown' && job.tests.some(test => !test.ignored))
    if (unclear) {
      const reason = `whether job ${unclear.job.id.value} runs for the target branch is not known`
      yield { what: 'tests on pull requests', reason, at: unclear.job.at }
      return
    }
    const hidden = started.flatMap(job => job.unread)[0]
    if (hidden) {
      const at = hidden.at && { at: hidden.at }
      yield { what: 'tests on pull requests', reason: `${hidden.what} is not known: ${hidden.reason}`, ...at }
      return
    }
    const unseen = repo.looked.find(row => row.kind === 'workflow' && row.as !== 'read')
    if (unseen) {
      yield {
        what: 'tests on pull requests',
        reason: `${unseen.path} is ${unseen.as === 'template' ? 'a template' : 'not read'}`,
        ...(unseen.at && { at: unseen.at })
      }
      return
    }
    // A run whose failure is lost is what pipeline/test-failure-ignored reports.
    if (started.some(job => job.tests.length)) return
    yield { ...nearest(repo, started), key: 'no tests on pull requests' }
  },

  bad: {
    'src/index.ts': 'export const answer = 42\n',
    '.github/workflows/ci.yml': `name: CI
on:
  push:
    branches: [main]
permissions:
  contents: read
jobs:
  test:
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - run: npm ci
      - run: npx jest
`
  },
  good: {
    'src/index.ts': 'export const answer = 42\n',
    '.github/workflows/ci.yml': `name: CI
on:
  pull_request:
  push:
    branches: [main]
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
      - run: npm ci
      - run: npx jest
`
  }
})

// A merge queue runs its jobs before the merge too.
const isStarted = (job: PipelineJob) =>
  job.onPullRequest === 'yes' || job.onPullRequest === 'filtered' || job.events.includes('merge_group')

/** Somewhere there is code of a language whose projects have tests. */
function holdsSource(repo: Repo, globs: Partial<PathGlobs>): boolean {
  const kindOf = pathKinds({ source: globs.source ?? [], tests: globs.tests ?? [] })
  return repo.paths.some(path => kindOf(path) === 'source' && (languageOf(path)?.tested ?? 'usually') === 'usually')
}

/** The place that comes closest to a test on pull requests, and what is missing there. */
function nearest(repo: Repo, started: PipelineJob[]): { at: Place; message: string } {
  const { jobs } = repo.pipeline
  const tested = jobs.find(job => job.tests.some(test => !test.ignored))
  if (tested) {
    const { command } = tested.tests.find(test => !test.ignored)!
    const [first] = tested.workflow.triggers
    const names = tested.events.filter(event => event !== 'workflow_call')
    const when = names.length ? `only on ${names.join(', ')}` : 'only when another workflow calls them'
    const skipped = tested.workflow.triggers.some(trigger => trigger.event.value.startsWith('pull_request'))
    const message = skipped
      ? `tests do not run on pull requests: job ${tested.job.id.value} (\`${command}\`) runs ${when}`
      : `tests run ${when}, not on pull requests: \`${command}\` in job ${tested.job.id.value}`
    return { at: skipped ? tested.job.at : (first?.event.at ?? tested.job.at), message }
  }
  const runs = started.filter(job => job.onPullRequest !== 'no')
  const [first] = runs.sort((a, b) => b.job.steps.length - a.job.steps.length)
  if (first) {
    const names = [...new Map(runs.map(job => [job.job, job.job.id.value])).values()]
    const rest = names.length > 3 ? `, … (${names.length - 3} more)` : ''
    const listed = names.slice(0, 3).join(', ') + rest
    const message =
      names.length === 1
        ? `the one job that a pull request starts runs no tests: ${listed}`
        : `none of the ${names.length} jobs that a pull request starts runs tests: ${listed}`
    const trigger = first.workflow.triggers.find(one => one.event.value.startsWith('pull_request'))
    return { at: trigger?.event.at ?? first.job.at, message }
  }
  const [workflow] = repo.workflows
  const [trigger] = workflow?.triggers ?? []
  if (workflow && trigger) {
    const files = repo.workflows.length === 1 ? 'the one workflow' : `none of the ${repo.workflows.length} workflows`
    const verb = repo.workflows.length === 1 ? 'does not run on pull requests' : 'runs on pull requests'
    return { at: trigger.event.at, message: `${files} ${verb}, and none runs tests` }
  }
  const at = { path: '', line: 1, column: 1, endLine: 1, endColumn: 1 }
  return { at, message: 'no workflow runs tests on pull requests: there is source, and no workflow' }
}
