import type { Advisory, Fact, Known, Unread, UsedFacts } from '../model.js'
import { fieldOf, type GraphqlError } from './github-connection.js'
import type { Ask, Question, Reply } from './github-documents.js'
import { type Use, useOf } from './github-texts.js'

/** Distinct references that are looked at: who names more of them pays for nothing but being told so. */
const MAX_USES = 50
/** Words of comments that are looked up for one reference. */
const MAX_NAMED = 3
/** Newest tags that are seen of a repository, and the branches and tags that one commit is held against. */
const TAGS = 100
const ADVISORIES = 50
/** Commits that are held against every branch and tag, at a request each. */
const MAX_WALKS = 3
/** Milliseconds for all of it: facts are worth no longer wait. */
const MAX_TIME = 15_000

interface Wanted extends Use {
  /** `owner/name` and, where there is one, the path behind it. */
  packages: string[]
  named: string[]
}
interface Asked {
  facts: Map<string, UsedFacts>
  unread: Unread[]
}

/**
 * What GitHub knows of what is used beside its text: one question a repository, in the documents that ask for the texts.
 * Commits that no tag and no default branch explains are held against the latter in a second document, and a few of them
 * against every branch and tag.
 */
export async function factsOf(ask: Ask, uses: Map<string, string[]>, about: Fact[]): Promise<Asked> {
  const all = [...uses].flatMap(([written, named]) => wantedOf(written, named))
  const wanted = all.slice(0, MAX_USES)
  const lookup: Lookup = { ask: inTime(ask), about, wanted, facts: new Map(), tips: new Map(), failures: [] }
  // Both at once, so that they share documents.
  const [advisories] = await Promise.all([askAdvisories(lookup), askRepositories(lookup)])
  const { facts, failures } = lookup
  for (const use of wanted) {
    const known = facts.get(use.written)
    const told = known && toldOf(use, known, advisories)
    if (told) known.advisories = told
  }
  const unread: Unread[] = []
  if (all.length > wanted.length)
    unread.push({
      what: `what GitHub knows of ${all.length - wanted.length} of ${all.length} actions (${all[MAX_USES]!.written}, …)`,
      reason: `no more than ${MAX_USES} are looked up`
    })
  if (failures.length)
    unread.push({
      what: 'what GitHub knows of the actions that are used (tags, archives, advisories)',
      reason: failures[0]!
    })
  if (about.includes('reach')) unread.push(...(await reach(lookup)))
  return { facts, unread }
}

/** One call of `factsOf` on its way. */
interface Lookup {
  ask: Ask
  about: Fact[]
  wanted: Wanted[]
  facts: Map<string, UsedFacts>
  /** Tips of default branches, by repository. */
  tips: Map<string, string>
  failures: string[]
}

async function askRepositories({ ask, about, wanted, facts, tips, failures }: Lookup): Promise<void> {
  const byRepository = new Map<string, Wanted[]>()
  for (const use of wanted) {
    const group = byRepository.get(use.repository)
    if (group) group.push(use)
    else byRepository.set(use.repository, [use])
  }
  const all = [...byRepository].map(async ([repository, group]) => {
    const { answer, errors, failed } = await ask(repositoryQuestion(group, about))
    if (!isObject(answer)) {
      // A repository out of sight is told with its text.
      const isOutOfSight = errors.length > 0 && errors.every(error => error.type === 'NOT_FOUND')
      if (!isOutOfSight) failures.push(failed ?? errors[0]?.message ?? 'no answer')
      return
    }
    group.forEach((use, i) => {
      facts.set(use.written, usedFacts(use, i, answer, errors))
    })
    const tip = fieldOf(fieldOf(fieldOf(answer, 'defaultBranchRef'), 'target'), 'oid')
    if (typeof tip === 'string') tips.set(repository, tip)
  })
  await Promise.all(all)
}

async function askAdvisories({ ask, about, wanted, failures }: Lookup): Promise<Map<string, Advisory[]>> {
  const advisories = new Map<string, Advisory[]>()
  if (!about.includes('advisories')) return advisories
  const names = [...new Set(wanted.flatMap(use => use.packages))]
  await Promise.all(
    names.map(async name => {
      const { answer, errors, failed } = await ask(advisoryQuestion(name))
      const found = advisoriesIn(answer)
      if (found) advisories.set(name, found)
      else failures.push(failed ?? errors[0]?.message ?? 'no answer')
    })
  )
  return advisories
}

