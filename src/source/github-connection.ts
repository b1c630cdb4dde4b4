import type { getOctokit } from '@actions/github'

export type Octokit = ReturnType<typeof getOctokit>
export interface Connection {
  octokit: Octokit
  /** For GraphQL queries: each is a POST, which throttling would space by a second as if it created something. */
  queries: Octokit
  graphqlUrl: string
  host: string
}
export interface ConnectionOptions {
  token: string
  /** Default: `GITHUB_API_URL`, else github.com. */
  apiUrl?: string
  /** Default: `GITHUB_GRAPHQL_URL`, else github.com. Never derived from the other one: the two differ by host. */
  graphqlUrl?: string
  /** Told about every wait before it begins. */
  log?(message: string): void
  /** Replaces the proxy-aware fetch of @actions/github. */
  fetch?: typeof fetch
  /** What counts as a second in waits: tests make it short. */
  second?: number
  /** One write a second, as GitHub asks for requests that create content. Off by default: sources only read. */
  writes?: boolean
}

/** Supported until March 2028 at least; a later one drops fields that we read. */
const API_VERSION = '2022-11-28'
const TRIES = 3
/** Seconds. A longer wait would outlast a job's patience: go on without, and say so. */
const MAX_WAIT = 60
/** Seconds that one connection waits for limits in all. */
const MAX_WAITED = 180
const REQUEST_TIMEOUT = 30_000

/**
 * A client that retries what may be retried: 5xx and network failures three times, limits after the time that GitHub
 * names, when that is short. 401, 403 for a missing permission, 404 and 422 are answers. Pass `request: { retries: 0 }`
 * with anything that creates content.
 */
export async function connect(options: ConnectionOptions): Promise<Connection> {
  const [{ getOctokit }, { retry }, { throttling }] = await Promise.all([
    import('@actions/github'),
    import('@octokit/plugin-retry'),
    import('@octokit/plugin-throttling')
  ])
  const { second = 1000, log = () => {} } = options
  const apiUrl = options.apiUrl ?? process.env.GITHUB_API_URL ?? 'https://api.github.com'
  const graphqlUrl = options.graphqlUrl ?? process.env.GITHUB_GRAPHQL_URL ?? 'https://api.github.com/graphql'
  const host = new URL(apiUrl).host
  let waited = 0
  const waits =
    (kind: string) => (after: number, request: { method?: string; url?: string }, _: unknown, tries: number) => {
      const what = `${kind} of ${host} at ${request.method} ${pathOf(request.url ?? '')}`
      if (after > MAX_WAIT || waited + after > MAX_WAITED || tries >= TRIES - 1) {
        log(`${what}: not waiting ${after} s, going on without the answer`)
        return false
      }
      waited += after
      log(`${what}: waiting ${after} s`)
      return true
    }
  const client = (writes: boolean) =>
    getOctokit(
      options.token,
      {
        baseUrl: apiUrl.replace(/\/$/, ''),
        userAgent: 'pipeline-hygiene',
        ...(options.fetch && { request: { fetch: options.fetch } }),
        log: { debug() {}, info() {}, warn() {}, error() {} },
        retry: {
          retries: TRIES - 1,
          retryAfterBaseValue: second,
          doNotRetry: [400, 401, 403, 404, 406, 409, 410, 422, 429, 451]
        },
        throttle: {
          retryAfterBaseValue: second,
          ...(!writes && unpaced),
          onRateLimit: waits('rate limit'),
          onSecondaryRateLimit: waits('secondary rate limit')
        }
      },
      // The first is the innermost: it sees each try.
      eachTry(log),
      retry,
      throttling
    )
  const queries = client(false)
  return { octokit: options.writes ? client(true) : queries, queries, graphqlUrl, host }
}

const atOnce = { key: () => ({ schedule: (_: unknown, act: () => unknown) => act() }) }
const unpaced: object = { write: atOnce, notifications: atOnce }

const pathOf = (url: string) => (URL.canParse(url) ? new URL(url).pathname : url)

