import { byObject } from './cache.js'
import { type CommandRow, type CommandTable, type Level, testCommands } from './data/test-commands.js'
import { type Reach, reachOf, reachOfAction } from './deliveries.js'
import type { Command, Repo, Script, ScriptFile, Target } from './model.js'
import { scriptOf } from './parse/shell.js'
import { textAt } from './parse/text.js'
import { folderOf, joinPath } from './query.js'

/** What a command does. One command may do several things. */
export interface Doing {
  kind: string
  level: Level
  /** Told by a name alone (`make test`, `./run-tests`): what stands behind it decides, where it can be read. */
  byName?: true
  /** Of a deploy or publish: a preview, a test repository. */
  trial?: true
}

/**
 * What a simple command does, by the table of commands; wrappers such as `sudo` and `poetry run` are peeled. Names of
 * scripts and targets count as what they say: follow them first.
 */
export const doingsOf = byObject(readDoings)

function readDoings(command: Command): Doing[] {
  const doings = new Map<string, Doing>()
  for (const call of stagesOf(command)) {
    for (const doing of doingsOfCall(call)) {
      const before = doings.get(doing.kind)
      if (!before || before.byName || before.level === 'any') doings.set(doing.kind, { ...doing })
    }
  }
  return [...doings.values()]
}

/** What a step does by the action it uses. `withInput` gives the step's inputs by name. */
export function doingsOfAction(uses: string, withInput: (name: string) => string | undefined): Doing[] {
  return actionRows(uses).flatMap(([, kind, level]): Doing[] => {
    if (kind === 'test' && withInput('runTests') === 'false') return []
    const doing = { kind, level: level || 'any' } as const
    return delivers(kind) ? reaching(doing, reachOfAction(uses, withInput)) : [doing]
  })
}

/** Does the table of actions know it? */
export const isKnownAction = (uses: string): boolean => actionRows(uses).length > 0

function actionRows(uses: string): ActionRow[] {
  const name = uses.split('@')[0]!.toLowerCase()
  return testCommands().actions.filter(([known]) => fits(name, known.toLowerCase()))
}
type ActionRow = CommandTable['actions'][number]

const delivers = (kind: string) => kind === 'deploy' || kind === 'publish'

/** A deploy or publish as what it is worth: on the runner itself it starts or builds something. */
function reaching(doing: Doing, reach: Reach): Doing[] {
  if (reach === 'none') return []
  if (reach === 'runner') return [{ ...doing, kind: doing.kind === 'deploy' ? 'service' : 'build' }]
  return [reach === 'trial' ? { ...doing, trial: true } : doing]
}

/** A flag that makes a test command pass without testing or in spite of failures, in words for a message. */
export function swallowedBy(command: Command): string | undefined {
  for (const call of stagesOf(command)) {
    const name = ALIASES[call.name] ?? call.name
    for (const [commands, flags, effect] of testCommands().flags) {
      if (effect === 's' || !namesOf(commands).some(known => known === name || known === `${name} ${call.args[0]}`))
        continue
      const flag = flags.split('|').find(one => hasFlag(call.args, one))
      // A flag may be known by its beginning alone.
      if (flag) return `${flag.replace(/\*$/, '')} ${effect === 'p' ? 'passes without tests' : 'ignores failures'}`
    }
  }
  return undefined
}

// ---------------------------------------------------------------- calls, with their wrappers peeled

/** A program with its arguments. `path` is the command word as written. */
interface Call {
  name: string
  path: string
  args: string[]
  /** Inside a container: `docker run IMAGE test` is no shell builtin. */
  contained?: true
}

// Other names of the same program.
const ALIASES: Record<string, string | undefined> = Object.assign(Object.create(null), {
  gradlew: 'gradle',
  mvnw: 'mvn',
  mvnd: 'mvn',
  'py.test': 'pytest',
  gmake: 'make',
  'mingw32-make': 'make',
  'go-task': 'task',
  'npm-run-all2': 'npm-run-all',
  'docker-compose': 'docker compose'
})

