import type { Place, Text } from '../model.js'

/** An expression node; `from` and `to` are offsets in the text that holds it. */
export type Node =
  | { type: 'literal'; value: string | number | boolean | null; from: number; to: number }
  | { type: 'context'; name: string; from: number; to: number }
  | { type: 'property'; object: Node; name: string; from: number; to: number }
  | { type: 'index'; object: Node; index: Node; from: number; to: number }
  | { type: 'star'; object: Node; from: number; to: number }
  | { type: 'call'; name: string; args: Node[]; from: number; to: number }
  | { type: 'not'; operand: Node; from: number; to: number }
  | { type: 'binary'; operator: Operator; left: Node; right: Node; from: number; to: number }
type Operator = '&&' | '||' | '==' | '!=' | '<' | '<=' | '>' | '>='

export interface Expression {
  text: Text
  /** The whole of `${{ … }}`, or the whole text of a bare condition. */
  at: Place
  from: number
  to: number
  /** What could be read of it; undefined where nothing could, or where it is too long or too deep for GitHub. */
  root: Node | undefined
  errors: { message: string; at: Place }[]
}

/** GitHub refuses longer expressions, and trees higher than this. */
const MAX_LENGTH = 21_000
const MAX_DEPTH = 50
/** Parentheses make no tree, so GitHub does not count them; here they cost stack. */
const MAX_NESTING = 200

// ---------------------------------------------------------------- finding expressions

/**
 * Every `${{ … }}` of a text, in order. A `}}` inside quotes does not close one. An expression that is not closed ends at
 * its line and is the last one, as for GitHub.
 */
export function expressionsIn(text: Text): Expression[] {
  if (!text.value.includes('${{')) return NONE
  let found = fenced.get(text)
  if (!found) fenced.set(text, (found = findIn(text)))
  return found
}
const NONE: Expression[] = []
/** Many rules look at the same texts. */
const fenced = new WeakMap<Text, Expression[]>()
const bare = new WeakMap<Text, Expression[]>()

function findIn(text: Text): Expression[] {
  const { value } = text
  const found: Expression[] = []
  for (let from = value.indexOf('${{'); from >= 0; ) {
    const end = closing(value, from + 3)
    if (end < 0) {
      const line = value.indexOf('\n', from)
      const to = line < 0 ? value.length : line
      const message = value.includes('}}', from) ? 'a quote inside ${{ is not closed' : '${{ is not closed by }}'
      const at = text.part(from, to)
      found.push({ text, from, to, at, root: undefined, errors: [{ message, at }] })
      return found
    }
    found.push(new Parsed(text, from, end + 2, from + 3, end))
    from = value.indexOf('${{', end + 2)
  }
  return found
}

/** A condition, where `${{ }}` may be left out: its one expression, or all those of a text that has fences. */
export function conditionOf(text: Text): Expression[] {
  if (text.value.includes('${{')) return expressionsIn(text)
  let found = bare.get(text)
  if (!found) {
    const { length } = text.value
    bare.set(text, (found = text.value.trim() ? [new Parsed(text, 0, length, 0, length)] : []))
  }
  return found
}

function closing(value: string, from: number): number {
  let quoted = false
  for (let at = from; at < value.length; at++) {
    if (value[at] === "'") quoted = !quoted
    else if (!quoted && value[at] === '}' && value[at + 1] === '}') return at
  }
  return -1
}

/** Parsed when somebody asks: most expressions are looked at by few rules. */
class Parsed implements Expression {
  #parsed: Pick<Expression, 'root' | 'errors'> | undefined
  constructor(
    readonly text: Text,
    readonly from: number,
    readonly to: number,
    readonly begin: number,
    readonly end: number
  ) {}
  get at(): Place {
    return this.text.part(this.from, this.to)
  }
  get root(): Node | undefined {
    this.#parsed ??= parsed(this)
    return this.#parsed.root
  }
  get errors(): Expression['errors'] {
    this.#parsed ??= parsed(this)
    return this.#parsed.errors
  }
}

