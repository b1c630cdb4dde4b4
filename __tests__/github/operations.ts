/** What each REST operation does to the state, and the refusals that the official description cannot express. */
import { hunksOf } from './git.js'
import {
  type CheckRun,
  changesOf,
  type Json,
  nextId,
  ownerJson,
  type Pull,
  type Repository,
  type ReviewComment,
  repositoryJson,
  type Token,
  type User
} from './state.js'

export interface Call {
  repo: Repository
  token: Token | undefined
  parameters: Record<string, string & number>
  query: Record<string, string & number>
  body: Json
}
/** An answer that is no success. `fault`: a well-behaved client never causes it. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly options: { fault?: boolean; errors?: unknown[] } = {}
  ) {
    super(message)
  }
}
export interface Operation {
  /** Permissions of which one is enough, as GitHub's header writes them. */
  needs: string[]
  /** Rows are paginated. */
  list?: boolean
  run(call: Call): unknown
}

const notFound = () => new Refusal(404, 'Not Found')
const invalid = (message: string, errors?: unknown[]) =>
  new Refusal(422, message, { fault: true, ...(errors && { errors }) })

const R = '/repos/{owner}/{repo}'
const PULL = `${R}/pulls/{pull_number}`

export const operations: Record<string, Operation> = {
  'GET /rate_limit': {
    needs: [],
    run: () => ({ resources: {}, rate: { limit: 5000, remaining: 5000, reset: 0, used: 0 } })
  },
  'GET /user': {
    needs: [],
    run({ token }) {
      if (!token) throw new Refusal(401, 'Requires authentication')
      // An installation is nobody.
      if (token.kind === 'actions' || token.kind === 'app')
        throw new Refusal(403, 'Resource not accessible by integration')
      return userOf(token)
    }
  },
  [`GET ${R}`]: { needs: ['metadata=read'], run: ({ repo }) => repositoryJson(repo) },

  // ------------------------------------------------------------------ branches and rules
  [`GET ${R}/branches/{branch}`]: {
    needs: ['contents=read'],
    run({ repo, parameters: { branch } }) {
      const sha = repo.refs.get(branch!)
      if (!sha) throw new Refusal(404, 'Branch not found')
      const classic = repo.classic.get(branch!)
      const checks = classic?.required_status_checks?.checks ?? []
      return {
        name: branch,
        commit: commitJson(repo, sha),
        protected: classic !== undefined || repo.rulesOf(branch!).length > 0,
        protection: {
          enabled: classic !== undefined,
          required_status_checks: {
            enforcement_level: checks.length ? 'non_admins' : 'off',
            contexts: checks.map(check => check.context),
            checks
          }
        }
      }
    }
  },
  [`GET ${R}/branches/{branch}/protection`]: {
    needs: ['administration=read'],
    run({ repo, parameters: { branch } }) {
      onlyOnPlan(repo)
      if (!repo.refs.has(branch!)) throw new Refusal(404, 'Branch not found')
      const classic = repo.classic.get(branch!)
      if (!classic) throw new Refusal(404, 'Branch not protected')
      const { required_status_checks: checks } = classic
      return {
        url: 'https://github.test/protection',
        enforce_admins: { url: 'https://github.test/admins', enabled: false },
        allow_force_pushes: { enabled: false },
        allow_deletions: { enabled: false },
        ...classic,
        ...(checks && {
          required_status_checks: {
            url: 'https://github.test/checks',
            strict: false,
            contexts_url: 'https://github.test/contexts',
            contexts: checks.checks.map(check => check.context),
            ...checks
          }
        })
      }
    }
  },
  [`GET ${R}/rules/branches/{branch}`]: {
    needs: ['metadata=read'],
    list: true,
    run({ repo, parameters: { branch } }) {
      onlyOnPlan(repo)
      return repo.rulesOf(branch!).map(({ ruleset, ...rule }) => ({
        ...rule,
        ruleset_source_type: ruleset.source,
        ruleset_source: ruleset.source === 'Repository' ? repo.fullName : repo.owner,
        ruleset_id: ruleset.id
      }))
    }
  },
  [`GET ${R}/rulesets`]: {
    needs: ['metadata=read'],
    list: true,
    run({ repo }) {
      onlyOnPlan(repo)
      return repo.rulesets.map(({ id, name, target, enforcement, source }) => ({
        id,
        name,
        target,
        enforcement,
        source_type: source,
        source: source === 'Repository' ? repo.fullName : repo.owner
      }))
    }
  },
  [`GET ${R}/rulesets/{ruleset_id}`]: {
    needs: ['metadata=read'],
    run({ repo, token, parameters: { ruleset_id } }) {
      onlyOnPlan(repo)
      const found = repo.rulesets.find(each => each.id === ruleset_id)
      if (!found) throw notFound()
      const { id, name, target, enforcement, source, rules, bypass, branches } = found
      return {
        id,
        name,
        target,
        enforcement,
        source_type: source,
        source: source === 'Repository' ? repo.fullName : repo.owner,
        rules,
        conditions: { ref_name: { include: branches.map(each => `refs/heads/${each}`), exclude: [] } },
        current_user_can_bypass: 'never',
        // Shown only to who may write the ruleset: for everybody else the key is missing.
        ...(token?.permissions.administration === 'write' && { bypass_actors: bypass })
      }
    }
  },

  // ------------------------------------------------------------------ commits and files
  [`GET ${R}/commits/{ref}`]: {
    needs: ['contents=read'],
    run: ({ repo, parameters: { ref } }) => commitJson(repo, shaOf(repo, ref!))
  },
  [`GET ${R}/compare/{basehead}`]: {
    needs: ['contents=read'],
    run({ repo, parameters: { basehead }, query }) {
      const [base, head] = basehead!.split('...')
      const from = repo.resolve(base ?? '')
      const to = repo.resolve(head ?? '')
      if (!from || !to) throw notFound()
      const common = repo.git.mergeBase(from, to)
      if (!common) throw new Refusal(404, `No common ancestor between ${base} and ${head}.`)
      const ahead = repo.git.ancestors(to).filter(sha => !repo.git.ancestors(from).includes(sha))
      const behind = repo.git.ancestors(from).filter(sha => !repo.git.ancestors(to).includes(sha))
      const hidden = repo.pulls.find(pull => pull.head === to)?.options.withoutPatch
      const url = 'https://github.test/compare'
      return {
        url,
        html_url: url,
        permalink_url: url,
        diff_url: url,
        patch_url: url,
        base_commit: commitJson(repo, from),
        merge_base_commit: commitJson(repo, common),
        status: behind.length ? (ahead.length ? 'diverged' : 'behind') : ahead.length ? 'ahead' : 'identical',
        ahead_by: ahead.length,
        behind_by: behind.length,
        total_commits: ahead.length,
        commits: ahead.slice(0, query.per_page ?? 250).map(sha => commitJson(repo, sha)),
        ...((query.page ?? 1) === 1 && { files: filesJson(changesOf(repo, from, to, hidden)).slice(0, 300) })
      }
    }
  },
  [`GET ${R}/git/trees/{tree_sha}`]: {
    needs: ['contents=read'],
    run({ repo, parameters: { tree_sha }, query }) {
      const sha = repo.resolve(tree_sha!) ?? tree_sha!
      const tree = repo.git.commitAt(sha)?.tree ?? sha
      const object = repo.git.objects.get(tree)
      if (object?.type !== 'tree') throw notFound()
      const rows: Json[] = []
      const walk = (at: string, under: string) => {
        const here = repo.git.objects.get(at)
        if (here?.type !== 'tree') return
        for (const [name, { mode, sha }] of here.entries) {
          const path = under + name
          const type = mode === '040000' ? 'tree' : mode === '160000' ? 'commit' : 'blob'
          rows.push({
            path,
            mode,
            type,
            sha,
            ...(type === 'blob' && { size: repo.git.bytesOf(sha).length }),
            ...(type !== 'commit' && { url: `https://github.test/git/${sha}` })
          })
          if (type === 'tree' && query.recursive !== undefined) walk(sha, `${path}/`)
        }
      }
      walk(tree, '')
      const cut = query.recursive !== undefined && rows.length > repo.treeLimit
      return {
        sha: tree,
        url: 'https://github.test/tree',
        tree: rows.slice(0, cut ? repo.treeLimit : undefined),
        truncated: cut
      }
    }
  },
  [`GET ${R}/git/blobs/{file_sha}`]: {
    needs: ['contents=read'],
    run({ repo, parameters: { file_sha } }) {
      const object = repo.git.objects.get(file_sha!)
      if (object?.type !== 'blob') throw notFound()
      return {
        sha: file_sha,
        node_id: `B_${file_sha}`,
        size: object.bytes.length,
        url: 'https://github.test/blob',
        content: object.bytes.toString('base64').replace(/.{60}/g, '$&\n'),
        encoding: 'base64'
      }
    }
  },
  [`GET ${R}/contents/{path}`]: {
    needs: ['contents=read'],
    run({ repo, parameters: { path }, query }) {
      const entry = repo.git.filesOf(shaOf(repo, String(query.ref ?? repo.branch))).get(path!)
      if (!entry) throw notFound()
      const bytes = repo.git.bytesOf(entry.sha)
      const small = bytes.length <= 1 << 20
      return {
        type: 'file',
        encoding: small ? 'base64' : 'none',
        content: small ? bytes.toString('base64') : '',
        size: bytes.length,
        name: path!.split('/').pop(),
        path,
        sha: entry.sha
      }
    }
  },
  [`GET ${R}/collaborators/{username}/permission`]: {
    needs: ['metadata=read'],
    run: ({ parameters: { username } }) => {
      const permission = username === 'stranger' ? 'read' : 'write'
      return { permission, role_name: permission, user: { login: username, id: 1, type: 'User' } }
    }
  },

  // ------------------------------------------------------------------ pull requests
  [`GET ${R}/pulls`]: {
    needs: ['pull_requests=read'],
    list: true,
    run: ({ repo, query }) =>
      repo.pulls
        .filter(pull => query.state === undefined || String(query.state) === 'all' || pull.state === query.state)
        .filter(pull => query.head === undefined || query.head === `${pull.author.login}:${pull.headRef}`)
        .map(pull => pull.json)
  },
  [`GET ${R}/commits/{commit_sha}/pulls`]: {
    needs: ['pull_requests=read'],
    list: true,
    run: ({ repo, parameters: { commit_sha } }) =>
      repo.pulls.filter(pull => pull.head === commit_sha).map(pull => pull.json)
  },
  [`GET ${PULL}`]: {
    needs: ['pull_requests=read'],
    run: call => {
      const pull = pullOf(call)
      const changes = pull.changes()
      return {
        ...pull.json,
        commits: 1,
        additions: changes.reduce((sum, change) => sum + change.additions, 0),
        deletions: changes.reduce((sum, change) => sum + change.deletions, 0),
        changed_files: changes.length
      }
    }
  },
  [`GET ${PULL}/files`]: {
    needs: ['pull_requests=read'],
    list: true,
    run: call => filesJson(pullOf(call).changes()).slice(0, 3000)
  },
  [`GET ${PULL}/reviews`]: {
    needs: ['pull_requests=read'],
    list: true,
    run: call => pullOf(call).reviews.map(reviewJson)
  },
  [`POST ${PULL}/reviews`]: { needs: ['pull_requests=write'], run: postReview },
  [`PUT ${PULL}/reviews/{review_id}`]: {
    needs: ['pull_requests=write'],
    run(call) {
      const review = reviewOf(call)
      sized('body', call.body.body, 65_536)
      review.body = String(call.body.body)
      return reviewJson(review)
    }
  },
  [`DELETE ${PULL}/reviews/{review_id}`]: {
    needs: ['pull_requests=write'],
    run(call) {
      const pull = pullOf(call)
      const review = reviewOf(call)
      if (review.state !== 'PENDING') throw invalid('Can not delete a non-pending pull request review')
      pull.reviews.splice(pull.reviews.indexOf(review), 1)
      pull.comments.splice(0, pull.comments.length, ...pull.comments.filter(each => each.review !== review.id))
      return reviewJson(review)
    }
  },
  [`POST ${PULL}/reviews/{review_id}/events`]: {
    needs: ['pull_requests=write'],
    run(call) {
      const review = reviewOf(call)
      if (review.state !== 'PENDING') throw invalid('Unprocessable Entity', ['review has been submitted'])
      if (typeof call.body.body === 'string') review.body = call.body.body
      review.state = stateAfter(String(call.body.event), call.token, review.body)
      return reviewJson(review)
    }
  },
  [`PUT ${PULL}/reviews/{review_id}/dismissals`]: {
    needs: ['pull_requests=write'],
    run(call) {
      const review = reviewOf(call)
      if (review.state !== 'CHANGES_REQUESTED') throw invalid('Can not dismiss a commented pull request review')
      review.state = 'DISMISSED'
      return reviewJson(review)
    }
  },
  [`GET ${PULL}/comments`]: {
    needs: ['pull_requests=read'],
    list: true,
    run: call => {
      const pull = pullOf(call)
      const drafts = new Set(pull.reviews.filter(review => review.state === 'PENDING').map(review => review.id))
      return pull.comments.filter(comment => !drafts.has(comment.review)).map(comment => commentJson(pull, comment))
    }
  },
  [`DELETE ${R}/pulls/comments/{comment_id}`]: {
    needs: ['pull_requests=write'],
    run({ repo, parameters: { comment_id } }) {
      for (const pull of repo.pulls) {
        const index = pull.comments.findIndex(each => each.id === comment_id)
        if (index < 0) continue
        pull.comments.splice(index, 1)
        return undefined
      }
      throw notFound()
    }
  },
  [`GET ${R}/issues/{issue_number}/comments`]: {
    needs: ['issues=read', 'pull_requests=read'],
    list: true,
    run: call => issueOf(call).issueComments.map(issueCommentJson)
  },
  [`POST ${R}/issues/{issue_number}/comments`]: {
    needs: ['issues=write', 'pull_requests=write'],
    run(call) {
      sized('body', call.body.body, 65_536)
      const comment = { id: nextId(), user: userOf(call.token), body: String(call.body.body) }
      issueOf(call).issueComments.push(comment)
      return issueCommentJson(comment)
    }
  },
  [`PATCH ${R}/issues/comments/{comment_id}`]: {
    needs: ['issues=write', 'pull_requests=write'],
    run({ repo, parameters: { comment_id }, body }) {
      sized('body', body.body, 65_536)
      const comment = repo.pulls.flatMap(pull => pull.issueComments).find(each => each.id === comment_id)
      if (!comment) throw notFound()
      comment.body = String(body.body)
      return issueCommentJson(comment)
    }
  },

  // ------------------------------------------------------------------ checks and statuses
  [`GET ${R}/commits/{ref}/check-runs`]: {
    needs: ['checks=read'],
    list: true,
    run({ repo, parameters: { ref }, query }) {
      const sha = shaOf(repo, ref!)
      return repo.checkRuns
        .filter(run => run.head_sha === sha)
        .filter(run => query.check_name === undefined || run.name === query.check_name)
        .filter(run => query.app_id === undefined || run.app.id === query.app_id)
        .filter(run => query.status === undefined || run.status === query.status)
        .map(checkRunJson)
    }
  },
  [`POST ${R}/check-runs`]: {
    needs: ['checks=write'],
    run({ repo, body, token }) {
      const sha = String(body.head_sha)
      if (!repo.git.commitAt(sha)) throw invalid(`No commit found for SHA: ${sha}`)
      if (token?.kind === 'classic') throw new Refusal(403, 'You must authenticate via a GitHub App.')
      const run = repo.checkRun(sha, String(body.name))
      run.conclusion = null
      run.status = 'queued'
      return checkRunJson(changeRun(run, body))
    }
  },
  [`PATCH ${R}/check-runs/{check_run_id}`]: {
    needs: ['checks=write'],
    run({ repo, body, parameters: { check_run_id } }) {
      const run = repo.checkRuns.find(each => each.id === check_run_id)
      if (!run) throw notFound()
      return checkRunJson(changeRun(run, body))
    }
  },
  [`GET ${R}/check-runs/{check_run_id}/annotations`]: {
    needs: ['checks=read'],
    list: true,
    run: ({ repo, parameters: { check_run_id } }) =>
      repo.checkRuns.find(each => each.id === check_run_id)?.annotations ?? []
  },
  [`GET ${R}/commits/{ref}/statuses`]: {
    needs: ['statuses=read'],
    list: true,
    run: ({ repo, parameters: { ref } }) => {
      const sha = shaOf(repo, ref!)
      return repo.statuses.filter(each => each.sha === sha)
    }
  },
  [`POST ${R}/statuses/{sha}`]: {
    needs: ['statuses=write'],
    run({ repo, body, parameters: { sha } }) {
      if (!repo.git.commitAt(sha!)) throw invalid(`No commit found for SHA: ${sha}`)
      sized('description', body.description, 140)
      const status = repo.status(sha!, String(body.context ?? 'default'), String(body.state))
      status.description = (body.description as string | undefined) ?? null
      status.target_url = (body.target_url as string | undefined) ?? null
      return status
    }
  }
}

