import type { BranchRules, Diff, FileChange, Snapshot, Source, Unread } from '../model.js'
import { allRules, classicProtection, reportedAt } from './github-branch.js'
import {
  type Connection,
  type ConnectionOptions,
  connect,
  isFailure,
  isLimit,
  messageOf,
  reasonOf
} from './github-connection.js'
import { documentsOf } from './github-documents.js'
import { factsOf } from './github-facts.js'
import { failedAnswer, mergeRules } from './github-rules.js'
import { textsOf } from './github-texts.js'
import { treesOf } from './github-trees.js'
import { addedAndShown } from './patch.js'

export interface GithubOptions extends ConnectionOptions {
  owner: string
  repo: string
  /** Commit to inspect. */
  head: string
  /** Branch to merge into, by its short name, and its tip as the event tells. Without it: no base, no diff, no policy. */
  base?: { ref: string; sha: string }
  /** Number of the pull request; a merge group has a base and no number. */
  number?: number
  /** Branch whose rules count where there is no base. */
  branch?: string
  /** Reads classic branch protection, which the job's own token never may. */
  protectionToken?: string
  /** Instead of a connection of its own. */
  connection?: Connection
}

/** The compare API shows this many files, on its first page alone. */
const COMPARED_FILES = 300
/** GitHub lists no more files of a pull request. */
const MAX_FILES = 3000
const PAGE = 100

/**
 * A repository at commits, through the API: nothing is checked out. Head, merge base and the tip of the target branch
 * are named by commit throughout, and read through the base repository, which holds a fork's commits too.
 *
 * Throws, in words for the user, where the token is refused, the repository is not seen, the host is not reached or the
 * head commit is gone. Everything less is `unread`.
 */
