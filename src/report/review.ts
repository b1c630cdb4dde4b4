import { offered } from '../fixes.js'
import type { Finding, Inspection, Repo } from '../model.js'
import { hash } from '../rule.js'
import { code, cut, fenced, prose } from './escape.js'
import { headline, item, type MarkdownOptions, notice, place } from './markdown.js'
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
  statusOf,
  type Target,
  textOf
} from './post.js'
import { type Suggestion, suggestion } from './suggestion.js'
import {
  andMore,
  blocks,
  introducedOf,
  lastLine,
  missedOf,
  number,
  openRequirements,
  plural,
  type Row,
  rows,
  STATES,
  total
} from './words.js'

export interface ReviewTarget extends Target {
  number: number
}
export interface ReviewOptions {
  /** `request-changes` is used while the verdict is a failure; otherwise the review is a comment. */
  event: 'comment' | 'request-changes'
  /** Login we post as, where the caller knows it: tells our own comments from those of other bots. */
  login?: string
}

/** More comments at once run into GitHub's limit on creating content. */
const MAX_INLINE = 30
/** Writes are a second apart; what is left over goes after the next push. */
const MAX_DELETED = 30
/** A comment on more lines hides the code it is about. */
const MAX_LINES = 10
const MAX_BODY = 60_000
const MAX_LISTED = 200
/** Fingerprints that a marker names. */
const MAX_MARKS = 1000
/** Requests spent on finding the comments that GitHub refuses. */
const MAX_PROBES = 20
const MAX_NOTICES = 20
const DRAFT = '<!-- pipeline-hygiene draft -->'
const MARKER = '<!-- pipeline-hygiene '

interface Comment {
  row: Row
  path: string
  line: number
  endLine: number
  /** Replaces the lines of the comment. */
  suggestion?: Suggestion
  /** The lines of the finding itself. */
  lines: { line: number; endLine: number }
}
/** What we posted before, as far as it is certainly ours. */
interface Earlier {
  /** Our last review. */
  last?: { id: number; marks: string[] }
  /** The marks of all our reviews. */
  listed: Set<string>
  comments: { id: number; marks: string[]; answered: boolean }[]
  /** Our reviews that still request changes: they keep the pull request from merging until they are dismissed. */
  requesting: number[]
  /** Our drafts that an interrupted run left behind: GitHub allows an author one at a time. */
  drafts: number[]
}

/**
 * Posts at most one review: inline comments for what is new on lines of the diff, the rest in its body. What an
 * earlier review said is not said again; our own comments that no longer hold are deleted where nobody answered.
 * Posts nothing when the head has moved or the pull request is closed. Needs `pull-requests: write`.
 */
export async function review(
  octokit: Octokit,
  target: ReviewTarget,
  inspection: Inspection,
  options: ReviewOptions
): Promise<Posted> {
  const what = 'review'
  // Without a verdict, nothing is known to be settled.
  if (inspection.verdict.failed !== undefined) return { posted: false, what, reason: 'the inspection itself failed' }
  return posting(what, 'pull-requests: write', async () => {
    const read = Promise.all([readEarlier(octokit, target, options.login), staleness(octokit, target)])
    // Who may not read reviews has never written one: with nothing to say, nothing is missing.
    const seen = await read.catch(error => {
      if (statusOf(error) === 403 && isSilent(inspection)) return undefined
      throw error
    })
    if (!seen) return { posted: true, what }
    const [earlier, stale] = seen
    if (stale) return { posted: false, what, reason: stale }

    const plan = await inspectedPlan(inspection, planned(inspection, earlier))
    const outdated = outdatedOf(earlier, inspection)
    const moved = await send(octokit, target, inspection, options, earlier, plan)
    if (moved) return { posted: false, what, reason: moved }
    await remove(octokit, target, outdated)
    if (inspection.verdict.conclusion === 'failure') return { posted: true, what }
    for (const id of earlier.requesting)
      if (!(await dismiss(octokit, target, id)))
        return { posted: true, what, reason: 'it still requests changes, and the token may not dismiss it' }
    return { posted: true, what }
  })
}

const isSilent = (inspection: Inspection) => !introducedOf(inspection.verdict).length && !missedOf(inspection).length

