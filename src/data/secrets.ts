/** What a secret looks like, by its value and by the name it is kept under. Facts about formats are the issuers' own. */

/** A token in a text. */
export interface Token {
  from: number
  to: number
  /** Whose it is, for the message: 'GitHub token'. */
  kind: string
}

interface Format {
  kind: string
  prefix: string
  /** Letters, digits and these may follow. */
  also: string
  least: number
  /** Upper-case letters and digits alone. */
  upper?: boolean
}

const FORMATS: Format[] = [
  ...['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'].map(prefix => ({ kind: 'GitHub token', prefix, also: '', least: 36 })),
  { kind: 'GitHub token', prefix: 'github_pat_', also: '_', least: 60 },
  { kind: 'GitLab token', prefix: 'glpat-', also: '_-', least: 20 },
  ...['AKIA', 'ASIA'].map(prefix => ({ kind: 'AWS access key', prefix, also: '', least: 16, upper: true })),
  { kind: 'Google API key', prefix: 'AIza', also: '_-', least: 35 },
  ...['xoxb-', 'xoxp-', 'xoxa-', 'xoxs-'].map(prefix => ({ kind: 'Slack token', prefix, also: '-', least: 24 })),
  ...['sk_live_', 'rk_live_'].map(prefix => ({ kind: 'Stripe key', prefix, also: '', least: 20 })),
  { kind: 'Anthropic key', prefix: 'sk-ant-', also: '_-', least: 40 },
  { kind: 'OpenAI key', prefix: 'sk-proj-', also: '_-', least: 40 },
  { kind: 'npm token', prefix: 'npm_', also: '', least: 36 },
  { kind: 'PyPI token', prefix: 'pypi-AgEIcHlwaS5vcmc', also: '_-', least: 40 },
  { kind: 'Docker Hub token', prefix: 'dckr_pat_', also: '_-', least: 20 },
  { kind: 'DigitalOcean token', prefix: 'dop_v1_', also: '', least: 60 },
  { kind: 'Hugging Face token', prefix: 'hf_', also: '', least: 34 },
  { kind: 'SendGrid key', prefix: 'SG.', also: '_-.', least: 60 }
]
const KEY_BLOCK = /-----BEGIN (?:[A-Z]{1,10} ){0,2}PRIVATE KEY-----/
/** Most texts have the beginning of none. */
const MAY_HOLD = new RegExp(`-----BEGIN |${FORMATS.map(({ prefix }) => prefix.replace('.', '\\.')).join('|')}`)
/** Shorter ones are no token. */
const SHORTEST = Math.min(...FORMATS.map(({ prefix, least }) => prefix.length + least))

/** The first token of a known format in a text; those that documentation uses are none. Linear in the text. */
export function tokenIn(text: string): Token | undefined {
  if (text.length < SHORTEST || !MAY_HOLD.test(text)) return undefined
  const block = KEY_BLOCK.exec(text)
  if (block) return { from: block.index, to: block.index + block[0].length, kind: 'private key' }
  for (const format of FORMATS)
    for (let from = text.indexOf(format.prefix); from >= 0; from = text.indexOf(format.prefix, from + 1)) {
      if (from > 0 && isWordCode(text.charCodeAt(from - 1))) continue
      let to = from + format.prefix.length
      while (to < text.length && fits(text, to, format)) to++
      const body = text.slice(from + format.prefix.length, Math.min(to, from + 200))
      if (body.length >= format.least && isRandom(body)) return { from, to, kind: format.kind }
    }
  return undefined
}

const isWordCode = (code: number): boolean =>
  code === 95 || (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122)

function fits(text: string, at: number, { also, upper }: Format): boolean {
  const code = text.charCodeAt(at)
  if (also.includes(text[at]!)) return true
  return isWordCode(code) && code !== 95 && !(upper && code >= 97)
}

/** Many different characters, and no word that examples have. */
const isRandom = (body: string): boolean => new Set(body).size >= 9 && !/example|x{4}|0{6}|12345/i.test(body)

const SECRET_WORDS = new Set(
  'password passwd passphrase pwd pass secret token apikey credential credentials secretkey accesskey privatekey'.split(
    ' '
  )
)
const KEY_BEFORE = new Set([
  'api',
  'secret',
  'private',
  'access',
  'encryption',
  'signing',
  'master',
  'auth',
  'account',
  'license'
])
/** What follows the word says that the value is about the secret, not the secret. */
const ABOUT = new Set(
  'file path dir url uri endpoint host name id version type ttl expiry expires expiration expire length size algorithm header prefix public enabled enable disabled disable provider store backend manager hash issuer audience dummy policy rotation min max timeout limit port arn region mode field param service format separator required regex class cookie command lifetime duration age count env var'.split(
    ' '
  )
)
const PUBLIC = new Set(['public', 'pub', 'dummy', 'no', 'skip', 'disable', 'enable', 'use', 'fake', 'test'])

