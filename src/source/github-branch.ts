import { type Connection, type ConnectionOptions, connect, fieldOf, reasonOf } from './github-connection.js'
import { graphql } from './github-documents.js'
import { type Answer, type ClassicAnswer, failedAnswer, type RuleAnswer, type RulesetBypass } from './github-rules.js'

const PAGE = 100

export async function allRules(
  { octokit }: Connection,
  owner: string,
  repo: string,
  branch: string
): Promise<RuleAnswer[]> {
  const rules: RuleAnswer[] = []
  for (let page = 1; page <= 10; page++) {
    const { data } = await octokit.request('GET /repos/{owner}/{repo}/rules/branches/{branch}', {
      owner,
      repo,
      branch,
      per_page: PAGE,
      page
    })
    rules.push(...data)
    if (data.length < PAGE) break
  }
  return rules
}

export async function classicProtection(
  options: ConnectionOptions & { owner: string; repo: string; protectionToken?: string },
  connection: Connection,
  branch: string | undefined,
  shown: { protected: boolean } | undefined
): Promise<{ rule: Answer<ClassicAnswer>; bypass: RulesetBypass }> {
  const { owner, repo, protectionToken } = options
  const nothing: RulesetBypass = new Map()
  if (branch === undefined) return { rule: { unknown: 'no branch to ask for' }, bypass: nothing }
  if (!protectionToken) {
    const isOpen = !shown || shown.protected
    const rule = isOpen ? { unknown: "the job's token can never read it" } : { absent: 'no classic branch protection' }
    return { rule, bypass: nothing }
  }
  const admin = await connect({ ...options, token: protectionToken })
  const bypass = bypassSeenBy(admin, owner, repo).catch(() => nothing)
  if (shown && !shown.protected) return { rule: { absent: 'no classic branch protection' }, bypass: await bypass }
  try {
    const { data } = await admin.octokit.request('GET /repos/{owner}/{repo}/branches/{branch}/protection', {
      owner,
      repo,
      branch
    })
    return { rule: { data }, bypass: await bypass }
  } catch (error) {
    return { rule: failedAnswer(error, connection.host, 'administration: read'), bypass: await bypass }
  }
}

interface Reported {
  queue: Answer<boolean>
  bypass: RulesetBypass
  /** Contexts that do not come from GitHub Actions; undefined where they could not be read. */
  contexts?: string[]
}

/** The merge queue, and who reports on the last commits of the target branch: only GraphQL has both in one request. */
export async function reportedAt(
  connection: Connection,
  owner: string,
  repo: string,
  branch: string,
  commit: string
): Promise<Reported> {
  const query = `query($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) {
    mergeQueue(branch: ${JSON.stringify(branch)}) { id }
    ${BYPASS}
    object(oid: ${JSON.stringify(commit)}) {
      ...on Commit { history(first: 3) { nodes { statusCheckRollup { contexts(first: 100) { nodes {
        __typename
        ...on CheckRun { name checkSuite { app { slug } } }
        ...on StatusContext { context }
      } } } } } }
    }
  }
}`
  try {
    const { data, errors } = await graphql(connection, owner, repo, query)
    const repository = fieldOf(data, 'repository')
    const failed = (name: string) =>
      errors.find(error => !error.path || error.path.includes(name) || error.path.length < 2)
    const queueError = failed('mergeQueue')
    const contextError = failed('object')
    const commits = fieldOf(fieldOf(fieldOf(repository, 'object'), 'history'), 'nodes')
    return {
      queue: queueError ? { unknown: queueError.message } : { data: fieldOf(repository, 'mergeQueue') != null },
      bypass: failed('rulesets') ? new Map() : bypassListsOf(repository),
      ...(!contextError && Array.isArray(commits) && { contexts: externalOf(commits) })
    }
  } catch (error) {
    return { queue: { unknown: reasonOf(error, connection.host, 'contents: read') }, bypass: new Map() }
  }
}

/** Who may pass rulesets by, those of the organisation included. */
const BYPASS = `viewerCanAdminister
    rulesets(first: 50, includeParents: true) { nodes {
      databaseId name
      bypassActors(first: 50) { nodes {
        bypassMode deployKey enterpriseOwner organizationAdmin repositoryRoleName
        actor { __typename ...on App { slug } ...on Team { slug } }
      } }
    } }`