function parsed({ text, from, begin, end }: Parsed): Pick<Expression, 'root' | 'errors'> {
  const errors: Expression['errors'] = []
  const report = (message: string, start: number, stop: number) =>
    errors.push({ message, at: text.part(start, Math.max(start, stop)) })
  if (end - begin > MAX_LENGTH) {
    report(`an expression of ${end - begin} characters is longer than GitHub's ${MAX_LENGTH}`, from, from + 3)
    return { root: undefined, errors }
  }
  return { root: readPath(text.value, begin, end) ?? parseExpression(text.value, begin, end, report), errors }
}

/** `github.event.number`: three of four expressions are such a path, which needs no grammar. Undefined for all else. */
function readPath(text: string, begin: number, end: number): Node | undefined {
  let at = begin
  let last = end
  while (text[at] === ' ' && at < end) at++
  while (text[last - 1] === ' ' && last > at) last--
  const from = at
  let node: Node | undefined
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const start = at
    while (at < last && isOfName(text.charCodeAt(at))) at++
    const first = text.charCodeAt(start)
    // A name begins with no digit and no dash.
    if (at === start || first < 65) return undefined
    const name = text.slice(start, at)
    if (node) node = { type: 'property', object: node, name, from, to: at }
    else if (WORDS.has(name)) return undefined
    else node = { type: 'context', name, from, to: at }
    if (at === last) return node
    if (text[at] !== '.') return undefined
    at++
  }
  return undefined
}

const isOfName = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code === 45 || (code >= 48 && code <= 57)

// ---------------------------------------------------------------- tokens

interface Token {
  kind: 'value' | 'name' | 'sign' | 'end'
  /** A name or sign as written. */
  text: string
  value: string | number | boolean | null
  from: number
  to: number
}
type Report = (message: string, from: number, to: number) => void

const SIGNS = new Set(['&&', '||', '==', '!=', '<=', '>=', '<', '>', '!', '(', ')', '[', ']', ',', '.', '*'])
const WORDS = new Map<string, Token['value']>([
  ['true', true],
  ['false', false],
  ['null', null],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY]
])
const isBlank = (char: string) =>
  char === ' ' || (char < '!' ? char >= '\t' && char <= '\r' : char > '~' && /\s/.test(char))
const isDigit = (char: string | undefined) => char !== undefined && char >= '0' && char <= '9'
const ENDS = '([)],.!<>=&|*\'"'
const endsWord = (char: string) => ENDS.includes(char) || isBlank(char)

function tokensOf(text: string, begin: number, end: number, report: Report): Token[] {
  const tokens: Token[] = []
  for (let at = begin; at < end; ) {
    const char = text[at]!
    if (isBlank(char)) {
      at++
      continue
    }
    const before = tokens.at(-1)
    const [token, message] = readToken(text, at, end, before)
    if (message) report(message, token.from, token.to)
    if (token.text !== '' || token.kind === 'value') tokens.push(token)
    at = token.to
  }
  tokens.push({ kind: 'end', text: '', value: null, from: end, to: end })
  return tokens
}

function readToken(text: string, from: number, end: number, before: Token | undefined): [Token, message?: string] {
  const char = text[from]!
  if (char === "'" || char === '"') return readQuoted(text, from, end, char)
  // After a name or a bracket a dot goes into it; anywhere else it begins a number, as signs do.
  const dotted = before && (before.kind === 'name' || [')', ']', '*'].includes(before.text))
  if (isDigit(char) || char === '-' || char === '+' || (char === '.' && !dotted)) {
    const to = wordEnd(text, from + 1, end, '.')
    const word = text.slice(from, to)
    const value = toNumber(word)
    const token: Token = { kind: 'value', text: '', value, from, to }
    return Number.isNaN(value) ? [token, `'${word}' is no number`] : [token]
  }
  for (const length of [2, 1]) {
    const sign = text.slice(from, Math.min(end, from + length))
    if (sign.length === length && SIGNS.has(sign))
      return [{ kind: 'sign', text: sign, value: null, from, to: from + length }]
  }
  const to = wordEnd(text, from + 1, end, '')
  const word = text.slice(from, to)
  if (!/^[a-zA-Z_][a-zA-Z0-9_-]*$/.test(word))
    return [{ kind: 'sign', text: '', value: null, from, to }, `'${word}' is not understood`]
  if (WORDS.has(word) && before?.text !== '.') return [{ kind: 'value', text: '', value: WORDS.get(word)!, from, to }]
  return [{ kind: 'name', text: word, value: null, from, to }]
}

