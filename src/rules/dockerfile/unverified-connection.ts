import { assignmentsOf, type Setting } from '../../environment.js'
import type { Edit, Problem, Word } from '../../model.js'
import { hasLetter, type Program, programOf, without } from '../../programs.js'
import { rule } from '../../rule.js'
import { actingOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/unverified-connection',
  title: 'Download does not check who answers',
  why: 'With certificates unchecked, anybody on the way can put a program of theirs into the image.',
  fix: 'Take the switch away; for a server with a certificate of its own, add its authority to the image, for one command through a mount.',
  severity: 'warning',
  topic: 'security',
  preset: 'recommended',
  edits: 'suggested',
  over: 'dockerfile',

  *check(dockerfile) {
    for (const setting of assignmentsOf(dockerfile)) {
      const problem = ofSetting(setting)
      if (problem) yield problem
    }
    for (const { instruction } of actingOf(dockerfile, 'RUN'))
      for (const command of instruction.script?.commands ?? []) {
        const program = programOf(command)
        const found = SWITCHES.get(program.name)?.(program)
        if (found) yield problemOf(program, found)
      }
  },

  bad: {
    Dockerfile: `FROM python:3.13-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY requirements.txt ./
RUN pip install --no-cache-dir --trusted-host packages.example.com -r requirements.txt
USER 65532
`
  },
  good: {
    Dockerfile: `FROM python:3.13-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
WORKDIR /app
COPY requirements.txt ./
RUN pip install --no-cache-dir -r requirements.txt
USER 65532
`,
    '.dockerignore': `.git
.env*
`
  }
})

// ---------------------------------------------------------------- variables

interface Variable {
  name: RegExp
  off: (value: string) => boolean
  /** What it turns off, for the message. */
  who: string
  peer?: string
}

const isOff = (value: string): boolean => /^(0|false|no|off)$/i.test(value)
const isSet = (value: string): boolean => value.trim() !== '' && !value.includes('$')

const VARIABLES: Variable[] = [
  { name: /^PYTHONHTTPSVERIFY$/, off: value => value === '0', who: 'Python', peer: 'CKV2_DOCKER_5' },
  { name: /^NODE_TLS_REJECT_UNAUTHORIZED$/, off: value => value === '0', who: 'Node.js', peer: 'CKV2_DOCKER_6' },
  // Git asks whether there is such a variable, whatever its value.
  { name: /^GIT_SSL_NO_VERIFY$/, off: () => true, who: 'git', peer: 'CKV2_DOCKER_14' },
  { name: /^npm_config_strict_ssl$/i, off: isOff, who: 'npm', peer: 'CKV2_DOCKER_12' },
  { name: /^PIP_TRUSTED_HOST$/, off: isSet, who: 'pip', peer: 'CKV2_DOCKER_16' },
  { name: /^(YARN_ENABLE_STRICT_SSL|yarn_strict_ssl)$/, off: isOff, who: 'yarn' },
  { name: /^UV_INSECURE_HOST$/, off: isSet, who: 'uv' },
  { name: /^(CONDA_SSL_VERIFY|BUNDLE_SSL_VERIFY_MODE)$/, off: isOff, who: 'the package manager' }
]

function ofSetting(setting: Setting): Problem | undefined {
  const { name, value, by } = setting
  const variable = value === undefined ? undefined : VARIABLES.find(each => each.name.test(name))
  if (!variable?.off(value!)) return undefined
  const edits = setting.edits()
  const kept = by === 'ENV' ? ', in every container of the image too' : ''
  return {
    at: setting.at,
    message: `with ${name} ${variable.who} takes any certificate${kept}`,
    ...(variable.peer && { peers: { 'checkov-dockerfile': variable.peer } }),
    ...(edits && { edits })
  }
}

// ---------------------------------------------------------------- options of commands

interface Switch {
  /** The words that turn it off. */
  words: Word[]
  /** Instead of taking the words away. */
  edits?: Edit[]
  peer?: string
}

function problemOf({ name, words }: Program, { words: unwanted, edits, peer }: Switch): Problem {
  const made = edits ?? without(words, unwanted)
  return {
    at: unwanted[0]!.at,
    message: `${name} takes any certificate here: what it fetches may come from anybody on the way`,
    ...(peer && { peers: { 'checkov-dockerfile': peer } }),
    ...(made?.length && { edits: made })
  }
}

const CURL_VALUED = 'AbcCdDeEFhHKmoPQrtTuUwxXyYz'
const LOCAL = /^(https?:\/\/)?(localhost|127\.0\.0\.1|\[::1\])([:/]|$)/

function curl({ args }: Program): Switch | undefined {
  const at = args.findIndex(
    ({ value }) => value === '--insecure' || (!value.startsWith('--') && hasLetter(value, 'k', CURL_VALUED))
  )
  const word = args[at]
  if (!word || args.some(({ value }) => LOCAL.test(value))) return undefined
  // The word behind an option with a value is that value.
  const before = args[at - 1]?.value ?? ''
  if (/^-[^-]*$/.test(before) && CURL_VALUED.includes(before.at(-1) ?? '') && before.length > 1) return undefined
  const peer = 'CKV2_DOCKER_2'
  if (word.value === '--insecure' || word.value === '-k') return { words: [word], peer }
  return { words: [word], edits: instead(word, word.value.replace('k', '')), peer }
}

