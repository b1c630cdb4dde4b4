import type { Dockerfile, Instruction, Stage, StageState, Text, Variable } from './model.js'
import { expand } from './parse/expansion.js'

export { expand }

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