function readQuoted(text: string, from: number, end: number, quote: string): [Token, message?: string] {
  let value = ''
  let start = from + 1
  for (;;) {
    const stop = text.indexOf(quote, start)
    if (stop < 0 || stop >= end) {
      const token: Token = { kind: 'value', text: '', value: value + text.slice(start, end), from, to: end }
      return [token, 'a quote is not closed']
    }
    value += text.slice(start, stop)
    if (text[stop + 1] !== quote || stop + 1 >= end) {
      const token: Token = { kind: 'value', text: '', value, from, to: stop + 1 }
      return quote === '"' ? [token, 'a text in an expression stands in single quotes'] : [token]
    }
    value += quote
    start = stop + 2
  }
}

function wordEnd(text: string, from: number, end: number, also: string): number {
  let at = from
  while (at < end && (!endsWord(text[at]!) || text[at] === also)) at++
  return at
}

// ---------------------------------------------------------------- the grammar

/** Parses `text` between two offsets. Never throws: what is wrong is reported, and what could be read is returned. */
function parseExpression(text: string, begin: number, end: number, report: Report): Node | undefined {
  return new Parser(text, begin, end, report).read()
}

const LEVELS: Operator[][] = [['||'], ['&&'], ['==', '!='], ['<=', '>=', '<', '>']]

class Parser {
  readonly #tokens: Token[]
  #at = 0
  #nesting = 0
  #broken = false
  #tooDeep = false
  /** Of nodes that are higher than one. */
  #heights: Map<Node, number> | undefined

  constructor(
    readonly text: string,
    readonly begin: number,
    readonly end: number,
    readonly report: Report
  ) {
    this.#tokens = tokensOf(text, begin, end, report)
  }

  read(): Node | undefined {
    const root = this.#binary(0)
    if (this.#peek().kind !== 'end') this.#fail()
    return this.#tooDeep ? undefined : root
  }

  #peek(): Token {
    return this.#tokens[this.#at]!
  }

