import type { Dockerfile, Edit, Instruction, Place, Stage, StageState, Text, Variable, Word } from './model.js'
import { expand, type Reference, referencesIn } from './parse/expansion.js'

export { expand, type Reference, referencesIn }

const states = new WeakMap<Stage, StageState>()
/** What the last instruction of its kind sets; what adds up is not in it. */
export type Settings = Omit<StageState, 'exposes' | 'env'>
const settings = new WeakMap<Stage, Settings>()

/** What holds at the end of a stage, with what the stages it builds on left behind. */
export function stateOf(stage: Stage): StageState {
  const known = states.get(stage)
  if (known) return known
  const instructions = chainOf(stage).flatMap(each => each.instructions)
  const env = new Map<string, Variable>()
  const exposes: Text[] = []
  for (const { keyword, args, pairs } of instructions) {
    if (keyword === 'EXPOSE') for (const port of args) exposes.push(port)
    else if (keyword === 'ENV') for (const pair of pairs) env.set(pair.name.value, pair)
  }
  const state: StageState = { ...settingsOf(stage), exposes, env: [...env.values()] }
  states.set(stage, state)
  return state
}

/** The part of a stage's state that costs little however long its chain is. */
export function settingsOf(stage: Stage): Settings {
  const missing: Stage[] = []
  for (let each: Stage | undefined = stage; each && !settings.has(each); each = each.parent) missing.push(each)
  for (const each of missing.reverse()) {
    const before = each.parent && settings.get(each.parent)
    const now: Settings = before ? { ...before } : each.base === undefined ? {} : { base: each.base }
    apply(each, now)
    settings.set(each, now)
  }
  return settings.get(stage)!
}

function apply({ instructions }: Stage, state: Settings): void {
  let setsCommand = false
  for (const instruction of instructions) {
    const { keyword, args, at } = instruction
    const [first] = args
    if (keyword === 'USER' && first) state.user = first
    else if (keyword === 'WORKDIR' && first) state.workdir = first
    else if (keyword === 'SHELL') state.shell = { words: args.map(word => word.value), at }
    else if (keyword === 'HEALTHCHECK') state.healthcheck = instruction
    else if (keyword === 'CMD') {
      state.cmd = instruction
      setsCommand = true
    } else if (keyword === 'ENTRYPOINT') {
      state.entrypoint = instruction
      // A new entrypoint drops the command of the image it builds on.
      if (!setsCommand) delete state.cmd
    }
  }
}

/** The stage that a build gives: the target by name or number, else the last. Undefined where there is no such stage. */
export function finalStage({ stages }: Dockerfile, target?: string): Stage | undefined {
  if (!target) return stages.at(-1)
  const name = target.toLowerCase()
  return (
    stages.findLast(stage => stage.name?.value.toLowerCase() === name) ??
    (/^\d{1,6}$/.test(name) ? stages[Number(name)] : undefined)
  )
}

/** The chain of stages that an image is made of: the outermost parent first, the stage itself last. */
export function chainOf(stage: Stage): Stage[] {
  const chain: Stage[] = []
  for (let each: Stage | undefined = stage; each; each = each.parent) chain.push(each)
  return chain.reverse()
}

/** Values of variables by name. Undefined where one is declared: its value is known at build time only. */
export class Values {
  private readonly own = new Map<string, string | undefined>()
  constructor(private readonly parent?: Values) {}
  set(name: string, value: string | undefined): void {
    this.own.set(name, value)
  }
  has(name: string): boolean {
    return this.holderOf(name) !== undefined
  }
  get(name: string): string | undefined {
    return this.holderOf(name)?.own.get(name)
  }
  private holderOf(name: string): Values | undefined {
    let each: Values | undefined = this
    while (each && !each.own.has(name)) each = each.parent
    return each
  }
}

// A stage holds what it declares itself and asks its parent for the rest: chains of stages may be long.
const variables = new WeakMap<Dockerfile | Stage, Values>()

/** The outside image at the root of a stage's chain; undefined where it cannot be told. */
export function baseOf(stage: Stage): string | undefined {
  let root = stage
  while (root.parent) root = root.parent
  return root.base
}

