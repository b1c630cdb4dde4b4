import { byText } from './cache.js'
import { knownAction } from './data/actions.js'
import { codeInputs } from './data/contexts.js'
import type {
  Action,
  Job,
  Peers,
  Place,
  Problem,
  Step,
  Strategy,
  Text,
  Trigger,
  Workflow,
  Yaml,
  YamlMap,
  YamlScalar
} from './model.js'
import { conditionOf, type Expression, expressionsIn, type Node, walk } from './parse/expression.js'
import { readUses } from './parse/uses.js'
import { isNull, listOf, mapOf, scalarOf } from './parse/yaml.js'
import {
  ANY,
  arrayOf,
  BOOLEAN,
  type Fault,
  merged,
  mergedAll,
  NULL,
  NUMBER,
  objectOf,
  oneOf,
  type Scope,
  STRING,
  type Type,
  typeOf
} from './types.js'
import { type Availability, availabilityAt, type Path, type SchemaFile } from './workflow-schema.js'

/** A text of a workflow or an action that holds expressions. */
export interface Site {
  text: YamlScalar
  expressions: Expression[]
  /** Its place in the file, with `*` for names and numbers that anyone chooses: 'jobs.*.steps.*.run'. */
  key: string
  /** A condition, where `${{ }}` may be left out. */
  condition: boolean
  /** One expression is the whole of it, so its value needs not be text. */
  whole: boolean
  /** The name of a value rather than a value. */
  isKey: boolean
  job?: Job
  step?: Step
  /** What expressions may use here; undefined where our data does not know the place. */
  availability: Availability | undefined
}

/** A fault of an expression with the site that it was found at. */
export interface SiteFault extends Omit<Fault, 'from' | 'to' | 'of' | 'kind'> {
  kind: Fault['kind'] | 'syntax' | 'text' | 'key' | 'nowhere'
  at: Place
  site: Site
}

interface Analysis {
  sites: Site[]
  checked?: Checked
}
interface Checked {
  faults: SiteFault[]
  /** Of texts that one expression is the whole of. */
  types: Map<Text, Type>
}
const analyses = new WeakMap<Workflow | Action, Analysis>()

/** Every text with expressions in a file, in order. Found once a file. */
export function sitesOf(file: Workflow | Action): Site[] {
  return analysisOf(file).sites
}

/** What is wrong with the expressions of a file, by itself: what other files say is not asked. Found once a file. */
export function faultsOf(file: Workflow | Action): SiteFault[] {
  return checkedOf(file).faults
}

/** The type of what a text holds, where one expression is the whole of it and something is known of that. */
export function typeOfText(file: Workflow | Action, text: Text): Type | undefined {
  return checkedOf(file).types.get(text)
}

function checkedOf(file: Workflow | Action): Checked {
  const analysis = analysisOf(file)
  analysis.checked ??= check(file, analysis.sites)
  return analysis.checked
}

/** Those of some kinds as problems of a rule. GitHub may know a name that our data do not: that is never an error. */
export function* problemsOf(file: Workflow | Action, kinds: SiteFault['kind'][], peers?: Peers): Iterable<Problem> {
  for (const { kind, at, message, dated, coerced } of faultsOf(file)) {
    if (!kinds.includes(kind)) continue
    const severity = coerced || (dated && kind === 'property') ? 'note' : dated ? 'warning' : undefined
    yield { at, message, ...(severity && { severity }), ...(peers && { peers }) }
  }
}

function analysisOf(file: Workflow | Action): Analysis {
  let analysis = analyses.get(file)
  if (!analysis) {
    analysis = { sites: find(file) }
    analyses.set(file, analysis)
  }
  return analysis
}

// ---------------------------------------------------------------- finding them

const isWorkflow = (file: Workflow | Action): file is Workflow => 'jobs' in file

/** Mappings whose names anyone chooses. */
const FREE = /^(jobs|env|with|outputs|secrets|inputs|services|matrix|ports|permissions)$/
const CONDITION = /^(jobs\.\*\.if|jobs\.\*\.snapshot\.if|(jobs\.\*|runs)\.steps\..*\.if|runs\.(pre|post)-if)$/

