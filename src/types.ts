import { evaluate, type Node, operandsOf } from './parse/expression.js'
import { nearest } from './words.js'

/** What is known of a value. `any` is what nothing is known of: whatever is done with it is fine. */
export type Type = Plain | Words | List | Dictionary
interface Plain {
  kind: 'any' | 'null' | 'number' | 'boolean'
}
interface Words {
  kind: 'string'
  /** The only texts it can be, where they are few. */
  only?: string[]
  /** They are those of this file, and conditions that hold for others may be there to be copied. */
  here?: boolean
}
interface List {
  kind: 'array'
  item: Type
  /** What `.*` gives: names after it are looked up in every item. */
  filtered?: boolean
}
interface Dictionary {
  kind: 'object'
  /** By name in lower case. */
  props: Map<string, { name: string; type: Type }>
  /** The type of any other name; without it there is none. */
  rest?: Type
  /** Our list of its names may be older than what GitHub has. */
  dated?: boolean
}

export const ANY: Type = { kind: 'any' }
export const NULL: Type = { kind: 'null' }
export const NUMBER: Type = { kind: 'number' }
export const BOOLEAN: Type = { kind: 'boolean' }
export const STRING: Type = { kind: 'string' }
export const oneOf = (...only: string[]): Type => ({ kind: 'string', only })
export const arrayOf = (item: Type): Type => ({ kind: 'array', item })

/** An object with these names and, where `rest` is given, any other. */
export function objectOf(props: Record<string, Type> | Iterable<[string, Type]>, rest?: Type): Dictionary {
  const entries = Symbol.iterator in props ? [...props] : Object.entries(props)
  return {
    kind: 'object',
    props: new Map(entries.map(([name, type]) => [name.toLowerCase(), { name, type }])),
    ...(rest && { rest })
  }
}

/** The type of a value as JSON has them. */
export function typeOfValue(value: unknown, depth = 0): Type {
  if (depth > MAX_DEPTH) return ANY
  if (value === null || value === undefined) return NULL
  const inner = (one: unknown) => typeOfValue(one, depth + 1)
  if (Array.isArray(value)) return arrayOf(mergedAll(value.map(inner)))
  if (typeof value === 'object') return objectOf(Object.entries(value).map(([name, one]) => [name, inner(one)]))
  if (typeof value === 'number') return NUMBER
  return typeof value === 'boolean' ? BOOLEAN : STRING
}

const MAX_DEPTH = 20
/** Among more names it is not asked which was meant. */
const MAX_NAMES = 100
/** More types than this are not told apart. */
const MAX_TYPES = 500

/** What a value is that may be of any of these types. */
export function mergedAll(types: Type[]): Type {
  if (types.length > MAX_TYPES) return ANY
  return types.reduce<Type | undefined>(merged, undefined) ?? ANY
}

/** What a value is that may be of either type. */
export function merged(one: Type | undefined, other: Type): Type {
  if (!one || one === other) return other
  if (one.kind !== other.kind) return ANY
  if (one.kind === 'array') return { ...one, item: merged(one.item, (other as List).item) }
  if (one.kind === 'string') {
    const both = one.only && (other as Words).only
    return both ? oneOf(...new Set([...one.only!, ...both])) : STRING
  }
  if (one.kind !== 'object') return one
  const { props, rest } = other as Dictionary
  const all = new Map(one.props)
  for (const [name, prop] of props) {
    const before = all.get(name)
    all.set(name, before ? { name: before.name, type: merged(before.type, prop.type) } : prop)
  }
  const either = one.rest && rest ? merged(one.rest, rest) : (one.rest ?? rest)
  return { kind: 'object', props: all, ...(either && { rest: either }) }
}

/** A type in words, for messages. */
export function named(type: Type): string {
  const names = { any: 'any value', null: 'null', number: 'a number', boolean: 'true or false', string: 'text' }
  if (type.kind === 'array') return 'a list'
  return type.kind === 'object' ? 'an object' : names[type.kind]
}

// ---------------------------------------------------------------- what may be wrong

/**
 * `context`, `function`: no such name. `count`: too few or too many arguments. `unavailable`: not here. `property`: an object
 * without that name. `access`: a member of what has none. `argument`, `comparison`: of types that GitHub coerces to something
 * useless. `placeholder`, `json`: texts that make the call fail. `unused`: an argument that no placeholder takes.
 */
