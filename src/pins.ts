import type { Word } from './model.js'
import { flagOf, type Manager, type PackageCall } from './packages.js'

/** Which packages a call takes in whatever version there is. */

export interface Unpinned {
  word: Word
  /**
   * `system`: of the operating system. `library`: of a language, the newest at each build. `installer`: installs what a
   * lock file says, whatever its own version, or leaves the choice to the project. `module`: of Go, where the module's
   * own file may say the version.
   */
  kind: 'system' | 'library' | 'installer' | 'module'
  /** The package's name, without extras and versions. */
  name: string
}

/** `textOf` gives a word with its variables put in, where they are known. */
export function unpinnedOf(call: PackageCall, textOf: (word: Word) => string | undefined): Unpinned[] {
  const pins = PINS[call.manager]
  if (!pins || !isInstall(call) || pins.exempt?.(call)) return []
  const found: Unpinned[] = []
  const words = call.manager === 'go' && call.action === 'run' ? call.packages.slice(0, 1) : call.packages
  for (const word of words) {
    const { value } = word
    if (!value || pins.isPinned(value, call)) continue
    const known = word.literal ? value : textOf(word)
    const loose = known?.split(/\s+/, MAX_WORDS).find(one => one && !pins.isPinned(one, call))
    if (loose) found.push({ word, name: pins.nameOf?.(loose) ?? loose, kind: pins.kindOf(loose, call) })
  }
  return found
}
// A variable may hold a list.
const MAX_WORDS = 100

const isInstall = ({ manager, action, verb }: PackageCall): boolean => {
  if (manager === 'go') return action === 'install' || action === 'run'
  if (manager === 'uv') return verb?.value === 'install'
  return action === 'install' || action === 'module-install'
}

interface Pins {
  isPinned(name: string, call: PackageCall): boolean
  kindOf(name: string, call: PackageCall): Unpinned['kind']
  nameOf?(name: string): string
  /** Something else says the versions. */
  exempt?(call: PackageCall): boolean
}

const isAddress = (name: string): boolean => name.includes('://')
const isFolder = (name: string): boolean => /^[./~]/.test(name)
const isPath = (name: string): boolean => isFolder(name) || isAddress(name)
const system = (isPinned: Pins['isPinned'], exempt?: Pins['exempt']): Pins => ({
  isPinned,
  kindOf: () => 'system',
  ...(exempt && { exempt })
})

// A name may have a slash with the release behind it, and a dash at its end takes a package away.
const debian = system(name => /[=/]/.test(name) || name.endsWith('.deb') || name.endsWith('-') || isPattern(name))
const isPattern = (name: string): boolean => /^[~?]/.test(name)
const redHat = system((name, { action }) =>
  action === 'module-install'
    ? name.includes(':')
    : /[/<>=]/.test(name) || name.startsWith('@') || name.endsWith('.rpm') || endsInVersion(name)
)
/** NAME-VERSION or NAME-VERSION-RELEASE. A number alone before the end is part of a name: java-21-openjdk. */
function endsInVersion(name: string): boolean {
  const [last = '', before = '', ...rest] = name.split('-').reverse()
  return before !== '' && (/^\d/.test(last) || (rest.length > 0 && /^\d+[.:]/.test(before)))
}

const INSTALLERS = new Set(['pip', 'setuptools', 'wheel', 'npm', 'pnpm', 'yarn', 'corepack', 'bundler'])
const libraryOrInstaller = (name: string): Unpinned['kind'] => (INSTALLERS.has(name) ? 'installer' : 'library')
const pythonName = (name: string): string => name.split('[', 1)[0]!.toLowerCase()

const python: Pins = {
  isPinned(name) {
    if (/^(git|hg|svn|bzr)\+/.test(name)) return name.slice(pathOf(name)).includes('@')
    return /[=<>/\\]/.test(name) || name.startsWith('.') || /\.(whl|zip|gz)$/.test(name)
  },
  kindOf: name => libraryOrInstaller(pythonName(name)),
  nameOf: pythonName,
  exempt: call =>
    flagOf(call, '-c', '--constraint', '--no-index', '--require-hashes') !== undefined ||
    isFolder(flagOf(call, '-f', '--find-links')?.value ?? '')
}
/** Where the path of an address begins: an @ before it belongs to the account. */
const pathOf = (name: string): number => Math.max(0, name.indexOf('/', name.indexOf('://') + 3))

const node: Pins = {
  isPinned(name) {
    if (/^(git|github|gitlab|bitbucket)\b[+:]/.test(name)) return name.includes('#')
    if (isPath(name) || /\.(tgz|tar|tar\.gz)$/.test(name) || /^(file|link|workspace):/.test(name)) return true
    // owner/name is a repository on GitHub.
    return name.includes(name.includes('/') && !name.startsWith('@') ? '#' : '@', 1)
  },
  kindOf: libraryOrInstaller
}

const go: Pins = {
  isPinned: name => isPath(name) || name.endsWith('.go') || (name.includes('@') && !isMoving(name)) || isNoModule(name),
  kindOf: (name, { verb }) => (isMoving(name) || (verb?.value === 'get' && name.includes('.')) ? 'library' : 'module')
}
/** Words for the module's own tools and packages. */
const isNoModule = (name: string): boolean => /^(tool|std|cmd|all|work)$/.test(name) || name.startsWith('cmd/')
const isMoving = (name: string): boolean => /@(latest|none|upgrade|patch|main|master|HEAD)$/.test(name)

const PINS: Partial<Record<Manager, Pins>> = {
  'apt-get': debian,
  apt: debian,
  aptitude: debian,
  // An exclamation mark in front says that a package must not be there.
  apk: system(name => /[=~<>]/.test(name) || /^[./!]/.test(name) || name.endsWith('.apk')),
  yum: redHat,
  dnf: redHat,
  microdnf: redHat,
  zypper: system(
    name => /[=<>~]/.test(name) || name.endsWith('.rpm') || isPath(name) || /^(pattern|product|patch):/.test(name),
    call => /^(pattern|product|patch)$/.test(flagOf(call, '-t', '--type')?.value ?? '')
  ),
  pip: python,
  pipx: python,
  uv: python,
  npm: node,
  yarn: node,
  pnpm: node,
  bun: node,
  gem: {
    isPinned: name => name.includes(':') || isPath(name) || name.endsWith('.gem'),
    kindOf: libraryOrInstaller,
    exempt: call => flagOf(call, '-v', '--version', '-g', '--file', '-l', '--local') !== undefined
  },
  cargo: {
    isPinned: name => name.includes('@') || isPath(name),
    kindOf: libraryOrInstaller,
    exempt: call => flagOf(call, '--version', '--vers', '--git', '--path') !== undefined
  },
  go
}

/** The first names for a message, with the verb that fits them. */
export function namesOf(found: Unpinned[]): string {
  const names = [...new Set(found.map(({ name }) => name))]
  const shown = names.slice(0, 3).join(', ')
  if (names.length > 3) return `${shown} and ${names.length - 3} more come`
  return names.length > 1 ? `${shown} come` : `${shown} comes`
}