/**
 * Values that ARG and ENV give by default at the end of a stage. Without a stage: of the whole file, which has no FROM.
 */
export function variablesOf(dockerfile: Dockerfile, stage: Stage | undefined): Values {
  const unknown: (Dockerfile | Stage)[] = []
  let next: Dockerfile | Stage | undefined = stage ?? dockerfile
  for (; next && !variables.has(next); next = 'parent' in next ? next.parent : undefined) unknown.push(next)
  let values = (next && variables.get(next)) ?? new Values()
  for (const each of unknown.reverse()) {
    values = withDeclared(dockerfile, each.instructions, values)
    variables.set(each, values)
  }
  return values
}

function withDeclared(dockerfile: Dockerfile, instructions: Instruction[], parent: Values): Values {
  const pairs = instructions
    .filter(({ keyword }) => keyword === 'ARG' || keyword === 'ENV')
    .flatMap(instruction => instruction.pairs)
  if (!pairs.length) return parent
  const globals = globalsOf(dockerfile)
  const values = new Values(parent)
  for (const { name, value } of pairs)
    values.set(
      name.value,
      value
        ? expand(value.value, known => values.get(known), dockerfile.escape)
        : (globals.get(name.value) ?? values.get(name.value))
    )
  return values
}

const globals = new WeakMap<Dockerfile, Values>()
function globalsOf(dockerfile: Dockerfile): Values {
  const known = globals.get(dockerfile)
  if (known) return known
  const values = new Values()
  for (const { name, value } of dockerfile.globals)
    values.set(name.value, value && expand(value.value, known => values.get(known), dockerfile.escape))
  globals.set(dockerfile, values)
  return values
}

const words = new WeakMap<Stage, (word: Word) => string | undefined>()

/**
 * Gives the words of a stage's commands with their variables put in. Undefined where a value is known at build time
 * only; a variable that only the ENV of other stages sets is empty.
 */
