import type { Edit, Finding, Fixes, Inspection, Place, Severity } from './model.js'
import { SourceText, withoutMark } from './parse/text.js'
import { ranked } from './report/words.js'
import { FLOOD } from './rule.js'

/** Edits of one round may uncover others, or make room for those that would have touched them. */
const MAX_ROUNDS = 6
/** Inspections to find out which edits hold: most often one a round is enough. */
const MAX_INSPECTIONS = 60
const MAX_INSPECTIONS_OF_OFFERS = 8

/** May the edits of a finding be applied before anybody has looked at them? */
export const isSafe = ({ rule, suggested }: Finding): boolean => rule.edits === 'safe' && !suggested

export interface Fixed extends Fixes {
  /** The new texts by path, without the byte order mark. */
  texts: Map<string, string>
}

/**
 * Applies the edits of what is new and `wanted`, round by round, and looks at each result: edits that leave their
 * finding, bring a new one of warning or above, or break a file are taken back, the others stay.
 */
export async function fix(start: Inspection, wanted: (finding: Finding) => boolean): Promise<Fixed> {
  const fixed: Fixed = { texts: new Map(), done: [], refused: [] }
  const refused = new Set<string>()
  const budget = { inspections: MAX_INSPECTIONS }
  let now = start
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const asked = now.verdict.findings.filter(
      finding => finding.introduced && wanted(finding) && !refused.has(nameOf(finding, now.repo))
    )
    const chosen = chosenOf(asked, now.repo.texts)
    if (!chosen.length) break
    const trial = new Trial(now, start.again, fixed.texts, budget)
    await trial.settle(chosen)
    for (const each of trial.refused) {
      fixed.refused.push(each)
      refused.add(nameOf(each.finding, now.repo))
    }
    if (!trial.result) continue
    fixed.done.push(...trial.kept)
    fixed.texts = trial.result.texts
    now = trial.result.inspection
  }
  return fixed
}

/** What stays the same while other edits move it. */
function nameOf({ rule, at, message, edits = [] }: Finding, { texts }: Inspection['repo']): string {
  const line = new SourceText(at.path, texts.get(at.path) ?? '').line(at.line)
  return [rule.id, at.path, message, line, ...edits.map(({ text }) => text)].join('\0')
}

/** Those of the findings whose edits go together and hold when the result is looked at. */
export async function offered(
  inspection: Inspection,
  findings = inspection.verdict.findings
): Promise<ReadonlySet<Finding>> {
  const chosen = chosenOf(findings, inspection.repo.texts)
  const trial = new Trial(inspection, inspection.again, new Map(), { inspections: MAX_INSPECTIONS_OF_OFFERS })
  await trial.settle(chosen)
  return new Set(trial.kept)
}

// ---------------------------------------------------------------- which edits go together

interface Span {
  from: number
  to: number
  text: string
}

/**
 * Findings in the order of every report, each with all of its edits or not at all, so that no two edits overlap and
 * none begins or ends where another inserts. An edit that several findings have is one.
 */
export function chosenOf(findings: Finding[], texts: ReadonlyMap<string, string>): Finding[] {
  const files = new Map<string, FileEdits>()
  const fileOf = (path: string): FileEdits | undefined => {
    const text = texts.get(path)
    if (text === undefined) return undefined
    const file = files.get(path) ?? new FileEdits(new SourceText(path, withoutMark(text)))
    files.set(path, file)
    return file
  }
  return ranked(findings).filter(({ edits }) => {
    if (!edits?.length) return false
    const byPath = [...grouped(edits)].map(([path, some]) => [fileOf(path), some] as const)
    if (!byPath.every(([file, some]) => file?.fits(some))) return false
    for (const [file, some] of byPath) file?.add(some)
    return true
  })
}

/** Edits of one file that go together: ascending, none touching another in a way whose order would matter. */
class FileEdits {
  readonly #spans: Span[] = []
  readonly #keys = new Set<string>()
  constructor(readonly source: SourceText) {}

