import type { Comment, Compose, ComposeService, Place, Yaml, YamlMap, YamlScalar } from '../model.js'
import { given } from './workflow.js'
import { isNull, listOf, mapOf, scalarOf, scalarsOf } from './yaml.js'

/** Services that extend services that extend … */
const MAX_EXTENDS = 20

/**
 * Reads a compose file from its YAML, in which merge keys are written out. Lenient: what does not have the expected shape
 * is left out here and reported by rules. `!reset` values count as absent, and what a service takes over by `extends`
 * from a service of the same file is put in.
 */
export function readCompose(path: string, at: Place, yaml: YamlMap, comments: Comment[]): Compose {
  const written = new Map<string, { name: YamlScalar; yaml: YamlMap }>()
  for (const { key, value } of mapOf(settingOf(yaml, 'services'))?.entries ?? [])
    if (value.kind === 'map' && value.tag !== '!reset' && key.value !== '<<' && !key.value.startsWith('x-'))
      written.set(key.value, { name: key, yaml: value })
  const services = [...written.values()].map(({ name, yaml }) => readService(name, yaml, written))
  return { path, at, yaml, comments, services }
}

function readService(
  name: YamlScalar,
  yaml: YamlMap,
  written: Map<string, { name: YamlScalar; yaml: YamlMap }>
): ComposeService {
  const own = ownFacts(yaml)
  const extended = extendsOf(yaml)
  let inherited: Partial<ComposeService> = {}
  let next = extended
  const seen = new Set([name.value])
  for (let depth = 0; next && !next.file && depth < MAX_EXTENDS; depth++) {
    const base = written.get(next.service.value)
    if (!base || seen.has(base.name.value)) break
    seen.add(base.name.value)
    inherited = laidOver(inherited, ownFacts(base.yaml))
    next = extendsOf(base.yaml)
  }
  const dependsOn = settingOf(yaml, 'depends_on')
  return {
    name,
    at: name.at,
    yaml,
    ports: listOf(settingOf(yaml, 'ports'))?.items ?? [],
    profiles: scalarsOf(settingOf(yaml, 'profiles')),
    dependsOn:
      dependsOn?.kind === 'map'
        ? dependsOn.entries.map(({ key, value }) => ({
            name: key,
            ...given({ condition: scalarOf(mapOf(value)?.get('condition')) })
          }))
        : scalarsOf(dependsOn).map(name => ({ name })),
    ...laidOver(own, inherited),
    ...given({ extends: extended })
  }
}

type Facts = Pick<ComposeService, 'image' | 'build' | 'healthcheck' | 'command' | 'entrypoint' | 'restart'>

function ownFacts(yaml: YamlMap): Partial<Facts> {
  return given({
    image: scalarOf(settingOf(yaml, 'image')),
    build: buildOf(yaml),
    healthcheck: healthcheckOf(yaml),
    command: settingOf(yaml, 'command'),
    entrypoint: settingOf(yaml, 'entrypoint'),
    restart: scalarOf(settingOf(yaml, 'restart'))
  })
}

/** Compose merges mappings key by key: an interval of the one and a test of the other make one check. */
function laidOver(own: Partial<Facts>, base: Partial<Facts>): Partial<Facts> {
  const both = { ...base, ...own }
  if (own.healthcheck && !own.healthcheck.disabled && !own.healthcheck.test && base.healthcheck)
    both.healthcheck = {
      ...own.healthcheck,
      disabled: base.healthcheck.disabled,
      ...given({ test: base.healthcheck.test })
    }
  if (own.build && base.build) {
    const written = own.build.context !== '.' || !base.build.context
    both.build = { ...base.build, ...own.build, context: written ? own.build.context : base.build.context }
  }
  return both
}

function buildOf(yaml: YamlMap): ComposeService['build'] {
  const value = settingOf(yaml, 'build')
  const at = yaml.entry('build')?.key.at
  if (!value || !at) return undefined
  if (value.kind === 'scalar') return { at, context: contextOf(value.value) }
  if (value.kind !== 'map') return undefined
  return {
    at,
    context: contextOf(scalarOf(settingOf(value, 'context'))?.value ?? '.'),
    ...given({
      dockerfile: scalarOf(settingOf(value, 'dockerfile')),
      inline: scalarOf(settingOf(value, 'dockerfile_inline')),
      target: scalarOf(settingOf(value, 'target'))
    })
  }
}

/** A folder of the repository, with defaults of variables put in; undefined for a Git or web address and whatever is not known. */
function contextOf(written: string): string | undefined {
  const context = interpolated(written)
  // Without /i, which the engine takes a while to prepare.
  if (context === undefined || /^([A-Za-z][A-Za-z0-9+.-]*:|[Gg]it@|[Gg]it[Hh]ub\.com\/|[/~])/.test(context))
    return undefined
  return /\.git([#?:]|$)/.test(context) ? undefined : context
}

/** Compose's `$NAME`, `${NAME:-default}` and `$$`; undefined where a variable has no default. */
export function interpolated(text: string): string | undefined {
  if (!text.includes('$')) return text
  let value = ''
  for (let at = 0; at < text.length; ) {
    const dollar = text.indexOf('$', at)
    if (dollar < 0) return value + text.slice(at)
    value += text.slice(at, dollar)
    if (text[dollar + 1] === '$') {
      value += '$'
      at = dollar + 2
      continue
    }
    if (text[dollar + 1] !== '{') return undefined
    const end = text.indexOf('}', dollar)
    const name = end < 0 ? undefined : /^[A-Za-z_]\w{0,200}:?-/.exec(text.slice(dollar + 2, end))
    const fallback = name ? text.slice(dollar + 2 + name[0].length, end) : undefined
    if (fallback === undefined || fallback.includes('$')) return undefined
    value += fallback
    at = end + 1
  }
  return value
}

function healthcheckOf(yaml: YamlMap): ComposeService['healthcheck'] {
  const value = settingOf(yaml, 'healthcheck')
  const at = yaml.entry('healthcheck')?.key.at
  if (!value || !at) return undefined
  const map = mapOf(value)
  const test = map && settingOf(map, 'test')
  const off = scalarOf(map && settingOf(map, 'disable'))?.data === true
  return { at, yaml: value, disabled: off || scalarsOf(test)[0]?.value === 'NONE', ...given({ test }) }
}

function extendsOf(yaml: YamlMap): ComposeService['extends'] {
  const value = settingOf(yaml, 'extends')
  const service = scalarOf(value) ?? scalarOf(mapOf(value)?.get('service'))
  return service && { service, ...given({ file: scalarOf(mapOf(value)?.get('file')) }) }
}

function settingOf(map: YamlMap, key: string): Yaml | undefined {
  const value = map.get(key)
  return value?.tag === '!reset' || isNull(value) ? undefined : value
}
