import type {
  Config,
  ConfigProblem,
  OptionSpec,
  Options,
  Peers,
  Place,
  Preset,
  Profile,
  Rule,
  RuleSetting,
  Severity,
  Topic,
  Within,
  Yaml,
  YamlMap
} from './model.js'
import { startOf } from './parse/text.js'
import { given } from './parse/workflow.js'
import { isNull, parseYaml } from './parse/yaml.js'
import { isMeant } from './peers.js'
import { matches } from './query.js'
import { matchesId, nearest, oneOf, quoted } from './words.js'

/** What holds without any config. */
export const DEFAULTS: Config = {
  preset: 'recommended',
  profile: 'team',
  require: ['tests', 'health'],
  failOn: 'error',
  unknown: 'neutral',
  rules: [],
  overrides: [],
  source: [],
  tests: [],
  shellcheck: true,
  pyflakes: true
}

export const PRESETS = ['recommended', 'strict', 'all'] as const satisfies Preset[]
export const PROFILES = ['solo', 'team', 'regulated'] as const satisfies Profile[]
export const SEVERITIES = ['error', 'warning', 'note'] as const satisfies Severity[]
export const LEVELS = [...SEVERITIES, 'off', 'on'] as const
export const UNKNOWNS = ['neutral', 'fail'] as const
export const TOPICS = [
  'tests',
  'health',
  'gate',
  'security',
  'supply-chain',
  'correctness',
  'reliability',
  'efficiency',
  'style'
] as const satisfies Topic[]

/** The keys of the file in the order of its documentation. */
export const KEYS = [
  'preset',
  'profile',
  'require',
  'fail-on',
  'unknown',
  'warn-only-until',
  'rules',
  'paths',
  'source',
  'tests',
  'shellcheck',
  'pyflakes'
] as const

/** A config is a page; a text of this size is something else. */
const MAX_LENGTH = 1 << 18
/** Each is held against many paths, and a config may be a stranger's. */
const MAX_GLOBS = 500

// ---------------------------------------------------------------- reading

export interface ReadConfig {
  /** What could be read; keys with problems are left out. */
  config: Partial<Config>
  problems: ConfigProblem[]
}

/** Reads a config file. Never throws; each problem has its place and what would be right. */
export function readConfig(path: string, text: string, rules: Rule[]): ReadConfig {
  const problems: ConfigProblem[] = []
  if (text.length > MAX_LENGTH)
    return { config: {}, problems: [{ at: startOf(path), message: `is larger than ${MAX_LENGTH >> 10} KiB` }] }
  if (text.includes('\0'))
    return { config: {}, problems: [{ at: startOf(path), message: 'holds NUL characters: save it as UTF-8' }] }
  const documents = parseYaml(path, text)
  for (const { errors } of documents) for (const { message, at } of errors) problems.push({ at, message })
  if (documents.length > 1)
    problems.push({
      at: documents[1]!.root?.at ?? startOf(path),
      message: 'a config is one YAML document, not several'
    })
  if (problems.length) return { config: {}, problems }
  const root = documents[0]?.root
  if (isNull(root)) return { config: {}, problems }
  return { config: new Reader(problems, rules).read(root!), problems }
}

class Reader {
  #globCount = 0
  constructor(
    readonly problems: ConfigProblem[],
    readonly rules: Rule[]
  ) {}

  read(root: Yaml): Partial<Config> {
    const map = this.#map(root, 'the config', KEYS)
    if (!map) return {}
    const text = (key: string) => {
      const value = map.get(key)
      return value && this.#text(value, key)
    }
    const word = <T extends string>(key: string, allowed: readonly T[]) => {
      const value = map.get(key)
      return value && this.#word(value, key, allowed)
    }
    const list = (key: string) => {
      const value = map.get(key)
      return value && this.#globs(value, key)
    }
    const flag = (key: string) => {
      const value = map.get(key)
      return value && this.#flag(value, key)
    }
    const required = map.get('require')
    const settings = map.get('rules')
    const paths = map.get('paths')
    const day = text('warn-only-until')
    if (day !== undefined && !isDay(day))
      this.#problem(map.get('warn-only-until')!, `${quoted(day)} is no day: write it as 2027-01-31`)
    return given({
      preset: word('preset', PRESETS),
      profile: word('profile', PROFILES),
      require: required && this.#topics(required),
      failOn: word('fail-on', SEVERITIES),
      unknown: word('unknown', UNKNOWNS),
      warnOnlyUntil: day !== undefined && isDay(day) ? day : undefined,
      rules: settings && this.#settings(settings, 'rules', true),
      overrides: paths && this.#overrides(paths),
      source: list('source'),
      tests: list('tests'),
      shellcheck: flag('shellcheck'),
      pyflakes: flag('pyflakes')
    })
  }

