import { DEFAULTS } from './config.js'
import { inspect } from './inspect.js'
import type {
  BranchFacts,
  Config,
  Diff,
  Edit,
  Files,
  Finding,
  Hidden,
  Severity,
  Topic,
  Unread,
  Verdict
} from './model.js'
import { memorySource } from './source/memory.js'

export interface InspectOptions {
  /** A preset, or the ids of the rules to ask. */
  rules?: 'recommended' | 'strict' | 'all' | string[]
  config?: string | object
  /** Config of other tools by the tool's name. */
  peerConfig?: Record<string, unknown>
  paths?: string[]
  remoteFiles?: Files
  branch?: BranchFacts | null
  diff?: Diff
  base?: Files
  basePaths?: string[]
}
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
  peers: Record<string, string | string[]>
  edits?: Edit[]
}
export interface Report {
  conclusion: Verdict['conclusion']
  findings: ReportFinding[]
  hidden: (ReportFinding & { because: Hidden['because'] })[]
  unread: Unread[]
}

/** Inspects texts in memory. Never throws on input. */
export async function inspectFiles(files: Files, options: InspectOptions = {}): Promise<Report> {
  const { rules } = options
  const config: Config = { ...DEFAULTS, ...(typeof rules === 'string' && { preset: rules as Config['preset'] }) }
  const source = memorySource({ ...options, files } as Parameters<typeof memorySource>[0])
  const { verdict } = await inspect(
    source,
    config,
    { today: new Date().toISOString().slice(0, 10), firstRun: false },
    {
      everything: true,
      ...(Array.isArray(rules) && { only: rules })
    }
  )
  return {
    conclusion: verdict.conclusion,
    findings: verdict.findings.map(reported),
    hidden: verdict.hidden.map(row => ({ ...reported(row.finding), because: row.because })),
    unread: verdict.unread
  }
}

function reported(finding: Finding): ReportFinding {
  const { at, rule, message, severity, fingerprint, introduced, edits } = finding
  return {
    rule: rule.id,
    severity,
    topic: rule.topic,
    ...at,
    message,
    fingerprint,
    introduced,
    peers: finding.peers ?? rule.peers ?? {},
    ...(edits && { edits })
  }
}
