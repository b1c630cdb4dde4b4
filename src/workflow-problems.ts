import { byObject } from './cache.js'
import { type Definition, definitionOf, ROOTS, type SchemaFile } from './data/workflow-schema.js'
import type { Edit, Peers, Place, Severity, Yaml, YamlEntry, YamlMap, YamlScalar } from './model.js'
import { expressionsIn } from './parse/expression.js'
import { isNull } from './parse/yaml.js'
import { editDistance, nearest, oneOf, quoted } from './words.js'

export type ShapeKind =
  | 'unknown-key'
  | 'missing-key'
  | 'wrong-value'
  | 'duplicate-key'
  | 'empty-value'
  | 'misplaced-key'
  | 'permission'
/** Something that a file has otherwise than GitHub's schema. */
export interface ShapeProblem {
  kind: ShapeKind
  at: Place
  message: string
  severity: Severity
  peers?: Peers
  edits?: Edit[]
}

/** All that is wrong with the shape of a workflow or an action, found in one walk that its rules share. */
export function problemsOf(file: SchemaFile, root: YamlMap): ShapeProblem[] {
  const before = known.get(root)
  if (before) return before
  const walk = new Walk(file)
  walk.value(root, ROOTS[file], { name: file, key: undefined, dynamic: false })
  known.set(root, walk.problems)
  return walk.problems
}
const known = new WeakMap<YamlMap, ShapeProblem[]>()

/** Only actionlint minds: GitHub takes it. */
const LENIENT: Peers = { actionlint: 'syntax-check' }
/** Only GitHub minds. */
const STRICT: Peers = { 'github-parser': 'parse-error' }

/** Where a value stands. */
interface Spot {
  /** The nearest key around it. */
  name: string
  /** That key, where it is the value's own. */
  key: YamlScalar | undefined
  /** An expression may stand here. */
  dynamic: boolean
}

class Walk {
  readonly problems: ShapeProblem[] = []
  /** Anchored values with the types they were held against: aliases bring the same ones again. */
  readonly #seen = new Map<Yaml, Set<string>>()

  /** The runner takes more than the schema says: only in `runs` of an action is it strict. */
  #isLenient: boolean

  constructor(readonly file: SchemaFile) {
    this.#isLenient = file === 'action'
  }

  value(value: Yaml, type: string, around: Spot): void {
    // An alias that leads nowhere is told as an error of the YAML.
    if (value.kind === 'scalar' && value.data === null && value.value.startsWith('*')) return
    if (value.anchor !== undefined) {
      const seen = this.#seen.get(value)
      if (seen?.has(type)) return
      if (seen) seen.add(type)
      else this.#seen.set(value, new Set([type]))
    }
    const definition = this.#definition(type)
    const spot = definition.at === undefined || around.dynamic ? around : { ...around, dynamic: true }
    if (type === 'steps-item' || type === 'composite-step') this.#step(value, definition, spot)
    else if (type === 'job') this.#job(value, definition, spot)
    else if (type === 'permissions') this.#permissions(value, definition, spot)
    else if (type === 'on-strict') this.#triggers(value, spot)
    else if (type === 'runs-strict') {
      this.#isLenient = false
      this.#runs(value, definition, spot)
      this.#isLenient = true
    } else this.#check(value, type, definition, spot)
  }

  // ---------------------------------------------------------------- by type

