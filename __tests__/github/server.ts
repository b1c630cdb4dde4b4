/**
 * A stand-in for GitHub: a loopback server that remembers, answers as GitHub does and refuses what GitHub refuses.
 *
 *   const github = await startGitHub()
 *   const repo = github.repo('acme/shop', { files: { Dockerfile: 'FROM node:22\n' } })
 *   const pull = repo.pull({ head: { Dockerfile: 'FROM node\n' }, fromFork: true })
 *   repo.protect('main', { required_status_checks: { checks: [{ context: 'test', app_id: 15368 }] } })
 *   repo.ruleset({ rules: [{ type: 'pull_request', parameters: {…} }] })
 *   const token = github.token({ permissions: { contents: 'read', pull_requests: 'write' } })
 *   … run the program with github.env(token) and pull.event() as the event file …
 *   pull.reviews, pull.comments, repo.checkRuns, repo.statuses     // what it received
 *   github.fail({ match: 'POST /repos/acme/shop/check-runs', status: 502, times: 1 })
 *   github.before('reviews', () => pull.push({ Dockerfile: 'FROM alpine\n' }))       // the head moves meanwhile
 *   expect(github.faults).toEqual([]); expect(github.requests.length).toBeLessThan(13); github.rounds()
 *   await github.stop()
 *
 * `faults` lists what a good client never does: requests that the official description or GraphQL schema does not
 * allow, and what they cannot express (a comment outside the diff, 51 annotations, an approval, …); and answers of the
 * stand-in itself that are not as described.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerTo, routeOf, wrongInAnswer, wrongInRequest } from './description.js'
import type { Files } from './git.js'
import { answerGraphql } from './graphql.js'
import { type Call, operations, Refusal } from './operations.js'
import { type Json, type Level, Repository, type Token, type Vulnerability } from './state.js'

export type { Files, FileValue } from './git.js'
export { Pull, Repository } from './state.js'

export interface Logged {
  method: string
  path: string
  /** As the description names it: `GET /repos/{owner}/{repo}/pulls/{pull_number}`. */
  operation: string
  query: Json
  body: unknown
  status: number
  started: number
  ended: number
}
export interface Failure {
  /** Part of `METHOD /path?query`, or an expression over it. */
  match: string | RegExp
  times?: number
  /** 0 hangs up without an answer. */
  status: number
  message?: string
  headers?: Record<string, string>
  /** With status 200: the connection breaks off within the answer. */
  cut?: boolean
  /** The request is carried out first: the client cannot know. */
  after?: boolean
}
export interface TokenOptions {
  kind?: Token['kind']
  permissions?: Record<string, Level>
  fork?: boolean
  repositories?: string[]
  /** Requests left in this hour, and the seconds until it ends. */
  remaining?: number
  resetsIn?: number
}

export type GitHub = Awaited<ReturnType<typeof startGitHub>>

