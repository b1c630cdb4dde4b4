import type { Config, PeerIds, RuleSetting, Severity, Unread, YamlMap } from './model.js'
import { startOf } from './parse/text.js'
import { isNull, parseYaml, scalarsOf } from './parse/yaml.js'
import { checkOptions, isSuiteOf, listOf, PEER_FILES, trivyId } from './peers.js'

/** How the config of one tool is understood. Another tool is another row. */
interface PeerTool {
  tool: string
  /** Where its file lies, from the root of the repository: the first that is there counts. */
  paths: string[]
  /** What of it is honoured, and as what: for the documentation. */
  keys: Record<string, string>
  read(text: string, path: string, unread: (reason: string) => void): Partial<Config>
}

/** A config is a page, and lists in it are compared with much. */
const MAX_LENGTH = 1 << 18
const MAX_WORDS = 500

export const PEER_TOOLS: PeerTool[] = [
  {
    tool: 'hadolint',
    paths: PEER_FILES.hadolint,
    keys: {
      ignored: 'off',
      override: '`error` and `warning` as they are, `info` and `style` as note',
      trustedRegistries: 'option `registries` of `dockerfile/untrusted-registry`, which is on then',
      'label-schema': 'option `labels` of `dockerfile/label-schema`, which is on then',
      'strict-labels': 'its option `strict`',
      'disable-ignore-pragma': 'comments for hadolint count for nothing'
    },
    read(text, path, unread) {
      const map = mapIn(path, text, unread)
      if (!map) return {}
      const override = map.get('override')
      const overridden = (key: string) => (override?.kind === 'map' ? wordsAt(override, [key], unread) : [])
      const levels: [Severity, string][] = [
        ['note', 'style'],
        ['note', 'info'],
        ['warning', 'warning'],
        ['error', 'error']
      ]
      const set = (ids: string[], severity: Severity | 'off') => setting('hadolint', ids, severity, path)
      return {
        rules: [
          ...registries(wordsAt(map, ['trustedRegistries', 'trusted-registries'], unread)),
          ...labels(map, unread),
          ...levels.flatMap(([severity, key]) => set(overridden(key), severity)),
          ...set(wordsAt(map, ['ignored'], unread), 'off')
        ],
        ...(isTrue(map, 'disable-ignore-pragma') && { withoutComments: ['hadolint'] })
      }
    }
  },
  {
    tool: 'buildkit',
    // Docker has no file for it.
    paths: [],
    keys: {},
    read(text, path, unread) {
      const check = mapIn(path, text, unread)?.get('check')
      if (check?.kind === 'scalar') return { rules: checked(checkOptions(check.value), path) }
      if (check?.kind !== 'map') return {}
      const options = ['skip', 'experimental'].map(key => `${key}=${wordsAt(check, [key], unread).join(',')}`)
      return { rules: checked(checkOptions(options.join(';')), path) }
    }
  },
  {
    tool: 'trivy',
    paths: PEER_FILES.trivy,
    keys: { 'ids, one a line': 'off, where no `exp:` says until when' },
    read(text, path) {
      const ids = text.split('\n').flatMap(line => {
        const [id, ...rest] = line.trim().split(/\s+/)
        return id && !id.startsWith('#') && !rest.some(word => word.startsWith('exp:')) ? trivyId(id) : []
      })
      return { rules: setting('trivy', ids, 'off', path) }
    }
  },
  {
    tool: 'checkov',
    paths: PEER_FILES.checkov,
    keys: { 'skip-check': 'off' },
    read(text, path, unread) {
      const map = mapIn(path, text, unread)
      return map ? { rules: setting('checkov', wordsAt(map, ['skip-check'], unread).flatMap(listOf), 'off', path) } : {}
    }
  },
  {
    tool: 'actionlint',
    paths: ['.github/actionlint.yaml', '.github/actionlint.yml'],
    keys: {
      'self-hosted-runner.labels': 'option `labels` of `workflow/unknown-runner` and `workflow/misspelt-runner`',
      'paths.<glob>.ignore':
        'off for these files, where a pattern means all findings of one kind (`unknown Webhook event`, `label ".+" is unknown`); a label that it names counts as one of your own'
    },
    read(text, path, unread) {
      const map = mapIn(path, fileIn(text, path, 'actionlint.yaml'), unread)
      if (!map) return {}
      const runners = map.get('self-hosted-runner')
      const labels = runners?.kind === 'map' ? wordsAt(runners, ['labels'], unread) : []
      const ignored = map.get('paths')
      const overrides: Config['overrides'] = []
      for (const { key, value } of ignored?.kind === 'map' ? ignored.entries.slice(0, MAX_WORDS) : []) {
        if (value.kind !== 'map') continue
        const patterns = wordsAt(value, ['ignore'], unread)
        labels.push(
          ...patterns.flatMap(pattern => /^label \\?"([\w.-]{1,100})\\?" is unknown/.exec(pattern)?.[1] ?? [])
        )
        const rules = patterns.flatMap(pattern => IGNORED.flatMap(([meant, ids]) => (meant.test(pattern) ? ids : [])))
        if (rules.length) overrides.push({ paths: [key.value], rules: rules.map(rule => ({ rule, severity: 'off' })) })
      }
      const own = ['workflow/unknown-runner', 'workflow/misspelt-runner']
      return {
        ...(labels.length && { rules: own.map(rule => ({ rule, options: { labels } })) }),
        ...(overrides.length && { overrides })
      }
    }
  },
  {
    tool: 'poutine',
    paths: ['.poutine.yml', '.poutine.yaml'],
    keys: {
      'rulesConfig.pr_runs_on_self_hosted.allowed_runners':
        'option `allow` of `workflow/pull-request-on-self-hosted-runner`'
    },
    read(text, path, unread) {
      const rules = mapIn(path, fileIn(text, path, '.poutine.yml'), unread)?.get('rulesConfig')
      const runners = rules?.kind === 'map' ? rules.get('pr_runs_on_self_hosted') : undefined
      const allow = runners?.kind === 'map' ? wordsAt(runners, ['allowed_runners'], unread) : []
      return allow.length
        ? { rules: [{ rule: 'workflow/pull-request-on-self-hosted-runner', options: { allow } }] }
        : {}
    }
  }
]