export interface Fault {
  kind: FaultKind
  from: number
  to: number
  message: string
  /** Of a property: the name that is not there. */
  name?: string
  /** What the message speaks of, where it begins without: the text from here to there. */
  of?: { from: number; to: number }
  /** Our data may be older than the name: not to be certain about. */
  dated?: boolean
  /** GitHub makes sense of it all the same. */
  coerced?: boolean
}
export type FaultKind =
  | 'context'
  | 'function'
  | 'count'
  | 'unavailable'
  | 'property'
  | 'access'
  | 'argument'
  | 'comparison'
  | 'never'
  | 'placeholder'
  | 'unused'
  | 'json'
export type Report = (fault: Fault) => void

/** What an expression sees. */
export interface Scope {
  /** The type of a context by its name in lower case; undefined where there is no such context. */
  context(name: string): Type | undefined
  /** Contexts that may be used here, where that is known. */
  contexts?: readonly string[] | undefined
  /** Functions that may be used here beside those that may be used anywhere, where that is known. */
  functions?: readonly { name: string; least: number; most: number }[] | undefined
}

export const CONTEXTS = [
  'github',
  'env',
  'vars',
  'job',
  'jobs',
  'steps',
  'runner',
  'secrets',
  'strategy',
  'matrix',
  'needs',
  'inputs'
]

interface Signature {
  name: string
  least: number
  most: number
  gives: Type
  /** Only where a key offers it. */
  placed?: boolean
}
const FUNCTIONS = new Map<string, Signature>(
  (
    [
      ['contains', 2, 2, BOOLEAN],
      ['startsWith', 2, 2, BOOLEAN],
      ['endsWith', 2, 2, BOOLEAN],
      ['format', 1, 255, STRING],
      ['join', 1, 2, STRING],
      ['toJSON', 1, 1, STRING],
      ['fromJSON', 1, 1, ANY],
      ['case', 3, 255, ANY],
      ['hashFiles', 1, 255, STRING, true],
      ['success', 0, Number.POSITIVE_INFINITY, BOOLEAN, true],
      ['failure', 0, Number.POSITIVE_INFINITY, BOOLEAN, true],
      ['always', 0, 0, BOOLEAN, true],
      ['cancelled', 0, 0, BOOLEAN, true]
    ] as [string, number, number, Type, boolean?][]
  ).map(([name, least, most, gives, placed = false]) => [name.toLowerCase(), { name, least, most, gives, placed }])
)

const ignore: Report = () => {}

/** The type of an expression; what is wrong in it is reported on the way. */
export function typeOf(node: Node, scope: Scope, report: Report = ignore): Type {
  switch (node.type) {
    case 'literal':
      return typeof node.value === 'string' ? oneOf(node.value) : typeOfValue(node.value)
    case 'context':
      return context(node, scope, report, false)
    case 'property':
      return member(objectTypeOf(node.object, scope, report), node.name, node, report)
    case 'index':
      return indexed(node, scope, report)
    case 'star':
      return filtered(objectTypeOf(node.object, scope, report), node, report)
    case 'call':
      return call(node, scope, report)
    case 'not':
      typeOf(node.operand, scope, report)
      return BOOLEAN
    case 'binary':
      if (node.operator === '&&' || node.operator === '||') return logical(node, scope, report).all
      compare(node, typeOf(node.left, scope, report), typeOf(node.right, scope, report), report)
      return BOOLEAN
  }
}

const objectTypeOf = (node: Node, scope: Scope, report: Report): Type =>
  node.type === 'context' ? context(node, scope, report, true) : typeOf(node, scope, report)

function context(node: Extract<Node, { type: 'context' }>, scope: Scope, report: Report, hasMembers: boolean): Type {
  const name = node.name.toLowerCase()
  const { from, to } = node
  const type = CONTEXTS.includes(name) ? scope.context(name) : undefined
  if (!type) {
    const meant = nearest(name, CONTEXTS)
    report({
      kind: 'context',
      from,
      to,
      message: `${node.name} is no context${meant ? `: did you mean ${meant}?` : hasMembers ? '' : ': a text stands in single quotes'}`,
      // A context that is newer than our data has members; a word alone is a text without quotes.
      dated: !meant && hasMembers
    })
    return ANY
  }
  if (scope.contexts && !scope.contexts.includes(name)) {
    const offered = scope.contexts.length ? `only ${listed(scope.contexts)}` : 'no context'
    report({
      kind: 'unavailable',
      from,
      to,
      message: `${node.name} cannot be used here, where GitHub offers ${offered}`
    })
  }
  return type
}

