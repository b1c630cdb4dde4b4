import type { Callees, Home } from './callees.js'
import { type Doing, doingsOf, doingsOfAction, type Followed, follow, isKnownAction, swallowedBy } from './commands.js'
import { imagesReach } from './deliveries.js'
import { type Combination, filled, worthOf } from './matrix.js'
import type {
  Action,
  Command,
  Dockerfile,
  Instruction,
  Job,
  Lost,
  Place,
  Repo,
  Script,
  Stage,
  Step,
  TestRun,
  Text,
  Unread,
  Work,
  Workflow,
  WorkKind
} from './model.js'
import { type Expression, evaluate, expressionsIn, UNKNOWN, type Values } from './parse/expression.js'
import { scriptOf } from './parse/shell.js'
import { joinPath } from './query.js'
import { mayHold } from './triggers.js'

/** Wrappers inside wrappers. */
const MAX_DEPTH = 20
/** Variants of one script by the values of its matrix. */
const MAX_VARIANTS = 32
/** Test runs of one target: enough to tell, and a bound on how often wrappers can multiply them. */
const MAX_RUNS = 40

/** What the steps of a job are followed with: the repository, the files that `uses:` names, and the answers so far. */
export interface Reader extends Callees {
  repo: Omit<Repo, 'pipeline' | 'units'>
  memory: Memory
}

