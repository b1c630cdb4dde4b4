import { SEVERITIES } from '../config.js'
import { gateOf } from '../gate.js'
import type { FileKind, Hidden, Inspection, Looked, Place, Unread } from '../model.js'
import { startOf } from '../parse/text.js'
import { code, cut, pathUri, printable, prose } from './escape.js'
import { gateMarkdown } from './gate-diagram.js'
import {
  andMore,
  because,
  counted,
  duration,
  introducedOf,
  KINDS,
  lastLine,
  lookedCounts,
  number,
  oldOf,
  openRequirements,
  outcome,
  plural,
  type Row,
  rows,
  STATES,
  total,
  WAYS
} from './words.js'

export interface MarkdownOptions {
  /** Bytes of UTF-8 at most; never fewer characters than GitHub counts. */
  limit?: number
  /** Where files are shown: `https://github.com/owner/repo/blob/<sha>`. Without it places are not links. */
  blob?: string
  /** Only the verdict and what is new, or only the rest. */
  only?: 'findings' | 'details'
}

export const BODY_LIMIT = 60_000
const MAX_MESSAGE = 600
const MAX_FOLDED = 100
const ICONS = { success: '✅', neutral: '⚪', failure: '❌' }

/** A part of the report: its items are left out from the end where they do not fit, and the count says so. */
interface Section {
  open: string
  items: Iterable<string>
  count: number
  close?: string
  /** Says how many items were left out. */
  rest(left: number): string
}

/** The report as GitHub Markdown. All that is quoted is inert: it makes no mention, link, image or markup. */
export function markdown(inspection: Inspection, options: MarkdownOptions = {}): string {
  const { only } = options
  const sections: Section[] = []
  if (only !== 'details') sections.push(verdictSection(inspection), ...findingSections(inspection, options))
  if (!only) sections.push(...gateSection(inspection))
  if (only !== 'findings') sections.push(...detailSections(inspection, options))
  const footer = only === 'details' ? '' : `\n<sub>${total(inspection)}</sub>\n`
  return assembled(sections, (options.limit ?? BODY_LIMIT) - size(footer)) + footer
}

/** Sections as far as they fit. Each keeps room for its own close and count, the whole for its last line. */
function assembled(sections: Section[], limit: number): string {
  let out = ''
  let room = limit - 60
  let unseen = 0
  for (const { open, items, count, close = '', rest } of sections) {
    const frame = size(open) + size(close) + size(rest(count))
    if (frame > room) {
      unseen++
      continue
    }
    room -= frame
    let body = open
    let shown = 0
    for (const item of items) {
      const cost = size(item)
      if (cost > room) break
      room -= cost
      body += item
      shown++
    }
    const left = count - shown
    out += body + (left > 0 ? rest(left) : '') + close
  }
  return unseen ? `${out}\n${plural(unseen, 'part')} left out for their size.\n` : out
}

const size = (text: string) => Buffer.byteLength(text)

// ---------------------------------------------------------------- the verdict

/** The first line: "❌ **Blocked**: …". */
export function headline(inspection: Inspection): string {
  const { verdict } = inspection
  const icon = verdict.failed === undefined ? ICONS[verdict.conclusion] : ICONS.failure
  return `${icon} **${outcome(verdict)}**: ${prose(cut(because(inspection), MAX_MESSAGE))}`
}

/** The same as plain text, for a title. */
export function headlineText(inspection: Inspection): string {
  return printable(`${outcome(inspection.verdict)}: ${because(inspection)}`)
}

function verdictSection(inspection: Inspection): Section {
  const { verdict } = inspection
  const lines = [`${headline(inspection)}\n`]
  if (verdict.notices.length) lines.push('\n', ...verdict.notices.map(text => `${notice(text)}\n`))
  if (verdict.wouldBlock.length) {
    lines.push('\nThis would block:\n\n')
    lines.push(...verdict.wouldBlock.map(text => `${notice(text)}\n`))
  }
  const open = openRequirements(verdict)
  const other = verdict.requirements.filter(row => !open.includes(row))
  if (verdict.requirements.length) {
    lines.push('\n| Required | | Why |\n| --- | --- | --- |\n')
    for (const { topic, state, why } of [...open, ...other])
      lines.push(`| ${topic} | ${state === 'not-met' ? '**not met**' : STATES[state]} | ${cell(why)} |\n`)
  }
  const [open1 = '', ...items] = lines
  return { open: open1, items, count: items.length, rest: left => `\n${plural(left, 'more line')}\n` }
}

/** A sentence of the verdict's as a list item. */
export const notice = (text: string) => `- ${prose(cut(text, MAX_MESSAGE))}`

const cell = (text: string) => prose(cut(text, MAX_MESSAGE), true)

// ---------------------------------------------------------------- what is new

