/** GraphQL over the same state: every document is validated against GitHub's official schema, then executed. */
import { readFileSync } from 'node:fs'
import { buildSchema, execute, GraphQLError, type GraphQLSchema, parse, validate } from 'graphql'
import type { CheckRun, Json, Repository, Status, Token, Vulnerability } from './state.js'

/** GitHub cuts a blob's text here. */
const MAX_TEXT = 512_000

let built: GraphQLSchema | undefined
function schema(): GraphQLSchema {
  const path = new URL('../../node_modules/@octokit/graphql-schema/schema.graphql', import.meta.url)
  built ??= buildSchema(readFileSync(path, 'utf8'), { assumeValidSDL: true })
  return built
}

interface World {
  token: Token
  find(owner: string, name: string): Repository | undefined
  may(repo: Repository, permission: string): boolean
  advisories: Vulnerability[]
}

/** The answer of `POST /graphql`, or what is wrong with the document. */
export async function answerGraphql(
  world: World,
  query: string,
  variables: Json
): Promise<{ wrong: string[]; answer: Json }> {
  const document = parse(query)
  const problems = validate(schema(), document)
  if (problems.length)
    return {
      wrong: problems.map(problem => problem.message),
      answer: { errors: problems.map(({ message }) => ({ message })) }
    }
  const result = await execute({
    schema: schema(),
    document,
    variableValues: variables,
    rootValue: {
      repository: ({ owner, name }: { owner: string; name: string }) => {
        const repo = world.find(owner, name)
        if (!repo) throw refused('NOT_FOUND', `Could not resolve to a Repository with the name '${owner}/${name}'.`)
        return repositoryOf(world, repo)
      },
      securityVulnerabilities: ({ ecosystem, package: name, first }: Json) => {
        const rows = world.advisories.filter(row => row.package === name && ecosystem === 'ACTIONS')
        return {
          totalCount: rows.length,
          ...page(rows, first),
          nodes: rows.slice(0, Number(first)).map(vulnerabilityOf)
        }
      }
    }
  })
  // A resolver that is missing here answers null for what must not be null: a fault of the stand-in, not of GitHub.
  const missing = (result.errors ?? []).filter(error => !error.extensions.type)
  const errors = result.errors?.map(({ message, path, extensions }) => ({ type: extensions.type, path, message }))
  return {
    wrong: missing.map(error => `stand-in: ${error.message}`),
    answer: { data: result.data ?? null, ...(errors?.length && { errors }) }
  }
}

const page = (rows: unknown[], first: unknown) => ({
  pageInfo: { hasNextPage: rows.length > Number(first), hasPreviousPage: false }
})

const vulnerabilityOf = ({ id, range, severity, fixed, withdrawn, ...row }: Vulnerability): Json => ({
  severity,
  vulnerableVersionRange: range,
  firstPatchedVersion: fixed === undefined ? null : { identifier: fixed },
  package: { ecosystem: 'ACTIONS', name: row.package },
  advisory: {
    ghsaId: id,
    summary: `${row.package} is open to attack`,
    withdrawnAt: withdrawn ? '2026-01-01T00:00:00Z' : null
  }
})

const refused = (type: string, message: string) => new GraphQLError(message, { extensions: { type } })