  #check(value: Yaml, type: string, definition: Definition, spot: Spot): void {
    // Values of a matrix, and what an action may say beside.
    if (type === 'any') return
    const choices = this.#choices(definition)
    if (value.kind === 'scalar') {
      if (!(NULLABLE.has(type) && isNull(value))) this.#scalar(value, type, choices, spot)
      return
    }
    const fit = choices.find(choice => choice.is === value.kind)
    if (!fit) {
      this.#wrongKind(value, choices, spot)
      return
    }
    if (value.kind === 'map') {
      if (!value.entries.length) {
        this.#emptyMap(value, type, fit, spot)
        return
      }
      this.#map(value, fit, spot)
      if (type === 'runs-on') this.#group(value.get('group'))
      if (type === 'container-registry-credentials') this.#credentials(value, spot)
      if (type === 'container-mapping' || type === 'services-container' || type === 'container')
        this.#image(value, spot)
      return
    }
    if (!value.items.length) {
      this.#emptyList(value, fit, spot)
      return
    }
    for (const item of value.items) {
      this.value(item, fit.of!, { ...spot, key: undefined })
      if (fit.of === 'string' && item.kind === 'scalar' && item.value === '')
        this.#add('empty-value', item.at, `one of ${spot.name} is empty`, 'note', LENIENT)
    }
  }

  #map(map: YamlMap, definition: Definition, spot: Spot, entries: YamlEntry[] = map.entries): void {
    this.#duplicates(map, spot)
    const { keys, any } = definition
    const types = typesByKey(definition)
    // Counted: every mapping of every file comes by.
    for (let at = 0; at < entries.length; at++) {
      const { key, value } = entries[at]!
      if (key.value === '<<') continue
      const own = types.get(key.value)
      const type = own ?? any
      if (type === undefined) this.#unknown(key, map, keys ?? [], spot)
      else if (!own && key.value === '')
        this.#add('empty-value', key.at, `a name in ${spot.name} is empty`, 'error', STRICT)
      else if (!this.#isSound(value, type)) this.value(value, type, { name: key.value, key, dynamic: spot.dynamic })
    }
    // Steps of actions without a shell are for another rule.
    for (const name of namesRequired(definition))
      if (name !== 'shell' && !map.entry(name)) this.#missing(name, map, spot)
  }

  /** A text where any will do: most values are. */
  #isSound(value: Yaml, type: string): boolean {
    if (value.kind !== 'scalar' || value.value === '' || value.data === null || value.anchor !== undefined) return false
    return !OWN_SHAPES.has(type) && this.#choices(this.#definition(type)).some(choice => choice.is === 'text')
  }

  #duplicates(map: YamlMap, { name }: Spot): void {
    // Most are known by one look: all names are lower case, and each leads back to its own entry.
    const isOwn = (entry: YamlEntry) => map.entry(entry.key.value) === entry && !/[A-Z]/.test(entry.key.value)
    if (map.entries.length < 2 || map.entries.every(isOwn)) return
    const seen = new Map<string, YamlScalar>()
    for (const { key } of map.entries) {
      const lower = key.value.toLowerCase()
      const first = seen.get(lower)
      // Ids of jobs that differ in case are for another rule.
      if (first && name === 'jobs' && first.value !== key.value) continue
      if (!first) {
        seen.set(lower, key)
        continue
      }
      const how = first.value === key.value ? 'twice' : `twice, since case counts for nothing: ${quoted(first.value)}`
      this.#add(
        'duplicate-key',
        key.at,
        `${quoted(key.value)} stands in ${name} ${how} (line ${first.at.line}): GitHub refuses the file`,
        'error'
      )
    }
  }

  #unknown(key: YamlScalar, map: YamlMap, keys: NonNullable<Definition['keys']>, spot: Spot): void {
    // A name that is computed stands for others.
    if (spot.dynamic && key.value.includes('${{')) return
    const names = keys.map(([name]) => name)
    const meant = nearest(key.value, names)
    const isNear = meant !== undefined && editDistance(key.value.toLowerCase(), meant.toLowerCase()) <= 2
    const hint = meant ? `: did you mean ${meant}?` : `; it knows ${oneOf(names.slice(0, 12))}`
    const problem: ShapeProblem = {
      kind: 'unknown-key',
      at: key.at,
      message: `GitHub does not know ${quoted(key.value)} in ${spot.name}${hint}`,
      // What resembles nothing may be newer than our data.
      severity: this.#isLenient ? (isNear ? 'warning' : 'note') : isNear ? 'error' : 'warning'
    }
    if (isNear && !map.entry(meant) && key.style === 'plain') problem.edits = [{ at: key.at, text: meant }]
    this.problems.push(problem)
  }

  #missing(name: string, map: YamlMap, spot: Spot, peers?: Peers): void {
    const at = spot.key?.at ?? map.entries[0]?.key.at ?? map.at
    // A key that was misspelt is there.
    const misspelt = map.entries.some(
      ({ key }) => editDistance(key.value.toLowerCase().slice(0, 40), name.toLowerCase()) <= 2
    )
    if (misspelt && name.length > 2) return
    this.#add('missing-key', at, `${spot.name} has no ${name}`, 'error', peers)
  }

  #scalar(scalar: YamlScalar, type: string, choices: Definition[], spot: Spot): void {
    if (choices.some(choice => choice.is === 'text') && !isNull(scalar) && scalar.value !== '') return
    const at = scalar.value === '' && spot.key && isNull(scalar) ? spot.key.at : scalar.at
    if (isNull(scalar) || scalar.value === '') {
      if (isNull(scalar) && choices.some(choice => choice.is === 'null')) return
      if (!choices.some(choice => choice.is === 'text' && !choice.full))
        this.#add('empty-value', at, `${spot.name} is empty, where GitHub expects ${namesOf(choices)}`, 'error')
      else if (IDLE.has(type) && !(type === 'container' && scalar.value))
        this.#add('empty-value', at, `${spot.name} is empty`, 'warning', LENIENT)
      return
    }
    if (scalar.value.includes('${{')) {
      // Where nothing may be computed, a rule of its own says so.
      if (!spot.dynamic || isWhole(scalar)) return
      const message = `${spot.name} has text around its expression, where GitHub expects ${namesOf(choices)}`
      this.#add('wrong-value', at, message, 'error')
      return
    }
    const { data } = scalar
    if (this.#isLenient && /^(true|false)$/i.test(scalar.value) && choices.some(({ is }) => is === 'boolean')) return
    if (choices.some(choice => choice.is === typeof data)) {
      if (typeof data === 'number') this.#count(scalar, data, spot)
      return
    }
    const words = choices.flatMap(choice => choice.words ?? [])
    if (words.includes(scalar.value)) return
    const isNew = words.length > 0 && choices.every(choice => choice.words)
    const meant = isNew && words.length < 20 ? nearest(scalar.value, words) : undefined
    const wanted = meant ? `did you mean ${meant}?` : `GitHub expects ${namesOf(choices)}`
    this.#add(
      'wrong-value',
      at,
      `${spot.name} is ${quoted(scalar.value)}: ${wanted}`,
      isNew && !meant ? 'warning' : 'error'
    )
  }

  #count(scalar: YamlScalar, count: number, { name }: Spot): void {
    if (!COUNTS.has(name)) return
    if (!(count > 0)) this.#add('wrong-value', scalar.at, `${name} is ${count}: it must be above 0`, 'warning', LENIENT)
    else if (name === 'max-parallel' && !Number.isInteger(count))
      this.#add('wrong-value', scalar.at, `${name} is ${count}: it must be a whole number`, 'warning', LENIENT)
  }

  /** Names of runner groups may say whose they are. */
  #group(group: Yaml | undefined): void {
    if (group?.kind !== 'scalar' || group.value.includes('${{')) return
    const { value, at } = group
    const [prefix, name, ...more] = value.split('/')
    if (name === undefined) return
    if (name && !more.length && /^(org|organization|ent|enterprise)$/i.test(prefix!)) return
    const message = `${quoted(value)} is no name of a runner group: only organization/ or enterprise/ may stand before it`
    this.#add('wrong-value', at, message, 'error', STRICT)
  }

  #wrongKind(value: Yaml, choices: Definition[], spot: Spot): void {
    const what = value.kind === 'map' ? 'a mapping' : 'a list'
    const at = startOfValue(value, spot)
    this.#add('wrong-value', at, `${spot.name} is ${what}, where GitHub expects ${namesOf(choices)}`, 'error')
  }

  #emptyMap(map: YamlMap, type: string, { keys }: Definition, spot: Spot): void {
    if (type === 'jobs') {
      this.#add('empty-value', map.at, 'the workflow has no job', 'error')
      return
    }
    const missing = keys?.filter(([, , required]) => required) ?? []
    for (const [name] of missing) this.#add('missing-key', map.at, `${spot.name} has no ${name}`, 'error')
    if (type === 'container' || type === 'services-container') this.#image(map, spot)
    else if (!missing.length) this.#add('empty-value', map.at, `${spot.name} is empty and can go`, 'note', LENIENT)
  }

  #emptyList(list: Yaml, { of }: Definition, spot: Spot): void {
    if (of === 'steps-item') this.#add('empty-value', list.at, 'the job has no steps', 'error')
    // A row of a matrix.
    else if (of === 'any') this.#add('empty-value', list.at, `${spot.name} has no value: the job never runs`, 'error')
    else this.#add('empty-value', list.at, `${spot.name} is empty`, 'warning', LENIENT)
  }

  // ---------------------------------------------------------------- shapes with names of their own

  #step(value: Yaml, definition: Definition, spot: Spot): void {
    if (value.kind !== 'map') {
      if (value.kind === 'scalar' && isNull(value)) this.#add('empty-value', value.at, 'a step is empty', 'error')
      else this.#wrongKind(value, [{ is: 'map' }], { ...spot, name: 'a step' })
      return
    }
    if (!value.entries.length) {
      this.#add('empty-value', value.at, 'a step is empty', 'error')
      return
    }
    const kinds = this.#kinds(definition)
    const here = { ...spot, name: 'a step', key: undefined }
    const first = value.entries.find(({ key }) => kinds.has(key.value))?.key.value
    if (first === undefined) {
      // Actions may get the newer steps of workflows.
      if (value.entries.some(({ key }) => NEWER.has(key.value))) return
      const all = [...kinds.values()].flatMap(({ definition }) => definition.keys ?? [])
      const misspelt = value.entries.find(({ key }) => isMisspelt(key.value, all, kinds.keys()))
      if (misspelt) {
        this.#unknown(misspelt.key, value, all, here)
        return
      }
      const message = 'a step neither runs a script (run) nor an action (uses)'
      this.#add('missing-key', value.entries[0]!.key.at, message, 'error')
      return
    }
    const isOdd = first !== 'run' && first !== 'uses'
    const { definition: kind, others } = kinds.get(first)!
    const own: YamlEntry[] = []
    for (const entry of value.entries) {
      const { key } = entry
      if (!others.has(key.value)) {
        own.push(entry)
        continue
      }
      const message =
        key.value === 'run' || key.value === 'uses'
          ? `a step runs either a script or an action: this one has ${first} and ${key.value}`
          : `${key.value} does not go with ${first}`
      // Steps that wait and cancel are new: more may be allowed than we know.
      this.#add('misplaced-key', key.at, message, isOdd ? 'warning' : 'error')
    }
    this.#map(value, kind, here, own)
  }

  #job(value: Yaml, definition: Definition, spot: Spot): void {
    const here = { ...spot, name: `job ${spot.name}` }
    if (value.kind !== 'map') {
      if (value.kind === 'scalar' && isNull(value))
        this.#add('empty-value', spot.key?.at ?? value.at, `${here.name} is empty`, 'error')
      else this.#wrongKind(value, [{ is: 'map' }], here)
      return
    }
    const [factory, call] = this.#choices(definition) as [Definition, Definition]
    const calls = value.entry('uses') !== undefined
    const { keys = [] } = calls ? call : factory
    const others = (calls ? factory : call).keys ?? []
    const own: YamlEntry[] = []
    for (const entry of value.entries) {
      const { key } = entry
      const isOther = !keys.some(([name]) => name === key.value) && others.some(([name]) => name === key.value)
      if (!isOther) own.push(entry)
      else {
        const message = calls
          ? `${key.value} cannot stand in ${here.name}, which calls a workflow`
          : `${key.value} is for jobs that call a workflow, and ${here.name} has no uses`
        this.#add('misplaced-key', key.at, message, 'error')
      }
    }
    this.#map(value, { is: 'map', keys }, here, own)
    if (!calls && !value.entry('steps')) this.#missing('steps', value, here, LENIENT)
  }

  #runs(value: Yaml, definition: Definition, spot: Spot): void {
    if (value.kind !== 'map') {
      this.#check(value, 'runs-strict', definition, spot)
      return
    }
    const using = value.get('using')
    const [docker, node, composite] = this.#choices(definition) as [Definition, Definition, Definition]
    if (using?.kind !== 'scalar' || using.value === '') {
      this.#map(value, { is: 'map', keys: [['using', 'non-empty-string', 1]], any: 'any' }, spot)
      return
    }
    const kinds: [RegExp, Definition, string][] = [
      [/^docker$/, docker, 'Docker'],
      [/^composite$/, composite, 'composite'],
      [/^node\d*$/, node, 'JavaScript']
    ]
    const [, kind, name] = kinds.find(([pattern]) => pattern.test(using.value)) ?? []
    if (!kind) {
      this.value(using, 'using', { ...spot, name: 'using', key: value.entry('using')!.key })
      return
    }
    const all = [docker, node, composite].flatMap(({ keys = [] }) => keys)
    const own: YamlEntry[] = []
    for (const entry of value.entries) {
      const { key } = entry
      const isOther = !kind.keys!.some(([own]) => own === key.value) && all.some(([other]) => other === key.value)
      if (!isOther) own.push(entry)
      else this.#add('misplaced-key', key.at, `${key.value} does not go with using: ${using.value}`, 'error')
    }
    // Which runtimes there are changes, and is for another rule.
    const keys = kind.keys!.map<[string, string, 1?]>(key => (key[0] === 'using' ? ['using', 'string', 1] : key))
    this.#map(value, { is: 'map', keys }, { ...spot, name: `runs of a ${name} action` }, own)
    for (const [condition, needed] of [
      ['pre-if', 'pre'],
      ['post-if', 'post']
    ] as const)
      if (name === 'JavaScript' && value.entry(condition) && !value.entry(needed))
        this.#add(
          'missing-key',
          value.entry(condition)!.key.at,
          `${condition} without ${needed} does nothing`,
          'warning'
        )
  }

  #triggers(value: Yaml, spot: Spot): void {
    const here = { ...spot, name: 'on' }
    if (value.kind === 'scalar') {
      if (isNull(value) || value.value === '') {
        this.#add('empty-value', spot.key!.at, 'on names no event', 'error')
        return
      }
      if (value.value === 'schedule')
        this.#add('missing-key', value.at, 'schedule has no cron line: it never starts', 'warning', LENIENT)
      return
    }
    if (value.kind === 'list') {
      if (!value.items.length) this.#add('empty-value', value.at, 'on names no event', 'error')
      for (const item of value.items) {
        if (item.kind !== 'scalar') this.#wrongKind(item, [{ is: 'text' }], here)
        else if (isNull(item) || item.value === '') this.#add('empty-value', item.at, 'an event is empty', 'error')
      }
      return
    }
    if (!value.entries.length) {
      this.#add('empty-value', value.at, 'on names no event', 'error')
      return
    }
    this.#duplicates(value, here)
    const { keys = [] } = this.#definition('on-mapping-strict')
    for (const { key, value: config } of value.entries) {
      // Events that we do not know are for another rule.
      const type = keys.find(([name]) => name === key.value)?.[1]
      if (!type) continue
      const event = { name: key.value, key, dynamic: false }
      const choices = this.#choices(this.#definition(type))
      const map = choices.find(choice => choice.is === 'map')
      if (config.kind !== 'map' || !config.entries.length) {
        if (config.kind === 'map' && !choices.some(choice => choice.is === 'list')) continue
        // A schedule is a list, an event without settings is nothing; a mapping has what it may in both.
        if (config.kind === 'scalar' && isNull(config)) {
          if (choices.some(choice => choice.is === 'list'))
            this.#add('empty-value', key.at, `${key.value} is empty`, 'error')
        } else this.#check(config, type, { one: [type] }, event)
        continue
      }
      if (!map && choices.some(choice => choice.is === 'list')) {
        this.#wrongKind(config, choices, event)
        continue
      }
      const own: YamlEntry[] = []
      for (const entry of config.entries) {
        const { key: filter, value } = entry
        if (!FILTERS.has(filter.value)) own.push(entry)
        // Which filters and types an event has is for another rule.
        else if (value.kind === 'scalar' && isNull(value))
          this.#add('empty-value', filter.at, `${filter.value} is empty: it filters nothing`, 'warning', LENIENT)
        else this.value(value, 'event-branches', { name: filter.value, key: filter, dynamic: false })
      }
      this.#map(config, { is: 'map', keys: map?.keys ?? [] }, event, own)
    }
  }

  #permissions(value: Yaml, definition: Definition, spot: Spot): void {
    const [scopes] = this.#choices(definition)
    const at = spot.key?.at ?? value.at
    if (value.kind === 'scalar') {
      if (isNull(value) || value.value === '')
        this.#add(
          'permission',
          at,
          'permissions is empty: {} takes all of them, read-all and write-all give',
          'error',
          {
            actionlint: ['permissions', 'syntax-check'],
            'github-parser': 'parse-error'
          }
        )
      else if (value.value !== 'read-all' && value.value !== 'write-all')
        this.#add(
          'permission',
          value.at,
          `${quoted(value.value)} is no set of permissions: GitHub knows read-all, write-all and {}`,
          'error'
        )
      return
    }
    if (value.kind === 'list') {
      this.#wrongKind(value, [{ is: 'map' }], spot)
      return
    }
    this.#duplicates(value, spot)
    const keys = scopes?.keys ?? []
    for (const { key, value: level } of value.entries) {
      const type = keys.find(([name]) => name === key.value)?.[1]
      if (key.value === '<<') continue
      if (!type) {
        const names = keys.map(([name]) => name)
        const meant = nearest(key.value, names)
        const isNear = meant !== undefined && editDistance(key.value.toLowerCase(), meant) <= 2
        this.problems.push({
          kind: 'permission',
          at: key.at,
          message: `GitHub does not know the permission ${quoted(key.value)}${meant ? `: did you mean ${meant}?` : ''}`,
          severity: isNear ? 'error' : 'warning',
          ...(isNear && !value.entry(meant) && key.style === 'plain' && { edits: [{ at: key.at, text: meant }] })
        })
        continue
      }
      const words = this.#definition(type).words ?? []
      if (level.kind !== 'scalar') this.#wrongKind(level, [{ words }], { ...spot, name: key.value, key })
      else if (!words.includes(level.value)) {
        // A scope may get a level that it did not have.
        const severity = LEVELS.has(level.value) ? 'warning' : 'error'
        const where = isNull(level) && level.value === '' ? key.at : level.at
        this.#add('permission', where, `${key.value} may be ${oneOf(words)}, not ${quoted(level.value)}`, severity)
      }
    }
  }

  #credentials(map: YamlMap, spot: Spot): void {
    for (const name of ['username', 'password'])
      if (!map.entry(name))
        this.#add('missing-key', spot.key?.at ?? map.at, `credentials have no ${name}`, 'error', LENIENT)
  }

  #image(map: YamlMap, spot: Spot): void {
    if (map.entry('image')) return
    // GitHub stops at a key that it does not know.
    const peers = this.problems.at(-1)?.kind === 'unknown-key' ? LENIENT : undefined
    this.#add('missing-key', spot.key?.at ?? map.at, `${spot.name} has no image`, 'error', peers)
  }

  // ---------------------------------------------------------------- short questions

  #definition(type: string): Definition {
    return definitionOf(this.file, type)
  }

  /** Types without choices, one after the other. */
  #choices(definition: Definition): Definition[] {
    if (!definition.one) return [definition]
    let found = choices.get(definition)
    if (!found) {
      found = definition.one.flatMap(type => this.#choices(this.#definition(type)))
      choices.set(definition, found)
    }
    return found
  }

  #kinds(definition: Definition): Map<string, StepKind> {
    let found = kinds.get(definition)
    if (!found) {
      found = kindsOf(this.#choices(definition))
      kinds.set(definition, found)
    }
    return found
  }

  #add(kind: ShapeKind, at: Place, message: string, severity: Severity, peers?: Peers): void {
    const lenient = kind === 'missing-key' || kind === 'wrong-value' ? 'note' : 'warning'
    const weight = this.#isLenient && severity !== 'note' ? lenient : severity
    this.problems.push({ kind, at, message, severity: weight, ...(peers && { peers }) })
  }
}

