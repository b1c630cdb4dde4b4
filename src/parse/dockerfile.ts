import type {
  Command,
  Comment,
  Dockerfile,
  Heredoc,
  Instruction,
  Place,
  Script,
  Shell,
  Stage,
  Text,
  Variable
} from '../model.js'
import { expand } from './expansion.js'
import { scriptOf } from './shell.js'
import { fileOffset, PiecedText, SourceText, startOf } from './text.js'

/** Instructions that take a JSON array in place of words. */
const JSON_FORM = new Set(['ADD', 'CMD', 'COPY', 'ENTRYPOINT', 'HEALTHCHECK', 'RUN', 'SHELL', 'VOLUME'])
/** Instructions whose whole text is one argument, blanks and all. */
const ONE_ARGUMENT = new Set(['MAINTAINER', 'STOPSIGNAL', 'USER', 'WORKDIR'])
const QUOTED_WORDS = new Set(['ARG', 'CMD', 'ENTRYPOINT', 'ENV', 'HEALTHCHECK', 'LABEL', 'ONBUILD', 'RUN'])
const TAKES_HEREDOC = new Set(['ADD', 'COPY', 'RUN'])
const DEFAULT_SHELL: Shell = { name: 'sh', errexit: false, pipefail: false }
const WINDOWS_SHELL: Shell = { name: 'cmd', errexit: false, pipefail: false }

/**
 * Parses a Dockerfile after BuildKit's line rules: directives, comments, continuations, heredocs, then instructions and
 * the stages they form. `text` without a byte order mark. Never throws; what Docker would refuse is kept as written.
 */
export function readDockerfile(path: string, text: string): Dockerfile {
  const source = new SourceText(path, text)
  const file: Dockerfile = {
    path,
    at: startOf(path),
    directives: [],
    escape: '\\',
    comments: [],
    instructions: [],
    stages: [],
    globals: []
  }
  const commands = readLines(source, file)
  formStages(file)
  addScripts(source, file, commands)
  return file
}

// ---------------------------------------------------------------- lines

/** An instruction's text with its continuations taken out; `pieces` map it to the file as in PiecedText. */
interface Logical {
  source: SourceText
  text: string
  pieces: [number, number][]
  blanks: Place[]
  mark: string
  /** The command's text of every instruction that runs one, until its script is made. */
  commands: Map<Instruction, Text>
}
/** A physical line, without its line break. */
interface Line {
  from: number
  to: number
  next: number
}

function readLines(source: SourceText, file: Dockerfile): Map<Instruction, Text> {
  const { text } = source
  const commands = new Map<Instruction, Text>()
  let at = 0
  let inDirectives = true
  let block: Comment[] = []
  while (at < text.length) {
    const line = lineAt(text, at)
    at = line.next
    const start = skipSpace(text, line.from, line.to)
    if (text[start] === '#' && start < line.to) {
      const directive: Directive | undefined = inDirectives ? directiveAt(source, start, line.to) : undefined
      inDirectives &&= directive !== undefined
      if (directive && ['syntax', 'escape', 'check'].includes(directive.name)) {
        file.directives.push(directive)
        if (directive.name === 'escape' && directive.value.value === '`') file.escape = '`'
        continue
      }
      const comment = commentAt(source, start, line.to)
      file.comments.push(comment)
      block.push(comment)
      continue
    }
    inDirectives = false
    if (start < line.to) {
      const { text: joined, pieces, blanks, next } = joinLines(source, file, { ...line, from: start })
      at = next
      const logical: Logical = { source, text: joined, pieces, blanks, mark: file.escape, commands }
      if (skipSpace(joined, 0, joined.length) < joined.length) {
        const instruction = instructionOf(logical, 0, block)
        at = readHeredocs(source, instruction, at)
        file.instructions.push(instruction)
      }
    }
    block = []
  }
  return commands
}

function lineAt(text: string, from: number): Line {
  const end = text.indexOf('\n', from)
  const next = end < 0 ? text.length : end + 1
  let to = end < 0 ? text.length : end
  while (to > from && text[to - 1] === '\r') to--
  return { from, to, next }
}

type Joined = Pick<Logical, 'text' | 'pieces' | 'blanks'> & { next: number }