function findingSections({ repo, verdict }: Inspection, options: MarkdownOptions): Section[] {
  const introduced = introducedOf(verdict)
  const all = rows(introduced)
  return SEVERITIES.flatMap(severity => {
    const level = all.filter(({ finding }) => finding.severity === severity)
    if (!level.length) return []
    const findings = level.flatMap(({ finding, more }) => [finding, ...more])
    return {
      open: `\n### ${counted(findings)}${repo.base ? ' new here' : ''}\n\n`,
      items: advised(level, options),
      count: level.length,
      rest: (left: number) => `- and ${number(left)} more\n`
    }
  })
}

/** Findings as list items; what would be right is said once a rule. */
function* advised(level: Row[], options: MarkdownOptions): Generator<string> {
  const said = new Set<string>()
  for (const row of level) {
    const { id, fix } = row.finding.rule
    yield `${item(row, options)}${said.has(id) ? '' : `  <br><sub>${prose(fix)}</sub>\n`}`
    said.add(id)
  }
}

/** One finding as a list item: where, what, which rule. */
export function item({ finding, more }: Row, options: MarkdownOptions): string {
  const rest = more.length ? ` (${andMore(more)})` : ''
  return `- ${place(finding.at, options)} ${prose(cut(finding.message, MAX_MESSAGE))}${rest} · ${code(finding.rule.id)}\n`
}

/** `path:line`, a link where it is known where files are shown. */
export function place(at: Place, { blob }: MarkdownOptions, table = false): string {
  if (!at.path) return 'the repository:'
  const shown = code(`${cut(at.path, 300)}:${at.line}`, table)
  if (!blob) return shown
  const end = lastLine(at)
  return `[${shown}](${blob}/${pathUri(at.path)}#L${at.line}${end > at.line ? `-L${end}` : ''})`
}

/** The picture of the gate: whole or not at all. */
function gateSection({ repo, verdict }: Inspection): Section[] {
  const gate = gateOf(repo, verdict.findings)
  return gate ? [{ open: gateMarkdown(gate), items: [], count: 0, rest: () => '' }] : []
}

// ---------------------------------------------------------------- the rest, folded

function detailSections({ repo, verdict, timing, took }: Inspection, options: MarkdownOptions): Section[] {
  const old = oldOf(verdict)
  const sections: Section[] = []
  if (verdict.unread.length)
    sections.push(
      folded(`${number(verdict.unread.length)} not checked`, verdict.unread, row => unreadItem(row, options))
    )
  if (old.length)
    sections.push(
      folded(`${number(old.length)} older, not counted here: ${counted(old)}`, rows(old), row => item(row, options))
    )
  if (verdict.hidden.length)
    sections.push(folded(`${number(verdict.hidden.length)} hidden`, verdict.hidden, row => hiddenItem(row, options)))
  sections.push(lookedSection(repo.looked, `${duration(took)}, ${plural(timing.size, 'rule')}`, options))
  return sections
}

function hiddenItem({ finding, because, reason }: Hidden, options: MarkdownOptions): string {
  const why = reason ? `${because}: ${prose(cut(reason, MAX_MESSAGE))}` : because
  return `${item({ finding, more: [] }, options).trimEnd()} (${why})\n`
}

function unreadItem({ what, reason, at }: Unread, options: MarkdownOptions): string {
  const where = at?.path && at.path !== what ? ` (${place(at, options)})` : ''
  return `- ${prose(cut(what, MAX_MESSAGE))}${where}: ${prose(cut(reason, MAX_MESSAGE))}\n`
}

function folded<T>(title: string, list: T[], shown: (one: T) => string): Section {
  return {
    open: `\n<details><summary>${title}</summary>\n\n`,
    items: list.slice(0, MAX_FOLDED).map(shown),
    count: list.length,
    close: '\n</details>\n',
    rest: left => `- and ${number(left)} more\n`
  }
}

function lookedSection(looked: Looked[], cost: string, options: MarkdownOptions): Section {
  const counts = lookedCounts(looked)
  const kinds = Object.keys(KINDS) as FileKind[]
  const ways = WAYS.filter(way => kinds.some(kind => counts[kind]?.[way]))
  const table = kinds
    .filter(kind => counts[kind])
    .map(kind => `| ${KINDS[kind][1]} | ${ways.map(way => number(counts[kind]?.[way] ?? 0)).join(' | ')} |\n`)
  const odd = looked.filter(({ as }) => as !== 'read')
  const shown = odd.slice(0, MAX_FOLDED).map(row => lookedItem(row, options))
  const head = `| Files | ${ways.join(' | ')} |\n| --- |${' ---: |'.repeat(ways.length)}\n`
  return {
    open: `\n<details><summary>What was looked at: ${plural(looked.length, 'file')}, ${cost}</summary>\n\n`,
    items: table.length ? [`${head}${table.join('')}${odd.length ? '\n' : ''}`, ...shown] : [],
    count: table.length ? 1 + odd.length : 0,
    close: '\n</details>\n',
    rest: left => `- and ${number(left)} more\n`
  }
}

function lookedItem({ path, as, reason, at }: Looked, options: MarkdownOptions): string {
  const why = reason ? `: ${prose(cut(reason, MAX_MESSAGE))}` : ''
  return `- ${place(at ?? startOf(path), options)} ${as}${why}\n`
}
