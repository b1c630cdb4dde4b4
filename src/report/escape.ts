/**
 * Everything that keeps untrusted text (paths, messages, identifiers, code) inert where it is shown.
 * Texts come from a pull request: they are shown as they are, and do nothing.
 */

const BREAKS = /[\t\n\v\f\r\u0085\u2028\u2029]+/g
// Controls, format characters (bidi overrides, zero width, tags) and lone surrogates. The joiner of emoji is harmless.
const UNSAFE = /(?!\u200d)[\p{Cc}\p{Cf}\p{Cs}]/gu
const REPLACEMENT = '\ufffd'
// cmark gives up on longer runs of backticks at 80.
const MAX_FENCE = 20

/** One line of text that no terminal and no reader acts on: breaks become a space, controls become visible. */
export function printable(text: string): string {
  return /^[ -~]*$/.test(text) ? text : text.replace(BREAKS, ' ').replace(UNSAFE, REPLACEMENT)
}

/** At most `max` UTF-16 units, with an ellipsis where something was cut, never half a character. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text
  const end = max - 1
  const half = isHighSurrogate(text.charCodeAt(end - 1)) ? end - 1 : end
  return `${text.slice(0, Math.max(0, half))}…`
}

const isHighSurrogate = (code: number) => code >= 0xd800 && code <= 0xdbff

/**
 * Output that a runner may read as a log. It takes `::name` at the start of a line, blanks before it or not, and
 * `##[name]` anywhere, for a command; an invisible word joiner keeps both from being one.
 */
export function inert(output: string): string {
  return output
    .split('\n')
    .map(line => (line.trimStart().startsWith('::') ? `\u2060${line}` : line))
    .join('\n')
    .replaceAll('##[', '##\u2060[')
}

/** JSON text whose strings hold no character that a terminal or a runner's log acts on. It parses to the same. */
export function inertJson(json: string): string {
  return json
    .replace(/[\p{Cf}\u007f-\u009f\u2028\u2029]/gu, found =>
      Array.from({ length: found.length }, (_, at) => unicode(found.charCodeAt(at))).join('')
    )
    .replaceAll('##[', '##\\u005b')
}

const unicode = (code: number) => `\\u${code.toString(16).padStart(4, '0')}`

// ---------------------------------------------------------------- workflow commands

/** The message of a workflow command, escaped as @actions/core does. */
export function commandData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

/** A property of a workflow command, escaped as @actions/core does. */
export function commandProperty(text: string): string {
  return commandData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}

// ---------------------------------------------------------------- addresses

/** A repository path as a relative URI reference. */
export function pathUri(path: string): string {
  return path
    .replace(/\p{Cs}/gu, REPLACEMENT)
    .split('/')
    .map(segment)
    .join('/')
}

// The five characters that encodeURIComponent leaves are legal in a path; parentheses would end a Markdown link.
const segment = (text: string) => encodeURIComponent(text).replace(/[!'()*]/g, percent)
const percent = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`

// ---------------------------------------------------------------- Markdown

/**
 * A code span that shows `text` and nothing else: GitHub makes no mention, reference, link, image, markup or formula
 * of what stands in one. `table`: it stands in a table cell, where a bar would end the cell.
 */
export function code(text: string, table = false): string {
  const shown = printable(text).replaceAll('##[', '##\u2060[')
  if (!shown.trim()) return '<code>&#32;</code>'
  const longest = longestRun(shown, '`')
  if (longest > MAX_FENCE || (table && (shown.includes('|') || shown.includes('\\')))) return htmlCode(shown)
  const fence = '`'.repeat(longest + 1)
  const padded = /^[` ]|[` ]$/.test(shown) ? ` ${shown} ` : shown
  return `${fence}${padded}${fence}`
}

const htmlCode = (text: string) => `<code>${text.replace(/[!-/:-@[-`{-~]/g, entity)}</code>`
const entity = (character: string) => `&#${character.charCodeAt(0)};`

/** The longest run of one character in a text. */
export function longestRun(text: string, character: string): number {
  let longest = 0
  let run = 0
  for (const one of text) {
    run = one === character ? run + 1 : 0
    if (run > longest) longest = run
  }
  return longest
}

/** A fenced block of raw text, with a fence longer than any in it. */
export function fenced(text: string, info: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text, '`') + 1))
  const body = text && !text.endsWith('\n') ? `${text}\n` : text
  return `${fence}${info}\n${body}${fence}`
}

/**
 * A sentence that quotes untrusted text, for the middle of a Markdown line. Plain words stay, everything else becomes
 * code, so that what is quoted is inert and reads as what it is: "`actions/checkout@v6` can change without review".
 */
export function prose(text: string, table = false): string {
  const parts = printable(text).split('`')
  // Backticks in pairs are the author's own code spans; a single one is part of what is quoted.
  if (parts.length % 2 === 0) return words(parts.join('`'), table).trim()
  let out = ''
  for (const [index, part] of parts.entries()) {
    const next = index % 2 && part ? code(part, table) : words(part, table)
    // Two code spans that touch would run into one.
    out += out.endsWith('`') && next.startsWith('`') ? `&#8203;${next}` : next
  }
  // Blanks at the start of a line would make it code of another kind.
  return out.trim()
}

// Letters and digits of any script with inner hyphens and apostrophes; numbers with dots; dashes that stand alone.
const PLAIN = /^(?:[\p{L}\p{M}\p{N}]+(?:['’-][\p{L}\p{M}\p{N}]+)*|\d+(?:\.\d+)*%?|[-–—…·])$/u
// What GitHub links by itself without any sign in it: commits and GH-1.
const LINKED = /^(?:[0-9a-f]{7,40}|gh-\d+)$/i
// What would begin a list where the sentence begins a line.
const MARKERS = /^(?:-|\d+[.)])$/
const OPENING = '("“'
const CLOSING = '),.;:?!"”'

function words(text: string, table: boolean): string {
  let out = ''
  let quoted = ''
  let inExpression = false
  let begins = true
  const flush = () => {
    if (quoted) out += code(quoted, table)
    quoted = ''
  }
  for (const [index, word] of text.split(' ').entries()) {
    const blank = index ? ' ' : ''
    const [lead, core, tail]: Peeled = inExpression ? ['', word, ''] : peeled(word)
    const opens = core.lastIndexOf('${{')
    const closes = core.lastIndexOf('}}')
    const listed = begins && MARKERS.test(word)
    begins &&= !word
    const isCode = inExpression || listed || (core !== '' && (!PLAIN.test(core) || LINKED.test(core)))
    inExpression = opens > closes || (inExpression && closes < 0)
    if (!isCode) {
      flush()
      out += blank + word
      continue
    }
    if (quoted && !lead) quoted += blank + core
    else {
      flush()
      out += blank + lead
      quoted = core
    }
    if (!tail) continue
    flush()
    out += tail
  }
  flush()
  return out
}

type Peeled = [lead: string, core: string, tail: string]

/** Brackets, quotes and punctuation around a word, which stay outside its code span. */
function peeled(word: string): Peeled {
  let from = 0
  let to = word.length
  while (from < to && OPENING.includes(word[from]!)) from++
  while (to > from && CLOSING.includes(word[to - 1]!)) to--
  const core = word.slice(from, to)
  // `foo(x)` keeps its bracket: it was opened inside.
  if (core.includes('(') && word[to] === ')') return [word.slice(0, from), word.slice(from, to + 1), word.slice(to + 1)]
  return [word.slice(0, from), core, word.slice(to)]
}