function member(object: Type, name: string, at: Extract<Node, { object: Node }>, report: Report): Type {
  const { from, to } = at
  const of = spanOf(at.object)
  switch (object.kind) {
    case 'any':
      return ANY
    case 'object': {
      const found = object.props.get(name.toLowerCase())?.type ?? object.rest
      if (found) return found
      const names = [...object.props.values()].map(prop => prop.name)
      const low = names.length <= MAX_NAMES && name.length > 2 ? names.map(each => each.toLowerCase()) : []
      const meant = nearest(name, low)
      const hint = meant
        ? `: did you mean ${names.find(each => each.toLowerCase() === meant)}?`
        : names.length && names.length <= 8
          ? `, where there ${names.length > 1 ? 'are' : 'is'} ${listed(names)}`
          : ''
      report({
        kind: 'property',
        from,
        to,
        name,
        of,
        message: `has no ${name}${hint}`,
        dated: Boolean(object.dated && !meant)
      })
      return ANY
    }
    case 'array':
      if (object.filtered) return { ...object, item: member(object.item, name, at, ignore) }
      report({ kind: 'access', from, to, of, message: `is a list and has no ${name}: its items have a number` })
      return ANY
    default:
      report({ kind: 'access', from, to, of, message: `is ${named(object)} and has no ${name}` })
      return ANY
  }
}

function indexed(node: Extract<Node, { type: 'index' }>, scope: Scope, report: Report): Type {
  const object = objectTypeOf(node.object, scope, report)
  const index = typeOf(node.index, scope, report)
  const literal = node.index.type === 'literal' ? node.index.value : undefined
  const { from, to } = node.index
  const of = spanOf(node.object)
  if (index.kind === 'array' || index.kind === 'object') {
    report({ kind: 'access', from, to, of, message: `is looked up by ${named(index)}, which names nothing` })
    return ANY
  }
  if (object.kind === 'object') {
    if (typeof literal === 'number')
      report({
        kind: 'access',
        from,
        to,
        of,
        message: 'is an object and its names are text, not numbers',
        coerced: true
      })
    if (typeof literal === 'string' || typeof literal === 'number') return member(object, String(literal), node, report)
    return object.rest && !object.props.size ? object.rest : ANY
  }
  if (object.kind === 'array') {
    const isName = typeof literal === 'string' && Number.isNaN(Number(literal))
    if (isName)
      report({ kind: 'access', from, to, of, message: `is a list and has no ${literal}: its items have a number` })
    if (object.filtered) return typeof literal === 'string' ? member(object, literal, node, report) : arrayOf(ANY)
    return object.item
  }
  return object.kind === 'any' ? ANY : member(object, String(literal ?? 'members'), node, report)
}

function filtered(object: Type, node: Extract<Node, { type: 'star' }>, report: Report): Type {
  const { from, to } = node
  const of = spanOf(node.object)
  if (object.kind === 'any') return { kind: 'array', item: ANY, filtered: true }
  if (object.kind === 'array') {
    if (!object.filtered) return { ...object, filtered: true }
    const { item } = object
    return { ...object, item: item.kind === 'array' ? item.item : ANY }
  }
  if (object.kind === 'object') {
    const types = [...object.props.values()].map(prop => prop.type)
    return { kind: 'array', item: mergedAll(object.rest ? [...types, object.rest] : types), filtered: true }
  }
  report({ kind: 'access', from, to, of, message: `is ${named(object)} and has no members` })
  return arrayOf(ANY)
}