const isFilter = (key: string, name: string): boolean =>
  key.endsWith('.strategy.matrix') && (name === 'include' || name === 'exclude')

function find(file: Workflow | Action): Site[] {
  const sites: Site[] = []
  const schemaFile: SchemaFile = isWorkflow(file) ? 'workflow' : 'action'
  const jobs = new Map(isWorkflow(file) ? file.jobs.map(job => [job.yaml, job]) : [])
  const steps = new Map(isWorkflow(file) ? [] : file.steps.map(step => [step.yaml, step]))
  // What an anchor names is looked at once for each key and job, however often it is named.
  const seen = new Map<Yaml, Set<string>>()

  const visit = (yaml: Yaml, here: Here, job: Job | undefined, step: Step | undefined): void => {
    const { key } = here
    if (yaml.anchor) {
      const before = seen.get(yaml) ?? new Set()
      seen.set(yaml, before)
      const name = `${key} ${job?.id.value}`
      if (before.has(name)) return
      before.add(name)
    }
    if (yaml.kind === 'scalar') {
      scalar(yaml, here, job, step, false)
      return
    }
    if (yaml.kind === 'list') {
      const below = `${key}.*`
      for (let part = 0; part < yaml.items.length; part++)
        visit(yaml.items[part]!, { above: here, part, key: below }, job, step)
      return
    }
    const inJob = jobs.get(yaml) ?? job
    if (inJob !== job && inJob) for (const each of inJob.steps) steps.set(each.yaml, each)
    const inStep = steps.get(yaml) ?? step
    const isFree = FREE.test(key.slice(key.lastIndexOf('.') + 1))
    for (let at = 0; at < yaml.entries.length; at++) {
      const { key: name, value } = yaml.entries[at]!
      const part = name.value
      // Most values are plain words.
      if (value.kind === 'scalar' && !part.includes('if') && !part.includes('${{') && !value.value.includes('${{'))
        continue
      const isAny = (isFree && !isFilter(key, part)) || part.includes('${{')
      const below = { above: here, part, key: `${key}${key && '.'}${isAny ? '*' : part}` }
      if (part.includes('${{')) scalar(name, below, inJob, inStep, true)
      visit(value, below, inJob, inStep)
    }
  }
  const scalar = (text: YamlScalar, here: Here, job: Job | undefined, step: Step | undefined, isKey: boolean): void => {
    const { key } = here
    const condition = !isKey && key.endsWith('if') && CONDITION.test(key)
    if (!condition && !text.value.includes('${{')) return
    if (condition && isNull(text)) return
    const expressions = condition ? conditionOf(text) : expressionsIn(text)
    const [only] = expressions
    sites.push({
      text,
      expressions,
      key,
      condition,
      whole: only !== undefined && expressions.length === 1 && only.from === 0 && only.to === text.value.length,
      isKey,
      ...(job && { job }),
      ...(step && { step }),
      // A key that our data do not know is one that an expression stands for.
      availability:
        availabilityOf(schemaFile, here) ?? (isKey && here.above ? availabilityOf(schemaFile, here.above) : undefined)
    })
  }
  visit(file.yaml, { part: '', key: '' }, undefined, undefined)
  return sites
}

/** A place in a file, from within. */
interface Here {
  above?: Here
  part: string | number
  key: string
}

function pathOf(here: Here): Path {
  const path: (string | number)[] = []
  for (let at = here; at.above; at = at.above) path.push(at.part)
  return path.reverse()
}

const known = {
  workflow: new Map<string, Availability | undefined>(),
  action: new Map<string, Availability | undefined>()
}
function availabilityOf(file: SchemaFile, here: Here): Availability | undefined {
  const { key } = here
  const found = known[file]
  if (!found.has(key)) {
    if (found.size > 1000) found.clear()
    found.set(key, availabilityAt(file, pathOf(here)))
  }
  return found.get(key)
}

// ---------------------------------------------------------------- checking them

