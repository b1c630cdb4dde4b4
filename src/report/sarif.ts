import type { Edit, Finding, Hidden, Inspection, Place, Repo, Rule, Severity, Unread } from '../model.js'
import { SourceText, withoutMark } from '../parse/text.js'
import { cut, inertJson, pathUri, printable } from './escape.js'
import { lastLine, plural, ranked } from './words.js'

/** GitHub refuses a file with more results, and keeps the first 5,000 by severity. */
const MAX_RESULTS = 25_000
const MAX_NOTIFICATIONS = 1000
const BASE = '%SRCROOT%'
/** GitHub's words for a rule's severity, and its number for security rules, from 0 to 10. */
const PROBLEMS: Record<Severity, string> = { error: 'error', warning: 'warning', note: 'recommendation' }
const SCORES: Record<Severity, string> = { error: '8.0', warning: '5.0', note: '2.0' }

/**
 * The findings as SARIF 2.1.0, best first: one run, one-line regions (GitHub shows a result on a pull request only
 * where all of its location lies in the diff), our fingerprints, suppressed findings as such. Only the edits of `offered` findings are told as fixes.
 */
export function sarif(inspection: Inspection, offered: ReadonlySet<Finding> = new Set()): string {
  const { repo, verdict } = inspection
  const suppressed = new Map<Finding, Hidden>(
    verdict.hidden.filter(({ because }) => because === 'suppressed').map(row => [row.finding, row])
  )
  const all = [...ranked(verdict.findings), ...suppressed.keys()]
  const shown = all.slice(0, MAX_RESULTS)
  const rules = [...new Map(shown.map(({ rule }) => [rule.id, rule])).values()]
  const indexes = new Map(rules.map(({ id }, index) => [id, index]))
  const located = locating(repo)
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Pipeline Hygiene', rules: rules.map(descriptor) } },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { [BASE]: { description: { text: 'The root of the repository' } } },
        automationDetails: { id: 'pipeline-hygiene/' },
        invocations: [
          {
            executionSuccessful: verdict.failed === undefined,
            toolExecutionNotifications: notifications(inspection, all.length - shown.length)
          }
        ],
        results: shown.map(finding => ({
          ruleId: finding.rule.id,
          ruleIndex: indexes.get(finding.rule.id),
          level: finding.severity,
          message: { text: cut(printable(finding.message), 2000) },
          locations: [located(finding.at)],
          partialFingerprints: {
            'pipelineHygiene/v1': finding.fingerprint,
            // What GitHub follows an alert by; ours outlives moved lines.
            primaryLocationLineHash: `${finding.fingerprint}:1`
          },
          ...(repo.base && { baselineState: finding.introduced ? 'new' : 'unchanged' }),
          ...suppressions(suppressed.get(finding)),
          ...(offered.has(finding) && fixes(finding))
        }))
      }
    ]
  }
  return `${inertJson(JSON.stringify(log, undefined, 2))}\n`
}

function descriptor({ id, title, why, fix, severity, topic, preset, over }: Rule) {
  const isSecurity = topic === 'security' || topic === 'supply-chain'
  return {
    id,
    name: id,
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: { text: `${why}\n\n${fix}`, markdown: `${why}\n\n**${fix}**` },
    defaultConfiguration: { level: severity },
    properties: {
      tags: [...new Set([topic, over, preset, ...(isSecurity ? ['security'] : [])])],
      precision: 'high',
      'problem.severity': PROBLEMS[severity],
      ...(isSecurity && { 'security-severity': SCORES[severity] })
    }
  }
}

/** A result must have a place in a file: what is about the repository itself points at its first pipeline file. */
function locating(repo: Repo): (at: Place) => object {
  const sources = new Map<string, SourceText | undefined>()
  const sourceOf = (path: string) => {
    const text = repo.texts.get(path)
    if (!sources.has(path)) sources.set(path, text === undefined ? undefined : new SourceText(path, withoutMark(text)))
    return sources.get(path)
  }
  const instead = repo.workflows[0]?.path ?? repo.looked[0]?.path ?? 'README.md'
  return at => {
    if (!at.path) return { ...location(instead, { startLine: 1 }), message: { text: 'The repository as a whole' } }
    if (at.line === at.endLine) return location(at.path, region(at))
    const length = sourceOf(at.path)?.line(at.line).length
    // Without an end column a region reaches to the end of its line.
    const end = length !== undefined && length >= at.column && { endColumn: length + 1 }
    return location(at.path, { startLine: at.line, startColumn: at.column, endLine: at.line, ...end })
  }
}

const location = (path: string, region: object) => ({
  physicalLocation: { artifactLocation: { uri: pathUri(path), uriBaseId: BASE }, region }
})

const region = ({ line, column, endLine, endColumn }: Place) => ({
  startLine: line,
  startColumn: column,
  endLine,
  endColumn
})

function suppressions(hidden: Hidden | undefined) {
  if (!hidden) return {}
  return { suppressions: [{ kind: 'inSource', ...(hidden.reason && { justification: printable(hidden.reason) }) }] }
}

function fixes({ edits, rule }: Finding) {
  if (!edits?.length) return {}
  const files = new Map<string, Edit[]>()
  for (const edit of edits) files.set(edit.at.path, [...(files.get(edit.at.path) ?? []), edit])
  const artifactChanges = [...files].map(([path, changes]) => ({
    artifactLocation: { uri: pathUri(path), uriBaseId: BASE },
    replacements: changes.map(({ at, text }) => ({ deletedRegion: region(at), insertedContent: { text } }))
  }))
  return { fixes: [{ description: { text: rule.fix }, artifactChanges }] }
}

function notifications({ verdict }: Inspection, left: number): object[] {
  const said = verdict.unread.slice(0, MAX_NOTIFICATIONS).map(unseen)
  const more = verdict.unread.length - said.length
  return [
    ...(verdict.failed === undefined ? [] : [{ level: 'error', message: { text: printable(verdict.failed) } }]),
    ...(left > 0
      ? [{ level: 'warning', message: { text: `${plural(left, 'finding')} left out: the limit is 25,000` } }]
      : []),
    ...verdict.notices.map(text => ({ level: 'note', message: { text: cut(printable(text), 2000) } })),
    ...said,
    ...(more > 0 ? [{ level: 'note', message: { text: `${plural(more, 'more thing')} not checked` } }] : [])
  ]
}

const unseen = ({ what, reason, at }: Unread) => ({
  level: 'note',
  message: { text: cut(`not checked: ${printable(what)} (${printable(reason)})`, 2000) },
  ...(at?.path && { locations: [location(at.path, { startLine: at.line, endLine: lastLine(at) })] })
})
