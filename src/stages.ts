import type { Dockerfile, Instruction, Stage, StageState, Variable } from './model.js'
import { expand } from './parse/expansion.js'

export { expand }

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

/** The outside image at the root of a stage's chain; undefined where it cannot be told. */
export function baseOf(stage: Stage): string | undefined {
  let root = stage
  while (root.parent) root = root.parent
  return root.base
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
