import { type Doing, doingsOf, doingsOfAction, type Followed, follow, swallowedBy } from './commands.js'
import { type Combination, combinationsOf, cut, dataOf, filled, namesOf } from './matrix.js'
import type {
  Action,
  Command,
  Dockerfile,
  Field,
  Instruction,
  Job,
  Lost,
  Pipeline,
  PipelineJob,
  Place,
  Remote,
  Repo,
  Script,
  Stage,
  Step,
  TestRun,
  Text,
  Trigger,
  Unread,
  Workflow
} from './model.js'
import {
  conditionOf,
  type Expression,
  evaluate,
  expressionsIn,
  truthOf,
  UNKNOWN,
  type Values
} from './parse/expression.js'
import { scriptOf } from './parse/shell.js'
import { startOf } from './parse/text.js'
import { readAction, readWorkflow } from './parse/workflow.js'
import { mapOf, parseYaml, scalarOf } from './parse/yaml.js'
import { joinPath } from './query.js'

/** GitHub allows ten workflows to call one another in a row. */
const MAX_CALLS = 10
/** Jobs of a repository, those reached through calls counted once a chain. */
const MAX_JOBS = 5000
/** Wrappers inside wrappers. */
const MAX_DEPTH = 20
/** Variants of one script by the values of its matrix. */
const MAX_VARIANTS = 32
/** Test runs of one target: enough to tell, and a bound on how often wrappers can multiply them. */
const MAX_RUNS = 40

type Parts = Omit<Repo, 'pipeline' | 'units'>

/**
 * What the workflows of a repository add up to: jobs, the checks they report, what they run.
 *
 * Every job of every workflow is there once for itself, and once for each chain of calls that leads to it. A job that
 * calls a workflow stands for itself only where that workflow could not be read.
 */
export function derivePipeline(repo: Parts): Pipeline {
  const reader = readerOf(repo)
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
  /** Where `./` leads: '' for this repository, else `owner/repo` and `@ref`. */
  home: '' | { repository: string; ref: string }
  callers: Job[]
  /** What stands before the names of its checks, one a combination of the callers; undefined where unknown. */
  names: (string | undefined)[]
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
      const row = pipelineJob(job, place, root, [undefined], combinations, given, reader)
      jobs.push({ ...row, checks: undefined, unread })
    }
  }
}

const outermost = (call: Call, job: Job): Text => call.callers[0]?.uses ?? job.uses ?? job.id

/** Names of a call before names of its jobs; every combination of one with every one of the other. */
function joined(before: (string | undefined)[], after: (string | undefined)[]): (string | undefined)[] {
  if (before.length * after.length > 1000) return [undefined]
  return before.flatMap(left =>
    after.map(right =>
      left === undefined || right === undefined ? undefined : left === '' ? right : `${left} / ${right}`
    )
  )
}

