/** What the stand-in remembers: repositories, pull requests, rules, reports, tokens. */
import { type Change, type Entry, type Files, Git } from './git.js'

export type Json = Record<string, unknown>
export type Level = 'none' | 'read' | 'write'

export interface Token {
  secret: string
  /** `actions`: the job's own; `app`, `fine-grained` and `classic` as GitHub calls them. */
  kind: 'actions' | 'app' | 'fine-grained' | 'classic'
  permissions: Record<string, Level>
  /** Of a run for a fork: read-only whatever its permissions say. */
  fork: boolean
  /** Repositories it sees; undefined = all. */
  repositories?: string[]
  limit: number
  used: number
  /** Epoch seconds. */
  reset: number
}

/** The classic rule of a branch, in the words of `GET branches/{branch}/protection`. */
export interface Classic extends Json {
  required_status_checks?: { strict?: boolean; checks: { context: string; app_id: number | null }[] }
  required_pull_request_reviews?: Json
  required_conversation_resolution?: { enabled: boolean }
}
export interface Ruleset {
  id: number
  name: string
  target: 'branch' | 'tag'
  enforcement: 'active' | 'evaluate' | 'disabled'
  source: 'Repository' | 'Organization'
  branches: string[]
  rules: { type: string; parameters?: Json }[]
  bypass: Json[]
}
export interface CheckRun {
  id: number
  name: string
  head_sha: string
  status: string
  conclusion: string | null
  app: { id: number; slug: string; name: string }
  external_id: string
  details_url: string | null
  output: { title: string | null; summary: string | null; text: string | null }
  annotations: Json[]
}
export interface Status {
  id: number
  sha: string
  state: string
  context: string
  description: string | null
  target_url: string | null
}
export interface Review {
  id: number
  user: User
  body: string
  state: string
  commit_id: string
}
export interface ReviewComment {
  id: number
  review: number
  user: User
  path: string
  body: string
  line: number
  side: 'LEFT' | 'RIGHT'
  start_line?: number
  commit_id: string
}
export interface User {
  login: string
  id: number
  type: 'User' | 'Bot'
}
/** A row of the advisory database about an action. */
export interface Vulnerability {
  package: string
  id: string
  range: string
  severity: 'LOW' | 'MODERATE' | 'HIGH' | 'CRITICAL'
  fixed?: string
  withdrawn?: boolean
}
export interface IssueComment {
  id: number
  user: User
  body: string
}

let ids = 100
export const nextId = () => ++ids

export class Repository {
  readonly id = nextId()
  readonly git = new Git()
  readonly refs = new Map<string, string>()
  readonly pulls: Pull[] = []
  readonly classic = new Map<string, Classic>()
  readonly rulesets: Ruleset[] = []
  readonly checkRuns: CheckRun[] = []
  readonly statuses: Status[] = []
  readonly queues = new Set<string>()
  /** A recursive tree with more entries than this comes back cut. */
  treeLimit = 100_000
  /** Rules do not exist on this plan: GitHub says so with 403. */
  freePlan = false
  archived = false

  constructor(
    public owner: string,
    public name: string,
    readonly isPrivate: boolean,
    readonly branch: string
  ) {}

  get fullName(): string {
    return `${this.owner}/${this.name}`
  }

  /** Commits these files, and nothing else, onto a branch; returns the commit. */
  commit(
    files: Files,
    { branch = this.branch, message = 'Change', parents = undefined as string[] | undefined } = {}
  ): string {
    return this.#put(this.git.entries(files), branch, message, parents)
  }

  /** Commits changes onto a branch: files to write, undefined to delete. */
  push(branch: string, changes: Record<string, Files[string] | undefined>, message = 'Change'): string {
    const tip = this.refs.get(branch)
    const entries = new Map(tip ? this.git.filesOf(tip) : [])
    const written = Object.entries(changes).filter((row): row is [string, Files[string]] => row[1] !== undefined)
    for (const path of Object.keys(changes)) entries.delete(path)
    for (const [path, entry] of this.git.entries(Object.fromEntries(written))) entries.set(path, entry)
    return this.#put(entries, branch, message)
  }