export function wordValuesOf(dockerfile: Dockerfile, stage: Stage | undefined): (word: Word) => string | undefined {
  const known = stage && words.get(stage)
  if (known) return known
  const textOf = (word: Word) => {
    if (word.literal) return word.value
    // What a command prints is known to nobody here.
    if (/\$\(|`/.test(word.value)) return undefined
    const values = variablesOf(dockerfile, stage)
    const elsewhere = environmentOf(dockerfile)
    return expand(word.value, name => (values.has(name) ? values.get(name) : elsewhere.has(name) ? '' : undefined))
  }
  if (stage) words.set(stage, textOf)
  return textOf
}

const environments = new WeakMap<Dockerfile, Set<string>>()
function environmentOf(dockerfile: Dockerfile): Set<string> {
  const known = environments.get(dockerfile)
  if (known) return known
  const names = new Set(
    dockerfile.instructions
      .filter(({ keyword }) => keyword === 'ENV')
      .flatMap(({ pairs }) => pairs.map(({ name }) => name.value))
  )
  environments.set(dockerfile, names)
  return names
}

/** An instruction that acts, and the one that is written: they differ below ONBUILD. */
export interface Acting {
  instruction: Instruction
  written: Instruction
}

/** Every instruction of a file in order; in place of an ONBUILD the one that it registers. `keywords` are upper case. */
export function actingOf(dockerfile: Dockerfile, ...keywords: string[]): readonly Acting[] {
  const lists = actings.get(dockerfile) ?? new Map<string, Acting[]>()
  actings.set(dockerfile, lists)
  const listed = (name: string, make: () => Acting[]): Acting[] => {
    const list = lists.get(name) ?? make()
    lists.set(name, list)
    return list
  }
  const all = listed('', () =>
    dockerfile.instructions.map(written => ({ instruction: written.onbuild ?? written, written }))
  )
  if (!keywords.length) return all
  return listed(keywords.join(' '), () => all.filter(({ instruction }) => keywords.includes(instruction.keyword)))
}

// Nearly every rule asks for the same few lists.
const actings = new WeakMap<Dockerfile, Map<string, Acting[]>>()

/** Who an image runs as: by its last USER, else as its base image does. */
export interface ImageUser {
  /** `root` also for 0; undefined where nothing tells. */
  name?: string
  /** The instruction that says so. */
  by?: Instruction
}

/** The user of a stage's image, variables expanded with their defaults, groups left out. The base image is not looked up. */
export function userOf(dockerfile: Dockerfile, stage: Stage): ImageUser {
  const by = chainOf(stage)
    .flatMap(each => each.instructions)
    .findLast(({ keyword, args }) => keyword === 'USER' && args.length)
  const [written] = by?.args ?? []
  if (!by || !written) return {}
  const values = variablesOf(dockerfile, stage)
  const user = expand(written.value, name => values.get(name), dockerfile.escape)
    ?.split(':')[0]
    ?.trim()
    .toLowerCase()
  if (!user) return { by }
  return { by, name: user === '0' || user === 'containeradministrator' ? 'root' : user }
}

/** A mount of a RUN: its type (`bind` where none is said) and the folder that it covers, without a slash at its end. */
export function mountsOf({ flags }: Instruction): { type: string; target: string }[] {
  return flags
    .filter(({ name }) => name === 'mount')
    .map(({ value }) => {
      const fields = new Map(
        value.value.split(',').map(field => [field.split('=', 1)[0]!, field.slice(field.indexOf('=') + 1)])
      )
      const target = fields.get('target') ?? fields.get('dst') ?? fields.get('destination') ?? ''
      return {
        type: fields.get('type') ?? 'bind',
        target: target.length > 1 && target.endsWith('/') ? target.slice(0, -1) : target
      }
    })
}

/** Another image or stage that files come from: COPY --from=…, RUN --mount=…,from=…. */
export interface FileSource {
  /** Name or number of a stage, or an image. */
  name: Text
  instruction: Instruction
}

/** Where the files of a build come from beside its context, in order, below ONBUILD too. */
export function sourcesOf(dockerfile: Dockerfile): FileSource[] {
  const sources: FileSource[] = []
  for (const { instruction } of actingOf(dockerfile, 'COPY', 'RUN'))
    for (const { name, value } of instruction.flags) {
      if (name === 'from' && value.value) sources.push({ name: value, instruction })
      if (name !== 'mount') continue
      let at = 0
      for (const field of value.value.split(',')) {
        if (field.startsWith('from=')) sources.push({ name: sliceOf(value, at + 5, at + field.length), instruction })
        at += field.length + 1
      }
    }
  return sources
}

const sliceOf = (text: Text, from: number, to: number): Text => ({
  value: text.value.slice(from, to),
  at: text.part(from, to),
  part: (start, end) => text.part(from + start, from + (end ?? start))
})

/** Does the name of a stage say which platform it is for? */
export function saysPlatform({ name, platform }: Stage): boolean {
  if (!name || !platform) return false
  const says = name.value.toLowerCase()
  return platform.value
    .toLowerCase()
    .split('/', 2)
    .some(part => part !== '' && says.includes(part))
}

/** Variables that FROM knows without ARG: the platforms of the build and of the target. */
export const PLATFORM_VARIABLES: ReadonlyMap<string, string> = new Map(
  ['BUILD', 'TARGET'].flatMap((side): [string, string][] => [
    [`${side}PLATFORM`, 'linux/amd64'],
    [`${side}OS`, 'linux'],
    [`${side}ARCH`, 'amd64'],
    [`${side}VARIANT`, ''],
    [`${side}OSVERSION`, '']
  ])
)

/** What COPY and ADD are given. Heredocs are no sources; words as written, quotes and all. */
export interface Copy {
  sources: Text[]
  destination: Text
  from?: Instruction['flags'][number]
}

/** The parts of a COPY or ADD; undefined for other instructions and where one of the two is missing. */
export function copyOf({ keyword, args, flags }: Instruction): Copy | undefined {
  if (keyword !== 'COPY' && keyword !== 'ADD') return undefined
  const destination = args.at(-1)
  if (!destination || args.length < 2) return undefined
  const from = flags.find(flag => flag.name === 'from')
  const sources = args.slice(0, -1).filter(({ value }) => !value.startsWith('<<'))
  return { sources, destination, ...(from && { from }) }
}

/** A word without the quotes around it, whether or not both are there: a blank in a quoted path ends the word. */
export const bare = (word: string): string => word.replace(/^["']/, '').replace(/["']$/, '')

/** Begins at the root, at a drive, or with a variable that may do so. */
export const mayBeAbsolute = (path: string): boolean => /^([/\\$]|[a-zA-Z]:)/.test(path)

/** The edit that ends a destination with a slash, within its quotes. */
export function slashAfter(destination: Text): Edit {
  const { value } = destination
  return { at: destination.part(value.length - (/["']$/.test(value) ? 1 : 0)), text: '/' }
}

/** A WORKDIR, ONBUILD's too, and what it builds on. */
export interface Workdir {
  path: string
  at: Place
  relative: boolean
  /** The nearest WORKDIR before it in the stage and its parents. */
  below?: Text
  onbuild: boolean
  stage?: Stage
}

/** Every WORKDIR of a file, in order. */
export function workdirsOf(dockerfile: Dockerfile): Workdir[] {
  const workdirs: Workdir[] = []
  const last = new Map<Stage | undefined, Text>()
  for (const { instruction, written } of actingOf(dockerfile)) {
    const { keyword, stage, args } = instruction
    const inherited = keyword === 'FROM' && stage?.parent ? last.get(stage.parent) : undefined
    if (inherited) last.set(stage, inherited)
    const [word] = args
    if (keyword !== 'WORKDIR' || !word) continue
    const path = bare(word.value)
    const below = last.get(stage)
    workdirs.push({
      path,
      at: word.at,
      relative: path !== '' && !mayBeAbsolute(path),
      ...(below && { below }),
      onbuild: written !== instruction,
      ...(stage && { stage })
    })
    last.set(stage, word)
  }
  return workdirs
}

/** An instruction, and the variables that the builder knows when it comes to it. */
export interface Scope {
  instruction: Instruction
  /** ARG or ENV sets it before, in the stage or in one it builds on. */
  isSet: (name: string) => boolean
  names: () => Iterable<string>
  /** Nothing but these and PATH can be set: the base image has no other. */
  complete: boolean
  /** The image at the root of the chain, as written. */
  image: string
}

/** Public images whose only variable is PATH, by their names without registry and tag. */
const ONLY_PATH = new Set(['alpine', 'busybox', 'debian', 'scratch', 'ubuntu'])
/** How many names may be copied from stages to those built on them: no real file comes near. */
const MAX_COPIED = 200_000

/** All instructions in order, each with the variables known before it; ONBUILD sets them in stages built on this one. */
export function* scopesOf({ instructions }: Dockerfile): Iterable<Scope> {
  const ofStage = new Map<Stage, Omit<Scope, 'instruction'> & { set: Set<string>; later: string[] }>()
  const scopeOf = (set: Set<string>, complete: boolean, image: string) => ({
    set,
    later: [] as string[],
    isSet: (name: string) => set.has(name),
    names: () => set,
    complete,
    image
  })
  let copied = 0
  let scope = scopeOf(new Set(), false, '')
  for (const instruction of instructions) {
    const { keyword, pairs, stage } = instruction
    if (keyword === 'FROM' && stage) {
      const parent = stage.parent && ofStage.get(stage.parent)
      copied += parent?.set.size ?? 0
      if (copied > MAX_COPIED) return
      const { base } = stage
      scope = parent
        ? scopeOf(new Set([...parent.set, ...parent.later]), parent.complete, parent.image)
        : scopeOf(new Set(), base !== undefined && ONLY_PATH.has(shortNameOf(base)), stage.image.value)
      ofStage.set(stage, scope)
    }
    if (keyword === 'ARG' && stage) for (const { name } of pairs) scope.set.add(name.value)
    yield { instruction, ...scope }
    const { onbuild } = instruction
    if (onbuild?.keyword === 'ARG' || onbuild?.keyword === 'ENV')
      for (const { name } of onbuild.pairs) scope.later.push(name.value)
    if (keyword === 'ENV' || (keyword === 'ARG' && !stage)) for (const { name } of pairs) scope.set.add(name.value)
  }
}

const shortNameOf = (image: string): string =>
  image.replace(/^(docker\.io\/|public\.ecr\.aws\/docker\/)?(library\/)?/, '').split(/[:@]/)[0]!