function onlyOnPlan(repo: Repository): void {
  if (repo.freePlan)
    throw new Refusal(403, 'Upgrade to GitHub Pro or make this repository public to enable this feature.')
}

function shaOf(repo: Repository, ref: string): string {
  const sha = repo.resolve(ref)
  if (!sha) throw new Refusal(422, `No commit found for SHA: ${ref}`)
  return sha
}

function pullOf({ repo, parameters }: Call): Pull {
  const pull = repo.pulls[parameters.pull_number! - 1]
  if (!pull) throw notFound()
  return pull
}

function issueOf({ repo, parameters }: Call): Pull {
  const pull = repo.pulls[parameters.issue_number! - 1]
  if (!pull) throw notFound()
  return pull
}

function sized(name: string, value: unknown, limit: number): void {
  if (typeof value === 'string' && value.length > limit)
    throw invalid('Validation Failed', [`${name} is too long (maximum is ${limit} characters)`])
}

export function userOf(token: Token | undefined): User {
  return token?.kind === 'actions'
    ? { login: 'github-actions[bot]', id: 41898282, type: 'Bot' }
    : { login: 'octocat', id: 583231, type: 'User' }
}

// ---------------------------------------------------------------- reviews

function reviewOf(call: Call): Pull['reviews'][number] {
  const review = pullOf(call).reviews.find(each => each.id === call.parameters.review_id)
  if (!review) throw notFound()
  return review
}