/** GitHub makes one expression of a text with expressions, and refuses it where it is longer. */
const MAX_TEXT = 21_000
/** More faults in one file are no typing mistakes, and looking around for each costs time. */
const MAX_HINTS = 200
/** GitHub has fewer events. */
const MAX_EVENTS = 50
/** Of more steps it is not told which come before which. */
const MAX_STEPS = 1000

function check(file: Workflow | Action, sites: Site[]): Checked {
  const faults: SiteFault[] = []
  const types = new Map<Text, Type>()
  const contexts = isWorkflow(file) ? workflowContexts(file) : actionContexts(file)
  // The same few paths stand at the same few keys: those without a fault are looked at once.
  const sound = new Map<string, Type>()
  for (const site of sites) {
    const { availability, text } = site
    const scope: Scope = {
      context: name => contexts(name, site),
      ...(!isClosed(availability) && { contexts: availability?.contexts, functions: availability?.functions })
    }
    // Where nothing may be computed, what is computed does not matter.
    if (isClosed(availability) && !site.condition) {
      const [first] = site.expressions
      const names = first?.root && walk(first.root).some(node => node.type === 'context')
      const message = `no expression can be used here: GitHub ${names ? 'has no context yet' : 'computes nothing at this key'}`
      if (first) faults.push({ kind: 'nowhere', at: first.at, site, message })
      continue
    }
    if (site.isKey && /^\$\{\{\s*insert\s*\}\}$/.test(text.value)) continue
    if (text.value.length > MAX_TEXT && !site.whole) {
      const message = `a text of ${text.value.length} characters with an expression in it is longer than GitHub's ${MAX_TEXT}`
      faults.push({ kind: 'syntax', at: site.expressions[0]!.at, site, message })
    }
    for (const expression of site.expressions) {
      const [wrong] = expression.errors
      // What comes after the first mistake mostly comes of it.
      if (wrong) faults.push({ kind: 'syntax', ...wrong, site })
      const { root } = expression
      if (!root || wrong) continue
      const shared = isShared(root) ? `${site.key} ${text.value.slice(root.from, root.to)}` : ''
      let type = sound.get(shared)
      if (!type) {
        const before = faults.length
        type = typeOf(root, scope, ({ from, to, of, name, message, ...rest }) => {
          const subject = of ? shortened(text.value.slice(of.from, of.to)) : ''
          const isFlood = faults.length > MAX_HINTS
          const said = (name && !isFlood && elsewhere(file, site, subject.toLowerCase(), name)) || message
          faults.push({ ...rest, message: `${subject} ${said}`.trim(), at: text.part(from, to), site })
        })
        if (shared && faults.length === before) sound.set(shared, type)
      }
      if (site.whole && type.kind !== 'any') types.set(text, type)
      faults.push(...misplaced(type, expression, site))
    }
  }
  return { faults, types }
}

/** Contexts that hold the same wherever they may be used in a file. */
const SHARED = new Set(['github', 'env', 'vars', 'secrets', 'inputs', 'runner'])
/** A path into one of them. */
function isShared(node: Node): boolean {
  let inner = node
  while (inner.type === 'property') inner = inner.object
  return inner.type === 'context' && SHARED.has(inner.name)
}

/** What is there, but not for this place to see. */
function elsewhere(file: Workflow | Action, { job, step }: Site, object: string, name: string): string | undefined {
  const is = (id: Text | undefined) => id?.value.toLowerCase() === name.toLowerCase()
  if (object === 'steps') {
    const steps = job?.steps ?? ('steps' in file ? file.steps : [])
    const later = steps.find(each => is(each.id))
    if (later === step && later) return `has no ${name} yet: it is this step`
    if (later) return `has no ${name} yet: that step comes later (line ${later.at.line})`
    const other = isWorkflow(file) && file.jobs.find(each => each.steps.some(one => is(one.id)))
    return other ? `has no ${name}: that step is in job ${other.id.value}` : undefined
  }
  const other = object === 'needs' && isWorkflow(file) && file.jobs.find(each => is(each.id))
  return other && job ? `has no ${name}: job ${job.id.value} does not list it in needs` : undefined
}