const instead = ({ at }: Word, text: string): Edit[] => [{ at, text }]
const named = (words: Word[], ...names: string[]): Word[] => words.filter(({ value }) => names.includes(value))
const switched = (words: Word[], peer?: string): Switch | undefined =>
  words.length ? { words, ...(peer && { peer }) } : undefined

/** All `--option value` and `--option=value` in words, as the words that they take; `fits` asks about the value. */
function valued(words: Word[], option: string, fits: (value: string) => boolean = () => true): Word[] {
  const found: Word[] = []
  for (const [at, word] of words.entries()) {
    const next = words[at + 1]
    if (word.value === option && next && fits(next.value)) found.push(word, next)
    else if (word.value.startsWith(`${option}=`) && fits(word.value.slice(option.length + 1))) found.push(word)
  }
  return found
}

function pip({ args }: Program): Switch | undefined {
  const [config, set, key] = args
  if (config?.value === 'config' && set?.value === 'set')
    return key?.value.endsWith('.trusted-host') ? { words: [key], edits: [] } : undefined
  return switched(valued(args, '--trusted-host'), 'CKV2_DOCKER_4')
}

function git({ args }: Program): Switch | undefined {
  const isKey = (word: string) => /^http\.(.+\.)?sslverify$/i.test(word)
  const isPair = (word: string) =>
    isKey(word.slice(0, word.lastIndexOf('='))) && isOff(word.slice(word.lastIndexOf('=') + 1))
  const options = valued(args, '-c', isPair)
  if (options.length) return { words: options }
  if (!args.some(({ value }) => value === 'config')) return undefined
  const at = args.findIndex(({ value }) => isKey(value))
  const value = args[at + 1]
  return at >= 0 && value && isOff(value.value) ? { words: [args[at]!], edits: instead(value, 'true') } : undefined
}

/** npm, yarn and pnpm: `config set strict-ssl false`, with a blank or an equals sign, and the option. */
function npm({ name, args }: Program): Switch | undefined {
  const plain = args.filter(({ value }) => !value.startsWith('-'))
  const [first, second] = plain.map(({ value }) => value)
  const from = first === 'set' ? 1 : (first === 'config' || first === 'c') && second === 'set' ? 2 : 0
  const [key, value] = plain.slice(from)
  if (from && key) {
    const peer = name === 'pnpm' || !key.value.startsWith('strict-ssl') ? {} : { peer: 'CKV2_DOCKER_13' }
    if (KEYS.has(key.value) && value && isOff(value.value))
      return { words: [key], edits: instead(value, 'true'), ...peer }
    const equals = key.value.indexOf('=')
    if (equals < 0 || !KEYS.has(key.value.slice(0, equals)) || !isOff(key.value.slice(equals + 1))) return undefined
    return { words: [key], edits: instead(key, `${key.value.slice(0, equals)}=true`), ...peer }
  }
  return switched([...valued(args, '--strict-ssl', isOff), ...named(args, '--no-strict-ssl')])
}
const KEYS = new Set(['strict-ssl', 'strictSsl', 'enableStrictSsl'])

/** yum and dnf, and their config-manager, which keeps the setting. */
function yum({ name, args }: Program): Switch | undefined {
  const words = valued(args, '--setopt', value => /^(.+\.)?sslverify=(0|false|no)$/i.test(value))
  const keeps = name.endsWith('config-manager') || args.some(({ value }) => value === 'config-manager')
  return switched(words, keeps ? 'CKV2_DOCKER_15' : undefined)
}

function apt({ args }: Program): Switch | undefined {
  const isPair = (value: string) => /^Acquire::https::(.+::)?Verify-(Peer|Host)=(0|false|no)$/i.test(value)
  return switched([...valued(args, '-o', isPair), ...valued(args, '--option', isPair)])
}

function conda({ args }: Program): Switch | undefined {
  const at = args.findIndex(({ value }) => value === 'ssl_verify')
  const value = args[at + 1]
  if (at < 1 || args[at - 1]!.value !== '--set' || !value || !isOff(value.value)) return undefined
  return { words: [args[at]!], edits: instead(value, 'true') }
}

const SWITCHES = new Map<string, (program: Program) => Switch | undefined>([
  ['curl', curl],
  ['wget', ({ args }) => switched(named(args, '--no-check-certificate'), 'CKV2_DOCKER_3')],
  ['aria2c', ({ args }) => switched(valued(args, '--check-certificate', isOff))],
  ['pip', pip],
  ['pip3', pip],
  ['uv', ({ args }) => switched([...valued(args, '--allow-insecure-host'), ...valued(args, '--trusted-host')])],
  ['git', git],
  ['npm', npm],
  ['yarn', npm],
  ['pnpm', npm],
  ['conda', conda],
  ['mamba', conda],
  ['micromamba', conda],
  ['apt', apt],
  ['apt-get', apt],
  ...['yum', 'dnf', 'dnf5', 'tdnf', 'microdnf', 'yum-config-manager', 'dnf-config-manager'].map(
    (name): [string, typeof yum] => [name, yum]
  )
])
