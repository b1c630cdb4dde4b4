import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { mergeConfig } from '../../src/config.js'
import { inspect } from '../../src/inspect.js'
import type { Fact, Source } from '../../src/model.js'
import { readRepo } from '../../src/repo.js'
import { run } from '../../src/rule.js'
import ambiguous from '../../src/rules/workflow/ambiguous-ref.js'
import archived from '../../src/rules/workflow/archived-action.js'
import impostor from '../../src/rules/workflow/impostor-commit.js'
import untagged from '../../src/rules/workflow/untagged-commit.js'
import comment from '../../src/rules/workflow/version-comment.js'
import vulnerable from '../../src/rules/workflow/vulnerable-action.js'
import { githubSource } from '../../src/source/github.js'
import { type GitHub, type Repository, startGitHub } from '../github/server.js'

let github: GitHub
let tool: Repository
beforeEach(async () => {
  github = await startGitHub()
  tool = github.repo('acme/tool', { private: false, files: ACTION })
})
afterEach(async () => {
  const { faults } = github
  await github.stop()
  expect(faults).toEqual([])
})

const ACTION = { 'action.yml': 'name: Tool\nruns:\n  using: node24\n  main: index.js\n' }
const ALL: Fact[] = ['archived', 'refs', 'reach', 'advisories']
const rules = [ambiguous, archived, impostor, untagged, comment, vulnerable]
const workflow = (...uses: string[]) =>
  `on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n${uses.map(each => `      - uses: ${each}\n`).join('')}`

async function sourceOf(files: Record<string, string>, token = github.token()): Promise<Source> {
  const repo = github.repo('acme/shop', { files })
  const options = { owner: 'acme', repo: 'shop', head: repo.refs.get('main')!, branch: 'main', second: 2 }
  const source = await githubSource({ ...options, token, apiUrl: github.url, graphqlUrl: github.graphqlUrl })
  await source.branch()
  github.forget()
  return source
}

/** Findings of all rules about one workflow, as `rule line:column message`, and what is unread. */
async function inspected(uses: string[], { about = ALL, token = github.token(), more = {} } = {}) {
  const source = await sourceOf({ '.github/workflows/ci.yml': workflow(...uses), ...more }, token)
  const repo = await readRepo(source, { facts: async () => about })
  const { found, unread } = run(rules, repo, () => ({}))
  return {
    repo,
    found: found.map(
      ({ rule, problem: { at, message } }) => `${rule.id.replace('workflow/', '')} ${at.line}:${at.column} ${message}`
    ),
    unread: [...repo.unread, ...unread].map(({ what, reason }) => `${what}: ${reason}`)
  }
}

describe('comments', () => {
  test.each<[string, () => string, string[]]>([
    ['the tag of the commit', () => 'v1.0.0', []],
    ['an annotated tag of the commit', () => 'v1.0.1', []],
    ['the version without its v', () => '1.0.0', []],
    ['less of the version, though the tag has moved on', () => 'v1', []],
    ['a branch that is at the commit', () => 'release-1', []],
    ['a word that is no tag', () => '3 minutes', []],
    [
      'a tag of another commit',
      () => 'v2.0.0',
      ['version-comment 6:66 v2.0.0 of acme/tool is another commit: this one is v1.0.1']
    ],
    [
      'a short tag of another commit',
      () => 'v2',
      ['version-comment 6:66 v2 of acme/tool is another commit: this one is v1.0.1']
    ]
  ])('it compares %s', async (_, version, expected) => {
    const sha = tool.refs.get('main')!
    tool.tag('v1.0.0')
    tool.tag('v1.0.1', sha, { annotated: true })
    tool.refs.set('release-1', sha)
    const next = tool.push('main', { 'index.js': '1\n' })
    for (const name of ['v1', 'v2', 'v2.0.0']) tool.tag(name, next)
    const { found, unread } = await inspected([`acme/tool@${sha} # ${version()}`], { about: ['refs'] })
    expect([found, unread]).toEqual([expected, []])
    expect(github.requests.filter(request => request.operation === 'POST /graphql')).toHaveLength(2)
  })

  test('it mends the comment and leaves the rest of it', async () => {
    const sha = tool.refs.get('main')!
    tool.tag('v1.0.0')
    tool.tag('v2.0.0', tool.push('main', { 'index.js': '1\n' }))
    const { repo } = await inspected([`acme/tool@${sha} # tag=v2.0.0 (new)`])
    const [row] = run([comment], repo, () => ({})).found
    expect(row?.problem.edits).toEqual([
      { at: expect.objectContaining({ line: 6, column: 66 }), text: '# tag=v1.0.0 (new)' }
    ])
  })
})

