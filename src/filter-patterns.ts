/** What GitHub or git would refuse in a filter pattern, or what can never match. */
export interface PatternProblem {
  from: number
  to: number
  message: string
  /** It works, and says less than it seems to. */
  minor?: true
}

/**
 * Judges a pattern of `branches` and `tags` (`ref`), of `paths`, or of another filter. Linear.
 * Sources: GitHub's workflow syntax reference, "Filter pattern cheat sheet"; git-check-ref-format(1).
 */
export function patternProblems(pattern: string, kind: 'ref' | 'path' | 'other'): PatternProblem[] {
  const problems: PatternProblem[] = []
  const report = (from: number, to: number, message: string, minor?: true) =>
    problems.push({ from, to, message, ...(minor && { minor }) })
  const start = pattern.startsWith('!') ? 1 : 0
  const body = pattern.slice(start)
  if (!pattern) return []
  if (!body) return [{ from: 0, to: 1, message: "'!' stands before what is left out, and nothing follows it" }]
  if (kind === 'path') {
    if (/^\s|\s$/.test(pattern)) report(0, pattern.length, 'blanks around a path belong to it, so it matches no file')
    else if (DOTS.test(body))
      report(0, pattern.length, "paths begin at the root of the repository: with './' or '../' this matches no file")
  }
  if (kind === 'ref') {
    if (body.startsWith('/')) report(start, start + 1, "names of branches and tags do not begin with '/'")
    if (/[/.]$/.test(body) && body.length > 1)
      report(pattern.length - 1, pattern.length, "names of branches and tags do not end in '/' or '.'")
  }
  const seen = new Set<string>()
  // What `?` and `+` would repeat: none at the start and behind another special character.
  let repeatable = false
  for (let at = start; at < pattern.length; at++) {
    const char = pattern[at]!
    if (char === '\\') {
      const next = pattern[at + 1]
      if (kind === 'ref' && (next === undefined || !'[]?+*\\!'.includes(next)) && !seen.has(char)) {
        report(
          at,
          at + 1,
          `'\\' stands before ${next ? `'${next}'` : 'nothing'}, which is no special character: these are no regular expressions`
        )
        seen.add(char)
      }
      if (next !== undefined) at++
      repeatable = true
    } else if (char === '[') {
      const end = pattern.indexOf(']', at + 1)
      if (end < 0) {
        report(at, pattern.length, "'[' is not closed by ']'")
        break
      }
      const problem = setProblem(pattern.slice(at + 1, end))
      if (problem) report(at, end + 1, problem.message, problem.minor)
      at = end
      repeatable = true
    } else if (char === '?' || char === '+') {
      if (!repeatable) report(at, at + 1, `'${char}' repeats the character before it, and there is none`)
      repeatable = false
    } else if (char === '*') repeatable = false
    else {
      if (kind === 'ref' && isRefused(char) && !seen.has(char)) {
        report(at, at + 1, `no branch or tag has ${char === ' ' ? 'a blank' : `'${shown(char)}'`} in its name`)
        seen.add(char)
      }
      repeatable = true
    }
  }
  return problems
}

const DOTS = /^\.{1,2}(\/|$)|\/\.{1,2}(\/|$)/

const isRefused = (char: string): boolean =>
  ' ~^:'.includes(char) || char.charCodeAt(0) < 32 || char.charCodeAt(0) === 127
const shown = (char: string): string => (char.charCodeAt(0) < 32 ? `\\x${char.charCodeAt(0).toString(16)}` : char)

function setProblem(set: string): { message: string; minor?: true } | undefined {
  if (!set) return { message: "'[]' matches no character" }
  for (let at = 0; at < set.length; at++) {
    if (set[at + 1] !== '-' || at + 2 >= set.length) continue
    if (set[at]! > set[at + 2]!) return { message: `the range ${set.slice(at, at + 3)} ends before it begins` }
    at += 2
  }
  return set.length === 1 ? { message: `'[${set}]' is the same as '${set}'`, minor: true } : undefined
}
