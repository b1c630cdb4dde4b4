import type { Finding, Inspection, Place, Repo, Severity } from '../model.js'
import { SourceText, withoutMark } from '../parse/text.js'
import { cut, inert, printable } from './escape.js'
import {
  andMore,
  because,
  introducedOf,
  lastLine,
  lookedAt,
  number,
  oldOf,
  openRequirements,
  outcome,
  plural,
  type Row,
  rows,
  STATES,
  total
} from './words.js'

export interface TerminalOptions {
  color: boolean
  /** Columns of the terminal: code frames are cut to it. */
  width?: number
  /** Lists old and hidden findings too, one line each. */
  verbose?: boolean
  /** Prints the time of each rule. */
  timing?: boolean
}

/** Nobody reads more than this in a terminal; the other formats have everything. */
const MAX_ROWS = 1000
const MAX_UNREAD = 20
const MAX_FRAME_LINES = 3
const TAB = '  '

export type Paint = (text: string, ...styles: (keyof typeof STYLES)[]) => string
const STYLES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34, cyan: 36 }
const COLORS: Record<Severity, keyof typeof STYLES> = { error: 'red', warning: 'yellow', note: 'blue' }

/** Styles a text where colours are wanted. */
export function painter(color: boolean): Paint {
  return (text, ...styles) =>
    color && text ? `\u001b[${styles.map(style => STYLES[style]).join(';')}m${text}\u001b[0m` : text
}

/** The report for people at a terminal: what is open, findings by file with their code, one line of totals. */
export function terminal(inspection: Inspection, options: TerminalOptions): string {
  const { repo, verdict, timing } = inspection
  const paint = painter(options.color)
  const lines: string[] = []

  if (verdict.failed !== undefined)
    lines.push(paint(`Could not decide: ${said(because(inspection))}`, 'bold', 'red'), '')
  const open = openRequirements(verdict)
  for (const { topic, state, why, at } of open) {
    const where = at?.path ? ` (${printable(at.path)}:${at.line})` : ''
    const color = state === 'not-met' ? 'red' : 'yellow'
    lines.push(`${paint(`required ${topic}: ${STATES[state]}`, 'bold', color)}  ${said(why)}${where}`)
  }
  if (open.length) lines.push('')

  const all = rows(introducedOf(verdict))
  const frames = framesOf(repo, paint, options.width ?? 100)
  const advised = new Set<string>()
  for (const [path, file] of byPath(all.slice(0, MAX_ROWS))) {
    lines.push(paint(path ? printable(path) : 'the repository', 'bold'))
    for (const row of file) {
      lines.push(...findingLines(row, paint), ...frames(row.finding.at))
      const { id, fix } = row.finding.rule
      if (!advised.has(id)) lines.push(`      ${paint('fix:', 'cyan')} ${said(fix)}`)
      advised.add(id)
    }
    lines.push('')
  }
  if (all.length > MAX_ROWS) {
    const rest = all.slice(MAX_ROWS).reduce((count, { more }) => count + 1 + more.length, 0)
    lines.push(`and ${number(rest)} more: see --format json`, '')
  }

  if (options.verbose) lines.push(...quietLines(inspection, paint))
  for (const { what, reason, at } of verdict.unread.slice(0, MAX_UNREAD)) {
    const where = at?.path && at.path !== what ? ` (${printable(at.path)}:${at.line})` : ''
    lines.push(`${paint('not checked:', 'yellow')} ${said(what)}${where}: ${said(reason)}`)
  }
  if (verdict.unread.length > MAX_UNREAD)
    lines.push(`and ${number(verdict.unread.length - MAX_UNREAD)} more not checked`)
  if (verdict.unread.length) lines.push('')

  if (options.timing) lines.push(...timingLines(timing, lookedAt(repo.looked)), '')
  for (const notice of verdict.notices) lines.push(`${paint('notice:', 'blue')} ${said(notice)}`)
  for (const would of verdict.wouldBlock) lines.push(`${paint('would block:', 'yellow')} ${said(would)}`)
  const color = verdict.conclusion === 'failure' ? 'red' : verdict.conclusion === 'neutral' ? 'yellow' : 'green'
  if (verdict.failed === undefined)
    lines.push(`${paint(outcome(verdict), 'bold', color)}: ${said(because(inspection))}`)
  lines.push(total(inspection))
  return inert(`${lines.join('\n')}\n`)
}

const said = (text: string) => cut(printable(text), 2000)

function findingLines({ finding, more }: Row, paint: Paint): string[] {
  const { at, severity, message, rule } = finding
  const where = at.path ? `${at.line}:${at.column}` : '-'
  const rest = more.length ? ` (${andMore(more)})` : ''
  const word = paint(severity.padEnd(7), 'bold', COLORS[severity])
  return [`  ${where.padEnd(7)} ${word}  ${said(message)}${rest}  ${paint(rule.id, 'dim')}`]
}