describe('commits', () => {
  const fork = () => tool.forkCommit({ ...ACTION, 'evil.js': '1\n' })

  test('it tells a commit of a fork from those of branches and tags, in composite actions too', async () => {
    const first = tool.refs.get('main')!
    const tagged = tool.commit(ACTION, { branch: 'v9' })
    tool.tag('v9.0.0', tagged)
    const below = tool.commit(ACTION, { branch: 'old', parents: [first] })
    tool.push('old', { 'index.js': '1\n' })
    tool.refs.delete('v9')
    tool.push('main', { 'index.js': '2\n' })
    const evil = fork()
    const inner = `name: A\nruns:\n  using: composite\n  steps:\n    - uses: acme/tool@${evil}\n`
    const { found, unread } = await inspected(
      [first, tagged, below, evil].map(sha => `acme/tool@${sha}`),
      { about: ['reach'], more: { 'action.yml': inner } }
    )
    const message = `impostor-commit PLACE ${evil.slice(0, 7)} is on no branch or tag of acme/tool: it comes from a fork or from a branch that is gone`
    expect(found.filter(row => row.startsWith('impostor'))).toEqual([
      message.replace('PLACE', '9:24'),
      message.replace('PLACE', '5:22')
    ])
    expect(unread).toEqual([])
  })

  test('it needs no further request for what a tag, its comment or the tip of the default branch explains', async () => {
    tool.tag('v1.0.0')
    const sha = tool.refs.get('main')!
    const tip = tool.push('main', { 'index.js': '1\n' })
    await inspected([`acme/tool@${sha}`, `acme/tool@${tip}`])
    expect(github.requests.filter(request => request.operation === 'POST /graphql')).toHaveLength(2)
  })

  test('it looks for three at the most, and says so', async () => {
    const commits = [1, 2, 3, 4, 5].map(i => tool.forkCommit({ ...ACTION, i: `${i}` }))
    const { found, unread } = await inspected(
      commits.map(sha => `acme/tool@${sha}`),
      { about: ['reach'] }
    )
    expect(found.filter(row => row.startsWith('impostor'))).toHaveLength(3)
    expect(unread).toEqual([
      expect.stringMatching(
        /^whether 2 commits are on a branch of the repository \(acme\/tool@\w+, …\): no more than 3 are held against all branches and tags$/
      )
    ])
    expect(github.requests.filter(request => request.operation === 'POST /graphql')).toHaveLength(2 + 1 + 3)
  })

  test('it does not know where there are more branches than it looks at', async () => {
    for (let i = 0; i < 101; i++) tool.refs.set(`b${i}`, tool.refs.get('main')!)
    const { found, unread } = await inspected([`acme/tool@${fork()}`], { about: ['reach'] })
    expect(found.filter(row => row.startsWith('impostor'))).toEqual([])
    expect(unread).toEqual([expect.stringContaining('it has more than 100 branches or tags')])
  })

  test('it knows no release of a commit between two, and asks nothing of a repository with too many tags', async () => {
    const between = tool.refs.get('main')!
    tool.tag('v1.0.0', tool.push('main', { 'index.js': '1\n' }))
    const uses = [`acme/tool@${between}`]
    expect((await inspected(uses)).found).toEqual(['untagged-commit 6:24 no tag of acme/tool names this commit'])
    for (let i = 0; i < 100; i++) tool.tag(`v2.0.${i}`)
    expect((await inspected(uses)).found).toEqual([])
  })
})

test.each<[string, () => void, string[]]>([
  ['a tag', () => tool.tag('v1'), []],
  ['a branch', () => tool.refs.set('v1', tool.refs.get('main')!), []],
  [
    'both',
    () => {
      tool.tag('v1')
      tool.refs.set('v1', tool.refs.get('main')!)
    },
    ['ambiguous-ref 6:24 v1 is both a branch and a tag of acme/tool']
  ],
  // GitHub answers for it when asked for the tag.
  [
    'a branch that is called like the tag in full',
    () => {
      tool.refs.set('v1', tool.refs.get('main')!)
      tool.refs.set('refs/heads/refs/tags/v1', tool.refs.get('main')!)
    },
    []
  ]
])('it tells %s', async (_, prepare, expected) => {
  prepare()
  expect((await inspected(['acme/tool@v1'])).found).toEqual(expected)
})

