import { byObject } from './cache.js'
import type { Command, Dockerfile, Edit, Instruction, Peers, Place, Stage } from './model.js'
import { flagOf, type Manager, type PackageCall, packageCallOf, packageCallsOf, withFlag } from './packages.js'
import { afterOf } from './query.js'
import { type Acting, actingOf, mountsOf, type Values, variablesOf } from './stages.js'
import { sideOf } from './units.js'

/** What a RUN leaves of a package manager's cache in its layer. */
export interface Leftover {
  at: Place
  message: string
  stage: Stage | undefined
  manager: Manager
  peers: Peers
  edits: Edit[]
  /** What is taken out here, a later RUN may want. */
  suggested?: boolean
}

/** What the RUNs of a file leave behind, those that ONBUILD registers included. */
export const leftoversOf = byObject((dockerfile: Dockerfile): Leftover[] => {
  const bases = new Set(dockerfile.stages.flatMap(({ parent }) => parent ?? []))
  const runs = actingOf(dockerfile, 'RUN')
  const keepsArchives = runs.some(({ instruction }) => instruction.script?.commands.some(removesDockerClean))
  const wanted = wantedListsOf(runs)
  const found = runs.flatMap(acting => [...leftBy(dockerfile, acting, { bases, keepsArchives, wanted })])
  return found
})
/**
 * Is a stage part of an image that somebody pulls? That of the last stage; where this is for tests or development, those
 * that nothing else in the file needs. Files for tests, examples and development give none.
 */
export function shippedIn({ path, stages }: Dockerfile): (stage: Stage | undefined) => boolean {
  if (isAside(path)) return () => false
  const shipped = new Set<Stage>()
  for (const end of endsOf(stages))
    for (let each: Stage | undefined = end; each && !shipped.has(each); each = each.parent) shipped.add(each)
  return stage => !stage || shipped.has(stage)
}

function endsOf(stages: Stage[]): Stage[] {
  const last = stages.at(-1)
  const isNamedAside = ({ name }: Stage) => isAside(name?.value ?? '')
  if (!last || !isNamedAside(last)) return last ? [last] : []
  const needed = new Set(stages.flatMap(({ needs }) => needs))
  return stages.filter(stage => !needed.has(stage) && !isNamedAside(stage))
}

/** What a base holds is in all images that are built on it. */
function isAside(name: string): boolean {
  const side = sideOf(name)
  return side !== undefined && side !== 'base'
}

interface Cache {
  managers: Manager[]
  /** Folders it is in; with `~` for some home. */
  folders: string[]
  /** Does a call fill it? */
  fills(call: PackageCall): boolean
  /** Does a call empty it? */
  empties(call: PackageCall): boolean
  /** Of the call that fills it last: the flag that keeps it empty, or the command that empties it. */
  flag?: string
  command?(call: PackageCall): string
  /** The variable that names another folder. */
  variable?: string
  what: string
  peersOf(manager: Manager, calls: PackageCall[]): Peers
}

const INSTALLS = new Set([
  'install',
  'reinstall',
  'group-install',
  'module-install',
  'build-dep',
  'upgrade',
  'dist-upgrade'
])
const installs = ({ action }: PackageCall) => action.endsWith('install')
const isAll = ({ action, packages }: PackageCall) => action === 'clean' && packages.some(({ value }) => value === 'all')
const rpm: Pick<Cache, 'fills' | 'empties' | 'command'> = {
  fills: ({ action }) => INSTALLS.has(action),
  empties: isAll,
  command: ({ program }) => `${program.value} clean all`
}