  fits(edits: Edit[]): boolean {
    if (!edits.every(({ at }) => isWithin(this.source, at))) return false
    const spans = spansOf(this.source, edits)
    if (spans.some(({ from, to }, i) => to < from || from < (spans[i - 1]?.to ?? 0))) return false
    const own = new Set(spans.map(keyOf))
    return spans.every(span => this.#keys.has(keyOf(span)) || !this.#near(span).some(other => !own.has(keyOf(other))))
  }

  add(edits: Edit[]): void {
    for (const span of spansOf(this.source, edits)) {
      if (this.#keys.has(keyOf(span))) continue
      this.#keys.add(keyOf(span))
      let at = this.#after(span)
      // What one finding inserts at one point stays in its order.
      while (at < this.#spans.length && isBefore(this.#spans[at]!, span)) at++
      this.#spans.splice(at, 0, span)
    }
  }

  /** Those that overlap a span, or touch it where one of the two is an insertion. */
  #near(span: Span): Span[] {
    const found: Span[] = []
    for (let i = this.#after(span); i < this.#spans.length && this.#spans[i]!.from <= span.to; i++) {
      const other = this.#spans[i]!
      const overlaps = other.from < span.to && span.from < other.to
      if (overlaps || other.from === other.to || span.from === span.to) found.push(other)
    }
    return found
  }

  /** Index of the first that does not end before a span begins. */
  #after({ from }: Span): number {
    let low = 0
    let high = this.#spans.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#spans[middle]!.to < from) low = middle + 1
      else high = middle
    }
    return low
  }
}

const keyOf = ({ from, to, text }: Span) => `${from}-${to} ${text}`
const isBefore = (one: Span, other: Span) =>
  one.from - other.from < 0 || (one.from === other.from && one.to <= other.to)

function isWithin(source: SourceText, { line, column, endLine, endColumn }: Place): boolean {
  const isIn = (row: number, at: number) =>
    row >= 1 &&
    at >= 1 &&
    (row <= source.lineCount
      ? source.offset(row, at) <= source.lineStart(row + 1)
      : row === source.lineCount + 1 && at === 1)
  return isIn(line, column) && isIn(endLine, endColumn)
}

/** Edits as offsets, ascending; insertions at one point in the order given. */
function spansOf(source: SourceText, edits: Edit[]): Span[] {
  return edits
    .map(({ at, text }) => ({
      from: source.offset(at.line, at.column),
      to: source.offset(at.endLine, at.endColumn),
      text
    }))
    .sort((a, b) => a.from - b.from || a.to - b.to)
}

function grouped(edits: Edit[]): Map<string, Edit[]> {
  const files = new Map<string, Edit[]>()
  for (const edit of edits) {
    const some = files.get(edit.at.path)
    if (some) some.push(edit)
    else files.set(edit.at.path, [edit])
  }
  return files
}

// ---------------------------------------------------------------- applying

/** A text with edits of which none overlaps another. Its line breaks are also those of what is put in. */
export function applied(text: string, edits: Edit[]): string {
  const source = new SourceText('', text)
  const first = text.indexOf('\n')
  const wide = first > 0 && text[first - 1] === '\r'
  let out = ''
  let at = 0
  const known = new Set<string>()
  for (const span of spansOf(source, edits)) {
    // Several findings may have the same edit.
    if (known.has(keyOf(span))) continue
    known.add(keyOf(span))
    out += text.slice(at, span.from) + (wide ? span.text.replace(/\r?\n/g, '\r\n') : span.text)
    at = span.to
  }
  return out + text.slice(at)
}

function textsWith(texts: ReadonlyMap<string, string>, findings: Finding[]): Map<string, string> {
  const all = grouped(findings.flatMap(({ edits = [] }) => edits))
  return new Map([...all].map(([path, edits]) => [path, applied(texts.get(path) ?? '', edits)]))
}

// ---------------------------------------------------------------- looking at the result

interface Result {
  texts: Map<string, string>
  inspection: Inspection
}

/** One round: which of the chosen edits hold together. */
class Trial {
  readonly kept: Finding[] = []
  readonly refused: Fixes['refused'] = []
  result?: Result

  constructor(
    readonly before: Inspection,
    readonly again: Inspection['again'],
    readonly texts: Map<string, string>,
    readonly budget: { inspections: number }
  ) {}

