import { byObject } from './cache.js'
import type { Action, Place, Repo, YamlMap } from './model.js'
import { isNull, mapOf, scalarOf } from './parse/yaml.js'
import { folderOf, joinPath } from './query.js'
import { oneOf, quoted } from './words.js'

/** Why GitHub would refuse an action or its steps would not run. */
export interface ActionProblem {
  at: Place
  message: string
  /** `shape`: what the file says of itself. `file`: it names one that is not there. `runtime`: Node.js that GitHub has removed. */
  kind: 'shape' | 'file' | 'runtime'
}

/**
 * What is wrong with each action of a repository. By repository, since head and base share an action that did not change and
 * not the files it names. Sources: GitHub's metadata syntax reference.
 */
export const actionProblems = byObject(({ actions, paths }: Repo): Map<Action, ActionProblem[]> => {
  const all = new Set(paths)
  return new Map(actions.map(action => [action, [...problemsOf(action, all)]]))
})

function* problemsOf(action: Action, paths: Set<string>): Iterable<ActionProblem> {
  const { yaml } = action
  // What cannot be read hides the rest.
  const [broken] = brokenLists(yaml)
  if (broken) {
    yield broken
    return
  }
  for (const key of ['name', 'description'])
    if (!yaml.entry(key)) yield { at: action.at, kind: 'shape', message: `it has no ${key}` }
  yield* deprecations(yaml)
  const color = scalarOf(mapOf(yaml.get('branding'))?.get('color'))
  if (color && !COLORS.has(color.value))
    yield {
      at: color.at,
      kind: 'shape',
      message: `${quoted(color.value)} is no colour of a badge: it is ${oneOf([...COLORS])}`
    }
  const icon = scalarOf(mapOf(yaml.get('branding'))?.get('icon'))
  if (icon && !/^[a-z]+(-[a-z0-9]+)*$/.test(icon.value))
    yield { at: icon.at, kind: 'shape', message: `${quoted(icon.value)} is no icon of Feather` }
  const entry = yaml.entry('runs')
  const runs = mapOf(entry?.value)
  if (!entry || !runs) {
    yield { at: entry?.key.at ?? action.at, kind: 'shape', message: 'it does not say how it runs: `runs` is missing' }
    return
  }
  const using = scalarOf(runs.get('using'))
  if (!using) {
    yield { at: entry.key.at, kind: 'shape', message: 'it does not say what runs it: `using` is missing' }
    return
  }
  yield* ofKind(using.value, using.at, entry.key.at, runs)
  if (using.value === 'docker' || /^node\d+$/.test(using.value)) yield* files(action, runs, using.value, paths)
}

const COLORS = new Set(['white', 'black', 'yellow', 'blue', 'green', 'orange', 'red', 'purple', 'gray-dark'])

function* brokenLists(yaml: YamlMap): Iterable<ActionProblem> {
  for (const list of ['inputs', 'outputs']) {
    const entry = yaml.entry(list)
    if (!entry || isNull(entry.value)) continue
    if (entry.value.kind !== 'map') {
      yield { at: entry.value.at, kind: 'shape', message: `${list} is no mapping of names` }
      continue
    }
    const seen = new Map<string, string>()
    for (const { key, value } of entry.value.entries) {
      const other = seen.get(key.value.toLowerCase())
      if (other !== undefined)
        yield {
          at: key.at,
          kind: 'shape',
          message: `${quoted(key.value)} is the same name as ${quoted(other)}: names compare without case`
        }
      seen.set(key.value.toLowerCase(), key.value)
      const required = mapOf(value)?.get('required')
      if (required && required.kind !== 'scalar')
        yield { at: required.at, kind: 'shape', message: `required of ${quoted(key.value)} is neither true nor false` }
    }
  }
}

