import type { Dockerfile, Edit, Instruction, Place, Stage, StageState, Text, Variable } from './model.js'
import { expand, type Reference, referencesIn } from './parse/expansion.js'

export { expand, type Reference, referencesIn }

const states = new WeakMap<Stage, StageState>()

/** What holds at the end of a stage, with what the stages it builds on left behind. */
export function stateOf(stage: Stage): StageState {
  const known = states.get(stage)
  if (known) return known
  const chain = chainOf(stage)
  const base = chain[0]?.base
  const state: StageState = { exposes: [], env: [], ...(base !== undefined && { base }) }
  const env = new Map<string, Variable>()
  for (const each of chain) apply(each, state, env)
  state.env = [...env.values()]
  states.set(stage, state)
  return state
}

function apply({ instructions }: Stage, state: StageState, env: Map<string, Variable>): void {
  let setsCommand = false
  for (const instruction of instructions) {
    const { keyword, args, at } = instruction
    const [first] = args
    if (keyword === 'USER' && first) state.user = first
    else if (keyword === 'WORKDIR' && first) state.workdir = first
    else if (keyword === 'SHELL') state.shell = { words: args.map(word => word.value), at }
    else if (keyword === 'HEALTHCHECK') state.healthcheck = instruction
    else if (keyword === 'EXPOSE') for (const port of args) state.exposes.push(port)
    else if (keyword === 'ENV') for (const pair of instruction.pairs) env.set(pair.name.value, pair)
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

/**
 * Values that ARG and ENV give by default at the end of a stage, by name. Undefined: the variable is declared, and its
 * value is known at build time only.
 */
export function variablesOf(dockerfile: Dockerfile, stage: Stage): Map<string, string | undefined> {
  const globals = new Map<string, string | undefined>()
  const values = new Map<string, string | undefined>()
  const worth = (text: string, known: Map<string, string | undefined>) =>
    expand(text, name => known.get(name), dockerfile.escape)
  for (const { name, value } of dockerfile.globals) globals.set(name.value, value && worth(value.value, globals))
  for (const each of chainOf(stage))
    for (const { keyword, pairs } of each.instructions) {
      if (keyword !== 'ARG' && keyword !== 'ENV') continue
      for (const { name, value } of pairs)
        values.set(name.value, value ? worth(value.value, values) : (globals.get(name.value) ?? values.get(name.value)))
    }
  return values
}

/** An instruction that acts, and the one that is written: they differ below ONBUILD. */
export interface Acting {
  instruction: Instruction
  written: Instruction
}

/** Every instruction of a file in order; in place of an ONBUILD the one that it registers. `keywords` are upper case. */
export function actingOf({ instructions }: Dockerfile, ...keywords: string[]): Acting[] {
  const acting = instructions.map(written => ({ instruction: written.onbuild ?? written, written }))
  return keywords.length ? acting.filter(({ instruction }) => keywords.includes(instruction.keyword)) : acting
}

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
