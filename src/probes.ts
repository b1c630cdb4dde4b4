import { byObject } from './cache.js'
import type { Command, Dockerfile, Instruction, Peers, Stage, Word } from './model.js'
import { type Acting, actingOf, settingsOf } from './stages.js'

/** A command of a health check that asks somebody. */
export interface Probe {
  healthcheck: Instruction
  command: Command
  /** The client: curl, wget, nc. */
  tool: string
  targets: Target[]
}
/** Whom a probe asks; what is computed is undefined. */
export interface Target {
  word: Word
  /** Lower case, without brackets. */
  host?: string
  /** Where the host stands in the word. */
  hostAt: number
  port?: number
  /** The port is written, and not that of the scheme. */
  isPortWritten: boolean
}

/** Every HEALTHCHECK with a command, those of ONBUILD included. */
export function healthchecksOf(dockerfile: Dockerfile): Acting[] {
  return actingOf(dockerfile, 'HEALTHCHECK').filter(({ instruction }) => instruction.script !== undefined)
}

/** The clients that a health check calls, and whom they ask. */
export function probesOf(healthcheck: Instruction): Probe[] {
  const probes: Probe[] = []
  for (const command of healthcheck.script?.commands ?? []) {
    if (command.name === 'curl' || command.name === 'wget')
      probes.push({ healthcheck, command, tool: command.name, targets: urlsOf(command) })
    else if (NETCATS.has(command.name)) probes.push({ healthcheck, command, tool: 'nc', targets: pairOf(command) })
  }
  return probes
}

/** Names that mean the container itself. */
export const isSelf = (host: string): boolean =>
  host === 'localhost' || host === '0.0.0.0' || host === '::1' || host === '::' || host.startsWith('127.')

const NETCATS = new Set(['nc', 'ncat', 'netcat', 'nc.openbsd', 'nc.traditional'])

// Options whose value may look like an address and is none that is asked.
const VALUED = new Set([
  '-H',
  '--header',
  '-e',
  '--referer',
  '-A',
  '--user-agent',
  '-d',
  '--data',
  '--data-raw',
  '--json',
  '-x',
  '--proxy',
  '--resolve',
  '--connect-to',
  '-b',
  '--cookie',
  '-u',
  '--user',
  '-o',
  '--output',
  '-O',
  '--output-document',
  '-w',
  '--write-out',
  '-U'
])

function urlsOf({ name, words }: Command): Target[] {
  const targets: Target[] = []
  for (const [index, word] of words.entries()) {
    const before = words[index - 1]?.value ?? ''
    if (index === 0 || word.value.startsWith('-')) continue
    // curl -O takes no value.
    if (VALUED.has(before) && !(name === 'curl' && before === '-O')) continue
    const target = targetOf(word)
    if (target) targets.push(target)
  }
  return targets
}

const ADDRESS =
  /^(?:(https?):\/\/)?(?:[^/?#@\s]{0,200}@)?(\[[0-9a-fA-F:.]{2,45}\]|[^/?#:\s[\]]{1,253})(?::([^/?#\s]{1,60}))?(?=[/?#]|$)/d

function targetOf(word: Word): Target | undefined {
  const match = ADDRESS.exec(word.value)
  if (!match) return undefined
  const [, scheme, written = '', port] = match
  const host = written.replace(/^\[|\]$/g, '').toLowerCase()
  // Without a scheme any word could be meant: only one with a port, or the container itself, is an address.
  if (!scheme && !isSelf(host) && !/^\d{1,5}$/.test(port ?? '')) return undefined
  const number =
    port === undefined ? (scheme === 'https' ? 443 : 80) : /^\d{1,5}$/.test(port) ? Number(port) : undefined
  return {
    word,
    hostAt: match.indices?.[2]?.[0] ?? 0,
    isPortWritten: port !== undefined,
    ...(!/[$`]/.test(host) && { host }),
    ...(number !== undefined && { port: number })
  }
}

/** `nc -z localhost 8080`: the last two words. */
function pairOf({ words }: Command): Target[] {
  const [host, port] = words.slice(-2)
  if (words.length < 3 || !host || !port || host.value.startsWith('-')) return []
  if (!/^\d{1,5}$/.test(port.value) && port.literal) return []
  return [
    {
      word: host,
      hostAt: 0,
      isPortWritten: true,
      ...(host.literal && { host: host.value.toLowerCase() }),
      ...(port.literal && { port: Number(port.value) })
    }
  ]
}

// ---------------------------------------------------------------- images without one

/** Stages that no other builds on. */
export const leavesOf = byObject((dockerfile: Dockerfile): Set<Stage> => {
  const leaves = new Set(dockerfile.stages)
  for (const { parent } of dockerfile.stages) if (parent) leaves.delete(parent)
  return leaves
})
/** Who else reports that a stage has no HEALTHCHECK: some ask each chain of stages, others the file as a whole. */
export function peersOfMissing(dockerfile: Dockerfile, stage: Stage): Peers {
  const { healthcheck } = settingsOf(stage)
  const isForFile =
    stage === dockerfile.stages.at(-1) && !dockerfile.instructions.some(({ keyword }) => keyword === 'HEALTHCHECK')
  return {
    ...(!healthcheck && leavesOf(dockerfile).has(stage) && { hadolint: 'DL3057' }),
    ...(isForFile && { 'trivy-docker': 'DS-0026', 'checkov-dockerfile': 'CKV_DOCKER_2' })
  }
}
