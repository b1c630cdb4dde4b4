import { calleesOf, type Home } from './callees.js'
import { externalOf } from './external-ci.js'
import { COMPUTED, type Combination, combinationsOf, cut, dataOf, namesOf, worthOf } from './matrix.js'
import type { Field, Job, Pipeline, PipelineJob, Repo, Text, Trigger, Workflow } from './model.js'
import type { Values } from './parse/expression.js'
import { mapOf, scalarOf } from './parse/yaml.js'
import { isPullRequest, likelyTargets, mayRun, pullRequestState, STATES, type Target, valuesOf } from './triggers.js'
import { emptyMemory, stepsSeen, type Reader as WorkReader } from './work.js'

/** GitHub allows ten workflows to call one another in a row. */
const MAX_CALLS = 10
/** Jobs of a repository, those reached through calls counted once a chain. */
const MAX_JOBS = 5000

type Parts = Omit<Repo, 'pipeline' | 'units'>
type Reader = WorkReader & { target: Target }

/**
 * What the workflows of a repository add up to: jobs, the checks they report, what they run.
 *
 * Every job of every workflow is there once for itself, and once for each chain of calls that leads to it. A job that
 * calls a workflow stands for itself only where that workflow could not be read.
 */
export function derivePipeline(repo: Parts): Pipeline {
  const branch = repo.branch?.branch
  const target = { name: branch || undefined, likely: branch ? [] : likelyTargets(repo.workflows) }
  const reader = { ...calleesOf(repo), repo, target, memory: emptyMemory() }
  const jobs: PipelineJob[] = []
  for (const workflow of repo.workflows) {
    const root: Call = { workflow, home: '', callers: [], names: [''], inputs: undefined, conditions: [] }
    visit(root, workflow, reader, jobs)
  }
  return { jobs, external: externalOf(repo) }
}

// ---------------------------------------------------------------- jobs, through calls

/** A workflow on its way: called by whom, with what. */
interface Call {
  workflow: Workflow
  home: Home
  callers: Job[]
  /** What stands before the names of its checks, one a combination of the callers. */
  names: string[]
  inputs: Record<string, unknown> | undefined
  /** Asked of an event: can the callers run at all? */
  conditions: ((values: Values) => boolean)[]
}

function visit(call: Call, root: Workflow, reader: Reader, jobs: PipelineJob[]): void {
  const given: Values = call.inputs ? { inputs: call.inputs } : {}
  for (const job of call.workflow.jobs) {
    if (jobs.length >= MAX_JOBS) return
    const combinations = combinationsOf(job.strategy)
    const names = joined(call.names, namesOf(job, combinations, given))
    const conditions = [...call.conditions, (values: Values) => mayRun(job, call.workflow, { ...given, ...values })]
    const place = { ...call, conditions }
    if (!job.uses) {
      jobs.push(pipelineJob(job, place, root, names, combinations, given, reader))
      continue
    }
    const callee = reader.workflow(job.uses, call.home)
    if ('workflow' in callee && call.callers.length < MAX_CALLS && !call.callers.includes(job)) {
      const inputs = inputsOf(callee.workflow, job.with, withMatrix(given, combinations))
      visit({ ...callee, callers: [...call.callers, job], names, inputs, conditions }, root, reader, jobs)
    } else {
      const reason = 'reason' in callee ? callee.reason : 'its calls are nested too deep'
      const unread = [{ what: `what ${job.uses.value} runs`, reason, at: outermost(call, job).at }]
      const below = names.map(name => `${name} / ${COMPUTED}`)
      jobs.push({ ...pipelineJob(job, place, root, below, combinations, given, reader), unread })
    }
  }
}

const outermost = (call: Call, job: Job): Text => call.callers[0]?.uses ?? job.uses ?? job.id

/** Names of a call before names of its jobs; every combination of one with every one of the other. */
function joined(before: string[], after: string[]): string[] {
  if (before.length * after.length > 1000) return [COMPUTED]
  return before.flatMap(left => after.map(right => (left === '' ? right : `${left} / ${right}`)))
}

function pipelineJob(
  job: Job,
  call: Call,
  root: Workflow,
  names: string[],
  combinations: Combination[] | undefined,
  given: Values,
  reader: Reader
): PipelineJob {
  const begins = root.triggers.map(trigger =>
    isPullRequest(trigger) ? pullRequestState(trigger, reader.target) : 'no'
  )
  const alive = root.triggers.filter(trigger => call.conditions.every(may => may(valuesOf(trigger, reader.target))))
  const states = begins.map((state, at) => (alive.includes(root.triggers[at]!) ? state : 'no'))
  const onPullRequest = STATES.find(state => states.includes(state)) ?? 'no'
  const events = root.triggers.filter(
    (trigger, at) => alive.includes(trigger) && !(isPullRequest(trigger) && states[at] === 'no')
  )
  const starts = events.filter(trigger => onPullRequest === 'no' || isPullRequest(trigger))
  const computed = names.filter(name => name.includes(COMPUTED))
  const seen = (triggers: Trigger[]) =>
    stepsSeen(
      job,
      call,
      combinations,
      triggers.map(trigger => ({ ...given, ...valuesOf(trigger, reader.target) })),
      reader
    )
  const found = seen(starts)
  const later = events.filter(trigger => !isPullRequest(trigger) && trigger.event.value !== 'merge_group')
  const isSame = later.length === starts.length && later.every(trigger => starts.includes(trigger))
  let released: PipelineJob['released'] | undefined
  return {
    workflow: call.callers.length ? root : call.workflow,
    job,
    checks: computed.length ? undefined : [...new Set(names.map(cut))],
    mayReport: [...new Set(computed.length ? names : [])],
    starts: STATES.find(state => begins.includes(state)) ?? 'no',
    events: [...new Set(events.map(trigger => trigger.event.value))],
    onPullRequest,
    tests: found.tests,
    work: found.work,
    // Only those who look at deploys ask.
    get released() {
      if (!released) {
        const { tests, work } = isSame ? found : seen(later)
        released = { tests, work }
      }
      return released
    },
    unread: found.unread,
    callers: call.callers
  }
}

/** Values that a called workflow sees: its defaults, and what the caller gives. */
function inputsOf(workflow: Workflow, fields: Field[], given: Values): Record<string, unknown> {
  const inputs: Record<string, unknown> = Object.create(null)
  const declared = mapOf(
    workflow.triggers.find(trigger => trigger.event.value === 'workflow_call')?.config?.get('inputs')
  )
  for (const { key, value } of declared?.entries ?? []) {
    const preset = mapOf(value)?.get('default')
    const type = scalarOf(mapOf(value)?.get('type'))?.value
    inputs[key.value] = preset ? dataOf(preset) : type === 'boolean' ? false : type === 'number' ? 0 : ''
  }
  for (const { name, value } of fields) inputs[name.value] = worthOf(value, given)
  return inputs
}

/** With a matrix of one combination its values are known before the job starts. */
const withMatrix = (given: Values, combinations: Combination[] | undefined): Values =>
  combinations?.length === 1 ? { ...given, matrix: combinations[0] } : given