/** A test run as it is found, before it is known for which step. */
interface Run {
  level: TestRun['level']
  command: string
  at: Place
  through: string[]
  ignored?: { how: string; at: Place }
}
/** Anything else that is found, likewise. */
type Deed = Omit<Work, 'step'>
interface Seen {
  runs: Run[]
  deeds: Deed[]
  unread: Unread[]
}
/** Answers by what was asked, for one repository: a make target that forty jobs call is followed once. */
export interface Memory {
  targets: Map<object, Map<string, Seen>>
  open: Set<object>
  stages: Map<Stage, Seen>
  variants: Map<Script, Map<string, Script>>
  scripts: Map<Script, Map<string, Seen>>
  actions: Map<Action, Map<string, Seen>>
  actionsKnown: Map<string, boolean>
}
export const emptyMemory = (): Memory => ({
  targets: new Map(),
  open: new Set(),
  stages: new Map(),
  variants: new Map(),
  scripts: new Map(),
  actions: new Map(),
  actionsKnown: new Map()
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

export function stepsSeen(
  job: Job,
  call: { workflow: Workflow; home: Home; callers: Job[] },
  combinations: Combination[] | undefined,
  scenes: Values[],
  reader: Reader
): { tests: TestRun[]; work: Work[]; unread: Unread[] } {
  const tests: TestRun[] = []
  const work: Work[] = []
  const unread: Unread[] = []
  const directory = (job.defaults.workingDirectory ?? call.workflow.defaults.workingDirectory)?.value ?? ''
  const matrices = combinations?.length ? combinations : [undefined]
  const made = new Map<Values, Values[]>()
  const variants = (values: Values): Values[] => {
    const known = made.get(values) ?? matrices.map(matrix => (matrix ? { ...values, matrix } : values))
    made.set(values, known)
    return known
  }
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
    for (const deed of seen.deeds)
      work.push({
        ...deed,
        at: elsewhere ?? deed.at,
        step,
        through: [...(elsewhere ? wrapped.slice(0, 1) : []), ...deed.through]
      })
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
  return { tests, work: forTests(work, job), unread }
}

const CLUSTER = /(^|[-_/.:\s])(kind|k3d|k3s|k0s|minikube|microk8s)([-_/.:@\s]|$)/i
const TO_CLUSTER = /(^|[/\s])(kubectl|oc|helm|helmfile|flux|skaffold|istioctl|linkerd|cilium|argocd|kapp|ko|okteto)\s/

// Their words name kinds of objects.
const ABOUT = /^(kubectl|oc|helm|jq|yq|grep|sed|awk|echo|cat|printf)$/
/** What goes to a cluster that the job itself starts is a part of its tests. */
function forTests(work: Work[], job: Job): Work[] {
  if (!work.some(({ kind, command }) => kind === 'deploy' && TO_CLUSTER.test(command))) return work
  const started =
    work.some(({ kind, command, through }) => kind === 'service' && CLUSTER.test([...through, command].join(' '))) ||
    job.steps.some(
      ({ uses, run }) =>
        (uses && CLUSTER.test(uses.value)) ||
        run?.commands.some(
          command =>
            !ABOUT.test(command.name) && command.words.some(word => word.value.length < 200 && CLUSTER.test(word.value))
        )
    )
  if (!started) return work
  return work.map(one => (one.kind === 'deploy' && TO_CLUSTER.test(one.command) ? { ...one, kind: 'service' } : one))
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
  home: Home
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
        remembered(scene.reader.memory.scripts, script, `${scene.depth} ${directory}`, () =>
          scriptSeen(script, directory, scene.depth, scene.reader)
        )
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

const NOTHING: Seen = { runs: [], deeds: [], unread: [] }

function merged(list: Seen[]): Seen {
  if (list.length === 1) return list[0]!
  const runs = new Map<string, Run>()
  const deeds = new Map<string, Deed>()
  const unread = new Map<string, Unread>()
  for (const seen of list) {
    for (const deed of seen.deeds) {
      const key = `${deed.at.path}:${deed.at.line}:${deed.at.column} ${deed.kind} ${deed.command}`
      if (!deeds.has(key)) deeds.set(key, deed)
    }
    for (const run of seen.runs) {
      const key = `${run.at.path}:${run.at.line}:${run.at.column} ${run.command} ${run.ignored?.at.line ?? ''}`
      if (!runs.has(key)) runs.set(key, run)
    }
    for (const one of seen.unread) unread.set(`${one.what} ${one.at?.line}`, one)
  }
  const first = <T>(found: Map<string, T>) => [...found.values()].slice(0, MAX_RUNS)
  return { runs: first(runs), deeds: first(deeds), unread: first(unread) }
}

function usesSeen(step: Step, uses: Text, scene: Scene): Seen {
  const build = buildSeen(step, scene)
  if (build) return build
  const doings = doingsOfStep(step, uses.value, scene)
  const deeds = deedsOf(doings, uses.value, uses.at)
  const doing = testIn(doings)
  if (doing) return { runs: [{ level: doing.level, command: uses.value, at: uses.at, through: [] }], deeds, unread: [] }
  if (scene.depth > MAX_DEPTH) return NOTHING
  const found = scene.reader.action(uses.value, scene.home)
  if (!found) return deeds.length ? { ...NOTHING, deeds } : NOTHING
  if ('reason' in found)
    return { runs: [], deeds, unread: [{ what: `what ${uses.value} runs`, reason: found.reason, at: uses.at }] }
  const { action, home } = found
  // What the caller's matrix holds reaches an action through its inputs.
  const values = new Map<string, Values>()
  const dependsOnScene = step.with.some(({ value }) => /\b(matrix|inputs)\b/i.test(value.value))
  for (const { matrix, ...known } of dependsOnScene ? scene.values : scene.values.slice(0, 1)) {
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
    deeds: [...deeds, ...seen.deeds.map(deed => through(deed, uses.value, uses.at))],
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
    deeds: inner.flatMap(seen => seen.deeds).slice(0, MAX_RUNS),
    unread: inner.flatMap(seen => seen.unread).slice(0, MAX_RUNS)
  }
}

function doingsOfStep(step: Step, uses: string, { values, reader: { memory } }: Scene): Doing[] {
  const known = memory.actionsKnown.get(uses) ?? isKnownAction(uses)
  memory.actionsKnown.set(uses, known)
  return known ? doingsOfAction(uses, name => inputOf(step, name, values[0]!)) : []
}

/** What is given for an input: its value where it is known, else as written. */
function inputOf(step: Step, name: string, values: Values): string | undefined {
  const text = step.with.find(field => field.name.value.toLowerCase() === name.toLowerCase())?.value
  return text && (filled(text, values) ?? text.value)
}

/** What is no test among what a command or action does. */
function deedsOf(doings: Doing[], command: string, at: Place): Deed[] {
  return doings.flatMap(({ kind, byName, trial }) => {
    const known = KINDS.find(each => each === kind)
    return known ? [{ kind: known, command, at, through: [], ...(byName && { byName }), ...(trial && { trial }) }] : []
  })
}

const KINDS: WorkKind[] = [
  'build',
  'coverage',
  'deploy',
  'format',
  'format-check',
  'install',
  'lint',
  'migrate',
  'publish',
  'scan',
  'service',
  'typecheck',
  'validate',
  'verify'
]

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
    seen.push({ ...NOTHING, unread: [{ what, reason: script.unread, at: script.text.at }] })
  }
  for (const command of commands) {
    const found = commandSeen(command, directory, depth, reader)
    if (!found.runs.length) {
      if (found.unread.length || found.deeds.length) seen.push(found)
      continue
    }
    const lost = lossOf(command, script)
    seen.push(lost ? { ...found, runs: found.runs.map(run => ({ ...run, ignored: lost })) } : found)
  }
  return seen.length ? merged(seen) : NOTHING
}

function commandSeen(command: Command, directory: string, depth: number, reader: Reader): Seen {
  const doings = doingsOf(command)
  const named = testIn(doings)
  const deeds = deedsOf(doings, shortened(command), command.at)
  // A name alone is no proof where a condition asks how it ends: it may compare or probe something.
  const test = named?.byName && command.inside.includes('condition') ? undefined : named
  const alone = (): Seen => {
    if (!test) return deeds.length ? { ...NOTHING, deeds } : NOTHING
    return {
      runs: [{ level: test.level, command: shortened(command), at: command.at, through: [] }],
      deeds,
      unread: []
    }
  }
  /** What a wrapper stands for. Its name is worth something only where not all behind it is known. */
  const wrapped = (seen: Seen, name: string, isNamed: boolean): Seen => ({
    runs: seen.runs.map(run => through(run, name, command.at)),
    deeds: [
      ...deeds.filter(({ kind, byName }) => !byName || (isNamed && !seen.deeds.some(deed => deed.kind === kind))),
      ...seen.deeds.map(deed => through(deed, name, command.at))
    ],
    unread: seen.unread.map(one => ({ ...one, at: command.at }))
  })
  const built = dockerBuildSeen(command, directory, depth, reader)
  if (built?.runs.length) return { ...wrapped(built, shortened(command), false), unread: built.unread }
  if (depth > MAX_DEPTH) return alone()
  const far = remoteSeen(command, depth, reader)
  if (far.runs.length) return { ...far, runs: far.runs.map(run => ({ ...run, at: command.at })) }
  const followed = follow(command, directory, reader.repo)
  if (!followed) return alone()
  if (!followed.target || !followed.file) {
    if (test || !followed.unread) return alone()
    return {
      runs: [],
      deeds,
      unread: [{ what: `what ${followed.name} runs`, reason: followed.unread, at: command.at }]
    }
  }
  const seen = targetSeen(followed, depth + 1, reader)
  const behind = wrapped(seen, followed.name, seen.unread.length > 0 || !isKnown(followed))
  if (seen.runs.length) return { ...behind, unread: seen.unread }
  // The name says test. What stands behind it decides where all of it is known, else the name does.
  if (test && (!test.byName || seen.unread.length || !isKnown(followed))) return { ...alone(), deeds: behind.deeds }
  return behind
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

const through = <T extends Run | Deed>(found: T, name: string, at: Place): T => ({
  ...found,
  at,
  through: [name, ...found.through]
})

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
  if (!uses || !/^(docker|depot)\/build-push-action@/.test(uses.value)) return undefined
  const given = (name: string) => step.with.find(field => field.name.value === name)?.value.value
  const context = given('context') ?? ''
  const path =
    context.includes('${{') || context.includes('://') ? undefined : joinPath(given('file') ?? `${context}/Dockerfile`)
  const seen = imageSeen(path, given('target'), scene.depth, scene.reader)
  const deeds = deedsOf(pushingOf(step, scene), uses.value, uses.at)
  return { ...seen, runs: seen.runs.map(run => through(run, uses.value, uses.at)), deeds }
}

/** An image is published where a push is not plainly off. For pull requests only where it is plainly on. */
function pushingOf(step: Step, { values }: Scene): Doing[] {
  const build: Doing = { kind: 'build', level: 'any' }
  const isOn = (name: string, on: RegExp) => {
    const text = step.with.find(field => field.name.value === name)?.value
    return (
      text &&
      values.some(one => {
        const worth = worthOf(text, one)
        if (worth !== UNKNOWN) return on.test(String(worth))
        const { event_name } = (one.github ?? {}) as { event_name?: string }
        return name === 'push' && event_name !== undefined && !event_name.startsWith('pull_request')
      })
    )
  }
  if (!isOn('push', /^true$/i) && !isOn('outputs', /\bpush=true\b|\btype=registry\b/)) return [build]
  // Pushed without a name, to be gathered under one later.
  if ((inputOf(step, 'outputs', values[0]!) ?? '').includes('push-by-digest=true')) return [build]
  const tags = namesIn(inputOf(step, 'tags', values[0]!) ?? '')
  const reach = tags.length ? imagesReach(tags) : 'others'
  if (reach === 'runner') return [build]
  return [{ kind: 'publish', level: 'any', ...(reach === 'trial' && { trial: true as const }) }]
}

/** Names in a list, by lines or commas; blanks inside of expressions are none of its. */
function namesIn(list: string): string[] {
  const names = ['']
  let inside = false
  for (const char of list.slice(0, 10_000)) {
    const before = names.at(-1)!
    if (before.endsWith('${{')) inside = true
    else if (before.endsWith('}}')) inside = false
    if (!inside && /[\s,]/.test(char)) names.push('')
    else names[names.length - 1] = before + char
  }
  return names.filter(Boolean)
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
  const seen = { ...NOTHING, runs: found.slice(0, MAX_RUNS) }
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

const unique = (values: string[]): string[] => [...new Set(values)]