/** Takes back that changes are requested. False where that is not ours to do: a branch can restrict who dismisses. */
async function dismiss(octokit: Octokit, { owner, repo, number }: ReviewTarget, id: number): Promise<boolean> {
  try {
    await octokit.request('PUT /repos/{owner}/{repo}/pulls/{pull_number}/reviews/{review_id}/dismissals', {
      owner,
      repo,
      pull_number: number,
      review_id: id,
      event: 'DISMISS',
      message: 'Nothing that pipeline-hygiene found blocks any more.'
    })
    return true
  } catch (error) {
    const status = statusOf(error)
    if (status === 403 || status === 404 || status === 422) return false
    throw error
  }
}

/** Why nothing may be posted now: the head has moved, or the pull request is closed. */
async function staleness(octokit: Octokit, { owner, repo, number, headSha }: ReviewTarget) {
  const { data } = await octokit.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', {
    owner,
    repo,
    pull_number: number
  })
  const pull = fields(data)
  if (pull.state !== 'open') return 'the pull request is closed'
  if (fields(pull.head).sha !== headSha) return 'the pull request has a newer head'
  return undefined
}

// ---------------------------------------------------------------- what was said before

/** Reads our reviews and comments: the marker alone proves nothing, its author must be a bot, or who we are. */
async function readEarlier(octokit: Octokit, target: ReviewTarget, login?: string): Promise<Earlier> {
  const { owner, repo } = target
  const pull = { owner, repo, pull_number: target.number }
  const [reviews, comments] = await Promise.all([
    pages(octokit, 'GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews', pull),
    pages(octokit, 'GET /repos/{owner}/{repo}/pulls/{pull_number}/comments', pull)
  ])
  const ownReviews = reviews.filter(row => isOurs(row, 'review', login))
  const last = ownReviews.at(-1)
  // Where a review of ours is known, comments are ours only from the same author.
  const author = login ?? (last && loginOf(last))
  const answered = new Set(comments.map(row => row.in_reply_to_id))
  return {
    ...(last && { last: { id: numberOf(last.id) ?? 0, marks: marksOf(textOf(last.body), 'review') } }),
    requesting: ownReviews.flatMap(({ id, state }) => (state === 'CHANGES_REQUESTED' ? [numberOf(id) ?? 0] : [])),
    listed: new Set(ownReviews.flatMap(row => marksOf(textOf(row.body), 'review'))),
    drafts: reviews.flatMap(({ id, state, body }) =>
      state === 'PENDING' && body === DRAFT ? [numberOf(id) ?? 0] : []
    ),
    comments: comments
      .filter(row => isOurs(row, 'finding', author))
      .map(row => ({
        id: numberOf(row.id) ?? 0,
        marks: marksOf(textOf(row.body), 'finding'),
        answered: answered.has(row.id)
      }))
  }
}

const loginOf = (row: Fields) => textOf(fields(row.user).login)

function isOurs(row: Fields, kind: 'review' | 'finding', login?: string): boolean {
  if (!marksOf(textOf(row.body), kind).length) return false
  return login === undefined ? fields(row.user).type === 'Bot' : loginOf(row) === login
}

/** The words of our marker, which is the last line: what stands before it may quote anything. */
function marksOf(body: string, kind: 'review' | 'finding'): string[] {
  const line = body.trimEnd().split('\n').at(-1) ?? ''
  const start = `${MARKER}${kind} `
  if (!line.startsWith(start) || !line.endsWith(' -->')) return []
  return line.slice(start.length, -' -->'.length).split(' ')
}

const marker = (kind: 'review' | 'finding', marks: string[]) => `${MARKER}${kind} ${marks.join(' ')} -->`

/** Our comments of which no finding is left, and that nobody answered. */
function outdatedOf(earlier: Earlier, { verdict }: Inspection): number[] {
  const current = new Set(introducedOf(verdict).map(({ fingerprint }) => fingerprint))
  return earlier.comments
    .filter(({ marks, answered }) => !answered && !marks.some(mark => current.has(mark)))
    .map(({ id }) => id)
}