  #put(entries: Map<string, Entry>, branch: string, message: string, parents?: string[]): string {
    const tip = this.refs.get(branch)
    const sha = this.git.commit(entries, parents ?? (tip ? [tip] : []), message)
    this.refs.set(branch, sha)
    return sha
  }

  /** Names a commit besides by its id. */
  tag(name: string, sha = this.refs.get(this.branch)!, { annotated = false } = {}): void {
    this.refs.set(`refs/tags/${name}`, annotated ? this.git.tag(name, sha) : sha)
  }

  /** A commit that somebody pushed to a fork: its id leads to it here, and no branch or tag does. */
  forkCommit(files: Files, parent = this.refs.get(this.branch)): string {
    return this.git.commit(this.git.entries(files), parent ? [parent] : [], 'Change')
  }

  /** Branches and tags as refs, in the order in which they were made. */
  refsUnder(prefix: string): { prefix: string; name: string; sha: string }[] {
    return [...this.refs].flatMap(([key, sha]) => {
      // Heads of forks are kept beside ours.
      if (key.startsWith('fork/')) return []
      const full = key.startsWith('refs/') ? key : `refs/heads/${key}`
      return full.startsWith(prefix) ? [{ prefix, name: full.slice(prefix.length), sha }] : []
    })
  }

  /**
   * Opens a pull request: its head is the target branch's tip (or `from`) with `head` written over it, undefined to
   * delete. `base`, where given, becomes the whole of the target branch first.
   */
  pull(options: PullOptions): Pull {
    const ref = options.baseRef ?? this.branch
    if (options.base) this.commit(options.base, { branch: ref })
    const number = this.pulls.length + 1
    const from = options.from ?? this.refs.get(ref)
    if (!from) throw new Error(`no branch ${ref}`)
    const headRef = options.headRef ?? `change-${number}`
    const key = options.fromFork ? `fork/${headRef}` : headRef
    this.refs.set(key, from)
    this.push(key, options.head, options.title)
    const pull = new Pull(this, number, ref, this.refs.get(ref)!, key, headRef, options)
    this.pulls.push(pull)
    return pull
  }

  /** The classic rule of a branch. */
  protect(branch: string, rule: Classic = {}): void {
    this.classic.set(branch, rule)
  }

  ruleset(ruleset: Partial<Ruleset> & Pick<Ruleset, 'rules'>): Ruleset {
    const made: Ruleset = {
      id: nextId(),
      name: 'rules',
      target: 'branch',
      enforcement: 'active',
      source: 'Repository',
      branches: [this.branch],
      bypass: [],
      ...ruleset
    }
    this.rulesets.push(made)
    return made
  }

  /** A check that some app reported. */
  checkRun(sha: string, name: string, app = { id: 15368, slug: 'github-actions', name: 'GitHub Actions' }): CheckRun {
    const run: CheckRun = {
      id: nextId(),
      name,
      head_sha: sha,
      status: 'completed',
      conclusion: 'success',
      app,
      external_id: '',
      details_url: null,
      output: { title: null, summary: null, text: null },
      annotations: []
    }
    this.checkRuns.push(run)
    return run
  }

  status(sha: string, context: string, state = 'success'): Status {
    const status = { id: nextId(), sha, state, context, description: null, target_url: null }
    this.statuses.push(status)
    return status
  }

  /** The commit that a name, a tag or an id stands for. */
  resolve(name: string): string | undefined {
    const plain = name.replace(/^refs\/heads\//, '')
    const sha = this.refs.get(`refs/tags/${plain}`) ?? this.refs.get(plain) ?? name
    const commit = this.git.peeled(sha)
    return this.git.commitAt(commit) ? commit : undefined
  }

  rulesOf(branch: string): { type: string; ruleset: Ruleset; parameters?: Json }[] {
    return this.rulesets
      .filter(each => each.enforcement === 'active' && each.target === 'branch' && each.branches.includes(branch))
      .flatMap(ruleset => ruleset.rules.map(rule => ({ ...rule, ruleset })))
  }
}

export interface PullOptions {
  base?: Files
  head: Record<string, Files[string] | undefined>
  /** Target branch; default the repository's. */
  baseRef?: string
  headRef?: string
  /** Commit to branch off, where that is not the tip. */
  from?: string
  fromFork?: boolean
  /** The fork is gone: `head.repo` is null. */
  forkDeleted?: boolean
  draft?: boolean
  title?: string
  author?: string
  /** Paths whose patch GitHub does not show, as for large files. */
  withoutPatch?: string[]
}

export class Pull {
  readonly id = nextId()
  readonly reviews: Review[] = []
  readonly comments: ReviewComment[] = []
  readonly issueComments: IssueComment[] = []
  state: 'open' | 'closed' = 'open'
  locked = false