/** Of a chain, its type, and its type where it counts as true: `c && 'a' || 'b'` is text, though c may be true or false. */
function logical(node: Node, scope: Scope, report: Report): { all: Type; truthy: Type } {
  if (node.type !== 'binary' || (node.operator !== '&&' && node.operator !== '||')) {
    const all = typeOf(node, scope, report)
    return { all, truthy: all }
  }
  const operands = operandsOf(node).map(operand => logical(operand, scope, report))
  const last = operands.at(-1)!
  if (node.operator === '||') {
    const types = operands.map((operand, at) => (at < operands.length - 1 ? operand.truthy : operand.all))
    const all = types.reduce((one, other) => merged(one, other))
    return { all, truthy: all }
  }
  // Lists and objects always count as true.
  const falsy = operands.slice(0, -1).filter(({ all }) => all.kind !== 'array' && all.kind !== 'object')
  return { all: falsy.map(each => each.all).reduce<Type>(merged, last.all), truthy: last.truthy }
}

function compare(node: Extract<Node, { type: 'binary' }>, left: Type, right: Type, report: Report): void {
  const { from, to, operator } = node
  const isOrder = operator !== '==' && operator !== '!='
  const kinds = [left.kind, right.kind]
  if (kinds.includes('any')) return
  const odd = [left, right].find(({ kind }) =>
    isOrder ? kind !== 'number' && kind !== 'string' : kind === 'array' || kind === 'object'
  )
  if (odd && (isOrder || left.kind !== right.kind || bothLists(left, right))) {
    const why = isOrder ? 'has no order' : 'equals no other value'
    const message = `${named(left)} is compared with ${named(right)}, and ${named(odd)} ${why}`
    // What is true or false counts as 1 or 0.
    report({ kind: 'comparison', from, to, message, coerced: odd.kind === 'boolean' || odd.kind === 'null' })
    return
  }
  if (isOrder) return
  if (node.right.type === 'literal') never(node, left, node.left, node.right.value, report)
  else if (node.left.type === 'literal') never(node, right, node.right, node.left.value, report)
}

const bothLists = (left: Type, right: Type): boolean =>
  left.kind === 'array' &&
  right.kind === 'array' &&
  left.item.kind !== right.item.kind &&
  ![left.item, right.item].some(({ kind }) => kind === 'any')

/** A value that cannot be the literal it is compared with. Two literals are a constant, which is another matter. */
function never(
  node: Extract<Node, { type: 'binary' }>,
  type: Type,
  value: Node,
  literal: string | number | boolean | null,
  report: Report
): void {
  const why = value.type === 'literal' ? undefined : reasonOf(type, literal)
  const { from, to, operator } = node
  const isHere = type.kind === 'string' && type.here
  if (!why || (isHere && operator === '!=')) return
  const message = `is ${operator === '==' ? 'never' : 'always'} true: ${why}`
  report({ kind: 'never', from, to, of: { from, to }, message, ...(isHere && { coerced: true }) })
}

function reasonOf(type: Type, literal: string | number | boolean | null): string | undefined {
  if (type.kind === 'string' && type.only && typeof literal === 'string') {
    const { only } = type
    // What is not there equals the empty text.
    if (literal === '' || only.some(each => each.toLowerCase() === literal.toLowerCase())) return undefined
    return `it can be ${listed(only)}, not '${literal}'`
  }
  // GitHub makes numbers of both: true is 1, and a text that is no number equals nothing.
  if (type.kind === 'string' && typeof literal === 'boolean')
    return `the text '${literal}' does not equal ${literal}, only '${Number(literal)}' does`
  const isNumber = typeof literal === 'string' && (literal.trim() === '' || !Number.isNaN(Number(literal)))
  if ((type.kind === 'boolean' || type.kind === 'number') && typeof literal === 'string' && !isNumber)
    return `${named(type)} equals no text such as '${literal}'`
  return undefined
}

function call(node: Extract<Node, { type: 'call' }>, scope: Scope, report: Report): Type {
  const types = node.args.map(arg => typeOf(arg, scope, report))
  const { from, to } = node
  const signature = FUNCTIONS.get(node.name.toLowerCase())
  if (!signature) {
    const meant = nearest(node.name, FUNCTIONS.keys())
    const hint = meant ? `: did you mean ${FUNCTIONS.get(meant)!.name}?` : ''
    report({
      kind: 'function',
      from,
      to: from + node.name.length,
      message: `${node.name} is no function${hint}`,
      dated: !meant
    })
    return ANY
  }
  const offered = scope.functions?.find(({ name }) => name.toLowerCase() === node.name.toLowerCase())
  if (signature.placed && scope.functions && !offered) {
    const place = signature.name === 'hashFiles' ? 'in the keys of a step' : 'in conditions'
    report({
      kind: 'unavailable',
      from,
      to: from + node.name.length,
      message: `${node.name}() can be used ${place} only`
    })
  }
  const { least, most } = offered ?? signature
  if (types.length < least || types.length > most) {
    const wanted = most === least ? `${least}` : types.length < least ? `at least ${least}` : `at most ${most}`
    report({ kind: 'count', from, to, message: `${node.name} takes ${wanted} arguments, not ${types.length}` })
    return signature.gives
  }
  return checked(signature.name, node, types, report) ?? signature.gives
}

