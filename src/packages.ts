import type { Command, Edit, Instruction, Word } from './model.js'
import { afterOf } from './query.js'

/** Calls of package managers as commands make them: what is done to which packages, with which flags. */

export type Manager =
  | 'apt-get'
  | 'apt'
  | 'aptitude'
  | 'apk'
  | 'yum'
  | 'dnf'
  | 'microdnf'
  | 'zypper'
  | 'pacman'
  | 'pip'
  | 'pipx'
  | 'uv'
  | 'poetry'
  | 'pdm'
  | 'pipenv'
  | 'npm'
  | 'yarn'
  | 'pnpm'
  | 'bun'
  | 'gem'
  | 'bundle'
  | 'go'
  | 'cargo'
  | 'composer'
  | 'maven'
  | 'gradle'
  | 'dotnet'
  | 'mix'

/**
 * What a call does. `install` without packages installs what the project's own files name. `update` fetches the index,
 * `upgrade` brings installed packages up to date, `dist-upgrade` may also add and remove some.
 */
export type Action =
  | 'install'
  | 'reinstall'
  | 'group-install'
  | 'module-install'
  | 'build-dep'
  | 'download'
  | 'remove'
  | 'update'
  | 'upgrade'
  | 'dist-upgrade'
  | 'clean'
  | 'run'
  | 'other'

export interface PackageCall {
  manager: Manager
  action: Action
  command: Command
  /** The word that names the manager: behind wrappers such as `sudo`, and `pip` of `python -m pip`. */
  program: Word
  /** The last word of the subcommand; absent where the manager is called without one. */
  verb?: Word
  /** What it is called on: packages, for most. Values of flags are none of them. */
  packages: Word[]
  /** As written, short ones that are bundled apart. */
  flags: CallFlag[]
  /** Some word may hold flags that only the build knows: `apt-get $OPTIONS install`. */
  maybeFlags: boolean
  /** NAME=value before the program, those of `env` included. */
  assignments: { name: string; value: string }[]
}
export interface CallFlag {
  name: string
  value?: string
  word: Word
}

const calls = new WeakMap<Command, { call: PackageCall | undefined }>()

/** A command as the call of a package manager. */
export function packageCallOf(command: Command): PackageCall | undefined {
  // Most commands are none.
  const name = baseName(command.words[0]?.value ?? '')
  if (!factsOf(name) && !WRAPPERS[name] && !PYTHON.test(name)) return undefined
  const known = calls.get(command)
  if (known) return known.call
  const call = readCall(command)
  calls.set(command, { call })
  return call
}

/** The calls that a RUN makes, in order. */
export function packageCallsOf(instruction: Instruction): readonly PackageCall[] {
  const { keyword, script } = instruction
  if (keyword !== 'RUN' || !script) return NONE
  const known = callsOfRun.get(instruction)
  if (known) return known
  const made: PackageCall[] = []
  for (const command of script.commands) {
    const call = packageCallOf(command)
    if (call) made.push(call)
  }
  const calls = made.length ? made : NONE
  callsOfRun.set(instruction, calls)
  return calls
}
// A dozen rules ask.
const callsOfRun = new WeakMap<Instruction, readonly PackageCall[]>()
const NONE: readonly PackageCall[] = []

/** The first of some flags that a call has. */
export const flagOf = ({ flags }: PackageCall, ...names: string[]): CallFlag | undefined =>
  flags.find(({ name }) => names.includes(name))

// ---------------------------------------------------------------- the managers

interface Facts {
  manager: Manager
  /** Subcommands, aliases included; those of two words too. */
  verbs: Record<string, Action>
  /** Without a subcommand. */
  bare?: Action
  /** Flags whose value is the next word. */
  valued: Set<string>
  /** All operands are goals; there is no subcommand. */
  goals?: true
  /** Long flags begin with a single dash. */
  singleDash?: true
  /** What follows `--` is for somebody else. */
  endsAtDashes?: true
}

const words = (text: string): string[] => text.split(' ').filter(Boolean)

function facts(
  manager: Manager,
  verbs: Partial<Record<Action, string>>,
  valued = '',
  more: Partial<Facts> = {}
): Facts {
  let byName: Facts['verbs'] | undefined
  let withValue: Facts['valued'] | undefined
  // Of thirty managers a repository calls two.
  return {
    manager,
    ...more,
    get verbs() {
      return (byName ??= verbsByName(verbs))
    },
    get valued() {
      return (withValue ??= new Set(words(valued)))
    }
  }
}

