import { mayFill } from '../../contents.js'
import { imageFacts } from '../../data/base-images.js'
import { servedImage } from '../../examples.js'
import type { Command, Instruction, Stage, Word } from '../../model.js'
import { leavesOf } from '../../probes.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'dockerfile/healthcheck-tool-missing',
  title: 'Health check calls a program that the image does not have',
  why: 'The check fails each time, and a container that works is called ill, restarted or never sent traffic.',
  fix: 'Ask with what the image has (the language itself can), or install the program.',
  severity: 'warning',
  topic: 'health',
  preset: 'recommended',
  over: 'dockerfile',
  mentions: ['healthcheck'],

  *check(dockerfile) {
    if (!dockerfile.instructions.some(callsTool)) return
    const leaves = leavesOf(dockerfile)
    const ends = new Map<Stage, Contents>()
    const told = new Set<Instruction>()
    for (const stage of dockerfile.stages) {
      const contents = startOf(stage, ends)
      for (const instruction of stage.instructions) note(instruction, stage, contents)
      ends.set(stage, contents)
      const { healthcheck, base } = contents
      // A stage that builds on this one may yet install it.
      if (!healthcheck || base === undefined || told.has(healthcheck) || !leaves.has(stage)) continue
      told.add(healthcheck)
      for (const { words } of healthcheck.script?.commands ?? []) {
        const [program] = words
        const tool = program && toolOf(program)
        if (!tool || contents.tools.get(tool) !== 'no') continue
        const why = contents.removed.has(tool) ? 'is removed again' : `is not in ${base}, and nothing here installs it`
        yield { at: program.at, message: `${tool} ${why}: the check fails each time` }
      }
    }
  },

  bad: {
    Dockerfile: `FROM node:22-slim
HEALTHCHECK --interval=30s --timeout=5s CMD ["curl", "-fsS", "http://127.0.0.1:8080/"]
CMD ["node", "server.js"]
`
  },
  good: servedImage
})

const callsTool = ({ keyword, script }: Instruction): boolean =>
  keyword === 'HEALTHCHECK' && !!script?.commands.some(({ words: [program] }) => program && toolOf(program))

/** What is known of an image, instruction by instruction. */
interface Contents {
  base: string | undefined
  healthcheck: Instruction | undefined
  /** `unknown` is not in the map. */
  tools: Map<string, 'yes' | 'no'>
  removed: Set<string>
  /** `apk add --virtual NAME …`: what goes with the name. */
  groups: Map<string, string[]>
}

/** Clients that probes are made with, and the packages that bring them; some do as a dependency. */
const PACKAGES: Record<string, RegExp> = {
  curl: /^(curl|curl-minimal|alpine-sdk|abuild)$/,
  wget: /^(wget2?|wget2-wget|google-chrome-stable|busybox(-.{1,40})?)$/,
  nc: /^(nc|ncat|nmap|nmap-ncat|netcat.{0,40}|busybox(-.{1,40})?)$/,
  jq: /^jq$/,
  http: /^httpie$/,
  grpc_health_probe: /^grpc[-_]health[-_]probe$/
}
const TOOLS = Object.keys(PACKAGES)

function startOf({ base, parent }: Stage, ends: Map<Stage, Contents>): Contents {
  const before = parent && ends.get(parent)
  if (before)
    return {
      ...before,
      tools: new Map(before.tools),
      removed: new Set(before.removed),
      groups: new Map(before.groups)
    }
  const facts = base === undefined ? undefined : imageFacts(base)
  // What is known by the habit of a registry alone tells nothing of one image.
  const known = facts?.healthcheck === undefined ? undefined : facts.tools
  const has = (tool: string) =>
    known?.includes(tool) || ((tool === 'wget' || tool === 'nc') && known?.includes('busybox-wget'))
  return {
    base: base?.split('@')[0],
    healthcheck: undefined,
    tools: new Map(known ? TOOLS.map(tool => [tool, has(tool) ? 'yes' : 'no']) : []),
    removed: new Set(),
    groups: new Map()
  }
}

function note(instruction: Instruction, stage: Stage, contents: Contents): void {
  const { keyword, args, script } = instruction
  if (keyword === 'HEALTHCHECK') contents.healthcheck = instruction
  else if (keyword === 'RUN') {
    if (!script || script.unread !== undefined) doubt(contents)
    else for (const command of script.commands) noteCommand(command, contents)
  } else if (keyword === 'COPY' || keyword === 'ADD') {
    for (const { value } of args) found(contents, nameOf(value))
    if (mayFill(instruction, stage, FOLDERS)) doubt(contents)
  }
}