describe('repositories', () => {
  test('it tells an archived one, and follows one that was renamed', async () => {
    tool.tag('v1')
    tool.archived = true
    github.rename(tool, 'new/name')
    const { found, unread, repo } = await inspected(['acme/tool@v1'])
    expect(found).toEqual(['archived-action 6:15 acme/tool is archived'])
    expect(repo.facts.get('acme/tool@v1')?.repository).toBe('new/name')
    expect(repo.facts.get('acme/tool@v1')?.advisories).toBeUndefined()
    expect(unread).toEqual([])
  })

  test('it believes GitHub more than the list', async () => {
    github.repo('actions/setup-ruby', { private: false, files: ACTION }).tag('v1')
    expect((await inspected(['actions/setup-ruby@v1'])).found).toEqual([])
  })

  test.each([
    ['a private one', 'acme/secret@v1', 'the token does not see acme/secret: it is private or gone'],
    ['one that is gone', 'acme/gone@v1', 'the token does not see acme/gone: it is private or gone']
  ])('it says once that it does not see %s', async (_, uses, reason) => {
    github.repo('acme/secret', { files: ACTION }).tag('v1')
    const token = github.token({ repositories: ['acme/shop'] })
    const { found, unread } = await inspected([uses], { token })
    expect([found, unread]).toEqual([[], [`${uses}: ${reason}`]])
  })
})

describe('advisories', () => {
  const advisory = (range: string, severity: 'LOW' | 'HIGH' = 'HIGH', fixed?: string) =>
    github.advisories.push({ package: 'acme/tool', id: 'GHSA-1', range, severity, ...(fixed && { fixed }) })

  test.each<[string, (sha: string) => string, string[]]>([
    [
      'a commit by its tag',
      sha => sha,
      ['vulnerable-action 6:24 v1.2.0 of acme/tool is open to GHSA-1 (high), mended in 1.2.3']
    ],
    [
      'a tag that moves, by the version it is at',
      () => 'v1',
      ['vulnerable-action 6:24 v1 of acme/tool is open to GHSA-1 (high), mended in 1.2.3']
    ],
    ['a version that is mended', () => 'v1.2.3', []],
    ['a branch', () => 'main', []]
  ])('it tells %s', async (_, ref, expected) => {
    const sha = tool.refs.get('main')!
    tool.tag('v1.2.0')
    tool.tag('v1')
    tool.tag('v1.2.3', tool.push('main', { 'index.js': '1\n' }))
    advisory('< 1.2.3', 'HIGH', '1.2.3')
    const { found, unread } = await inspected([`acme/tool@${ref(sha)}`], { about: ['advisories'] })
    expect([found.filter(row => row.startsWith('vulnerable')), unread]).toEqual([expected, []])
  })

  test('it says once which commits nobody can tell the version of', async () => {
    advisory('< 1.2.3')
    const [one, two] = [1, 2].map(i => tool.push('main', { i: `${i}` }))
    const { unread } = await inspected([`acme/tool@${one}`, `acme/tool@${two}`], { about: ['advisories'] })
    expect(unread).toEqual([
      `whether acme/tool@${one}, and 1 more is vulnerable: there are advisories, and no tag says which version it is`
    ])
  })

  test('it leaves out what was withdrawn, and takes a severity from the advisory', async () => {
    tool.tag('v1.0.0')
    advisory('< 1.2.3', 'LOW')
    github.advisories.push({ package: 'acme/tool', id: 'GHSA-2', range: '< 2', severity: 'CRITICAL', withdrawn: true })
    const { repo } = await inspected(['acme/tool@v1.0.0'])
    const rows = run([vulnerable], repo, () => ({})).found.map(({ problem }) => [problem.severity, problem.message])
    expect(rows).toEqual([['note', 'v1.0.0 of acme/tool is open to GHSA-1 (low)']])
  })
})