const isClosed = (availability: Availability | undefined): boolean =>
  availability !== undefined && !availability.contexts.length && !availability.functions.length

const shortened = (text: string): string => {
  const line = text.replace(/\s+/g, ' ')
  return line.length > 60 ? `${line.slice(0, 59)}…` : line
}

/** What a key takes where an expression is all of its value. */
const KEYS: [RegExp, Type['kind'][], string][] = [
  [/^jobs\.\*\.runs-on$/, ['string', 'array', 'object'], 'a label or a list of them'],
  [/(^|\.)env$/, ['object'], 'an object'],
  [/^jobs\.\*\.strategy(\.matrix)?$/, ['object'], 'an object'],
  [/^jobs\.\*\.strategy\.matrix\.(\*|include|exclude)$/, ['array'], 'a list'],
  [/^jobs\.\*\.strategy\.matrix\.(include|exclude)\.\*$/, ['object'], 'an object'],
  [/^jobs\.\*\.(container|services\.\*)\.credentials$/, ['object'], 'an object'],
  [/^jobs\.\*\.services$/, ['object'], 'an object'],
  [
    /^jobs\.\*\.(container|services\.\*|environment|concurrency)$|^concurrency$/,
    ['string', 'object'],
    'text or an object'
  ],
  [/^jobs\.\*\.(container|services\.\*)\.(ports|volumes)$/, ['array'], 'a list'],
  [/(^|\.)(timeout-minutes|cancel-timeout-minutes|max-parallel)$/, ['number'], 'a number'],
  [/(^|\.)(continue-on-error|fail-fast|cancel-in-progress)$/, ['boolean'], 'true or false'],
  [/^jobs\.\*\.with\.\*$|^jobs\.\*\.name$/, ['string', 'number', 'boolean', 'null'], 'a single value']
]

const rowOf = byText((name: string) =>
  /(^|\.)(with|outputs|inputs|secrets)\.\*$/.test(name) ? undefined : KEYS.find(([key]) => key.test(name))
)

function* misplaced(type: Type, expression: Expression, site: Site): Iterable<SiteFault> {
  if (type.kind === 'any') return
  const name = site.isKey ? '' : site.key
  const row = site.whole ? rowOf(name) : undefined
  if (row) {
    const [, kinds, wanted] = row
    const key = name.split('.').findLast(part => part !== '*')
    const isGroup =
      name.endsWith('.runs-on') &&
      type.kind === 'object' &&
      (type.props.has('labels') || type.props.has('group') || type.rest)
    if (!kinds.includes(type.kind) || (name.endsWith('.runs-on') && type.kind === 'object' && !isGroup))
      yield {
        kind: 'key',
        at: expression.at,
        site,
        message: `${key} takes ${wanted}, and this is ${KIND_NAMES[type.kind]}`
      }
    return
  }
  if (type.kind !== 'array' && type.kind !== 'object' && type.kind !== 'null') return
  if (site.condition) {
    if (site.whole && type.kind !== 'null')
      yield {
        kind: 'text',
        at: expression.at,
        site,
        message: `${KIND_NAMES[type.kind]} counts as true, whatever is in it`
      }
    return
  }
  // A whole mapping or list may stand where our data does not say what does.
  if (
    site.whole &&
    !/(^|\.)(run|name|with\.\*|env\.\*|outputs\.\*|value|working-directory|shell|image|options|username|password|if|run-name|group|url)$/.test(
      name
    )
  )
    return
  const becomes = type.kind === 'null' ? 'nothing' : type.kind === 'array' ? 'the word Array' : 'the word Object'
  yield {
    kind: 'text',
    at: expression.at,
    site,
    message: `${KIND_NAMES[type.kind]} becomes ${becomes} in a text`,
    ...(type.kind === 'null' && { coerced: true })
  }
}
const KIND_NAMES = {
  any: 'any value',
  null: 'null',
  number: 'a number',
  boolean: 'true or false',
  string: 'text',
  array: 'a list',
  object: 'an object'
}

// ---------------------------------------------------------------- what contexts hold