const APT: Cache = {
  managers: ['apt-get', 'apt', 'aptitude'],
  folders: ['/var/lib/apt/lists'],
  fills: ({ action }) => action === 'update',
  empties: ({ verb }) => verb?.value === 'distclean' || verb?.value === 'dist-clean',
  command: () => 'rm -rf /var/lib/apt/lists/*',
  what: 'the package lists stay in the layer',
  peersOf: () => ({})
}
const CACHES: Cache[] = [
  APT,
  {
    managers: ['apk'],
    folders: ['/var/cache/apk', '/etc/apk/cache'],
    fills: call => call.action === 'install' && !flagOf(call, '--no-cache') && !call.maybeFlags,
    empties: ({ action }) => action === 'clean',
    flag: '--no-cache',
    what: 'the package index stays in the layer',
    peersOf: () => ({ hadolint: 'DL3019', 'trivy-docker': 'DS-0025' })
  },
  {
    managers: ['yum'],
    folders: ['/var/cache/yum', '/var/cache/dnf'],
    ...rpm,
    what: 'the cache of yum stays in the layer',
    peersOf: (_, calls) => (calls.some(installs) ? { hadolint: 'DL3032', 'trivy-docker': 'DS-0015' } : {})
  },
  {
    managers: ['dnf', 'microdnf'],
    folders: ['/var/cache/dnf', '/var/cache/libdnf5', '/var/cache/yum', '/var/cache/tdnf'],
    ...rpm,
    what: 'the cache of dnf stays in the layer',
    peersOf: (manager, calls) => ({
      hadolint: 'DL3040',
      ...(calls.some(installs) && { 'trivy-docker': manager === 'dnf' ? 'DS-0019' : 'DS-0027' })
    })
  },
  {
    managers: ['zypper'],
    folders: ['/var/cache/zypp'],
    // It fetches what its repositories hold before it removes, too.
    fills: ({ action }) => INSTALLS.has(action) || action === 'remove',
    empties: ({ action }) => action === 'clean',
    command: () => 'zypper clean --all',
    what: 'the cache of zypper stays in the layer',
    peersOf: (_, calls) => ({
      ...(calls.some(installs) && { hadolint: 'DL3036' }),
      ...(calls.some(call => installs(call) || call.action === 'remove') && { 'trivy-docker': 'DS-0020' })
    })
  },
  {
    managers: ['pip'],
    folders: ['~/.cache/pip'],
    fills: call => call.action === 'install' && !flagOf(call, '--no-cache-dir', '--no-cache') && !call.maybeFlags,
    empties: ({ action }) => action === 'clean',
    flag: '--no-cache-dir',
    variable: 'PIP_CACHE_DIR',
    what: 'the cache of pip stays in the layer',
    peersOf: () => ({ hadolint: 'DL3042' })
  },
  {
    managers: ['yarn'],
    folders: ['~/.cache/yarn', '/usr/local/share/.cache', '~/.yarn'],
    fills: ({ action }) => action === 'install',
    empties: ({ action }) => action === 'clean',
    command: () => 'yarn cache clean',
    variable: 'YARN_CACHE_FOLDER',
    what: 'the cache of yarn stays in the layer',
    peersOf: (_, calls) => (calls.some(({ verb }) => verb?.value === 'install') ? { hadolint: 'DL3060' } : {})
  }
]
const CACHE_OF = new Map(CACHES.flatMap(cache => cache.managers.map(manager => [manager, cache] as const)))

/** Images of Debian and Ubuntu bring a file that has apt delete the archives it installed. */
const removesDockerClean = ({ name, words }: Command): boolean =>
  name === 'rm' && words.some(({ value }) => value.endsWith('/docker-clean'))

interface FileFacts {
  /** Stages that others build on. */
  bases: Set<Stage>
  keepsArchives: boolean
  /** RUNs whose lists are still to be read. */
  wanted: Set<Instruction>
}

/** RUNs whose lists of apt a later one installs from, of the same stage or of one that builds on it. */
function wantedListsOf(runs: readonly Acting[]): Set<Instruction> {
  const wanted = new Set<Instruction>()
  const waiting = new Set<Stage>()
  let stage: Stage | undefined
  const leave = () => {
    if (!stage || !waiting.has(stage)) return
    for (let each = stage.parent; each && !waiting.has(each); each = each.parent) waiting.add(each)
  }
  for (const { instruction, written } of [...runs].reverse()) {
    if (written.stage !== stage) leave()
    stage = written.stage
    if (!stage) continue
    if (waiting.has(stage)) wanted.add(instruction)
    for (const call of packageCallsOf(instruction)) {
      if (!APT.managers.includes(call.manager)) continue
      if (call.action === 'update') waiting.delete(stage)
      else if (call.action === 'install' || call.action === 'upgrade') waiting.add(stage)
      else continue
      break
    }
  }
  return wanted
}

function* leftBy(dockerfile: Dockerfile, { instruction, written }: Acting, facts: FileFacts): Iterable<Leftover> {
  if (!packageCallsOf(instruction).length) return
  const commands = instruction.script?.commands ?? []
  const filled = new Map<Cache, PackageCall[]>()
  let withoutPipCache = false
  for (const command of commands) {
    const call = packageCallOf(command)
    const cache = call && CACHE_OF.get(call.manager)
    if (call && cache?.empties(call)) for (const each of cachesLike(cache)) filled.delete(each)
    else if (call && cache?.fills(call)) {
      if (cache.managers[0] === 'pip' && (withoutPipCache || isOn(call.assignments.find(isPipSetting)?.value))) continue
      const before = filled.get(cache)
      if (before) before.push(call)
      else filled.set(cache, [call])
    } else if (isRemoval(command)) {
      for (const each of filled.keys()) if (command.words.some(({ value }) => covers(value, each))) filled.delete(each)
    } else if (command.name === 'export') {
      const setting = command.words.find(({ value }) => value.startsWith('PIP_NO_CACHE_DIR='))
      if (setting) withoutPipCache = isOn(setting.value.slice(setting.value.indexOf('=') + 1))
    }
  }
  if (!filled.size) return
  const mounts = mountsOf(instruction).filter(({ type }) => type === 'cache' || type === 'tmpfs')
  for (const [cache, calls] of filled) {
    if (mounts.some(({ target }) => covers(target, cache))) {
      if (cache !== APT || !facts.keepsArchives || !leavesArchives(commands, mounts)) continue
      yield archivesLeftBy(calls[0]!, written.stage)
      continue
    }
    const [call] = calls
    const { manager, verb, program } = call!
    const values = variablesOf(dockerfile, written.stage)
    if (manager === 'pip' && isPipCacheOff(values)) continue
    if (cache.variable && mounts.some(({ target }) => isFolderOf(target, cache.variable!, values))) continue
    const isBase = !written.stage || written.stage === dockerfile.stages.at(-1) || facts.bases.has(written.stage)
    const peers = cache === APT ? (isBase ? { hadolint: 'DL3009' } : {}) : cache.peersOf(manager, calls)
    yield {
      at: (verb ?? program).at,
      message: `${cache.what}: ${adviceOf(cache, call!)}`,
      stage: written.stage,
      manager,
      peers,
      edits: cache === APT && facts.wanted.has(instruction) ? [] : editsFor(dockerfile, instruction, cache, calls),
      ...(!cache.flag && { suggested: true })
    }
  }
}

