import { byText } from './cache.js'

/** Small questions about words, for messages that say what was meant. */

/** The candidate nearest to a word, where few enough letters differ that it was probably meant. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > 80) return undefined
  const allowed = word.length > 8 ? 3 : word.length > 3 ? 2 : 1
  const plain = word.toLowerCase().replaceAll('_', '-')
  let best: string | undefined
  let fewest = allowed + 1
  for (const candidate of candidates) {
    if (candidate === plain) return candidate
    // The last part of an id alone is what people remember, and the beginning of a word what they type.
    if (candidate.endsWith(`/${plain}`) || (plain.length > 2 && candidate.startsWith(plain))) return candidate
    if (Math.abs(candidate.length - plain.length) >= fewest) continue
    const distance = editDistance(plain, candidate)
    if (distance >= fewest) continue
    best = candidate
    fewest = distance
  }
  return best
}

/** Letters to insert, remove, replace or swap with their neighbour to get from one word to the other. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let least = Math.min(row[j - 1]! + 1, last[j]! + 1, last[j - 1]! + same)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, beforeLast[j - 2]! + 1)
      row.push(least)
    }
    beforeLast = last
    last = row
  }
  return last[b.length]!
}

/** 'a, b or c'. */
export function oneOf(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}

/** Is `id` what a pattern names, where `*` stands for anything? Linear in both, whoever wrote the pattern. */
export function matchesId(id: string, pattern: string): boolean {
  if (!pattern.includes('*')) return id === pattern
  const parts = partsOf(pattern)
  const first = parts[0]!
  const last = parts.at(-1)!
  if (id.length < first.length + last.length || !id.startsWith(first) || !id.endsWith(last)) return false
  let at = first.length
  for (let part = 1; part < parts.length - 1; part++) {
    const found = id.indexOf(parts[part]!, at)
    if (found < 0) return false
    at = found + parts[part]!.length
  }
  return at <= id.length - last.length
}
const partsOf = byText((pattern: string) => pattern.split('*'))

/** A text from outside on its way into a message: one line, bounded. */
export function quoted(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  return `'${line.length > 60 ? `${line.slice(0, 59)}…` : line}'`
}

/** An option that is a list of texts. */
export const textsOf = (option: unknown): string[] => (Array.isArray(option) ? option.map(String) : [])

/** The words of a file in lower case, so that none is missed that whoever reads the file in the end would see. */
export function wordsIn(text: string): Words {
  const lower = text.toLowerCase()
  if (CAN_BE_ANY.test(lower)) return EVERY_WORD
  const words = new Set(lower.split(/[^a-z0-9_]+/))
  // `\nnpm` is npm in a new line, and `n'p'm` is npm in a shell.
  const plain = lower.includes('\\') ? lower.replace(/\\[a-z_]/g, ' ') : lower
  if (plain !== lower) for (const word of plain.split(/[^a-z0-9_]+/)) words.add(word)
  for (const read of new Set([lower, plain]))
    for (const [parted] of read.matchAll(PARTED)) words.add(parted.replace(/[^a-z0-9_]+/g, ''))
  return words
}
// Words with marks inside that shells take away.
const PARTED = /(?<![a-z0-9_])[a-z0-9_]+(?:[\\"'`^$]+[a-z0-9_]+)+/g
// Escapes by number, lines that go on in the middle of a word, and letters whose capitals are those of others.
const CAN_BE_ANY = /\\[xu0-9]|[a-z0-9_][\\`^]+[ \t]*\r?\n|[\u0131\u017f\ufb00-\ufb06]/
export type Words = Pick<Set<string>, 'has'>
export const EVERY_WORD: Words = { has: () => true }