/** Advisories on what is used; undefined where there may be more than those that were told. */
function toldOf(use: Wanted, known: UsedFacts, advisories: Map<string, Advisory[]>): Advisory[] | undefined {
  const found = use.packages.map(name => advisories.get(name))
  const some = found.flatMap(each => each ?? [])
  // Under its old name alone, nobody can tell what is known of the new one.
  const isRenamed = known.repository.toLowerCase() !== use.repository.toLowerCase()
  return some.length || (!isRenamed && found.every(each => each)) ? some : undefined
}

function wantedOf(written: string, named: string[]): Wanted[] {
  const use = useOf(written)
  if (!use) return []
  const [action = ''] = written.split('@', 1)
  return [{ ...use, packages: [...new Set([use.repository, action])], named: named.slice(0, MAX_NAMED) }]
}

function inTime(ask: Ask): Ask {
  const deadline = Date.now() + MAX_TIME
  return async question => {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<Reply>(resolve => {
      const answer = { answer: undefined, errors: [], failed: `no answer within ${MAX_TIME / 1000} s` }
      timer = setTimeout(() => resolve(answer), Math.max(0, deadline - Date.now()))
    })
    const first = await Promise.race([ask(question), late])
    clearTimeout(timer)
    return first
  }
}

// ---------------------------------------------------------------- questions

const quoted = (text: string) => JSON.stringify(text)

function head({ repository }: Use): string {
  const [owner = '', name = ''] = repository.split('/')
  return `repository(owner: ${quoted(owner)}, name: ${quoted(name)})`
}

function repositoryQuestion(group: Wanted[], about: Fact[]): Question {
  const fields = ['nameWithOwner', 'isArchived', 'defaultBranchRef { target { oid } }']
  // Which version a commit is decides on advisories too.
  const tags = about.some(fact => fact !== 'archived')
  if (tags) fields.push(`tags: ${newest('...Target')}`)
  group.forEach((use, i) => {
    if (!tags) return
    const ref = (alias: string, name: string) => `${alias}: ref(qualifiedName: ${quoted(name)}) { ...Target }`
    if (isCommit(use.ref))
      use.named.forEach((name, j) => {
        fields.push(ref(`t${i}_${j}`, `refs/tags/${name}`), ref(`b${i}_${j}`, `refs/heads/${name}`))
        if (/^\d/.test(name)) fields.push(ref(`v${i}_${j}`, `refs/tags/v${name}`))
      })
    else if (!use.ref.startsWith('refs/'))
      fields.push(ref(`t${i}`, `refs/tags/${use.ref}`), ref(`b${i}`, `refs/heads/${use.ref}`))
  })
  return {
    ours: false,
    optional: true,
    text: `${head(group[0]!)} {\n${fields.join('\n')}\n}`,
    objects: 1 + group.length,
    bytes: 500 + (tags ? TAGS * 150 : 0)
  }
}

const newest = (what: string) =>
  `refs(refPrefix: "refs/tags/", first: ${TAGS}, orderBy: { field: TAG_COMMIT_DATE, direction: DESC }) { pageInfo { hasNextPage } nodes { ${what} } }`

const advisoryQuestion = (name: string): Question => ({
  ours: false,
  optional: true,
  text: `securityVulnerabilities(ecosystem: ACTIONS, package: ${quoted(name)}, first: ${ADVISORIES}) { nodes { severity vulnerableVersionRange firstPatchedVersion { identifier } advisory { ghsaId summary withdrawnAt } } }`,
  objects: 1,
  bytes: 2000
})

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
const isCommit = (ref: string) => /^[0-9a-f]{40}$/i.test(ref)

// ---------------------------------------------------------------- answers