/** Puts continued lines together; comment lines and blank lines between them fall out. */
function joinLines(source: SourceText, file: Dockerfile, first: Line): Joined {
  const { text } = source
  const parts: string[] = []
  const pieces: [number, number][] = []
  const blanks: Place[] = []
  let length = 0
  let line = first
  let goesOn = true
  while (goesOn) {
    const start = skipSpace(text, line.from, line.to)
    if (line !== first && text[start] === '#' && start < line.to) file.comments.push(commentAt(source, start, line.to))
    else if (line === first || start < line.to) {
      const end = continuationAt(text, line, file.escape)
      goesOn = end !== undefined
      const to = end ?? line.to
      if (to > line.from) {
        pieces.push([length, line.from])
        parts.push(text.slice(line.from, to))
        length += to - line.from
      }
    } else blanks.push(source.place(line.from, line.next))
    if (!goesOn || line.next >= text.length) break
    line = lineAt(text, line.next)
  }
  return { text: parts.join(''), pieces, blanks, next: line.next }
}

/** Where the escape character that continues a line stands. Doubled, it continues nothing. */
function continuationAt(text: string, { from, to }: Line, mark: string): number | undefined {
  let end = to
  while (end > from && (text[end - 1] === ' ' || text[end - 1] === '\t')) end--
  if (end === from || text[end - 1] !== mark) return undefined
  if (end - 2 >= from && text[end - 2] === mark) return undefined
  return end - 1
}

function commentAt(source: SourceText, from: number, to: number): Comment {
  return { text: source.text.slice(from + 1, to).trim(), at: source.place(from, to) }
}

type Directive = Dockerfile['directives'][number]

/** `# name=value`, known or not: the first comment that is no such thing ends the directives. */
function directiveAt(source: SourceText, from: number, to: number): Directive | undefined {
  const { text } = source
  const nameFrom = skipSpace(text, from + 1, to)
  let nameTo = nameFrom
  while (nameTo < to && /[a-zA-Z0-9]/.test(text[nameTo]!)) nameTo++
  const equals = skipSpace(text, nameTo, to)
  if (nameTo === nameFrom || !/[a-zA-Z]/.test(text[nameFrom]!) || equals >= to || text[equals] !== '=') return undefined
  const valueFrom = skipSpace(text, equals + 1, to)
  const valueTo = trimEnd(text, valueFrom, to)
  if (valueTo === valueFrom) return undefined
  return {
    name: text.slice(nameFrom, nameTo).toLowerCase(),
    value: source.span(valueFrom, valueTo),
    at: source.place(from, valueTo)
  }
}

// ---------------------------------------------------------------- one instruction

function instructionOf(line: Logical, from: number, comments: Comment[], inner = false): Instruction {
  const { text } = line
  const start = skipSpace(text, from, text.length)
  const end = trimEnd(text, start, text.length)
  let keywordTo = start
  while (keywordTo < end && !isBlank(text.charCodeAt(keywordTo))) keywordTo++
  const keyword = text.slice(start, keywordTo).toUpperCase()
  const { flags, next } = flagsOf(line, skipSpace(text, keywordTo, end), end)
  const { args, json, brokenJson, command } = argumentsOf(line, keyword, next, end)
  const instruction: Instruction = {
    keyword,
    keywordAt: placeOf(line, start, keywordTo),
    written: text.slice(start, keywordTo),
    at: placeOf(line, start, end),
    flags,
    body: maskedOf(line, next, end),
    args,
    json,
    brokenJson,
    heredocs: [],
    blanks: inner ? [] : line.blanks,
    comments,
    pairs: pairsOf(line, keyword, next, end)
  }
  if (keyword === 'ONBUILD' && !inner && next < end) instruction.onbuild = instructionOf(line, next, [], true)
  if (command !== undefined)
    line.commands.set(instruction, command === next ? instruction.body : maskedOf(line, command, end))
  return instruction
}

/** Words that begin with `--`, up to the first that does not; a lone `--` ends them. */
function flagsOf(line: Logical, from: number, to: number): { flags: Instruction['flags']; next: number } {
  const { text } = line
  const flags: Instruction['flags'] = []
  let at = from
  while (at + 1 < to && text[at] === '-' && text[at + 1] === '-') {
    const end = wordEnd(text, at, to, line.mark)
    if (end - at === 2) return { flags, next: skipSpace(text, end, to) }
    const equals = text.indexOf('=', at)
    const nameTo = equals < 0 || equals >= end ? end : equals
    flags.push({
      name: text.slice(at + 2, nameTo),
      value: unquoted(line, Math.min(nameTo + 1, end), end),
      at: placeOf(line, at, end)
    })
    at = skipSpace(text, end, to)
  }
  return { flags, next: at }
}

