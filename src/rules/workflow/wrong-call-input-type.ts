import { calleesIn } from '../../callees.js'
import { typeOfText } from '../../expressions.js'
import type { Problem, Text, Trigger, Workflow, YamlScalar } from '../../model.js'
import { mapOf, scalarOf } from '../../parse/yaml.js'
import { rule } from '../../rule.js'
import { named } from '../../types.js'

export default rule({
  id: 'workflow/wrong-call-input-type',
  title: 'Called workflow is given a value of the wrong type',
  why: 'GitHub refuses a number or a boolean that is none, before anything runs or when it gets to the call.',
  fix: 'Give the input what it declares; fromJSON() makes a number or a boolean of a text.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'repo',

  *check(repo) {
    const callees = calleesIn(repo)
    for (const workflow of repo.workflows)
      for (const job of workflow.jobs) {
        if (!job.uses || !job.with.length) continue
        const callee = callees.workflow(job.uses, '')
        if ('reason' in callee) continue
        const call = callee.workflow.triggers.find(trigger => trigger.event.value === 'workflow_call')
        if (call) for (const { name, value } of job.with) yield* wrong(workflow, name, value, call)
      }
  },

  bad: {
    '.github/workflows/ci.yml': `on: push
jobs:
  deploy:
    uses: ./.github/workflows/deploy.yml
    with:
      replicas: three
`,
    '.github/workflows/deploy.yml': `on:
  workflow_call:
    inputs:
      replicas:
        type: number
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - run: ./deploy.sh
`
  },
  good: {
    '.github/workflows/ci.yml': `name: CI
on: [pull_request, merge_group]
permissions:
  contents: read
concurrency:
  group: ci-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  test:
    uses: $/.github/workflows/test.yml
    with:
      shards: 3
`,
    '.github/workflows/test.yml': `name: Test
on:
  workflow_call:
    inputs:
      shards:
        type: number
        required: true
permissions:
  contents: read
jobs:
  test:
    name: test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - run: npm test -- --shards "$SHARDS"
        env:
          SHARDS: \${{ inputs.shards }}
`
  }
})

function* wrong(workflow: Workflow, name: Text, value: Text, call: Trigger): Iterable<Problem> {
  const inputs = mapOf(call.config?.get('inputs'))?.entries ?? []
  const input = inputs.find(({ key }) => key.value.toLowerCase() === name.value.toLowerCase())
  const declared = scalarOf(mapOf(input?.value)?.get('type'))?.value
  const given = kindOf(workflow, value)
  if (!input || !declared || !given || given === declared) return
  const where = `${input.key.at.path}:${input.key.at.line}`
  const known = typeOfText(workflow, value)
  const what = known ? named(known) : value.value.trim() ? `'${value.value.trim().slice(0, 60)}'` : 'nothing'
  const message = `${name.value} takes ${declared === 'boolean' ? 'true or false' : declared === 'number' ? 'a number' : 'text'} (${where}), and is given ${what}`
  const actionlint = { actionlint: 'expression' }
  if (declared === 'number') {
    const peers = { ...actionlint, 'github-parser': 'parse-error' }
    yield { at: value.at, message, peers, ...(known && { severity: 'warning' as const }) }
  } else if (declared === 'boolean' && given !== 'null')
    // An expression is made true or false as in a condition.
    yield {
      at: value.at,
      message,
      ...(known ? { severity: 'note' as const } : { peers: { 'github-parser': 'parse-error' } })
    }
  else if (
    declared === 'string' &&
    (known ? given === 'boolean' || given === 'null' : given === 'null' && value.value.trim())
  )
    yield { at: value.at, message: `${message}, which becomes a text`, severity: 'note', peers: actionlint }
}

/** The kind of what is given; undefined where that is not known. */
function kindOf(workflow: Workflow, value: Text): string | undefined {
  const type = typeOfText(workflow, value)
  if (type) return type.kind
  if (value.value.includes('${{')) return undefined
  const { data } = value as YamlScalar
  return data === null ? 'null' : typeof data
}