function usedFacts(use: Wanted, index: number, answer: object, errors: GraphqlError[]): UsedFacts {
  const name = fieldOf(answer, 'nameWithOwner')
  const isArchived = fieldOf(answer, 'isArchived')
  const isHidden = (alias: string) => errors.some(error => error.path?.[1] === alias)
  const rows = nodesOf(fieldOf(answer, 'tags')).flatMap(ref => {
    const sha = shaOf(ref)
    const tag = fieldOf(ref, 'name')
    return typeof tag === 'string' && sha !== undefined ? [{ tag, sha }] : []
  })
  const has = (alias: string, prefix: string, wanted: string): Known => {
    if (fieldOf(answer, alias) === undefined || isHidden(alias)) return 'unknown'
    return refNamed(fieldOf(answer, alias), prefix, wanted) ? 'yes' : 'no'
  }
  const isPinned = isCommit(use.ref)
  const tag = isPinned ? 'unknown' : has(`t${index}`, 'refs/tags/', use.ref)
  const branch = isPinned ? 'unknown' : has(`b${index}`, 'refs/heads/', use.ref)
  const at = tag === 'yes' ? `t${index}` : branch === 'yes' ? `b${index}` : undefined
  const sha = isPinned ? use.ref.toLowerCase() : at && shaOf(fieldOf(answer, at))
  const named = use.named.flatMap((name, j) => {
    if (!isPinned || fieldOf(answer, `t${index}_${j}`) === undefined || isHidden(`t${index}_${j}`)) return []
    const ref =
      refNamed(fieldOf(answer, `t${index}_${j}`), 'refs/tags/', name) ??
      refNamed(fieldOf(answer, `v${index}_${j}`), 'refs/tags/', `v${name}`) ??
      refNamed(fieldOf(answer, `b${index}_${j}`), 'refs/heads/', name)
    const sha = shaOf(ref)
    return [{ name, ...(sha !== undefined && { sha }) }]
  })
  // A comment may name a tag that is older than those that were seen.
  const known = [...rows, ...tagsIn(answer, index, use)]
  return {
    repository: typeof name === 'string' ? name : use.repository,
    archived: typeof isArchived === 'boolean' ? (isArchived ? 'yes' : 'no') : 'unknown',
    tag,
    branch,
    ...(sha !== undefined && { sha }),
    tags: sha === undefined ? [] : [...new Set(known.filter(row => row.sha === sha).map(row => row.tag))],
    allTags: fieldOf(fieldOf(fieldOf(answer, 'tags'), 'pageInfo'), 'hasNextPage') === false,
    named,
    reachable: 'unknown'
  }
}

function tagsIn(answer: object, index: number, use: Wanted): { tag: string; sha: string }[] {
  const aliases = [`t${index}`, ...use.named.flatMap((_, j) => [`t${index}_${j}`, `v${index}_${j}`])]
  return aliases.flatMap(alias => {
    const ref = fieldOf(answer, alias)
    const [sha, tag] = [shaOf(ref), fieldOf(ref, 'name')]
    return sha !== undefined && typeof tag === 'string' && fieldOf(ref, 'prefix') === 'refs/tags/' ? [{ tag, sha }] : []
  })
}

/** GitHub falls back to short names, so that a branch called `refs/tags/v1` might answer for the tag. */
const refNamed = (ref: unknown, prefix: string, name: string): unknown =>
  fieldOf(ref, 'prefix') === prefix && fieldOf(ref, 'name') === name ? ref : undefined

function nodesOf(connection: unknown): unknown[] {
  const nodes = fieldOf(connection, 'nodes')
  return Array.isArray(nodes) ? nodes : []
}

/** The commit of a ref; that of an annotated tag is one step further. */
function shaOf(ref: unknown): string | undefined {
  const target = fieldOf(ref, 'target')
  const sha = fieldOf(fieldOf(target, 'target'), 'oid') ?? fieldOf(target, 'oid')
  return typeof sha === 'string' ? sha : undefined
}

function advisoriesIn(answer: unknown): Advisory[] | undefined {
  if (!Array.isArray(fieldOf(answer, 'nodes'))) return undefined
  return nodesOf(answer).flatMap((node): Advisory[] => {
    const advisory = fieldOf(node, 'advisory')
    const [id, range, summary] = [
      fieldOf(advisory, 'ghsaId'),
      fieldOf(node, 'vulnerableVersionRange'),
      fieldOf(advisory, 'summary')
    ]
    if (typeof id !== 'string' || typeof range !== 'string' || fieldOf(advisory, 'withdrawnAt')) return []
    const grade = String(fieldOf(node, 'severity')).toLowerCase()
    const severity = SEVERITIES.find(each => each === grade)
    const fixed = fieldOf(fieldOf(node, 'firstPatchedVersion'), 'identifier')
    return [
      {
        id,
        range,
        ...(severity && { severity }),
        ...(typeof summary === 'string' && { summary }),
        ...(typeof fixed === 'string' && { fixed })
      }
    ]
  })
}
const SEVERITIES = ['low', 'moderate', 'high', 'critical'] as const

// ---------------------------------------------------------------- commits of nobody

/** A commit of a repository, and the facts of everything that is used at it. */
interface Commit {
  use: Wanted
  all: UsedFacts[]
}