interface Arguments {
  args: Text[]
  json: boolean
  brokenJson: boolean
  /** Where the command of a RUN, CMD, ENTRYPOINT or HEALTHCHECK CMD begins. */
  command?: number
}

function argumentsOf(line: Logical, keyword: string, from: number, to: number): Arguments {
  const { text } = line
  if (from >= to) return { args: [], json: false, brokenJson: false }
  if (keyword === 'HEALTHCHECK') {
    let end = from
    while (end < to && !isSpace(text.charCodeAt(end))) end++
    const next = skipSpace(text, end, to)
    const first = textOf(line, from, end)
    if (first.value.toUpperCase() !== 'CMD') return { args: wordsOf(line, from, to), json: false, brokenJson: false }
    const rest = jsonOrWords(line, keyword, next, to)
    return { ...rest, args: [first, ...rest.args], ...(next < to && { command: next }) }
  }
  if (ONE_ARGUMENT.has(keyword)) return { args: [textOf(line, from, to)], json: false, brokenJson: false }
  const runs = keyword === 'RUN' || keyword === 'CMD' || keyword === 'ENTRYPOINT'
  return { ...jsonOrWords(line, keyword, from, to), ...(runs && { command: from }) }
}

function jsonOrWords(line: Logical, keyword: string, from: number, to: number): Arguments {
  const { text } = line
  const strings = JSON_FORM.has(keyword) && text[from] === '[' ? jsonOf(line, from, to) : undefined
  if (strings) return { args: strings, json: true, brokenJson: false }
  const args = QUOTED_WORDS.has(keyword) ? wordsOf(line, from, to) : plainWordsOf(line, from, to)
  return { args, json: false, brokenJson: JSON_FORM.has(keyword) && looksLikeJson(text, keyword, from, to) }
}

