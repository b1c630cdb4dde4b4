import { isSafe } from '../fixes.js'
import type {
  Edit,
  EditKind,
  Finding,
  Hidden,
  Inspection,
  Requirement,
  Severity,
  Topic,
  Unread,
  Verdict
} from '../model.js'
import { inertJson } from './escape.js'
import { lookedCounts, ranked } from './words.js'

/** A finding as data: what the library returns and `--format json` prints. */
export interface ReportFinding {
  rule: string
  severity: Severity
  topic: Topic
  path: string
  line: number
  column: number
  endLine: number
  endColumn: number
  message: string
  fingerprint: string
  introduced: boolean
  /** Ids of the same problem in other tools, by the tool's suite name. */
  peers: Record<string, string | string[]>
  edits?: Edit[]
  /** Of the edits: `safe` ones keep what happens, `suggested` ones are to be looked at first. */
  editKind?: EditKind
}
export interface ReportHidden extends ReportFinding {
  because: Hidden['because']
  reason?: string
}
/** What an inspection concluded, as data. */
export interface Report {
  conclusion: Verdict['conclusion']
  findings: ReportFinding[]
  hidden: ReportHidden[]
  unread: Unread[]
}
/** A finding that `--fix` fixed, or why it did not. Lines are those of the file as it was then. */
export type ReportFix = Pick<ReportFinding, 'rule' | 'path' | 'line' | 'message'> & { why?: string }
/** What `--format json` prints and the action writes to a file. Fields are only ever added within a version. */
export interface JsonReport extends Report {
  version: 1
  /** Our own failure: broken config, unreadable policy. Absent where there is none. */
  failed?: string
  because: string
  wouldBlock: string[]
  notices: string[]
  requirements: Requirement[]
  /** What `--fix` did, and which edits it took back. Absent without it. */
  fixed?: ReportFix[]
  notFixed?: ReportFix[]
  /** Files by kind and by how they were looked at. */
  looked: ReturnType<typeof lookedCounts>
  /** Milliseconds. */
  took: number
}

/** A verdict as data, findings in the order of every report. */
export function reportOf(verdict: Verdict): Report {
  return {
    conclusion: verdict.conclusion,
    findings: ranked(verdict.findings).map(reported),
    hidden: verdict.hidden.map(({ finding, because, reason }) => ({
      ...reported(finding),
      because,
      ...(reason !== undefined && { reason })
    })),
    unread: verdict.unread
  }
}

export function reported(finding: Finding): ReportFinding {
  const { at, rule, message, severity, fingerprint, introduced, edits } = finding
  const { path, line, column, endLine, endColumn } = at
  return {
    rule: rule.id,
    severity,
    topic: rule.topic,
    path,
    line,
    column,
    endLine,
    endColumn,
    message,
    fingerprint,
    introduced,
    peers: finding.peers ?? rule.peers ?? {},
    ...(edits && { edits, editKind: isSafe(finding) ? ('safe' as const) : ('suggested' as const) })
  }
}

/** The whole inspection as pretty-printed JSON (`JsonReport`). */
export function json({ repo, verdict, took, fixes }: Inspection): string {
  const { conclusion, findings, hidden, unread } = reportOf(verdict)
  const report: JsonReport = {
    version: 1,
    conclusion,
    ...(verdict.failed !== undefined && { failed: verdict.failed }),
    because: verdict.because,
    wouldBlock: verdict.wouldBlock,
    notices: verdict.notices,
    requirements: verdict.requirements,
    findings,
    hidden,
    unread,
    ...(fixes && {
      fixed: fixes.done.map(finding => fixOf(finding)),
      notFixed: fixes.refused.map(({ finding, why }) => fixOf(finding, why))
    }),
    looked: lookedCounts(repo.looked),
    took: Math.round(took)
  }
  return `${inertJson(JSON.stringify(report, undefined, 2))}\n`
}

const fixOf = ({ rule, at, message }: Finding, why?: string): ReportFix => ({
  rule: rule.id,
  path: at.path,
  line: at.line,
  message,
  ...(why !== undefined && { why })
})