function* deprecations(yaml: YamlMap): Iterable<ActionProblem> {
  for (const { key, value } of mapOf(yaml.get('inputs'))?.entries ?? []) {
    const entry = mapOf(value)?.entry('deprecationMessage')
    if (entry && !(scalarOf(entry.value)?.value.trim() ?? ''))
      yield { at: entry.key.at, kind: 'shape', message: `the deprecation of ${quoted(key.value)} says nothing` }
  }
}

const KEYS: Record<'composite' | 'docker' | 'node', { required: string; allowed: string[]; what: string }> = {
  composite: { required: 'steps', allowed: ['steps'], what: 'a composite action' },
  docker: {
    required: 'image',
    allowed: ['image', 'env', 'args', 'pre-entrypoint', 'pre-if', 'entrypoint', 'post-entrypoint', 'post-if'],
    what: 'a Docker action'
  },
  node: { required: 'main', allowed: ['main', 'pre', 'pre-if', 'post', 'post-if'], what: 'a JavaScript action' }
}
const ALL_KEYS = new Set(Object.values(KEYS).flatMap(({ allowed }) => allowed))

function* ofKind(using: string, at: Place, runsAt: Place, runs: YamlMap): Iterable<ActionProblem> {
  const version = /^node(\d+)$/.exec(using)?.[1]
  const kind = version ? KEYS.node : using === 'composite' || using === 'docker' ? KEYS[using] : undefined
  if (!kind) {
    yield {
      at,
      kind: 'shape',
      message: `${quoted(using)} runs no action: it is composite, docker or a version of node`
    }
    return
  }
  if (version && Number(version) < 20)
    yield { at, kind: 'runtime', message: `it is made for Node.js ${version}, which GitHub has removed` }
  if (isNull(runs.get(kind.required)))
    yield { at: runsAt, kind: 'shape', message: `${kind.what} needs ${kind.required}, and it has none` }
  for (const { key } of runs.entries) {
    const { value } = key
    if (ALL_KEYS.has(value) && !kind.allowed.includes(value))
      yield { at: key.at, kind: 'shape', message: `${kind.what} does not take ${value}` }
  }
  if (!version) return
  for (const hook of ['pre', 'post']) {
    const condition = runs.entry(`${hook}-if`)
    if (condition && !runs.entry(hook))
      yield { at: condition.key.at, kind: 'shape', message: `${hook}-if decides about nothing: there is no ${hook}` }
  }
}

function* files(action: Action, runs: YamlMap, using: string, paths: Set<string>): Iterable<ActionProblem> {
  const folder = folderOf(action.path)
  const named = using === 'docker' ? ['pre-entrypoint', 'entrypoint', 'post-entrypoint'] : ['main', 'pre', 'post']
  const isImage = using === 'docker' && !action.image?.value.startsWith('docker://')
  if (using === 'docker' && !isImage) return
  if (isImage && action.image) yield* dockerfile(action.image.value, action.image.at, folder, paths)
  for (const key of named) {
    const text = scalarOf(runs.get(key))
    // Of an image's own programs the tree shows nothing.
    if (!text || text.value.includes('${{') || text.value.startsWith('/')) continue
    const path = joinPath(folder, text.value)
    if (path === undefined || paths.has(path)) continue
    yield { at: text.at, kind: 'file', message: `${key} is ${quoted(text.value)}, and there is no ${path}` }
  }
}

function* dockerfile(image: string, at: Place, folder: string, paths: Set<string>): Iterable<ActionProblem> {
  const name = image.split('/').pop() ?? ''
  // A registry in front: meant as an image.
  if (/^[\w-]+(\.[\w-]+)+(:\d+)?\//.test(image)) return
  if (!/^dockerfile$/i.test(name)) {
    yield { at, kind: 'file', message: `${quoted(image)} is neither a Dockerfile nor docker://image` }
    return
  }
  const path = joinPath(folder, image)
  if (path !== undefined && !paths.has(path)) yield { at, kind: 'file', message: `there is no ${path}` }
}
