/** Versions of actions, as tags and advisories write them. */

/** Numbers of `v4.2.2` or `release/4.2`; `loose` where it stands for all that begin so, as `v4` does. */
interface Version {
  numbers: number[]
  /** 1.2.3-beta comes before 1.2.3. */
  before: boolean
  loose: boolean
}

/** Reads a tag as a version; undefined where it is none. */
export function versionOf(tag: string): Version | undefined {
  const [, digits, rest] = /^(?:[a-z][\w-]{0,40}[-/@])?v?(\d{1,9}(?:\.\d{1,9}){0,3})([-+.].{0,60})?$/i.exec(tag) ?? []
  if (digits === undefined) return undefined
  const numbers = digits.split('.').map(Number)
  return { numbers, before: rest?.startsWith('-') ?? false, loose: numbers.length < 3 && !rest }
}

export const isFull = (tag: string): boolean => versionOf(tag)?.loose === false

/** Does `v4` or `4.2` stand for this tag: the same version or less of it? */
export function standsFor(short: string, tag: string): boolean {
  const [a, b] = [versionOf(short), versionOf(tag)]
  if (!a || !b || a.before !== b.before) return short === tag
  return a.numbers.length <= b.numbers.length && a.numbers.every((number, i) => number === b.numbers[i])
}

/** The tag that says most of a commit: the longest version. */
export function bestOf(tags: string[]): string | undefined {
  const rank = (tag: string) => versionOf(tag)?.numbers.length ?? 0
  return tags.toSorted((a, b) => rank(b) - rank(a))[0]
}

/**
 * Is a version in a range of an advisory: `>= 4.3.0, < 4.3.5`, `= 0.2.0`? `yes` and `no` hold for everything that a short
 * one stands for.
 */
export function isIn(tag: string, range: string): 'yes' | 'no' | 'unknown' {
  const version = versionOf(tag)
  if (!version) return 'unknown'
  const answers = range.split(',').map(clause => {
    const [, sign, bound] = /^\s*(>=|<=|>|<|=)\s*(\S+)\s*$/.exec(clause) ?? []
    const limit = bound === undefined ? undefined : versionOf(bound)
    return limit ? holds(version, sign!, limit) : 'unknown'
  })
  if (answers.includes('no')) return 'no'
  return answers.includes('unknown') ? 'unknown' : 'yes'
}

function holds(version: Version, sign: string, limit: Version): 'yes' | 'no' | 'unknown' {
  // From the first to the last that it stands for.
  const first = compare(version.numbers, version.before, limit)
  const last = version.loose ? compare([...version.numbers, ...LAST], false, limit) : first
  const is = (order: number): boolean => {
    if (sign === '=') return order === 0
    return sign.startsWith('<')
      ? order < 0 || (order === 0 && sign === '<=')
      : order > 0 || (order === 0 && sign === '>=')
  }
  if (sign === '=' && first < 0 && last > 0) return 'unknown'
  return is(first) === is(last) ? (is(first) ? 'yes' : 'no') : 'unknown'
}
const LAST = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]

function compare(numbers: number[], before: boolean, limit: Version): number {
  for (let i = 0; i < Math.max(numbers.length, limit.numbers.length); i++) {
    const [a, b] = [numbers[i] ?? 0, limit.numbers[i] ?? 0]
    if (a !== b) return a < b ? -1 : 1
  }
  return Number(limit.before) - Number(before)
}
