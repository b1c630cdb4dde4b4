import type { Job, Strategy, Text, Yaml } from './model.js'
import { evaluate, expressionsIn, UNKNOWN, type Values } from './parse/expression.js'

/** Values of one job of a matrix, by key; UNKNOWN where an expression stands in place of one. */
export type Combination = Record<string, unknown>

/** GitHub refuses a matrix of more jobs. */
const MAX_COMBINATIONS = 256
const MAX_NAME = 100

/**
 * The jobs a strategy stands for, in GitHub's order: the product of the rows, without what `exclude` names, then `include`.
 * One empty combination without a matrix; undefined where a part of it is computed or it is larger than GitHub allows.
 * Source: GitHub's workflow syntax reference, "Running variations of jobs in a workflow".
 */
export function combinationsOf(strategy: Strategy | undefined): Combination[] | undefined {
  if (!strategy) return [empty()]
  if (strategy.dynamic) return undefined
  const { rows } = strategy
  if (!rows.length && !strategy.include.length) return [empty()]
  let product: Combination[] = rows.length ? [empty()] : []
  for (const { key, values } of rows) {
    if (product.length * values.length > MAX_COMBINATIONS * 4) return undefined
    const data = values.map(dataOf)
    product = product.flatMap(before => data.map(value => extended(before, { [key.value]: value })))
  }
  const excluded = strategy.exclude.map(entry => dataOf(entry) as Combination)
  const kept = product.filter(one => !excluded.some(part => isPartOf(part, one)))
  const original = new Set(rows.map(row => row.key.value))
  const added: Combination[] = []
  const extras: Combination[] = kept.map(empty)
  for (const entry of strategy.include.map(entry => dataOf(entry) as Combination)) {
    const fits = kept.flatMap((one, at) => (agrees(entry, one, original) ? at : []))
    // An entry that would overwrite a row's value everywhere is a job of its own; later entries never extend that one.
    if (!fits.length) added.push(entry)
    for (const at of fits) extras[at] = extended(extras[at]!, entry)
  }
  const all = [...kept.map((one, at) => extended(one, { ...extras[at], ...one })), ...added]
  return all.length > MAX_COMBINATIONS ? undefined : all
}

/** Stands in a check's name for what is not known of it. No text of a YAML file holds it. */
export const COMPUTED = '\0'

/**
 * Names of the checks that a job reports, one a combination: its name or id, with the matrix values behind it unless the
 * name has an expression of its own. COMPUTED stands for parts that are not known.
 */
export function namesOf(job: Job, combinations: Combination[] | undefined, known: Values): string[] {
  const name = job.name ?? job.id
  const hasOwn = name.value.includes('${{')
  if (!combinations) return [hasOwn ? named(name, known) : `${name.value} (${COMPUTED})`]
  return combinations.map((matrix, index) => {
    const strategy = { 'job-index': index, 'job-total': combinations.length }
    if (hasOwn) return named(name, { ...known, matrix, strategy })
    const shown = leavesOf(matrix)
      .map(part => (part === UNKNOWN ? COMPUTED : shownAs(part)))
      .filter(part => part !== '')
    return shown.length ? `${name.value} (${shown.join(', ')})` : name.value
  })
}

/** Is this the name, as far as it is known? COMPUTED is any text. */
export function mayBe(name: string, pattern: string): boolean {
  const parts = pattern.split(COMPUTED)
  if (parts.length === 1) return name === pattern
  const last = parts.pop()!
  const first = parts.shift()!
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false
  let at = first.length
  for (const part of parts) {
    const found = name.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return at <= name.length - last.length
}

/** GitHub cuts names of checks at 100 characters. */
export const cut = (name: string): string => (name.length > MAX_NAME ? `${name.slice(0, MAX_NAME - 3)}...` : name)

/** A text with its expressions evaluated; undefined where one of them is not known. */
export function filled(text: Text, values: Values): string | undefined {
  const name = named(text, values)
  return name.includes(COMPUTED) ? undefined : name
}

/** Likewise, with COMPUTED for those that are not. */
function named(text: Text, values: Values): string {
  let made = ''
  let from = 0
  for (const expression of expressionsIn(text)) {
    const value = expression.root ? evaluate(expression.root, values) : UNKNOWN
    const isKnown = value !== UNKNOWN && (typeof value !== 'object' || value === null)
    made += text.value.slice(from, expression.from) + (isKnown ? shownAs(value) : COMPUTED)
    from = expression.to
  }
  return made + text.value.slice(from)
}

/** What a text is worth: a lone expression its value, any other text itself. */
export function worthOf(text: Text, given: Values): unknown {
  if (!text.value.includes('${{')) {
    const { data } = text as { data?: unknown }
    return data === undefined ? text.value : data
  }
  const [expression, ...more] = expressionsIn(text)
  const alone = !more.length && expression?.from === 0 && expression.to === text.value.length
  if (alone) return expression.root ? evaluate(expression.root, given) : UNKNOWN
  return filled(text, given) ?? UNKNOWN
}

const shownAs = (value: unknown): string => (value === null || value === undefined ? '' : String(value))

/** The data of a YAML value, as a `matrix` or `inputs` context holds it; UNKNOWN for what holds an expression. */
export function dataOf(yaml: Yaml): unknown {
  if (yaml.kind === 'scalar') return yaml.value.includes('${{') ? UNKNOWN : yaml.data
  if (yaml.kind === 'list') return yaml.items.map(dataOf)
  const made = empty()
  for (const { key, value } of yaml.entries) made[key.value] = dataOf(value)
  return made
}

// Without a prototype: a key may be called `__proto__`.
const empty = (): Combination => Object.create(null)
const extended = (one: Combination, more: Combination): Combination => Object.assign(empty(), one, more)

/** Every key of the part is in the whole with the same value. */
function isPartOf(part: Combination, whole: Combination): boolean {
  return Object.keys(part).every(key => key in whole && same(part[key], whole[key], true))
}

function agrees(entry: Combination, one: Combination, original: Set<string>): boolean {
  return Object.keys(entry).every(key => !original.has(key) || same(entry[key], one[key], false))
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null

function same(a: unknown, b: unknown, partly: boolean): boolean {
  if (a === UNKNOWN || b === UNKNOWN) return false
  if (!isObject(a) || !isObject(b)) return a === b || (!isObject(a) && !isObject(b) && String(a) === String(b))
  const left = a as Combination
  const right = b as Combination
  const keys = Object.keys(left)
  if (!partly && keys.length !== Object.keys(right).length) return false
  return keys.every(key => key in right && same(left[key], right[key], partly))
}

/** Scalars of a combination in order, those inside lists and mappings included: what GitHub shows behind a name. */
function leavesOf(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [value]
  return Object.values(value).flatMap(leavesOf)
}