  #problem({ at }: { at: Place }, message: string): undefined {
    this.problems.push({ at, message })
    return undefined
  }

  /** A mapping with none but these keys, each once. */
  #map(yaml: Yaml, what: string, keys?: readonly string[]): YamlMap | undefined {
    if (yaml.kind !== 'map')
      return this.#problem(
        yaml,
        `${what} is a mapping${keys ? ` with the keys ${oneOf(keys)}` : ''}, not ${nameOf(yaml)}`
      )
    const seen = new Set<string>()
    for (const { key } of yaml.entries) {
      const name = key.value
      if (seen.has(name)) this.#problem(key, `${quoted(name)} is there twice`)
      seen.add(name)
      if (!keys || keys.includes(name)) continue
      const meant = nearest(name, keys)
      this.#problem(
        key,
        `unknown key ${quoted(name)}: ${meant ? `did you mean ${meant}?` : `the keys are ${oneOf(keys)}`}`
      )
    }
    return yaml
  }

  #text(yaml: Yaml, what: string): string | undefined {
    if (yaml.kind === 'scalar' && typeof yaml.data === 'string') return yaml.data
    return this.#problem(yaml, `${what} is a text, not ${nameOf(yaml)}`)
  }

  #flag(yaml: Yaml, what: string): boolean | undefined {
    if (yaml.kind === 'scalar' && typeof yaml.data === 'boolean') return yaml.data
    return this.#problem(yaml, `${what} is true or false, not ${nameOf(yaml)}`)
  }

  #word<T extends string>(yaml: Yaml, what: string, allowed: readonly T[]): T | undefined {
    const value = yaml.kind === 'scalar' && !isNull(yaml) ? yaml.value : undefined
    const word = allowed.find(each => each === value)
    if (word !== undefined) return word
    const meant = value === undefined ? undefined : nearest(value, allowed)
    const hint = meant ? ` (did you mean ${meant}?)` : ''
    return this.#problem(
      yaml,
      `${what} is ${oneOf(allowed)}, not ${value === undefined ? nameOf(yaml) : quoted(value)}${hint}`
    )
  }

  /** A list of texts, or one text. */
  #texts(yaml: Yaml, what: string): { value: string; yaml: Yaml }[] | undefined {
    const items = yaml.kind === 'list' ? yaml.items : [yaml]
    const texts: { value: string; yaml: Yaml }[] = []
    for (const item of items) {
      if (item.kind === 'scalar' && typeof item.data === 'string') texts.push({ value: item.data, yaml: item })
      else this.#problem(item, `${what} is a list of texts, not ${yaml === item ? '' : 'of '}${nameOf(item)}`)
    }
    return texts
  }

  #topics(yaml: Yaml): Topic[] | undefined {
    const texts = this.#texts(yaml, 'require')
    const topics: Topic[] = []
    for (const { value, yaml: at } of texts ?? [])
      for (const name of namesIn(value)) {
        const topic = TOPICS.find(each => each === name)
        if (topic) topics.push(topic)
        else this.#problem(at, unknownTopic(name))
      }
    return topics
  }

  #globs(yaml: Yaml, what: string): string[] | undefined {
    const texts = this.#texts(yaml, what)
    const before = this.#globCount
    this.#globCount += texts?.length ?? 0
    if (this.#globCount > MAX_GLOBS)
      return before > MAX_GLOBS ? [] : this.#problem(yaml, `a config has at most ${MAX_GLOBS} globs: write wider ones`)
    return texts?.flatMap(({ value, yaml: at }) => {
      const wrong = globProblem(value)
      if (wrong) this.#problem(at, `${quoted(value)} ${wrong}`)
      return wrong ? [] : value
    })
  }

  #overrides(yaml: Yaml): Config['overrides'] {
    if (yaml.kind !== 'list') {
      this.#problem(yaml, `paths is a list of { match, rules }, not ${nameOf(yaml)}`)
      return []
    }
    return yaml.items.flatMap(item => {
      const map = this.#map(item, 'an entry of paths', ['match', 'rules'])
      if (!map) return []
      const match = map.get('match')
      const settings = map.get('rules')
      if (!match) this.#problem(map, 'an entry of paths needs match: the globs it is for')
      if (!settings) this.#problem(map, 'an entry of paths needs rules: what holds there')
      const paths = match && this.#globs(match, 'match')
      const rules = settings && this.#settings(settings, 'rules', false)
      return paths && rules ? { paths, rules } : []
    })
  }

  #settings(yaml: Yaml, what: string, withOptions: boolean): RuleSetting[] | undefined {
    const map = this.#map(yaml, what)
    return map?.entries.flatMap(({ key, value }) => {
      const rule = key.value
      const meant = this.rules.filter(({ id }) => matchesId(id, rule))
      if (!meant.length) {
        const near = nearest(
          rule,
          this.rules.map(({ id }) => id)
        )
        const hint = near ? `did you mean ${near}?` : 'pipeline-hygiene rules lists them'
        return (
          this.#problem(key, `${rule.includes('*') ? 'no rule matches' : 'unknown rule'} ${quoted(rule)}: ${hint}`) ??
          []
        )
      }
      if (value.kind !== 'map') {
        const severity = this.#word(value, rule, LEVELS)
        return severity ? { rule, severity } : []
      }
      this.#map(value, rule, ['severity', 'options'])
      const level = value.get('severity')
      const severity = level && this.#word(level, 'severity', LEVELS)
      const optionsYaml = value.get('options')
      if (optionsYaml && !withOptions)
        this.#problem(value.entry('options')!.key, 'options hold for the whole repository: set them under rules')
      const options = optionsYaml && withOptions ? this.#options(optionsYaml, rule, meant) : undefined
      return { rule, ...given({ severity, options }) }
    })
  }

  #options(yaml: Yaml, rule: string, meant: Rule[]): Options | undefined {
    const specs = new Map(meant.flatMap(each => Object.entries(each.options ?? {})))
    if (!specs.size) return this.#problem(yaml, `${rule} has no options`)
    const map = this.#map(yaml, 'options', [...specs.keys()])
    return (
      map &&
      Object.fromEntries(
        map.entries.flatMap(({ key, value }) => {
          const spec = specs.get(key.value)
          const read = spec && this.#option(value, key.value, spec)
          return read === undefined ? [] : [[key.value, read]]
        })
      )
    )
  }

  #option(yaml: Yaml, name: string, { type }: OptionSpec): unknown {
    if (type === 'strings') return this.#texts(yaml, name)?.map(({ value }) => value)
    if (type === 'map') return this.#textMap(yaml, name)
    if (yaml.kind === 'scalar') {
      // A text may look like a number: '3.10' is what was written, not 3.1.
      if (type === 'string' && !isNull(yaml)) return yaml.value
      if (typeof yaml.data === type) return yaml.data
    }
    const wanted = { string: 'a text', number: 'a number', boolean: 'true or false' }[type]
    return this.#problem(yaml, `${name} is ${wanted}, not ${nameOf(yaml)}`)
  }

  #textMap(yaml: Yaml, name: string): Record<string, string> | undefined {
    if (yaml.kind !== 'map') return this.#problem(yaml, `${name} is a mapping of names to texts, not ${nameOf(yaml)}`)
    const texts = yaml.entries.flatMap(({ key, value }): [string, string][] => {
      if (value.kind === 'scalar' && !isNull(value)) return [[key.value, value.value]]
      this.#problem(value, `${key.value} is a text, not ${nameOf(value)}`)
      return []
    })
    return Object.fromEntries(texts)
  }
}