/** Types that are looked at by a method of their own. */
const OWN_SHAPES = new Set(['steps-item', 'composite-step', 'job', 'permissions', 'on-strict', 'runs-strict'])
const typesByKey = byObject(({ keys = [] }: Definition) => new Map(keys.map(([name, type]) => [name, type])))
const namesRequired = byObject(({ keys = [] }: Definition) =>
  keys.flatMap(([name, , required]) => (required ? [name] : []))
)
const choices = new WeakMap<Definition, Definition[]>()
const kinds = new WeakMap<Definition, Map<string, StepKind>>()

/** A kind of step, and the keys that other kinds have and it has not. */
interface StepKind {
  definition: Definition
  others: Set<string>
}

/** The kinds of a step by the key that makes it one. */
function kindsOf(definitions: Definition[]): Map<string, StepKind> {
  const namesOf = ({ keys = [] }: Definition) => keys.map(([name]) => name)
  const found = new Map<string, StepKind>()
  for (const definition of definitions) {
    const required = definition.keys?.find(([, , required]) => required)?.[0]
    const own = new Set(namesOf(definition))
    const others = new Set(definitions.flatMap(namesOf).filter(name => !own.has(name)))
    if (required) found.set(required, { definition, others })
  }
  return found
}

const NEWER = new Set(['parallel', 'wait', 'wait-all', 'cancel'])
/** Mappings that GitHub takes when there is nothing in them. */
const NULLABLE = new Set([
  'workflow-dispatch-inputs',
  'workflow-dispatch-input',
  'workflow-call-inputs',
  'workflow-call-secrets',
  'workflow-call-outputs'
])
/** Texts that GitHub takes empty, and that do nothing then. */
const IDLE = new Set(['container', 'workflow-output-context'])
const COUNTS = new Set(['timeout-minutes', 'cancel-timeout-minutes', 'max-parallel'])
const LEVELS = new Set(['read', 'write', 'none'])
/** Keys that some events have and others have not. */
const FILTERS = new Set([
  'types',
  'branches',
  'branches-ignore',
  'tags',
  'tags-ignore',
  'paths',
  'paths-ignore',
  'workflows'
])

