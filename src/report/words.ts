/** What every report says in the same words: order, groups, counts and first lines. */
import { SEVERITIES } from '../config.js'
import type { FileKind, Finding, Inspection, Looked, Requirement, Severity, Verdict } from '../model.js'

const RANKS: Record<Severity, number> = { error: 0, warning: 1, note: 2 }

/** Findings that are shown as one: the first place of a rule's group in a file, and the others. */
export interface Row {
  finding: Finding
  more: Finding[]
}

/** Introduced before old, most severe first, then by path and line. */
export function ranked(findings: Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) =>
      Number(b.introduced) - Number(a.introduced) ||
      RANKS[a.severity] - RANKS[b.severity] ||
      compare(a.at.path, b.at.path) ||
      a.at.line - b.at.line ||
      a.at.column - b.at.column ||
      compare(a.rule.id, b.rule.id)
  )
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** Ranked findings with those of one group in one file put together; old and introduced ones stay apart. */
export function rows(findings: Finding[]): Row[] {
  const shown: Row[] = []
  const groups = new Map<string, Row>()
  for (const finding of ranked(findings)) {
    const { group } = finding.rule
    const key = group && `${finding.introduced}\0${finding.at.path}\0${group}`
    const known = key && groups.get(key)
    if (known) {
      known.more.push(finding)
      continue
    }
    const row = { finding, more: [] }
    shown.push(row)
    if (key) groups.set(key, row)
  }
  return shown
}

export const introducedOf = (verdict: Verdict) => verdict.findings.filter(finding => finding.introduced)
export const oldOf = (verdict: Verdict) => verdict.findings.filter(finding => !finding.introduced)

export const isAtLeast = (severity: Severity, least: Severity) => RANKS[severity] <= RANKS[least]

/** Requirements to say first: those that are not met, then those that are not known. */
export function openRequirements(verdict: Verdict): Requirement[] {
  const open = (state: Requirement['state']) => verdict.requirements.filter(row => row.state === state)
  return [...open('not-met'), ...open('unknown')]
}

export const STATES: Record<Requirement['state'], string> = {
  met: 'met',
  'not-met': 'not met',
  'not-applicable': 'does not apply',
  unknown: 'unknown'
}

/** Required topics that keep the pull request from merging: not met, or unknown where the config says that this fails. */
export function missedOf({ verdict, config }: Inspection): Requirement[] {
  if (verdict.conclusion !== 'failure') return []
  return verdict.requirements.filter(
    ({ state }) => state === 'not-met' || (state === 'unknown' && config.unknown === 'fail')
  )
}

/** Does this finding, in this verdict, keep the pull request from merging? Branch rules do as a required topic only. */
export function blocks(finding: Finding, inspection: Inspection): boolean {
  const { verdict, config } = inspection
  if (verdict.conclusion !== 'failure') return false
  const { introduced, severity, rule } = finding
  if (introduced && isAtLeast(severity, config.failOn) && !rule.id.startsWith('branch/')) return true
  return missedOf(inspection).some(({ topic }) => topic === rule.topic)
}

/** The exit code of every entry and format: 0 nothing blocks, 1 something blocks, 2 our own failure. */
export const exitCode = ({ verdict }: Inspection): number =>
  verdict.failed !== undefined ? 2 : verdict.conclusion === 'failure' ? 1 : 0

/** 12345 as 12,345, without the start-up cost of a locale. */
export const number = (count: number) => String(count).replace(/\B(?=(?:\d{3})+$)/g, ',')

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : many}`
}

/** "2 errors, 3 warnings"; '' for nothing. */
export function counted(findings: Finding[]): string {
  const counts = { error: 0, warning: 0, note: 0 }
  for (const { severity } of findings) counts[severity]++
  return SEVERITIES.filter(severity => counts[severity])
    .map(severity => plural(counts[severity], severity))
    .join(', ')
}

export const lookedAt = (looked: Looked[]) => looked.filter(({ as }) => as !== 'unread' && as !== 'left-out').length

export function duration(milliseconds: number): string {
  return milliseconds < 10_000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`
}

/** The one line that closes a report: "2 errors, 3 warnings · 12 files looked at in 84 ms · 1 not read". */
export function total({ repo, verdict, took }: Inspection): string {
  const old = oldOf(verdict).length
  return [
    counted(introducedOf(verdict)) || (old ? 'nothing new' : 'nothing found'),
    ...(old ? [`${number(old)} older`] : []),
    ...(verdict.hidden.length ? [`${number(verdict.hidden.length)} hidden`] : []),
    `${plural(lookedAt(repo.looked), 'file')} looked at in ${duration(took)}`,
    ...(verdict.unread.length ? [`${number(verdict.unread.length)} not read`] : [])
  ].join(' · ')
}

/** The verdict in a word or three. */
export function outcome({ conclusion, failed }: Verdict): string {
  if (failed !== undefined) return 'Could not decide'
  return { success: 'Passed', neutral: 'Neutral', failure: 'Blocked' }[conclusion]
}

/** Why the verdict is what it is. Quotes untrusted text. */
export const because = ({ verdict }: Inspection): string =>
  verdict.because || verdict.failed || counted(introducedOf(verdict)) || 'nothing found'

/** "and 4 more at lines 12, 15, 18, …"; '' for none. */
export function andMore(more: Finding[]): string {
  if (!more.length) return ''
  const lines = [...new Set(more.map(({ at }) => at.line))]
  const some = `${lines.slice(0, 3).join(', ')}${lines.length > 3 ? ', …' : ''}`
  return `and ${number(more.length)} more at ${lines.length > 1 ? 'lines' : 'line'} ${some}`
}

/** The last line that a place covers: an end at column 1 lies before that line. */
export function lastLine({ line, endLine, endColumn }: Finding['at']): number {
  return Math.max(line, endColumn === 1 && endLine > line ? endLine - 1 : endLine)
}

export const KINDS: Record<FileKind, [one: string, many: string]> = {
  workflow: ['workflow', 'workflows'],
  action: ['action', 'actions'],
  dependabot: ['Dependabot config', 'Dependabot configs'],
  dockerfile: ['Dockerfile', 'Dockerfiles'],
  'ignore-file': ['ignore file', 'ignore files'],
  compose: ['Compose file', 'Compose files'],
  manifest: ['Kubernetes manifest', 'Kubernetes manifests'],
  chart: ['Helm chart', 'Helm charts'],
  script: ['script', 'scripts'],
  codeowners: ['CODEOWNERS file', 'CODEOWNERS files']
}
export const WAYS: Looked['as'][] = ['read', 'template', 'broken', 'left-out', 'unread']

/** How many files of each kind were looked at, and how: only what occurs. */
export function lookedCounts(looked: Looked[]): Partial<Record<FileKind, Partial<Record<Looked['as'], number>>>> {
  const counts: ReturnType<typeof lookedCounts> = {}
  for (const { kind, as } of looked) {
    const row = counts[kind] ?? {}
    row[as] = (row[as] ?? 0) + 1
    counts[kind] = row
  }
  return counts
}