/** Where the shell is meant, `[ … ]` is its test command, which needs a blank after the bracket. */
function looksLikeJson(text: string, keyword: string, from: number, to: number): boolean {
  if (text[from] !== '[') return false
  if (keyword === 'RUN' || keyword === 'HEALTHCHECK') return /["'“”‘’]/.test(text[from + 1] ?? '')
  return text[to - 1] === ']' || /["'“”‘’]/.test(text[from + 1] ?? '')
}

/** The strings of a JSON array; undefined where Docker's decoder refuses it. What follows the array is not looked at. */
function jsonOf(line: Logical, from: number, to: number): Text[] | undefined {
  const { text } = line
  const strings: Text[] = []
  let at = skipJsonSpace(text, from + 1, to)
  if (text[at] === ']' && at < to) return strings
  while (at < to) {
    if (text[at] !== '"') return undefined
    const parsed = jsonString(line, at, to)
    if (!parsed) return undefined
    strings.push(parsed.value)
    at = skipJsonSpace(text, parsed.next, to)
    if (at >= to) return undefined
    if (text[at] === ']') return strings
    if (text[at] !== ',') return undefined
    at = skipJsonSpace(text, at + 1, to)
  }
  return undefined
}

const ESCAPES: Record<string, string> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t'
}

function jsonString(line: Logical, from: number, to: number): { value: Text; next: number } | undefined {
  const { text } = line
  const kept: Kept = []
  let at = from + 1
  let run = at
  const flush = () => {
    if (at > run) kept.push([text.slice(run, at), run])
  }
  while (at < to) {
    const code = text.charCodeAt(at)
    if (code === 34) {
      flush()
      return { value: keptText(line, kept, from + 1, at), next: at + 1 }
    }
    if (code < 32) return undefined
    if (code !== 92) {
      at++
      continue
    }
    flush()
    const char = text[at + 1] ?? ''
    const hex = char === 'u' ? text.slice(at + 2, Math.min(at + 6, to)) : ''
    const value =
      char === 'u' ? (/^[0-9a-fA-F]{4}$/.test(hex) ? String.fromCharCode(Number.parseInt(hex, 16)) : '') : ESCAPES[char]
    if (!value || at + 1 >= to) return undefined
    kept.push([value, at])
    at += char === 'u' ? 6 : 2
    run = at
  }
  return undefined
}

/** KEY=value pairs of ENV, ARG and LABEL; `ENV key value` has one. */
function pairsOf(line: Logical, keyword: string, from: number, to: number): Variable[] {
  if (keyword !== 'ENV' && keyword !== 'ARG' && keyword !== 'LABEL') return []
  const words = wordRanges(line, from, to)
  const [first] = words
  if (!first) return []
  const { text } = line
  const equalsIn = ([start, end]: [number, number]) => {
    const equals = text.indexOf('=', start)
    return equals < 0 || equals >= end ? undefined : equals
  }
  if (keyword !== 'ARG' && equalsIn(first) === undefined) {
    const valueFrom = skipSpace(text, first[1], to)
    return [variable(line, first[0], first[1], valueFrom < to ? valueFrom : undefined, to)]
  }
  return words.map(range => {
    const equals = equalsIn(range)
    return variable(line, range[0], equals ?? range[1], equals === undefined ? undefined : equals + 1, range[1])
  })
}

function variable(line: Logical, from: number, nameTo: number, valueFrom: number | undefined, to: number): Variable {
  return {
    name: unquoted(line, from, nameTo),
    ...(valueFrom !== undefined && { value: unquoted(line, valueFrom, to) }),
    at: placeOf(line, from, valueFrom === undefined ? nameTo : to)
  }
}

// ---------------------------------------------------------------- words

/** The end of a word: blanks within quotes and after an escape belong to it. */
function wordEnd(text: string, from: number, to: number, mark: string): number {
  let quote = ''
  let at = from
  for (; at < to; at++) {
    const char = text[at]!
    if (!quote && isSpace(text.charCodeAt(at))) break
    if (char === mark && quote !== "'") at++
    else if (char === quote) quote = ''
    else if (!quote && (char === '"' || char === "'")) quote = char
  }
  return Math.min(at, to)
}

function wordRanges(line: Logical, from: number, to: number, mark = line.mark): [number, number][] {
  const ranges: [number, number][] = []
  let at = skipSpace(line.text, from, to)
  while (at < to) {
    const end = wordEnd(line.text, at, to, mark)
    ranges.push([at, end])
    at = skipSpace(line.text, end, to)
  }
  return ranges
}

const wordsOf = (line: Logical, from: number, to: number): Text[] =>
  wordRanges(line, from, to).map(([start, end]) => textOf(line, start, end))

/** Words as FROM, COPY and EXPOSE have them: parted by blanks, whatever the quotes say. */
function plainWordsOf(line: Logical, from: number, to: number): Text[] {
  const words: Text[] = []
  let at = skipSpace(line.text, from, to)
  while (at < to) {
    let end = at
    while (end < to && !isSpace(line.text.charCodeAt(end))) end++
    words.push(textOf(line, at, end))
    at = skipSpace(line.text, end, to)
  }
  return words
}

/** What is left of a text when quotes and escapes are resolved, with where each part stood in the logical line. */
type Kept = [value: string, from: number][]

/** Quotes and escapes resolved, variables as written: `\$` stays, so that it can be told from a variable. */
function unquoted(line: Logical, from: number, to: number): Text {
  const { text, mark } = line
  const kept: Kept = []
  let quote = ''
  let run = from
  const flush = (at: number) => {
    if (at > run) kept.push([text.slice(run, at), run])
  }
  for (let at = from; at < to; at++) {
    const char = text[at]!
    if (char === mark && quote !== "'" && at + 1 < to) {
      const next = text[at + 1]!
      if (next !== '$' && (!quote || next === '"' || next === mark)) {
        flush(at)
        run = at + 1
      }
      at++
    } else if (quote ? char === quote : char === '"' || char === "'") {
      flush(at)
      run = at + 1
      quote = quote ? '' : char
    }
  }
  flush(to)
  return keptText(line, kept, from, to)
}

function keptText(line: Logical, kept: Kept, from: number, to: number): Text {
  const [only] = kept
  if (!only) return textOf(line, Math.min(from + 1, to), Math.min(from + 1, to))
  if (kept.length === 1 && line.text.startsWith(only[0], only[1]))
    return textOf(line, only[1], only[1] + only[0].length)
  const pieces: [number, number][] = []
  let length = 0
  for (const [value, start] of kept) {
    // A kept run may itself span continuations.
    for (const [at, file] of piecesIn(line, start, start + value.length)) pieces.push([length + at, file])
    length += value.length
  }
  const place = rangeOf(line, from, to)
  return new PiecedText(line.source, kept.map(([value]) => value).join(''), place.from, place.to, pieces)
}

// ---------------------------------------------------------------- from logical lines to the file

function rangeOf(line: Logical, from: number, to: number): { from: number; to: number } {
  const start = fileOffset(line.pieces, from, 0)
  if (to <= from) return { from: start, to: start }
  return { from: start, to: Math.max(start, fileOffset(line.pieces, to - 1, 0) + 1) }
}

function placeOf(line: Logical, from: number, to: number): Place {
  const range = rangeOf(line, from, to)
  return line.source.place(range.from, range.to)
}

/** The pieces of a part of a logical line, from its own start. */
function piecesIn(line: Logical, from: number, to: number): [number, number][] {
  const { pieces } = line
  let low = 0
  let high = pieces.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (pieces[middle]![0] <= from) low = middle
    else high = middle - 1
  }
  const within: [number, number][] = []
  for (let index = low; index < pieces.length && (index === low || pieces[index]![0] < to); index++) {
    const [at, file] = pieces[index]!
    within.push(at < from ? [0, file + from - at] : [at - from, file])
  }
  return within
}

