import type { Inspection, Severity } from '../model.js'
import { commandData, commandProperty, cut, printable } from './escape.js'
import { andMore, introducedOf, lastLine, plural, type Row, rows, SEVERITIES } from './words.js'

/** GitHub shows this many of each level a step; the rest stays in the log. */
const SHOWN = 10
const COMMANDS: Record<Severity, string> = { error: 'error', warning: 'warning', note: 'notice' }

/**
 * Workflow commands for what the pull request brings in, most severe first: at most 10 of each level, the tenth a
 * pointer to the summary where there are more. One command a line, without line breaks.
 */
export function annotations({ verdict }: Inspection): string[] {
  const all = rows(introducedOf(verdict))
  return SEVERITIES.flatMap(severity => {
    const level = all.filter(({ finding }) => finding.severity === severity)
    if (level.length <= SHOWN) return level.map(annotation)
    const rest = level.slice(SHOWN - 1).reduce((count, { more }) => count + 1 + more.length, 0)
    const pointer = `and ${plural(rest, `more ${severity}`)}: see the summary of this run`
    return [...level.slice(0, SHOWN - 1).map(annotation), command(severity, {}, pointer)]
  })
}

function annotation({ finding, more }: Row): string {
  const { at, rule, severity } = finding
  const oneLine = at.line === at.endLine
  const properties = {
    title: rule.id,
    ...(at.path && {
      file: printable(at.path),
      line: at.line,
      endLine: lastLine(at),
      ...(oneLine && { col: at.column, endColumn: Math.max(at.column, at.endColumn) })
    })
  }
  return command(severity, properties, annotationText({ finding, more }))
}

/** What an annotation says: the message, how many more there are in this file, and what would be right. Plain text. */
export function annotationText({ finding, more }: Row): string {
  const message = cut(printable(finding.message), 2000)
  const rest = more.length ? ` (${andMore(more)})` : ''
  return `${message}${rest}\n${finding.rule.fix}`
}

function command(severity: Severity, properties: Record<string, string | number>, message: string): string {
  const list = Object.entries(properties).map(([name, value]) => `${name}=${commandProperty(String(value))}`)
  return `::${COMMANDS[severity]}${list.length ? ` ${list.join(',')}` : ''}::${commandData(message)}`
}
