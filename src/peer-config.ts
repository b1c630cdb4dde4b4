import type { Config, PeerIds, RuleSetting, Severity, Unread, Within, Yaml, YamlMap } from './model.js'
import { startOf } from './parse/text.js'
import { isNull, mapOf, parseYaml, scalarOf, scalarsOf } from './parse/yaml.js'
import { ALL, checkOptions, isSuiteOf, listOf, PEER_FILES, trivyId } from './peers.js'

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
      const map = mapIn(path, inner(text, path, 'actionlint.yaml'), unread)
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
    tool: 'zizmor',
    paths: ['.github/zizmor.yml', '.github/zizmor.yaml', 'zizmor.yml', 'zizmor.yaml'],
    keys: {
      'rules.<id>.disable': 'off',
      'rules.<id>.ignore': 'off for that file, and its line and column where given',
      'rules.unpinned-uses.config.policies': 'option `policies` of the rules on unpinned actions',
      'rules.forbidden-uses.config': 'options of `workflow/forbidden-action`, which is on then',
      'rules.secrets-outside-env.config.allow': 'option `allow` of `workflow/secret-outside-environment`',
      'rules.dependabot-cooldown.config.days': 'option `days` of `dependabot/short-cooldown`'
    },
    read(text, path, unread) {
      const map = mapIn(path, inner(text, path, 'zizmor.yml'), unread)
      const all = mapOf(map?.get('rules'))?.entries.slice(0, MAX_WORDS) ?? []
      return {
        rules: all.flatMap(({ key, value }) => (value.kind === 'map' ? zizmorRule(key.value, value, path, unread) : []))
      }
    }
  },
  {
    tool: 'ghalint',
    paths: [
      'ghalint.yaml',
      '.ghalint.yaml',
      '.github/ghalint.yaml',
      'ghalint.yml',
      '.ghalint.yml',
      '.github/ghalint.yml'
    ],
    keys: {
      excludes:
        'off for that file, job and step; of `action_ref_should_be_full_length_commit_sha` option `policies` by `action_name`'
    },
    read(text, path, unread) {
      const map = mapIn(path, inner(text, path, 'ghalint.yaml'), unread)
      const excludes = listIn(map?.get('excludes')).slice(0, MAX_WORDS)
      const named = (each: YamlMap, key: string) => scalarOf(each.get(key))?.value
      const actions = excludes.flatMap(each => named(each, 'action_name') ?? [])
      const rules = excludes.flatMap(each => {
        const policy = named(each, 'policy_name')
        if (policy === undefined || each.get('action_name')) return []
        const file = named(each, 'workflow_file_path') ?? named(each, 'action_file_path')
        const job = named(each, 'job_name')
        const step = named(each, 'step_id')
        return setting('ghalint', [policy], 'off', path, {
          ...(file !== undefined && { paths: [file] }),
          ...(job !== undefined && { job }),
          ...(step !== undefined && { step })
        })
      })
      return { rules: [...pinPolicies(Object.fromEntries(actions.map(action => [action, 'any']))), ...rules] }
    }
  },
  {
    tool: 'poutine',
    paths: ['.poutine.yml', '.poutine.yaml'],
    keys: {
      skip: 'off by `rule`, where `path` says so and `job` fits',
      'skip[].purl': 'not honoured',
      'rulesConfig.pr_runs_on_self_hosted.allowed_runners':
        'option `allow` of `workflow/pull-request-on-self-hosted-runner`'
    },
    read(text, path, unread) {
      const map = mapIn(path, inner(text, path, '.poutine.yml'), unread)
      const skips = listIn(map?.get('skip')).slice(0, MAX_WORDS)
      const runners = mapOf(mapOf(map?.get('rulesConfig'))?.get('pr_runs_on_self_hosted'))
      const allow = runners ? wordsAt(runners, ['allowed_runners'], unread) : []
      return {
        rules: [
          ...(allow.length ? [{ rule: 'workflow/pull-request-on-self-hosted-runner', options: { allow } }] : []),
          ...skips.flatMap(each => {
            const [ids, paths, jobs] = ['rule', 'path', 'job'].map(key =>
              scalarsOf(each.get(key)).map(({ value }) => value)
            )
            const [job] = jobs!
            // What is left out by package, severity or advisory has no counterpart here.
            if (['purl', 'level', 'osv_id'].some(key => each.get(key)) || jobs!.length > 1) return []
            return setting('poutine', ids!.length ? ids! : [ALL], 'off', path, {
              ...(paths!.length && { paths: paths! }),
              ...(job !== undefined && { job })
            })
          })
        ]
      }
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

/** A caller may give the text of the file by its name, beside options of the command line. */
function inner(text: string, path: string, name: string): string {
  if (!text.startsWith('{')) return text
  const given = mapOf(parseYaml(path, text)[0]?.root)?.get(name)
  if (given?.kind === 'scalar') return given.value
  return given ? JSON.stringify(dataIn(given)) : text
}

function dataIn(yaml: Yaml): unknown {
  if (yaml.kind === 'scalar') return yaml.data
  if (yaml.kind === 'list') return yaml.items.map(dataIn)
  return Object.fromEntries(yaml.entries.map(({ key, value }) => [key.value, dataIn(value)]))
}

const listIn = (yaml: Yaml | undefined): YamlMap[] => {
  const list = yaml?.kind === 'list' ? yaml.items : []
  return list.flatMap(item => mapOf(item) ?? [])
}

function zizmorRule(id: string, map: YamlMap, path: string, unread: (reason: string) => void): RuleSetting[] {
  const config = mapOf(map.get('config'))
  const words = (key: string) => (config ? wordsAt(config, [key], unread) : [])
  const found: RuleSetting[] = []
  if (id === 'unpinned-uses') found.push(...pinPolicies(textsIn(config?.get('policies'))))
  if (id === 'forbidden-uses' && (config?.get('allow') || config?.get('deny'))) {
    const options = { allow: words('allow'), deny: words('deny'), only: config.get('allow') !== undefined }
    found.push({ rule: 'workflow/forbidden-action', severity: 'on', options })
  }
  if (id === 'secrets-outside-env' && config?.get('allow'))
    found.push({ rule: 'workflow/secret-outside-environment', options: { allow: words('allow') } })
  const days = config?.get('days')
  if (id === 'dependabot-cooldown' && days?.kind === 'scalar' && typeof days.data === 'number')
    found.push({ rule: 'dependabot/short-cooldown', options: { days: days.data } })
  if (isTrue(map, 'disable')) return [...found, ...setting('zizmor', [id], 'off', path)]
  for (const written of wordsAt(map, ['ignore'], unread)) {
    // FILE, FILE:LINE or FILE:LINE:COLUMN, whatever the folder.
    const [file = '', line, column] = written.split(':')
    found.push(
      ...setting('zizmor', [id], 'off', path, {
        paths: [file],
        ...(line !== undefined && { line: Number(line) }),
        ...(column !== undefined && { column: Number(column) })
      })
    )
  }
  return found
}

const textsIn = (yaml: Yaml | undefined): Record<string, string> =>
  Object.fromEntries(
    (mapOf(yaml)?.entries ?? [])
      .slice(0, MAX_WORDS)
      .flatMap(({ key, value }) => (value.kind === 'scalar' ? [[key.value, value.value]] : []))
  )

const pinPolicies = (policies: Record<string, string>): RuleSetting[] =>
  Object.keys(policies).length
    ? ['workflow/unpinned-action', 'workflow/unpinned-github-action', 'workflow/unpinned-action-in-action'].map(
        rule => ({
          rule,
          options: { policies }
        })
      )
    : []

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

function setting(
  tool: string,
  ids: string[],
  severity: Severity | 'off',
  from: string,
  within: Within = {}
): RuleSetting[] {
  if (!ids.length) return []
  const peer = { tool, ids: new Set(ids), from }
  return [{ rule: '*', severity, peer, ...(Object.keys(within).length && { within }) }]
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