async function remove(octokit: Octokit, { owner, repo }: ReviewTarget, ids: number[]): Promise<void> {
  for (const id of ids.slice(0, MAX_DELETED))
    try {
      await octokit.request('DELETE /repos/{owner}/{repo}/pulls/comments/{comment_id}', { owner, repo, comment_id: id })
    } catch (error) {
      // Gone already, or not ours to delete after all: the comment is outdated either way.
      if (statusOf(error) === undefined) throw error
    }
}

// ---------------------------------------------------------------- what to say now

interface Plan {
  comments: Comment[]
  /** New, but not inline: no line of the diff carries it, it may open no thread, or it is over the limit. */
  listed: Row[]
  /** Said before and still so: by our inline comments, and in the body of a review. */
  standing: Finding[]
  relisted: Row[]
}

/** Sorts what is introduced into inline comments, the body, and what was said before. */
function planned(inspection: Inspection, earlier: Earlier): Plan {
  const { repo, verdict } = inspection
  const commented = new Set(earlier.comments.flatMap(({ marks }) => marks))
  const introduced = introducedOf(verdict)
  const wasCommented = ({ fingerprint }: Finding) => commented.has(fingerprint)
  // Where an earlier list was too long to name all, what it does not name may have been in it.
  const wasListed = (finding: Finding) =>
    !wasCommented(finding) && (earlier.listed.has(MORE) || earlier.listed.has(finding.fingerprint))
  // An open thread keeps the pull request from merging there: only what is meant to block may open one.
  const sparing = repo.branch?.conversationResolution.is === 'yes'
  const mayOpen = (finding: Finding) => !sparing || blocks(finding, inspection)
  const hunks = hunksOf(repo)
  const comments: Comment[] = []
  const listed: Row[] = []
  for (const row of rows(introduced.filter(finding => !wasCommented(finding) && !wasListed(finding)))) {
    const comment = mayOpen(row.finding) ? inline(row, repo, hunks) : undefined
    if (comment && comments.length < MAX_INLINE) comments.push(comment)
    else listed.push(row)
  }
  return { comments, listed, standing: introduced.filter(wasCommented), relisted: rows(introduced.filter(wasListed)) }
}

/** No change is suggested whose result was not looked at. */
async function inspectedPlan(inspection: Inspection, plan: Plan): Promise<Plan> {
  const changing = plan.comments.filter(({ suggestion: change }) => change)
  if (!changing.length) return plan
  const holds = await offered(
    inspection,
    changing.map(({ row }) => row.finding)
  )
  const comments = plan.comments.map(comment => {
    if (!comment.suggestion || holds.has(comment.row.finding)) return comment
    const { suggestion: _, ...rest } = comment
    return { ...rest, ...comment.lines }
  })
  return { ...plan, comments }
}

type Hunks = Map<string, [from: number, to: number][]>

const hunksOf = ({ diff = [] }: Repo): Hunks =>
  new Map(diff.filter(({ status }) => status !== 'removed').map(({ path, hunks }) => [path, hunks ?? []]))

/** A comment at the first place of a row that lies in the diff, its other places named. */
function inline(row: Row, repo: Repo, hunks: Hunks): Comment | undefined {
  const ranges = hunks.get(row.finding.at.path)
  if (!ranges?.length) return undefined
  const inOneHunk = (line: number, endLine: number) => ranges.some(([from, to]) => from <= line && endLine <= to)
  const all = [row.finding, ...row.more]
  const finding = all.find(({ at }) => inOneHunk(at.line, at.line))
  if (!finding) return undefined
  const { path, line } = finding.at
  const endLine = lastLine(finding.at)
  const fits = endLine - line < MAX_LINES && inOneHunk(line, endLine)
  const lines = { line, endLine: fits ? endLine : line }
  const shown = { row: { finding, more: all.filter(other => other !== finding) }, path, lines }
  const change = suggestion(finding, repo.texts.get(path))
  if (change && inOneHunk(change.line, change.endLine))
    return { ...shown, line: change.line, endLine: change.endLine, suggestion: change }
  return { ...shown, ...lines }
}

// ---------------------------------------------------------------- sending