const GITHUB = objectOf([
  ...(
    'action action_path action_ref action_repository action_status actor actor_id api_url artifact_cache_size_limit base_ref ' +
    'env event_name event_path graphql_url head_ref job job_workflow_sha output path ref ref_name repository ' +
    'repository_id repository_owner repository_owner_id repository_visibility repositoryUrl run_attempt run_id run_number ' +
    'secret_source server_url sha state step_summary token triggering_actor workflow workflow_ref workflow_sha workspace'
  )
    .split(' ')
    .map((name): [string, Type] => [name, STRING]),
  ['artifact_cache_size_limit', NUMBER],
  ['retention_days', NUMBER],
  ['ref_protected', BOOLEAN],
  ['ref_type', oneOf('branch', 'tag')]
]).props
const RUNNER = dated(
  objectOf({
    name: STRING,
    os: oneOf('Linux', 'Windows', 'macOS'),
    arch: oneOf('X86', 'X64', 'ARM', 'ARM64'),
    temp: STRING,
    tool_cache: STRING,
    debug: STRING,
    environment: oneOf('github-hosted', 'self-hosted'),
    workspace: STRING
  })
)
const JOB = dated(
  objectOf({
    check_run_id: NUMBER,
    container: objectOf({ id: STRING, network: STRING }),
    services: objectOf({}, objectOf({ id: STRING, network: STRING, ports: objectOf({}, STRING) })),
    status: oneOf('success', 'failure', 'cancelled'),
    workflow_ref: STRING,
    workflow_sha: STRING,
    workflow_repository: STRING,
    workflow_file_path: STRING
  })
)
const STRATEGY = objectOf({
  'fail-fast': BOOLEAN,
  'job-index': NUMBER,
  'job-total': NUMBER,
  'max-parallel': NUMBER
})
const TEXTS = objectOf({}, STRING)
const LOOSE = objectOf({}, ANY)
const RESULT = oneOf('success', 'failure', 'cancelled', 'skipped')
const NOTHING = objectOf({})

function dated<T extends Type>(type: T): T {
  return { ...type, dated: true }
}

type Contexts = (name: string, site: Site) => Type | undefined

function workflowContexts(workflow: Workflow): Contexts {
  const dispatch = workflow.triggers.find(trigger => trigger.event.value === 'workflow_dispatch')
  const call = workflow.triggers.find(trigger => trigger.event.value === 'workflow_call')
  const jobs = new Map([...workflow.jobs].reverse().map(job => [job.id.value.toLowerCase(), job]))
  const once = memo()
  const typeOfJob = (job: Job): Type => once(job.outputs, () => jobType(job))
  const contexts: Contexts = (name, site) => {
    const { job } = site
    switch (name) {
      case 'github':
        return once('github', () => githubType(workflow.triggers, dispatch))
      case 'env':
      case 'vars':
        return TEXTS
      case 'secrets':
        return once('secrets', () => secretsType(workflow.triggers, call))
      case 'inputs':
        return once('inputs', () => inputsType(dispatch, call))
      case 'runner':
        return RUNNER
      case 'job':
        return JOB
      case 'strategy':
        return STRATEGY
      case 'matrix':
        return job ? once(job, () => matrixType(job.strategy, contexts, site)) : NOTHING
      case 'needs':
        return job ? once(job.needs, () => needsType(job.needs, jobs, typeOfJob)) : NOTHING
      case 'jobs':
        return once('jobs', () => objectOf(workflow.jobs.map(each => [each.id.value, typeOfJob(each)])))
      case 'steps':
        return job ? once(site.step ?? job.steps, () => stepsType(job.steps, site.step)) : NOTHING
      default:
        return undefined
    }
  }
  return contexts
}

function actionContexts(action: Action): Contexts {
  const once = memo()
  return (name, site) => {
    switch (name) {
      case 'github':
        return once('github', () => githubType([], undefined))
      case 'inputs':
        return once('inputs', () => objectOf(action.inputs.map(({ name }) => [name.value, STRING])))
      case 'steps':
        return once(site.step ?? action, () => stepsType(action.steps, site.step))
      case 'runner':
        return RUNNER
      case 'job':
        return JOB
      case 'strategy':
        return STRATEGY
      case 'env':
      case 'vars':
      case 'secrets':
        return TEXTS
      case 'matrix':
        return LOOSE
      case 'needs':
      case 'jobs':
        return NOTHING
      default:
        return undefined
    }
  }
}