function repositoryOf(world: World, repo: Repository): Json {
  const forbid = (permission: string) => {
    if (!world.may(repo, permission)) throw refused('FORBIDDEN', 'Resource not accessible by integration')
  }
  const objectOf = (sha: string | undefined): unknown => {
    const object = sha === undefined ? undefined : repo.git.objects.get(sha)
    if (!object || !sha) return null
    if (object.type === 'blob') return blobOf(sha, object.bytes)
    if (object.type === 'tree') return { __typename: 'Tree', oid: sha }
    if (object.type === 'tag')
      return { __typename: 'Tag', oid: sha, name: object.name, target: commitOf(object.target) }
    return commitOf(sha)
  }
  const commitOf = (sha: string): Json => ({
    __typename: 'Commit',
    oid: sha,
    history: ({ first = 30 }: { first?: number }) => {
      const commits = repo.git.ancestors(sha)
      return { totalCount: commits.length, nodes: commits.slice(0, first).map(commitOf) }
    },
    statusCheckRollup: () => {
      forbid('checks=read')
      const runs = repo.checkRuns.filter(run => run.head_sha === sha).map(checkRunOf)
      const statuses = repo.statuses.filter(status => status.sha === sha).map(statusOf)
      const nodes = [...runs, ...statuses]
      return nodes.length
        ? {
            state: 'SUCCESS',
            contexts: ({ first = 30 }) => ({ totalCount: nodes.length, nodes: nodes.slice(0, first) })
          }
        : null
    }
  })
  const refOf = ({ prefix, name, sha }: { prefix: string; name: string; sha: string }): Json => ({
    __typename: 'Ref',
    id: `REF_${prefix}${name}`,
    prefix,
    name,
    target: () => objectOf(sha),
    compare: ({ headRef }: { headRef: string }) => {
      const [from, to] = [repo.git.peeled(sha), repo.resolve(headRef)]
      if (!to || !repo.git.mergeBase(from, to)) return null
      const ours = new Set(repo.git.ancestors(from))
      const aheadBy = repo.git.ancestors(to).filter(each => !ours.has(each)).length
      return { __typename: 'Comparison', id: 'C', aheadBy }
    }
  })
  const refAt = (wanted: string): Json | null => {
    forbid('contents=read')
    const find = (full: string) =>
      ['refs/heads/', 'refs/tags/']
        .flatMap(prefix => repo.refsUnder(prefix))
        .find(ref => ref.prefix + ref.name === full)
    // What no ref is called in full is taken for a short name.
    const found = find(wanted) ?? find(`refs/heads/${wanted}`) ?? find(`refs/tags/${wanted}`)
    return found ? refOf(found) : null
  }
  return {
    __typename: 'Repository',
    isArchived: repo.archived,
    defaultBranchRef: () => refAt(`refs/heads/${repo.branch}`),
    ref: ({ qualifiedName }: { qualifiedName: string }) => refAt(qualifiedName),
    refs: ({ refPrefix, first, orderBy }: Json) => {
      forbid('contents=read')
      const rows = repo.refsUnder(String(refPrefix))
      if (orderBy) rows.reverse()
      return { totalCount: rows.length, ...page(rows, first), nodes: rows.slice(0, Number(first)).map(refOf) }
    },
    name: repo.name,
    nameWithOwner: repo.fullName,
    isPrivate: repo.isPrivate,
    object({ oid, expression }: { oid?: string; expression?: string }) {
      forbid('contents=read')
      if (oid) return objectOf(oid)
      const colon = expression?.indexOf(':') ?? -1
      const name = colon < 0 ? (expression ?? '') : expression!.slice(0, colon)
      const commit = repo.resolve(name)
      if (!commit) return null
      // Only the name alone is the tag itself.
      const tag = repo.refs.get(`refs/tags/${name}`)
      if (colon < 0 && tag && tag !== commit) return objectOf(tag)
      return objectOf(colon < 0 ? commit : repo.git.filesOf(commit).get(expression!.slice(colon + 1))?.sha)
    },
    viewerCanAdminister: world.token.permissions.administration === 'write',
    rulesets: () => ({
      totalCount: repo.rulesets.length,
      nodes: repo.rulesets.map(({ id, name, bypass }) => ({
        __typename: 'RepositoryRuleset',
        id: `RRS_${id}`,
        databaseId: id,
        name,
        // Shown to those who may write the ruleset; to others the list looks empty.
        bypassActors: () => ({ nodes: world.token.permissions.administration === 'write' ? bypass.map(actorOf) : [] })
      }))
    }),
    mergeQueue: ({ branch }: { branch?: string }) =>
      repo.queues.has(branch ?? repo.branch) ? { __typename: 'MergeQueue', id: `MQ_${repo.id}` } : null
  }
}

function actorOf({ actor_id, actor_type, bypass_mode }: Json): Json {
  const roles: Record<number, string> = { 2: 'maintain', 4: 'write', 5: 'admin' }
  const isApp = actor_type === 'Integration'
  return {
    __typename: 'RepositoryRulesetBypassActor',
    id: `RBA_${actor_id}`,
    // The official enumeration has no word for it.
    bypassMode: bypass_mode === 'exempt' ? null : String(bypass_mode).toUpperCase(),
    deployKey: actor_type === 'DeployKey',
    enterpriseOwner: false,
    organizationAdmin: actor_type === 'OrganizationAdmin',
    repositoryRoleName: actor_type === 'RepositoryRole' ? (roles[Number(actor_id)] ?? 'custom') : null,
    actor:
      isApp || actor_type === 'Team'
        ? { __typename: isApp ? 'App' : 'Team', id: `A_${actor_id}`, slug: `${isApp ? 'app' : 'team'}-${actor_id}` }
        : null
  }
}

function blobOf(sha: string, bytes: Buffer): Json {
  const isBinary = bytes.subarray(0, 8000).includes(0)
  const isTruncated = bytes.length > MAX_TEXT
  const text = isBinary ? null : bytes.subarray(0, MAX_TEXT).toString()
  return { __typename: 'Blob', id: `B_${sha}`, oid: sha, byteSize: bytes.length, isBinary, isTruncated, text }
}

const checkRunOf = (run: CheckRun): Json => ({
  __typename: 'CheckRun',
  id: `CR_${run.id}`,
  databaseId: run.id,
  name: run.name,
  status: run.status.toUpperCase(),
  conclusion: run.conclusion?.toUpperCase() ?? null,
  checkSuite: { id: `CS_${run.app.id}`, app: { ...run.app, databaseId: run.app.id } }
})

const statusOf = (status: Status): Json => ({
  __typename: 'StatusContext',
  id: `SC_${status.id}`,
  context: status.context,
  state: status.state.toUpperCase()
})
