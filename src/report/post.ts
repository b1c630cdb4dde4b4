/** What posting to GitHub has in common: a minimal client, pages, and failures that become one sentence. */

/** The part of Octokit that reports use. */
export interface Octokit {
  request(route: string, parameters?: Record<string, unknown>): Promise<Answer>
}
export interface Answer {
  data: unknown
  status: number
  headers: Record<string, unknown>
}
/** Where to post. `server`: where people see it, for links (`https://github.com`). */
export interface Target {
  owner: string
  repo: string
  headSha: string
  server?: string
}
/**
 * What became of a report. `posted`: GitHub shows what there is to say, be it from now or from an earlier run.
 * `reason`: why it does not, for "review not posted: …".
 */
export interface Posted {
  posted: boolean
  what: string
  reason?: string
}

const MAX_PAGES = 30

/**
 * For requests that create something: they are not sent again by themselves after a timeout or a 5xx, since the first
 * may have arrived. Octokit's retry plugin reads it; it is no parameter of GitHub's.
 */
export const ONCE = { request: { retries: 0 } }

export const blobUrl = ({ owner, repo, headSha, server = 'https://github.com' }: Target) =>
  `${server}/${owner}/${repo}/blob/${headSha}`

/** All rows of a list, page by page. `list` is the field that holds them where the answer is an object. */
export async function pages(
  octokit: Octokit,
  route: string,
  parameters: Record<string, unknown>,
  list?: string
): Promise<Fields[]> {
  const all: Fields[] = []
  for (let page = 1; page <= MAX_PAGES; page++) {
    const { data } = await octokit.request(route, { ...parameters, per_page: 100, page })
    const rows = list ? fields(data)[list] : data
    if (!Array.isArray(rows)) break
    all.push(...rows.map(fields))
    if (rows.length < 100) break
  }
  return all
}

// ---------------------------------------------------------------- answers, checked where they enter

export type Fields = Record<string, unknown>

/** The fields of a JSON object; none for anything else. */
export function fields(value: unknown): Fields {
  return isObject(value) ? value : {}
}

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const textOf = (value: unknown) => (typeof value === 'string' ? value : '')
export const numberOf = (value: unknown) => (typeof value === 'number' ? value : undefined)

// ---------------------------------------------------------------- failures

/** The HTTP status that an error of the client carries; undefined for an error of our own. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof Error && 'status' in error ? numberOf(error.status) : undefined
}

/** The request may have arrived although no answer did. Octokit gives 500 where the network failed. */
export const isDoubtful = (error: unknown) => (statusOf(error) ?? 0) >= 500

/**
 * Posts, and turns a refusal or a failure of GitHub's into a reason: a report that cannot be posted never decides
 * anything. Errors of our own are thrown.
 */
export async function posting(what: string, permission: string, post: () => Promise<Posted>): Promise<Posted> {
  try {
    return await post()
  } catch (error) {
    const status = statusOf(error)
    if (status === undefined) throw error
    return { posted: false, what, reason: reasonOf(error, status, permission) }
  }
}

function reasonOf(error: unknown, status: number, permission: string): string {
  const { message = '', response } = fields(error instanceof Error ? { ...error, message: error.message } : {})
  const said = textOf(message).split('\n')[0]?.slice(0, 200)
  const headers = fields(fields(response).headers)
  if (status === 429 || (status === 403 && isRateLimit(said ?? '', headers)))
    return 'the rate limit of the token is used up'
  if (status === 403 && /\blocked\b/i.test(said ?? '')) return 'the conversation of the pull request is locked'
  if (status === 401 || status === 403 || status === 404) return `the token needs the permission \`${permission}\``
  return `GitHub answered ${status}${said ? ` (${said})` : ''}`
}

const isRateLimit = (message: string, headers: Fields) =>
  /rate limit/i.test(message) || headers['x-ratelimit-remaining'] === '0' || headers['retry-after'] !== undefined