const textOf = (line: Logical, from: number, to: number): Text => new LineText(line, from, to)

/** A part of a logical line, its place worked out when somebody asks: few words of a RUN are looked at. */
class LineText implements Text {
  constructor(
    private readonly line: Logical,
    private readonly from: number,
    private readonly to: number
  ) {}
  get value(): string {
    return this.line.text.slice(this.from, this.to)
  }
  get at(): Place {
    const { from, to } = rangeOf(this.line, this.from, this.to)
    return this.line.source.place(from, to)
  }
  part(from: number, to = from): Place {
    return placedText(this.line, this.from, this.to).part(from, to)
  }
}

function placedText(line: Logical, from: number, to: number): Text {
  const range = rangeOf(line, from, to)
  if (range.to - range.from === to - from) return line.source.span(range.from, range.to)
  return new PiecedText(line.source, line.text.slice(from, to), range.from, range.to, piecesIn(line, from, to))
}

/** A part as it stands in the file, with whatever is not of the logical line blanked at equal length. */
function maskedOf(line: Logical, from: number, to: number): Text {
  const range = rangeOf(line, from, to)
  if (range.to - range.from === to - from) return line.source.span(range.from, range.to)
  const parts: string[] = []
  let end = range.from
  const pieces = piecesIn(line, from, to)
  for (const [index, [at, file]] of pieces.entries()) {
    const next = pieces[index + 1]?.[0] ?? to - from
    parts.push(' '.repeat(file - end), line.text.slice(from + at, from + next))
    end = file + next - at
  }
  return new PiecedText(line.source, parts.join(''), range.from, range.to, [[0, range.from]])
}

// ---------------------------------------------------------------- heredocs

/** Reads the bodies that follow an instruction; gives the offset after the last. */
function readHeredocs(source: SourceText, instruction: Instruction, from: number): number {
  const holder = instruction.onbuild ?? instruction
  if (!TAKES_HEREDOC.has(holder.keyword) || holder.json || !holder.body.value.includes('<<')) return from
  let at = from
  for (const word of heredocWords(holder.body)) {
    const match = /^(\d*)<<(-?)([^<]+)$/.exec(word.value)
    if (!match) continue
    const heredoc = heredocAt(source, match, word.at, at)
    holder.heredocs.push(heredoc.heredoc)
    at = heredoc.next
    const { endLine, endColumn } = heredoc.end
    holder.at = { ...holder.at, endLine, endColumn }
    instruction.at = { ...instruction.at, endLine, endColumn }
  }
  if (holder !== instruction) instruction.heredocs = holder.heredocs
  return at
}

/** The words that may be heredocs; none where a quote stays open. */
function heredocWords(body: Text): Text[] {
  const { value } = body
  const words: Text[] = []
  let at = skipSpace(value, 0, value.length)
  while (at < value.length) {
    const end = wordEnd(value, at, value.length, '\\')
    if (end === value.length && hasOpenQuote(value.slice(at))) return []
    words.push({ value: value.slice(at, end), at: body.part(at, end), part: () => body.part(at, end) })
    at = skipSpace(value, end, value.length)
  }
  return words
}