export async function githubSource(options: GithubOptions): Promise<Source> {
  const { owner, repo, head } = options
  const connection = options.connection ?? (await connect(options))
  const { octokit, host } = connection
  const here = { owner, repo }
  const unread: Unread[] = []
  const list = treesOf(connection, owner, repo, unread)
  const branch = options.base?.ref.replace(/^refs\/heads\//, '') ?? options.branch

  // One round: nothing below waits for anything but the event.
  const shown = attempt(branch !== undefined, () =>
    octokit.request('GET /repos/{owner}/{repo}/branches/{branch}', { ...here, branch: branch! })
  )
  const rules = attempt(branch !== undefined, () => allRules(connection, owner, repo, branch!))
  const headBlobs = list(head)
  const compared = attempt(options.base !== undefined, () =>
    octokit.request('GET /repos/{owner}/{repo}/compare/{basehead}', {
      ...here,
      basehead: `${options.base!.sha}...${head}`,
      per_page: 1,
      page: 1
    })
  )
  headBlobs.catch(() => {})

  const [shownAnswer, comparison, headError] = await Promise.all([
    shown,
    compared,
    headBlobs.then(
      () => undefined,
      (error: unknown) => error
    )
  ])
  if (headError) {
    // A branch that answers proves that the repository is seen, so the commit is what is missing.
    const repositorySeen = 'data' in shownAnswer || isNamed(shownAnswer, 'Branch not found')
    throw new Error(unreachable(headError, host, owner, repo, repositorySeen ? head : undefined))
  }
  // What a forced push left behind is gone one day. A pull request is never judged without its base.
  const isGone = 'error' in comparison && options.number === undefined && isMissing(comparison.error)
  if ('error' in comparison && !isGone && !isUnrelated(comparison.error))
    throw new Error(
      `the changes of ${owner}/${repo} at ${head.slice(0, 7)} could not be compared with their base: ${reasonOf(comparison.error, host, 'contents: read')}`
    )
  if ('error' in comparison)
    unread.push({
      what: 'merge base',
      reason: isUnrelated(comparison.error)
        ? 'the head and the target branch have no common commit'
        : `commit ${options.base?.sha.slice(0, 7)} is gone, so that everything counts as new`
    })

  const mergeBase = 'data' in comparison ? comparison.data.data.merge_base_commit.sha : undefined
  const tip = options.base && ('data' in shownAnswer ? shownAnswer.data.data.commit.sha : options.base.sha)
  if (options.base && !('data' in shownAnswer) && 'error' in shownAnswer)
    unread.push({
      what: `tip of ${branch}`,
      reason: `${reasonOf(shownAnswer.error, host, 'contents: read')}; read at ${options.base.sha.slice(0, 7)}, the tip that the event names`
    })

  // The second round, begun before anybody asks: whoever reads the policy first does not wait for the others later.
  const snapshots = new Map([[head, headBlobs]])
  const snapshot = (sha: string): Snapshot => {
    const listed = snapshots.get(sha) ?? list(sha)
    listed.catch(() => {})
    snapshots.set(sha, listed)
    return {
      sha,
      list: () =>
        listed.catch((error: unknown) => {
          throw new Error(`commit ${sha.slice(0, 7)} of ${owner}/${repo}: ${reasonOf(error, host, 'contents: read')}`)
        })
    }
  }
  const base = mergeBase === undefined ? undefined : snapshot(mergeBase)
  const policy = tip === undefined ? undefined : snapshot(tip)
  const classic = classicProtection(
    options,
    connection,
    branch,
    'data' in shownAnswer ? shownAnswer.data.data : undefined
  )
  const reported = branch === undefined ? undefined : reportedAt(connection, owner, repo, branch, tip ?? head)
  const files =
    'data' in comparison ? changes(connection, options, comparison.data.data.files ?? [], unread) : undefined

  const readBranch = async (): Promise<BranchRules> => {
    const [rulesAnswer, classicAnswer, reports] = await Promise.all([rules, classic, reported])
    const nothing = { unknown: 'no branch to ask for' }
    return mergeRules({
      branch: branch ?? '',
      shown:
        'data' in shownAnswer
          ? { data: shownAnswer.data.data }
          : 'error' in shownAnswer
            ? failedAnswer(shownAnswer.error, host, 'contents: read')
            : nothing,
      rules:
        'data' in rulesAnswer
          ? rulesAnswer
          : 'error' in rulesAnswer
            ? failedAnswer(rulesAnswer.error, host, 'metadata: read')
            : nothing,
      classic: classicAnswer.rule,
      queue: reports?.queue ?? nothing,
      bypass: new Map([...(reports?.bypass ?? []), ...classicAnswer.bypass]),
      ...(reports?.contexts && { externalContexts: reports.contexts })
    })
  }
  const branchRules = readBranch()
  const ask = documentsOf(connection, owner, repo)

  return {
    owner,
    unread,
    head: snapshot(head),
    ...(base && { base }),
    ...(policy && { policy }),
    ...textsOf(connection, ask, owner, repo),
    facts: (uses, about) => factsOf(ask, uses, about),
    branch: () => branchRules,
    diff: async () => files
  }
}

type Attempt<T> = { data: T } | { error: unknown } | { skipped: true }

function attempt<T>(wanted: boolean, act: () => Promise<T>): Promise<Attempt<T>> {
  if (!wanted) return Promise.resolve({ skipped: true })
  return act().then(
    data => ({ data }),
    (error: unknown) => ({ error })
  )
}

const isNamed = (answer: Attempt<unknown>, message: string) =>
  'error' in answer &&
  isFailure(answer.error) &&
  answer.error.response !== undefined &&
  messageOf(answer.error) === message

const isMissing = (error: unknown) => isFailure(error) && error.status === 404

const isUnrelated = (error: unknown) =>
  isFailure(error) && error.status === 404 && /no common ancestor/i.test(messageOf(error))

function unreachable(error: unknown, host: string, owner: string, repo: string, missing: string | undefined): string {
  if (!isFailure(error) || !error.response || error.status === 401 || isLimit(error)) return reasonOf(error, host)
  if (missing && [404, 409, 422].includes(error.status))
    return `commit ${missing.slice(0, 7)} is not in ${owner}/${repo} (any more): its branch or fork was deleted or force-pushed`
  if (error.status === 404 || error.status === 403)
    return `${owner}/${repo} does not exist or the token may not read it (needs contents: read)`
  return `${owner}/${repo}: ${reasonOf(error, host, 'contents: read')}`
}

// ---------------------------------------------------------------- changes

type ListedFile = { filename: string; previous_filename?: string; status: string; patch?: string }

/** The comparison is between commits, so it stays right when the head moves on; a long one needs the pull request's list. */
async function changes(
  { octokit, host }: Connection,
  { owner, repo, number }: GithubOptions,
  compared: ListedFile[],
  unread: Unread[]
): Promise<Diff> {
  const some = compared.map(changeOf)
  if (compared.length < COMPARED_FILES) return some
  const cut = (reason: string): Diff => {
    unread.push({ what: `changes beyond the first ${compared.length} files`, reason })
    return some
  }
  if (number === undefined) return cut('the compare API shows no more')
  const page = (page: number) =>
    octokit.request('GET /repos/{owner}/{repo}/pulls/{pull_number}/files', {
      owner,
      repo,
      pull_number: number,
      per_page: PAGE,
      page
    })
  try {
    const first = await page(1)
    const last = Number(/[?&]page=(\d+)[^>]*>; rel="last"/.exec(first.headers.link ?? '')?.[1] ?? 1)
    const count = Math.min(last, MAX_FILES / PAGE)
    const rest = await Promise.all(Array.from({ length: count - 1 }, (_, i) => page(i + 2)))
    const all = [first, ...rest].flatMap(answer => answer.data.map(changeOf))
    if (all.length >= MAX_FILES)
      unread.push({ what: `changes beyond the first ${MAX_FILES} files`, reason: 'the API lists no more' })
    return all
  } catch (error) {
    return cut(reasonOf(error, host, 'pull-requests: read'))
  }
}

const STATUSES: FileChange['status'][] = ['added', 'modified', 'removed', 'renamed', 'copied', 'changed', 'unchanged']

function changeOf(file: ListedFile): FileChange {
  return {
    path: file.filename,
    ...(file.previous_filename !== undefined && { previousPath: file.previous_filename }),
    status: STATUSES.find(status => status === file.status) ?? 'changed',
    ...addedAndShown(file.patch ?? '')
  }
}
