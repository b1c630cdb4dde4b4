import type { CodeOwners, OwnersLine } from '../model.js'
import { SourceText, startOf, textAt } from './text.js'

/**
 * Reads a CODEOWNERS file as GitHub does: one pattern a line and its owners after blanks, `#` begins a comment. Lines that
 * GitHub skips are in `wrong`. Never throws.
 */
export function readCodeOwners(path: string, text: string): CodeOwners {
  const source = new SourceText(path, text)
  const file: CodeOwners = { path, at: startOf(path), lines: [], wrong: [] }
  for (let number = 1; number <= source.lineCount; number++) {
    const line = source.line(number)
    const start = source.lineStart(number)
    const [first, ...rest] = wordsOf(line)
    if (!first || first.value.startsWith('#')) continue
    const at = source.place(start + first.from, start + first.to)
    const comment = rest.findIndex(({ value }) => value.startsWith('#'))
    const written = comment < 0 ? rest : rest.slice(0, comment)
    const pattern = first.value.replace(/\\ /g, ' ')
    const mistake = mistakeIn(pattern)
    const stranger = written.find(({ value }) => !OWNER.test(value))
    if (mistake) file.wrong.push({ at, message: mistake })
    else if (stranger)
      file.wrong.push({
        at: source.place(start + stranger.from, start + stranger.to),
        message: `${stranger.value.slice(0, 100)} is no owner: an owner is @user, @organization/team or an e-mail address`
      })
    else {
      const owners: OwnersLine['owners'] = written.map(({ from, to }) => source.span(start + from, start + to))
      file.lines.push({ pattern: textAt(pattern, at), owners })
    }
  }
  return file
}

const OWNER = /^(@[\w.-]{1,100}(\/[\w.-]{1,100})?|[^@\s]{1,100}@[^@\s]{1,200})$/

/** Longer ones fit no path that git can hold. */
const MAX_PATTERN = 4096

// What gitignore knows and GitHub's documentation of this file rules out.
function mistakeIn(pattern: string): string | undefined {
  if (pattern.length > MAX_PATTERN) return `the pattern has more than ${MAX_PATTERN} characters`
  if (pattern.startsWith('!')) return 'a pattern cannot be negated with !'
  if (pattern.startsWith('\\#')) return 'a pattern cannot begin with an escaped #'
  if (/[[\]]/.test(pattern)) return 'a pattern cannot have a range in [ ]'
  if (pattern.includes('***')) return 'a pattern cannot have *** in it'
  return undefined
}

interface WordAt {
  value: string
  from: number
  to: number
}

/** Words between blanks; an escaped blank belongs to its word. */
function wordsOf(line: string): WordAt[] {
  return [...line.matchAll(/(?:\\\s|\S)+/g)].map(({ 0: value, index }) => ({
    value,
    from: index,
    to: index + value.length
  }))
}
