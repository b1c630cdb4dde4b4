import type { Inspection, Source } from './model.js'
import { checkRun, commitStatus } from './report/check-run.js'
import type { Posted, Target } from './report/post.js'
import { review } from './report/review.js'
import { githubSource } from './source/github.js'
import { connect } from './source/github-connection.js'

/** A pull request as the API or an event tells it. */
export interface Pull {
  number: number
  head: string
  base: { ref: string; sha: string }
  draft: boolean
  /** The head is in another repository, or in one that is gone. */
  fromFork: boolean
  authorMayWrite: 'yes' | 'no'
}

/**
 * Checks where data from outside enters. `undefined` where something is no pull request.
 * A branch of the repository itself was pushed by somebody who may write to it; a fork's author is known to be able to
 * only when he owns the repository.
 */
export function readPull(value: unknown): Pull | undefined {
  const pull = record(value)
  const head = record(pull.head)
  const base = record(pull.base)
  const ours = record(base.repo).id
  if (typeof pull.number !== 'number' || typeof head.sha !== 'string') return undefined
  if (typeof base.ref !== 'string' || typeof base.sha !== 'string') return undefined
  const fromFork = head.repo === null || record(head.repo).id !== ours
  return {
    number: pull.number,
    head: head.sha,
    base: { ref: base.ref, sha: base.sha },
    draft: pull.draft === true,
    fromFork,
    authorMayWrite: !fromFork || pull.author_association === 'OWNER' ? 'yes' : 'no'
  }
}

export const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}

export interface Publishing {
  review: 'comment' | 'request-changes' | 'off'
  status: 'check-run' | 'commit-status' | 'off'
}

/** Posts what is asked for, one after the other; what could not be posted comes back with its reason. */
export async function publish(
  octokit: Parameters<typeof review>[0],
  target: Target,
  number: number | undefined,
  inspection: Inspection,
  { review: event, status }: Publishing,
  login?: string
): Promise<Posted[]> {
  const posted: Posted[] = []
  if (status === 'check-run') posted.push(await checkRun(octokit, target, inspection))
  if (status === 'commit-status') posted.push(await commitStatus(octokit, target, inspection))
  if (event !== 'off' && number !== undefined)
    posted.push(await review(octokit, { ...target, number }, inspection, { event, ...(login && { login }) }))
  return posted
}

/** One line on each thing that was not posted. */
export const notPosted = (posted: Posted[]): string[] =>
  posted.flatMap(({ posted: done, what, reason }) =>
    done && !reason ? [] : [`${what}${done ? '' : ' not posted'}: ${reason}`]
  )

/** A pull request for the command line: read through the API, posted to only on demand. */
export async function openPullRequest(options: {
  owner: string
  repo: string
  number: number
  token: string
  log(message: string): void
}): Promise<{ source: Source; authorMayWrite: 'yes' | 'no'; publish(inspection: Inspection): Promise<string[]> }> {
  const { owner, repo, number, token, log } = options
  const connection = await connect({ token, log, writes: true })
  const answer = await connection.octokit
    .request('GET /repos/{owner}/{repo}/pulls/{pull_number}', { owner, repo, pull_number: number })
    .catch((error: Error) => {
      throw new Error(`${owner}/${repo}#${number} cannot be read: ${error.message}`)
    })
  const pull = readPull(answer.data)
  if (!pull) throw new Error(`${owner}/${repo}#${number} is no pull request`)
  const source = await githubSource({ owner, repo, number, token, head: pull.head, base: pull.base, connection, log })
  return {
    source,
    authorMayWrite: pull.authorMayWrite,
    async publish(inspection) {
      const target = { owner, repo, headSha: pull.head, server: serverUrl() }
      const how = { review: 'comment', status: 'check-run' } as const
      // A person's token posts in that person's name: without it, our own comments could not be told from theirs.
      const login = await connection.octokit.request('GET /user').then(
        ({ data }) => data.login,
        () => undefined
      )
      return notPosted(await publish(connection.octokit, target, number, inspection, how, login))
    }
  }
}

export const serverUrl = (): string => process.env.GITHUB_SERVER_URL || 'https://github.com'
