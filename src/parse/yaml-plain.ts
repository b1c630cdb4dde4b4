import type { Comment, Yaml, YamlDocument, YamlEntry } from '../model.js'
import type { SourceText } from './text.js'
import { commentOf, Mapping, Scalar, Sequence, trimmed } from './yaml-nodes.js'

/** Collections inside collections. The library reads a few more. */
const MAX_DEPTH = 50
/** The library refuses keys of 1024 characters. */
const MAX_KEY = 1000

/**
 * Reads the YAML that people write: block and flow collections, all styles of scalars, comments, several documents. What is
 * odd in any way (tags, anchors, `?` keys, tabs, carriage returns, whatever is or may be an error) is left to the library:
 * `undefined`. What is read is exactly what the library would have given, at a tenth of the cost; a differential test holds
 * it to that.
 */
export function readPlain(source: SourceText, merge: boolean): YamlDocument[] | undefined {
  // Carriage returns and marks inside a text are rare, and mean something in many places.
  if (source.text.includes('\r') || source.text.includes('\ufeff')) return undefined
  try {
    return new Reader(source, merge).read()
  } catch (error) {
    if (error === ODD) return undefined
    throw error
  }
}

/** Thrown to leave the whole text to the library, from wherever that shows. */
const ODD = Symbol('odd')
function odd(): never {
  throw ODD
}

const TAB = 9
const NEWLINE = 10
const SPACE = 32
const DOUBLE = 34
const HASH = 35
const SINGLE = 39
const COMMA = 44
const DASH = 45
const COLON = 58
const FOLDED = 62
const LIST = 91
const BACKSLASH = 92
const LIST_END = 93
const MAP = 123
const LITERAL = 124
const MAP_END = 125

/** A blank, a line break, or nothing at all. */
const isBlank = (char: number) => char === SPACE || char === NEWLINE || char === TAB || Number.isNaN(char)
const isFlow = (char: number) =>
  char === COMMA || char === LIST || char === LIST_END || char === MAP || char === MAP_END
/** No plain text begins with these; `-`, `?` and `:` begin one where no blank follows. */
const INDICATORS = new Set(Array.from(',[]{}#&*!|>%@`"\'', char => char.charCodeAt(0)))
const COMPOUND = new Set(Array.from('-?:', char => char.charCodeAt(0)))

/**
 * Walks the text once, from content to content. `#next` is where the next content stands and `#column` its column, -1 before
 * the end of a document.
 */
class Reader {
  readonly #text: string
  #comments: Comment[] = []
  #next = 0
  #column = -1
  #lineStart = 0
  /** Comments on lines of their own between the last content and the next. */
  #notes: { column: number; end: number }[] = []
  /** Where what was read last ends, comments that belong to it included. */
  #end = 0
  #depth = 0

  constructor(
    readonly source: SourceText,
    readonly merge: boolean
  ) {
    this.#text = source.text
  }