/** Is what is kept under this name meant to be secret? `NPM_TOKEN` and `SECRET_KEY_BASE` are, `TOKEN_TTL`, `PUBLIC_KEY` and `DB_PASSWORD_FILE` are not. */
export function isSecretName(name: string): boolean {
  if (name.length > 100) return false
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[_.-]+/)
    .filter(Boolean)
  if (words.some(word => PUBLIC.has(word)) || ABOUT.has(words.at(-1) ?? '')) return false
  return words.some(
    (word, at) =>
      SECRET_WORDS.has(word) ||
      (word === 'key' && KEY_BEFORE.has(words[at - 1] ?? '')) ||
      /^(pg|mysql|db|redis)(password|pass)$/.test(word)
  )
}

/** How much a value under a secret's name gives away: nothing, a default that anybody guesses, or a secret. */
export function worthOf(value: string): 'nothing' | 'guessable' | 'secret' {
  const text = value.trim()
  const lower = text.toLowerCase()
  if (text.length < 3 || /[$<>{}\s]/.test(text) || /^[./~@%]/.test(text)) return 'nothing'
  if (/^(true|false|yes|no|none|null|nil|undefined|unset|empty|n\/a|[0-9.]{1,7})$/.test(lower)) return 'nothing'
  if (/^[a-z][a-z0-9+.-]{1,20}:\/\//.test(lower) && !/:\/\/[^/@]{1,200}:[^/@]{1,200}@/.test(lower)) return 'nothing'
  if (/^[a-z]:\\|^[\w.-]{1,60}\/[\w./-]{1,200}\.\w{1,6}$/i.test(text)) return 'nothing'
  if (PLACEHOLDER.test(lower) || new Set(lower).size < 3) return 'nothing'
  if (text.length < 12 && !(/[0-9]/.test(text) && /[a-z]/i.test(text) && text.length >= 8)) return 'guessable'
  return /^[a-z]+([-_ ][a-z]+)*$/.test(lower) ? 'guessable' : 'secret'
}

const PLACEHOLDER =
  /change|example|dummy|placeholder|your|x{3}|todo|fake|sample|replace|insert|insecure|not.?(set|used|secret|real|needed|a.?secret)|unused|ignored|build|precompile|temp|tmp|local|develop|redacted|\*{3}|\.{3}|lorem|foobar|^(test|dev|ci|demo|default|none|any|some|my)([-_.]|$)/

const WARNED_WORDS = new Set('apikey auth credential credentials key password pword passwd secret token'.split(' '))
const QUIET_WORDS = new Set(['public', 'file', 'version'])

/** Does a builder warn of the name, whatever it means? A word between underscores is enough: `KEY_COLUMN`, `AUTH_MODULE`. */
export function isWarnedName(name: string): boolean {
  if (name.length > 1000) return false
  const words = name.toLowerCase().split('_')
  return words.some(word => WARNED_WORDS.has(word)) && !words.some(word => QUIET_WORDS.has(word))
}

/** The half of a login that is no secret by itself and always stands beside one. */
export const isAccountName = (name: string): boolean => /(^|_)(aws_access_key_id|access_key_id)$/i.test(name)

/** A password or token within a text that shows what it is: in an address, or in a header. Linear in the text. */
export function loginIn(text: string): Token | undefined {
  // Most texts are single words.
  const bearer = text.includes(' ') ? BEARER.exec(text) : null
  if (bearer) {
    const from = bearer.index + bearer[0].length
    const to = from + Math.max(0, text.slice(from).search(/\s|$/))
    if (isSecretValue(text.slice(from, to))) return { from, to, kind: 'token in a header' }
  }
  for (let at = text.indexOf('://'); at >= 0; at = text.indexOf('://', at + 3)) {
    const part = text.slice(at + 3, at + 3 + MAX_LOGIN)
    const end = part.search(/[/\s"'?#]|$/)
    const host = part.slice(0, end).lastIndexOf('@')
    const colon = part.indexOf(':')
    if (colon < 0 || colon >= host) continue
    const password = part.slice(colon + 1, host)
    const from = at + 3 + colon + 1
    if (isSecretValue(password)) return { from, to: from + password.length, kind: 'password in an address' }
  }
  return undefined
}
const BEARER = /(?:^|=)(?:proxy-)?authorization: {0,9}(?:bearer|basic|token) {1,9}(?=\S)/i
/** Longer ones are no login by hand. */
const MAX_LOGIN = 500

const isSecretValue = (value: string): boolean => !value.includes('%24') && worthOf(value) === 'secret'