  async settle(fixes: Finding[]): Promise<void> {
    if (!fixes.length) return
    if (this.budget.inspections <= 0) {
      for (const finding of fixes) this.refused.push({ finding, why: 'too many edits had to be tried one by one' })
      return
    }
    this.budget.inspections--
    const all = [...this.kept, ...fixes]
    const texts = new Map([...this.texts, ...textsWith(this.before.repo.texts, all)])
    const inspection = await this.again(texts)
    // What was kept may have uncovered something already: that is nothing to blame these for.
    const harm = harmOf(this.result?.inspection ?? this.before, inspection, fixes)
    if (!harm.length) {
      this.kept.push(...fixes)
      this.result = { texts, inspection }
      return
    }
    const [finding] = fixes
    if (fixes.length === 1 && finding) {
      this.refused.push({ finding, why: harm[0]!.why })
      return
    }
    const [innocent, suspect] = parted(fixes, harm)
    await this.settle(innocent)
    await this.settle(suspect)
  }
}

interface Harm {
  why: string
  rule?: string
  path: string
}

/** The edits in the files of the harm go last; where that tells nothing apart, halves. */
function parted(fixes: Finding[], harm: Harm[]): [Finding[], Finding[]] {
  const asks: ((finding: Finding) => boolean)[] = [
    ({ rule, at }) => harm.some(each => each.rule === rule.id && each.path === at.path),
    ({ at, edits = [] }) => harm.some(({ path }) => path === at.path || edits.some(edit => edit.at.path === path))
  ]
  for (const isSuspect of asks) {
    const suspect = fixes.filter(isSuspect)
    if (suspect.length && suspect.length < fixes.length) return [fixes.filter(each => !isSuspect(each)), suspect]
  }
  const middle = fixes.length >> 1
  return [fixes.slice(0, middle), fixes.slice(middle)]
}

/**
 * What is worse than before. Findings are counted by rule and file: an edit moves other findings and changes what they
 * are about, but of none may there be more.
 */
function harmOf(before: Inspection, after: Inspection, fixes: Finding[]): Harm[] {
  const harm: Harm[] = []
  const read = new Set(before.repo.looked.flatMap(({ path, as }) => (as === 'read' ? path : [])))
  for (const { path, as, reason } of after.repo.looked)
    if (as !== 'read' && read.has(path)) harm.push({ path, why: `${path} could not be read any more: ${reason ?? as}` })
  const mended = counted(fixes)
  const [was, is] = [counted(before.verdict.findings), counted(after.verdict.findings)]
  for (const [key, fixed] of mended) {
    const { rule, at } = fixed.first
    const before = was.get(key)
    // Of a flood only the first are known: the next take the place of those that are gone.
    const left = (is.get(key)?.all ?? 0) - ((before?.all ?? 0) - (before?.flood ? 0 : fixed.all))
    if (left > 0) harm.push({ rule: rule.id, path: at.path, why: `${rule.id} would still be found` })
  }
  for (const [key, { loud, loudest, first }] of is)
    if (loudest && loud > (was.get(key)?.loud ?? 0)) {
      const { path, line } = loudest.at
      harm.push({
        ...(mended.has(key) && { rule: first.rule.id }),
        path,
        why: `${first.rule.id} would be found in ${path}:${line}: ${loudest.message}`
      })
    }
  const met = new Set(before.verdict.requirements.flatMap(({ topic, state }) => (state === 'met' ? topic : [])))
  for (const { topic, state, why } of after.verdict.requirements)
    if (state !== 'met' && met.has(topic))
      harm.push({ path: '', why: `required topic ${topic} would not be met: ${why}` })
  return harm
}

interface Count {
  all: number
  /** Of warning and above. */
  loud: number
  loudest?: Finding
  flood?: boolean
  first: Finding
}

const isLoud = (severity: Severity) => severity !== 'note'

/** By rule and file. */
function counted(findings: Finding[]): Map<string, Count> {
  const counts = new Map<string, Count>()
  for (const finding of findings) {
    const key = `${finding.rule.id}\0${finding.at.path}`
    const count = counts.get(key) ?? { all: 0, loud: 0, first: finding }
    counts.set(key, count)
    count.all++
    if (finding.key === FLOOD) count.flood = true
    if (!isLoud(finding.severity)) continue
    count.loud++
    count.loudest = finding
  }
  return counts
}
