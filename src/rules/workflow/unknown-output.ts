import { type Callees, calleesIn } from '../../callees.js'
import { sitesOf } from '../../expressions.js'
import type { Job, Problem, Step, Text, Workflow, Yaml } from '../../model.js'
import { contextPath, walk } from '../../parse/expression.js'
import { mapOf } from '../../parse/yaml.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/unknown-output',
  title: 'Expression reads an output that the called workflow or action does not have',
  why: 'An output that does not exist gives nothing, and no error: the condition never holds, the argument is empty.',
  fix: 'Name one of its outputs, or declare this one there.',
  severity: 'warning',
  topic: 'correctness',
  preset: 'recommended',
  over: 'repo',
  peers: { actionlint: 'expression' },

  *check(repo) {
    const callees = calleesIn(repo)
    for (const workflow of repo.workflows) yield* readIn(workflow, callees)
  },

  bad: {
    '.github/workflows/ci.yml': `on: push
jobs:
  build:
    uses: ./.github/workflows/build.yml
  test:
    needs: build
    runs-on: ubuntu-latest
    steps:
      - env:
          IMAGE: \${{ needs.build.outputs.iamge }}
        run: ./test.sh
`,
    '.github/workflows/build.yml': `on:
  workflow_call:
    outputs:
      image:
        value: \${{ jobs.build.outputs.image }}
jobs:
  build:
    runs-on: ubuntu-latest
    outputs:
      image: \${{ steps.build.outputs.image }}
    steps:
      - id: build
        run: ./build.sh
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
    name: test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - id: setup
        uses: $/setup
      - env:
          TARGET: \${{ steps.setup.outputs.target }}
        run: ./test.sh
`,
    'setup/action.yml': `name: Set up
description: Sets up the tools
outputs:
  target:
    description: What to test
    value: \${{ steps.find.outputs.target }}
runs:
  using: composite
  steps:
    - id: find
      run: ./find.sh
      shell: bash
`
  }
})

function* readIn(workflow: Workflow, callees: Callees): Iterable<Problem> {
  const known = new Map<Job | Step, Declared | undefined>()
  const ask = (caller: Job | Step): Declared | undefined => {
    if (!known.has(caller)) known.set(caller, declaredBy(caller, callees))
    return known.get(caller)
  }
  const jobs = callersOf(workflow.jobs)
  const steps = new Map<Job, Map<string, Step>>()
  const stepsOf = (job: Job): Map<string, Step> => {
    const before = steps.get(job) ?? callersOf(job.steps)
    steps.set(job, before)
    return before
  }
  for (const { text, expressions, job } of sitesOf(workflow)) {
    if (!text.value.includes('outputs')) continue
    for (const { root } of expressions)
      for (const node of root ? walk(root) : []) {
        const path = contextPath(node)
        if (!path?.includes('.outputs.')) continue
        const [, context, id, name] = /^(needs|steps|jobs)\.([^.]+)\.outputs\.([^.*]+)$/.exec(path) ?? []
        if (!context || !id || !name) continue
        const caller = context === 'steps' ? job && stepsOf(job).get(id) : jobs.get(id)
        const declared = caller?.uses && ask(caller)
        if (!declared || declared.names.has(name)) continue
        const names = [...declared.names]
        const has = names.length ? `only ${names.slice(0, 8).join(', ')}${names.length > 8 ? ', …' : ''}` : 'none'
        yield {
          at: text.part(node.from, node.to),
          message: `${caller.uses!.value} has no output ${name}: it declares ${has} (${declared.path}:${declared.line})`,
          // A program may set what its action.yml does not tell.
          ...(declared.open && { severity: 'note' as const })
        }
      }
  }
}

interface Declared {
  names: Set<string>
  path: string
  line: number
  open: boolean
}

function declaredBy(caller: Job | Step, callees: Callees): Declared | undefined {
  const { uses } = caller
  if (!uses) return undefined
  if ('steps' in caller) {
    const callee = callees.workflow(uses, '')
    if ('reason' in callee) return undefined
    const call = callee.workflow.triggers.find(trigger => trigger.event.value === 'workflow_call')
    return call && declared(call.config?.get('outputs'), call.event, callee.workflow.path, false)
  }
  const callee = callees.action(uses.value, '')
  if (!callee || 'reason' in callee) return undefined
  const { action } = callee
  return declared(action.yaml.get('outputs'), action, action.path, action.using?.value !== 'composite')
}

function declared(outputs: Yaml | undefined, where: Pick<Text, 'at'>, path: string, open: boolean): Declared {
  const names = (mapOf(outputs)?.entries ?? []).map(({ key }) => key.value.toLowerCase())
  return { names: new Set(names), path, line: (outputs ?? where).at.line, open }
}

/** Those that call something, by id. */
function callersOf<T extends Job | Step>(all: T[]): Map<string, T> {
  return new Map(all.flatMap(each => (each.id && each.uses ? [[each.id.value.toLowerCase(), each]] : [])))
}