function hasOpenQuote(text: string): boolean {
  let quote = ''
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!
    if (char === '\\' && quote !== "'") at++
    else if (char === quote) quote = ''
    else if (!quote && (char === '"' || char === "'")) quote = char
  }
  return quote !== ''
}

function heredocAt(
  source: SourceText,
  [, descriptor, dash, word]: RegExpExecArray,
  at: Place,
  from: number
): { heredoc: Heredoc; next: number; end: Place } {
  const { text } = source
  const stripTabs = dash === '-'
  const name = withoutQuotes(word!)
  let next = from
  let bodyTo = text.length
  let end = text.length
  let open = true
  while (next < text.length) {
    const line = lineAt(text, next)
    next = line.next
    let start = line.from
    while (stripTabs && text[start] === '\t' && start < line.to) start++
    if (line.to - start !== name.length || !text.startsWith(name, start)) continue
    bodyTo = line.from
    end = line.to
    open = false
    break
  }
  const heredoc: Heredoc = {
    name,
    quoted: name !== word,
    stripTabs,
    ...(descriptor && { descriptor: Number(descriptor) }),
    ...(open && { open }),
    body: stripTabs ? withoutTabs(source, from, bodyTo) : source.span(from, bodyTo),
    at
  }
  return { heredoc, next, end: source.place(from, Math.max(from, end)) }
}

function withoutQuotes(word: string): string {
  let name = ''
  let quote = ''
  for (let at = 0; at < word.length; at++) {
    const char = word[at]!
    if (char === '\\' && quote !== "'") name += word[++at] ?? ''
    else if (char === quote) quote = ''
    else if (!quote && (char === '"' || char === "'")) quote = char
    else name += char
  }
  return name
}

function withoutTabs(source: SourceText, from: number, to: number): Text {
  const parts: string[] = []
  const pieces: [number, number][] = []
  let length = 0
  for (let at = from; at < to; ) {
    const { next } = lineAt(source.text, at)
    const end = Math.min(next, to)
    let start = at
    while (start < end && source.text[start] === '\t') start++
    pieces.push([length, start])
    parts.push(source.text.slice(start, end))
    length += end - start
    at = end
  }
  return new PiecedText(source, parts.join(''), from, to, pieces)
}

// ---------------------------------------------------------------- stages

function formStages(file: Dockerfile): void {
  const byName = new Map<string, Stage>()
  const globals = new Map<string, string>()
  const lookup = (name: string) => globals.get(name)
  let stage: Stage | undefined
  for (const instruction of file.instructions) {
    if (instruction.keyword === 'FROM') {
      stage = stageOf(file, instruction, byName, lookup)
      file.stages.push(stage)
      if (stage.name) byName.set(stage.name.value.toLowerCase(), stage)
    } else if (!stage && instruction.keyword === 'ARG') {
      for (const pair of instruction.pairs) {
        file.globals.push(pair)
        const value = pair.value && expand(pair.value.value, lookup, file.escape)
        if (value !== undefined) globals.set(pair.name.value, value)
        else globals.delete(pair.name.value)
      }
    }
    if (!stage) continue
    stage.instructions.push(instruction)
    instruction.stage = stage
    if (instruction.onbuild) instruction.onbuild.stage = stage
  }
  for (const each of file.stages) addNeeds(file, each, byName)
}

function stageOf(
  file: Dockerfile,
  from: Instruction,
  byName: Map<string, Stage>,
  lookup: (name: string) => string | undefined
): Stage {
  const [image = from.body, as, name] = from.args
  const platform = from.flags.find(flag => flag.name === 'platform')?.value
  const base = expand(image.value, lookup, file.escape) || undefined
  const parent = base === undefined ? undefined : byName.get(base.toLowerCase())
  return {
    index: file.stages.length,
    from,
    image,
    instructions: [],
    needs: parent ? [parent] : [],
    ...(as?.value.toLowerCase() === 'as' && name && { name }),
    ...(parent ? { parent } : base !== undefined && { base }),
    ...(platform && { platform })
  }
}

