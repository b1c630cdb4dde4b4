import { folded, type Gate, type GateRow } from '../gate.js'
import { cut, inert, printable } from './escape.js'
import { gateCounts, HOLE, mergeTitle, openOf, rulesOf, titleOf } from './gate-words.js'
import { cellsOf, type Paint, painter } from './terminal.js'

const MAX_ROWS = 40
const MIN_NAME = 12
const MAX_NAME = 60
const GAP = '  '

/** The gate for people at a terminal: a row a check, then the merge, then what follows it. */
export function gateText(gate: Gate | undefined, options: { color: boolean; width?: number }): string {
  const paint = painter(options.color)
  if (!gate) return 'No workflow: there is no gate to draw.\n'
  const { merge } = gate
  const rows = folded(gate.rows, MAX_ROWS)
  const width = Math.max(60, options.width ?? 100)
  const lines = [paint(`The gate: ${gateCounts(gate)}`, 'bold'), '']
  const columns = [
    ['check', 'started by', 'required'],
    ...rows.map(row => [titleOf(row, MAX_NAME), startOf(row), requiredOf(row, rows)])
  ]
  const [names = 0, starts = 0, required = 0] = [0, 1, 2].map(at =>
    Math.max(...columns.map(cells => widthOf(cells[at]!)))
  )
  // What a check proves and where it leaks is what people came for: names give way first.
  const rest = width - GAP.length * 4
  const fits = {
    required: Math.min(required, 22),
    starts: Math.min(starts, 27),
    names: Math.min(names, Math.max(MIN_NAME, Math.floor(rest * 0.35)))
  }
  const line = ([name = '', start = '', must = '']: string[], proves: string) =>
    `${GAP}${[padded(name, fits.names), padded(start, fits.starts), padded(must, fits.required), proves].join(GAP)}`.trimEnd()
  const left = Math.max(16, width - fits.names - fits.starts - fits.required - GAP.length * 4)
  if (rows.length) lines.push(paint(line(columns[0]!, 'proves'), 'dim'))
  for (const [index, row] of rows.entries()) {
    const cells = columns[index + 1]!
    const proved = fitted(row.proves.join(', '), left)
    lines.push(row.required === 'yes' && !row.holes.length ? paint(line(cells, proved), 'green') : line(cells, proved))
    lines.push(...marks(row, width, paint))
  }
  lines.push('', `${paint(shown(mergeTitle(merge)), 'bold')}: ${shown(rulesOf(merge).join(', '))}`)
  lines.push(...marks({ holes: openOf(merge), unknown: [] }, width, paint))
  for (const row of folded(gate.after, MAX_ROWS)) {
    const what = `${GAP}→ ${titleOf(row, MAX_NAME)}: ${row.proves.join(', ')} (on ${row.starts.join(' or ')})`
    lines.push(fitted(what, width), ...marks(row, width, paint))
  }
  return inert(`${lines.join('\n')}\n`)
}

function marks({ holes, unknown }: Pick<GateRow, 'holes' | 'unknown'>, width: number, paint: Paint): string[] {
  return [
    ...holes.map(hole => paint(fitted(`${GAP}${GAP}${HOLE}${hole}`, width), 'red')),
    ...unknown.map(what => paint(fitted(`${GAP}${GAP}? ${what}`, width), 'yellow'))
  ]
}

const startOf = ({ starts }: GateRow) => starts.join(', ') || 'nothing'

function requiredOf({ required, partly, through }: GateRow, rows: GateRow[]): string {
  if (required === 'yes') return partly ? `${partly} of them` : 'yes'
  if (required === 'unknown') return 'not known'
  const by = rows.find(({ keys }) => keys.some(key => through.includes(key)))
  return by ? `through ${titleOf(by, MAX_NAME)}` : 'no'
}

// ---------------------------------------------------------------- columns

const shown = (text: string) => cut(printable(text), 500)

/** Columns that a terminal draws a text in. */
export function widthOf(text: string): number {
  let width = 0
  for (const character of shown(text)) width += cellsOf(character)
  return width
}

/** A text in at most so many columns, cut with an ellipsis. */
function fitted(text: string, room: number): string {
  if (widthOf(text) <= room) return shown(text)
  let out = ''
  let width = 1
  for (const character of shown(text)) {
    width += cellsOf(character)
    if (width > room) break
    out += character
  }
  return `${out}…`
}

function padded(text: string, room: number): string {
  const fit = fitted(text, room)
  return fit + ' '.repeat(Math.max(0, room - widthOf(fit)))
}
