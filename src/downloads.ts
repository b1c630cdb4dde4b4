import type { Command, Place, Word } from './model.js'
import { joinPath } from './query.js'

/** A download that is run as it comes. */
export interface UncheckedDownload {
  /** What runs it: the command word. */
  at: Place
  runner: string
  /** The program that downloads. */
  by: string
  /** As written; '' where none is seen. */
  url: string
  /** Without encryption, so that anybody on the way can change it. */
  plain: boolean
}

/** Commands that a substitution may hold and that are looked through for a download. */
const MAX_INSIDE = 50
const MAX_PATH = 1_000

/**
 * Downloads that a script runs without a look at them: piped into an interpreter, handed to one as a substitution, or
 * saved to a file that is then run where nothing in the script compares a checksum or a signature.
 */
export function uncheckedDownloads(commands: Command[]): UncheckedDownload[] {
  if (!commands.some(mentionsFetcher)) return []
  const found: UncheckedDownload[] = []
  const pipes = new Map<number, Fetch>()
  const files = new Map<string, Fetch>()
  let saved: UncheckedDownload[] = []
  let isChecked = false
  let folder = '.'
  for (const [index, command] of commands.entries()) {
    const call = callOf(command)
    if (!call) continue
    isChecked ||= checks(call)
    if (call.name === 'cd') folder = pathIn(folder, call.args[0]?.value ?? '').slice(-MAX_PATH)
    const fetch = fetchOf(call, command)
    if (fetch?.to !== undefined) {
      const path = pathIn(folder, fetch.to)
      // What is downloaded again is what is run.
      if (isRisky(fetch)) files.set(path, fetch)
      else files.delete(path)
    } else if (fetch && command.pipe && isRisky(fetch)) pipes.set(command.pipe.pipe, fetch)
    const piped = command.pipe?.part ? pipes.get(command.pipe.pipe) : undefined
    if (piped && readsInput(call)) {
      found.push(downloadOf(piped, call))
      pipes.delete(command.pipe!.pipe)
    }
    const script = scriptWord(call)
    const inside = script && fetchIn(commands, index, script)
    if (inside && isRisky(inside)) found.push(downloadOf(inside, call))
    const path = fileRunBy(call)
    const stored = path === undefined ? undefined : files.get(pathIn(folder, path))
    if (stored) saved.push(downloadOf(stored, call))
  }
  if (isChecked) saved = []
  return [...found, ...saved]
}

const mentionsFetcher = ({ words }: Command): boolean =>
  words.some(({ value }) => value.endsWith('curl') || value.endsWith('wget'))

const downloadOf = ({ by, url }: Fetch, { name, word }: Call): UncheckedDownload => ({
  at: word.at,
  runner: name,
  by,
  url,
  plain: /^(http|ftp):/i.test(url)
})

// ---------------------------------------------------------------- calls

/** A program with its arguments, `sudo` and the like taken off. */
interface Call {
  name: string
  path: string
  word: Word
  args: Word[]
}

/** What runs the command after it, and its options that take a value. */
const WRAPPERS = new Map<string, string[]>([
  ['sudo', ['-u', '-g', '-h', '-p', '-C', '-r', '-t', '-U', '-D', '--user', '--group']],
  ['doas', ['-u', '-C']],
  ['env', ['-u', '-C', '--unset', '--chdir']],
  ['exec', ['-a']],
  ['command', []],
  ['nohup', []],
  ['time', []],
  ['nice', ['-n']]
])