/** COPY --from and RUN --mount=from name a stage of the file, by name or number, wherever it stands. */
function addNeeds(file: Dockerfile, stage: Stage, byName: Map<string, Stage>): void {
  const needs = new Set(stage.needs)
  for (const instruction of stage.instructions)
    for (const flag of instruction.flags) {
      const name =
        flag.name === 'from'
          ? flag.value.value
          : flag.name === 'mount'
            ? flag.value.value
                .split(',')
                .find(field => field.startsWith('from='))
                ?.slice('from='.length)
            : undefined
      if (!name) continue
      const other = /^\d{1,6}$/.test(name) ? file.stages[Number(name)] : byName.get(name.toLowerCase())
      if (other && other !== stage) needs.add(other)
    }
  stage.needs = [...needs]
}

// ---------------------------------------------------------------- scripts

function addScripts(source: SourceText, file: Dockerfile, commands: Map<Instruction, Text>): void {
  const shells = new Map<Stage, Shell>()
  const comments = file.comments.values()
  let comment = comments.next().value
  let everywhere: Shell | undefined
  let shell = DEFAULT_SHELL
  for (const instruction of file.instructions) {
    const { stage } = instruction
    if (stage && instruction === stage.from)
      shell = (stage.parent && shells.get(stage.parent)) ?? everywhere ?? defaultShell(file, stage)
    for (; comment && comment.at.line < instruction.at.line; comment = comments.next().value) {
      const said = shellSaid(comment)
      if (!said) continue
      shell = said
      // Above the first stage it is said of all of them.
      if (!stage || instruction === file.stages[0]?.from) everywhere = said
    }
    addScript(source, instruction, commands.get(instruction), shell)
    if (instruction.onbuild) addScript(source, instruction.onbuild, commands.get(instruction.onbuild), shell)
    if (instruction.keyword === 'SHELL' && instruction.json) shell = shellOf(instruction.args)
    if (stage) shells.set(stage, shell)
  }
}

/** `# hadolint shell=powershell` says what shell an image brings, where no SHELL does. */
function shellSaid({ text }: Comment): Shell | undefined {
  if (!text.startsWith('hadolint')) return undefined
  const [, name] = /^hadolint\s{1,9}shell\s{0,9}=\s{0,9}([\w./\\-]{1,100})/.exec(text) ?? []
  return name === undefined ? undefined : shellOf([{ value: name, at: startOf(''), part: () => startOf('') }])
}

/** A Windows image has cmd in place of sh; the other escape character is of use for Windows paths alone. */
function defaultShell(file: Dockerfile, { base, platform }: Stage): Shell {
  const isWindows =
    file.escape === '`' ||
    platform?.value.startsWith('windows') ||
    /\/windows\/|nanoserver|windowsservercore/.test(base ?? '')
  return isWindows ? WINDOWS_SHELL : DEFAULT_SHELL
}

function addScript(source: SourceText, instruction: Instruction, command: Text | undefined, shell: Shell): void {
  if (!command) return
  const { heredocs, json, args, keyword } = instruction
  if (json) instruction.script = execScript(command, keyword === 'HEALTHCHECK' ? args.slice(1) : args)
  else if (!heredocs.length) instruction.script = scriptOf(command, shell)
  else {
    const [only] = heredocs
    const isWhole = heredocs.length === 1 && only && samePlace(only.at, command.at)
    instruction.script = isWhole
      ? scriptOf(only.body, shellOfShebang(only.body.value) ?? shell)
      : scriptOf(withHeredocs(source, command, instruction), shell)
  }
}

const samePlace = (one: Place, other: Place) =>
  one.line === other.line &&
  one.column === other.column &&
  one.endLine === other.endLine &&
  one.endColumn === other.endColumn

/** The command line and the bodies after it, as the shell gets them. */
function withHeredocs(source: SourceText, command: Text, instruction: Instruction): Text {
  const start = source.offset(command.at.line, command.at.column)
  const commandEnd = source.offset(command.at.endLine, command.at.endColumn)
  const { line, column } = instruction.heredocs[0]!.body.part(0)
  const bodies = Math.max(source.offset(line, column), commandEnd)
  const first = source.lineStart(source.lineOf(bodies))
  const from = Math.max(commandEnd, Math.min(first, bodies))
  const end = source.offset(instruction.at.endLine, instruction.at.endColumn)
  const between = ' '.repeat(Math.max(0, from - commandEnd - 1)) + (from > commandEnd ? '\n' : '')
  return new PiecedText(source, command.value + between + source.text.slice(from, end), start, Math.max(start, end), [
    [0, start]
  ])
}

