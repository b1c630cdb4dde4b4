import { SEVERITIES } from '../config.js'
import type { Inspection, Severity } from '../model.js'
import { commandData, commandProperty, cut, printable } from './escape.js'
import { andMore, introducedOf, lastLine, missedOf, openRequirements, plural, type Row, rows, STATES } from './words.js'

/** GitHub shows this many of each level a step; the rest stays in the log. */
const SHOWN = 10
const COMMANDS: Record<Severity, string> = { error: 'error', warning: 'warning', note: 'notice' }

/**
 * Workflow commands for what the pull request brings in, most severe first: at most 10 of each level, the tenth a
 * pointer to the summary where there are more. One command a line, without line breaks.
 */
export function annotations(inspection: Inspection): string[] {
  const all = rows(introducedOf(inspection.verdict))
  return SEVERITIES.flatMap(severity => {
    const first = saidFirst(inspection, severity)
    const level = all.filter(({ finding }) => finding.severity === severity)
    if (first.length + level.length <= SHOWN) return [...first, ...level.map(annotation)]
    const room = Math.max(0, SHOWN - 1 - first.length)
    const rest = level.slice(room).reduce((count, { more }) => count + 1 + more.length, first.slice(SHOWN - 1).length)
    const pointer = `and ${plural(rest, `more ${severity}`)}: see the summary of this run`
    return [...first.slice(0, SHOWN - 1), ...level.slice(0, room).map(annotation), command(severity, {}, pointer)]
  })
}

/** What no finding says: required topics that are open, and the judge's notices. */
function saidFirst(inspection: Inspection, severity: Severity): string[] {
  const { verdict } = inspection
  const missed = missedOf(inspection)
  const open = openRequirements(verdict).filter(row => missed.includes(row) === (severity === 'error'))
  if (severity === 'note')
    return verdict.notices.map(text => command(severity, { title: 'Pipeline Hygiene' }, said(text)))
  return open.map(({ topic, state, why, at }) =>
    command(
      severity,
      {
        title: `required topic ${topic} is ${STATES[state]}`,
        ...(at?.path && { file: printable(at.path), line: at.line })
      },
      said(why)
    )
  )
}

const said = (text: string) => cut(printable(text), 2000)

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
  const rest = more.length ? ` (${andMore(more)})` : ''
  return `${said(finding.message)}${rest}\n${finding.rule.fix}`
}

function command(severity: Severity, properties: Record<string, string | number>, message: string): string {
  const list = Object.entries(properties).map(([name, value]) => `${name}=${commandProperty(String(value))}`)
  return `::${COMMANDS[severity]}${list.length ? ` ${list.join(',')}` : ''}::${commandData(message)}`
}
