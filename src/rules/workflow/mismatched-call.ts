import { calleesIn } from '../../callees.js'
import type { Field, Job, Place, Problem, Text, Workflow, YamlMap } from '../../model.js'
import { isNull, mapOf, scalarOf } from '../../parse/yaml.js'
import { rule } from '../../rule.js'
import { nearest, oneOf, quoted } from '../../words.js'

export default rule({
  id: 'workflow/mismatched-call',
  title: 'Call that does not fit the workflow it calls',
  why: 'GitHub refuses a call that leaves out what the called workflow requires, or passes what it does not know: nothing in the workflow runs.',
  fix: 'Pass the inputs and secrets that the called workflow declares.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'repo',
  peers: { actionlint: 'workflow-call', 'github-parser': 'parse-error' },

  *check(repo) {
    const callees = calleesIn(repo)
    for (const { jobs, broken } of repo.workflows) {
      if (broken) continue
      for (const job of jobs) {
        const found = job.uses && callees.workflow(job.uses, '')
        if (!found || 'reason' in found || found.workflow.broken) continue
        const trigger = found.workflow.triggers.find(({ event }) => event.value === 'workflow_call')
        if (trigger) yield* problemsOf(job, trigger.config, found.workflow)
      }
    }
  },

  bad: {
    '.github/workflows/ci.yml': `on: pull_request
permissions: {}
jobs:
  test:
    uses: ./.github/workflows/test.yml
    with:
      browser: firefox
`,
    '.github/workflows/test.yml': `on:
  workflow_call:
    inputs:
      node:
        type: string
        required: true
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    steps:
      - run: npm test
`
  },
  good: {
    '.github/workflows/ci.yml': `name: CI
on: pull_request
permissions: {}
concurrency:
  group: ci-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  test:
    name: Test
    uses: $/.github/workflows/test.yml
    with:
      node: '24'
`,
    '.github/workflows/test.yml': `name: Test
on:
  workflow_call:
    inputs:
      node:
        type: string
        required: true
permissions: {}
jobs:
  test:
    name: Test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - run: npm test
`
  }
})

interface Declared {
  name: Text
  required: boolean
}

function* problemsOf(job: Job, config: YamlMap | undefined, callee: Workflow): Iterable<Problem> {
  const inputs = declaredIn(config, 'inputs')
  const whole = job.yaml.get('with')
  // A computed `with` may pass anything.
  if (!whole || whole.kind === 'map' || isNull(whole)) {
    yield* unknown(job.with, inputs, 'input', callee)
    yield* missing(job.uses!.at, job.with, inputs, 'input', callee)
  }
  if (job.secrets === 'inherit') return
  const secrets = declaredIn(config, 'secrets')
  yield* unknown(job.secrets, secrets, 'secret', callee)
  yield* missing(job.uses!.at, job.secrets, secrets, 'secret', callee)
}

/** What a called workflow declares, by name in lower case. */
function declaredIn(config: YamlMap | undefined, kind: 'inputs' | 'secrets'): Map<string, Declared> {
  const declared = new Map<string, Declared>()
  for (const { key, value } of mapOf(config?.get(kind))?.entries ?? []) {
    const map = mapOf(value)
    const required = scalarOf(map?.get('required'))?.data === true && isNull(map?.get('default'))
    declared.set(key.value.toLowerCase(), { name: key, required })
  }
  return declared
}

function* unknown(passed: Field[], declared: Map<string, Declared>, kind: string, callee: Workflow): Iterable<Problem> {
  for (const { name } of passed) {
    const lower = name.value.toLowerCase()
    if (declared.has(lower) || name.value.includes('${{') || name.value === '<<') continue
    const names = [...declared.values()].map(({ name }) => name.value)
    const meant = nearest(lower, declared.keys())
    const hint = meant
      ? `: did you mean ${declared.get(meant)!.name.value}?`
      : names.length
        ? `; it has ${oneOf(names.slice(0, 12))}`
        : ''
    yield { at: name.at, message: `${callee.path} has no ${kind} ${quoted(name.value)}${hint}` }
  }
}

function* missing(
  at: Place,
  passed: Field[],
  declared: Map<string, Declared>,
  kind: string,
  callee: Workflow
): Iterable<Problem> {
  const names = new Set(passed.map(({ name }) => name.value.toLowerCase()))
  if ([...names].some(name => name.includes('${{') || name === '<<')) return
  for (const [lower, { name, required }] of declared)
    if (required && !names.has(lower))
      yield {
        at,
        message: `${callee.path} requires the ${kind} ${name.value} (line ${name.at.line}), which is not passed`
      }
}