/** Files in the order of their most severe finding. */
function byPath(shown: Row[]): Map<string, Row[]> {
  const files = new Map<string, Row[]>()
  for (const row of shown) {
    const { path } = row.finding.at
    const file = files.get(path)
    if (file) file.push(row)
    else files.set(path, [row])
  }
  return files
}

function quietLines({ verdict }: Inspection, paint: Paint): string[] {
  const line = ({ at, message, rule }: Finding, state: string) =>
    `${paint(`${state}:`, 'dim')} ${at.path ? `${printable(at.path)}:${at.line}` : 'the repository'}  ${said(message)}  ${paint(rule.id, 'dim')}`
  const old = rows(oldOf(verdict)).map(({ finding }) => line(finding, 'older'))
  const hidden = verdict.hidden.map(({ finding, because }) => line(finding, because))
  const quiet = [...old, ...hidden]
  return quiet.length ? [...quiet.slice(0, MAX_ROWS), ''] : []
}

function timingLines(timing: Map<string, number>, files: number): string[] {
  const rules = [...timing].sort(([, a], [, b]) => b - a)
  const sum = rules.reduce((time, [, one]) => time + one, 0)
  return [
    ...rules.map(([id, time]) => `${time.toFixed(2).padStart(10)} ms  ${id}`),
    `${sum.toFixed(2).padStart(10)} ms  ${plural(rules.length, 'rule')} over ${plural(files, 'file')}`
  ]
}

/** The code at a place, its line index made once a file. */
function framesOf(repo: Repo, paint: Paint, width: number): (at: Place) => string[] {
  const sources = new Map<string, SourceText>()
  return at => {
    const text = repo.texts.get(at.path)
    if (text === undefined) return []
    const source = sources.get(at.path) ?? new SourceText(at.path, withoutMark(text))
    sources.set(at.path, source)
    return at.line > source.lineCount ? [] : frame(source, at, paint, width)
  }
}

function frame(source: SourceText, at: Place, paint: Paint, width: number): string[] {
  const end = Math.min(lastLine(at), source.lineCount)
  const shownEnd = Math.min(end, at.line + MAX_FRAME_LINES - 1)
  const gutter = Math.max(4, String(shownEnd).length)
  const room = Math.max(20, width - gutter - 5)
  const lines: string[] = []
  for (let line = at.line; line <= shownEnd; line++) {
    const length = lengthOf(source, line)
    const from = line === at.line ? Math.min(at.column - 1, length) : 0
    const to = line === at.endLine ? Math.min(Math.max(at.endColumn - 1, from), length) : length
    const view = window(source, line, from, to, length, room)
    lines.push(`  ${paint(`${String(line).padStart(gutter)} │`, 'dim')} ${view.code}`.trimEnd())
    if (line === at.line)
      lines.push(`  ${' '.repeat(gutter)} ${paint('│', 'dim')} ${view.before}${paint(view.mark, 'red')}`)
  }
  if (end > shownEnd)
    lines.push(`  ${paint(`${'…'.padStart(gutter)} │`, 'dim')} ${plural(end - shownEnd, 'more line')}`)
  return lines
}

/** Length of a line without its break, without copying it. */
function lengthOf(source: SourceText, line: number): number {
  const from = source.lineStart(line)
  let to = source.lineStart(line + 1)
  if (to > from && source.text[to - 1] === '\n') to--
  if (to > from && source.text[to - 1] === '\r') to--
  return to - from
}

/** The part of a line around a place that fits, as cells of a terminal, and the marks below it. */
function window(source: SourceText, line: number, from: number, to: number, length: number, room: number) {
  const start = from + Math.min(to - from, room / 2) > room ? Math.max(0, from - Math.floor(room / 3)) : 0
  const text = source.text.slice(
    source.lineStart(line) + start,
    source.lineStart(line) + Math.min(length, start + room)
  )
  let code = start ? '…' : ''
  let before = start ? ' ' : ''
  let mark = ''
  let cells = before.length
  let at = start
  for (const character of text) {
    const isPlain = character >= ' ' && character <= '~'
    const shown = isPlain ? character : character === '\t' ? TAB : printable(character)
    const wide = isPlain ? 1 : character === '\t' ? TAB.length : cellsOf(shown)
    if (cells + wide > room) break
    code += shown
    cells += wide
    if (at < from) before += ' '.repeat(wide)
    else if (at < to) mark += '^'.repeat(wide)
    at += character.length
  }
  if (at < length) code += '…'
  return { code, before, mark: mark || '^' }
}

const MARKS = /^\p{M}$/u
// East Asian wide and full-width forms, and emoji, roughly as terminals draw them.
const WIDE: [number, number][] = [
  [0x1100, 0x115f],
  [0x2e80, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1faff],
  [0x20000, 0x3fffd]
]

/** Columns that a terminal draws a character in. */
export function cellsOf(character: string): number {
  const point = character.codePointAt(0) ?? 0
  if (point < 0x300) return 1
  if (point === 0x200d || MARKS.test(character)) return 0
  return WIDE.some(([from, to]) => point >= from && point <= to) ? 2 : 1
}
