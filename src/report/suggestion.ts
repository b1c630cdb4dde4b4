import type { Edit, Finding } from '../model.js'
import { SourceText, withoutMark } from '../parse/text.js'
import { lastLine } from './words.js'

/** Whole lines of a file and what would stand in their place. */
export interface Suggestion {
  line: number
  endLine: number
  /** Without the last line break; '' where the lines go away. */
  text: string
}

const MAX_LINES = 20

/**
 * A finding's edits as one replacement of whole lines that include the line of the finding: what a suggestion on
 * GitHub can do. Undefined where the edits are in another file, overlap, or span too much.
 */
export function suggestion({ at, edits }: Finding, text: string | undefined): Suggestion | undefined {
  if (!edits?.length || text === undefined) return undefined
  if (edits.some(edit => edit.at.path !== at.path)) return undefined
  const source = new SourceText(at.path, withoutMark(text))
  const covered = edits.map(edit => linesOf(edit, at.line))
  const line = Math.min(at.line, ...covered.map(([from]) => from))
  const endLine = Math.max(at.line, ...covered.map(([, to]) => to))
  if (endLine - line >= MAX_LINES || endLine > source.lineCount) return undefined

  const from = source.lineStart(line)
  const to = source.lineStart(endLine + 1)
  const replaced = replace(source, edits, from, to)
  if (replaced === undefined) return undefined
  // Without its break, the last line would run into the next one.
  const endsWithBreak = source.text[to - 1] === '\n'
  if (endsWithBreak && replaced !== '' && !replaced.endsWith('\n')) return undefined
  const shown = replaced.replaceAll('\r\n', '\n')
  return { line, endLine, text: shown.endsWith('\n') ? shown.slice(0, -1) : shown }
}

/** The lines an edit covers. An insertion at the start of the line after the finding's belongs to the finding's line. */
function linesOf({ at }: Edit, line: number): [from: number, to: number] {
  const isBelow = at.line === line + 1 && at.column === 1 && at.endLine === at.line && at.endColumn === 1
  return isBelow ? [line, line] : [at.line, lastLine(at)]
}

function replace(source: SourceText, edits: Edit[], from: number, to: number): string | undefined {
  let out = ''
  let at = from
  const ordered = edits
    .map(({ at: place, text }) => ({
      from: source.offset(place.line, place.column),
      to: source.offset(place.endLine, place.endColumn),
      text
    }))
    .sort((a, b) => a.from - b.from || a.to - b.to)
  for (const edit of ordered) {
    if (edit.from < at || edit.to < edit.from || edit.to > to) return undefined
    out += source.text.slice(at, edit.from) + edit.text
    at = edit.to
  }
  return out + source.text.slice(at, to)
}