function callOf({ words }: Command): Call | undefined {
  let at = 0
  for (let depth = 0; depth < 5; depth++) {
    const valued = WRAPPERS.get(baseName(words[at]?.value ?? ''))
    if (!valued) break
    at++
    while (words[at] && /^-|^\w+=/.test(words[at]!.value)) at += valued.includes(words[at]!.value) ? 2 : 1
  }
  const word = words[at]
  if (!word) return undefined
  return { name: baseName(word.value), path: word.value, word, args: words.slice(at + 1) }
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

// ---------------------------------------------------------------- downloading

interface Fetch {
  by: string
  url: string
  /** The file it is saved to; undefined: the standard output. */
  to?: string
}

/** Short options that take a value, in the same word or the next. */
const VALUED = { curl: 'oHXdubcAeFTmwxyYzrKECQtDUP', wget: 'OoaePUtTwQiBIADRXl' }

function fetchOf({ name, args }: Call, { output }: Command): Fetch | undefined {
  if (name !== 'curl' && name !== 'wget') return undefined
  const url = args.find(({ value }) => /^(https?|ftp|file):/i.test(value)) ?? args.findLast(({ literal }) => !literal)
  const fetch = { by: name, url: url?.value ?? '' }
  const named = optionOf(args, name === 'curl' ? 'o' : 'O', VALUED[name], ['--output', '--output-document'])
  if (named !== undefined && named !== '-' && named !== '/dev/stdout') return { ...fetch, to: named }
  const isNamedByUrl =
    named === undefined &&
    (name === 'wget' || optionOf(args, 'O', VALUED.curl, ['--remote-name', '--remote-name-all'], false) !== undefined)
  if (isNamedByUrl) {
    const folder = optionOf(args, 'P', VALUED.wget, ['--directory-prefix', '--output-dir'])
    const file = baseName(fetch.url.split(/[?#]/)[0]!)
    return { ...fetch, to: folder && name === 'wget' ? `${folder}/${file}` : file }
  }
  return output ? { ...fetch, to: output.value } : fetch
}

/** The value of an option, '' where it takes none; undefined where it is not there. */
function optionOf(args: Word[], letter: string, valued: string, long: string[], hasValue = true): string | undefined {
  for (const [index, { value }] of args.entries()) {
    if (value.startsWith('--')) {
      const [option, ...rest] = value.split('=')
      if (long.includes(option!)) return !hasValue ? '' : rest.length ? rest.join('=') : (args[index + 1]?.value ?? '')
      continue
    }
    if (!value.startsWith('-')) continue
    for (let at = 1; at < value.length && at < 20; at++) {
      const isIt = value[at] === letter
      if (isIt && !hasValue) return ''
      if (isIt) return value.slice(at + 1) || (args[index + 1]?.value ?? '')
      if (valued.includes(value[at]!)) break
    }
  }
  return undefined
}

/** Not from this machine, and not by a name that changes with the content. */
const isRisky = ({ url }: Fetch): boolean =>
  !/^file:/i.test(url) &&
  !/^[a-z]+:\/\/(localhost|127\.0\.0\.1|\[::1\])([:/]|$)/i.test(url) &&
  !/[/@=][0-9a-f]{40}(?![0-9a-f])/.test(url)

/** The download that a substitution holds. */
function fetchIn(commands: Command[], index: number, { at: around }: Word): Fetch | undefined {
  for (const command of commands.slice(index + 1, index + 1 + MAX_INSIDE)) {
    if (!isWithin(command.at, around)) return undefined
    const call = command.inside.includes('substitution') ? callOf(command) : undefined
    const fetch = call && fetchOf(call, command)
    if (fetch && fetch.to === undefined) return fetch
  }
  return undefined
}

const isWithin = (at: Place, around: Place): boolean =>
  (at.line > around.line || (at.line === around.line && at.column >= around.column)) &&
  (at.line < around.endLine || (at.line === around.endLine && at.column < around.endColumn))

// ---------------------------------------------------------------- running

const isShell = (name: string): boolean => /^(ba|da|a|z|k)?sh$/.test(name)
const isInterpreter = (name: string): boolean => isShell(name) || /^(python|perl|ruby|php|node)[\d.]{0,5}$/.test(name)

/** An interpreter without a script of its own runs what it reads. */
function readsInput({ name, args }: Call): boolean {
  if (!isInterpreter(name)) return false
  for (let at = 0; at < args.length; at++) {
    const { value } = args[at]!
    if (value === '-' || value === '--' || value === '/dev/stdin') return true
    if (!/^[-+]/.test(value)) return false
    if (isShell(name) && /^-[a-z]*s/.test(value)) return true
    if (/^-[a-z]*c$/.test(value) || (!isShell(name) && /^-[emr]/.test(value))) return false
    if (/^[-+][a-z]*[oO]$/.test(value)) at++
  }
  return true
}

/** The word that an interpreter runs as a script, where a substitution makes all of it. */
function scriptWord({ name, args }: Call): Word | undefined {
  if (name === 'eval') return args.find(({ value }) => /^(\$\(|`)/.test(value))
  if (name === 'source' || name === '.') return args.find(({ value }) => value.startsWith('<('))
  if (!isInterpreter(name)) return undefined
  const flag = args.findIndex(({ value }) => /^-[a-z]*c$/.test(value))
  if (flag < 0) return args.find(({ value }) => !/^[-+]/.test(value) && value.startsWith('<('))
  const word = args[flag + 1]
  return word && /^\s*(\$\(|`)/.test(word.value) ? word : undefined
}

/** The file that a command runs. */
function fileRunBy({ name, path, args }: Call): string | undefined {
  if (name === 'source' || name === '.' || isInterpreter(name)) {
    if (args.some(({ value }) => /^-[a-z]*c$/.test(value))) return undefined
    return args.find(({ value }) => !/^[-+]/.test(value))?.value
  }
  return path.includes('/') ? path : undefined
}

const pathIn = (folder: string, path: string): string => {
  const whole = path.startsWith('/') ? path : `${folder}/${path}`
  return `${whole.startsWith('/') ? '/' : ''}${joinPath(whole) ?? path}`
}

/** Does a command compare what was downloaded with what is expected? */
function checks({ name, args }: Call): boolean {
  if (/^(sha\d{1,3}sum|shasum|sha\d{1,3}|md5sum|b2sum|gpgv\d?|sqv|minisign|signify|slsa-verifier)$/.test(name))
    return true
  const has = (...words: string[]) => args.some(({ value }) => words.includes(value))
  if (name === 'openssl') return has('dgst', 'sha256', 'sha512', 'cms', 'smime')
  if (name === 'gpg' || name === 'gpg2') return has('--verify')
  return name === 'cosign' && has('verify', 'verify-blob', 'verify-blob-attestation')
}