/** Finds out whether commits are part of their repositories; what stays open is told in one row. */
async function reach({ ask, wanted, facts, tips }: Lookup): Promise<Unread[]> {
  const commits = unexplained(wanted, facts, tips)
  const reasons: string[] = []
  const apart = await Promise.all(
    commits.map(async ({ use, all }) => {
      const object = `object(oid: ${quoted(use.ref.toLowerCase())}) { oid }`
      const text = `${head(use)} { ${object} defaultBranchRef { ${heldAgainst(use)} } }`
      const { answer, errors, failed } = await ask({ ours: false, optional: true, text, objects: 4, bytes: 500 })
      const has = containsIn(fieldOf(answer, 'defaultBranchRef'))
      if (has === 'yes') settle(all, has)
      // A commit that is not there at all is told with its text.
      const isMissing = isObject(answer) && fieldOf(answer, 'object') === null
      if (has === 'unknown' && !isMissing) reasons.push(failed ?? errors[0]?.message ?? 'GitHub does not compare it')
      return has === 'no'
    })
  )
  const open = commits.filter((_, i) => apart[i])
  await Promise.all(
    open.slice(0, MAX_WALKS).map(async ({ use, all }) => {
      const against = `prefix name ${heldAgainst(use)}`
      const branches = `refs(refPrefix: "refs/heads/", first: ${TAGS}) { pageInfo { hasNextPage } nodes { ${against} } }`
      const text = `${head(use)} { branches: ${branches} tags: ${newest(against)} }`
      // As much as a document holds: each is a request of its own.
      const question = { ours: false, optional: true, text, objects: TAGS * 2, bytes: 20_000 }
      const { answer, errors, failed } = await ask(question)
      const has = isObject(answer) && !errors.length ? reachIn(answer) : 'unknown'
      settle(all, has)
      if (has === 'unknown') reasons.push(failed ?? errors[0]?.message ?? `it has more than ${TAGS} branches or tags`)
    })
  )
  if (open.length > MAX_WALKS) reasons.push(`no more than ${MAX_WALKS} are held against all branches and tags`)
  const [first, ...more] = commits.filter(({ all }) => all[0]!.reachable === 'unknown')
  if (!first || !reasons.length) return []
  const what = more.length ? `${more.length + 1} commits are` : 'a commit is'
  const named = more.length ? `${first.use.written}, …` : first.use.written
  return [{ what: `whether ${what} on a branch of the repository (${named})`, reason: reasons[0]! }]
}

/** The commits that no tag, comment or tip of a default branch explains; the others are settled. */
function unexplained(wanted: Wanted[], facts: Map<string, UsedFacts>, tips: Map<string, string>): Commit[] {
  // Paths of one repository at one commit are one question.
  const commits = new Map<string, Commit>()
  for (const use of wanted) {
    const known = facts.get(use.written)
    if (!known?.sha || !isCommit(use.ref)) continue
    const isNamed = known.tags.length > 0 || known.named.some(({ sha }) => sha === known.sha)
    if (isNamed || tips.get(use.repository) === known.sha) {
      known.reachable = 'yes'
      continue
    }
    const key = `${use.repository}@${known.sha}`
    const commit = commits.get(key)
    if (commit) commit.all.push(known)
    else commits.set(key, { use, all: [known] })
  }
  return [...commits.values()]
}

function settle(all: UsedFacts[], reachable: Known): void {
  for (const known of all) known.reachable = reachable
}

const heldAgainst = ({ ref }: Use) => `compare(headRef: ${quoted(ref.toLowerCase())}) { aheadBy }`

/** A branch or tag that a commit is not ahead of contains it. */
function containsIn(ref: unknown): Known {
  const ahead = fieldOf(fieldOf(ref, 'compare'), 'aheadBy')
  return typeof ahead !== 'number' ? 'unknown' : ahead === 0 ? 'yes' : 'no'
}

// A branch without any commit in common (gh-pages) cannot be compared, and so cannot hold it.
function reachIn(answer: unknown): Known {
  const lists = [fieldOf(answer, 'branches'), fieldOf(answer, 'tags')]
  if (lists.some(list => nodesOf(list).some(ref => containsIn(ref) === 'yes'))) return 'yes'
  const isAll = lists.every(list => fieldOf(fieldOf(list, 'pageInfo'), 'hasNextPage') === false)
  return isAll ? 'no' : 'unknown'
}