function memo(): (key: unknown, make: () => Type) => Type {
  const made = new Map<unknown, Type>()
  return (key, make) => {
    let type = made.get(key)
    if (!type) {
      // A matrix that speaks of itself is not known while it is read.
      made.set(key, ANY)
      type = make()
      made.set(key, type)
    }
    return type
  }
}

function githubType(triggers: Trigger[], dispatch: Trigger | undefined): Type {
  const props = new Map(GITHUB)
  const set = (name: string, type: Type) => props.set(name, { name, type })
  const events = triggers.map(trigger => trigger.event.value)
  // A called workflow has its caller's event.
  const isOpen = !events.length || events.includes('workflow_call')
  const inputs = mapOf(dispatch?.config?.get('inputs'))?.entries ?? []
  const isKnown = dispatch && !isOpen
  const event = objectOf(isKnown ? { inputs: objectOf(inputs.map(({ key }) => [key.value, STRING])) } : {}, ANY)
  set('event', event)
  if (!isOpen && events.length <= MAX_EVENTS) set('event_name', { kind: 'string', only: events, here: true })
  return { kind: 'object', props, dated: true }
}

/** Where callers alone start it, and it says which secrets it takes, others come only with `secrets: inherit`. */
function secretsType(triggers: Trigger[], call: Trigger | undefined): Type {
  const entry = call?.config?.entry('secrets')
  if (!entry || triggers.length > 1) return TEXTS
  const names = (mapOf(entry.value)?.entries ?? []).map(({ key }) => key.value)
  const always = ['GITHUB_TOKEN', 'ACTIONS_STEP_DEBUG', 'ACTIONS_RUNNER_DEBUG']
  return objectOf([...always, ...names].map(name => [name, STRING]))
}

function inputsType(dispatch: Trigger | undefined, call: Trigger | undefined): Type {
  const types = new Map<string, Type>()
  for (const trigger of [dispatch, call]) {
    const inputs = trigger?.config?.get('inputs')
    // Computed, or not what it should be.
    if (inputs && inputs.kind !== 'map' && !isNull(inputs)) return LOOSE
    for (const { key, value } of mapOf(inputs)?.entries ?? []) {
      const type = inputType(mapOf(value), trigger === call)
      const before = types.get(key.value.toLowerCase())
      types.set(key.value.toLowerCase(), before ? merged(before, type) : type)
    }
  }
  return objectOf(types)
}

function inputType(input: YamlMap | undefined, isCall: boolean): Type {
  const written = scalarOf(input?.get('type'))?.value
  if (written === 'boolean') return BOOLEAN
  if (written === 'number') return NUMBER
  return written === undefined && isCall ? ANY : STRING
}

function needsType(needs: Text[], jobs: Map<string, Job>, typeOfJob: (job: Job) => Type): Type {
  if (needs.some(need => need.value.includes('${{'))) return LOOSE
  return objectOf(
    needs.map((need): [string, Type] => {
      const job = jobs.get(need.value.toLowerCase())
      return [need.value, job ? typeOfJob(job) : ANY]
    })
  )
}

const jobType = (job: Job): Type =>
  objectOf({
    result: RESULT,
    // What a called workflow gives stands in its own file.
    outputs: job.uses ? TEXTS : outputsType(job.yaml.get('outputs'))
  })

function outputsType(outputs: Yaml | undefined): Type {
  if (!outputs || isNull(outputs)) return NOTHING
  const names = mapOf(outputs)?.entries.map(({ key }) => key.value)
  if (!names || names.some(name => name.includes('${{'))) return TEXTS
  return objectOf(names.map(name => [name, STRING]))
}