function stateAfter(event: string, token: Token | undefined, body: string): string {
  if (event === 'APPROVE')
    throw invalid('Unprocessable Entity', [
      token?.kind === 'actions'
        ? 'GitHub Actions is not permitted to approve pull requests.'
        : 'Can not approve your own pull request'
    ])
  if (!body) throw invalid('Unprocessable Entity', ['body is required'])
  return event === 'COMMENT' ? 'COMMENTED' : 'CHANGES_REQUESTED'
}

function postReview(call: Call): unknown {
  const { body, token, repo } = call
  const pull = pullOf(call)
  const event = (body.event as string | undefined) ?? 'PENDING'
  const commit = String(body.commit_id ?? pull.head)
  if (!repo.git.commitAt(commit)) throw invalid('Unprocessable Entity', ['commit_id is not part of the pull request'])
  if (pull.locked) throw new Refusal(403, 'Unable to create review because the conversation is locked.')
  const isDraft = (review: Pull['reviews'][number]) =>
    review.state === 'PENDING' && review.user.login === userOf(token).login
  if (pull.reviews.some(isDraft))
    throw invalid('Unprocessable Entity', ['User can only have one pending review per pull request'])
  const state = event === 'PENDING' ? 'PENDING' : stateAfter(event, token, String(body.body ?? ''))
  sized('body', body.body, 65_536)
  const changes = pull.changes(commit)
  const comments = ((body.comments ?? []) as Json[]).map((comment): ReviewComment => {
    const { path, line, side = 'RIGHT', start_line } = comment as unknown as ReviewComment
    sized('comment body', comment.body, 65_536)
    // Nobody can know that the head has just moved, so then it is no fault.
    const fault = commit === pull.head
    const refuse = (message: string) => new Refusal(422, 'Unprocessable Entity', { fault, errors: [message] })
    if (!String(comment.body ?? '').trim()) throw refuse('comment body is empty')
    const change = changes.find(each => each.path === path)
    if (!change) throw refuse('Path could not be resolved')
    if (line === undefined) throw refuse('Line could not be resolved')
    const hunk = hunksOf(change.patch, side).find(([from, to]) => line >= from && line <= to)
    if (!hunk) throw refuse('Pull request review thread line must be part of the diff')
    if (start_line !== undefined) {
      if (start_line >= line) throw refuse('Pull request review thread start line must precede the end line.')
      if (start_line < hunk[0])
        throw refuse('Pull request review thread start line must be part of the same hunk as the line.')
    }
    return {
      id: nextId(),
      review: 0,
      user: userOf(token),
      path,
      line,
      side,
      body: String(comment.body),
      commit_id: commit,
      ...(start_line !== undefined && { start_line })
    }
  })
  const review = {
    id: nextId(),
    user: userOf(token),
    body: String(body.body ?? ''),
    state,
    commit_id: commit
  }
  pull.reviews.push(review)
  pull.comments.push(...comments.map(comment => ({ ...comment, review: review.id })))
  return reviewJson(review)
}