function leavesArchives(commands: Command[], mounts: { target: string }[]): boolean {
  const isArchives = (path: string) => '/var/cache/apt/archives'.startsWith(path) && path.length > '/var'.length
  return (
    !mounts.some(({ target }) => isArchives(target)) &&
    commands.some(command => {
      const call = packageCallOf(command)
      return call && APT.managers.includes(call.manager) && call.action === 'install'
    }) &&
    !commands.some(command => {
      const call = packageCallOf(command)
      return (
        call?.action === 'clean' ||
        (isRemoval(command) && command.words.some(({ value }) => value.includes('/var/cache/apt')))
      )
    })
  )
}

const archivesLeftBy = ({ manager, verb, program }: PackageCall, stage: Stage | undefined): Leftover => ({
  at: (verb ?? program).at,
  message:
    'the archives that apt installs stay in the layer: docker-clean is gone, and nothing is mounted at /var/cache/apt',
  stage,
  manager,
  peers: { hadolint: 'DL3009' },
  edits: []
})

/** yum and dnf are one program by now, and clean for each other. */
const cachesLike = (cache: Cache): Cache[] =>
  CACHES.filter(each => each === cache || (each.empties === isAll && cache.empties === isAll))

const adviceOf = (cache: Cache, call: PackageCall): string =>
  cache.flag
    ? `${call.manager} ${call.verb?.value ?? ''} ${cache.flag} keeps it out`
    : `${cache.command!(call)} in the same RUN takes it out`

// ---------------------------------------------------------------- what takes a cache out

const isRemoval = ({ name, words }: Command): boolean =>
  name === 'rm' || name === 'find' || (name === 'sudo' && words.some(({ value }) => value === 'rm'))

/** Does a word name a cache's folder, one above it, or something in it? */
function covers(word: string, { folders }: Cache): boolean {
  for (const path of alternativesOf(word)) {
    const folder = path.replace(/\/\*{0,2}$/, '')
    if (folder.length < 2) continue
    for (const known of folders) {
      if (known.startsWith('~')) {
        const inHome = known.slice(1)
        if (folder.endsWith('/.cache') || folder.includes(inHome)) return true
      } else if (known === folder || known.startsWith(`${folder}/`) || folder.startsWith(`${known}/`)) return true
    }
  }
  return false
}

/** `/var/{lib,cache}/apt` is two words to the shell. */
function alternativesOf(word: string): string[] {
  const from = word.indexOf('{')
  const to = word.indexOf('}', from)
  if (from < 0 || to < 0 || word[from - 1] === '$' || word.length > 500) return [word]
  const inside = word.slice(from + 1, to)
  return inside.split(',').map(one => `${word.slice(0, from)}${one}${word.slice(to + 1)}`)
}

const isPipSetting = ({ name }: { name: string }) => name === 'PIP_NO_CACHE_DIR'
/** pip reads a setting that is empty, or a no, as a no. */
const isOn = (value: string | undefined): boolean => value !== undefined && !/^(0|no|off|false|)$/i.test(value)

/** A value that only the build knows may be a yes. */
const isPipCacheOff = (values: Values): boolean =>
  values.has('PIP_NO_CACHE_DIR') && isOn(values.get('PIP_NO_CACHE_DIR') ?? '1')

const isFolderOf = (target: string, variable: string, values: Values): boolean =>
  target === `$${variable}` || target === `\${${variable}}` || (target !== '' && target === values.get(variable))

// ---------------------------------------------------------------- edits

function editsFor(dockerfile: Dockerfile, instruction: Instruction, cache: Cache, calls: PackageCall[]): Edit[] {
  const { flag } = cache
  if (flag) return calls.map(call => withFlag(call, flag, instruction.json))
  const { at, json, heredocs, body } = instruction
  const commands = instruction.script?.commands ?? []
  // A command can follow where the last one ends: not behind `;`, `&`, `done` or a comment.
  const ends = commands.some(
    ({ at, lost }) => at.endLine === body.at.endLine && at.endColumn === body.at.endColumn && lost?.how !== 'background'
  )
  if (json || heredocs.length || !ends) return []
  const glue = at.line === at.endLine ? ' ' : ` ${dockerfile.escape}\n    `
  return [{ at: afterOf(body.at), text: `${glue}&& ${cache.command!(calls[0]!)}` }]
}
