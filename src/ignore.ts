import type { IgnoreFile } from './model.js'

/** A pattern of an ignore file, ready to be held against paths. */
export type Pattern = Token[]

/**
 * `deep` is `**` with what comes after it: nothing, or anything that ends in a slash. `rest` is `**` at the end: anything.
 * `inside` is where a `deep` goes on.
 */
type Token =
  | { is: 'char'; char: string }
  | { is: 'one' | 'star' | 'deep' | 'inside' | 'rest' }
  | { is: 'class'; not: boolean; ranges: [number, number][] }

/** Compiles a pattern as the builder does; undefined where it refuses it. A backslash takes the next character as it is. */
export function compile(pattern: string): Pattern | undefined {
  const tokens: Token[] = []
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at]!
    if (char === '*' && pattern[at + 1] === '*') {
      at++
      if (pattern[at + 1] === '/') at++
      if (at + 1 < pattern.length) tokens.push({ is: 'deep' }, { is: 'inside' })
      else tokens.push({ is: 'rest' })
    } else if (char === '*') tokens.push({ is: 'star' })
    else if (char === '?') tokens.push({ is: 'one' })
    else if (char === '[') {
      const found = classAt(pattern, at + 1)
      if (!found) return undefined
      tokens.push(found.token)
      at = found.end
    } else if (char === '\\') {
      at++
      if (at === pattern.length) return undefined
      tokens.push({ is: 'char', char: pattern[at]! })
    } else tokens.push({ is: 'char', char })
  }
  return tokens
}

/** `a-z]`, `^abc]`: what stands between brackets, and where the closing one is. */
function classAt(pattern: string, from: number): { token: Token; end: number } | undefined {
  const not = pattern[from] === '^'
  const ranges: [number, number][] = []
  let at = not ? from + 1 : from
  const next = (): number | undefined => {
    if (pattern[at] === '\\') at++
    else if (pattern[at] === '-' || pattern[at] === ']') return undefined
    return at < pattern.length ? pattern.charCodeAt(at++) : undefined
  }
  for (;;) {
    if (pattern[at] === ']' && ranges.length) return { token: { is: 'class', not, ranges }, end: at }
    const low = next()
    if (low === undefined) return undefined
    if (pattern[at] !== '-') {
      ranges.push([low, low])
      continue
    }
    at++
    const high = next()
    if (high === undefined) return undefined
    ranges.push([low, high])
  }
}

/** Does a pattern match a path or a folder above it? Takes at most path times pattern steps. */
export function reaches(pattern: Pattern, path: string): boolean {
  const end = pattern.length
  let now = new Uint8Array(end + 1)
  let next = new Uint8Array(end + 1)
  enter(pattern, now, 0)
  for (let offset = 0; offset < path.length; offset++) {
    const char = path[offset]!
    if (char === '/' && now[end]) return true
    let alive = false
    next.fill(0)
    for (let at = 0; at < end; at++) {
      if (!now[at]) continue
      const token = pattern[at]!
      if (token.is === 'inside' || token.is === 'rest' || (token.is === 'star' && char !== '/')) {
        next[at] = 1
        alive = true
        if (token.is === 'rest' || token.is === 'star') enter(pattern, next, at)
        else if (char === '/') enter(pattern, next, at + 1)
      } else if (takes(token, char)) {
        enter(pattern, next, at + 1)
        alive = true
      }
    }
    if (!alive) return false
    const swap = now
    now = next
    next = swap
  }
  return now[end] === 1
}

/** Marks a position, and those that are reached from it without a character. */
function enter(pattern: Pattern, states: Uint8Array, from: number): void {
  for (let at = from; !states[at] || at === from; ) {
    states[at] = 1
    const token = pattern[at]
    if (token?.is === 'star' || token?.is === 'rest') at++
    else if (token?.is === 'deep') {
      states[at + 1] = 1
      at += 2
    } else return
  }
}

function takes(token: Token, char: string): boolean {
  if (token.is === 'char') return token.char === char
  if (token.is === 'one') return char !== '/'
  if (token.is !== 'class') return false
  const code = char.charCodeAt(0)
  return token.ranges.some(([low, high]) => low <= code && code <= high) !== token.not
}

export type IgnoreLine = IgnoreFile['lines'][number]
/** Is a path left out, and by which line was it decided? */
export interface Ignored {
  excluded: boolean
  by?: IgnoreLine
}

/** Longer files, patterns and paths are not judged: no real ones come near, and all of it is a stranger's. */
const MAX_LINES = 1000
const MAX_CHARACTERS = 50_000
const MAX_STEPS = 20_000_000

export interface Matcher {
  /** The last line that matches decides. Undefined where it would take too long to tell. */
  judge: (path: string) => Ignored | undefined
  patterns: { line: IgnoreLine; pattern: Pattern }[]
}

const matchers = new WeakMap<IgnoreFile, Matcher | 'unknown'>()

/** What an ignore file leaves out of a build; undefined where the builder refuses the file, or it is too large to judge. */
export function matcherOf(file: IgnoreFile): Matcher | undefined {
  const before = matchers.get(file)
  if (before) return before === 'unknown' ? undefined : before
  const now = makeMatcher(file)
  matchers.set(file, now ?? 'unknown')
  return now
}

function makeMatcher({ lines }: IgnoreFile): Matcher | undefined {
  let characters = 0
  for (const { pattern } of lines) characters += pattern.length
  if (lines.length > MAX_LINES || characters > MAX_CHARACTERS) return undefined
  const patterns: Matcher['patterns'] = []
  for (const line of lines) {
    const pattern = compile(line.pattern)
    if (!pattern) return undefined
    patterns.push({ line, pattern })
  }
  const known = new Map<string, Ignored | undefined>()
  let steps = MAX_STEPS
  const decide = (path: string): Ignored | undefined => {
    for (let at = patterns.length - 1; at >= 0; at--) {
      const { line, pattern } = patterns[at]!
      steps -= path.length * (isPlain(line.pattern) ? 1 : pattern.length) + 1
      if (steps < 0) return undefined
      const matches = isPlain(line.pattern) ? isBelow(path, line.pattern) : reaches(pattern, path)
      if (matches) return { excluded: !line.negated, by: line }
    }
    return { excluded: false }
  }
  const judge = (path: string): Ignored | undefined => {
    if (known.has(path)) return known.get(path)
    const answer = decide(path)
    known.set(path, answer)
    return answer
  }
  return { judge, patterns }
}

/** No wildcard in it. */
export const isPlain = (pattern: string): boolean => !/[*?[\\]/.test(pattern)

export const isBelow = (path: string, folder: string): boolean =>
  path.startsWith(folder) && (path.length === folder.length || path[folder.length] === '/')

/** A source of COPY as the builder looks it up: from the root of the context, without `.`, `..` and outer slashes. */
export function sourcePath(source: string): string {
  const parts: string[] = []
  for (const part of source.split('/'))
    if (part === '..') parts.pop()
    else if (part && part !== '.') parts.push(part)
  return parts.join('/')
}
