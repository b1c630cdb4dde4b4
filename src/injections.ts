import { byObject } from './cache.js'
import { pastedInputs, taintedOutputs } from './data/action-facts.js'
import { codeInputs, outsiderEvent } from './data/contexts.js'
import type { Action, Edit, Field, Job, Place, Script, Step, Text, Workflow, Yaml } from './model.js'
import {
  conditionOf,
  contextPath,
  type Expression,
  expressionsIn,
  type Node,
  operandsOf,
  truthOf,
  walk
} from './parse/expression.js'
import { beforeOf } from './query.js'
import { actionNamed, actionOf, allUsesOf, fencedIn, inputOf, isInFlow, type UsedAction, versionOf } from './steps.js'

/** What is pasted into code by `${{ }}`, where it comes from, and how to read it from a variable instead. */

/** Code that is made of a text: a script, or an input that an action runs. */
export interface Sink {
  text: Text
  what: string
}

export interface Where {
  file: Workflow | Action
  /** The steps that the one in question stands among. */
  steps: Step[]
  job?: Job
  step?: Step
  /** Those of job and step, where they decide anything. */
  conditions: Node[]
  /** What callers put into inputs, by name in lower case. */
  inputs?: Map<string, Origin>
}

/** An outsider's text. */
export interface Origin {
  path: string
  /** Events in whose runs it is one. */
  events: string[]
  /** What it came through, the nearest first. */
  way: string[]
  /** The variable that holds it as a whole, where it came through one that the step can read. */
  variable?: string
}

/** An expression in code and the outsider's text that it brings there. */
export interface Flow extends Origin {
  sink: Sink
  expression: Expression
}

/** More expressions in one script are no script of anyone's. */
export const MAX_EXPRESSIONS = 200
/** Hops that are followed from code to its source. */
const MAX_HOPS = 6

// ---------------------------------------------------------------- code

