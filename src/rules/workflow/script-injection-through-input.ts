import { type Callees, calleesIn } from '../../callees.js'
import { conditionsOf, type Flow, flowsInto, isPrivileged, type Origin, originOf, reasonOf } from '../../injections.js'
import type { Action, Field, Job, Problem, Step, Workflow } from '../../model.js'
import { expressionsIn } from '../../parse/expression.js'
import { rule } from '../../rule.js'
import { sequencesOf } from '../../steps.js'

export default rule({
  id: 'workflow/script-injection-through-input',
  title: 'Input that a caller fills with text of outsiders is run as code',
  why: 'The workflow or action pastes its input into a script, and a caller in this repository lets anyone choose what it holds.',
  fix: 'Read the input from a variable of `env:` where it is used: that mends every caller.',
  severity: 'error',
  topic: 'security',
  preset: 'recommended',
  over: 'repo',

  *check(repo) {
    const callees = calleesIn(repo)
    for (const workflow of repo.workflows)
      for (const job of workflow.jobs) {
        if (job.uses) yield* inCallee({ file: workflow, job, steps: job.steps }, job.uses.value, job.with, callees)
        for (const step of job.steps)
          if (step.uses)
            yield* inCallee({ file: workflow, job, step, steps: job.steps }, step.uses.value, step.with, callees)
      }
  },

  bad: {
    '.github/workflows/triage.yml': `on: issues
permissions: {}
jobs:
  greet:
    uses: ./.github/workflows/greet.yml
    with:
      title: \${{ github.event.issue.title }}
`,
    '.github/workflows/greet.yml': `on:
  workflow_call:
    inputs:
      title:
        type: string
        required: true
permissions: {}
jobs:
  greet:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - run: echo "\${{ inputs.title }}"
`
  },
  good: {
    '.github/workflows/triage.yml': `name: Triage
on: issues
permissions: {}
concurrency:
  group: triage-\${{ github.event.issue.number }}
  cancel-in-progress: true
jobs:
  greet:
    name: Greet
    permissions: {}
    uses: $/.github/workflows/greet.yml
    with:
      title: \${{ github.event.issue.title }}
`,
    '.github/workflows/greet.yml': `name: Greet
on:
  workflow_call:
    inputs:
      title:
        description: Title of the issue
        type: string
        required: true
permissions: {}
jobs:
  greet:
    name: Greet
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - env:
          TITLE: \${{ inputs.title }}
        run: echo "\${TITLE}"
`
  }
})

interface Caller {
  file: Workflow | Action
  job?: Job
  step?: Step
  steps: Step[]
  inputs?: Map<string, Origin>
}

/** Files that lie between an event and the code. */
const MAX_CALLS = 4

function* inCallee(caller: Caller, uses: string, given: Field[], callees: Callees, calls = 0): Iterable<Problem> {
  if (calls > MAX_CALLS || !/^[.$]\//.test(uses) || !given.length) return
  const inputs = taintedInputs(caller, given)
  if (!inputs.size) return
  const file = calleeOf(caller, uses, callees)
  if (!file) return
  for (const { steps, job } of sequencesOf(file)) {
    const next = { file, steps, inputs, ...(job && { job }) }
    if (job?.uses) yield* inCallee(next, job.uses.value, job.with, callees, calls + 1)
    for (const step of steps) {
      for (const flow of flowsInto(step, next)) if (inputs.size && isOfCaller(flow, inputs)) yield problemOf(flow)
      if (step.uses) yield* inCallee({ ...next, step }, step.uses.value, step.with, callees, calls + 1)
    }
  }
}

function taintedInputs(caller: Caller, given: Field[]): Map<string, Origin> {
  const inputs = new Map<string, Origin>()
  for (const { name, value } of given) {
    if (!value.value.includes('${{')) continue
    for (const { root } of expressionsIn(value)) {
      const conditions = caller.step || caller.job ? conditionsOf(caller.job, caller.step ?? ({} as Step)) : []
      const found = root && originOf(root, { ...caller, conditions })
      if (!found) continue
      const by = `input ${name.value}, ${value.at.path}:${value.at.line}`
      inputs.set(name.value.toLowerCase(), { path: found.path, events: found.events, way: [by, ...found.way] })
      break
    }
  }
  return inputs
}

function calleeOf({ job, step }: Caller, uses: string, callees: Callees): Workflow | Action | undefined {
  if (step) {
    const found = callees.action(uses, '')
    return found && 'action' in found ? found.action : undefined
  }
  const found = job?.uses && callees.workflow(job.uses, '')
  return found && 'workflow' in found ? found.workflow : undefined
}

// What the callee pastes from the event itself is told of it without any caller.
const isOfCaller = ({ way }: Flow, inputs: Map<string, Origin>): boolean =>
  way.some(hop => [...inputs.values()].some(origin => origin.way[0] === hop))

const problemOf = ({ expression, path, events, way, sink }: Flow): Problem => ({
  at: expression.at,
  message: `${path} becomes part of ${sink.what} through ${way.join(', through ')}, and outsiders write it: ${reasonOf(events)}`,
  ...(!isPrivileged(events) && { severity: 'warning' as const })
})