  constructor(
    readonly repo: Repository,
    readonly number: number,
    readonly baseRef: string,
    /** Tip of the target branch when it was opened: `base.sha` of the events. */
    readonly baseSha: string,
    readonly key: string,
    readonly headRef: string,
    readonly options: PullOptions
  ) {}

  get head(): string {
    return this.repo.refs.get(this.key)!
  }

  get author(): User {
    return { login: this.options.author ?? 'octocat', id: 583231, type: 'User' }
  }

  get fromFork(): boolean {
    return this.options.fromFork ?? false
  }

  /** Moves the head on. */
  push(changes: Record<string, Files[string] | undefined>): string {
    return this.repo.push(this.key, changes)
  }

  /** Takes the head commit away, as when a fork's objects are pruned. */
  lose(): void {
    this.repo.git.objects.delete(this.head)
  }

  changes(at = this.head, base = this.repo.refs.get(this.baseRef)!): Change[] {
    return changesOf(this.repo, base, at, this.options.withoutPatch)
  }

  /** As the API and the events have it. */
  get json(): Json {
    const { repo } = this
    const fork = {
      ...repositoryJson(repo),
      id: repo.id + 1_000_000,
      fork: true,
      full_name: `${this.author.login}/${repo.name}`
    }
    const headRepo = this.options.forkDeleted ? null : this.fromFork ? fork : repositoryJson(repo)
    return {
      id: this.id,
      number: this.number,
      node_id: `PR_${this.id}`,
      url: `https://github.test/pulls/${this.number}`,
      html_url: `https://github.test/${repo.fullName}/pull/${this.number}`,
      state: this.state,
      locked: this.locked,
      draft: this.options.draft ?? false,
      title: this.options.title ?? 'A change',
      body: null,
      user: this.author,
      labels: [],
      merged: false,
      mergeable: true,
      mergeable_state: 'clean',
      author_association: this.fromFork ? 'CONTRIBUTOR' : 'MEMBER',
      head: {
        label: `${this.author.login}:${this.headRef}`,
        ref: this.headRef,
        sha: this.head,
        user: this.author,
        repo: headRepo
      },
      base: {
        label: `${repo.owner}:${this.baseRef}`,
        ref: this.baseRef,
        sha: this.baseSha,
        user: ownerJson(repo),
        repo: repositoryJson(repo)
      }
    }
  }

  /** Payload of a `pull_request` or `pull_request_target` event. */
  event(action = 'opened'): Json {
    return {
      action,
      number: this.number,
      pull_request: this.json,
      repository: repositoryJson(this.repo),
      sender: this.author
    }
  }

  /** Payload of a `merge_group` event: this pull request alone on the tip of its target. */
  mergeGroup(): Json {
    const base = this.repo.refs.get(this.baseRef)!
    const ref = `gh-readonly-queue/${this.baseRef}/pr-${this.number}-${base}`
    const sha = this.repo.git.commit(this.repo.git.filesOf(this.head), [base, this.head], 'Merge')
    this.repo.refs.set(ref, sha)
    return {
      action: 'checks_requested',
      merge_group: {
        head_sha: sha,
        head_ref: `refs/heads/${ref}`,
        base_sha: base,
        base_ref: `refs/heads/${this.baseRef}`,
        head_commit: { id: sha }
      },
      repository: repositoryJson(this.repo),
      sender: this.author
    }
  }
}

/** What GitHub shows of the changes from the merge base to a commit. */
export function changesOf(repo: Repository, base: string, head: string, withoutPatch: string[] = []): Change[] {
  const from = repo.git.mergeBase(base, head)
  if (!from) return []
  return repo.git.changes(from, head).map(change => {
    const hidden = withoutPatch.includes(change.path) || change.additions + change.deletions > 20_000
    const { patch, ...rest } = change
    return hidden || patch === undefined ? rest : { ...rest, patch }
  })
}

export const ownerJson = (repo: Repository) => ({ login: repo.owner, id: 9919, type: 'Organization' })

export function repositoryJson(repo: Repository): Json {
  return {
    id: repo.id,
    node_id: `R_${repo.id}`,
    name: repo.name,
    full_name: repo.fullName,
    private: repo.isPrivate,
    fork: false,
    visibility: repo.isPrivate ? 'private' : 'public',
    default_branch: repo.branch,
    owner: ownerJson(repo),
    html_url: `https://github.test/${repo.fullName}`
  }
}