function verbsByName(verbs: Partial<Record<Action, string>>): Record<string, Action> {
  const byName: Record<string, Action> = Object.create(null)
  for (const [action, names] of Object.entries(verbs))
    for (const name of words(names)) byName[name.replace('+', ' ')] = action as Action
  return byName
}

const APT = {
  install: 'install satisfy',
  reinstall: 'reinstall',
  'build-dep': 'build-dep',
  remove: 'remove purge autoremove autopurge auto-remove',
  update: 'update',
  upgrade: 'upgrade safe-upgrade',
  'dist-upgrade': 'dist-upgrade full-upgrade',
  download: 'download source',
  clean: 'clean autoclean distclean dist-clean auto-clean'
}
const APT_VALUED =
  '-t --target-release --default-release -o --option -c --config-file -a --host-architecture -P --build-profiles --solver'
const DNF = {
  install: 'install in localinstall install-n install-na install-nevra',
  reinstall: 'reinstall rei',
  'group-install': 'groupinstall group+install grp+install groups+install',
  'module-install': 'module+install module+enable',
  'build-dep': 'builddep build-dep',
  remove: 'remove rm erase autoremove',
  update: 'makecache mc check-update check-upgrade',
  upgrade: 'update up upgrade update-minimal upgrade-minimal up-min',
  'dist-upgrade': 'distro-sync dsync distribution-synchronization',
  download: 'download',
  clean: 'clean'
}
const DNF_VALUED =
  '-c --config -x --exclude --excludepkgs --enablerepo --disablerepo --repo --repoid --setopt --installroot --releasever --disableplugin --enableplugin -d --debuglevel -e --errorlevel --rpmverbosity -R --randomwait --comment --advisory --bz --bzs --cve --cves --forcearch --color --repofrompath --disableexcludes --downloaddir --destdir --arch --security-severity'
const NODE_VALUED =
  '--registry --loglevel --prefix -C --cache --userconfig --globalconfig -w --workspace --omit --include --only --install-strategy --tag --otp --fetch-retries --fetch-timeout --fetch-retry-mintimeout --fetch-retry-maxtimeout --maxsockets --network-timeout --network-concurrency --before --cafile --ca --proxy --https-proxy --script-shell --target --arch --platform --cpu --os --libc --cwd --cache-folder --modules-folder --mutex --preferred-cache-folder --global-folder --link-folder --dir --filter -F --store-dir --virtual-store-dir --reporter --child-concurrency --global-dir --backend --cache-dir --python'
const NODE_INSTALL = 'install i in ins inst insta instal isnt isnta isntal isntall add'
const PIP_VALUED =
  '-r --requirement -c --constraint -e --editable -t --target --platform --python-version --implementation --abi --root --prefix --src -b --build --progress-bar --root-user-action --upgrade-strategy -C --config-settings --config-setting --global-option --install-option --no-binary --only-binary -i --index-url --pypi-url --extra-index-url -f --find-links --log --proxy --retries --timeout --exists-action --trusted-host --cert --client-cert --cache-dir --report --python --keyring-provider --use-feature --use-deprecated --group --hash --build-constraint'
const UV_VALUED = `${PIP_VALUED} -p --index --default-index --index-strategy --resolution --prerelease --link-mode --extra --only-group --no-group --no-extra --package --project --directory --config-file --color --with --allow-insecure-host --override --build-constraints --exclude-newer --refresh-package --reinstall-package --upgrade-package -P --no-install-package --torch-backend --python-platform`
const GO_VALUED =
  '-o -p -C -tags -ldflags -gcflags -asmflags -gccgoflags -mod -modfile -overlay -exec -compiler -buildmode -installsuffix -pkgdir -toolexec -run -count -timeout'