/** The exec form as one command; what `sh -c` is given is a script of its own. */
function execScript(text: Text, words: Text[]): Script {
  const [first] = words
  const shellAt = words.findIndex(word => isShell(baseName(word.value)))
  const inner = shellAt < 0 ? undefined : nestedIn(words.slice(shellAt))
  let commands: Command[] | undefined
  return {
    text,
    shell: DEFAULT_SHELL,
    get commands() {
      commands ??= first ? [commandOf(text, words), ...(inner?.commands.map(nested) ?? [])] : []
      return commands
    },
    ...(inner?.unread !== undefined && { unread: inner.unread })
  }
}

function commandOf(text: Text, words: Text[]): Command {
  return {
    name: baseName(words[0]!.value),
    words: words.map(({ value, at }) => ({ value, at, literal: true })),
    assignments: [],
    at: text.at,
    inside: [],
    directory: ''
  }
}

function nested({ name, words, assignments, at, lost, inside, directory }: Command): Command {
  return { name, words, assignments, at, inside: ['nested-shell', ...inside], directory, ...(lost && { lost }) }
}

/** The script after `-c`, where a shell's words hold one. */
function nestedIn(words: Text[]): Script | undefined {
  const flag = words.findIndex((word, index) => index > 0 && /^-[a-zA-Z]*c[a-zA-Z]*$/.test(word.value))
  const script = flag < 0 ? undefined : words[flag + 1]
  return script && scriptOf(script, shellOf(words.slice(0, flag + 1)))
}

const baseName = (path: string): string =>
  path
    .slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
    .toLowerCase()
    .replace(/\.exe$/, '')

const isShell = (name: string): boolean => ['sh', 'bash', 'ash', 'dash'].includes(name)

/** The shell that the words of SHELL start, and the options they set. */
function shellOf(words: Text[]): Shell {
  const [program, ...options] = words.map(word => word.value)
  const shell: Shell = { name: shellName(baseName(program ?? '')), errexit: false, pipefail: false }
  for (const [index, option] of options.entries()) {
    if (!/^-[a-zA-Z]{1,20}$/.test(option)) continue
    if (option.includes('e') && !option.startsWith('-o')) shell.errexit = true
    if (!option.endsWith('o')) continue
    if (options[index + 1] === 'pipefail') shell.pipefail = true
    if (options[index + 1] === 'errexit') shell.errexit = true
  }
  return shell
}

function shellName(name: string): Shell['name'] {
  if (name === 'bash') return 'bash'
  if (isShell(name)) return 'sh'
  if (name === 'powershell' || name === 'pwsh') return 'pwsh'
  if (name === 'cmd') return 'cmd'
  if (/^python[0-9.]{0,8}$/.test(name)) return 'python'
  return name === 'node' ? 'node' : 'other'
}

function shellOfShebang(script: string): Shell | undefined {
  if (!script.startsWith('#!')) return undefined
  const end = script.indexOf('\n')
  const words = script
    .slice(2, end < 0 ? undefined : end)
    .trim()
    .split(/\s+/)
  const start = baseName(words[0] ?? '') === 'env' ? (words[1] === '-S' ? 2 : 1) : 0
  return shellOf(words.slice(start).map(value => ({ value, at: startOf(''), part: () => startOf('') })))
}

// ---------------------------------------------------------------- characters

/** What parts the keyword from the rest. */
const isBlank = (code: number): boolean => code === 32 || (code >= 9 && code <= 13 && code !== 10)
/** White space as the builder trims it. */
const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13) || code === 0x85 || code === 0xa0

function skipSpace(text: string, from: number, to: number): number {
  let at = from
  while (at < to && isSpace(text.charCodeAt(at))) at++
  return at
}

function skipJsonSpace(text: string, from: number, to: number): number {
  let at = from
  while (at < to && (isBlank(text.charCodeAt(at)) || text[at] === '\n')) at++
  return at
}

function trimEnd(text: string, from: number, to: number): number {
  let end = to
  while (end > from && isSpace(text.charCodeAt(end - 1))) end--
  return end
}