describe('budget', () => {
  test('it asks nothing where no rule wants to know, and nothing but what they want', async () => {
    tool.tag('v1')
    const uses = [`acme/tool@v1`]
    const { repo } = await inspected(uses, { about: [] })
    expect([repo.facts.size, asked()]).toEqual([0, expect.not.stringContaining('isArchived')])
    await inspected(uses, { about: ['archived'] })
    expect(asked()).toContain('isArchived')
    expect(asked()).not.toMatch(/refs\(|securityVulnerabilities|compare/)
  })

  test('it is the rules that are on that ask', async () => {
    tool.tag('v1')
    const source = await sourceOf({ '.github/workflows/ci.yml': workflow('acme/tool@v1') })
    const now = { today: '2026-11-20', authorMayWrite: 'yes' as const }
    await inspect(source, { config: mergeConfig({}), problems: [] }, now)
    expect(asked()).toContain('isArchived')
    expect(asked()).toContain('securityVulnerabilities')
    github.forget()
    const off = rules.map(({ id }) => ({ rule: id, severity: 'off' as const }))
    await inspect(source, { config: mergeConfig({ rules: off }), problems: [] }, now)
    expect(asked()).not.toMatch(/isArchived|securityVulnerabilities/)
  })

  test('it reads 50 actions and all that is known of them in three requests', async () => {
    const uses = Array.from({ length: 50 }, (_, i) => {
      const repo = github.repo(`acme/tool-${i}`, { private: false, files: ACTION })
      const sha = repo.refs.get('main')!
      repo.push('main', { 'index.js': '1\n' })
      if (i % 2) repo.tag('v1.0.0', sha)
      return `acme/tool-${i}@${sha} # v1.0.0`
    })
    const { repo, unread } = await inspected(uses)
    expect(unread).toEqual([])
    expect(repo.facts.size).toBe(50)
    expect([...repo.facts.values()].filter(({ reachable }) => reachable === 'yes')).toHaveLength(50)
    // The first reads the workflow.
    expect(github.requests.filter(request => request.operation === 'POST /graphql')).toHaveLength(1 + 3)
  })

  test('it looks at 50 references of those that a stranger may write, and says so', async () => {
    const refs = Array.from({ length: 200 }, (_, i) => `acme/tool@x${i}`)
    const { repo, unread } = await inspected(refs)
    expect(repo.facts.size).toBe(50)
    expect(unread).toContain(
      'what GitHub knows of 150 of 200 actions (acme/tool@x50, …): no more than 50 are looked up'
    )
    expect(github.requests.length).toBeLessThan(12)
  })

  test('hostile names ask for nothing else', async () => {
    const names = [...Array(30)].map((_, i) => `v${i}`)
    const source = await sourceOf({})
    const known = await source.facts!(
      new Map([
        [`acme/tool@${'a'.repeat(40)}`, [...names, 'v1") { x }']],
        ['acme/tool@v1") { viewer { login } }', ['1']],
        ['acme/tool@\ud800', []]
      ]),
      ALL
    )
    expect(known.facts.size).toBe(2)
    expect(asked().match(/refs\/tags\/v\d/g)).toEqual(['0', '1', '2', '1'].map(digit => `refs/tags/v${digit}`))
  })
})

describe('trouble', () => {
  test.each([
    ['gives up on the facts', 502],
    ['does not know the questions', 200]
  ])('it keeps the texts where the server %s', async (_, status) => {
    tool.tag('v1')
    const source = await sourceOf({ '.github/workflows/ci.yml': workflow('acme/tool@v1') })
    github.fail({ match: '/graphql', status, times: 1 })
    const uses = 'acme/tool@v1'
    const [texts, known] = await Promise.all([source.resolve([uses]), source.facts!(new Map([[uses, []]]), ALL)])
    expect(texts.get(uses)).toHaveProperty('text')
    expect(known.facts.get(uses)).toMatchObject({ archived: 'no', tag: 'yes' })
    expect(github.requests).toHaveLength(3)
  })

  test.each([
    ['nothing', 200, 'no answer'],
    ['502', 502, 'answered 502']
  ])('it says once that it was told %s', async (_, status, reason) => {
    tool.tag('v1')
    const source = await sourceOf({})
    github.fail({ match: '/graphql', status, times: 9 })
    const known = await source.facts!(new Map([['acme/tool@v1', []]]), ALL)
    expect([known.facts.size, known.unread.length]).toEqual([0, 1])
    expect(known.unread[0]!.reason).toContain(reason)
    expect(github.requests).toHaveLength(1)
  })

  test('it says once that the limit is reached', async () => {
    const source = await sourceOf({})
    github.fail({
      match: '/graphql',
      status: 403,
      times: 9,
      message: 'API rate limit exceeded',
      headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + 3000) }
    })
    const { facts, unread } = await source.facts!(new Map([[`acme/tool@${'a'.repeat(40)}`, []]]), ALL)
    expect([facts.size, unread]).toEqual([
      0,
      [
        {
          what: 'what GitHub knows of the actions that are used (tags, archives, advisories)',
          reason: expect.stringMatching(/over its rate limit/)
        }
      ]
    ])
  })
})

const asked = () => github.requests.map(({ body }) => String((body as { query?: string })?.query ?? '')).join('\n')