const MANAGERS: Record<string, Facts> = Object.assign(Object.create(null), {
  'apt-get': facts('apt-get', APT, APT_VALUED),
  apt: facts('apt', APT, APT_VALUED),
  aptitude: facts('aptitude', APT, `${APT_VALUED} -q -w --width -F --display-format -s --sort --add-user-tag`),
  apk: facts(
    'apk',
    { install: 'add', remove: 'del', update: 'update', upgrade: 'upgrade', download: 'fetch', clean: 'cache+clean' },
    '-t --virtual -X --repository -p --root --arch --keys-dir --repositories-file --wait --cache-dir --cache-max-age --progress-fd --timeout -o --output'
  ),
  yum: facts('yum', DNF, DNF_VALUED),
  dnf: facts('dnf', DNF, DNF_VALUED),
  microdnf: facts('microdnf', DNF, DNF_VALUED),
  zypper: facts(
    'zypper',
    {
      install: 'install in',
      'build-dep': 'source-install si build-deps-install',
      remove: 'remove rm',
      update: 'refresh ref',
      upgrade: 'update up patch',
      'dist-upgrade': 'dist-upgrade dup',
      download: 'download',
      clean: 'clean cc'
    },
    '-c --config -D --reposd-dir -C --cache-dir --raw-cache-dir --solv-cache-dir --pkg-cache-dir -p --plus-repo --plus-content -R --root --installroot --releasever --userdata -r --repo --from -t --type --download --category --severity --date --bugzilla --cve'
  ),
  pacman: facts('pacman', {}, '-b --dbpath -r --root --cachedir --config --ignore --ignoregroup --overwrite --arch'),
  pip: facts('pip', { install: 'install', download: 'download wheel', clean: 'cache+purge' }, PIP_VALUED),
  pipx: facts(
    'pipx',
    { install: 'install', run: 'run', upgrade: 'upgrade upgrade-all' },
    '--python --spec --suffix --pip-args -i --index-url --backend --preinstall'
  ),
  uv: facts(
    'uv',
    { install: 'pip+install sync pip+sync add tool+install', run: 'run', clean: 'cache+clean cache+prune clean' },
    UV_VALUED
  ),
  poetry: facts(
    'poetry',
    { install: 'install sync add', run: 'run', clean: 'cache+clear' },
    '--with --without --only -E --extras -C --directory -P --project --source -G --group --python --platform'
  ),
  pdm: facts('pdm', { install: 'install sync add', run: 'run' }, '-p --project -G --group -L --lockfile -c --config'),
  pipenv: facts(
    'pipenv',
    { install: 'install sync', run: 'run' },
    '--python --pypi-mirror -r --requirements -i --index --categories --extra-pip-args'
  ),
  npm: facts(
    'npm',
    {
      install: `${NODE_INSTALL} ci clean-install ic install-clean isntall-clean install-test it cit install-ci-test`,
      upgrade: 'update up upgrade udpate',
      run: 'run run-script rum test t start exec x',
      clean: 'cache+clean cache+clear'
    },
    NODE_VALUED
  ),
  yarn: facts(
    'yarn',
    {
      install: 'install add global+add workspaces+focus',
      upgrade: 'upgrade up global+upgrade',
      clean: 'cache+clean'
    },
    NODE_VALUED,
    { bare: 'install' }
  ),
  pnpm: facts(
    'pnpm',
    {
      install: 'install i add ci',
      download: 'fetch',
      upgrade: 'update up upgrade',
      run: 'run exec dlx',
      clean: 'store+prune'
    },
    NODE_VALUED
  ),
  bun: facts('bun', { install: 'install i add ci a', run: 'run x', clean: 'pm+cache' }, NODE_VALUED),
  gem: facts(
    'gem',
    { install: 'install i', upgrade: 'update', clean: 'cleanup' },
    '-v --version -i --install-dir -n --bindir -s --source -P --trust-policy --platform -g --file --document -p --http-proxy -B --bulk-threshold --without --build-root --target-rbconfig --config-file',
    { endsAtDashes: true }
  ),
  bundle: facts(
    'bundle',
    { install: 'install', upgrade: 'update', run: 'exec', clean: 'clean', download: 'cache package' },
    '--gemfile --jobs -j --path --retry --without --with --system --standalone --binstubs --shebang --trust-policy --target-rbconfig',
    { bare: 'install' }
  ),
  go: facts(
    'go',
    { install: 'install get', run: 'run', download: 'mod+download', other: 'build test generate vet' },
    GO_VALUED,
    { singleDash: true }
  ),
  cargo: facts(
    'cargo',
    { install: 'install', download: 'fetch vendor', run: 'build run test chef b r t' },
    '--version --vers --git --branch --tag --rev --path --root --registry --index -F --features --profile -j --jobs --target --target-dir --manifest-path --color --config -Z --bin --example -C --lockfile-path'
  ),
  composer: facts(
    'composer',
    {
      install: 'install i require',
      upgrade: 'update u upgrade',
      clean: 'clear-cache clearcache cc',
      run: 'run run-script exec'
    },
    '-d --working-dir --prefer-install --ignore-platform-req --apcu-autoloader-prefix'
  ),
  maven: facts(
    'maven',
    {},
    '-f --file -s --settings -gs --global-settings -P --activate-profiles -pl --projects -T --threads -t --toolchains -l --log-file -b --builder',
    {
      bare: 'run',
      goals: true,
      singleDash: true
    }
  ),
  gradle: facts(
    'gradle',
    {},
    '-p --project-dir -b --build-file -c --settings-file -I --init-script -g --gradle-user-home -x --exclude-task --console --max-workers',
    {
      bare: 'run',
      goals: true,
      singleDash: true
    }
  ),
  dotnet: facts(
    'dotnet',
    { install: 'restore', run: 'build publish run test pack' },
    '-r --runtime -s --source --configfile --packages -v --verbosity -a --arch -c --configuration -o --output'
  ),
  mix: facts('mix', { install: 'deps.get', run: 'compile deps.compile release' }, '--only')
})
const NAMES: Record<string, string> = Object.assign(Object.create(null), {
  mvn: 'maven',
  mvnw: 'maven',
  gradlew: 'gradle',
  tdnf: 'dnf',
  dnf5: 'dnf',
  bundler: 'bundle',
  yarnpkg: 'yarn',
  'composer.phar': 'composer'
})

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