const reviewJson = (review: Pull['reviews'][number]) => ({
  ...review,
  node_id: `PRR_${review.id}`,
  html_url: 'https://github.test/review',
  pull_request_url: 'https://github.test/pull',
  author_association: 'NONE',
  _links: { html: { href: 'https://github.test/' }, pull_request: { href: 'https://github.test/' } },
  submitted_at: '2026-11-20T12:00:00Z'
})

function commentJson(pull: Pull, comment: ReviewComment): Json {
  const { repo } = pull
  const blob = (sha: string) => repo.git.filesOf(sha).get(comment.path)?.sha
  const outdated = comment.commit_id !== pull.head && blob(comment.commit_id) !== blob(pull.head)
  const { review, ...rest } = comment
  return {
    ...rest,
    node_id: `PRRC_${comment.id}`,
    url: `https://github.test/comments/${comment.id}`,
    html_url: `https://github.test/comments/${comment.id}`,
    pull_request_url: 'https://github.test/pull',
    pull_request_review_id: review,
    diff_hunk: '@@',
    line: outdated ? null : comment.line,
    original_line: comment.line,
    original_commit_id: comment.commit_id,
    commit_id: outdated ? comment.commit_id : pull.head,
    author_association: 'NONE',
    _links: {
      self: { href: 'https://github.test/' },
      html: { href: 'https://github.test/' },
      pull_request: { href: 'https://github.test/' }
    }
  }
}