  #takes(sign: string): boolean {
    const { kind, text } = this.#peek()
    if (kind !== 'sign' || text !== sign) return false
    this.#at++
    return true
  }

  #fail(): undefined {
    const token = this.#peek()
    // The first thing not understood explains those after it.
    if (!this.#broken) {
      if (token.kind === 'end') {
        const what = this.#tokens.length > 1 ? 'the expression ends too early' : 'the expression is empty'
        this.report(what, this.begin, this.end)
      } else this.report(`'${this.text.slice(token.from, token.to)}' is not expected here`, token.from, token.to)
    }
    this.#broken = true
  }

  #giveUp({ from, to }: { from: number; to: number }): void {
    if (!this.#tooDeep) this.report(`an expression nested more than ${MAX_DEPTH} deep is refused by GitHub`, from, to)
    this.#tooDeep = true
    this.#broken = true
    this.#at = this.#tokens.length - 1
  }

  #made(node: Node, height: number): Node {
    this.#heights ??= new Map()
    this.#heights.set(node, height)
    if (height > MAX_DEPTH) this.#giveUp(node)
    return node
  }

  #heightOf(node: Node): number {
    return this.#heights?.get(node) ?? 1
  }

  #nested(level: number): Node | undefined {
    if (++this.#nesting > MAX_NESTING) this.#giveUp(this.#peek())
    const node = level < LEVELS.length ? this.#binary(level) : this.#unary()
    this.#nesting--
    return node
  }

  #binary(level: number): Node | undefined {
    const operators = LEVELS[level]
    if (!operators) return this.#unary()
    let left = this.#binary(level + 1)
    for (;;) {
      const operator = operators.find(sign => this.#takes(sign))
      if (!operator) return left
      const right = this.#binary(level + 1)
      if (!left || !right) {
        left ??= right
        continue
      }
      // GitHub holds a chain of one logical operator as one node.
      const chain = (operator === '&&' || operator === '||') && left.type === 'binary' && left.operator === operator
      const [one, other] = [this.#heightOf(left), this.#heightOf(right)]
      const height = chain ? Math.max(one, other + 1) : Math.max(one, other) + 1
      left = this.#made({ type: 'binary', operator, left, right, from: left.from, to: right.to }, height)
    }
  }

  #unary(): Node | undefined {
    const { from } = this.#peek()
    if (!this.#takes('!')) return this.#postfix()
    const operand = this.#nested(LEVELS.length)
    return operand && this.#made({ type: 'not', operand, from, to: operand.to }, this.#heightOf(operand) + 1)
  }

  #postfix(): Node | undefined {
    let node = this.#primary()
    while (node && node.type !== 'literal') {
      const object: Node = node
      const { from } = object
      const above = this.#heightOf(object) + 1
      if (this.#takes('.')) {
        const name = this.#peek()
        if (this.#takes('*')) node = this.#made({ type: 'star', object, from, to: name.to }, above)
        else if (name.kind === 'name') {
          this.#at++
          node = this.#made({ type: 'property', object, name: name.text, from, to: name.to }, above)
        } else {
          this.#fail()
          return object
        }
      } else if (this.#takes('[')) {
        const star = this.#takes('*')
        const index = star ? undefined : this.#nested(0)
        const { to } = this.#peek()
        if (!this.#takes(']')) {
          this.#fail()
          return object
        }
        if (star) node = this.#made({ type: 'star', object, from, to }, above)
        else if (index)
          node = this.#made({ type: 'index', object, index, from, to }, Math.max(above, this.#heightOf(index) + 1))
      } else break
    }
    return node
  }

  #primary(): Node | undefined {
    const token = this.#peek()
    const { from, to } = token
    if (token.kind === 'value') {
      this.#at++
      return { type: 'literal', value: token.value, from, to }
    }
    if (this.#takes('(')) {
      const inner = this.#nested(0)
      if (!this.#takes(')')) this.#fail()
      return inner
    }
    if (token.kind !== 'name') return this.#fail()
    this.#at++
    if (!this.#takes('(')) return { type: 'context', name: token.text, from, to }
    const args: Node[] = []
    let close = this.#peek()
    while (!this.#takes(')')) {
      const arg = this.#nested(0)
      if (arg) args.push(arg)
      close = this.#peek()
      if (this.#takes(',')) continue
      if (close.text !== ')' || close.kind !== 'sign') {
        this.#fail()
        break
      }
    }
    const height = args.reduce((most, arg) => Math.max(most, this.#heightOf(arg)), 0)
    return this.#made({ type: 'call', name: token.text, args, from, to: close.to }, height + 1)
  }
}

// ---------------------------------------------------------------- walks

const childrenOf = (node: Node): Node[] => {
  if (node.type === 'property' || node.type === 'star') return [node.object]
  if (node.type === 'index') return [node.object, node.index]
  if (node.type === 'call') return node.args
  if (node.type === 'not') return [node.operand]
  return node.type === 'binary' ? [node.left, node.right] : []
}

/** A node and all below it, outer before inner, left before right. */
export function walk(node: Node): Node[] {
  const found: Node[] = []
  const todo = [node]
  for (let next = todo.pop(); next; next = todo.pop()) {
    found.push(next)
    const children = childrenOf(next)
    for (let at = children.length - 1; at >= 0; at--) todo.push(children[at]!)
  }
  return found
}

/** The operands of a chain of `&&` or of `||`: `a || b || c` is three. Of any other node, itself. Chains may be thousands long. */
export function operandsOf(node: Node): Node[] {
  if (node.type !== 'binary' || (node.operator !== '&&' && node.operator !== '||')) return [node]
  const { operator } = node
  const operands: Node[] = []
  let left: Node = node
  while (left.type === 'binary' && left.operator === operator) {
    operands.push(left.right)
    left = left.left
  }
  operands.push(left)
  return operands.reverse()
}

/**
 * The dotted path of a context access, in lower case: `github.event['Pull_Request'].title` is
 * 'github.event.pull_request.title', a star is '*', a number stays one. Undefined for anything else, a computed index included.
 */
export function contextPath(node: Node): string | undefined {
  let path = ''
  for (let inner = node; ; inner = inner.object) {
    if (inner.type === 'context') return (inner.name + path).toLowerCase()
    if (inner.type === 'property') path = `.${inner.name}${path}`
    else if (inner.type === 'star') path = `.*${path}`
    else if (inner.type === 'index' && inner.index.type === 'literal') path = `.${inner.index.value}${path}`
    else return undefined
  }
}

// ---------------------------------------------------------------- values

/**
 * Values that an expression is evaluated against: 'matrix', 'github', … What is missing is unknown, names below a context
 * included; only `matrix` and `strategy` are taken as whole: there a missing name is null, as it is for GitHub. A status
 * function can be given under its name with parentheses: `{ 'failure()': false }`.
 */
export type Values = Record<string, unknown>
export const UNKNOWN = Symbol('unknown')
// Unknown, but for whether it counts as true.
const TRUTHY = Symbol('truthy')
const FALSY = Symbol('falsy')

const WHOLE = new Set(['matrix', 'strategy'])
/** Texts that calls of format and toJSON inside one another may grow to. */
const MAX_TEXT = 100_000

/**
 * The value of an expression over known values, with GitHub's coercions; UNKNOWN where it depends on what is not known.
 * For a condition ask `truthOf`, which knows more: `x && false` is no known value and yet never true.
 */
export function evaluate(node: Node, values: Values): unknown {
  const value = valueIn(node, values)
  if (value === TRUTHY || value === FALSY) return UNKNOWN
  return value instanceof Filtered ? value.items : value
}

/** Whether an expression counts as true; undefined where that depends on what is not known. */
export function truthOf(node: Node, values: Values): boolean | undefined {
  return truth(valueIn(node, values))
}

/** What `.*` makes of a list or an object: further names are looked up in each of its items. */
class Filtered {
  constructor(readonly items: unknown[]) {}
}

function valueIn(node: Node, values: Values): unknown {
  switch (node.type) {
    case 'literal':
      return node.value
    case 'context':
      return member(values, node.name, UNKNOWN)
    case 'property':
      return select(valueIn(node.object, values), node.name, missingOf(node))
    case 'index': {
      const index = valueIn(node.index, values)
      return isUnknown(index) ? UNKNOWN : select(valueIn(node.object, values), index, missingOf(node))
    }
    case 'star':
      return all(valueIn(node.object, values), missingOf(node))
    case 'not': {
      const operand = truthOf(node.operand, values)
      return operand === undefined ? UNKNOWN : !operand
    }
    case 'call':
      return call(node.name.toLowerCase(), node.args, values)
    case 'binary':
      if (node.operator === '&&' || node.operator === '||') return logical(node, node.operator === '||', values)
      return compare(node.operator, valueIn(node.left, values), valueIn(node.right, values))
  }
}

const isUnknown = (value: unknown): boolean => value === UNKNOWN || value === TRUTHY || value === FALSY
const isPrimitive = (value: unknown): boolean => value === null || value === undefined || typeof value !== 'object'

function truth(value: unknown): boolean | undefined {
  if (value === UNKNOWN) return undefined
  return value === TRUTHY || (value !== FALSY && Boolean(value))
}

// Short-circuits at the first operand that decides; an unknown one before it leaves only the truth of the result known.
function logical(node: Node, stop: boolean, values: Values): unknown {
  let open = false
  let last: unknown
  for (const operand of operandsOf(node)) {
    last = valueIn(operand, values)
    const decided = truth(last)
    if (decided === stop) return open ? (stop ? TRUTHY : FALSY) : last
    open ||= decided === undefined
  }
  return open ? UNKNOWN : last
}

function missingOf(node: Node): unknown {
  let root = node
  while (root.type === 'property' || root.type === 'index' || root.type === 'star') root = root.object
  return root.type === 'context' && !WHOLE.has(root.name.toLowerCase()) ? UNKNOWN : null
}

// Names are the same in any case, for GitHub's contexts and for what fromJSON gives.
function member(object: object, name: string, missing: unknown): unknown {
  const low = name.toLowerCase()
  const entry = Object.entries(object).find(([key]) => key.toLowerCase() === low)
  return entry?.[1] === undefined ? missing : entry[1]
}

function select(object: unknown, index: unknown, missing: unknown): unknown {
  if (isUnknown(object)) return UNKNOWN
  if (object instanceof Filtered) {
    if (object.items.some(isUnknown)) return UNKNOWN
    return new Filtered(object.items.map(item => select(item, index, undefined)).filter(item => item !== undefined))
  }
  const none = missing === undefined ? undefined : null
  if (isPrimitive(object) || !isPrimitive(index)) return none
  if (!Array.isArray(object)) return member(object as object, toText(index), missing)
  const position = Math.floor(toNumber(index))
  return position >= 0 && position < object.length ? object[position] : none
}

function all(object: unknown, missing: unknown): unknown {
  if (isUnknown(object)) return UNKNOWN
  if (object instanceof Filtered) {
    const inner = object.items.map(item => all(item, missing))
    return inner.some(isUnknown)
      ? UNKNOWN
      : new Filtered(inner.flatMap(item => (item instanceof Filtered ? item.items : [])))
  }
  if (Array.isArray(object)) return new Filtered(object)
  if (isPrimitive(object)) return new Filtered([])
  return missing === null ? new Filtered(Object.values(object as object)) : UNKNOWN
}

/** GitHub's number of a value: '' is 0, hexadecimal and octal count, anything else that is no number is NaN. */
function toNumber(value: unknown): number {
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return Number(value)
  if (value === null || value === undefined) return 0
  if (typeof value !== 'string') return Number.NaN
  const text = value.trim()
  const number = /^([+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?|0x[0-9a-f]+|0o[0-7]+|[+-]?Infinity)?$/i.test(text)
  return number ? Number(text) : Number.NaN
}

function toText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return value === 0 ? '0' : String(Number(value.toFixed(15)))
  if (typeof value === 'object') return Array.isArray(value) || value instanceof Filtered ? 'Array' : 'Object'
  return String(value)
}

// The dotless ı has no upper case for GitHub, so it does not equal an i.
const folded = (text: string): string => text.replace(/[^ı]+/g, part => part.toUpperCase())

function equal(left: unknown, right: unknown): boolean {
  if (typeof left === 'string' && typeof right === 'string') return folded(left) === folded(right)
  if (!isPrimitive(left) || !isPrimitive(right)) return left === right
  return toNumber(left) === toNumber(right)
}

function less(left: unknown, right: unknown): boolean {
  if (typeof left === 'string' && typeof right === 'string') return folded(left) < folded(right)
  if (!isPrimitive(left) || !isPrimitive(right)) return false
  return toNumber(left) < toNumber(right)
}

function compare(operator: Operator, left: unknown, right: unknown): unknown {
  if (isUnknown(left) || isUnknown(right)) return UNKNOWN
  if (operator === '==') return equal(left, right)
  if (operator === '!=') return !equal(left, right)
  const [low, high] = operator.startsWith('<') ? [left, right] : [right, left]
  return less(low, high) || (operator.endsWith('=') && equal(low, high))
}

function call(name: string, nodes: Node[], values: Values): unknown {
  if (Object.hasOwn(values, `${name}()`)) return values[`${name}()`]
  if (name === 'always') return true
  if (name === 'case') return choose(nodes, values)
  const run = FUNCTIONS[name as keyof typeof FUNCTIONS]
  if (!run || !Object.hasOwn(FUNCTIONS, name)) return UNKNOWN
  const args = nodes.map(node => valueIn(node, values))
  if (args.some(isUnknown)) return UNKNOWN
  // What `.*` gives is a list of its own, not the one it was made of.
  return run(args.map(arg => (arg instanceof Filtered ? [...arg.items] : arg)))
}

/** `case(condition, value, …, otherwise)`: GitHub refuses conditions that are no booleans. */
function choose(nodes: Node[], values: Values): unknown {
  if (nodes.length % 2 === 0) return UNKNOWN
  for (let at = 0; at + 1 < nodes.length; at += 2) {
    const condition = valueIn(nodes[at]!, values)
    if (typeof condition !== 'boolean') return UNKNOWN
    if (condition) return valueIn(nodes[at + 1]!, values)
  }
  return valueIn(nodes.at(-1)!, values)
}

const bounded = (text: string): unknown => (text.length > MAX_TEXT ? UNKNOWN : text)
const affix =
  (holds: (text: string, part: string) => boolean) =>
  ([text, part]: unknown[]): unknown =>
    isPrimitive(text) && isPrimitive(part) && holds(folded(toText(text)), folded(toText(part)))

const FUNCTIONS = {
  contains([list, item]: unknown[]): unknown {
    if (isPrimitive(list)) return isPrimitive(item) && folded(toText(list)).includes(folded(toText(item)))
    if (!Array.isArray(list)) return false
    return list.some(one => !isUnknown(one) && equal(one, item)) || (list.some(isUnknown) ? UNKNOWN : false)
  },
  startswith: affix((text, part) => text.startsWith(part)),
  endswith: affix((text, part) => text.endsWith(part)),
  join([list, separator = ',']: unknown[]): unknown {
    if (isPrimitive(list)) return toText(list)
    if (!Array.isArray(list)) return ''
    if (list.some(isUnknown)) return UNKNOWN
    const between = isPrimitive(separator) ? toText(separator) : ','
    return between.length * list.length > MAX_TEXT ? UNKNOWN : bounded(list.map(toText).join(between))
  },
  format([pattern, ...args]: unknown[]): unknown {
    let text = ''
    let last = 0
    const written = toText(pattern)
    for (const match of written.matchAll(/\{\{|\}\}|\{(\d{1,3})\}|[{}]/g)) {
      const [all, index] = match
      text += written.slice(last, match.index)
      last = match.index + all.length
      if (index !== undefined && Number(index) < args.length) text += toText(args[Number(index)])
      else if (all === '{{' || all === '}}') text += all[0]
      else return UNKNOWN
      if (text.length > MAX_TEXT) return UNKNOWN
    }
    return text + written.slice(last)
  },
  tojson([value]: unknown[]): unknown {
    let open = false
    const text = JSON.stringify(
      value ?? null,
      (_, inner) => {
        open ||= isUnknown(inner)
        return inner
      },
      2
    )
    return open ? UNKNOWN : bounded(text)
  },
  fromjson([text]: unknown[]): unknown {
    try {
      return JSON.parse(toText(text))
    } catch {
      // GitHub fails the job here: there is no value.
      return UNKNOWN
    }
  }
}