/** Steps before one, or all of them for what is read when all are done. */
function stepsType(steps: Step[], until: Step | undefined): Type {
  if (steps.length > MAX_STEPS) return LOOSE
  const before = until ? steps.slice(0, Math.max(0, steps.indexOf(until))) : steps
  // A step beside another may be done before it.
  const beside = until?.parallel ? steps.filter(step => step.parallel) : []
  const props: [string, Type][] = []
  for (const { id, uses } of [...before, ...beside]) {
    if (id?.value.includes('${{')) return LOOSE
    if (id) props.push([id.value, uses ? stepType(uses) : STEP])
  }
  return objectOf(props)
}

// Asked again for every step after it.
const stepTypes = new WeakMap<Text, Type>()
function stepType(uses: Text): Type {
  const type = stepTypes.get(uses) ?? outputsKnownOf(uses)
  stepTypes.set(uses, type)
  return type
}

function outputsKnownOf(written: Text): Type {
  const uses = readUses(written.value)
  const names = uses.kind === 'remote' ? knownAction(uses.action, uses.ref)?.outputs : undefined
  // Code that it is given may set any.
  if (!names || (uses.kind === 'remote' && codeInputs(uses.action))) return STEP
  // Another release may have more of them.
  const outputs = dated(objectOf(names.map(name => [name, STRING])))
  return objectOf({ outputs, conclusion: RESULT, outcome: RESULT })
}
const STEP = objectOf({ outputs: TEXTS, conclusion: RESULT, outcome: RESULT })

function matrixType(strategy: Strategy | undefined, contexts: Contexts, site: Site): Type {
  if (!strategy) return NOTHING
  const matrix = mapOf(mapOf(site.job?.yaml.get('strategy'))?.get('matrix'))
  if (!matrix) return site.job?.yaml.get('strategy')?.kind === 'map' && !strategy.dynamic ? NOTHING : LOOSE
  // An alias stands for the very node it names.
  const known = new Map<Yaml, Type>()
  const typeAt = (yaml: Yaml): Type => {
    const before = known.get(yaml)
    if (before) return before
    const type = readType(yaml)
    known.set(yaml, type)
    return type
  }
  const readType = (yaml: Yaml): Type => {
    if (yaml.kind === 'list') return arrayOf(mergedAll(yaml.items.map(typeAt)))
    if (yaml.kind === 'map') {
      if (yaml.entries.some(({ key }) => key.value.includes('${{'))) return LOOSE
      return objectOf(yaml.entries.map(({ key, value }) => [key.value, typeAt(value)]))
    }
    if (yaml.value.includes('${{')) {
      const [only] = expressionsIn(yaml)
      if (!only?.root || only.from > 0 || only.to < yaml.value.length) return STRING
      return plain(typeOf(only.root, { context: name => contexts(name, site) }))
    }
    if (yaml.data === null) return NULL
    return typeof yaml.data === 'string' ? STRING : typeof yaml.data === 'number' ? NUMBER : BOOLEAN
  }
  const types = new Map<string, Type>()
  const add = (name: string, type: Type): void => {
    const before = types.get(name)
    types.set(name, before ? merged(before, type) : type)
  }
  let isOpen = false
  for (const { key, value } of matrix.entries) {
    if (key.value === 'exclude') continue
    if (key.value !== 'include') {
      if (key.value.includes('${{')) isOpen = true
      else if (value.kind === 'list') add(key.value, mergedAll(value.items.map(typeAt)))
      else if (value.kind === 'scalar') {
        const type = typeAt(value)
        add(key.value, type.kind === 'array' ? type.item : ANY)
      } else add(key.value, ANY)
      continue
    }
    const items = listOf(value)?.items
    isOpen ||= !items || items.length > 500
    for (const item of items?.slice(0, 500) ?? []) {
      const type = typeAt(item)
      if (type.kind !== 'object' || type.rest) isOpen = true
      else for (const prop of type.props.values()) add(prop.name, prop.type)
    }
  }
  // What only some jobs of the matrix have is null in the others.
  return objectOf(types, isOpen ? ANY : undefined)
}

/** Values of a matrix come to be in many ways: literal texts in expressions say nothing on what it can be. */
const plain = (type: Type): Type => (type.kind === 'string' ? STRING : type)