function eachTry(log: (message: string) => void) {
  return (octokit: { hook: Octokit['hook'] }) => {
    octokit.hook.wrap('request', async (request, options) => {
      try {
        const response = await request({
          ...options,
          headers: { ...options.headers, 'x-github-api-version': API_VERSION },
          request: { ...options.request, signal: AbortSignal.timeout(REQUEST_TIMEOUT) }
        })
        // octokit hands over what it could not parse as text, and an answer that broke off as an empty one.
        if (response.status === 200 && typeof response.data === 'string')
          throw Object.assign(new Error('the answer is cut or no JSON'), { status: 502, response, request: options })
        const [limited] = errorsOf(response.data).filter(error => error.type === 'RATE_LIMITED')
        // GraphQL answers 200 to a caller over its limit.
        if (limited) throw Object.assign(new Error(limited.message), { status: 403, response, request: options })
        return response
      } catch (error) {
        if (!isFailure(error)) throw error
        const retryAfter = error.response?.headers['retry-after']
        // The plugin knows secondary limits by their message alone; a proxy's 429 may not have it.
        if ((error.status === 429 || error.status === 403) && retryAfter && !/\bsecondary rate\b/i.test(error.message))
          error.message = `${error.message} (secondary rate limit)`
        if (error.status >= 500) {
          const count = (options.request as { retryCount?: number } | undefined)?.retryCount ?? 0
          log(
            `${options.method} ${pathOf(error.request?.url ?? options.url)}: ${messageOf(error)} (try ${count + 1} of ${TRIES})`
          )
        }
        throw error
      }
    })
  }
}

export interface Failure extends Error {
  status: number
  request?: { url?: string }
  response?: { headers: Record<string, string | number | undefined>; data?: unknown }
}
/** An answer of GitHub that is none of 2xx, or a network failure (status 500 without a response). */
export const isFailure = (error: unknown): error is Failure =>
  error instanceof Error && typeof (error as Partial<Failure>).status === 'number'

export interface GraphqlError {
  type?: string
  message: string
  path?: (string | number)[]
}
export function errorsOf(data: unknown): GraphqlError[] {
  if (typeof data !== 'object' || data === null || !('errors' in data) || !Array.isArray(data.errors)) return []
  return data.errors
}

/** Whether the answer says "over a limit", which is no statement about permissions. */
export function isLimit(error: Failure): boolean {
  if (error.status === 429) return true
  return (
    error.status === 403 &&
    (/\brate\b/i.test(error.message) || error.response?.headers['x-ratelimit-remaining'] === '0')
  )
}

/** Why something could not be read, in words that name what would settle it. */
export function reasonOf(error: unknown, host: string, needs?: string): string {
  if (!isFailure(error)) return error instanceof Error ? error.message : String(error)
  if (!error.response) return `${host} could not be reached: ${messageOf(error)}`
  const permission = acceptedBy(error) ?? needs
  if (error.status === 401) return `${host} does not take the token (401): it is wrong, expired or revoked`
  if (isLimit(error)) return `${host} is over its rate limit for this token; a later run can read it`
  if (error.status === 403 || error.status === 404) {
    // Single sign-on, an address allow list and the like say best themselves what is missing.
    if (error.status === 403 && !/^Resource not accessible by\b/.test(messageOf(error)))
      return `the token may not read it: ${messageOf(error)}`
    const answer = error.status === 403 ? 'may not read it' : 'does not see it'
    return permission ? `the token ${answer} (needs ${permission})` : `the token ${answer} (${messageOf(error)})`
  }
  return `${host} answered ${error.status}: ${messageOf(error)}`
}

/** The permissions that GitHub's own header names: `contents: read`. */
export function acceptedBy(error: Failure): string | undefined {
  const header = error.response?.headers['x-accepted-github-permissions']
  if (typeof header !== 'string' || !header.includes('=')) return undefined
  const alternatives = header.split(';').map(each =>
    each
      .split(',')
      .map(one => one.trim().replaceAll('_', '-').replace('=', ': '))
      .join(' and ')
  )
  return alternatives.join(' or ')
}

/** A field of something that may be no object. */
export function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}

/** GitHub's message without the link that octokit appends; short, also where a proxy answered with a page. */
export function messageOf(error: Failure): string {
  const said = fieldOf(error.response?.data, 'message')
  const text = (typeof said === 'string' ? said : error.message).trim()
  if (text.startsWith('<')) return 'a page in place of an answer'
  return text.split('\n', 1)[0]!.slice(0, 300)
}
