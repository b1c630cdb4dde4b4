import {
  flowsInto,
  isAnyonesText,
  MAX_EXPRESSIONS,
  type Pasted,
  passedBy,
  sinksOf,
  variableEdits
} from '../../injections.js'
import type { Action, Field, Job, Place, Problem, Step, Workflow } from '../../model.js'
import { contextPath, type Expression, expressionsIn, type Node } from '../../parse/expression.js'
import { rule } from '../../rule.js'
import { sequencesOf } from '../../steps.js'

export default rule({
  id: 'workflow/template-in-code',
  title: 'Expression is pasted into code',
  why: 'Whatever the value holds becomes part of the script, quotes and semicolons too; today it may be harmless, and nobody sees when that changes.',
  fix: 'Put the value into `env:`, or use the variable that the runner sets, and let the script read it.',
  severity: 'note',
  topic: 'security',
  preset: 'all',
  edits: 'suggested',
  over: 'steps',
  peers: { zizmor: 'template-injection' },

  *check(file) {
    for (const { steps, job } of sequencesOf(file))
      for (const step of steps) {
        const all = sinksOf(step).filter(({ text }) => text.value.includes('${{'))
        if (all.length) yield* inStep(step, steps, job, file, all)
      }
  },

  bad: {
    '.github/workflows/ci.yml': `on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - run: echo "built \${{ github.ref_name }}"
`
  },
  good: {
    '.github/workflows/ci.yml': `name: CI
on: push
permissions: {}
concurrency:
  group: ci-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  test:
    name: Test
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - run: echo "built \${GITHUB_REF_NAME}"
`
  }
})

function* inStep(
  step: Step,
  steps: Step[],
  job: Job | undefined,
  file: Workflow | Action,
  sinks: ReturnType<typeof sinksOf>
): Iterable<Problem> {
  const flows = flowsInto(step, { file, steps, ...(job && { job }) })
  const told = new Set(flows.map(({ expression }) => expression.from + expression.text.value.length * 1e6))
  const outer = [...(job?.env ?? []), ...('env' in file ? file.env : [])]
  const pasted: Pasted[] = []
  const found: { problem: Problem; path: string; sole: boolean }[] = []
  for (const { text, what } of sinks)
    for (const expression of expressionsIn(text).slice(0, MAX_EXPRESSIONS)) {
      const { root, from } = expression
      if (!root || root.type === 'literal' || told.has(from + text.value.length * 1e6)) continue
      const path = contextPath(root) ?? ''
      if (text === step.run?.text) pasted.push(pastedOf(root, expression, path, [...step.env, ...outer]))
      for (const { path, written, at } of partsOf(root, expression))
        found.push({
          problem: { at, message: `${written} is pasted into ${what}` },
          path,
          sole: path === contextPath(root) && !text.value.slice(root.from, root.to).includes('[')
        })
    }
  const edits = variableEdits(pasted, step, outer, { canAdd: !flows.length, some: true })
  let poutine = true
  for (const [index, { problem, path, sole }] of found.entries()) {
    const anyones = isAnyonesText(path, false)
    const isKnown = sole && (anyones || path.startsWith('github.event.client_payload.'))
    yield {
      ...problem,
      peers: {
        zizmor: 'template-injection',
        ...(anyones && { actionlint: 'expression' }),
        // It says so once of a step.
        ...(isKnown && poutine && { poutine: 'injection' })
      },
      ...(index === 0 && edits && { edits })
    }
    if (isKnown) poutine = false
  }
}

/** Each context whose value gets into the code; an expression that only chooses among constants as a whole. */
function partsOf(root: Node, { text, at }: Expression): { path: string; written: string; at: Place }[] {
  const parts = [...passedBy(root)].map(({ path, from, to }) => ({
    path,
    written: text.value.slice(from, to).replace(/\s+/g, ' ').slice(0, 80),
    at: text.part(from, to)
  }))
  return parts.length ? parts : [{ path: '', written: 'an expression', at }]
}

function pastedOf(root: Node, expression: Expression, path: string, fields: Field[]): Pasted {
  const [context, name = '', ...rest] = path.split('.')
  const isPlain = !rest.length && /^\w+$/.test(name)
  if (context === 'env' && isPlain) {
    const own = fields.find(field => field.name.value.toLowerCase() === name)?.name.value
    return {
      expression,
      path,
      variable: own ?? (DEFAULTS.has(name.toUpperCase()) ? name.toUpperCase() : writtenIn(root)),
      splits: true
    }
  }
  const standing = isPlain && (context === 'github' || context === 'runner') ? `${context}_${name}`.toUpperCase() : ''
  return DEFAULTS.has(standing)
    ? { expression, path, variable: standing }
    : { expression, path: path || 'value', splits: true }
}

function writtenIn(root: Node): string | undefined {
  if (root.type === 'property') return root.name
  return root.type === 'index' && root.index.type === 'literal' ? String(root.index.value) : undefined
}

/** Variables that the runner sets to what the context of the same name holds. Source: GitHub's variables reference. */
const DEFAULTS = new Set(
  (
    'GITHUB_ACTION GITHUB_ACTION_PATH GITHUB_ACTOR GITHUB_ACTOR_ID GITHUB_API_URL GITHUB_BASE_REF GITHUB_EVENT_NAME ' +
    'GITHUB_GRAPHQL_URL GITHUB_HEAD_REF GITHUB_JOB GITHUB_REF GITHUB_REF_NAME GITHUB_REF_PROTECTED GITHUB_REF_TYPE ' +
    'GITHUB_REPOSITORY GITHUB_REPOSITORY_ID GITHUB_REPOSITORY_OWNER GITHUB_REPOSITORY_OWNER_ID GITHUB_RETENTION_DAYS ' +
    'GITHUB_RUN_ATTEMPT GITHUB_RUN_ID GITHUB_RUN_NUMBER GITHUB_SERVER_URL GITHUB_SHA GITHUB_TRIGGERING_ACTOR ' +
    'GITHUB_WORKFLOW GITHUB_WORKFLOW_REF GITHUB_WORKFLOW_SHA RUNNER_ARCH RUNNER_NAME RUNNER_OS RUNNER_TEMP RUNNER_TOOL_CACHE'
  ).split(' ')
)
