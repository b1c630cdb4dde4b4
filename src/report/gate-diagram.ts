import { folded, type Gate, type GateRow, MAY_START } from '../gate.js'
import { cut, printable } from './escape.js'
import { gateCounts, HOLE, mergeTitle, openOf, rulesOf, titleOf } from './gate-words.js'
import { number } from './words.js'

/** Rows that are still read at the width of a page. */
const MAX_ROWS = 12
const MAX_AFTER = 4
/** Lines of one kind in a box, and characters of a line. */
const MAX_LINES = 2
const MAX_LABEL = 28
/** Pictures of more boxes are folded away until somebody asks. */
const MAX_OPEN = 8

// Fill and text together, so that a box reads the same on a light and on a dark page.
const CLASSES = [
  'classDef hole fill:#ffebe9,stroke:#cf222e,color:#82071e',
  'classDef sound fill:#dafbe1,stroke:#1a7f37,color:#0a3d1a',
  'classDef plain fill:#f6f8fa,stroke:#59636e,color:#1f2328',
  'classDef unknown fill:#fff8c5,stroke:#bf8700,color:#4d2d00,stroke-dasharray:6 4,stroke-width:2px'
]

const COMPACT =
  '%%{init: {"flowchart": {"nodeSpacing": 14, "rankSpacing": 44, "padding": 8, "wrappingWidth": 280}}}%%\n'

/** The gate as a part of a Markdown report: its heading, the picture and what its signs mean. */
export function gateMarkdown(gate: Gate): string {
  const picture = diagram(gate)
  const title = `The gate: ${gateCounts(gate)}`
  const body = `\`\`\`mermaid\n${picture}\`\`\`\n\n<sub>${legend(picture)}</sub>\n`
  if (gate.rows.length + gate.after.length <= MAX_OPEN) return `\n### ${title}\n\n${body}`
  return `\n<details><summary>${title}</summary>\n\n${body}\n</details>\n`
}

function legend(picture: string): string {
  const signs = [
    ...(picture.includes('==>') ? ['thick arrows: the merge waits for it'] : []),
    ...(/:::hole/.test(picture) ? ['red: a hole'] : []),
    ...(/:::unknown|-\.->/.test(picture) ? ['dashed: not known'] : [])
  ]
  const text = signs.join('; ')
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}

/**
 * The gate as a Mermaid flowchart. Names of our own for every box and quoted labels in which all but letters and digits is
 * written as a number: nothing that is quoted can be syntax.
 */
export function diagram(gate: Gate): string {
  const rows = folded(gate.rows, MAX_ROWS)
  const after = folded(gate.after, MAX_AFTER)
  const lines: string[] = []
  const ids = new Map<string, string>()
  let count = 0
  const box = ([open, close]: readonly [string, string], label: string[], kind: string): string => {
    const id = `n${++count}`
    lines.push(`  ${id}${open}"${label.map(escaped).join('<br>')}"${close}:::${kind}`)
    return id
  }

  const starts = new Map<string, string>()
  for (const label of new Set(rows.flatMap(row => row.starts)))
    starts.set(label, box(ROUND, [cut(label, MAX_LABEL * 2)], label === MAY_START ? 'unknown' : 'plain'))
  for (const row of rows) {
    const id = box(SQUARE, labelOf(row), kindOf(row))
    for (const key of row.keys) ids.set(key, id)
  }
  const { merge } = gate
  const facts = rulesOf(merge)
  const mergeKind = merge.holes.length ? 'hole' : { yes: 'sound', no: 'plain', unknown: 'unknown' }[merge.protected]
  const target = box(
    HEXAGON,
    [cut(mergeTitle(merge), MAX_LABEL), ...some(facts, ''), ...some(openOf(merge), HOLE)],
    mergeKind
  )
  const last = after.map(row => box(SQUARE, [...labelOf(row), ...whenOf(row)], row.holes.length ? 'hole' : 'plain'))

  const edges = new Set<string>()
  // What waits for others starts with them: one arrow says both.
  const waits = new Set(rows.flatMap(({ starts, through }) => starts.flatMap(start => through.map(key => start + key))))
  for (const row of rows) {
    const id = ids.get(row.keys[0]!)!
    for (const start of row.starts)
      if (!row.keys.some(key => waits.has(start + key)))
        edges.add(`  ${starts.get(start)} ${start === MAY_START ? '-.->' : '-->'} ${id}`)
    if (row.required === 'yes') edges.add(`  ${id} ==> ${target}`)
    if (row.required === 'unknown') edges.add(`  ${id} -.-> ${target}`)
    for (const key of row.through) if (ids.has(key) && ids.get(key) !== id) edges.add(`  ${id} --> ${ids.get(key)}`)
  }
  // Where nothing has to pass, a pull request goes straight to the merge.
  if (rows.every(({ required }) => required === 'no'))
    for (const id of starts.values()) edges.add(`  ${id} --> ${target}`)
  for (const id of last) edges.add(`  ${target} --> ${id}`)
  const used = CLASSES.filter(line => lines.some(each => each.endsWith(`:::${line.split(' ')[1]}`)))
  return `${COMPACT}flowchart LR\n${[...lines, ...edges, ...used.map(line => `  ${line}`)].join('\n')}\n`
}

const ROUND = ['([', '])'] as const
const SQUARE = ['[', ']'] as const
const HEXAGON = ['{{', '}}'] as const

function kindOf({ holes, unknown, required }: GateRow): string {
  if (holes.length) return 'hole'
  if (unknown.length) return 'unknown'
  return required === 'yes' ? 'sound' : 'plain'
}

function labelOf(row: GateRow): string[] {
  const { partly, unknown, holes } = row
  const title = titleOf(row, MAX_LABEL)
  const proves = cut(row.proves.join(', '), MAX_LABEL)
  return [
    title,
    // A check called lint that lints need not say it twice.
    ...(proves && proves !== title.toLowerCase() ? [proves] : []),
    ...(partly ? [`${number(partly)} of them required`] : []),
    ...some(unknown, '? '),
    ...some(holes, HOLE)
  ]
}

const whenOf = ({ starts }: GateRow): string[] => [cut(`on ${starts.join(' or ')}`, MAX_LABEL)]

function some(words: string[], sign: string): string[] {
  const shown = words.slice(0, MAX_LINES).map(word => `${sign}${cut(word, MAX_LABEL)}`)
  return words.length > MAX_LINES ? [...shown, `and ${number(words.length - MAX_LINES)} more`] : shown
}

// Mermaid looks for icons (fa:fa-x), formulas ($$x$$) and breaks (\n) once the numbers are characters again: a joiner parts them.
const parted = (text: string) => text.replace(/[:$\\]/g, sign => `${sign}\u2060`)

/** A label between double quotes: letters, digits and single blanks stay, everything else is a character's number. */
function escaped(text: string): string {
  const label = parted(printable(text))
    .replace(/[^\p{L}\p{M}\p{N} ]/gu, character => `#${character.codePointAt(0)};`)
    .replace(/ {2,}/g, ' ')
    .trim()
  // An empty label is no label, and no picture.
  return label || '#160;'
}
