import type { Inspection, Severity } from '../model.js'
import { annotationText } from './annotations.js'
import { cut } from './escape.js'
import { headlineText, markdown } from './markdown.js'
import {
  blobUrl,
  type Fields,
  fields,
  isDoubtful,
  numberOf,
  type Octokit,
  ONCE,
  type Posted,
  pages,
  posting,
  type Target
} from './post.js'
import { introducedOf, lastLine, type Row, rows } from './words.js'

export const CHECK_NAME = 'Pipeline Hygiene'

/** A request takes this many annotations; ten requests are enough for any reader. */
const BATCH = 50
const MAX_ANNOTATIONS = 500
const LEVELS: Record<Severity, string> = { error: 'failure', warning: 'warning', note: 'notice' }

interface Annotation {
  path: string
  start_line: number
  end_line: number
  start_column?: number
  end_column?: number
  annotation_level: string
  title: string
  message: string
}

/**
 * Posts the verdict as the check run `Pipeline Hygiene` on the head of the pull request. A second run for the same
 * head updates the check run that is there. Needs `checks: write` and an app's token.
 */
export async function checkRun(octokit: Octokit, target: Target, inspection: Inspection): Promise<Posted> {
  const what = 'check run'
  return posting(what, 'checks: write', async () => {
    const body = bodyOf(target, inspection)
    const all = annotationsOf(inspection)
    const known = await existing(octokit, target)
    if (known) {
      const annotations = await missing(octokit, target, known, all)
      await update(octokit, target, known, body, annotations, true)
      return { posted: true, what }
    }
    const created = await create(octokit, target, body, all.slice(0, BATCH))
    const rest = created.sent ? all.slice(BATCH) : await missing(octokit, target, created.id, all)
    await update(octokit, target, created.id, body, rest, !created.sent)
    return { posted: true, what }
  })
}

/** Posts the verdict as a commit status, for tokens that may not write checks. Needs `statuses: write`. */
export async function commitStatus(
  octokit: Octokit,
  { owner, repo, headSha }: Target,
  inspection: Inspection,
  url?: string
): Promise<Posted> {
  const what = 'commit status'
  return posting(what, 'statuses: write', async () => {
    const { conclusion, failed } = inspection.verdict
    await octokit.request('POST /repos/{owner}/{repo}/statuses/{sha}', {
      owner,
      repo,
      sha: headSha,
      // A status has no neutral.
      state: failed !== undefined ? 'error' : conclusion === 'failure' ? 'failure' : 'success',
      context: CHECK_NAME,
      description: cut(headlineText(inspection), 140),
      ...(url && { target_url: url })
    })
    return { posted: true, what }
  })
}

const externalId = ({ headSha }: Target) => `pipeline-hygiene ${headSha}`

/** Our check run of this head, if there is one. */
async function existing(octokit: Octokit, target: Target): Promise<number | undefined> {
  const { owner, repo, headSha } = target
  const runs = await pages(
    octokit,
    'GET /repos/{owner}/{repo}/commits/{ref}/check-runs',
    { owner, repo, ref: headSha, check_name: CHECK_NAME, filter: 'all' },
    'check_runs'
  )
  const ours = runs.filter(run => run.external_id === externalId(target) && run.name === CHECK_NAME)
  // Two runs at once may both have created one: the newest is what people see.
  return Math.max(...ours.map(run => numberOf(run.id) ?? 0), 0) || undefined
}

/**
 * Creates the check run. After a failure that leaves it open whether the request arrived, looks for the check run
 * before it tries again. `sent`: it was created by this very request, with its annotations.
 */
async function create(octokit: Octokit, target: Target, body: Fields, annotations: Annotation[]) {
  const { owner, repo, headSha } = target
  const post = async () => {
    const { data } = await octokit.request('POST /repos/{owner}/{repo}/check-runs', {
      owner,
      repo,
      name: CHECK_NAME,
      head_sha: headSha,
      external_id: externalId(target),
      ...withAnnotations(body, annotations),
      ...ONCE
    })
    return { id: numberOf(fields(data).id) ?? 0, sent: true }
  }
  try {
    return await post()
  } catch (error) {
    if (!isDoubtful(error)) throw error
    const arrived = await existing(octokit, target)
    return arrived ? { id: arrived, sent: false } : post()
  }
}

/** Appends annotations in batches; `always`: sends the body even where none are left. */
async function update(
  octokit: Octokit,
  { owner, repo }: Target,
  id: number,
  body: Fields,
  annotations: Annotation[],
  always: boolean
): Promise<void> {
  for (let from = 0; from < annotations.length || (always && from === 0); from += BATCH)
    await octokit.request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', {
      owner,
      repo,
      check_run_id: id,
      ...withAnnotations(body, annotations.slice(from, from + BATCH)),
      // Each update appends its annotations: sent twice, they are shown twice.
      ...(annotations.length > 0 && ONCE)
    })
}

/** The annotations that a check run does not have yet. */
async function missing(octokit: Octokit, { owner, repo }: Target, id: number, all: Annotation[]) {
  if (!all.length) return []
  const route = 'GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations'
  const there = await pages(octokit, route, { owner, repo, check_run_id: id })
  const keys = new Set(there.map(row => keyOf(row.path, row.start_line, row.title, row.message)))
  return all.filter(row => !keys.has(keyOf(row.path, row.start_line, row.title, row.message)))
}

const keyOf = (...parts: unknown[]) => parts.map(String).join('\0')

function bodyOf(target: Target, inspection: Inspection): Fields {
  const { conclusion, failed } = inspection.verdict
  const blob = blobUrl(target)
  return {
    status: 'completed',
    conclusion: failed === undefined ? conclusion : 'failure',
    output: {
      title: cut(headlineText(inspection), 255),
      summary: markdown(inspection, { blob, only: 'findings' }),
      text: markdown(inspection, { blob, only: 'details' })
    }
  }
}

const withAnnotations = (body: Fields, annotations: Annotation[]): Fields => ({
  ...body,
  output: { ...fields(body.output), ...(annotations.length && { annotations }) }
})

/** Annotations of what is new, most severe first. What has no file is in the summary only. */
function annotationsOf({ verdict }: Inspection): Annotation[] {
  return rows(introducedOf(verdict))
    .filter(({ finding }) => finding.at.path)
    .slice(0, MAX_ANNOTATIONS)
    .map(annotation)
}

function annotation(row: Row): Annotation {
  const { at, severity, rule } = row.finding
  const start = Math.max(1, at.line)
  const end = Math.max(start, lastLine(at))
  return {
    path: at.path,
    start_line: start,
    end_line: end,
    // Columns are refused on more than one line.
    ...(at.line === at.endLine && { start_column: at.column, end_column: Math.max(at.column, at.endColumn) }),
    annotation_level: LEVELS[severity],
    title: cut(rule.id, 255),
    message: annotationText(row)
  }
}