function factsOf(name: string): Facts | undefined {
  if (/^pip-?\d?(\.\d{1,2})?$/.test(name)) return MANAGERS.pip
  return MANAGERS[NAMES[name] ?? name]
}

// ---------------------------------------------------------------- wrappers

/** Programs that run the command behind them, with the flags of theirs that take a value. */
const WRAPPERS: Record<string, Set<string> | undefined> = Object.assign(Object.create(null), {
  sudo: new Set(words('-u -g -h -p -C -r -t -U -D --user --group')),
  doas: new Set(words('-u -C')),
  env: new Set(words('-u -C --unset --chdir')),
  exec: new Set(['-a']),
  command: new Set(),
  builtin: new Set(),
  time: new Set(words('-f -o')),
  nohup: new Set(),
  nice: new Set(words('-n --adjustment')),
  ionice: new Set(words('-c -n')),
  stdbuf: new Set(words('-i -o -e')),
  timeout: new Set(words('-s -k --signal --kill-after')),
  xargs: new Set(words('-n -P -I -L -d -E -s -a --max-args --max-procs --arg-file --delimiter')),
  eatmydata: new Set(),
  fakeroot: new Set(),
  unbuffer: new Set(),
  chronic: new Set(),
  retry: new Set(words('-t --tries -d --delay --times --max-tries --min --max -m -r')),
  corepack: new Set(),
  'su-exec': new Set(),
  gosu: new Set()
})
/** Their first word is not the command yet: a duration, a user. */
const WITH_OPERAND = new Set(['timeout', 'su-exec', 'gosu'])
const MAX_WRAPPERS = 10
const PYTHON = /^(python|pypy)\d?(\.\d{1,2})?$/

const isAssignment = (word: string): boolean => /^[A-Za-z_]\w*=/.test(word)

/** Index of the word that names the program, wrappers peeled. Assignments on the way are added to `assignments`. */
function programAt(written: Word[], assignments: PackageCall['assignments']): number {
  let at = 0
  for (let peeled = 0; peeled < MAX_WRAPPERS; peeled++) {
    const name = baseName(written[at]?.value ?? '')
    const valued = WRAPPERS[name]
    if (valued) {
      at = afterFlags(written, at + 1, valued)
      for (; at < written.length && isAssignment(written[at]!.value); at++) {
        const { value } = written[at]!
        const equals = value.indexOf('=')
        assignments.push({ name: value.slice(0, equals), value: value.slice(equals + 1) })
      }
      if (WITH_OPERAND.has(name)) at++
      continue
    }
    if (!PYTHON.test(name)) return at
    const module = moduleAt(written, at + 1)
    if (!module) return at
    at = module
  }
  return at
}

/** The word behind `-m`; flags before it are the interpreter's, those behind are the module's. */
function moduleAt(written: Word[], from: number): number | undefined {
  let at = from
  while (written[at]?.value.startsWith('-')) {
    if (written[at]!.value === '-m') return at + 1
    at += /^-[WX]$/.test(written[at]!.value) ? 2 : 1
  }
  return undefined
}

function afterFlags(written: Word[], from: number, valued: Set<string>): number {
  let at = from
  while (at < written.length) {
    const { value } = written[at]!
    if (value === '--') return at + 1
    if (value.length < 2 || !value.startsWith('-')) break
    at += valued.has(value) ? 2 : 1
  }
  return at
}

// ---------------------------------------------------------------- reading a call