/** The code of a step. `pasted`: with the inputs that widely used actions paste into scripts of their own. */
export function sinksOf(step: Step, pasted = false): Sink[] {
  if (step.run) return [{ text: step.run.text, what: SCRIPTS[step.run.shell.name] }]
  const action = actionOf(step)
  if (!action) return []
  const code = codeInputs(action.name)
  const into = pasted ? pastedInputs(action.name) : []
  return step.with.flatMap(({ name, value }) => {
    const input = name.value.toLowerCase()
    if (code?.inputs.includes(input)) return { text: value, what: `the ${code.language} of ${name.value}` }
    return into.includes(input) ? { text: value, what: `a script of ${action.name}, as its input ${name.value}` } : []
  })
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

// ---------------------------------------------------------------- flows

export const isCalled = (event: string) => event === 'workflow_call'

// What every way to an outsider's text names; other expressions need no parsing.
const NAMED = /event|head_ref|env|tojson|steps|needs|matrix|inputs/i

/**
 * Does an expression of a file name what may hold an outsider's text, or an action read it? Where none does, nothing flows
 * from there.
 */
export const namesOutsiders = byObject(
  (file: Workflow | Action): boolean =>
    fencedIn(file).some(({ value }) => /event|head_ref|tojson|\*/i.test(value)) ||
    allUsesOf(file).some(({ written }) => taintedOutputs(actionNamed(written)?.name ?? '').length)
)

/** The outsiders' texts that the code of a step is made of. */
export function flowsInto(step: Step, where: Omit<Where, 'step' | 'conditions'>): Flow[] {
  if (where.inputs) return readFlows(step, where)
  let found = flows.get(step)
  if (!found) {
    found = readFlows(step, where)
    flows.set(step, found)
  }
  return found
}
const flows = new WeakMap<Step, Flow[]>()

function readFlows(step: Step, where: Omit<Where, 'step' | 'conditions'>): Flow[] {
  const sinks = sinksOf(step, true).filter(({ text }) => text.value.includes('${{') && NAMED.test(text.value))
  if (!sinks.length) return []
  const inStep: Where = { ...where, step, conditions: conditionsOf(where.job, step) }
  const found: Flow[] = []
  for (const sink of sinks)
    for (const expression of expressionsIn(sink.text).slice(0, MAX_EXPRESSIONS)) {
      if (!NAMED.test(sink.text.value.slice(expression.from, expression.to))) continue
      const origin = expression.root && originOf(expression.root, inStep)
      if (origin) found.push({ sink, expression, ...origin })
    }
  return found
}

/** The first outsider's text that an expression passes on, directly or through what other parts of the workflow set. */
export function originOf(root: Node, where: Where, hops = 0): Origin | undefined {
  if (hops > MAX_HOPS) return undefined
  for (const { path, json } of passedBy(root)) {
    const events = eventsFor(path, json, where)
    if (events.length) return { path, events, way: [] }
    const found = indirect(path, where, hops + 1)
    if (!found) continue
    const { variable, ...origin } = found
    // Of more than the variable it holds a part.
    return variable !== undefined && contextPath(root) === path ? found : origin
  }
  return undefined
}

function indirect(path: string, where: Where, hops: number): Origin | undefined {
  const [context, name = '', kind, output = ''] = path.split('.')
  switch (context) {
    case 'env':
      return fromVariable(name, where, hops)
    case 'inputs':
      return where.inputs?.get(name)
    case 'matrix':
      return fromMatrix(name, where, hops)
    case 'steps':
      return kind === 'outputs' ? fromStep(name, output, where, hops) : undefined
    case 'needs':
      return kind === 'outputs' ? fromJob(name, output, where, hops) : undefined
    default:
      return undefined
  }
}

/** The variable that `env.name` reads in a step: its own, the job's or the workflow's, or what an earlier step wrote. */
function fromVariable(name: string, where: Where, hops: number): Origin | undefined {
  const { file, job, step, steps } = where
  for (const fields of [step?.env ?? [], job?.env ?? [], 'env' in file ? file.env : []]) {
    const field = fields.find(({ name: own }) => own.value.toLowerCase() === name)
    if (!field) continue
    const found = originIn(field.value, where, hops)
    const by = `env ${field.name.value}, line ${field.name.at.line}`
    return found && { ...found, way: [by, ...found.way], variable: field.name.value }
  }
  for (const earlier of before(step, steps)) {
    const found = writtenBy(earlier, 'GITHUB_ENV', name, where, hops)
    if (found) return { ...found, way: [`GITHUB_ENV, line ${earlier.at.line}`, ...found.way] }
  }
  return undefined
}

function fromMatrix(name: string, where: Where, hops: number): Origin | undefined {
  if (!where.job?.strategy) return undefined
  for (const value of computedIn(where.job).get(name) ?? []) {
    const found = anywhereIn(value, where, hops)
    if (found) return { ...found, way: [`matrix ${name}, line ${value.at.line}`, ...found.way] }
  }
  return undefined
}

/** Values of a job's matrix that hold expressions, by key in lower case. */
const computedIn = byObject((job: Job): Map<string, Yaml[]> => {
  const found = new Map<string, Yaml[]>()
  const add = (key: string, value: Yaml) => {
    const name = key.toLowerCase()
    if (isComputed(value)) found.set(name, [...(found.get(name) ?? []), value])
  }
  const { strategy } = job
  for (const { entries } of strategy?.include ?? []) for (const { key, value } of entries) add(key.value, value)
  const written = job.yaml.get('strategy')
  const matrix = written?.kind === 'map' ? written.get('matrix') : undefined
  if (matrix?.kind === 'map') for (const { key, value } of matrix.entries) add(key.value, value)
  return found
})
/** Does a value hold an expression, as far as one looks? */
function isComputed(yaml: Yaml, depth = 0): boolean {
  if (yaml.kind === 'scalar') return yaml.value.includes('${{')
  if (depth > MAX_HOPS) return false
  const inner = yaml.kind === 'list' ? yaml.items : yaml.entries.map(({ value }) => value)
  return inner.slice(0, MAX_VALUES).some(value => isComputed(value, depth + 1))
}

/** Values of a matrix that are looked through for expressions. */
const MAX_VALUES = 100

function anywhereIn(yaml: Yaml, where: Where, hops: number): Origin | undefined {
  const open = [yaml]
  for (let seen = 0; open.length && seen < MAX_VALUES; seen++) {
    const next = open.pop()!
    if (next.kind === 'list') open.push(...next.items.slice(0, MAX_VALUES))
    else if (next.kind === 'map') open.push(...next.entries.slice(0, MAX_VALUES).map(({ value }) => value))
    else if (next.value.includes('${{')) {
      const found = originIn(next, where, hops)
      if (found) return found
    }
  }
  return undefined
}

function fromStep(id: string, output: string, where: Where, hops: number): Origin | undefined {
  const step = where.steps.find(each => each.id?.value.toLowerCase() === id)
  if (!step || step === where.step) return undefined
  const by = `output ${output} of step ${step.id!.value}, line ${step.at.line}`
  const action = actionOf(step)
  if (action && 'triggers' in where.file) {
    if (isEscaped(step, where.file, action)) return undefined
    if (!taintedOutputs(action.name).some(pattern => fits(output, pattern.toLowerCase()))) return undefined
    const events = where.file.triggers.map(({ event }) => event.value).filter(event => isOutsiders(event, where))
    return events.length ? { path: `what ${action.name} reads`, events, way: [by] } : undefined
  }
  const inStep = { ...where, step }
  const found = writtenBy(step, 'GITHUB_OUTPUT', output, inStep, hops)
  return found && { ...found, way: [by, ...found.way] }
}

// Since version 41 it escapes what a shell would read, unless told not to.
const isEscaped = (step: Step, file: Workflow, action: UsedAction): boolean =>
  action.name === 'tj-actions/changed-files' &&
  inputOf(step, 'safe_output')?.value.value !== 'false' &&
  (versionOf(file, step.uses!, action)?.[0] ?? 41) >= 41

const fits = (name: string, pattern: string): boolean =>
  pattern.startsWith('*') ? name.endsWith(pattern.slice(1)) : name === pattern

/** Events whose outsiders choose what actions read of them; what was merged is no outsider's any more. */
const isOutsiders = (event: string, where: Where): boolean =>
  outsiderEvent(event) !== undefined && !MERGED.has(event) && !isGuarded('github.event', event, where.conditions)
const MERGED = new Set(['push', 'release', 'merge_group', 'fork', 'status', 'check_run', 'check_suite'])

function fromJob(id: string, output: string, where: Where, hops: number): Origin | undefined {
  if (!('jobs' in where.file)) return undefined
  const job = jobsOf(where.file).get(id)
  const field = job?.outputs.find(({ name }) => name.value.toLowerCase() === output)
  if (!job || !field) return undefined
  const { file, conditions, inputs } = where
  const found = originIn(field.value, { file, conditions, job, steps: job.steps, ...(inputs && { inputs }) }, hops)
  return (
    found && { ...found, way: [`output ${output} of job ${job.id.value}, line ${field.name.at.line}`, ...found.way] }
  )
}

const jobsOf = byObject(({ jobs }: Workflow) => new Map(jobs.map(job => [job.id.value.toLowerCase(), job])))
function originIn(text: Text, where: Where, hops: number): Origin | undefined {
  if (!text.value.includes('${{')) return undefined
  for (const { root } of expressionsIn(text).slice(0, MAX_EXPRESSIONS)) {
    const found = root && originOf(root, where, hops)
    if (found) {
      const { variable: _, ...origin } = found
      return origin
    }
  }
  return undefined
}

function before(step: Step | undefined, steps: Step[]): Step[] {
  const at = step ? steps.indexOf(step) : -1
  return at < 0 ? [] : steps.slice(Math.max(0, at - MAX_VALUES), at)
}

/** What a script writes to a file of the runner under a name: the value as words have it, with expressions and variables in. */
function writtenBy(step: Step, file: string, name: string, where: Where, hops: number): Origin | undefined {
  if (!step.run?.text.value.includes(file)) return undefined
  for (const { name: program, words, output } of step.run.commands) {
    if (!output?.value.includes(file) || (program !== 'echo' && program !== 'printf')) continue
    for (const { value, at } of words.slice(1)) {
      const equals = value.indexOf('=')
      if (value.slice(0, Math.max(0, equals)).toLowerCase() !== name) continue
      const text = { value: value.slice(equals + 1), at, part: () => at }
      const found = originIn(text, { ...where, step }, hops) ?? fromReads(text.value, { ...where, step }, hops)
      if (found) return found
    }
  }
  return undefined
}

/** `$NAME` and `${NAME}` in a shell's text. */
function fromReads(text: string, where: Where, hops: number): Origin | undefined {
  for (const [, name] of text.slice(0, 1000).matchAll(/\$\{?([A-Za-z_]\w{0,100})/g)) {
    const found = fromVariable(name!.toLowerCase(), where, hops)
    if (found) return found
  }
  return undefined
}

/** An outsider's text in a word of a script, pasted or read from a variable. */
export function originInWord(value: string, at: Place, where: Where): Origin | undefined {
  return originIn({ value, at, part: () => at }, where, 0) ?? fromReads(value, where, 0)
}

/**
 * Context paths whose text ends up in the value of an expression. Comparisons, `!`, contains and the like give true or
 * false, and of `a && b` only b is ever text that matters. `json`: what lies below the path comes along.
 */
export function* passedBy(
  node: Node,
  json = false
): Iterable<{ path: string; json: boolean; from: number; to: number }> {
  const path = contextPath(node) ?? loosePath(node)
  if (path !== undefined) {
    yield { path, json, from: node.from, to: node.to }
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
/** The path where an index is computed: any member of a list will do. */
function loosePath(node: Node): string | undefined {
  if (node.type === 'context') return node.name.toLowerCase()
  if (node.type !== 'property' && node.type !== 'index') return undefined
  const object = contextPath(node.object) ?? loosePath(node.object)
  if (object === undefined) return undefined
  return `${object}.${node.type === 'property' ? node.name.toLowerCase() : '0'}`
}
const PASSING = new Set(['format', 'join', 'tojson', 'fromjson'])

/** Events of the workflow in whose runs a path holds an outsider's text, as far as conditions of job and step let them through. */
function eventsFor(path: string, json: boolean, where: Where): string[] {
  if (!('triggers' in where.file) || !MAY_HOLD.test(path)) return []
  const triggers = where.file.triggers.map(trigger => trigger.event.value)
  // What starts the callers of a reusable workflow is not known here: any of the usual events may.
  return triggers.filter(event => {
    const events = isCalled(event) ? CALLERS : [event]
    return events.some(each => holds(path, each, json)) && !isGuarded(path, event, where.conditions)
  })
}
const CALLERS = ['pull_request', 'pull_request_target', 'issues', 'issue_comment', 'discussion_comment', 'workflow_run']

/** Does a path hold text of outsiders on some event, whatever starts this workflow? */
export const isAnyonesText = (path: string, json: boolean): boolean =>
  path.startsWith('github.') && MAY_HOLD.test(path) && EVENTS.some(event => holds(path, event, json))
/** Where in the context they are; most paths are elsewhere. */
export const MAY_HOLD = /^github($|\.(event|head_ref|\*)(\.|$))/
const EVENTS = [
  ...CALLERS,
  'discussion',
  'push',
  'pull_request_review',
  'pull_request_review_comment',
  'gollum',
  'merge_group'
]

function holds(path: string, event: string, json: boolean): boolean {
  const key = `${json} ${event} ${path}`
  const known = held.get(key)
  if (known !== undefined) return known
  if (held.size >= MAX_HELD) held.clear()
  const names = path.split('.')
  const found = outsiderEvent(event)?.fields.some(field => fitsField(names, field.split('.'), json)) === true
  held.set(key, found)
  return found
}
// The same few paths are asked about for every expression.
const held = new Map<string, boolean>()
const MAX_HELD = 5000

function fitsField(names: string[], wanted: string[], json: boolean): boolean {
  // A whole object or list is text only where something turns it into text.
  if (names.length > wanted.length || (!json && (names.length < wanted.length || names.includes('*')))) return false
  return names.every((name, at) => name === wanted[at] || name === '*' || (wanted[at] === '*' && /^\d+$/.test(name)))
}

export function conditionsOf(job: Job | undefined, step: Step): Node[] {
  return [job?.if, step.if].flatMap(condition => {
    if (!condition) return []
    const [only] = conditionOf(condition)
    // Text beside a fence, a line break at its end included, makes the whole a text that is always true.
    const isWhole = only?.root && only.from === 0 && only.to === condition.value.length
    return isWhole ? only.root! : []
  })
}

/** Do the conditions keep outsiders' runs of an event away from the step? */
export function isGuarded(path: string, event: string, conditions: Node[]): boolean {
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
  const paths = walk(node).flatMap(inner => contextPath(inner) ?? [])
  const fromHere = node.type === 'binary' && node.operator === '=='
  if (
    fromHere &&
    paths.some(name => name.endsWith('.head.repo.full_name') || name.endsWith('.head_repository.full_name'))
  )
    return paths.includes('github.repository') || paths.includes('github.event.repository.full_name')
  if (node.type === 'not' && paths.some(name => name.endsWith('.head.repo.fork'))) return true
  if (fromHere && isNamedAuthor(node, path)) return true
  const members = fromHere || (node.type === 'call' && node.name.toLowerCase() === 'contains')
  return members && paths.some(name => name.endsWith('.author_association') && path.startsWith(name.slice(0, -18)))
}

/** Why it matters on these events. */
export function reasonOf(events: string[]): string {
  const privileged = events.filter(event => outsiderEvent(event)?.privileged)
  if (privileged.length) return `on ${privileged.join(', ')} the job has secrets and a token of its own`
  const [event] = events
  if (events.every(isCalled)) return 'callers may run on pull requests and issues'
  return event?.startsWith('pull_request')
    ? `on ${event} it is a fork's to choose`
    : `on ${event} it comes from what was merged`
}

/** Does anyone start a run of these events that has secrets or may write? */
export const isPrivileged = (events: string[]): boolean => events.some(event => outsiderEvent(event)?.privileged)

/** Who wrote what the path belongs to is compared with a name: nobody can be someone else there. */
function isNamedAuthor(node: Node, path: string): boolean {
  if (node.type !== 'binary') return false
  const sides = [node.left, node.right]
  const author = sides.map(side => contextPath(side)).find(side => side?.endsWith('.user.login'))
  return author !== undefined && sides.some(side => side.type === 'literal') && path.startsWith(author.slice(0, -10))
}

// ---------------------------------------------------------------- the edit

/** An expression in a script, and what it stands for. */
export interface Pasted {
  expression: Expression
  /** Its path, for the name of a variable. */
  path: string
  /** The variable that holds it already. */
  variable?: string | undefined
  /** It may be several words on purpose, so quotes would change what it means. */
  splits?: boolean
}

/**
 * Lets a script read what is pasted into it from variables, for shells and YAML where that can be done without guessing.
 * `canAdd`: the step may get an `env:` of its own. `some`: those where it can be done, in place of all or nothing.
 */
export function variableEdits(
  pasted: Pasted[],
  step: Step,
  outer: Field[],
  { canAdd = true, some = false } = {}
): Edit[] | undefined {
  const { run, yaml } = step
  const written = yaml.entry('run')?.value
  if (!pasted.length || !run || written?.kind !== 'scalar') return undefined
  // A flow map cannot hold an expression that is not quoted.
  if (isInFlow(step)) return undefined
  const delimiter = written.style === 'single' ? "'" : written.style === 'double' ? '"' : undefined
  const names = new Map<string, string>()
  const taken = new Set([...step.env, ...outer].map(field => field.name.value))
  const edits: Edit[] = []
  for (const { expression, path, variable, splits } of pasted) {
    const inner = run.text.value.slice(expression.from + 3, expression.to - 2).trim()
    const name = variable ?? names.get(inner) ?? free(path, taken)
    const text = reference(name, run.shell.name, quotesOf(run).get(expression.from), splits)
    const isOdd = !variable && (!canAdd || !/^[\w.[\]'()|&, {}*-]+$/.test(inner))
    // Quotes of YAML around ours would need escapes.
    const isInYaml = (written.style === 'plain' && expression.from === 0) || (delimiter && text?.includes(delimiter))
    if (isOdd || isInYaml || text === undefined) {
      if (some) continue
      return undefined
    }
    if (!variable) names.set(inner, name)
    taken.add(name)
    edits.push({ at: expression.at, text })
  }
  if (!edits.length) return undefined
  const rows = [...names].map(([inner, name]) => `${name}: \${{ ${inner} }}`)
  if (rows.length) {
    const before = insertion(step, rows)
    // What needs no new variable may still be done.
    if (!before) return some ? variableEdits(pasted.filter(isHeld), step, outer, { canAdd, some }) : undefined
    edits.unshift(before)
  }
  return edits
}

const isHeld = ({ variable }: Pasted): boolean => variable !== undefined

function insertion({ yaml }: Step, rows: string[]): Edit | undefined {
  const own = yaml.entry('env')
  const lines = (column: number) => rows.map(row => `${row}\n${' '.repeat(column - 1)}`)
  if (!own) {
    const at = yaml.entry('run')!.key.at
    const indent = ' '.repeat(at.column + 1)
    return {
      at: beforeOf(at),
      text: `env:\n${indent}${lines(at.column + 2)
        .join('')
        .trimEnd()}\n${' '.repeat(at.column - 1)}`
    }
  }
  const [first] = own.value.kind === 'map' ? own.value.entries : []
  if (!first || own.value.anchor || first.key.at.line === own.key.at.line) return undefined
  return { at: beforeOf(first.key.at), text: lines(first.key.at.column).join('') }
}

function free(path: string, taken: Set<string>): string {
  const base = path
    .replace(/^github\.(event\.)?/, '')
    .replace(/[^a-z0-9]+/gi, '_')
    .replace(/^_+|_+$/g, '')
    .toUpperCase()
  let name = base
  for (let count = 2; taken.has(name); count++) name = `${base}_${count}`
  return name
}

/** How a script reads a variable where a quote is open or none is; undefined where it cannot be told. */
function reference(name: string, shell: string, quote: Quote | undefined, splits = false): string | undefined {
  if (shell === 'pwsh') return quote === '"' ? `$($env:${name})` : quote === '' && !splits ? `$env:${name}` : undefined
  if (quote === '"') return `\${${name}}`
  if (quote === "'") return `'"\${${name}}"'`
  return quote === '' && !splits ? `"\${${name}}"` : undefined
}

/** What is open before each expression of a script, by offset. */
function quotesOf({ text, shell }: Script): Map<number, Quote | undefined> {
  let found = quotes.get(text)
  if (!found) {
    const offsets = expressionsIn(text).map(({ from }) => from)
    const { value } = text
    const open =
      shell.name === 'bash' || shell.name === 'sh'
        ? openQuotes(value, offsets)
        : offsets.map(at => (shell.name === 'pwsh' ? inDoubleQuotes(value.slice(0, at)) : undefined))
    found = new Map(offsets.map((offset, at) => [offset, open[at]]))
    quotes.set(text, found)
  }
  return found
}
const quotes = new WeakMap<Text, Map<number, Quote | undefined>>()

/**
 * What is open at each of some ascending offsets of a script: a quote, or nothing. Inside a here-document that expands
 * variables that is as good as a double quote. Undefined where backquotes and the like make it a matter of parsing.
 */
function openQuotes(script: string, offsets: number[]): (Quote | undefined)[] {
  const found: (Quote | undefined)[] = []
  const open: (Quote | '(')[] = ['']
  let heredocs: Heredoc[] = []
  /** Nothing changes up to an offset, that included. */
  const upTo = (to: number, quote: Quote | undefined) => {
    while (offsets[found.length]! <= to) found.push(quote)
  }
  for (let at = 0; found.length < offsets.length; at++) {
    const quote = open.at(-1)!
    upTo(at, quote === '(' ? '' : quote)
    const char = script[at]
    if (char === undefined) break
    if (quote !== "'" && char === '\\') at++
    else if (quote === "'") {
      if (char === "'") open.pop()
    } else if (char === '$' && script[at + 1] === '(') {
      open.push('(')
      at++
    } else if (char === '`' || (char === '$' && script[at + 1] === "'")) upTo(script.length, undefined)
    else if (quote === '"') {
      if (char === '"') open.pop()
    } else if (char === '"' || char === "'") open.push(char)
    else if (char === '(') open.push('(')
    else if (char === ')') {
      // Of a pattern in `case`.
      if (quote === '(') open.pop()
    } else if (char === '<' && script[at + 1] === '<' && script[at + 2] !== '<') {
      const heredoc = heredocAt(script, at)
      if (!heredoc) upTo(script.length, undefined)
      else {
        heredocs.push(heredoc)
        at = heredoc.to - 1
      }
    } else if (char === '<' && script.startsWith('<<<', at)) at += 2
    else if (char === '#' && /^\s?$/.test(script[at - 1] ?? '')) {
      // In a comment nothing is quoted, and nothing needs to be.
      const end = script.indexOf('\n', at)
      upTo(end < 0 ? script.length : end, undefined)
      at = end - 1
    } else if (char === '\n' && heredocs.length) {
      for (const { word, quoted } of heredocs) {
        const end = endOf(script, at, word)
        upTo(end < 0 ? script.length : end, quoted ? undefined : '"')
        if (end < 0) break
        at = end
      }
      at--
      heredocs = []
    }
  }
  return found
}
type Quote = '' | "'" | '"'

interface Heredoc {
  word: string
  /** Nothing in it is expanded. */
  quoted: boolean
  /** Where its word ends. */
  to: number
}

function heredocAt(script: string, at: number): Heredoc | undefined {
  const [all, quote, word] = /^<<-?[ \t]*(["']?)([A-Za-z_]\w{0,80})\1/.exec(script.slice(at, at + 100)) ?? []
  return word ? { word, quoted: quote !== '', to: at + all!.length } : undefined
}

/** Where the line break behind the line of a here-document's word is; -1 where the script ends before. */
function endOf(script: string, from: number, word: string): number {
  for (let line = from; line >= 0; ) {
    const next = script.indexOf('\n', line + 1)
    if (next < 0) return -1
    if (script.slice(line + 1, next).replace(/^\t+/, '') === word) return next
    line = next
  }
  return -1
}

/** The same of PowerShell, where only plain quotes are understood. */
function inDoubleQuotes(script: string): Quote | undefined {
  let quote: Quote = ''
  for (let at = 0; at < script.length; at++) {
    const char = script[at]!
    if (quote !== "'" && char === '`') at++
    else if (char === quote) quote = ''
    else if (quote === "'") continue
    else if (char === '$' && script[at + 1] === '(') return undefined
    else if (quote === '"') continue
    else if (char === '"' || char === "'") quote = char
    else if (char === '@' && /^["']$/.test(script[at + 1] ?? '')) return undefined
    else if (char === '#' && /^\s?$/.test(script[at - 1] ?? '')) {
      const end = script.indexOf('\n', at)
      if (end < 0) return undefined
      at = end
    }
  }
  return quote
}