/**
 * Patterns of actionlint that mean every finding of a kind, as they are written; their own text is never run. A pattern
 * with a name in it means that one alone.
 */
const IGNORED: [meant: RegExp, rules: string[]][] = [
  [/^\^?unknown Webhook event( "?\.[+*]"?)?/, ['workflow/unknown-event']],
  [/^\^?label "?\.[+*]"? is unknown/, ['workflow/unknown-runner', 'workflow/misspelt-runner']],
  [/^\^?the runner of "?\.[+*]"? action is too old/, ['workflow/outdated-action']],
  [/^\^?input "?\.[+*]"? is not defined in action/, ['workflow/unknown-input']],
  [/^\^?workflow command "?\.[+*]"? was deprecated/, ['workflow/deprecated-command']]
]

/** The text of a config, which a caller may also hand over under the name of its file. */
function fileIn(text: string, path: string, name: string): string {
  if (!text.startsWith('{')) return text
  const root = parseYaml(path, text)[0]?.root
  const given = root?.kind === 'map' ? root.get(name) : undefined
  if (given?.kind === 'scalar') return given.value
  // JSON of one line: what is inside stands as it is written.
  const { column = 0, endColumn = 0, line, endLine } = given?.at ?? {}
  return given && line === 1 && endLine === 1 ? text.slice(column - 1, endColumn - 1) : text
}

/** Every file that is looked for. */
export const PEER_PATHS: string[] = PEER_TOOLS.flatMap(({ paths }) => paths)

export interface ReadPeers {
  /** Settings that our own config comes after. */
  config: Partial<Config>
  /** What of it is no use. Never our failure: that is their tool's to say. */
  unread: Unread[]
}

/**
 * The config of other tools, as settings by their ids. `textOf` gives what is at a path of the root; `given` is what a caller
 * has in place of a file, by the tool's name or that of its suite.
 */