function readCall(command: Command): PackageCall | undefined {
  const assignments = [...command.assignments]
  const at = programAt(command.words, assignments)
  const program = command.words[at]
  const found = program && factsOf(baseName(program.value))
  if (!program || !found) return undefined
  const { operands, flags } = readWords(command.words, at + 1, found)
  const verb = readVerb(operands, found)
  const call: PackageCall = {
    manager: found.manager,
    action: verb?.action ?? (operands.length && !found.goals ? 'other' : (found.bare ?? 'other')),
    command,
    program,
    ...(verb && { verb: operands[verb.to - 1]! }),
    packages: operands.slice(verb?.to ?? 0),
    flags,
    maybeFlags: operands.some((word, index) => isComputed(word) && (index < (verb?.from ?? 0) || namesFlags(word))),
    assignments
  }
  if (found.manager === 'pacman') call.action = pacmanAction(call)
  return call
}

function readWords(written: Word[], from: number, found: Facts): { operands: Word[]; flags: CallFlag[] } {
  const operands: Word[] = []
  const flags: CallFlag[] = []
  for (let at = from; at < written.length; at++) {
    const word = written[at]!
    const { value } = word
    if (value === '--') {
      if (!found.endsAtDashes) operands.push(...written.slice(at + 1))
      break
    }
    // npm and gem let a yes or no follow a flag.
    if ((value === 'true' || value === 'false') && written[at - 1]?.value.startsWith('--')) continue
    if (value.length < 2 || !value.startsWith('-')) operands.push(word)
    else if (value.startsWith('--') || found.singleDash) {
      const equals = value.indexOf('=')
      const name = equals < 0 ? value : value.slice(0, equals)
      if (equals >= 0) flags.push({ name, value: value.slice(equals + 1), word })
      else if (found.valued.has(name) && written[at + 1]) flags.push({ name, value: written[++at]!.value, word })
      else flags.push({ name, word })
    } else if (readShort(word, written[at + 1], found, flags)) at++
  }
  return { operands, flags }
}

/** Reads short flags, bundled ones too; true where the next word is the value of the last. */
function readShort(word: Word, next: Word | undefined, found: Facts, flags: CallFlag[]): boolean {
  const letters = word.value.slice(1)
  for (let at = 0; at < letters.length && at < MAX_BUNDLED; at++) {
    const name = `-${letters[at]}`
    const rest = letters.slice(at + 1)
    if (rest.startsWith('=') || (found.valued.has(name) && rest)) {
      flags.push({ name, value: rest.replace(/^=/, ''), word })
      return false
    }
    if (found.valued.has(name) && next) {
      flags.push({ name, value: next.value, word })
      return true
    }
    flags.push({ name, word })
  }
  return false
}
const MAX_BUNDLED = 20

/** The subcommand: the first operand, or the first known one behind words that only the build knows. */
function readVerb(operands: Word[], { verbs }: Facts): { action: Action; from: number; to: number } | undefined {
  for (const [at, word] of operands.entries()) {
    const next = operands[at + 1]
    const both = next && verbs[`${word.value} ${next.value}`]
    if (both) return { action: both, from: at, to: at + 2 }
    const one = verbs[word.value]
    if (one) return { action: one, from: at, to: at + 1 }
    if (!isComputed(word)) return undefined
  }
  return undefined
}

const isComputed = ({ literal, value }: Word): boolean => !literal && /^[$`]/.test(value)
const namesFlags = ({ value }: Word): boolean => /^\$\{?\w*(opt|flag|arg)/i.test(value.slice(0, 80))

function pacmanAction(call: PackageCall): Action {
  if (flagOf(call, '-R', '--remove')) return 'remove'
  if (flagOf(call, '-U')) return 'install'
  if (!flagOf(call, '-S', '--sync')) return 'other'
  if (flagOf(call, '-c', '--clean')) return 'clean'
  if (flagOf(call, '-s', '-i', '-l', '-g', '-p')) return 'other'
  if (call.packages.length) return 'install'
  if (flagOf(call, '-u', '--sysupgrade')) return 'upgrade'
  return flagOf(call, '-y', '--refresh') ? 'update' : 'other'
}

/** The calls of a RUN by their manager, in order. */
export function callsByManager(instruction: Instruction): Map<Manager, PackageCall[]> {
  const byManager = new Map<Manager, PackageCall[]>()
  for (const call of packageCallsOf(instruction)) {
    const same = byManager.get(call.manager)
    if (same) same.push(call)
    else byManager.set(call.manager, [call])
  }
  return byManager
}

/** A flag behind the subcommand, in a call that has one; in the exec form as a string of its own. */
export function withFlag({ verb, program }: PackageCall, flag: string, json: boolean): Edit {
  return { at: afterOf((verb ?? program).at), text: json ? `", "${flag}` : ` ${flag}` }
}