function pipelineJob(
  job: Job,
  call: Call,
  root: Workflow,
  names: (string | undefined)[],
  combinations: Combination[] | undefined,
  given: Values,
  reader: Reader
): PipelineJob {
  const alive = root.triggers.filter(trigger => call.conditions.every(may => may(valuesOf(trigger, reader.target))))
  const states = root.triggers.map(trigger =>
    isPullRequest(trigger) && alive.includes(trigger) ? pullRequestState(trigger, reader.target) : 'no'
  )
  const onPullRequest = STATES.find(state => states.includes(state)) ?? 'no'
  const events = root.triggers.filter(
    (trigger, at) => alive.includes(trigger) && !(isPullRequest(trigger) && states[at] === 'no')
  )
  const starts = events.filter(trigger => onPullRequest === 'no' || isPullRequest(trigger))
  const scenes = starts.map(trigger => ({ ...given, ...valuesOf(trigger, reader.target) }))
  const found = stepsSeen(job, call, combinations, scenes, reader)
  const known = names.every(name => name !== undefined)
  return {
    workflow: call.callers.length ? root : call.workflow,
    job,
    checks: known ? [...new Set(names.map(name => cut(name!)))] : undefined,
    events: [...new Set(events.map(trigger => trigger.event.value))],
    onPullRequest,
    tests: found.tests,
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

/** What a text is worth: a lone expression its value, any other text itself. */
function worthOf(text: Text, given: Values): unknown {
  if (!text.value.includes('${{')) {
    const { data } = text as { data?: unknown }
    return data === undefined ? text.value : data
  }
  const [expression, ...more] = expressionsIn(text)
  const alone = !more.length && expression?.from === 0 && expression.to === text.value.length
  if (alone) return expression.root ? evaluate(expression.root, given) : UNKNOWN
  return filled(text, given) ?? UNKNOWN
}

/** With a matrix of one combination its values are known before the job starts. */
const withMatrix = (given: Values, combinations: Combination[] | undefined): Values =>
  combinations?.length === 1 ? { ...given, matrix: combinations[0] } : given

// ---------------------------------------------------------------- events

/** The branch that pull requests are for: its name, or where they most likely go. */
interface Target {
  name: string | undefined
  likely: string[]
}

const STATES = ['yes', 'filtered', 'unknown', 'no'] as const
type State = (typeof STATES)[number]

const isPullRequest = (trigger: Trigger) => /^pull_request(_target)?$/.test(trigger.event.value)

/** Whether a change that is opened or pushed to as a pull request to the target branch starts the trigger. */
function pullRequestState(trigger: Trigger, target: Target): State {
  const types = trigger.types?.map(type => type.value)
  if (types && !types.some(type => type === 'opened' || type === 'synchronize' || type.includes('${{'))) return 'no'
  const branch = branchState(trigger, target)
  if (branch === 'no' || branch === 'unknown') return branch
  return trigger.paths.length || trigger.pathsIgnore.length ? 'filtered' : 'yes'
}

/** Where pull requests go when nobody says: the usual names, and the branch that the workflows name most. */
function likelyTargets(workflows: Workflow[]): string[] {
  const counts = new Map<string, number>()
  for (const { event, branches } of workflows.flatMap(workflow => workflow.triggers)) {
    if (event.value !== 'push' && !event.value.startsWith('pull_request')) continue
    for (const { value } of branches) if (/^[\w./-]+$/.test(value)) counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  if (counts.has('main') || counts.has('master')) return ['main', 'master']
  const [most] = [...counts].sort((a, b) => b[1] - a[1])
  return ['main', 'master', ...(most ? [most[0]] : [])]
}

function branchState({ branches, branchesIgnore }: Trigger, { name, likely }: Target): 'yes' | 'no' | 'unknown' {
  const wanted = branches.map(branch => branch.value)
  const ignored = branchesIgnore.map(branch => branch.value)
  const starts = (name: string) =>
    (!wanted.length || isChosen(name, wanted)) && !(ignored.length && isChosen(name, ignored))
  if (name) return starts(name) ? 'yes' : 'no'
  return likely.some(starts) ? 'yes' : 'unknown'
}

/** Patterns in order, the last that fits decides; `!` takes out. */
function isChosen(name: string, patterns: string[]): boolean {
  let chosen = false
  for (const pattern of patterns) {
    if (pattern.startsWith('!') ? fits(name, pattern.slice(1)) : fits(name, pattern)) chosen = !pattern.startsWith('!')
  }
  return chosen
}

/**
 * GitHub's filter patterns over a branch name: `*` without slashes, `**` with, `?` and `+` of the character before, sets in
 * brackets. Linear in both texts but for nested stars: positions that a pattern can have reached are kept as a set.
 */
export function fits(name: string, pattern: string): boolean {
  const tokens = tokensOf(pattern)
  let reached = new Set([0])
  const close = (states: Set<number>) => {
    for (const at of states) if (tokens[at] && tokens[at].least === 0) states.add(at + 1)
    return states
  }
  close(reached)
  for (const char of name) {
    const next = new Set<number>()
    for (const at of reached) {
      const token = tokens[at]
      if (!token?.takes(char)) continue
      next.add(at + 1)
      if (token.many) next.add(at)
    }
    reached = close(next)
    if (!reached.size) return false
  }
  return reached.has(tokens.length)
}

interface Token {
  takes(char: string): boolean
  least: 0 | 1
  many: boolean
}

function tokensOf(pattern: string): Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < pattern.length && tokens.length < 300; at++) {
    const char = pattern[at]!
    if (char === '*') {
      const deep = pattern[at + 1] === '*'
      if (deep) at++
      tokens.push({ takes: deep ? () => true : one => one !== '/', least: 0, many: true })
    } else if (char === '?' && tokens.length) tokens.at(-1)!.least = 0
    else if (char === '+' && tokens.length) tokens.push({ ...tokens.at(-1)!, least: 0, many: true })
    else if (char === '[' && pattern.indexOf(']', at) > at) {
      const end = pattern.indexOf(']', at)
      const set = pattern.slice(at + 1, end)
      tokens.push({ takes: one => inSet(one, set), least: 1, many: false })
      at = end
    } else {
      const literal = char === '\\' && at + 1 < pattern.length ? pattern[++at]! : char
      tokens.push({ takes: one => one === literal, least: 1, many: false })
    }
  }
  return tokens
}

function inSet(char: string, set: string): boolean {
  for (let at = 0; at < set.length; at++) {
    if (set[at + 1] === '-' && at + 2 < set.length) {
      if (set[at]! <= char && char <= set[at + 2]!) return true
      at += 2
    } else if (set[at] === char) return true
  }
  return false
}

/** What conditions can know of a run that an event starts and in which nothing has failed. */
function valuesOf(trigger: Trigger, target: Target): Values {
  const event = trigger.event.value
  // A called workflow sees its caller's event.
  const github: Record<string, unknown> = event === 'workflow_call' ? {} : { event_name: event }
  // Of pull_request_target these are the target branch's.
  if (event === 'pull_request') {
    Object.assign(github, { ref: 'refs/pull/1/merge', ref_name: '1/merge', ref_type: 'branch' })
    if (target.name) github.base_ref = target.name
  }
  return { github, 'success()': true, 'failure()': false, 'cancelled()': false, 'always()': true }
}

// Asked again for every event and every combination.
const conditions = new WeakMap<Text, Expression[]>()
function parsedCondition(text: Text): Expression[] {
  const before = conditions.get(text)
  if (before) return before
  const parsed = conditionOf(text)
  conditions.set(text, parsed)
  return parsed
}

/** Not plainly false: what is not known may be true. */
function mayHold(condition: Text | undefined, values: Values): boolean {
  if (!condition) return true
  const expressions = parsedCondition(condition)
  const [only] = expressions
  if (!only?.root || expressions.length > 1) return true
  const { value } = condition
  const whole = value.slice(0, only.from).trim() === '' && value.slice(only.to).trim() === ''
  return !whole || truthOf(only.root, values) !== false
}

/** Whether a job can run: its own condition, and those of the jobs it needs. */
function mayRun(job: Job, workflow: Workflow, values: Values, open: Set<Job> = new Set()): boolean {
  if (!mayHold(job.if, values)) return false
  // With a status function of its own a job does not wait for success.
  if (job.if && /\b(always|failure|cancelled)\s*\(/i.test(job.if.value)) return true
  open.add(job)
  if (open.size > MAX_NEEDED) return true
  return job.needs.every(need => {
    const needed = jobsOf(workflow).get(need.value)
    return !needed || open.has(needed) || mayRun(needed, workflow, values, open)
  })
}

/** Jobs that one waits for, followed at the most. */
const MAX_NEEDED = 200
const jobsById = new WeakMap<Workflow, Map<string, Job>>()
function jobsOf(workflow: Workflow): Map<string, Job> {
  let jobs = jobsById.get(workflow)
  if (!jobs) {
    // Of two jobs with one id the first counts.
    jobs = new Map([...workflow.jobs].reverse().map(job => [job.id.value, job]))
    jobsById.set(workflow, jobs)
  }
  return jobs
}

// ---------------------------------------------------------------- files that `uses` names

interface Reader {
  repo: Parts
  target: Target
  memory: Memory
  workflow(uses: Text, home: Call['home']): Pick<Call, 'workflow' | 'home'> | { reason: string }
  action(uses: string, home: Call['home']): { action: Action; home: Call['home'] } | { reason: string } | undefined
}

function readerOf(repo: Parts): Reader {
  const byPath = new Map(repo.workflows.map(workflow => [workflow.path, workflow]))
  const actions = new Map(repo.actions.map(action => [action.path.replace(/\/?action\.ya?ml$/, ''), action]))
  const paths = new Set(repo.paths)
  const parsed = new Map<Remote, Workflow | Action | undefined>()
  const remote = (uses: string) => {
    const found = repo.remote.get(uses)
    return found && 'text' in found ? found : (found?.reason ?? 'its file was not read')
  }
  const parse = <T extends Workflow | Action>(
    found: Remote,
    read: (...args: Parameters<typeof readWorkflow>) => T
  ): T | undefined => {
    if (!parsed.has(found)) {
      const path = `${found.uses}`
      const [document] = parseYaml(path, found.text)
      const root = mapOf(document?.root)
      parsed.set(found, root && read(path, startOf(path), root, []))
    }
    return parsed.get(found) as T | undefined
  }
  const branch = repo.branch?.branch
  return {
    repo,
    target: { name: branch || undefined, likely: branch ? [] : likelyTargets(repo.workflows) },
    memory: emptyMemory(),
    workflow(uses, home) {
      const written = uses.value
      if (isOwn(written) && home === '') {
        const path = joinPath(written.slice(2)) ?? ''
        const workflow = byPath.get(path)
        if (workflow) return { workflow, home: '' }
        return { reason: paths.has(path) ? `${path} was not read` : `${path} is not in the tree` }
      }
      const name = home !== '' && isOwn(written) ? `${home.repository}/${written.slice(2)}@${home.ref}` : written
      const found = remote(name)
      if (typeof found === 'string') return { reason: found }
      const workflow = parse(found, readWorkflow)
      return workflow ? { workflow, home: homeOf(name) } : { reason: 'its file is not understood' }
    },
    action(uses, home) {
      if (isOwn(uses) && home === '') {
        const folder = joinPath(uses.slice(2))
        const action = folder === undefined ? undefined : actions.get(folder)
        if (action) return { action, home: '' }
        const known =
          folder !== undefined && ['action.yml', 'action.yaml'].some(file => paths.has(joinPath(folder, file)!))
        return { reason: known ? 'its file was not read' : 'it is not in the tree' }
      }
      if (/^[.$]/.test(uses) || !uses.includes('@')) return undefined
      const found = remote(uses)
      if (typeof found === 'string') return undefined
      const action = parse(found, readAction)
      return action && { action, home: homeOf(uses) }
    }
  }
}

// `$/` is the root of the repository that holds the file.
const isOwn = (uses: string) => uses.startsWith('./') || uses.startsWith('$/')

function homeOf(uses: string): Call['home'] {
  const [path = '', ref = ''] = uses.split('@')
  return { repository: path.split('/').slice(0, 2).join('/'), ref }
}

// ---------------------------------------------------------------- what steps run

/** A test run as it is found, before it is known for which step. */
interface Run {
  level: TestRun['level']
  command: string
  at: Place
  through: string[]
  ignored?: { how: string; at: Place }
}
interface Seen {
  runs: Run[]
  unread: Unread[]
}
/** Answers by what was asked, for one repository: a make target that forty jobs call is followed once. */
interface Memory {
  targets: Map<object, Map<string, Seen>>
  open: Set<object>
  stages: Map<Stage, Seen>
  variants: Map<Script, Map<string, Script>>
  scripts: Map<Script, Map<string, Seen>>
  actions: Map<Action, Map<string, Seen>>
  doings: Map<string, Doing | undefined>
}
const emptyMemory = (): Memory => ({
  targets: new Map(),
  open: new Set(),
  stages: new Map(),
  variants: new Map(),
  scripts: new Map(),
  actions: new Map(),
  doings: new Map()
})

/** The answer under two keys, found out once. */
function remembered<K, V>(memory: Map<K, Map<string, V>>, key: K, name: string, find: () => V): V {
  const known = memory.get(key) ?? new Map<string, V>()
  memory.set(key, known)
  const before = known.get(name)
  if (before !== undefined) return before
  const found = find()
  known.set(name, found)
  return found
}

function stepsSeen(
  job: Job,
  call: Call,
  combinations: Combination[] | undefined,
  scenes: Values[],
  reader: Reader
): { tests: TestRun[]; unread: Unread[] } {
  const tests: TestRun[] = []
  const unread: Unread[] = []
  const directory = (job.defaults.workingDirectory ?? call.workflow.defaults.workingDirectory)?.value ?? ''
  const matrices = combinations?.length ? combinations : [undefined]
  const variants = (values: Values) => matrices.map(matrix => (matrix ? { ...values, matrix } : values))
  const elsewhere = call.home === '' ? undefined : call.callers[0]?.uses?.at
  const wrapped = call.callers.map(caller => caller.uses!.value)
  for (const step of job.steps) {
    const perMatrix = /\bmatrix\b/i.test(step.if?.value ?? '')
    const scenesOfStep = scenes.filter(values =>
      perMatrix ? variants(values).some(one => mayHold(step.if, one)) : mayHold(step.if, values)
    )
    if (!scenesOfStep.length) continue
    const all = variants(scenesOfStep[0]!)
    const seen = stepSeen(step, { values: all, directory, home: call.home, depth: 0, reader })
    unread.push(...seen.unread.map(one => (elsewhere ? { ...one, at: elsewhere } : one)))
    const blame =
      goesOn(step.continueOnError, all) && !isJudged(step, job)
        ? { how: 'continue-on-error on its step', at: keyOf(step, 'continue-on-error') }
        : goesOn(job.continueOnError, all)
          ? { how: 'continue-on-error on its job', at: keyOf(job, 'continue-on-error') }
          : undefined
    for (const run of seen.runs) {
      const ignored = run.ignored ?? blame
      tests.push({
        level: run.level,
        command: run.command,
        at: elsewhere ?? run.at,
        step,
        through: [...(elsewhere ? wrapped.slice(0, 1) : []), ...run.through],
        ...(ignored && { ignored: elsewhere ? { ...ignored, at: elsewhere } : ignored })
      })
    }
  }
  return { tests, unread }
}

/** True in every variant that is known, and known in at least one. */
function goesOn(text: Text | undefined, variants: Values[]): boolean {
  return text !== undefined && variants.every(values => worthOf(text, values) === true)
}

function keyOf(owner: Step | Job, key: string): Place {
  const entry = owner.yaml.entry(key)
  if (!entry) return owner.at
  const { at } = entry.key
  const { endLine, endColumn } = entry.value.kind === 'scalar' ? entry.value.at : at
  return { ...at, endLine, endColumn }
}

/** A later step or an output of the job looks at how the step ended. */
function isJudged(step: Step, job: Job): boolean {
  const id = step.id?.value
  if (!id) return false
  return (
    job.outputs.some(field => names(field.value, id)) || job.steps.some(other => other !== step && looksAt(other, id))
  )
}

const looksAt = (step: Step, id: string): boolean =>
  [step.if, step.run?.text, ...[...step.with, ...step.env].map(field => field.value)].some(text => names(text, id))

const names = (text: Text | undefined, id: string): boolean =>
  !!text &&
  /\b(outcome|outputs|conclusion)\b/.test(text.value) &&
  /\bsteps\s*[.[]/i.test(text.value) &&
  text.value.includes(id)

interface Scene {
  /** What is known, once for each combination of the matrix. */
  values: Values[]
  directory: string
  home: Call['home']
  depth: number
  reader: Reader
}

function stepSeen(step: Step, scene: Scene): Seen {
  if (step.uses) return usesSeen(step, step.uses, scene)
  if (!step.run) return NOTHING
  const written = step.workingDirectory
  const directories = written
    ? unique(scene.values.map(values => filled(written, values) ?? written.value))
    : [scene.directory]
  const seen = directories
    .slice(0, MAX_VARIANTS)
    .flatMap(directory =>
      variantsOf(step.run!, scene.values, scene.reader.memory).map(script =>
        scriptSeen(script, directory, scene.depth, scene.reader)
      )
    )
  return merged(seen)
}

// Commands that run nothing of the repository, whatever their arguments.
const PLAIN =
  /^(echo|printf|cd|mkdir|cp|mv|rm|ls|cat|tar|unzip|zip|curl|wget|git|gh|jq|yq|sed|awk|grep|export|chmod|chown|aws|gcloud|az|apt|apt-get|brew|pip|helm|kubectl|cosign|crane|gpg|ln|tee|touch|test|\[|exit|sleep|read|local|set|unset|date|head|tail|sort|tr|cut|find|rsync|scp|ssh|rustup|jfrog)$/

/** What a command does depends on an expression in it. */
function isOpen(command: Command): boolean {
  if (command.name && PLAIN.test(command.name)) return false
  if (!command.words.some(word => !word.literal && /\b(matrix|inputs)\b/i.test(word.value))) return false
  const doings = doingsOf(command)
  return !doings.some(doing => !doing.byName && doing.kind !== 'script' && doing.kind !== 'wrap')
}

/** A script as each combination of the matrix has it, where that makes a difference. */
function variantsOf(script: Script, values: Values[], memory: Memory): Script[] {
  const { text } = script
  const made = new Map<string, Text>()
  const expressions = /\b(matrix|inputs)\b/i.test(text.value) ? expressionsIn(text) : []
  if (!expressions.length || !script.commands.some(isOpen)) made.set(text.value, text)
  else
    for (const one of values) {
      if (made.size >= MAX_VARIANTS) break
      const variant = replaced(text, expressions, one)
      made.set(variant.value, variant)
    }
  return [...made].map(([written, variant]) =>
    remembered(memory.variants, script, written, () => (variant === text ? script : scriptOf(variant, script.shell)))
  )
}

/** A text with those expressions replaced whose value is known; places lead back to where they are written. */
function replaced(text: Text, expressions: Expression[], values: Values): Text {
  const pieces: { at: number; from: number; to: number }[] = []
  let made = ''
  let from = 0
  for (const expression of expressions) {
    const value = expression.root ? evaluate(expression.root, values) : UNKNOWN
    if (value === UNKNOWN || (typeof value === 'object' && value !== null)) continue
    made += text.value.slice(from, expression.from)
    pieces.push({ at: made.length, from: expression.from, to: expression.to })
    made += String(value ?? '')
    pieces.push({ at: made.length, from: expression.to, to: -1 })
    from = expression.to
  }
  if (!pieces.length) return text
  made += text.value.slice(from)
  // Inside what was put in, the whole expression stands for every character.
  const back = (offset: number): [from: number, to: number] => {
    const piece = pieces.findLast(({ at }) => at <= offset)
    if (!piece) return [offset, offset + 1]
    if (piece.to >= 0) return [piece.from, piece.to]
    const straight = piece.from + offset - piece.at
    return [straight, straight + 1]
  }
  return {
    value: made,
    at: text.at,
    part: (start, stop = start) => text.part(back(start)[0], stop > start ? back(stop - 1)[1] : back(start)[0])
  }
}

const NOTHING: Seen = { runs: [], unread: [] }

function merged(list: Seen[]): Seen {
  if (list.length === 1) return list[0]!
  const runs = new Map<string, Run>()
  const unread = new Map<string, Unread>()
  for (const seen of list) {
    for (const run of seen.runs) {
      const key = `${run.at.path}:${run.at.line}:${run.at.column} ${run.command} ${run.ignored?.at.line ?? ''}`
      if (!runs.has(key)) runs.set(key, run)
    }
    for (const one of seen.unread) unread.set(`${one.what} ${one.at?.line}`, one)
  }
  return { runs: [...runs.values()].slice(0, MAX_RUNS), unread: [...unread.values()].slice(0, MAX_RUNS) }
}

function usesSeen(step: Step, uses: Text, scene: Scene): Seen {
  const build = buildSeen(step, scene)
  if (build) return build
  const doing = doingOf(step, uses.value, scene.reader.memory)
  if (doing) return { runs: [{ level: doing.level, command: uses.value, at: uses.at, through: [] }], unread: [] }
  if (scene.depth > MAX_DEPTH) return NOTHING
  const found = scene.reader.action(uses.value, scene.home)
  if (!found) return NOTHING
  if ('reason' in found) {
    return { runs: [], unread: [{ what: `what ${uses.value} runs`, reason: found.reason, at: uses.at }] }
  }
  const { action, home } = found
  // What the caller's matrix holds reaches an action through its inputs.
  const values = new Map<string, Values>()
  for (const { matrix, ...known } of scene.values) {
    const inputs = inputsOfAction(action, step, matrix ? { ...known, matrix } : known)
    const event = (known.github as { event_name?: string } | undefined)?.event_name
    values.set(
      JSON.stringify([event, Object.entries(inputs).map(([name, value]) => [name, value === UNKNOWN ? 0 : value])]),
      { ...known, inputs }
    )
  }
  const key = [...values.keys()].slice(0, MAX_VARIANTS).join()
  const seen = remembered(scene.reader.memory.actions, action, key, () =>
    actionSeen(action, { ...scene, values: [...values.values()].slice(0, MAX_VARIANTS), directory: '', home })
  )
  const here = home === ''
  return {
    runs: seen.runs.map(({ ignored, ...run }) => ({
      ...run,
      at: uses.at,
      through: [uses.value, ...run.through],
      ...(ignored && { ignored: here ? ignored : { ...ignored, at: uses.at } })
    })),
    unread: seen.unread.map(one => (here ? one : { ...one, at: uses.at }))
  }
}

function actionSeen(action: Action, scene: Scene): Seen {
  const inner = action.steps.map((one): Seen => {
    const alive = scene.values.filter(known => mayHold(one.if, known))
    if (!alive.length) return NOTHING
    const seen = stepSeen(one, { ...scene, values: alive, depth: scene.depth + 1 })
    const id = one.id?.value
    const judged =
      id !== undefined &&
      (action.outputs.some(field => names(field.value, id)) ||
        action.steps.some(other => other !== one && looksAt(other, id)))
    const blame =
      goesOn(one.continueOnError, alive) && !judged
        ? { how: 'continue-on-error on its step', at: keyOf(one, 'continue-on-error') }
        : undefined
    return blame ? { ...seen, runs: seen.runs.map(run => ({ ...run, ignored: run.ignored ?? blame })) } : seen
  })
  return {
    runs: inner.flatMap(seen => seen.runs).slice(0, MAX_RUNS),
    unread: inner.flatMap(seen => seen.unread).slice(0, MAX_RUNS)
  }
}

function doingOf(step: Step, uses: string, { doings }: Memory): Doing | undefined {
  const input = (name: string) =>
    step.with.find(field => field.name.value.toLowerCase() === name.toLowerCase())?.value.value
  // Inputs only take away: most actions test nothing, whatever they are given.
  if (!doings.has(uses)) doings.set(uses, testIn(doingsOfAction(uses, () => undefined)))
  return doings.get(uses) && testIn(doingsOfAction(uses, input))
}

function inputsOfAction(action: Action, step: Step, known: Values): Record<string, unknown> {
  const inputs: Record<string, unknown> = Object.create(null)
  for (const { name, default: preset } of action.inputs) inputs[name.value] = preset ? preset.value : ''
  for (const { name, value } of step.with) {
    const given = worthOf(value, known)
    // Inputs of actions are texts.
    inputs[name.value] = given === UNKNOWN || typeof given === 'object' ? UNKNOWN : String(given)
  }
  return inputs
}

const testIn = (doings: Doing[]) => doings.find(doing => doing.kind === 'test')

function scriptSeen(script: Script, directory: string, depth: number, reader: Reader): Seen {
  const { commands } = script
  const seen: Seen[] = []
  if (script.unread) {
    const what = `a ${script.shell.name === 'other' ? 'custom shell' : script.shell.name} script`
    seen.push({ runs: [], unread: [{ what, reason: script.unread, at: script.text.at }] })
  }
  for (const command of commands) {
    const found = commandSeen(command, directory, depth, reader)
    if (!found.runs.length) {
      if (found.unread.length) seen.push(found)
      continue
    }
    const lost = lossOf(command, script)
    seen.push(lost ? { ...found, runs: found.runs.map(run => ({ ...run, ignored: lost })) } : found)
  }
  return seen.length ? merged(seen) : NOTHING
}

function commandSeen(command: Command, directory: string, depth: number, reader: Reader): Seen {
  const named = testIn(doingsOf(command))
  // A name alone is no proof where a condition asks how it ends: it may compare or probe something.
  const test = named?.byName && command.inside.includes('condition') ? undefined : named
  const alone = (): Seen =>
    test
      ? { runs: [{ level: test.level, command: shortened(command), at: command.at, through: [] }], unread: [] }
      : NOTHING
  const built = dockerBuildSeen(command, directory, depth, reader)
  if (built?.runs.length) return { ...built, runs: built.runs.map(run => through(run, shortened(command), command.at)) }
  if (depth > MAX_DEPTH) return alone()
  const far = remoteSeen(command, depth, reader)
  if (far.runs.length) return { ...far, runs: far.runs.map(run => ({ ...run, at: command.at })) }
  const followed = follow(command, directory, reader.repo)
  if (!followed) return alone()
  if (!followed.target || !followed.file) {
    if (test || !followed.unread) return alone()
    return { runs: [], unread: [{ what: `what ${followed.name} runs`, reason: followed.unread, at: command.at }] }
  }
  const seen = targetSeen(followed, depth + 1, reader)
  if (seen.runs.length) return { ...seen, runs: seen.runs.map(run => through(run, followed.name, command.at)) }
  // The name says test. What stands behind it decides where all of it is known, else the name does.
  if (test && (!test.byName || seen.unread.length || !isKnown(followed))) return alone()
  return { runs: [], unread: seen.unread.map(one => ({ ...one, at: command.at })) }
}

/** `ssh host 'go test ./...'`: the script that another machine runs. Its files are not those of the tree. */
function remoteSeen(command: Command, depth: number, reader: Reader): Seen {
  if (command.name !== 'ssh') return NOTHING
  const scripts = command.words.slice(1).filter(word => word.value.includes(' '))
  return merged([
    ...scripts.map(({ value, at }) => {
      const text = { value, at, part: () => at }
      return scriptSeen(scriptOf(text, { name: 'sh', errexit: false, pipefail: false }), '', depth + 1, reader)
    }),
    NOTHING
  ])
}

const through = (run: Run, name: string, at: Place): Run => ({ ...run, at, through: [name, ...run.through] })

const IDLE = new Set(['echo', 'printf', 'exit', 'true', 'false', ':', 'return', 'cd'])
function shortened({ words }: Command): string {
  const written = words
    .map(word => word.value)
    .join(' ')
    .trim()
  return written.length > 80 ? `${written.slice(0, 79)}…` : written
}

/** Every command of a target is one that the table knows, or does nothing. */
const isKnown = ({ target }: Followed): boolean =>
  !target!.needs.length &&
  target!.scripts.some(script => script.commands.length) &&
  target!.scripts.every(
    script => !script.unread && script.commands.every(command => IDLE.has(command.name) || doingsOf(command).length > 0)
  )

/** What a target's scripts run, its prerequisites first; answered once for each folder it is called in. */
function targetSeen({ file, target, directory }: Followed, depth: number, reader: Reader): Seen {
  if (!file || !target) return NOTHING
  const { targets, open } = reader.memory
  const known = targets.get(target) ?? new Map<string, Seen>()
  targets.set(target, known)
  const before = known.get(directory)
  if (before) return before
  if (open.has(target) || depth > MAX_DEPTH) return NOTHING
  open.add(target)
  const needs = target.needs.map(name => {
    const needed = file.targets.get(name)
    return needed ? targetSeen({ name, file, target: needed, directory }, depth + 1, reader) : NOTHING
  })
  const seen = merged([
    ...needs,
    ...target.scripts.map(script => scriptSeen(script, directory, depth, reader)),
    NOTHING
  ])
  open.delete(target)
  known.set(directory, seen)
  return seen
}

// ---------------------------------------------------------------- images that test while they are built

/** `docker build` runs the test commands of the stages it builds. */
function dockerBuildSeen(command: Command, directory: string, depth: number, reader: Reader): Seen | undefined {
  if (command.name !== 'docker' && command.name !== 'podman' && command.name !== 'buildah') return undefined
  const words = command.words.slice(1).map(word => word.value)
  const at = words.findIndex(word => word === 'build' || word === 'bud')
  if (at < 0 || at > 3 || words.slice(0, at).some(word => word !== 'buildx' && word !== 'image')) return undefined
  let file: string | undefined
  let target: string | undefined
  let context = ''
  for (let i = at + 1; i < words.length; i++) {
    const word = words[i]!
    const [flag, value] = word.startsWith('--') && word.includes('=') ? split(word, '=') : [word, words[i + 1]]
    if (flag === '-f' || flag === '--file') file = value
    else if (flag === '--target') target = value
    else if (!word.startsWith('-')) context = word
    if (word.startsWith('-') && flag === word && !BARE.has(word)) i++
  }
  const where = joinPath(directory, file ?? `${context}/Dockerfile`)
  return imageSeen(where, target, depth, reader)
}

const BARE = new Set(['--pull', '--no-cache', '--push', '--load', '-q', '--quiet', '--rm', '--squash', '--force-rm'])
const split = (text: string, by: string): [string, string] => [
  text.slice(0, text.indexOf(by)),
  text.slice(text.indexOf(by) + by.length)
]

function buildSeen(step: Step, scene: Scene): Seen | undefined {
  const { uses } = step
  if (!uses?.value.startsWith('docker/build-push-action@')) return undefined
  const given = (name: string) => step.with.find(field => field.name.value === name)?.value.value
  const context = given('context') ?? ''
  const path =
    context.includes('${{') || context.includes('://') ? undefined : joinPath(given('file') ?? `${context}/Dockerfile`)
  const seen = imageSeen(path, given('target'), scene.depth, scene.reader)
  return seen.runs.length ? { ...seen, runs: seen.runs.map(run => through(run, uses.value, uses.at)) } : NOTHING
}

function imageSeen(path: string | undefined, target: string | undefined, depth: number, reader: Reader): Seen {
  const dockerfile = reader.repo.dockerfiles.find(file => file.path === path)
  const last = target ? stageNamed(dockerfile, target) : dockerfile?.stages.at(-1)
  if (!last || depth > MAX_DEPTH) return NOTHING
  const stages = new Set([last])
  for (const stage of stages) {
    for (const needed of stage.needs) stages.add(needed)
    if (stage.parent) stages.add(stage.parent)
  }
  return merged([...[...stages].map(stage => stageSeen(stage, reader)), NOTHING])
}

const stageNamed = (dockerfile: Dockerfile | undefined, name: string): Stage | undefined =>
  dockerfile?.stages.find(
    stage => stage.name?.value.toLowerCase() === name.toLowerCase() || String(stage.index) === name
  )

function stageSeen(stage: Stage, reader: Reader): Seen {
  const before = reader.memory.stages.get(stage)
  if (before) return before
  const runs = stage.instructions.filter(
    (one): one is Instruction & { script: Script } => one.keyword === 'RUN' && !!one.script
  )
  // Its directory is one of the image: wrappers are not followed there.
  const found = runs.flatMap(({ script }) =>
    script.commands.flatMap((command): Run[] => {
      const test = testIn(doingsOf(command))
      if (!test) return []
      const ignored = lossOf(command, script)
      const text = command.words.map(word => word.value).join(' ')
      return [
        { level: test.level, command: text.slice(0, 80), at: command.at, through: [], ...(ignored && { ignored }) }
      ]
    })
  )
  const seen = { runs: found.slice(0, MAX_RUNS), unread: [] }
  reader.memory.stages.set(stage, seen)
  return seen
}

// ---------------------------------------------------------------- lost failures

/** How the failure of a command does not fail its script, where that is plain. */
function lossOf(command: Command, script: Script): { how: string; at: Place } | undefined {
  const flag = swallowedBy(command)
  if (flag) return { how: flag, at: command.at }
  const { lost } = command
  if (!lost || script.unread || !isPlain(lost, script)) return undefined
  return { how: howOf(lost, script), at: lost.at }
}

const HARMLESS = /^(true|:|echo|printf|exit 0|return 0|\/bin\/true|\/usr\/bin\/true|cat|ls|sleep|\[|test)(\s|;|$)/
// Keeps the failure for later, or passes it on after all.
const HANDLED = /\$\?|\b(exit|return)\s+[^0\s]|\bfalse\b|\bkill\b|[^&12]>(?!&)|GITHUB_(OUTPUT|ENV)/

/** Precision first: a handler, a saved status or an inverted test may well be there to judge the result. */
function isPlain(lost: Lost, script: Script): boolean {
  const { value } = script.text
  if (lost.how === 'or') {
    const by = (lost.by ?? 'true').trim()
    return HARMLESS.test(by) && !HANDLED.test(by.slice(0, 1000))
  }
  if (lost.how === 'negated') return false
  if (lost.how === 'condition') return !/GITHUB_(OUTPUT|ENV)|\$\?/.test(value)
  if (lost.how === 'pipe') return !value.includes('PIPESTATUS')
  if (lost.how === 'no-errexit') return !/\$\?|PIPESTATUS|GITHUB_(OUTPUT|ENV)/.test(value)
  return !script.commands.some(command => command.name === 'wait')
}

function howOf({ how, by }: Lost, script: Script): string {
  if (how === 'or') return `\`|| ${by ?? 'true'}\``
  if (how === 'pipe') return by ? `\`| ${by}\` without pipefail` : 'a pipe without pipefail'
  if (how === 'background') return '`&` without wait'
  if (how === 'condition') return 'an if that goes on either way'
  if (by === '&&') return '`&&` with more after it, where -e does not stop'
  return /set \+(e|o errexit)/.test(script.text.value) ? '`set +e`' : 'a shell that goes on after a failure'
}

// ---------------------------------------------------------------- CI elsewhere

const EXTERNAL: [name: string, test: (path: string) => boolean][] = [
  ['Buildkite', path => /^\.buildkite\/[^/]*pipeline[^/]*$|^\.buildkite\/[^/]+\.ya?ml$/.test(path)],
  ['CircleCI', path => /^\.circleci\/config\.ya?ml$/.test(path)],
  ['Jenkins', path => /^(ci\/|\.ci\/|jenkins\/|\.jenkins\/)?Jenkinsfile(\.[\w-]+)?$/.test(path)],
  ['Prow', path => /^\.prow(\.ya?ml$|\/)/.test(path)],
  ['GitLab CI', path => /^\.gitlab-ci\.ya?ml$/.test(path)],
  ['Travis CI', path => path === '.travis.yml'],
  [
    'Azure Pipelines',
    path =>
      /^(\.azure-pipelines\/|\.azuredevops\/)?[\w.-]*azure-pipelines?[\w.-]*\.ya?ml$/.test(path) ||
      /^\.(azure-pipelines|azuredevops)\/.+\.ya?ml$/.test(path)
  ],
  ['Drone', path => /^\.drone\.(ya?ml|jsonnet|star)$/.test(path)],
  ['Woodpecker', path => /^\.woodpecker(\.ya?ml$|\/)/.test(path)],
  ['Cirrus CI', path => /^\.cirrus\.(ya?ml|star)$/.test(path)],
  ['AppVeyor', path => /^\.?appveyor\.ya?ml$/.test(path)],
  ['Semaphore', path => path.startsWith('.semaphore/')],
  ['Bitbucket Pipelines', path => path === 'bitbucket-pipelines.yml'],
  ['TeamCity', path => path.startsWith('.teamcity/')],
  ['Google Cloud Build', path => /^\.?cloudbuild(\.ya?ml|\.json|\/)/.test(path)],
  ['Zuul', path => /^\.?zuul(\.ya?ml$|\.d\/)/.test(path)],
  ['Tekton', path => path.startsWith('.tekton/')],
  ['Forgejo or Gitea Actions', path => /^\.(forgejo|gitea)\/workflows\/.+\.ya?ml$/.test(path)],
  ['Codefresh', path => /^\.?codefresh(\.ya?ml$|\/)/.test(path)]
]

/** CI outside GitHub Actions that the tree or the branch shows. Prow keeps its jobs elsewhere; OWNERS_ALIASES is its file. */
// Checks of apps that run nothing of the repository's: agreements, coverage and scan reports, previews, reviews, bots.
const NO_CI =
  /\b(cla|dco|codecov|coveralls|codacy|codeclimate|code climate|codefactor|deepsource|sonar(cloud|qube)|snyk|socket|gitguardian|fossa|netlify|vercel|deploy preview|read ?the ?docs|readthedocs|renovate|dependabot|mergify|coderabbit|copilot|semantic (pr|pull request)|wip|pages build and deployment)\b|^license\//i

function externalOf(repo: Parts): Pipeline['external'] {
  const found = new Map<string, string>()
  for (const path of repo.paths) {
    // All of them lie at the top or in a hidden folder.
    if (path.includes('/') && !path.startsWith('.') && !/^(ci|jenkins|zuul\.d|cloudbuild|codefresh)\//.test(path))
      continue
    for (const [name, test] of EXTERNAL) if (!found.has(name) && test(path)) found.set(name, path)
    if (path === 'OWNERS_ALIASES' && !found.has('Prow')) found.set('Prow', path)
  }
  for (const context of repo.branch?.externalContexts ?? []) if (!NO_CI.test(context)) found.set(context, context)
  return [...found].map(([name, by]) => ({ name, by }))
}

const unique = (values: string[]): string[] => [...new Set(values)]