  read(): YamlDocument[] {
    const documents: YamlDocument[] = []
    this.#skipLines(0)
    if (this.#isOver) odd()
    do {
      let root: Yaml | undefined
      if (this.#column < 0) {
        const opened = this.#next + 3
        this.#skipLine(opened, false)
        if (this.#column < 0) root = this.#empty(this.#afterSpaces(opened))
      }
      root ??= this.#root()
      documents.push({ root, errors: [], comments: this.#comments })
      this.#comments = []
    } while (!this.#isOver)
    return documents
  }

  get #isOver(): boolean {
    return this.#next >= this.#text.length
  }

  #root(): Yaml {
    if (this.#column !== 0) odd()
    const first = this.#code(this.#next)
    if (first !== LIST && first !== MAP) {
      const root = this.#block(-1)
      if (this.#column >= 0 || root.kind === 'scalar') odd()
      return root
    }
    const root = this.#flow(this.#next, 0, 1)
    this.#skipLine(root.to, false)
    // The library takes comments that come after it for the next document's.
    if (this.#notes.length || !this.#isOver) odd()
    return root
  }

  // ---------------------------------------------------------------- between contents

  #code(at: number): number {
    return this.#text.charCodeAt(at)
  }

  #afterSpaces(from: number): number {
    let at = from
    while (this.#code(at) === SPACE) at++
    return at
  }

  /** Goes on to the next content from the end of one; nothing but a comment may follow on its line. Returns where that ends. */
  #skipLine(from: number, comment = true): number {
    let at = this.#afterSpaces(from)
    const char = this.#code(at)
    let end = from
    if (char === HASH) {
      if (at === from || !comment) odd()
      end = at = this.#comment(at)
    } else if (char !== NEWLINE && at < this.#text.length) odd()
    this.#skipLines(at + 1)
    return end
  }

  /** Goes on to the next content from the start of a line. */
  #skipLines(from: number): void {
    this.#notes = []
    let line = from
    for (;;) {
      let at = this.#afterSpaces(line)
      const char = this.#code(at)
      if (char === HASH) {
        const end = this.#comment(at)
        this.#notes.push({ column: at - line, end })
        at = end
      } else if (char === TAB) odd()
      else if (char !== NEWLINE) {
        this.#next = Math.min(at, this.#text.length)
        this.#lineStart = line
        this.#column = at < this.#text.length ? at - line : -1
        if (this.#column === 0) this.#meetMarker()
        return
      }
      line = at + 1
    }
  }

  /** Ends the document where `---` begins another, or `...` says that there is none. */
  #meetMarker(): void {
    const three = this.#text.slice(this.#next, this.#next + 3)
    if (three !== '---' && three !== '...') return
    if (!isBlank(this.#code(this.#next + 3))) odd()
    this.#column = -1
    if (three === '---') return
    if (/[^ \n]/.test(this.#text.slice(this.#next + 3))) odd()
    this.#next = this.#text.length
  }

  #comment(from: number): number {
    const end = this.#lineEnd(from)
    this.#comments.push(commentOf(this.source, from, this.#text.slice(from, end)))
    return end
  }

  #lineEnd(from: number): number {
    const end = this.#text.indexOf('\n', from)
    return end < 0 ? this.#text.length : end
  }

  // ---------------------------------------------------------------- block collections

  /** What stands at the next content, inside a collection at column `parent`. */
  #block(parent: number): Yaml {
    if (this.#isItem()) return this.#sequence()
    if (this.#keyEnd() !== undefined) return this.#mapping()
    // After a comment further left the library takes lines as far left as that for more of the value.
    if (this.#notes.some(note => note.column <= parent)) odd()
    return this.#value(this.#next, parent)
  }

  #isItem(): boolean {
    return this.#code(this.#next) === DASH && isBlank(this.#code(this.#next + 1))
  }

  #mapping(): Yaml {
    this.#enter()
    const from = this.#next
    const column = this.#column
    const entries: YamlEntry[] = []
    do {
      const to = this.#keyEnd() ?? odd()
      if (to - this.#next > MAX_KEY) odd()
      const key = this.#scalar(this.#next, to)
      entries.push({ key, value: this.#valueOf(to + 1, column, true) })
    } while (this.#column === column)
    return this.#map(from, this.#close(from, column), entries)
  }

  #map(from: number, to: number, entries: YamlEntry[]): Mapping {
    const map = new Mapping(this.source, from, to)
    for (const entry of entries) map.add(entry)
    if (this.merge) map.merge()
    return map
  }

  /** Where the key at the next content ends, before its colon. */
  #keyEnd(): number | undefined {
    const from = this.#next
    const char = this.#code(from)
    let end: number | undefined
    if (char === DOUBLE || char === SINGLE) end = this.#closingQuote(from, 0)
    else if (this.#isPlainStart(from)) end = this.#plainEnd(from)
    return end !== undefined && this.#code(end) === COLON && isBlank(this.#code(end + 1)) ? end : undefined
  }

  #sequence(): Yaml {
    this.#enter()
    const from = this.#next
    const column = this.#column
    const items: Yaml[] = []
    do items.push(this.#valueOf(this.#next + 1, column, false))
    while (this.#column === column && this.#isItem())
    return new Sequence(this.source, from, this.#close(from, column), items)
  }

  /** What comes after a colon or a dash. */
  #valueOf(from: number, column: number, isKey: boolean): Yaml {
    const at = this.#afterSpaces(from)
    const char = this.#code(at)
    if (char !== NEWLINE && char !== HASH && at < this.#text.length) {
      if (isKey) return this.#value(at, column)
      this.#column = at - this.#lineStart
      this.#next = at
      this.#notes = []
      return this.#block(column)
    }
    const end = this.#skipLine(from)
    if (this.#column > column || (isKey && this.#column === column && this.#isItem())) return this.#block(column)
    // Before a marker the library forgets some of the comments.
    if (this.#column < 0 && !this.#isOver) odd()
    // Comments after a value that is not there belong to it, up to the next content.
    this.#end = this.#notes.at(-1)?.end ?? end
    this.#notes = []
    return this.#empty(at)
  }

  #empty(at: number): Scalar {
    return new Scalar(this.source, at, undefined, null, '', 'plain')
  }

  #enter(): void {
    if (++this.#depth > MAX_DEPTH) odd()
  }

  /** Ends a collection before what comes next. Returns where its last value ends. */
  #close(from: number, column: number): number {
    this.#depth--
    if (this.#column > column) odd()
    const to = trimmed(this.#text, from, this.#end)
    // Comments after the last value are inside unless all stand further left; in a collection at the margin, none is.
    if (column > 0 && this.#notes.some(note => note.column >= column)) {
      this.#end = this.#notes.at(-1)!.end
      this.#notes = []
    }
    return to
  }

  // ---------------------------------------------------------------- values

  /** A value that begins here and is no block collection, inside one at column `parent`. */
  #value(from: number, parent: number): Yaml {
    const char = this.#code(from)
    if (char === LITERAL || char === FOLDED) return this.#blockScalar(from, parent)
    const value =
      char === LIST || char === MAP ? this.#flow(from, parent + 1, 1) : this.#plainOrQuoted(from, parent + 1)
    this.#end = this.#skipLine(value.to)
    // Comments right after it that are indented further belong to it.
    const others = this.#notes.findIndex(note => note.column <= parent)
    const own = this.#notes.splice(0, others < 0 ? this.#notes.length : others)
    this.#end = own.at(-1)?.end ?? this.#end
    return value
  }

  /** A plain or quoted scalar in a block, over lines indented by `least`. */
  #plainOrQuoted(from: number, least: number): Scalar {
    const char = this.#code(from)
    const isQuoted = char === DOUBLE || char === SINGLE
    return this.#scalar(from, isQuoted ? this.#quotedEnd(from, least) : this.#plainLines(from, least))
  }

  /** A plain or quoted scalar between two offsets. */
  #scalar(from: number, to: number): Scalar {
    const char = this.#code(from)
    if (char === DOUBLE) {
      const value = unescaped(this.#text.slice(from + 1, to - 1))
      return new Scalar(this.source, from, to, value, value, 'double')
    }
    if (char === SINGLE) {
      const value = unfolded(this.#text.slice(from + 1, to - 1)).replaceAll("''", "'")
      return new Scalar(this.source, from, to, value, value, 'single')
    }
    const value = unfolded(this.#text.slice(from, to))
    return new Scalar(this.source, from, to, dataOf(value), value, 'plain')
  }

  #isPlainStart(at: number): boolean {
    const char = this.#code(at)
    if (COMPOUND.has(char)) return !isBlank(this.#code(at + 1))
    return !INDICATORS.has(char) && !isBlank(char)
  }

  /** Where plain text ends on its line: before a comment, or a colon with a blank after it. */
  #plainEnd(from: number): number {
    let end = from
    for (let at = from; ; at++) {
      const char = this.#code(at)
      if (char === SPACE || char === TAB) {
        if (this.#code(at + 1) === HASH) return end
      } else if (char === COLON && isBlank(this.#code(at + 1))) return end
      else if (char === NEWLINE || Number.isNaN(char)) return end
      else end = at + 1
    }
  }

  /** Where plain text ends that goes on over lines indented by `least`. */
  #plainLines(from: number, least: number): number {
    if (!this.#isPlainStart(from)) odd()
    let end = this.#plainEnd(from)
    for (;;) {
      let at = this.#afterSpaces(end)
      if (this.#code(at) !== NEWLINE) return end
      let line = at + 1
      for (at = line; this.#code(at) === SPACE || this.#code(at) === NEWLINE; at++)
        if (this.#code(at) === NEWLINE) line = at + 1
      const char = this.#code(at)
      if (char === TAB) odd()
      if (char === HASH || at - line < least || Number.isNaN(char)) return end
      end = this.#plainEnd(at)
      if (this.#code(end) === COLON) odd()
    }
  }

  /** The end of a quoted text over lines indented by `least`, on one line where that is 0. */
  #quotedEnd(from: number, least: number): number {
    return this.#closingQuote(from, least) ?? odd()
  }

  #closingQuote(from: number, least: number): number | undefined {
    const quote = this.#code(from)
    for (let at = from + 1; ; at++) {
      const char = this.#code(at)
      if (char === quote) {
        if (quote === DOUBLE || this.#code(at + 1) !== SINGLE) return at + 1
        at++
      } else if (char === BACKSLASH && quote === DOUBLE && this.#code(at + 1) !== NEWLINE) at++
      else if (char === NEWLINE) {
        if (least === 0) return undefined
        const line = at + 1
        while (this.#code(at + 1) === SPACE) at++
        if (this.#code(at + 1) !== NEWLINE && at + 1 - line < least) return undefined
      } else if (Number.isNaN(char)) return undefined
    }
  }

  // ---------------------------------------------------------------- block scalars

  #blockScalar(from: number, parent: number): Scalar {
    const style = this.#code(from) === FOLDED ? 'folded' : 'literal'
    let chomp = ''
    let given = 0
    let at = from + 1
    for (let char = this.#text[at]; char && !isBlank(char.charCodeAt(0)); char = this.#text[++at]) {
      if (!chomp && (char === '-' || char === '+')) chomp = char
      else if (!given && char >= '1' && char <= '9') given = Number(char)
      else odd()
    }
    const header = at
    at = this.#afterSpaces(at)
    if (this.#code(at) === HASH && at > header) at = this.#comment(at)
    if (this.#code(at) !== NEWLINE) odd()

    const lines: string[] = []
    let indent = given && parent + given
    /** The first line that is not blank, the number of those up to the last, and where that ends. */
    let first = -1
    let count = 0
    let end = 0
    let line = at + 1
    while (line < this.#text.length) {
      at = this.#afterSpaces(line)
      const isEmpty = this.#code(at) === NEWLINE || at >= this.#text.length
      if (!isEmpty && !indent) indent = Math.max(at - line, parent + 1)
      if (!isEmpty && at - line < indent) break
      if (!isEmpty && first < 0) first = lines.length
      const lineEnd = this.#lineEnd(at)
      // Blank lines say how much they are indented only inside the text; around it, that is for the library to judge.
      lines.push(indent ? this.#text.slice(line + indent, lineEnd) : ' '.repeat(lineEnd - line))
      if (!isEmpty) {
        count = lines.length
        end = lineEnd
      }
      line = lineEnd + 1
    }
    if (!count || lines.slice(count).some(Boolean)) odd()
    for (let index = 0; index < first; index++) {
      const blank = lines[index]!
      if (given ? blank : blank.length > indent) odd()
      lines[index] = ''
    }
    const text = lines.slice(0, count)
    const body = style === 'literal' ? text.join('\n') : folded(text, first)
    const value = body + (chomp === '-' ? '' : chomp === '+' ? '\n'.repeat(Math.max(1, this.#breaks(end, line))) : '\n')
    this.#skipLines(Math.min(line, this.#text.length))
    this.#end = end
    return new Scalar(this.source, from, trimmed(this.#text, from, end), value, value, style)
  }

  #breaks(from: number, to: number): number {
    let count = 0
    for (let at = from; at < to; at++) if (this.#code(at) === NEWLINE) count++
    return count
  }

  // ---------------------------------------------------------------- flow collections

  /** A flow collection over lines indented by `least`. */
  #flow(from: number, least: number, level: number): Mapping | Sequence {
    this.#enter()
    const isMap = this.#code(from) === MAP
    const close = isMap ? MAP_END : LIST_END
    const items: Yaml[] = []
    const entries: YamlEntry[] = []
    let at = this.#flowSpace(from + 1, least, level)
    while (this.#code(at) !== close) {
      if (isMap) {
        const key = this.#flowScalar(at, 0)
        at = this.#afterSpaces(key.to)
        if (this.#code(at) !== COLON) odd()
        at = this.#flowSpace(at + 1, least, level)
        const value = this.#flowValue(at, least, level)
        entries.push({ key, value })
        at = value.to
      } else {
        const item = this.#flowValue(at, least, level)
        items.push(item)
        at = item.to
      }
      at = this.#flowSpace(at, least, level)
      if (this.#code(at) === COMMA) at = this.#flowSpace(at + 1, least, level)
      else if (this.#code(at) !== close) odd()
    }
    this.#depth--
    return isMap ? this.#map(from, at + 1, entries) : new Sequence(this.source, from, at + 1, items)
  }

  #flowValue(at: number, least: number, level: number): Mapping | Sequence | Scalar {
    const char = this.#code(at)
    return char === LIST || char === MAP ? this.#flow(at, least, level + 1) : this.#flowScalar(at, least)
  }

  #flowScalar(at: number, least: number): Scalar {
    const char = this.#code(at)
    if (char === DOUBLE || char === SINGLE) return this.#scalar(at, this.#quotedEnd(at, least))
    if (!this.#isPlainStart(at) || (COMPOUND.has(char) && isFlow(this.#code(at + 1)))) odd()
    return this.#scalar(at, this.#flowPlainEnd(at))
  }

  #flowPlainEnd(from: number): number {
    let end = from
    for (let at = from; ; at++) {
      const char = this.#code(at)
      if (char === SPACE || char === TAB) {
        if (this.#code(at + 1) === HASH) return end
      } else if (char === NEWLINE || Number.isNaN(char) || isFlow(char)) return end
      else if (char === COLON && (isBlank(this.#code(at + 1)) || isFlow(this.#code(at + 1)))) return end
      else end = at + 1
    }
  }

  /** The next content inside a flow collection. */
  #flowSpace(from: number, least: number, level: number): number {
    let line = -1
    let indent = 0
    for (let at = from; ; at++) {
      const char = this.#code(at)
      if (char === NEWLINE) {
        line = at + 1
        while (this.#code(at + 1) === SPACE) at++
        indent = at + 1 - line
      } else if (char === HASH) {
        if (!isBlank(this.#code(at - 1))) odd()
        at = this.#comment(at) - 1
      } else if (char !== SPACE && char !== TAB) {
        if (line < 0) return at
        const isClose = char === LIST_END || char === MAP_END
        // A last bracket may stand as far left as what the collection belongs to.
        if (indent < least && !(isClose && level === 1 && indent === least - 1)) odd()
        if (indent === 0 && (this.#text.startsWith('---', at) || this.#text.startsWith('...', at))) odd()
        return at
      }
    }
  }
}

// ---------------------------------------------------------------- what a text means

/** Lines put together: one line break is a blank, of several the first is gone. */
function unfolded(written: string): string {
  if (!written.includes('\n')) return written
  const lines = written.split('\n')
  let value = ''
  let between = ''
  for (const [index, line] of lines.entries()) {
    const isLast = index === lines.length - 1
    const text = withoutBlanks(line, index > 0, !isLast)
    if (index === 0) value = text
    else if (text || isLast) {
      value += (between || ' ') + text
      between = ''
    } else between += '\n'
  }
  return value
}

function withoutBlanks(line: string, before: boolean, after: boolean): string {
  let from = 0
  let to = line.length
  if (before) while (from < to && (line[from] === ' ' || line[from] === '\t')) from++
  if (after) while (to > from && (line[to - 1] === ' ' || line[to - 1] === '\t')) to--
  return line.slice(from, to)
}

/** The lines of a folded text put together; those indented further keep their breaks. `first` is the first that is not blank. */
function folded(lines: string[], first: number): string {
  let value = '\n'.repeat(first)
  let between = ''
  let wasFurther = false
  for (const line of lines.slice(first)) {
    if (line.startsWith(' ') || line.startsWith('\t')) {
      if (between === ' ') between = '\n'
      else if (!wasFurther && between === '\n') between = '\n\n'
      value += between + line
      between = '\n'
      wasFurther = true
    } else if (line === '') {
      if (between === '\n') value += '\n'
      else between = '\n'
    } else {
      value += between + line
      between = ' '
      wasFurther = false
    }
  }
  return value
}

const ESCAPES: Record<string, string> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  N: '\u0085',
  _: '\u00a0',
  L: '\u2028',
  P: '\u2029',
  ' ': ' ',
  '"': '"',
  '/': '/',
  '\\': '\\',
  '\t': '\t'
}
const DIGITS: Record<string, number> = { x: 2, u: 4, U: 8 }

const isWhite = (char: string | undefined) => char === ' ' || char === '\t' || char === '\n'

/** What stands between double quotes, with its escapes and folds undone. */
function unescaped(written: string): string {
  if (!written.includes('\\')) return unfolded(written)
  let value = ''
  for (let at = 0; at < written.length; at++) {
    const char = written[at]!
    if (isWhite(char)) {
      const from = at
      while (isWhite(written[at + 1])) at++
      const blanks = written.slice(from, at + 1)
      const breaks = blanks.split('\n').length - 1
      value += breaks === 0 ? blanks : '\n'.repeat(breaks - 1) || ' '
      continue
    }
    if (char !== '\\') {
      value += char
      continue
    }
    const code = written[++at] ?? ''
    const digits = DIGITS[code]
    if (code === '\n') while (written[at + 1] === ' ' || written[at + 1] === '\t') at++
    else if (digits) {
      const hex = written.slice(at + 1, at + 1 + digits)
      const point = /^[0-9a-fA-F]+$/.test(hex) && hex.length === digits ? Number.parseInt(hex, 16) : 0x110000
      if (point > 0x10ffff) odd()
      value += String.fromCodePoint(point)
      at += digits
    } else value += ESCAPES[code] ?? odd()
  }
  return value
}

/** What the core schema makes of plain text. */
function dataOf(text: string): Scalar['data'] {
  if (!/^[~nNtTfF.+\-\d]/.test(text)) return text
  if (/^(?:~|[Nn]ull|NULL)$/.test(text)) return null
  if (/^(?:[Tt]rue|TRUE|[Ff]alse|FALSE)$/.test(text)) return text[0] === 't' || text[0] === 'T'
  if (/^0o[0-7]+$/.test(text)) return Number.parseInt(text.slice(2), 8)
  if (/^[-+]?\d+$/.test(text)) return Number.parseInt(text, 10)
  if (/^0x[0-9a-fA-F]+$/.test(text)) return Number.parseInt(text.slice(2), 16)
  if (/^(?:\.nan|\.NaN|\.NAN)$/.test(text)) return Number.NaN
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(text)) return text[0] === '-' ? -Infinity : Infinity
  if (/^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(text)) return Number.parseFloat(text)
  return text
}