const baseName = (path: string) => path.slice(path.lastIndexOf('/') + 1)
const programName = (path: string) => baseName(path.replaceAll('\\', '/')).replace(/\.(exe|cmd|bat)$/i, '')
const isOption = (word: string) => /^[-+]./.test(word)
const isAssignment = (word: string) => /^[A-Za-z_]\w*=/.test(word)
const isComputed = (word: string) => /[$`]/.test(word)

function callOf(words: string[]): Call | undefined {
  const [path, ...args] = words
  if (!path) return undefined
  // Other options stand before the subcommand, which makes one name with it.
  if (/^(docker|podman|nerdctl)$/.test(programName(path))) {
    const at = skip(args, DOCKER_GLOBAL)
    if (args[at] === 'compose') return { name: 'docker compose', path, args: args.slice(at + 1) }
    return { name: programName(path), path, args: args.slice(args[at] === 'container' ? at + 1 : at) }
  }
  return { name: programName(path), path, args: programName(path) === 'npm' ? placeFirst(args) : args }
}

/** npm takes its options behind the script's name too, up to `--`; those that choose a package are put first. */
function placeFirst(args: string[]): string[] {
  const chosen: string[] = []
  const others: string[] = []
  for (let at = 0; at < args.length; at++) {
    const word = args[at]!
    if (word === '--') return [...chosen, ...others, ...args.slice(at)]
    if (/^(--prefix|-C|-w|--workspace)$/.test(word) && args[at + 1]) chosen.push(word, args[++at]!)
    else if (/^(--prefix|-w|--workspace)=|^(-ws|--workspaces)$/.test(word)) chosen.push(word)
    else others.push(word)
  }
  return [...chosen, ...others]
}

/** The call as written and each that is left as a wrapper is peeled, from the outside in. */
const stagesOf = byObject((command: Command): Call[] => {
  const made: Call[] = []
  let call = callOf(command.words.map(word => word.value))
  while (call && made.length < 10) {
    made.push(call)
    const inner = peeled(call)
    const next = inner && callOf(inner)
    if (next && (call.contained || isContainer(call))) next.contained = true
    call = next
  }
  return made
})

const isContainer = ({ name }: Call) => /^(docker|podman|nerdctl|docker compose|docker-compose|kubectl)$/.test(name)

/** Index of the first word that is no option and no value of one. */
function skip(words: string[], valued: Set<string>, from = 0): number {
  let at = from
  while (at < words.length) {
    const word = words[at]!
    if (word === '--') return at + 1
    if (!isOption(word)) break
    at += valued.has(word) ? 2 : 1
  }
  return at
}

const sets = new Map<string, Set<string>>()
function set(words: string): Set<string> {
  const known = sets.get(words) ?? new Set(words.split(' '))
  sets.set(words, known)
  return known
}
const NONE = new Set<string>()
const DOCKER_GLOBAL = set('-H --host -c --context --config -l --log-level --tlscacert --tlscert --tlskey')
const DOCKER_RUN = set(
  '-v --volume -e --env -w --workdir -u --user -p --publish --name --network --net --entrypoint --env-file -h --hostname -l --label -m --memory --mount --platform --pull --cpus --cap-add --cap-drop --security-opt --add-host --device --tmpfs --ulimit --restart --volumes-from --link --shm-size --ip --dns --gpus --ipc --pid --userns --log-driver --log-opt --expose -a --attach --cidfile --runtime --sysctl --group-add --stop-signal --index --detach-keys --isolation --annotation --cpuset-cpus --memory-swap'
)
const COMPOSE = set(
  '-f --file -p --project-name --profile --env-file --project-directory --ansi --parallel --progress -H --host -c --context'
)
const NODE_TOOLS = set(
  '--prefix -C --dir --cwd -w --workspace --filter -F --filter-prod --loglevel --reporter --package -p --cache --userconfig --registry --stream --script-shell'
)

/** Wrappers by what stands between them and the command that they run. */
const SKIPPED: Record<string, Set<string> | undefined> = Object.assign(Object.create(null), {
  sudo: set('-u -g -h -p -C -r -t -U -D --user --group'),
  doas: set('-u -C'),
  time: set('-f -o'),
  nohup: NONE,
  exec: set('-a'),
  command: NONE,
  builtin: NONE,
  unbuffer: NONE,
  chronic: NONE,
  spring: NONE,
  nice: set('-n --adjustment'),
  ionice: set('-c -n'),
  stdbuf: set('-i -o -e'),
  xargs: set('-n -P -I -L -d -E -s -a --max-args --max-procs'),
  'xvfb-run': set('-s -e -f -n -p -w --server-args --server-num --auth-file --error-file'),
  'dbus-run-session': NONE,
  npx: set('-p --package --node-options --cache'),
  bunx: set('-p --package'),
  pnpx: set('--package'),
  uvx: set('--from --with -p --python --index --index-url --with-requirements'),
  'cross-env': NONE,
  'cross-env-shell': NONE,
  parallel: set('-j --jobs -S -a --delay --timeout --retries --joblog --colsep -I'),
  c8: set('-r --reporter --config -c -x -n --temp-directory -o --reports-dir'),
  nyc: set('-r --reporter --nycrc-path -x -n --temp-dir --report-dir'),
  valgrind: NONE,
  drmemory: NONE,
  retry: set('-t --tries -d --delay --times --max-tries --min --max -m -r'),
  tsx: NONE,
  'ts-node': set('-P --project -r'),
  ruby: set('-I -r'),
  perl: set('-I -M'),
  winpty: NONE,
  'systemd-run': set('-p --property --unit'),
  catchsegv: NONE,
  faketime: NONE,
  setarch: NONE,
  'start-stop-daemon': NONE
})

/** What a wrapper runs, in words; undefined where a call is no wrapper. */
function peeled({ name, path, args }: Call): string[] | undefined {
  const valued = SKIPPED[name]
  if (valued) {
    if (name === 'command' && /^-[vV]$/.test(args[0] ?? '')) return undefined
    if ((name === 'npx' || name === 'pnpx' || name === 'bunx') && args.includes('-c')) return undefined
    let at = skip(args, valued)
    while (at < args.length && isAssignment(args[at]!)) at++
    if (name === 'faketime' || name === 'setarch') at++
    const rest = args.slice(at)
    if (/^(npx|pnpx|bunx|uvx)$/.test(name) && rest[0]) rest[0] = unversioned(rest[0])
    return rest.length ? rest : undefined
  }
  if (/^(python|pypy)[\d.]*$/.test(name) || name === 'py' || (isComputed(path) && args[0] === '-m')) {
    const module = args.indexOf('-m')
    const at = skip(args, set('-W -X -c'))
    if (module >= 0 && module <= at) return args.slice(module + 1)
    return args.includes('-c') ? undefined : fileCall(args.slice(at))
  }
  switch (name) {
    case 'env': {
      let at = skip(args, set('-u -C --unset --chdir'))
      while (at < args.length && (isAssignment(args[at]!) || isOption(args[at]!))) at++
      return args.slice(at)
    }
    case 'timeout':
    case 'gtimeout':
      return args.slice(skip(args, set('-s -k --signal --kill-after')) + 1)
    case 'flock':
      return args.slice(skip(args, set('-w -E --timeout')) + 1)
    case 'poetry':
    case 'pipenv':
    case 'pdm':
    case 'rye':
    case 'hatch':
    case 'pixi':
      return after(args, ['run'], set('-C --directory -P --project -e --env -p --python --manifest-path'), true)?.map(
        (word, at) => (name === 'hatch' && !at ? word.slice(word.indexOf(':') + 1) : word)
      )
    case 'uv': {
      const valued = set(
        '--with --extra --group -p --python --only-group --directory --project --package --env-file --with-requirements --with-editable --index --no-group --no-extra --config-file --color --cache-dir --from --index-strategy --resolution --prerelease'
      )
      const at = skip(args, valued)
      if (args[at] === 'tool' && args[at + 1] === 'run') return unversionedCall(args.slice(skip(args, valued, at + 2)))
      if (args[at] !== 'run') return undefined
      const module = args.findIndex((word, index) => index > at && (word === '-m' || word === '--module'))
      const start = skip(args, valued, at + 1)
      return module >= 0 && module < start ? args.slice(module + 1) : args.slice(start)
    }
    case 'pipx':
      return unversionedCall(after(args, ['run'], set('--spec --python --pip-args --index-url')) ?? [])
    case 'conda':
    case 'mamba':
    case 'micromamba':
      return after(args, ['run'], set('-n --name -p --prefix --cwd'))
    case 'coverage': {
      const inner = after(args, ['run'], set('--source --omit --include --rcfile --data-file --context --concurrency'))
      if (!inner) return undefined
      const module = args.indexOf('-m')
      return module > 0 && args.length - module > inner.length - 1 ? args.slice(module + 1) : fileCall(inner)
    }
    case 'bundle':
      return after(args, ['exec'], NONE)
    case 'dotnet':
      return args[0] === 'tool' && args[1] === 'run' ? args.slice(2) : undefined
    case 'composer':
      return after(args, ['exec'], set('-d --working-dir'))
    case 'php':
    case 'node':
    case 'deno': {
      if (args.includes('--test') || args.includes('--run') || args.includes('-e')) return undefined
      const from = name === 'deno' && args[0] === 'run' ? 1 : 0
      if (name === 'deno' && !from) return undefined
      return fileCall(args.slice(skip(args, set('-d -r --require --import --loader -c --config'), from)))
    }
    case 'mise':
    case 'rtx':
    case 'asdf': {
      const at = args.indexOf('--')
      return /^(exec|x)$/.test(args[0] ?? '') ? (at > 0 ? args.slice(at + 1) : args.slice(1)) : undefined
    }
    case 'nix': {
      const at = args.findIndex(word => word === '-c' || word === '--command')
      return /^(develop|shell)$/.test(args[0] ?? '') && at > 0 ? args.slice(at + 1) : undefined
    }
    case 'devbox':
      return after(args, ['run'], set('-c --config -e --env'))
    case 'devenv':
      return after(args, ['shell'], NONE)
    case 'direnv':
      return args[0] === 'exec' ? args.slice(2) : undefined
    case 'docker':
    case 'podman':
    case 'nerdctl':
    case 'docker compose':
    case 'docker-compose': {
      const at = skip(args, name.includes('compose') ? COMPOSE : DOCKER_GLOBAL)
      if (args[at] !== 'run' && args[at] !== 'exec') return undefined
      return args.slice(skip(args, DOCKER_RUN, at + 1) + 1)
    }
    case 'kubectl':
    case 'dotenv':
    case 'dotenvx':
    case 'doppler':
    case 'op':
    case 'infisical':
    case 'chamber':
    case 'aws-vault':
    case 'vault-env': {
      const at = args.indexOf('--')
      return at >= 0 ? args.slice(at + 1) : undefined
    }
    case 'find': {
      const at = args.findIndex(word => word === '-exec' || word === '-execdir')
      return at >= 0 ? args.slice(at + 1) : undefined
    }
    case 'go': {
      if (args[0] === 'tool') return args.slice(1)
      if (args[0] !== 'run') return undefined
      const at = skip(args, set('-C -exec -tags -mod -modfile -ldflags'), 1)
      const program = args[at]?.split('@')[0]
      if (!program || !args[at]!.includes('@')) return undefined
      return [program.replace(/\/v\d+$/, ''), ...args.slice(at + 1)]
    }
    case 'pnpm':
    case 'yarn':
    case 'npm':
    case 'bun': {
      const { words, sub } = nodeCall(args)
      if (sub === 'exec' || sub === 'dlx' || sub === 'x' || (name === 'yarn' && sub === 'node'))
        return unversionedCall(words.slice(skip(words, NODE_TOOLS, 1)))
      // `yarn jest`, `bun run vitest`: a program of node_modules, unless a script has that name.
      const at = sub === 'run' && name !== 'npm' ? 1 : 0
      const isProgram = words[at] && name !== 'npm' && !PACKAGE_COMMANDS.has(words[at])
      return isProgram && (at || name !== 'bun') ? words.slice(at) : undefined
    }
    default:
  }
  return /^(ba|da|z|k|a)?sh$/.test(name) && !args.some(word => /^-[a-z]*c$/.test(word))
    ? fileCall(args.slice(skip(args, set('-o +o'))))
    : undefined
}

const unversioned = (name: string) => {
  const at = name.indexOf('@', 1)
  return at > 0 ? name.slice(0, at) : name
}
const unversionedCall = ([first, ...rest]: string[]): string[] | undefined =>
  first === undefined ? undefined : [unversioned(first), ...rest]
/** A file that an interpreter runs: a path, so that it is never taken for a program of that name. */
const fileCall = ([file, ...rest]: string[]): string[] | undefined =>
  file === undefined || isOption(file) ? undefined : [file.includes('/') ? file : `./${file}`, ...rest]

/** The words behind a subcommand and its options. */
function after(args: string[], names: string[], valued: Set<string>, first = false): string[] | undefined {
  const at = skip(args, valued)
  if (!names.includes(args[at] ?? '')) return undefined
  const rest = args.slice(skip(args, valued, at + 1))
  return rest.length || !first ? rest : undefined
}

// Subcommands of the package managers themselves; any other word is a script or a program.
const PACKAGE_COMMANDS = set(
  'install i add ci remove rm run run-script test t tst start stop restart exec dlx x create init publish pack link unlink audit outdated update up upgrade list ls why info view config set get cache global import login logout node version versions workspace workspaces rebuild dedupe patch patch-commit store root bin prefix fetch deploy licenses help plugin constraints unplug prune setup env self-update server doctor build pm approve-builds install-test it cit install-ci-test pkg fund search token team whoami ping explain query sbom shrinkwrap completion dist-tag owner access deprecate hook org profile star stars adduser bugs docs repo edit diff'
)

interface NodeCall {
  /** Words from the subcommand on. */
  words: string[]
  sub: string
  directory?: string
  /** Packages that are chosen by name; `*` is all. */
  packages: string[]
}

/** Options of a package manager apart from what it is to do. */
function nodeCall(args: string[]): NodeCall {
  const call: NodeCall = { words: [], sub: '', packages: [] }
  let at = 0
  for (; at < args.length; at++) {
    const word = args[at]!
    if (word === 'workspace' && args[at + 1]) {
      call.packages.push(args[++at]!)
      continue
    }
    if (word === 'workspaces' || word === 'foreach') {
      call.packages.push('*')
      continue
    }
    if (!isOption(word) || word === '--') {
      // Options also stand between `run` and the name.
      if (word === 'run' || word === 'run-script') {
        const rest = nodeCall(args.slice(at + 1))
        return {
          ...call,
          ...(rest.directory !== undefined && { directory: rest.directory }),
          packages: [...call.packages, ...rest.packages],
          words: ['run', ...rest.words],
          sub: 'run'
        }
      }
      break
    }
    const equals = word.indexOf('=')
    const flag = equals > 0 ? word.slice(0, equals) : word
    const value = equals > 0 ? word.slice(equals + 1) : args[at + 1]
    if (/^(--prefix|-C|--dir|--cwd)$/.test(flag) && value) call.directory = value
    else if (
      /^(-w|--workspace|--filter|-F|--filter-prod)$/.test(flag) &&
      value &&
      !(flag === '-w' && isRootFlag(args, at))
    )
      call.packages.push(value)
    else if (/^(-r|--recursive|--workspaces|-ws|-A|--all)$/.test(flag)) call.packages.push('*')
    if (equals < 0 && NODE_TOOLS.has(flag) && !(flag === '-w' && isRootFlag(args, at))) at++
  }
  call.words = args.slice(at)
  call.sub = call.words[0] ?? ''
  return call
}

// pnpm's -w means the root and takes no value, npm's takes one.
const isRootFlag = (args: string[], at: number) => PACKAGE_COMMANDS.has(args[at + 1] ?? '')

// ---------------------------------------------------------------- the table

let index: Map<string, CommandRow[]> | undefined
function rowsOf(name: string): CommandRow[] {
  if (!index) {
    index = new Map()
    for (const row of testCommands().commands)
      for (const command of namesOf(row[0])) {
        const rows = index.get(command)
        if (rows) rows.push(row)
        else index.set(command, [row])
      }
  }
  return index.get(name) ?? []
}
const namesOf = (names: string) => names.split('|')

// Their goals and targets may stand anywhere among other words.
const ANYWHERE = set(
  'R Rscript ant bazel bazelisk bb clj clojure cmake fastlane gradle gradlew julia lein make mill msbuild mvn mvnd mvnw ninja opam rake sbt xcodebuild'
)
// They run what has a name elsewhere.
const NAMED = set(
  'make gmake mingw32-make just task go-task npm pnpm yarn bun composer rake mage inv invoke poe earthly turbo lage nx lerna moon run-p run-s npm-run-all npm-run-all2 concurrently wireit deno doit hatch pdm rye mise node xc lets tox nox rush rushx wsrun melos'
)

function doingsOfCall(call: Call): Doing[] {
  const { name, args, path } = call
  if (args.includes('--help') || (args.length === 1 && /^(--version|version|help|-h|-V)$/.test(args[0]!))) return []
  const alias = ALIASES[name] ?? name
  const doings: Doing[] = []
  for (const [, kind, level, needs, not, flags = 0] of rowsOf(name)) {
    if (kind === 'script' || kind === 'wrap') continue
    if (flags & 1 && args.length) continue
    // A common word by itself proves nothing.
    if (flags & 2 && !needs) continue
    if (needs && !hasNeeds(args, needs, ANYWHERE.has(name))) continue
    if (not?.some(flag => hasFlag(args, flag))) continue
    if (kind === 'test' && !isTest(alias, args)) continue
    const doing = { kind, level: level && level !== 'any' ? level : levelOf(args) }
    doings.push(...(delivers(kind) ? reaching(doing, reachOf(name, args)) : [doing]))
  }
  if (NAMED.has(name) && !(doings.length && /^(npm|pnpm|yarn|bun|rake|composer|deno)$/.test(name))) {
    const named = namesCalled(call).flatMap(one => (isProgram(call, one) ? [] : (doingOfName(one) ?? [])))
    // The table knows them as test runners; the names of what they are to run say it better.
    const isChosen = /^(tox|nox|nx)$/.test(name) && namesCalled(call).length > 0
    const kept = isChosen ? doings.filter(doing => doing.kind !== 'test') : doings
    return isSkipped(alias, args) || args.includes('--no-run') ? kept : [...kept, ...named]
  }
  if (
    !doings.length &&
    (call.contained || path.includes('/') || /\.(sh|bash|py|js|mjs|ts|rb|php|pl|ps1)$/.test(path))
  ) {
    const doing = doingOfPath(call)
    if (doing) doings.push(doing)
  }
  if (!doings.length && isContainer(call)) doings.push(...imageDoing(call))
  return doings
}

/** `yarn playwright`: the program of that name, which the next stage looks at. */
const isProgram = ({ name, args }: Call, called: string): boolean =>
  /^(yarn|pnpm|bun)$/.test(name) && !args.includes('run') && rowsOf(called).length > 0

/** The words say test; does it run any? */
function isTest(name: string, args: string[]): boolean {
  if (isSkipped(name, args)) return false
  if (name === 'cargo') {
    const at = args.findIndex(word => /^(hack|miri|careful|llvm-cov|fuzz|insta|kani)$/.test(word))
    const rest = args.slice(at + 1)
    if (at >= 0 && /^(hack|miri|careful|insta)$/.test(args[at]!))
      return rest.some(word => word === 'test' || word === 't' || word === 'nextest')
    if (args[at] === 'llvm-cov') return !/^(report|clean|show-env)$/.test(rest[0] ?? '')
    if (args[at] === 'fuzz') return rest[0] === 'run'
  }
  return true
}

const isSkipped = (name: string, args: string[]): boolean =>
  testCommands().flags.some(
    ([commands, flags, effect]) =>
      effect === 's' && namesOf(commands).includes(name) && flags.split('|').some(flag => hasFlag(args, flag))
  )

/** Words in order, alternatives by |. The first may only follow options and their values, one with a dash stands anywhere. */
function hasNeeds(args: string[], needs: string, anywhere: boolean): boolean {
  let from = 0
  let first = true
  for (const need of needs.split(' ')) {
    const alternatives = need.split('|')
    const fitting = (word: string) => alternatives.some(one => fits(word, one))
    if (need.startsWith('-')) {
      if (!args.some(word => fitting(word) || fitting(word.split('=')[0]!))) return false
      continue
    }
    let at = from
    for (; at < args.length; at++) {
      const word = args[at]!
      if (fitting(word)) break
      const before = args[at - 1]
      const isValue = before !== undefined && isOption(before) && !before.includes('=')
      if (first && !anywhere && !isOption(word) && !isValue) return false
    }
    if (at >= args.length) return false
    from = at + 1
    first = false
  }
  return true
}

/** A flag is there, alone or with its value beside it. */
function hasFlag(args: string[], flag: string): boolean {
  const [name, value] = flag.split(' ') as [string, string | undefined]
  const stop = args.indexOf('--')
  const own = stop >= 0 ? args.slice(0, stop) : args
  if (value === undefined) return own.some(word => fits(word, name))
  return own.some((word, at) => (word === name && fits(own[at + 1] ?? '', value)) || fits(word, `${name}=${value}`))
}

/** Does a word fit a glob whose only wildcard is a star? */
function fits(word: string, glob: string): boolean {
  if (!glob.includes('*')) return word === glob
  const parts = glob.split('*')
  const last = parts.pop()!
  if (word.length < glob.length - parts.length || !word.startsWith(parts[0]!) || !word.endsWith(last)) return false
  let at = parts[0]!.length
  for (const part of parts.slice(1)) {
    const found = word.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return at <= word.length - last.length
}

let nameExpressions: [kind: string | null, RegExp, Level | '', RegExp | undefined][] | undefined
function namePatterns() {
  nameExpressions ??= testCommands().names.map(([kind, match, level, not]) => [
    kind,
    new RegExp(match, 'i'),
    level,
    not ? new RegExp(not, 'i') : undefined
  ])
  return nameExpressions
}
let pathExpressions: [Level, RegExp][] | undefined
function pathPatterns() {
  pathExpressions ??= testCommands().paths.map(([level, match]) => [level, new RegExp(match, 'i')])
  return pathExpressions
}

/** The level that paths among the arguments tell. */
function levelOf(args: string[]): Level {
  for (const word of args.slice(0, 50)) {
    if (isOption(word) || word.length > 200) continue
    for (const [level, match] of pathPatterns()) if (match.test(word)) return level
  }
  return 'any'
}

// A test-like name of something that only makes ready, carries or tells of tests.
const ASIDE =
  /^(upload|download|build|push|install|prepare|publish|export|collect|merge|filter|parse|generate|split|compile|lint|fmt|format)[:._/-]|[:._/-](results?|reports?|summary|images?|build|builder|tools|deps|container|cluster|bins?|binary|binaries)$/i
// `check`, `verify` and `ci` mean anything: inside a longer name they prove nothing.
const STRONG = /(^|[:._/-])(tests?|specs?|testing|race)($|[:._/-])/i
const WHOLE = /^(check|checks|verify|ci|check-all|validate-all|coverage|cov|cover)$/i
const LOAD = /(^|[:._/-])(load|stress|perf|performance|bench|benchmarks?|soak)($|[:._/-])/i

/** What a script, target, session or job of a name does, as far as the name tells. */
export function doingOfName(name: string): Doing | undefined {
  if (name.length > 100 || isComputed(name)) return undefined
  const aside = ASIDE.test(name)
  for (const [kind, match, level, not] of namePatterns()) {
    if (!match.test(name) || not?.test(name)) continue
    if (kind === null) return undefined
    if (kind === 'test') {
      if (aside) continue
      if (level === 'any' && !STRONG.test(name) && !WHOLE.test(name)) continue
      if (level === 'load' && !STRONG.test(name) && name.replace(LOAD, '') !== '') continue
    }
    return { kind, level: level || 'any', byName: true }
  }
  return undefined
}

/** `./scripts/test.sh`, `./run_tests.py`, `bin/tool test`: programs of the repository itself, by their names. */
function doingOfPath({ path, args, contained }: Call): Doing | undefined {
  const base = baseName(path)
  const name = base.replace(/\.\w{1,5}$/, '')
  if (contained && /^tests?$/.test(path))
    return /^[-!]|^$/.test(args[0] ?? 'x') && path === 'test' ? undefined : { kind: 'test', level: levelOf(args) }
  const isOwn = path.includes('/') || base !== name
  if (!isOwn || isComputed(base)) return undefined
  if (/^run-?_?(all-?_?)?tests?([-_]|$)/i.test(name)) return { kind: 'test', level: levelOf([path]), byName: true }
  const own = doingOfName(name)
  if (own?.kind === 'test' && (own.level !== 'any' || STRONG.test(name)))
    return own.level === 'any' ? { ...own, level: levelOf([path]) } : own
  const word = args.slice(0, 2).find(arg => !isOption(arg))
  const said = word && /^[\w:.-]+$/.test(word) && /(^|[:._-])(tests?|e2e|integration|unit)($|[:._-])/i.test(word)
  const saying = said ? doingOfName(word) : undefined
  if (saying?.kind === 'test') return saying
  // What is kept among the tests and run by itself is one, unless its name says that it makes something ready.
  const isAmong =
    /(^|\/)(tests?|e2e|specs?|integration[-_]tests?)\//i.test(path) && /\.(sh|bash|py|rb|js|ts|mjs)$/.test(base)
  const isPreparing = namePatterns().some(([kind, match]) => kind === null && match.test(name)) || ASIDE.test(name)
  if (isAmong && !isPreparing) return { kind: 'test', level: levelOf([path]), byName: true }
  return own?.kind === 'test' ? undefined : own
}

/** An image or service that is named for what it does, run without a command. */
function imageDoing(call: Call): Doing[] {
  const at = call.args.indexOf('run')
  if (at < 0 || call.args.some(word => /^(-[a-z]*d[a-z]*|--detach)$/.test(word))) return []
  const place = skip(call.args, DOCKER_RUN, at + 1)
  const image = call.args[place]
  if (!image || call.args.length > place + 1 || isComputed(image)) return []
  const name = baseName(image).split(/[:@]/)[0]!
  const doing = /(^|[-_])(tests?|specs?|e2e)($|[-_])/.test(name) ? doingOfName(name) : undefined
  return doing?.kind === 'test' ? [doing] : []
}

// ---------------------------------------------------------------- names that a call gives

const MAKE = set('-C --directory -f --file --makefile -I --include-dir -o --old-file -W -l --load-average')
const TASK = set('-t --taskfile -d --dir -o --output -C --concurrency -I --interval')
const JUST = set('-f --justfile -d --working-directory --set --shell --dotenv-path --color')

/** Names of the scripts, targets or sessions that a call asks for. */
function namesCalled({ name, args }: Call): string[] {
  const alias = ALIASES[name] ?? name
  switch (alias) {
    case 'make':
      return plainWords(args, MAKE).filter(word => !/^\d+$/.test(word))
    case 'just':
    case 'task':
    case 'xc':
    case 'lets':
      return plainWords(args, alias === 'just' ? JUST : TASK)
    case 'rake':
    case 'mage':
    case 'poe':
    case 'doit':
    case 'inv':
    case 'invoke':
      return plainWords(args, set('-f --rakefile -C -d -c --collection -r --root')).map(word =>
        word.replace(/\[.*/, '')
      )
    case 'earthly':
      return plainWords(args, NONE).map(word => word.slice(word.indexOf('+') + 1))
    case 'npm':
    case 'pnpm':
    case 'yarn':
    case 'bun': {
      const { words, sub } = nodeCall(args)
      if (sub === 'run') return words.slice(skip(words, NODE_TOOLS, 1)).slice(0, 1)
      if (
        sub === 'test' ||
        (alias !== 'yarn' && (sub === 't' || sub === 'tst')) ||
        /^(it|cit|install-(ci-)?test)$/.test(sub)
      )
        return alias === 'bun' ? [] : ['test']
      return alias === 'npm' || PACKAGE_COMMANDS.has(sub) || !sub ? [] : [sub]
    }
    case 'node': {
      const at = args.indexOf('--run')
      return at >= 0 && args[at + 1] ? [args[at + 1]!] : []
    }
    case 'composer': {
      const words = plainWords(args, set('-d --working-dir'))
      const at = words[0] === 'run' || words[0] === 'run-script' ? 1 : 0
      return words
        .slice(at, at + 1)
        .filter(
          word => at || !/^(install|update|require|validate|dump-autoload|exec|global|audit|create-project)$/.test(word)
        )
    }
    case 'deno':
      return args[0] === 'task' ? plainWords(args.slice(1), set('--cwd -c --config')).slice(0, 1) : []
    case 'mise':
    case 'rtx':
      return /^(run|r)$/.test(args[0] ?? '')
        ? plainWords(args.slice(1), NONE)
            .slice(0, 1)
            .map(word => word.slice(word.lastIndexOf(':') + 1))
        : []
    case 'hatch':
    case 'pdm':
    case 'rye':
      return args[skip(args, set('-p -e'))] === 'run'
        ? plainWords(after(args, ['run'], set('-p -e')) ?? [], NONE).slice(0, 1)
        : []
    case 'tox':
      return listed(args, ['-e', '--env', '-m'])
    case 'nox':
      return listed(args, ['-s', '-e', '--session', '--sessions'])
    case 'run-p':
    case 'run-s':
    case 'npm-run-all':
      return plainWords(args, set('--max-parallel --npm-path'))
    case 'turbo':
    case 'lage':
    case 'moon':
    case 'lerna':
    case 'rush':
    case 'rushx':
    case 'wsrun':
    case 'melos': {
      const words = plainWords(
        args,
        set('--filter -F --concurrency --scope --ignore --cache-dir --log-order --cwd --output-logs --since')
      )
      const rest = words[0] === 'run' || words[0] === 'ci' ? words.slice(1) : alias === 'lerna' ? [] : words
      return rest.map(word => word.slice(word.indexOf(':') + 1 || word.indexOf('#') + 1))
    }
    case 'nx': {
      const targets = listed(args, ['-t', '--target', '--targets'])
      if (targets.length) return targets
      const words = plainWords(args, set('--projects -p --parallel --base --head --configuration -c --exclude'))
      if (words[0] === 'run') return (words[1] ?? '').split(':').slice(1, 2)
      if (/^(run-many|affected)$/.test(words[0] ?? '')) return words.slice(1)
      return words.slice(0, 1).map(word => word.replace(/^affected:/, ''))
    }
    default:
      return []
  }
}

/** Words that are no options, assignments or values of options, up to `--`. */
function plainWords(args: string[], valued: Set<string>): string[] {
  const words: string[] = []
  for (let at = 0; at < args.length; at++) {
    const word = args[at]!
    if (word === '--') break
    if (isOption(word)) {
      if (valued.has(word)) at++
    } else if (!isAssignment(word)) words.push(word)
  }
  return words
}

/** Values of an option that may be a list, by commas or by words. */
function listed(args: string[], flags: string[]): string[] {
  const values: string[] = []
  for (let at = 0; at < args.length; at++) {
    const word = args[at]!
    const flag = flags.find(one => word === one || word.startsWith(`${one}=`))
    if (!flag) continue
    if (word !== flag) values.push(word.slice(flag.length + 1))
    else while (args[at + 1] !== undefined && !isOption(args[at + 1]!)) values.push(args[++at]!)
  }
  return values.flatMap(value => value.split(',')).filter(Boolean)
}

// ---------------------------------------------------------------- following

/** Where a wrapper leads: `npm test`, `make check`, `./scripts/test.sh`, `tox -e py`. */
export interface Followed {
  /** As one would type it: 'npm test'. */
  name: string
  file?: ScriptFile
  target?: Target
  /** Directory that the target's commands run in. */
  directory: string
  /** Why it could not be followed: file not read, target not found in a file that was not fully understood. */
  unread?: string
}

/** What a call looks up: in which files, under which names. */
interface Lookup {
  /** In order of precedence; the first that exists counts. */
  files: string[]
  names: string[]
  directory: string
  /** Every package of the tree that has the script. */
  everywhere?: boolean
  /** A name that is not there is no wrapper after all: `yarn jest`. */
  maybe?: boolean
}

/**
 * Follows a wrapper to what it stands for; undefined where the command is no wrapper. Several names at once (`make lint
 * test`, `run-p test:*`) make one target that needs them all.
 */
export function follow(
  command: Command,
  directory: string,
  repo: Pick<Repo, 'scripts' | 'paths'>
): Followed | undefined {
  const here = whereOf(command, directory)
  for (const call of stagesOf(command)) {
    const given = scriptsGiven(call, command)
    if (given) return given
    const found = here === undefined ? unplaced(call) : followCall(call, here, repo)
    if (found) return found
  }
  const [word] = command.words
  if (word && !word.literal && !command.name && !stagesOf(command).some(call => rowsOf(call.name).length))
    return { name: word.value, directory, unread: 'the command is computed' }
  return undefined
}

/** Folder of the repository that a command runs in; undefined where it is computed or outside. */
function whereOf(command: Command, directory: string): string | undefined {
  if (command.directory === undefined) return undefined
  const start = directory.replace(/^\$\{\{\s*github\.workspace\s*\}\}|^\$\{?GITHUB_WORKSPACE\}?/, '.')
  if (isComputed(start)) return undefined
  const folder = joinPath(start, command.directory)
  // The layout of a GOPATH: the repository is checked out below its own name.
  return folder?.replace(/^(?:[\w.-]{1,50}\/){0,3}src\/github\.com\/[^/]+\/[^/]+\/?/, '')
}

const unplaced = (call: Call): Followed | undefined =>
  NAMED.has(call.name) && namesCalled(call).length
    ? { name: titleOf(call), directory: '', unread: 'the folder it runs in is computed' }
    : undefined

const titleOf = ({ name, args }: Call) => [name, ...args].join(' ').slice(0, 80)

const texts = new WeakMap<Repo['scripts'], Map<string, ScriptFile>>()
function fileAt(repo: Pick<Repo, 'scripts'>, path: string): ScriptFile | undefined {
  let files = texts.get(repo.scripts)
  if (!files || files.size !== repo.scripts.length) {
    files = new Map(repo.scripts.map(file => [file.path, file]))
    texts.set(repo.scripts, files)
  }
  return files.get(path)
}
const trees = new WeakMap<string[], Set<string>>()
function treeOf(paths: string[]): Set<string> {
  const known = trees.get(paths) ?? new Set(paths)
  trees.set(paths, known)
  return known
}

function followCall(call: Call, here: string, repo: Pick<Repo, 'scripts' | 'paths'>): Followed | undefined {
  const paths = treeOf(repo.paths)
  const lookup = lookupOf(call, here, paths)
  if (!lookup) return undefined
  const name = titleOf(call)
  const { names, directory, everywhere, maybe } = lookup
  if (everywhere) {
    const all = allPackages(names, lookup.files, repo)
    if (all) return { name, directory, ...all }
    return maybe ? undefined : { name, directory, unread: `no package with a script ${names.join(', ')} was read` }
  }
  const path = lookup.files.find(one => paths.has(one) || fileAt(repo, one))
  if (path === undefined) {
    if (maybe) return undefined
    return { name, directory, unread: `no ${baseName(lookup.files.at(-1) ?? 'file')} in ${here || 'the root folder'}` }
  }
  const file = fileAt(repo, path)
  if (!file) return { name, directory, unread: `${path} was not read` }
  const found = names.flatMap(one => targetsOf(file, one))
  if (!found.length) {
    if (maybe) return undefined
    return {
      name,
      directory,
      file,
      unread: `${path} has no ${names[0] || 'default'}${file.partial ? `: ${file.partial}` : ''}`
    }
  }
  const [only] = found
  const target = found.length === 1 && only ? only : joined(name, found)
  const within = only?.directory && found.length === 1 ? (joinPath(directory, only.directory) ?? directory) : directory
  return { name, file, target, directory: within }
}

const joined = (name: string, targets: Target[]): Target => ({
  name,
  at: targets[0]!.at,
  scripts: [],
  needs: targets.map(target => target.name)
})

/** Targets of a name; of a glob (`test:*`) several; of a make pattern (`test-%`) the one that stands for it. */
function targetsOf(file: ScriptFile, name: string): Target[] {
  const exact = file.targets.get(name)
  if (exact) return [exact]
  if (name.includes('*'))
    return [...file.targets.values()].filter(target => target.name && fits(target.name, name.replaceAll('**', '*')))
  if (file.tool === 'make') {
    const pattern = [...file.targets.values()].find(
      target => target.name.includes('%') && fits(name, target.name.replace('%', '*'))
    )
    return pattern ? [pattern] : []
  }
  if (file.tool === 'tox') {
    const base = file.targets.get('testenv')
    const factor = name
      .split('-')
      .map(part => file.targets.get(part))
      .find(target => target !== undefined)
    return factor ? [factor] : base && doingOfName(name)?.kind !== 'lint' ? [base] : []
  }
  return []
}

/** The scripts of a name in all packages that were read, as one target. */
function allPackages(
  names: string[],
  chosen: string[],
  repo: Pick<Repo, 'scripts'>
): { file: ScriptFile; target: Target } | undefined {
  const targets = new Map<string, Target>()
  for (const file of repo.scripts) {
    if (file.tool !== 'package' || (chosen.length && !chosen.includes(file.path))) continue
    for (const name of names)
      for (const target of targetsOf(file, name)) targets.set(`${file.path} ${target.name}`, { ...target, needs: [] })
  }
  const [first] = targets.values()
  if (!first) return undefined
  const target: Target = { name: names.join(' '), at: first.at, scripts: [], needs: [...targets.keys()] }
  return { target, file: { path: first.at.path, tool: 'package', targets } }
}

/** `concurrently "npm:test:*" "make check"`: each word is a command line. */
function scriptsGiven(call: Call, command: Command): Followed | undefined {
  const isNested = call.name === 'concurrently' || call.name === 'conc' || call.name === 'start-server-and-test'
  if (!isNested) return undefined
  const scripts: Script[] = []
  const valued = set('-n --names -c --prefix-colors -p --prefix -k --restart-tries --expect')
  const words = plainWords(call.args, valued)
  for (const word of call.name === 'start-server-and-test' ? words.slice(-1) : words) {
    const at = command.words.find(one => one.value === word)?.at ?? command.at
    const isName = call.name === 'start-server-and-test' && /^[\w:-]+$/.test(word)
    const line = word.startsWith('npm:') ? `npm run ${word.slice(4)}` : isName ? `npm run ${word}` : word
    scripts.push(scriptOf(textAt(line, at), { name: 'sh', errexit: false, pipefail: false }))
  }
  if (!scripts.length) return undefined
  const name = call.name
  const target: Target = { name, at: command.at, scripts, needs: [] }
  const file: ScriptFile = { path: command.at.path, tool: 'shell', targets: new Map([[name, target]]) }
  return { name, file, target, directory: command.directory ?? '' }
}

/** In which files a call looks for which names; undefined where it runs nothing of the repository. */
function lookupOf(call: Call, here: string, paths: Set<string>): Lookup | undefined {
  const { args } = call
  const name = ALIASES[call.name] ?? call.name
  const names = namesCalled(call)
  const inside = (folder: string | undefined) => (folder === undefined ? here : joinPath(here, folder))
  switch (name) {
    case 'make': {
      if (isSkipped('make', args)) return undefined
      const directory = inside(optionOf(args, ['-C', '--directory']))
      if (directory === undefined || isComputed(directory)) return undefined
      const file = optionOf(args, ['-f', '--file', '--makefile'])
      const files = (file ? [file] : ['GNUmakefile', 'makefile', 'Makefile']).flatMap(
        one => joinPath(directory, one) ?? []
      )
      return { files, names: names.length ? names : [''], directory }
    }
    case 'just':
    case 'task': {
      const directory = inside(optionOf(args, name === 'just' ? ['-d', '--working-directory'] : ['-d', '--dir']))
      if (directory === undefined) return undefined
      const file = optionOf(args, name === 'just' ? ['-f', '--justfile'] : ['-t', '--taskfile'])
      const bases = file
        ? [file]
        : name === 'just'
          ? ['justfile', 'Justfile', '.justfile', 'JUSTFILE']
          : [
              'Taskfile.yml',
              'taskfile.yml',
              'Taskfile.yaml',
              'taskfile.yaml',
              'Taskfile.dist.yml',
              'Taskfile.dist.yaml'
            ]
      const files = file ? [joinPath(directory, file) ?? ''] : upward(directory, bases)
      const [first, ...others] = names
      // `taskipy` has its names in pyproject.toml, and the same command.
      if (name === 'task' && !file && !files.some(one => paths.has(one)))
        return { files: upward(directory, ['pyproject.toml']), names, directory, maybe: true }
      if (name === 'just')
        return { files, names: [first ?? '', ...others.filter(one => /^[a-z][\w-]*$/.test(one))], directory }
      return { files, names: names.length ? names : ['default'], directory }
    }
    case 'npm':
    case 'pnpm':
    case 'yarn':
    case 'bun':
    case 'node':
    case 'run-p':
    case 'run-s':
    case 'npm-run-all': {
      if (!names.length) return undefined
      const { directory: folder, packages, sub } = nodeCall(args)
      const directory = inside(/^(npm|pnpm|yarn|bun)$/.test(name) ? folder : undefined)
      if (directory === undefined || names.some(isComputed)) return undefined
      const maybe =
        name !== 'npm' &&
        name !== 'run-p' &&
        name !== 'run-s' &&
        name !== 'npm-run-all' &&
        sub !== 'test' &&
        sub !== 't'
      if (packages.length && /^(npm|pnpm|yarn|bun)$/.test(name)) {
        const files = packages.flatMap(one => packageFiles(one, paths))
        return { files: packages.includes('*') ? [] : files, names, directory, everywhere: true, maybe }
      }
      return { files: upward(directory, ['package.json']), names, directory, maybe }
    }
    case 'turbo':
    case 'lerna':
    case 'lage':
    case 'wsrun':
    case 'nx':
      return names.length ? { files: [], names, directory: here, everywhere: true, maybe: name === 'nx' } : undefined
    case 'composer': {
      const directory = inside(optionOf(args, ['-d', '--working-dir']))
      if (!names.length || directory === undefined) return undefined
      return { files: [joinPath(directory, 'composer.json') ?? ''], names, directory, maybe: args[0] !== 'run-script' }
    }
    case 'deno':
      return names.length
        ? { files: upward(here, ['deno.json', 'deno.jsonc', 'package.json']), names, directory: here }
        : undefined
    case 'tox': {
      const directory = inside(optionOf(args, ['-c', '--conf', '--workdir']) ? undefined : optionOf(args, ['--root']))
      if (directory === undefined || isSkipped('tox', args)) return undefined
      return {
        files: [joinPath(directory, 'tox.ini') ?? ''],
        names: names.length ? names : [''],
        directory,
        maybe: true
      }
    }
    case 'nox':
      return {
        files: [joinPath(here, 'noxfile.py') ?? ''],
        names: names.length ? names : [''],
        directory: here,
        maybe: true
      }
    case 'rake':
      return {
        files: upward(here, ['Rakefile', 'rakefile']),
        names: names.length ? names : ['default'],
        directory: here,
        maybe: true
      }
    case 'poe':
    case 'hatch':
    case 'pdm':
    case 'rye':
      return names.length
        ? { files: upward(here, ['pyproject.toml']), names, directory: here, maybe: name !== 'poe' }
        : undefined
    default:
  }
  return scriptLookup(call, here, paths)
}

/** `./scripts/test.sh`, `bin/test`, `. ./env.sh`: a file of the repository that is a shell script, as far as its name tells. */
function scriptLookup({ name, path, args }: Call, here: string, paths: Set<string>): Lookup | undefined {
  const file = name === '.' || name === 'source' ? args[0] : path
  if (file === undefined) return undefined
  const own = file.replace(/^\$\{\{\s*github\.workspace\s*\}\}\/?|^\$\{?(GITHUB_WORKSPACE|PWD)\}?\/?/, found =>
    /PWD/.test(found) ? './' : '/'
  )
  if (isComputed(own) || own.startsWith('~')) return undefined
  const isScript = /\.(sh|bash|ksh|zsh)$/.test(own)
  if (!own.includes('/') && !(file !== path) && !isScript) return undefined
  if (/\.\w{1,6}$/.test(baseName(own)) && !isScript) return undefined
  if (!isScript && rowsOf(programName(own)).length) return undefined
  const found =
    own.startsWith('/') && own !== file ? joinPath(own) : own.startsWith('/') ? undefined : joinPath(here, own)
  if (found === undefined || (!paths.has(found) && !isScript)) return undefined
  return { files: [found], names: [''], directory: here, ...(file !== path && { maybe: true }) }
}

/** Files of these names in a folder and those above it. */
function upward(folder: string, names: string[]): string[] {
  const files: string[] = []
  for (let at = folder, depth = 0; depth < 50; at = folderOf(at), depth++) {
    for (const name of names) files.push(at ? `${at}/${name}` : name)
    if (!at) break
  }
  return files
}

function optionOf(args: string[], flags: string[]): string | undefined {
  for (const [at, word] of args.entries()) {
    const flag = flags.find(
      one =>
        word === one ||
        word.startsWith(`${one}=`) ||
        (/^-\w$/.test(one) && word.startsWith(one) && word.length > 2 && !word.startsWith('--'))
    )
    if (!flag) continue
    if (word === flag) return args[at + 1]
    return word[flag.length] === '=' ? word.slice(flag.length + 1) : word.slice(flag.length)
  }
  return undefined
}

/** Packages that a workspace name, a path or a pattern chooses, as far as paths tell. */
function packageFiles(chosen: string, paths: Set<string>): string[] {
  const name = chosen.replace(/^\.\/|^\{|\}$|^\.{3}|\.{3}$|\/$/g, '')
  if (name === '*' || name.startsWith('!')) return []
  const last = baseName(name)
  const files: string[] = []
  for (const path of paths) {
    if (files.length >= 100) break
    if (!path.endsWith('/package.json') || path.includes('node_modules/')) continue
    const folder = folderOf(path)
    if (folder === name || baseName(folder) === last || (name.includes('*') && fits(folder, name))) files.push(path)
  }
  return files
}

/** Paths of the tree that a command names and whose text is needed to know what it does. */
export function pathsNamedBy(command: Command, directory: string, paths: Set<string>): string[] {
  const here = whereOf(command, directory)
  if (here === undefined) return []
  const named = new Set<string>()
  for (const call of stagesOf(command)) {
    const lookup = lookupOf(call, here, paths)
    if (!lookup) continue
    if (lookup.everywhere && !lookup.files.length) {
      for (const path of paths) {
        if (named.size >= 100) break
        if (baseName(path) === 'package.json' && !/(^|\/)(node_modules|fixtures?|examples?|testdata)\//.test(path))
          named.add(path)
      }
    } else if (lookup.everywhere) for (const path of lookup.files) named.add(path)
    else {
      const first = lookup.files.find(path => paths.has(path))
      if (first) named.add(first)
    }
  }
  return [...named]
}