/** Says what there is to say. Gives a reason where the pull request moved on meanwhile. */
async function send(
  octokit: Octokit,
  target: ReviewTarget,
  inspection: Inspection,
  options: ReviewOptions,
  earlier: Earlier,
  plan: Plan
): Promise<string | undefined> {
  const { last } = earlier
  const marks = marksOfBody(inspection, plan.listed)
  const [digest, ...said] = marks
  const isNews = (mark: string) => (mark.startsWith(NOT_MET) ? !last?.marks.includes(mark) : !earlier.listed.has(mark))
  if (plan.comments.length || said.some(isNews)) {
    for (const draft of earlier.drafts) await removeDraft(octokit, target, draft)
    const stood = plan.standing.length + plan.relisted.reduce((count, { more }) => count + 1 + more.length, 0)
    return create(octokit, target, inspection, options, plan, listed => bodyOf(target, inspection, listed, stood))
  }
  // Nothing new, and nothing said before: silence. Said before and changed since: the old review tells, unheard.
  if (!last || last.marks[0] === digest) return undefined
  const { owner, repo } = target
  await octokit.request('PUT /repos/{owner}/{repo}/pulls/{pull_number}/reviews/{review_id}', {
    owner,
    repo,
    pull_number: target.number,
    review_id: last.id,
    body: bodyOf(target, inspection, [...plan.listed, ...plan.relisted], plan.standing.length)
  })
  return undefined
}

const NOT_MET = 'required:'
const MORE = 'more'

/** A digest of the verdict, then each thing the body says that is worth a review. */
function marksOfBody(inspection: Inspection, listed: Row[]): string[] {
  const { verdict } = inspection
  const states = verdict.requirements.map(({ topic, state }) => `${topic}:${state}`)
  const notMet = missedOf(inspection).map(({ topic }) => NOT_MET + topic)
  const all = introducedOf(verdict).map(({ fingerprint }) => fingerprint)
  const digest = hash(verdict.conclusion, states.join(' '), all.sort().join(' '))
  const prints = [...new Set(listed.flatMap(({ finding, more }) => [finding, ...more]))].map(one => one.fingerprint)
  return [digest, ...notMet, ...prints.slice(0, MAX_MARKS), ...(prints.length > MAX_MARKS ? [MORE] : [])]
}

async function create(
  octokit: Octokit,
  target: ReviewTarget,
  inspection: Inspection,
  options: ReviewOptions,
  plan: Plan,
  body: (listed: Row[]) => string
): Promise<string | undefined> {
  const requests = options.event === 'request-changes' && inspection.verdict.conclusion === 'failure'
  const post = (comments: Comment[], listed: Row[]) =>
    postReview(octokit, target, {
      event: requests ? 'REQUEST_CHANGES' : 'COMMENT',
      body: body(listed),
      comments: comments.map(commentOf)
    })
  try {
    await post(plan.comments, plan.listed)
    return undefined
  } catch (error) {
    if (statusOf(error) !== 422 || !plan.comments.length) throw error
  }
  // One refused comment loses the whole review.
  const stale = await staleness(octokit, target)
  if (stale) return stale
  const accepted = await acceptedOf(octokit, target, plan.comments)
  const refused = plan.comments.filter(comment => !accepted.includes(comment)).map(({ row }) => row)
  await post(accepted, [...refused, ...plan.listed])
  return undefined
}

/** Creates a review once, also where the answer to the first request is lost. */
async function postReview(octokit: Octokit, target: ReviewTarget, content: Fields): Promise<void> {
  const { owner, repo, headSha } = target
  const pull = { owner, repo, pull_number: target.number }
  const post = () =>
    octokit.request('POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews', {
      ...pull,
      commit_id: headSha,
      ...content,
      ...ONCE
    })
  try {
    await post()
  } catch (error) {
    if (!isDoubtful(error)) throw error
    const reviews = await pages(octokit, 'GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews', pull)
    const sent = marksOf(textOf(content.body), 'review')[0]
    const arrived = reviews.some(row => row.commit_id === headSha && marksOf(textOf(row.body), 'review')[0] === sent)
    if (!arrived) await post()
  }
}

/**
 * The comments that GitHub takes, found by halves with drafts: a draft is seen by nobody, notifies nobody and can be
 * deleted. What is undecided when the probes run out counts as refused.
 */