const issueCommentJson = (comment: Pull['issueComments'][number]) => ({
  ...comment,
  node_id: `IC_${comment.id}`,
  url: 'https://github.test/comment',
  html_url: 'https://github.test/comment',
  issue_url: 'https://github.test/issue',
  author_association: 'NONE'
})

// ---------------------------------------------------------------- checks

function changeRun(run: CheckRun, body: Json): CheckRun {
  if (body.status === 'completed' && body.conclusion === undefined)
    throw invalid('Invalid request.\n\nconclusion is required when status is completed')
  const output = body.output as (Json & { annotations?: Json[] }) | undefined
  for (const annotation of output?.annotations ?? []) {
    const { start_line, end_line, start_column, end_column } = annotation as Record<string, number>
    if (!(start_line! >= 1) || end_line! < start_line!)
      throw invalid('annotations: end_line must not be before start_line')
    if ((start_column !== undefined || end_column !== undefined) && start_line !== end_line)
      throw invalid('annotations: columns need start_line and end_line to be equal')
    if (start_column !== undefined && end_column !== undefined && end_column < start_column)
      throw invalid('annotations: end_column must not be before start_column')
    sized('annotation title', annotation.title, 255)
    sized('annotation message', annotation.message, 65_536)
    sized('annotation raw_details', annotation.raw_details, 65_536)
    if (annotation.path === '' || String(annotation.path).startsWith('/'))
      throw invalid('annotations: path must be relative')
  }
  if (typeof body.name === 'string') run.name = body.name
  if (typeof body.external_id === 'string') run.external_id = body.external_id
  if (typeof body.details_url === 'string') run.details_url = body.details_url
  if (typeof body.status === 'string') run.status = body.status
  if (typeof body.conclusion === 'string') {
    run.conclusion = body.conclusion
    run.status = 'completed'
  }
  if (output) {
    run.output = {
      title: (output.title as string | undefined) ?? run.output.title,
      summary: (output.summary as string | undefined) ?? run.output.summary,
      text: (output.text as string | undefined) ?? run.output.text
    }
    // Every call appends.
    run.annotations.push(
      ...(output.annotations ?? []).map(each => ({
        title: null,
        raw_details: null,
        start_column: null,
        end_column: null,
        ...each
      }))
    )
  }
  return run
}

