import type { Job, PipelineJob, Repo, Step, Text, Work } from '../../model.js'
import { conditionOf, truthOf } from '../../parse/expression.js'
import {
  besides,
  isDelivery,
  isDocumentation,
  isForTests,
  keyOf,
  orderOf,
  placeOf,
  said,
  startersOf,
  testsIn,
  waitedForBy
} from '../../releases.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'pipeline/deploy-despite-failure',
  title: 'Deploy goes on although the tests before it failed',
  why: 'With always() or !cancelled() in its condition a job no longer waits for success, and workflow_run never does.',
  fix: "Drop the status function, or ask for the result: needs.test.result == 'success'.",
  severity: 'error',
  topic: 'gate',
  preset: 'recommended',
  over: 'repo',

  *check(repo) {
    const said = new Set<string>()
    for (const job of repo.pipeline.jobs) {
      if (isForTests(job) || besides(job, repo).length > 500) continue
      if (job.events.every(event => event === 'workflow_call')) continue
      const work = [...job.released.work, ...job.work].filter(one => stops(one) && !isDocumentation(job, one))
      if (!work.length) continue
      const found = ofNeeds(job, work, repo) ?? ofSteps(job, work) ?? ofRun(job, work, repo)
      if (!found || said.has(keyOf(job))) continue
      said.add(keyOf(job))
      // What starts a workflow is the same for all of its jobs.
      const key = 'all' in found ? job.workflow.path : keyOf(job)
      if (said.has(`${key} all`)) continue
      if ('all' in found) said.add(`${key} all`)
      const { at, message } = found
      yield { at, message, key, ...('all' in found && { severity: 'warning' as const }) }
    }
  },

  bad: {
    'src/index.ts': 'export const answer = 42\n',
    '.github/workflows/ci.yml': `on: push
jobs:
  test:
    runs-on: ubuntu-24.04
    steps:
      - run: npx jest
  deploy:
    needs: test
    if: always()
    runs-on: ubuntu-24.04
    steps:
      - run: kubectl apply -f deploy
      - run: kubectl rollout status deployment/shop
`
  },
  good: {
    'src/index.ts': 'export const answer = 42\n',
    '.github/workflows/ci.yml': `name: CI
on:
  push:
    branches: [main]
  pull_request:
permissions: {}
concurrency:
  group: ci-\${{ github.ref }}
  cancel-in-progress: \${{ github.event_name == 'pull_request' }}
jobs:
  test:
    permissions:
      contents: read
    name: test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - run: npx jest
  publish:
    permissions:
      contents: read
      id-token: write # npm trusts the workflow, not a token
    name: publish
    needs: test
    if: always() && needs.test.result == 'success' && github.event_name == 'push'
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    environment: npm
    steps:
      - run: npm publish
`
  }
})

const stops = (work: Work): boolean => isDelivery(work) || (work.kind === 'migrate' && !work.byName)

/** The job goes on although one that it needs failed. */
function ofNeeds(job: PipelineJob, work: Work[], repo: Repo) {
  // Where it is a call that goes on, the called jobs do.
  const own = [job.job, ...job.callers].find(one => one.needs.length && goesOn(one.if))
  const tests = own ? waitedForBy(job, own, repo).filter(one => testsIn(one).length) : []
  if (!own || !tests.length) return undefined
  const rest = work.filter(one => !asks(one.step))
  if (!rest[0] || asksFor(own, job, tests)) return undefined
  const message = `job ${job.job.id.value} ${verbOf(rest[0])} (${said(rest[0])}) even where ${placeOf(tests[0]!)} fails: \`if: ${shown(own.if!)}\``
  return { at: own.if!.at, message }
}

/** A step goes on although a test before it in the job failed. */
function ofSteps(job: PipelineJob, work: Work[]) {
  for (const one of work) {
    if (!goesOn(one.step.if) || asks(one.step)) continue
    const test = [...job.released.tests, ...job.tests].find(
      each => !each.ignored && each.step !== one.step && orderOf(job, each) < orderOf(job, one)
    )
    if (!test) continue
    const message = `the step ${verbOf(one)} (${said(one)}) even where ${said(test)} before it fails: \`if: ${shown(one.step.if!)}\``
    return { at: one.step.if!.at, message }
  }
  return undefined
}

/** It runs after a workflow that tests, whatever came of that. */
function ofRun(job: PipelineJob, work: Work[], repo: Repo) {
  if (!job.events.includes('workflow_run')) return undefined
  const tested = startersOf(job, repo)?.find(({ jobs }) => jobs.some(one => testsIn(one).length))
  if (!tested || textsOf(job.workflow.jobs).some(text => text?.value.includes('conclusion'))) return undefined
  const asked = [job.job, ...job.callers].some(one => one.uses !== undefined) || work.some(one => asks(one.step))
  const trigger = job.workflow.triggers.find(({ event }) => event.value === 'workflow_run')
  if (asked || !trigger) return undefined
  const message = `job ${job.job.id.value} ${verbOf(work[0]!)} (${said(work[0]!)}) even where ${tested.name} fails: workflow_run starts it whatever the conclusion, and no condition asks for it`
  return { at: trigger.event.at, message, all: true }
}

const textsOf = (jobs: Job[]): (Text | undefined)[] =>
  jobs.flatMap(job => [
    job.if,
    ...job.with.map(field => field.value),
    ...job.env.map(field => field.value),
    ...job.steps.flatMap(step => [step.if, step.run?.text, ...[...step.with, ...step.env].map(field => field.value)])
  ])

const verbOf = ({ kind }: Work): string =>
  kind === 'deploy' ? 'deploys' : kind === 'publish' ? 'publishes' : 'migrates'
const shown = ({ value }: Text): string => value.replace(/\s+/g, ' ').trim().slice(0, 80)

const FAILED = { 'success()': false, 'failure()': true, 'cancelled()': false, 'always()': true }

/** The condition holds after a failure too. What runs after a failure only is not among the work of a job. */
function goesOn(condition: Text | undefined): boolean {
  if (!condition || !/\b(always|failure|cancelled)\s*\(/i.test(condition.value)) return false
  const expressions = conditionOf(condition)
  const [only] = expressions
  if (!only?.root || expressions.length > 1) return false
  return truthOf(only.root, FAILED) !== false
}

/** The condition looks at results: of all jobs, of this one, or at what a failed one would not have put out. */
function asksFor(own: Job, job: PipelineJob, tests: PipelineJob[]): boolean {
  const value = own.if?.value ?? ''
  if (/\bneeds\s*\.\s*\*|toJSON\s*\(\s*needs\b|\.result\b|\['result'\]|job\.status/i.test(value)) return true
  const named = [...value.matchAll(/\bneeds(?:\.|\[')([\w-]+)/g)].map(match => match[1]!)
  if (!named.length) return false
  const ids = new Set(tests.flatMap(one => [...one.callers, one.job].map(each => each.id.value)))
  if (named.some(id => ids.has(id))) return true
  // A job behind the tests puts out nothing where they fail, unless it goes on too.
  return named.some(id => {
    const between = job.workflow.jobs.find(one => one.id.value === id)
    return between?.needs.some(need => ids.has(need.value)) && !goesOn(between.if)
  })
}

const asks = ({ if: condition, run }: Step): boolean =>
  /\b(steps|needs)\s*[.[]|job\.status|env\./i.test(condition?.value ?? '') ||
  /needs\.[\w*-]+\.result|job\.status/.test(run?.text.value ?? '')