function nameOf(yaml: Yaml): string {
  if (yaml.kind === 'map') return 'a mapping'
  if (yaml.kind === 'list') return 'a list'
  if (yaml.data === null) return 'empty'
  if (typeof yaml.data === 'string') return `the text ${quoted(yaml.data)}`
  return quoted(yaml.value)
}

/** `none` requires nothing, for inputs, where an empty text is an absent one. */
function namesIn(value: string): string[] {
  const names = value
    .split(',')
    .map(name => name.trim())
    .filter(Boolean)
  return names.length === 1 && names[0] === 'none' ? [] : names
}

function unknownTopic(name: string): string {
  const meant = nearest(name, TOPICS)
  return `require lists topics, and ${quoted(name)} is none: ${meant ? `did you mean ${meant}?` : `they are ${oneOf(TOPICS)}`}`
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

/**
 * What is wrong with a glob, if anything. A config may come from a pull request, to be previewed: globs that cost more
 * than linear time are refused, and nobody needs them for paths.
 */
export function globProblem(glob: string): string | undefined {
  const bare = glob.startsWith('!') ? glob.slice(1) : glob
  if (!bare) return 'is no glob'
  if (glob.length > 200) return 'is longer than 200 characters'
  if (bare.startsWith('/')) return `starts with a slash: paths start at the root of the repository (${bare.slice(1)})`
  if (bare.startsWith('./')) return `starts with ./: paths start at the root of the repository (${bare.slice(2)})`
  if (/[?*+@!]\(/.test(bare)) return 'uses an extended pattern: braces {a,b} say the same'
  if (bare.split('{').length > 5 || bare.includes('..')) return 'has too many or numbered braces: write several globs'
  if (bare.split('/').some(part => part !== '**' && part.split('*').length > 4))
    return 'has more than three * in one part: write several globs'
  if (bare.split('**').length > 4) return 'has more than three **: write several globs'
  return undefined
}

// ---------------------------------------------------------------- inputs and layers

/** Inputs of the action and flags of the command line, as written; '' is absent. */
export interface Inputs {
  preset?: string | undefined
  require?: string | undefined
  failOn?: string | undefined
  unknown?: string | undefined
  /** Text in the syntax of the file. */
  inline?: string | undefined
}

/** Reads inputs. Their problems have no file, so the place is that of the repository; those of `inline` are in its text. */
export function readInputs(inputs: Inputs, rules: Rule[]): ReadConfig {
  const inline = inputs.inline?.trim()
    ? readConfig('config-inline', inputs.inline, rules)
    : { config: {}, problems: [] }
  const problems = [...inline.problems]
  const at = startOf('')
  const word = <T extends string>(what: string, value: string | undefined, allowed: readonly T[]): T | undefined => {
    const written = value?.trim()
    if (!written) return undefined
    const found = allowed.find(each => each === written)
    if (found === undefined) {
      const meant = nearest(written, allowed)
      const hint = meant ? ` (did you mean ${meant}?)` : ''
      problems.push({ at, message: `input ${what} is ${oneOf(allowed)}, not ${quoted(written)}${hint}` })
    }
    return found
  }
  const own: Partial<Config> = given({
    preset: word('preset', inputs.preset, PRESETS),
    failOn: word('fail-on', inputs.failOn, SEVERITIES),
    unknown: word('unknown', inputs.unknown, UNKNOWNS)
  })
  if (inputs.require?.trim()) {
    own.require = []
    for (const name of namesIn(inputs.require.replaceAll('\n', ','))) {
      const topic = TOPICS.find(each => each === name)
      if (topic) own.require.push(topic)
      else problems.push({ at, message: `input ${unknownTopic(name)}` })
    }
  }
  return { config: layered(inline.config, own), problems }
}

/** The whole config: defaults, then each layer over the ones before (the file, then inputs). */
export function mergeConfig(...layers: Partial<Config>[]): Config {
  return { ...DEFAULTS, ...layered(DEFAULTS, ...layers) }
}

// What is a list in order of writing is continued by the next layer; all else is replaced.
export function layered(...layers: Partial<Config>[]): Partial<Config> {
  const merged: Partial<Config> = {}
  for (const layer of layers) {
    Object.assign(merged, layer, {
      rules: [...(merged.rules ?? []), ...(layer.rules ?? [])],
      overrides: [...(merged.overrides ?? []), ...(layer.overrides ?? [])],
      source: [...(merged.source ?? []), ...(layer.source ?? [])],
      tests: [...(merged.tests ?? []), ...(layer.tests ?? [])]
    })
  }
  return merged
}

// ---------------------------------------------------------------- asking

type Level = Severity | 'on' | 'off'

/**
 * How a rule stands at a path: a severity, `off`, or `on` at the severity that it or the problem has itself. `peers` are the
 * ids of the finding asked about: without them what is set by ids of other tools does not count.
 */
export function settingOf(config: Config, rule: Rule, path: string, asked: Asked = {}): Level {
  let level = everywhere(config, rule, asked)
  for (const { paths, rules } of config.overrides) {
    if (!matchesAny(path, paths)) continue
    for (const setting of rules) level = levelAfter(level, setting, rule, asked)
  }
  return level
}

function everywhere(config: Config, rule: Rule, asked: Asked): Level {
  let level: Level = isOn(config, rule) ? 'on' : 'off'
  for (const setting of config.rules) level = levelAfter(level, setting, rule, asked)
  return level
}

/** A finding that a setting may be about. */
export interface Asked {
  peers?: Peers | undefined
  at?: Place
  /** What it stands in: `jobs.test`, `jobs.test.#checkout`. */
  construct?: string | undefined
}

function levelAfter(before: Level, setting: RuleSetting, rule: Rule, asked: Asked): Level {
  const { rule: pattern, peer, severity } = setting
  if (severity === undefined || !matchesId(rule.id, pattern)) return before
  return peer && (before === 'off' || !isAbout(setting, asked)) ? before : severity
}

const isAbout = ({ peer, within }: RuleSetting, { peers, at, construct = '' }: Asked): boolean =>
  isMeant(peers, peer!) && (!within || (at !== undefined && isWithin(within, at, construct)))

function isWithin({ paths, line, column, job, step }: Within, at: Place, construct: string): boolean {
  if (paths && !matchesAny(at.path, paths)) return false
  if (line !== undefined && (line < at.line || at.endLine < line)) return false
  if (column !== undefined && column !== at.column) return false
  if (job !== undefined && construct !== `jobs.${job}` && !construct.startsWith(`jobs.${job}.`)) return false
  return step === undefined || construct.endsWith(`#${step}`)
}

/** The other tool's file that switches a finding off, where it is that and nothing of our own. */
export function peerFileAgainst(config: Config, rule: Rule, path: string, asked: Asked): string | undefined {
  if (settingOf(config, rule, path) === 'off') return undefined
  return config.rules.findLast(each => each.peer && each.severity === 'off' && isAbout(each, asked))?.peer?.from
}

/** The preset has it, and who works here is asked for it. `regulated` asks whatever the preset, and `all` is all. */
function isOn(config: Config, rule: Rule): boolean {
  const inPreset = PRESETS.indexOf(rule.preset) <= PRESETS.indexOf(config.preset)
  if (!rule.profile || config.preset === 'all') return inPreset
  const isAsked = PROFILES.indexOf(rule.profile) <= PROFILES.indexOf(config.profile)
  return isAsked && (inPreset || config.profile === 'regulated')
}

/** Is a rule on for some path? One that is off everywhere need not be asked. */
export function isOnSomewhere(config: Config, rule: Rule): boolean {
  if (everywhere(config, rule, {}) !== 'off') return true
  const switchesOn = (setting: RuleSetting) =>
    setting.severity !== undefined && setting.severity !== 'off' && matchesId(rule.id, setting.rule)
  return config.overrides.some(({ rules }) => rules.some(switchesOn))
}

/** Does a path match one of the globs, and no `!glob` after it? */
export function matchesAny(path: string, globs: string[]): boolean {
  let is = false
  for (const glob of globs)
    if (glob.startsWith('!')) is &&= !matches(path, glob.slice(1))
    else is ||= matches(path, glob)
  return is
}

/**
 * A rule's options: its defaults, then what the config sets, in order. Options `source` and `tests` that are lists of
 * globs get the config's own lists appended.
 */
export function optionsOf(config: Config, rule: Rule): Options {
  const specs = Object.entries(rule.options ?? {})
  if (!specs.length) return {}
  const options: Options = Object.fromEntries(specs.map(([name, spec]) => [name, spec.default]))
  for (const setting of config.rules) {
    if (!setting.options || !matchesId(rule.id, setting.rule)) continue
    for (const [name] of specs) if (Object.hasOwn(setting.options, name)) options[name] = setting.options[name]
  }
  for (const name of ['source', 'tests'] as const) {
    const own = options[name]
    if (rule.options?.[name]?.type === 'strings') options[name] = [...(Array.isArray(own) ? own : []), ...config[name]]
  }
  return options
}