/** Starts it on a free port of 127.0.0.1. */
export async function startGitHub() {
  const repositories = new Map<string, Repository>()
  const tokens = new Map<string, Token>()
  const requests: Logged[] = []
  const faults: string[] = []
  const failures: (Failure & { left: number })[] = []
  const hooks: { match: Failure['match']; act: () => void }[] = []

  const find = (owner: string, name: string) => repositories.get(`${owner}/${name}`.toLowerCase())
  const sees = (token: Token | undefined, repo: Repository) =>
    !repo.isPrivate || (token !== undefined && (token.repositories?.includes(repo.fullName) ?? true))
  const may = (token: Token | undefined, repo: Repository, need: string): boolean => {
    const [permission = '', level] = need.split('=')
    if (permission === 'metadata') return true
    const isRead = level === 'read'
    if (isRead && !repo.isPrivate && permission !== 'administration') return true
    if (!token) return false
    if (!isRead && token.fork) return false
    const has = token.permissions[permission] ?? 'none'
    return has === 'write' || (isRead && has === 'read')
  }

  const server = createServer((request, response) => {
    void handle(request, response).catch(error => {
      faults.push(`stand-in: ${error instanceof Error ? error.stack : error}`)
      if (!response.headersSent) response.writeHead(500)
      response.end()
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  // A test that fails before it stops the server must not keep the process.
  server.unref()
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = performance.now()
    const { pathname, searchParams } = new URL(request.url ?? '/', url)
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString()
    const query: Json = Object.fromEntries(searchParams)
    const method = request.method ?? 'GET'
    const body = text ? parseJson(text) : undefined
    const line = `${method} ${request.url}`
    const logged: Logged = { method, path: pathname, operation: line, query, body, status: 0, started, ended: 0 }
    requests.push(logged)
    const send = (status: number, value: unknown, headers: Record<string, string> = {}) => {
      logged.status = status
      logged.ended = performance.now()
      const type = { 'content-type': 'application/json; charset=utf-8', 'x-github-request-id': 'STAND:IN' }
      response.writeHead(status, { ...type, ...headers })
      response.end(value === undefined ? undefined : JSON.stringify(value))
    }
    if (github.latency) await new Promise(resolve => setTimeout(resolve, github.latency))

    for (const hook of hooks.filter(each => matches(each.match, line))) {
      hooks.splice(hooks.indexOf(hook), 1)
      hook.act()
    }
    const failure = failures.find(each => each.left > 0 && matches(each.match, line))
    if (failure) failure.left--
    const fail = () => {
      if (failure!.status === 0) {
        logged.ended = performance.now()
        response.destroy()
      } else if (failure!.cut) {
        logged.ended = performance.now()
        response.writeHead(failure!.status, { 'content-type': 'application/json', 'content-length': '1000' })
        response.write('{"tree": [', () => response.destroy())
      } else send(failure!.status, problem(failure!.status, failure!.message ?? 'Server Error'), failure!.headers)
    }
    if (failure && !failure.after) return fail()
    const answer = failure?.after ? fail : send

    const secret = /^(?:token|bearer) (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
    const token = secret === undefined ? undefined : tokens.get(secret)
    if (secret !== undefined && !token) return answer(401, problem(401, 'Bad credentials'))
    const rate = token && countRequest(token, pathname)
    if (rate?.over) {
      if (pathname === '/graphql')
        return answer(200, { errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }] }, rate.headers)
      return answer(403, problem(403, 'API rate limit exceeded for installation.'), rate.headers)
    }
    const headers = rate?.headers ?? {}

    if (pathname === '/graphql') {
      logged.operation = 'POST /graphql'
      if (!token) return answer(401, problem(401, 'This endpoint requires you to be authenticated.'))
      const { query: document, variables } = (body ?? {}) as { query?: string; variables?: Json }
      const world = {
        token,
        find: (owner: string, name: string) => {
          const repo = find(owner, name)
          return repo && sees(token, repo) ? repo : undefined
        },
        may: (repo: Repository, need: string) => may(token, repo, need),
        advisories: github.advisories
      }
      const result = await answerGraphql(world, document ?? '', variables ?? {})
      for (const wrong of result.wrong) faults.push(`POST /graphql: ${wrong}`)
      return answer(200, result.answer, headers)
    }

    const route = routeOf(method, pathname)
    const operation = route && operations[route.key]
    if (!route || !operation) {
      faults.push(`${line}: no operation of the description that the stand-in knows`)
      return answer(404, problem(404, 'Not Found'), headers)
    }
    logged.operation = route.key
    const wrong = wrongInRequest(route, query, body)
    const repo = find(String(route.parameters.owner), String(route.parameters.repo))
    const known = !route.key.includes('{repo}') || (repo && sees(token, repo))
    if (!known) return answer(404, problem(404, 'Not Found'), headers)
    if (operation.needs.length) headers['x-accepted-github-permissions'] = operation.needs.join('; ')
    const allowed = !repo || !operation.needs.length || operation.needs.some(need => may(token, repo, need))
    if (!allowed) return answer(...refusalFor(token, operation.needs[0]!), headers)
    if (wrong.length) {
      faults.push(...wrong.map(each => `${line}: ${each}`))
      return answer(422, { ...problem(422, 'Invalid request.'), errors: wrong }, headers)
    }
    try {
      const call = { repo, token, parameters: route.parameters, query, body: body ?? {} } as Call
      const result = operation.run(call)
      const status = Number(Object.keys(route.operation.responses)[0])
      if (result === undefined) return answer(status, undefined, headers)
      const page = operation.list
        ? paged(result as unknown[], call.query, `${url}${pathname}`, searchParams)
        : undefined
      const rows = page?.rows ?? result
      const value = answerTo(
        route.key,
        status,
        route.key.endsWith('/check-runs') && operation.list
          ? { total_count: (result as unknown[]).length, check_runs: rows }
          : rows
      )
      faults.push(...wrongInAnswer(route, status, value).map(each => `stand-in: ${line}: ${each}`))
      return answer(status, value, { ...headers, ...page?.headers })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      if (error.options.fault) faults.push(`${line}: ${error.message} ${JSON.stringify(error.options.errors ?? '')}`)
      const { errors } = error.options
      return answer(error.status, { ...problem(error.status, error.message), ...(errors && { errors }) }, headers)
    }
  }

  const github = {
    url,
    /** Milliseconds before each answer: requests then overlap, so that `rounds` can tell them apart. */
    latency: 0,
    graphqlUrl: `${url}/graphql`,
    /** In order of arrival. */
    requests,
    faults,
    /** What a runner sets, for a child process. */
    env: (token: string) => ({
      GITHUB_API_URL: url,
      GITHUB_GRAPHQL_URL: `${url}/graphql`,
      GITHUB_SERVER_URL: 'https://github.test',
      INPUT_TOKEN: token
    }),
    /** Of actions. */
    advisories: [] as Vulnerability[],
    /** Gives a repository another name; GraphQL follows the old one. */
    rename(repo: Repository, name: string): void {
      const [owner = '', repoName = ''] = name.split('/')
      repositories.set(name.toLowerCase(), repo)
      repo.owner = owner
      repo.name = repoName
    },
    /** A repository whose default branch has these files; private, so that permissions matter. */
    repo(name: string, options: { files?: Files; private?: boolean; branch?: string } = {}): Repository {
      const [owner = '', repoName = ''] = name.split('/')
      const repo = new Repository(owner, repoName, options.private ?? true, options.branch ?? 'main')
      repo.commit(options.files ?? { 'README.md': '# A repository\n' })
      repositories.set(name.toLowerCase(), repo)
      return repo
    },
    /** Makes a token; by default a job's, which may read everything that a job can be given. */
    token(options: TokenOptions = {}): string {
      const read = ['contents', 'pull_requests', 'checks', 'statuses', 'issues', 'actions']
      const secret = `ghs_${tokens.size + 1}`
      const limit = 5000
      tokens.set(secret, {
        secret,
        kind: options.kind ?? 'actions',
        permissions: options.permissions ?? Object.fromEntries(read.map(name => [name, 'read'])),
        fork: options.fork ?? false,
        ...(options.repositories && { repositories: options.repositories }),
        limit,
        used: limit - (options.remaining ?? limit),
        reset: Math.floor(Date.now() / 1000) + (options.resetsIn ?? 3600)
      })
      return secret
    },
    /** The next requests that match fail. */
    fail(failure: Failure): void {
      failures.push({ ...failure, left: failure.times ?? 1 })
    },
    /** Does something as the next matching request arrives. */
    before(match: Failure['match'], act: () => void): void {
      hooks.push({ match, act })
    },
    /** Requests one after another, all or some: the longest chain of which each began after the one before had its answer. */
    rounds: (some = requests): number => roundsOf(some),
    /** Forgets requests and faults, not the state. */
    forget(): void {
      requests.length = 0
      faults.length = 0
    },
    stop(): Promise<void> {
      server.closeAllConnections()
      return new Promise(resolve => server.close(() => resolve()))
    }
  }
  return github
}

function roundsOf(requests: Logged[]): number {
  const depths: number[] = []
  requests.forEach((request, i) => {
    const before = requests.slice(0, i).map((other, j) => (other.ended <= request.started ? depths[j]! : 0))
    depths.push(1 + Math.max(0, ...before))
  })
  return Math.max(0, ...depths)
}

const matches = (match: string | RegExp, line: string) =>
  typeof match === 'string' ? line.includes(match) : match.test(line)

const problem = (status: number, message: string) => ({
  message,
  documentation_url: 'https://docs.github.com/rest',
  status: String(status)
})

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function countRequest(token: Token, path: string): { over: boolean; headers: Record<string, string> } {
  const now = Math.floor(Date.now() / 1000)
  if (now >= token.reset) {
    token.used = 0
    token.reset = now + 3600
  }
  const over = token.used >= token.limit
  if (!over) token.used++
  return {
    over,
    headers: {
      'x-ratelimit-limit': String(token.limit),
      'x-ratelimit-remaining': String(token.limit - token.used),
      'x-ratelimit-used': String(token.used),
      'x-ratelimit-reset': String(token.reset),
      'x-ratelimit-resource': path === '/graphql' ? 'graphql' : 'core'
    }
  }
}

/** How GitHub says no, by the kind of token: a user's token without administration is not even told that there is a rule. */
function refusalFor(token: Token | undefined, need: string): [number, Json] {
  if (!token || token.kind === 'classic') return [404, problem(404, 'Not Found')]
  if (need === 'contents=read' && !token.permissions.contents) return [404, problem(404, 'Not Found')]
  const who = token.kind === 'fine-grained' ? 'personal access token' : 'integration'
  return [403, problem(403, `Resource not accessible by ${who}`)]
}

function paged(rows: unknown[], query: Call['query'], url: string, parameters: URLSearchParams) {
  const size = Math.min(100, query.per_page ?? 30)
  const page = query.page ?? 1
  const last = Math.max(1, Math.ceil(rows.length / size))
  const link = (to: number, rel: string) => {
    const next = new URLSearchParams(parameters)
    next.set('page', String(to))
    return `<${url}?${next}>; rel="${rel}"`
  }
  const links = [
    ...(page > 1 ? [link(page - 1, 'prev'), link(1, 'first')] : []),
    ...(page < last ? [link(page + 1, 'next'), link(last, 'last')] : [])
  ]
  const headers: Record<string, string> = links.length ? { link: links.join(', ') } : {}
  return { rows: rows.slice((page - 1) * size, page * size), headers }
}