/** Asked again in the name of whoever may see more than the job's token. */
async function bypassSeenBy(connection: Connection, owner: string, repo: string): Promise<RulesetBypass> {
  const query = `query($owner: String!, $name: String!) { repository(owner: $owner, name: $name) { ${BYPASS} } }`
  const { data } = await graphql(connection, owner, repo, query)
  const repository = fieldOf(data, 'repository')
  const lists = bypassListsOf(repository)
  const [first, ...more] = rulesetsWithOtherModes(repository)
  if (first !== undefined) lists.set(first, await bypassOfRuleset(connection, owner, repo, first))
  // The branch may cost six requests. Of these lists it is unknown what they hold.
  for (const ruleset of more) lists.set(ruleset, undefined)
  return lists
}

/** GraphQL has no word for `exempt`, the mode that leaves no trace: such rulesets are read over REST. */
function rulesetsWithOtherModes(repository: unknown): number[] {
  return nodesOf(fieldOf(repository, 'rulesets')).flatMap(ruleset => {
    const id = fieldOf(ruleset, 'databaseId')
    const isOther = nodesOf(fieldOf(ruleset, 'bypassActors')).some(row => !modeOf(row))
    return typeof id === 'number' && isOther ? [id] : []
  })
}

async function bypassOfRuleset({ octokit }: Connection, owner: string, repo: string, ruleset_id: number) {
  const { data } = await octokit.request('GET /repos/{owner}/{repo}/rulesets/{ruleset_id}', { owner, repo, ruleset_id })
  if (!data.bypass_actors) return undefined
  const actors = data.bypass_actors.map(({ actor_type, actor_id, bypass_mode }) => ({
    who: `${ACTORS[actor_type] ?? actor_type.toLowerCase()}${actor_id ? ` ${actor_id}` : ''}`,
    mode: bypass_mode ?? 'always'
  }))
  return { name: data.name, actors }
}

const ACTORS: Record<string, string> = {
  Integration: 'app',
  OrganizationAdmin: 'organization owners',
  RepositoryRole: 'role',
  Team: 'team',
  DeployKey: 'deploy keys',
  User: 'user'
}

const nodesOf = (connection: unknown): unknown[] => {
  const nodes = fieldOf(connection, 'nodes')
  return Array.isArray(nodes) ? nodes : []
}

const MODES: Record<string, 'always' | 'pull_request'> = { ALWAYS: 'always', PULL_REQUEST: 'pull_request' }
const modeOf = (row: unknown) => MODES[String(fieldOf(row, 'bypassMode'))]

/** A list that comes empty is one only to those who administer the repository: others are shown none. */
function bypassListsOf(repository: unknown): RulesetBypass {
  const lists: RulesetBypass = new Map()
  const seesAll = fieldOf(repository, 'viewerCanAdminister') === true
  for (const ruleset of nodesOf(fieldOf(repository, 'rulesets'))) {
    const [id, name] = [fieldOf(ruleset, 'databaseId'), fieldOf(ruleset, 'name')]
    const rows = nodesOf(fieldOf(ruleset, 'bypassActors'))
    if (typeof id !== 'number' || (!rows.length && !seesAll)) continue
    const actors = rows.map(row => ({ who: whoOf(row), mode: modeOf(row) ?? ('always' as const) }))
    lists.set(id, { ...(typeof name === 'string' && { name }), actors })
  }
  return lists
}

function whoOf(row: unknown): string {
  if (fieldOf(row, 'deployKey') === true) return 'deploy keys'
  if (fieldOf(row, 'enterpriseOwner') === true) return 'enterprise owners'
  if (fieldOf(row, 'organizationAdmin') === true) return 'organization owners'
  const role = fieldOf(row, 'repositoryRoleName')
  if (typeof role === 'string') return `role ${role}`
  const [kind, slug] = [fieldOf(fieldOf(row, 'actor'), '__typename'), fieldOf(fieldOf(row, 'actor'), 'slug')]
  return typeof slug === 'string' ? `${kind === 'App' ? 'app' : 'team'} ${slug}` : 'somebody'
}

function externalOf(commits: unknown[]): string[] {
  const names = new Set<string>()
  for (const commit of commits) {
    for (const node of nodesOf(fieldOf(fieldOf(commit, 'statusCheckRollup'), 'contexts'))) {
      const isCheck = fieldOf(node, '__typename') === 'CheckRun'
      if (isCheck && fieldOf(fieldOf(fieldOf(node, 'checkSuite'), 'app'), 'slug') === 'github-actions') continue
      const name = fieldOf(node, isCheck ? 'name' : 'context')
      if (typeof name === 'string') names.add(name)
    }
  }
  return [...names]
}