function checkRunJson(run: CheckRun): Json {
  const { annotations, output, ...rest } = run
  const app = { ...run.app, node_id: `A_${run.app.id}`, owner: null, permissions: {}, events: [] }
  return {
    ...rest,
    app: { ...app, description: null, owner: { login: 'github', id: 9919, type: 'Organization' } },
    node_id: `CR_${run.id}`,
    url: 'https://github.test/check',
    html_url: `https://github.test/runs/${run.id}`,
    started_at: '2026-11-20T12:00:00Z',
    completed_at: run.status === 'completed' ? '2026-11-20T12:00:00Z' : null,
    check_suite: null,
    pull_requests: [],
    output: { ...output, annotations_count: annotations.length, annotations_url: 'https://github.test/annotations' }
  }
}

// ---------------------------------------------------------------- commits

function commitJson(repo: Repository, sha: string): Json {
  const commit = repo.git.commitAt(sha)
  if (!commit) throw new Refusal(422, `No commit found for SHA: ${sha}`)
  return {
    sha,
    commit: { message: commit.message, tree: { sha: commit.tree } },
    author: { ...ownerJson(repo), type: 'User' },
    committer: { ...ownerJson(repo), type: 'User' },
    parents: commit.parents.map(parent => ({ sha: parent }))
  }
}

function filesJson(changes: ReturnType<Pull['changes']>): Json[] {
  return changes.map(({ path, previousPath, additions, deletions, ...rest }) => ({
    ...rest,
    filename: path,
    ...(previousPath && { previous_filename: previousPath }),
    additions,
    deletions,
    changes: additions + deletions
  }))
}