async function acceptedOf(octokit: Octokit, target: ReviewTarget, comments: Comment[]): Promise<Comment[]> {
  const accepted: Comment[] = []
  const open = halves(comments)
  for (let probes = 0; open.length && probes < MAX_PROBES; probes++) {
    const some = open.shift()!
    if (await isAccepted(octokit, target, some)) accepted.push(...some)
    else if (some.length > 1) open.push(...halves(some))
  }
  return comments.filter(comment => accepted.includes(comment))
}

function halves<T>(all: T[]): T[][] {
  if (all.length < 2) return []
  const middle = Math.ceil(all.length / 2)
  return [all.slice(0, middle), all.slice(middle)]
}

async function isAccepted(octokit: Octokit, target: ReviewTarget, comments: Comment[]): Promise<boolean> {
  const { owner, repo, headSha } = target
  const pull = { owner, repo, pull_number: target.number }
  try {
    const { data } = await octokit.request('POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews', {
      ...pull,
      commit_id: headSha,
      body: DRAFT,
      comments: comments.map(commentOf),
      ...ONCE
    })
    await removeDraft(octokit, target, numberOf(fields(data).id) ?? 0)
    return true
  } catch (error) {
    if (statusOf(error) === 422) return false
    throw error
  }
}

async function removeDraft(octokit: Octokit, { owner, repo, number }: ReviewTarget, id: number): Promise<void> {
  await octokit.request('DELETE /repos/{owner}/{repo}/pulls/{pull_number}/reviews/{review_id}', {
    owner,
    repo,
    pull_number: number,
    review_id: id
  })
}

// ---------------------------------------------------------------- bodies

function commentOf({ row, path, line, endLine, suggestion: change }: Comment): Fields {
  return {
    path,
    side: 'RIGHT',
    line: endLine,
    ...(endLine > line && { start_line: line, start_side: 'RIGHT' }),
    body: commentBody(row, change)
  }
}

function commentBody({ finding, more }: Row, change: Suggestion | undefined): string {
  const { severity, message, rule, fingerprint } = finding
  const rest = more.length ? ` (${andMore(more)})` : ''
  const prints = [fingerprint, ...more.map(other => other.fingerprint)].slice(0, MAX_MARKS)
  const parts = [
    `**${severity}**: ${prose(cut(message, 2000))}${rest}`,
    `${prose(rule.fix)} · ${code(rule.id)}`,
    ...(change ? [fenced(change.text, 'suggestion')] : []),
    marker('finding', [...new Set(prints)])
  ]
  const body = parts.join('\n\n')
  // A suggestion of enormous lines goes first.
  return body.length <= MAX_BODY || !change ? body : commentBody({ finding, more }, undefined)
}

/** The verdict, what is open, what is not inline, and our marker as the last line. */
function bodyOf(target: ReviewTarget, inspection: Inspection, listed: Row[], standing: number): string {
  const { verdict } = inspection
  const links: MarkdownOptions = { blob: blobUrl(target) }
  const parts = [headline(inspection)]
  const open = openRequirements(verdict).map(({ topic, state, why, at }) => {
    const where = at?.path ? ` (${place(at, links)})` : ''
    return `- **${topic} ${STATES[state]}**: ${prose(cut(why, 600))}${where}`
  })
  if (open.length) parts.push(open.join('\n'))
  if (verdict.notices.length) parts.push(verdict.notices.slice(0, MAX_NOTICES).map(notice).join('\n'))
  if (!introducedOf(verdict).length) parts.push('Nothing of what was reported here is left.')
  if (standing) parts.push(`${plural(standing, 'finding')} reported before still ${standing > 1 ? 'stand' : 'stands'}.`)

  const end = `<sub>${total(inspection)}</sub>\n\n${marker('review', marksOfBody(inspection, listed))}`
  let room = MAX_BODY - parts.join('\n\n').length - end.length - 100
  const list: string[] = []
  for (const row of listed.slice(0, MAX_LISTED)) {
    const line = item(row, links).trimEnd().replace(/^- /, `- **${row.finding.severity}** `)
    if (line.length + 1 > room) break
    room -= line.length + 1
    list.push(line)
  }
  if (listed.length > list.length) list.push(`- and ${number(listed.length - list.length)} more`)
  if (list.length) parts.push(`Not shown on the lines themselves:\n\n${list.join('\n')}`)
  return [...parts, end].join('\n\n')
}
