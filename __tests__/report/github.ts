import type { Answer, Fields, Octokit } from '../../src/report/post.js'
import { fields, numberOf, textOf } from '../../src/report/post.js'

/** An answer of GitHub's that is no success. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message = `status ${status}`,
    readonly response: { headers: Fields } = { headers: {} }
  ) {
    super(message)
  }
}

export interface State {
  pull: Fields
  reviews: Fields[]
  comments: Fields[]
  runs: Fields[]
  annotations: Map<number, Fields[]>
  statuses: Fields[]
}
export interface Hub extends Octokit {
  state: State
  /** Everything that was asked for, as `METHOD path`. */
  asked: string[]
  /** What was written: method and the last words of the path, with the parameters. */
  written: { route: string; parameters: Fields }[]
}
/** Decides on a request before (or instead of) GitHub: an error to throw, after it took effect where `late`. */
export type Trouble = (route: string, parameters: Fields) => { error: Error; late?: boolean } | undefined

const BOT = { login: 'github-actions[bot]', type: 'Bot' }
export const HEAD = 'a'.repeat(40)

/** A pull request on a GitHub that keeps what it is sent. `lines`: what a comment may be on, by path. */
export function hub(lines: Record<string, [number, number][]> = {}, trouble: Trouble = () => undefined): Hub {
  let id = 100
  const state: State = {
    pull: { state: 'open', head: { sha: HEAD } },
    reviews: [],
    comments: [],
    runs: [],
    annotations: new Map(),
    statuses: []
  }
  const asked: string[] = []
  const written: Hub['written'] = []

  const answer = (route: string, sent: Fields): unknown => {
    const path = route.split(' ')[1] ?? ''
    const page = <T>(rows: T[]) => {
      const from = ((numberOf(sent.page) ?? 1) - 1) * 100
      return rows.slice(from, from + 100)
    }
    if (route.startsWith('GET')) {
      if (path.endsWith('/pulls/{pull_number}')) return state.pull
      if (path.endsWith('/reviews')) return page(state.reviews)
      if (path.endsWith('/comments')) return page(state.comments)
      if (path.endsWith('/check-runs'))
        return { check_runs: page(state.runs.filter(run => run.name === sent.check_name)) }
      if (path.endsWith('/annotations')) return page(state.annotations.get(numberOf(sent.check_run_id) ?? 0) ?? [])
      throw new Refusal(404, `no such route: ${route}`)
    }
    if (route.startsWith('POST') && path.endsWith('/reviews')) return createReview(sent)
    if (route.startsWith('PUT') && path.endsWith('/{review_id}')) {
      const review = state.reviews.find(row => row.id === sent.review_id)
      return Object.assign(review ?? {}, { body: sent.body })
    }
    if (route.startsWith('DELETE') && path.endsWith('/{review_id}')) {
      state.reviews = state.reviews.filter(row => row.id !== sent.review_id)
      return {}
    }
    if (route.startsWith('DELETE')) {
      state.comments = state.comments.filter(row => row.id !== sent.comment_id)
      return undefined
    }
    if (path.endsWith('/statuses/{sha}')) return state.statuses.push(sent)
    const output = fields(sent.output)
    const list = Array.isArray(output.annotations) ? output.annotations.map(fields) : []
    if (list.length > 50) throw new Refusal(422, 'too many annotations')
    const run = route.startsWith('POST') ? { id: ++id } : state.runs.find(row => row.id === sent.check_run_id)
    if (!run) throw new Refusal(404)
    if (route.startsWith('POST')) state.runs.push(run)
    const { annotations: _, ...rest } = output
    Object.assign(run, sent, { output: rest })
    state.annotations.set(numberOf(run.id) ?? 0, [...(state.annotations.get(numberOf(run.id) ?? 0) ?? []), ...list])
    return run
  }

  const createReview = (sent: Fields) => {
    const comments = Array.isArray(sent.comments) ? sent.comments.map(fields) : []
    for (const { path, line, start_line } of comments) {
      const from = numberOf(start_line) ?? numberOf(line) ?? 0
      const to = numberOf(line) ?? 0
      const fits = lines[textOf(path)]?.some(([first, last]) => first <= from && to <= last)
      if (!fits) throw new Refusal(422, 'Pull request review thread line must be part of the diff')
    }
    if (textOf(sent.body).length > 65_536) throw new Refusal(422, 'body is too long')
    const states: Record<string, string> = { COMMENT: 'COMMENTED', REQUEST_CHANGES: 'CHANGES_REQUESTED' }
    const review = {
      id: ++id,
      user: BOT,
      body: sent.body,
      commit_id: sent.commit_id,
      state: states[textOf(sent.event)] ?? 'PENDING'
    }
    state.reviews.push(review)
    if (sent.event) state.comments.push(...comments.map(row => ({ ...row, id: ++id, user: BOT })))
    return review
  }

  return {
    state,
    asked,
    written,
    async request(route, parameters = {}): Promise<Answer> {
      asked.push(route)
      const problem = trouble(route, parameters)
      if (problem && !problem.late) throw problem.error
      const data = structuredClone(answer(route, parameters))
      if (!route.startsWith('GET')) written.push({ route, parameters: structuredClone(parameters) })
      if (problem) throw problem.error
      return { data, status: 200, headers: {} }
    }
  }
}