export function readPeers(
  textOf: (path: string) => string | Unread | undefined,
  given: Record<string, unknown> = {}
): ReadPeers {
  const rules: RuleSetting[] = []
  const overrides: Config['overrides'] = []
  const withoutComments: string[] = []
  const unread: Unread[] = []
  for (const { tool, paths, read } of PEER_TOOLS) {
    const suite = Object.keys(given).find(each => isSuiteOf(each, tool))
    const path = suite === undefined ? paths.find(each => textOf(each) !== undefined) : `the config of ${tool}`
    if (path === undefined) continue
    const fail = (reason: string) => {
      unread.push({
        what: path,
        reason: `${reason}: it is left out`,
        ...(suite === undefined && { at: startOf(path) })
      })
    }
    const text = suite === undefined ? textOf(path) : textGiven(given[suite])
    if (typeof text !== 'string') fail(text?.reason ?? 'it is neither text nor a plain object')
    else if (text.length > MAX_LENGTH) fail(`it is larger than ${MAX_LENGTH >> 10} KiB`)
    else {
      const config = read(text, path, fail)
      rules.push(...(config.rules ?? []))
      overrides.push(...(config.overrides ?? []))
      withoutComments.push(...(config.withoutComments ?? []))
    }
  }
  const config = {
    ...(rules.length && { rules }),
    ...(overrides.length && { overrides }),
    ...(withoutComments.length && { withoutComments })
  }
  return { config, unread }
}

/** JSON is YAML; a list is what a file has a line each of. */
function textGiven(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  try {
    if (Array.isArray(value)) return value.map(String).join('\n')
    return JSON.stringify(value) as string | undefined
  } catch {
    return undefined
  }
}

function mapIn(path: string, text: string, unread: (reason: string) => void): YamlMap | undefined {
  const [document] = parseYaml(path, text)
  const [broken] = document?.errors ?? []
  if (broken) unread(`line ${broken.at.line}: ${broken.message}`)
  else if (document?.root?.kind === 'map') return document.root
  else if (!isNull(document?.root)) unread('it is no mapping')
  return undefined
}

function wordsAt(map: YamlMap, keys: string[], unread: (reason: string) => void): string[] {
  const key = keys.find(each => map.get(each))
  const value = key === undefined ? undefined : map.get(key)
  if (!value || isNull(value)) return []
  const words = scalarsOf(value).map(scalar => scalar.value)
  if (value.kind !== 'map' && words.length <= MAX_WORDS) return words
  unread(value.kind === 'map' ? `${key} is no list` : `${key} has more than ${MAX_WORDS} entries`)
  return []
}

const isTrue = (map: YamlMap, key: string): boolean => {
  const value = map.get(key)
  return value?.kind === 'scalar' && value.data === true
}

function setting(tool: string, ids: string[], severity: Severity | 'off', from: string): RuleSetting[] {
  return ids.length ? [{ rule: '*', severity, peer: { tool, ids: new Set(ids), from } }] : []
}

function checked(options: Pick<PeerIds, 'ids' | 'except'> | undefined, from: string): RuleSetting[] {
  return options?.ids.size ? [{ rule: '*', severity: 'off', peer: { tool: 'buildkit', ...options, from } }] : []
}

// Without them these rules have nothing to hold a file to: whoever sets them wants to hear.
function registries(trusted: string[]): RuleSetting[] {
  return trusted.length
    ? [{ rule: 'dockerfile/untrusted-registry', severity: 'on', options: { registries: trusted } }]
    : []
}

function labels(map: YamlMap, unread: (reason: string) => void): RuleSetting[] {
  const schema = map.get('label-schema')
  if (!schema || isNull(schema)) return []
  const types = schema.kind === 'map' ? schema.entries : []
  if (schema.kind !== 'map' || types.length > MAX_WORDS) {
    unread(schema.kind === 'map' ? `label-schema has more than ${MAX_WORDS} entries` : 'label-schema is no mapping')
    return []
  }
  const named = types.flatMap(({ key, value }) => (value.kind === 'scalar' ? [[key.value, value.value]] : []))
  if (!named.length) return []
  const options = { labels: Object.fromEntries(named), ...(isTrue(map, 'strict-labels') && { strict: true }) }
  return [{ rule: 'dockerfile/label-schema', severity: 'on', options }]
}