const FOLDERS = new Set([
  '',
  '/bin',
  '/sbin',
  '/usr',
  '/usr/bin',
  '/usr/sbin',
  '/usr/local',
  '/usr/local/bin',
  '/usr/local/sbin'
])

const doubt = ({ tools }: Contents): void => {
  for (const [tool, has] of tools) if (has === 'no') tools.delete(tool)
}
function found(contents: Contents, name: string): void {
  const tool = TOOL_NAMES.get(name)
  if (tool) contents.tools.set(tool, 'yes')
}

const TOOL_NAMES = new Map([...TOOLS.map(tool => [tool, tool] as const), ['netcat', 'nc'], ['ncat', 'nc']])
const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** The client that a command word means, where it stands among the programs of the system. */
function toolOf({ value, literal }: Word): string | undefined {
  const folder = value.slice(0, value.lastIndexOf('/') + 1)
  if (!literal || !/^((\/usr)?(\/local)?\/s?bin\/)?$/.test(folder)) return undefined
  return TOOL_NAMES.get(nameOf(value))
}

const MANAGERS = new Set('apk apt apt-get aptitude dnf microdnf pacman tdnf yum zypper'.split(' '))
const ADDS = new Set(['add', 'install', 'in', 'reinstall', 'build-dep', 'groupinstall', '-S', '-Sy', '-Syu'])
const REMOVES = new Set(['del', 'remove', 'purge', 'erase', 'rm', '-R', '-Rs', '-Rns'])
/** Run what cannot be seen from here. */
const OPAQUE =
  /^(|sh|bash|ash|dash|zsh|source|\.|eval|xargs|make|just|task|ansible.{0,20}|nix.{0,20}|brew|conda|mamba|micromamba|dpkg|rpm|tar|unzip|install-.{1,40}|.{1,200}\.(sh|py|pl|rb|bash))$/

function noteCommand({ name, words }: Command, contents: Contents): void {
  const manager = words.findIndex(({ value }) => MANAGERS.has(nameOf(value)))
  const verb =
    manager < 0 ? -1 : words.findIndex(({ value }, at) => at > manager && (ADDS.has(value) || REMOVES.has(value)))
  if (verb >= 0 && manager < 4) {
    if (name === 'xargs') doubt(contents)
    if (ADDS.has(words[verb]!.value)) install(words, verb, contents)
    else remove(words.slice(verb + 1), contents)
    return
  }
  // Whoever names it has it, or puts it there.
  for (const { value } of words) found(contents, nameOf(value))
  const runsText = words.some(({ value }) => /^-[a-zA-Z]{0,6}c$/.test(value))
  const isOwn = words[0]?.value.includes('/') && !/^(\/usr)?(\/local)?\/s?bin\//.test(words[0].value)
  if (isOwn || words.some(({ value }) => value === '--with-deps' || value === 'install-deps')) doubt(contents)
  else if (OPAQUE.test(name) && !runsText) doubt(contents)
}

function install(words: Word[], verb: number, contents: Contents): void {
  const brought: string[] = []
  let group: string | undefined
  for (const [at, { value, literal }] of words.entries()) {
    const before = words[at - 1]?.value
    if (before === '--virtual' || before === '-t') group = value
    else if (value.startsWith('--virtual=')) group = value.slice('--virtual='.length)
    if (at <= verb || value.startsWith('-')) continue
    // A variable, a file or a pattern may bring anything.
    if (!literal || /[/*]|\.(deb|rpm|apk)$/.test(value)) doubt(contents)
    const name = value.split(/[=<>~:@]/)[0]!
    for (const tool of TOOLS) if (PACKAGES[tool]!.test(name)) brought.push(tool)
  }
  const fresh = brought.filter(tool => contents.tools.get(tool) !== 'yes')
  for (const tool of brought) {
    contents.tools.set(tool, 'yes')
    contents.removed.delete(tool)
  }
  if (group !== undefined && fresh.length) contents.groups.set(group, fresh)
  // What is asked for by itself stays when a group goes.
  else
    for (const [name, tools] of contents.groups)
      contents.groups.set(
        name,
        tools.filter(tool => !brought.includes(tool))
      )
}

function remove(words: Word[], contents: Contents): void {
  for (const { value } of words) {
    const gone = contents.groups.get(value) ?? TOOLS.filter(tool => value === tool)
    for (const tool of gone) {
      contents.tools.set(tool, 'no')
      contents.removed.add(tool)
    }
  }
}