function checked(
  name: string,
  { args, from, to }: Extract<Node, { type: 'call' }>,
  types: Type[],
  report: Report
): Type | undefined {
  const [first] = types
  switch (name) {
    case 'contains':
    case 'startsWith':
    case 'endsWith': {
      const takesList = name === 'contains' && (first?.kind === 'array' || first?.kind === 'any')
      for (const [at, type] of types.entries()) {
        const isWrong = type.kind === 'object' || (type.kind === 'array' && !(at === 0 && takesList))
        if (isWrong)
          report({ kind: 'argument', ...spanOf(args[at]!), message: `${name} is never true of ${named(type)}` })
      }
      return BOOLEAN
    }
    case 'hashFiles':
      for (const [at, type] of types.entries())
        if (type.kind === 'array' || type.kind === 'object')
          report({
            kind: 'argument',
            ...spanOf(args[at]!),
            message: `hashFiles takes patterns, and this is ${named(type)}`
          })
      return STRING
    case 'join':
      if (first?.kind === 'object')
        report({ kind: 'argument', ...spanOf(args[0]!), message: 'join of an object is empty' })
      return STRING
    case 'format':
      placeholders(args, report)
      return STRING
    case 'fromJSON': {
      if (first?.kind === 'array' || first?.kind === 'object')
        report({ kind: 'argument', ...spanOf(args[0]!), message: `fromJSON of ${named(first)} fails: it is no text` })
      const text = evaluate(args[0]!, {})
      return typeof text === 'string' ? typeOfJson(text, spanOf(args[0]!), report) : ANY
    }
    case 'case': {
      if (args.length % 2 === 0)
        report({ kind: 'count', from, to, message: 'case takes pairs of a condition and a value, and one value more' })
      for (const [at, type] of types.entries())
        if (at % 2 === 0 && at < types.length - 1 && type.kind !== 'boolean' && type.kind !== 'any')
          report({ kind: 'argument', ...spanOf(args[at]!), message: `a condition of case is ${named(type)}` })
      return mergedAll(types.filter((_, at) => at % 2 === 1 || at === types.length - 1))
    }
  }
  return undefined
}

const listed = (names: readonly string[]): string =>
  names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : (names[0] ?? '')
const spanOf = ({ from, to }: Node) => ({ from, to })

function typeOfJson(text: string, span: { from: number; to: number }, report: Report): Type {
  try {
    return typeOfValue(JSON.parse(text))
  } catch {
    report({ kind: 'json', ...span, of: span, message: text.trim() ? 'is no JSON' : 'is empty, which is no JSON' })
    return ANY
  }
}

function placeholders([pattern, ...args]: Node[], report: Report): void {
  if (pattern?.type !== 'literal' || typeof pattern.value !== 'string') return
  const used = new Set<number>()
  let open = false
  for (const [all, index] of pattern.value.matchAll(/\{\{|\}\}|\{(\d{1,3})\}|[{}]/g)) {
    if (index !== undefined) used.add(Number(index))
    else if (all.length === 1) open = true
  }
  const span = spanOf(pattern)
  if (open)
    report({ kind: 'placeholder', ...span, of: span, message: 'has a brace that is neither doubled nor a placeholder' })
  for (const index of used)
    if (index >= args.length)
      report({
        kind: 'placeholder',
        ...span,
        of: span,
        message: `has the placeholder {${index}}, and ${args.length} ${args.length === 1 ? 'value is' : 'values are'} given`
      })
  for (const [index, arg] of args.entries())
    if (!used.has(index))
      report({
        kind: 'unused',
        ...spanOf(arg),
        of: spanOf(arg),
        message: `is given to format, whose text has no {${index}}`
      })
}