function isMisspelt(key: string, all: [string, ...unknown[]][], wanted: Iterable<string>): boolean {
  if (all.some(([name]) => name === key)) return false
  return nearest(key, wanted) !== undefined
}

/** The whole text is one expression. */
function isWhole(scalar: YamlScalar): boolean {
  const [only, ...more] = expressionsIn(scalar)
  if (!only || more.length) return false
  return !scalar.value.slice(0, only.from).trim() && !scalar.value.slice(only.to).trim()
}

/** Where a mapping or a list begins: its first key, its bracket or dash. */
function startOfValue(value: Yaml, spot: Spot): Place {
  if (value.kind === 'map' && value.entries[0]) return value.entries[0].key.at
  const { at } = value
  return at.line === at.endLine ? at : (spot.key?.at ?? { ...at, endLine: at.line, endColumn: at.column + 1 })
}

const NAMES = {
  map: 'a mapping',
  list: 'a list',
  text: 'a text',
  boolean: 'true or false',
  number: 'a number',
  null: 'nothing'
}
function namesOf(choices: Definition[]): string {
  const words = choices.flatMap(choice => choice.words ?? [])
  const shown = words.length > 12 ? [...words.slice(0, 12), '…'] : words
  const kinds = choices.flatMap(choice => (choice.is ? NAMES[choice.is] : []))
  return oneOf([...new Set([...kinds, ...shown])])
}

/** Names of what the token of a job may be allowed. */
export const scopesOfToken = (): string[] =>
  (definitionOf('workflow', 'permissions-mapping').keys ?? []).map(([name]) => name)
