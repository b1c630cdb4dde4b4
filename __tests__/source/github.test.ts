import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Source } from '../../src/model.js'
import { readRepo } from '../../src/repo.js'
import { type GithubOptions, githubSource } from '../../src/source/github.js'
import { type GitHub, type Pull, type Repository, startGitHub } from '../github/server.js'

let github: GitHub
let waits: string[]
beforeEach(async () => {
  github = await startGitHub()
  waits = []
})
afterEach(async () => {
  const { faults } = github
  await github.stop()
  expect(faults).toEqual([])
})

const read = (repo: Repository, options: Partial<GithubOptions> = {}): Promise<Source> =>
  githubSource({
    token: options.token ?? github.token(),
    apiUrl: github.url,
    graphqlUrl: github.graphqlUrl,
    log: message => waits.push(message),
    second: 2,
    owner: repo.owner,
    repo: repo.name,
    head: repo.refs.get('main')!,
    branch: 'main',
    ...options
  })
const readPull = (pull: Pull, options: Partial<GithubOptions> = {}) =>
  read(pull.repo, { head: pull.head, base: { ref: pull.baseRef, sha: pull.baseSha }, number: pull.number, ...options })
const textOf = async (source: Source, path: string, list = source.head.list()) => {
  const blob = (await list).find(each => each.path === path)!
  return (await source.read([blob])).get(blob.sha)
}
const workflow = (uses: string) =>
  `on: pull_request\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: ${uses}\n`

test('it reads a large pull request in 12 requests and 5 rounds, protection and rulesets included', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 100 }, (_, i) => [`.github/workflows/job-${i}.yml`, workflow(`acme/tool-${i % 5}@v1`)])
  )
  const repo = github.repo('acme/shop', {
    files: {
      ...files,
      Makefile: 'test:\n\tsh ci/test.sh\n',
      'ci/test.sh': 'npm test\n',
      'test/cart.test.js': "test('cart', () => {})\n",
      '.github/pipeline-hygiene.yml': ''
    }
  })
  for (let i = 0; i < 5; i++) github.repo(`acme/tool-${i}`, { files: { 'action.yml': 'name: Tool\n' } }).tag('v1')
  repo.protect('main', { required_status_checks: { checks: [{ context: 'test', app_id: 15368 }] } })
  repo.ruleset({ rules: [{ type: 'deletion' }] })
  repo.ruleset({ source: 'Organization', rules: [{ type: 'non_fast_forward' }] })
  const pull = repo.pull({
    head: {
      ...Object.fromEntries(Object.keys(files).map(path => [path, `${files[path]}      - run: make test\n`])),
      'test/cart.test.js': "test.skip('cart', () => {})\n"
    }
  })
  repo.push('main', { '.github/pipeline-hygiene.yml': 'preset: strict\n' })
  const protectionToken = github.token({ kind: 'app', permissions: { administration: 'read' } })
  // Validators are compiled on their first use, in this very process: once before what is measured.
  await readRepo(await readPull(pull, { protectionToken }))
  github.forget()
  github.latency = 250
  const source = await readPull(pull, { protectionToken })
  expect(await textOf(source, '.github/pipeline-hygiene.yml', source.policy!.list())).toBe('preset: strict\n')
  const seen = await readRepo(source)
  expect(github.faults).toEqual([])
  expect(seen.unread).toEqual([])
  expect(seen.workflows).toHaveLength(100)
  expect(seen.base?.workflows).toHaveLength(100)
  expect(seen.remote.size).toBe(5)
  expect(seen.diff).toHaveLength(101)
  expect([seen.tests[0]?.text, seen.base?.tests[0]?.text].map(text => text?.slice(0, 9))).toEqual([
    'test.skip',
    "test('car"
  ])
  expect(seen.scripts.map(script => script.path)).toContain('ci/test.sh')
  expect(github.requests.map(request => request.operation)).toHaveLength(12)
  expect(github.rounds()).toBeLessThanOrEqual(5)
})

describe('commits', () => {
  test('it reads base, policy and head at their own commits when the target branch has moved on', async () => {
    const repo = github.repo('acme/shop', { files: { 'a.txt': 'one\n', 'b.txt': 'b\n' } })
    const pull = repo.pull({ head: { 'a.txt': 'two\n' } })
    const tip = repo.push('main', { 'b.txt': 'moved\n' })
    const source = await readPull(pull)
    expect(source.base?.sha).toBe(pull.baseSha)
    expect(source.policy?.sha).toBe(tip)
    expect(await textOf(source, 'b.txt', source.policy!.list())).toBe('moved\n')
    expect(await textOf(source, 'b.txt', source.base!.list())).toBe('b\n')
    expect(await textOf(source, 'a.txt')).toBe('two\n')
    expect(await source.diff()).toMatchObject([{ path: 'a.txt', status: 'modified', added: [[1, 1]], hunks: [[1, 1]] }])
  })

  test('it asks for one tree where base and policy are the same commit, and for a blob once', async () => {
    const repo = github.repo('acme/shop', { files: { 'a.txt': 'one\n', 'b.txt': 'b\n' } })
    const source = await readPull(repo.pull({ head: { 'a.txt': 'two\n' } }))
    await Promise.all([source.base!.list(), source.policy!.list()])
    await textOf(source, 'b.txt')
    const before = github.requests.length
    await textOf(source, 'b.txt', source.base!.list())
    expect(github.requests).toHaveLength(before)
    expect(github.requests.filter(request => request.path.includes('/git/trees/'))).toHaveLength(2)
  })

  test('it reads a deleted fork through the base repository, target branch with a slash included', async () => {
    const repo = github.repo('acme/shop', { branch: 'release/1.x' })
    const pull = repo.pull({ fromFork: true, forkDeleted: true, head: { Dockerfile: 'FROM node\n' } })
    const source = await readPull(pull, { token: github.token({ fork: true }) })
    expect(await textOf(source, 'Dockerfile')).toBe('FROM node\n')
    expect((await source.branch()).branch).toBe('release/1.x')
  })

  test('it says so when the head commit is gone', async () => {
    const pull = github.repo('acme/shop').pull({ fromFork: true, head: { Dockerfile: 'FROM node\n' } })
    const head = pull.head
    pull.lose()
    await expect(readPull(pull, { head })).rejects.toThrow(`commit ${head.slice(0, 7)} is not in acme/shop (any more)`)
  })

  test('it takes base and changes of a merge group from its commits', async () => {
    const repo = github.repo('acme/shop', { files: { 'a.txt': 'one\n' } })
    const group = repo.pull({ head: { 'b.txt': 'b\n' } }).mergeGroup().merge_group as Record<string, string>
    const base = { ref: group.base_ref!, sha: group.base_sha! }
    const source = await read(repo, { head: group.head_sha!, base })
    expect(await source.diff()).toEqual([{ path: 'b.txt', status: 'added', added: [[1, 1]], hunks: [[1, 1]] }])
    expect((await source.branch()).branch).toBe('main')
  })

  test('it goes on without a base where the histories have nothing in common', async () => {
    const repo = github.repo('acme/shop', { files: { 'a.txt': 'a\n' } })
    const other = repo.commit({ 'b.txt': 'b\n' }, { branch: 'other', parents: [] })
    const source = await read(repo, { head: other, base: { ref: 'main', sha: repo.refs.get('main')! } })
    expect([source.base, await source.diff()]).toEqual([undefined, undefined])
    expect(source.policy?.sha).toBe(repo.refs.get('main'))
    expect(source.unread).toEqual([
      { what: 'merge base', reason: 'the head and the target branch have no common commit' }
    ])
  })

  test('it reads the policy at the tip that the event names when the branch cannot be asked', async () => {
    const pull = github.repo('acme/shop').pull({ head: { Dockerfile: 'FROM node\n' } })
    github.fail({ match: '/acme/shop/branches/', status: 500, times: 3 })
    const source = await readPull(pull)
    expect(source.policy?.sha).toBe(pull.baseSha)
    expect(source.unread).toMatchObject([{ what: 'tip of main' }])
  })

  test('it has neither base nor changes for a branch alone', async () => {
    const source = await read(github.repo('acme/shop', { files: { 'a.txt': 'a\n' } }))
    expect([source.base, source.policy, await source.diff()]).toEqual([undefined, undefined, undefined])
    expect(await textOf(source, 'a.txt')).toBe('a\n')
  })
})

describe('changes', () => {
  test('it tells renames, binaries, hidden patches and texts without a last newline', async () => {
    const lines = Array.from({ length: 30 }, (_, i) => `line ${i}\n`)
    const files = { 'old.txt': lines.join(''), 'gone.txt': 'x\n', 'a.txt': lines.join(''), 'big.txt': 'b\n' }
    const edited = [...lines.slice(0, 2), 'new\n', ...lines.slice(2, 25), ...lines.slice(27), 'end']
    const pull = github.repo('acme/shop', { files }).pull({
      head: {
        'old.txt': undefined,
        'new.txt': lines.join(''),
        'gone.txt': undefined,
        'a.txt': edited.join(''),
        'logo.png': new Uint8Array([1, 0, 2]),
        'big.txt': 'changed\n'
      },
      withoutPatch: ['big.txt']
    })
    expect(await (await readPull(pull)).diff()).toEqual([
      {
        path: 'a.txt',
        status: 'modified',
        added: [
          [3, 3],
          [30, 30]
        ],
        hunks: [
          [1, 6],
          [24, 30]
        ]
      },
      { path: 'big.txt', status: 'modified', added: [] },
      { path: 'gone.txt', status: 'removed', added: [] },
      { path: 'logo.png', status: 'added', added: [] },
      { path: 'new.txt', previousPath: 'old.txt', status: 'renamed', added: [] }
    ])
  })

  test('it lists 3,000 files of a longer pull request and says that there are more', async () => {
    const head = Object.fromEntries(Array.from({ length: 3001 }, (_, i) => [`f${i}.txt`, 'x\n']))
    const source = await readPull(github.repo('acme/shop').pull({ head }))
    expect(await source.diff()).toHaveLength(3000)
    expect(source.unread).toEqual([{ what: 'changes beyond the first 3000 files', reason: 'the API lists no more' }])
    expect(github.requests.filter(request => request.operation.endsWith('/files'))).toHaveLength(30)
  })

  test('it keeps the compared files where the list of a long pull request may not be read', async () => {
    const head = Object.fromEntries(Array.from({ length: 350 }, (_, i) => [`f${i}.txt`, 'x\n']))
    const pull = github.repo('acme/shop').pull({ head })
    const source = await readPull(pull, { token: github.token({ permissions: { contents: 'read' } }) })
    expect(await source.diff()).toHaveLength(300)
    expect(source.unread).toEqual([
      { what: 'changes beyond the first 300 files', reason: 'the token may not read it (needs pull-requests: read)' }
    ])
  })
})

describe('trees', () => {
  test('it walks a truncated tree folder by folder', async () => {
    const files = Object.fromEntries(
      ['.github/workflows', 'src/a', 'src/b', 'vendor/x'].flatMap(at =>
        [0, 1, 2].map(i => [`${at}/f${i}.yml`, `${at}${i}\n`])
      )
    )
    const repo = github.repo('acme/shop', { files: { ...files, 'top.txt': 't\n' } })
    repo.treeLimit = 5
    const source = await read(repo)
    expect((await source.head.list()).map(blob => blob.path).sort()).toEqual([...Object.keys(files), 'top.txt'].sort())
    expect(source.unread).toEqual([])
  })

  test("it reports the folders that a bounded walk leaves out, other people's copies first", async () => {
    const files = Object.fromEntries(Array.from({ length: 130 }, (_, i) => [`vendor/v${i}/f.yml`, 'x\n']))
    const repo = github.repo('acme/shop', { files: { ...files, 'src/Dockerfile': 'FROM node\n' } })
    repo.treeLimit = 3
    const source = await read(repo)
    const listed = (await source.head.list()).map(blob => blob.path)
    expect(listed).toContain('src/Dockerfile')
    expect(listed.length).toBeLessThan(131)
    expect(source.unread).toEqual([
      { what: expect.stringMatching(/^\d+ folders \(vendor\//), reason: expect.stringContaining('100 requests') }
    ])
    expect(github.requests.length).toBeLessThanOrEqual(105)
  })

  test('it lists links and submodules with their modes', async () => {
    const repo = github.repo('acme/shop', {
      files: { link: { mode: '120000', text: 'there' }, module: { mode: '160000', sha: 'a'.repeat(40) }, 'f.txt': 'f' }
    })
    const source = await read(repo)
    expect((await source.head.list()).map(blob => [blob.path, blob.mode, blob.size])).toEqual([
      ['f.txt', '100644', 1],
      ['link', '120000', 5],
      ['module', '160000', 0]
    ])
  })
})

describe('texts', () => {
  test.each<[string, string | Uint8Array, unknown, number]>([
    ['a long text in full', 'x'.repeat(600_000), 'x'.repeat(600_000), 1],
    ['an empty file without a request', '', '', 0],
    ['a byte order mark', '\ufeffon: push\n', '\ufeffon: push\n', 0],
    [
      'a binary as such',
      new Uint8Array([65, 0, 66]),
      { what: 'f', reason: 'is binary: byte 2 is NUL', broken: true },
      1
    ],
    [
      'UTF-16 as such',
      Buffer.from('\ufeffon: push\n', 'utf16le'),
      { what: 'f', reason: 'is UTF-16: save it as UTF-8', broken: true },
      1
    ]
  ])('it reads %s', async (_, text, expected, single) => {
    const source = await read(github.repo('acme/shop', { files: { f: text } }))
    expect(await textOf(source, 'f')).toEqual(expected)
    expect(github.requests.filter(request => request.path.includes('/git/blobs/'))).toHaveLength(single)
  })

  test('it reads one by one where GraphQL answers nothing, and no more than 100', async () => {
    const files = Object.fromEntries(Array.from({ length: 120 }, (_, i) => [`f${i}.yml`, `${i}\n`]))
    github.fail({ match: '/graphql', status: 200, times: 2 })
    const source = await read(github.repo('acme/shop', { files }))
    await source.branch()
    const texts = [...(await source.read(await source.head.list())).values()]
    expect(texts.filter(text => typeof text === 'string')).toHaveLength(100)
    expect(texts.find(text => typeof text !== 'string')).toMatchObject({
      reason: 'more than 100 files need a request each'
    })
  })

  test('it halves a document that the server gives up on', async () => {
    const files = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`f${i}.yml`, `${i}\n`]))
    const source = await read(github.repo('acme/shop', { files }))
    await source.branch()
    github.fail({ match: '/graphql', status: 502, times: 3 })
    const texts = await source.read(await source.head.list())
    expect([...texts.values()].every(text => typeof text === 'string')).toBe(true)
  })

  test('it splits what is too much for one document', async () => {
    const files = Object.fromEntries(Array.from({ length: 250 }, (_, i) => [`f${i}.yml`, `${i}\n`]))
    const source = await read(github.repo('acme/shop', { files: { ...files, large: 'y'.repeat(400_000) } }))
    await source.branch()
    github.forget()
    const texts = await source.read(await source.head.list())
    expect([...texts.values()].filter(text => typeof text === 'string')).toHaveLength(251)
    expect(github.requests).toHaveLength(2)
  })
})

describe('uses', () => {
  test('it reads actions, actions in folders and workflows in one request, and says which it cannot see', async () => {
    const tool = github.repo('acme/tool', {
      private: false,
      files: {
        'action.yaml': 'name: Tool\n',
        'sub/dir/action.yml': 'name: Sub\n',
        'image/Dockerfile': 'FROM alpine\n',
        '.github/workflows/ci.yml': 'on: workflow_call\n'
      }
    })
    tool.tag('v1')
    github.repo('acme/secret', { files: { 'action.yml': 'name: Secret\n' } })
    const source = await read(github.repo('acme/shop'), {
      token: github.token({ repositories: ['acme/shop'] })
    })
    await source.branch()
    github.forget()
    const found = await source.resolve([
      'acme/tool@v1',
      'acme/tool/sub/dir@main',
      'acme/tool/.github/workflows/ci.yml@v1',
      'acme/tool@v9',
      'acme/tool/none@v1',
      'acme/tool/image@v1',
      'acme/secret@main',
      'acme@v1',
      'acme/tool@v1"){x}'
    ])
    const sha = tool.refs.get('main')
    const path = '.github/workflows/ci.yml'
    expect([...found]).toEqual(
      expect.arrayContaining([
        ['acme/tool@v1', { uses: 'acme/tool@v1', path: 'action.yaml', text: 'name: Tool\n', sha }],
        [
          'acme/tool/sub/dir@main',
          { uses: 'acme/tool/sub/dir@main', path: 'sub/dir/action.yml', text: 'name: Sub\n', sha }
        ],
        [`acme/tool/${path}@v1`, { uses: `acme/tool/${path}@v1`, path, text: 'on: workflow_call\n', sha }],
        ['acme/tool@v9', { what: 'acme/tool@v9', reason: 'acme/tool has no ref v9' }],
        [
          'acme/tool/none@v1',
          { what: 'acme/tool/none@v1', reason: 'acme/tool has no none/action.yml or none/action.yaml at v1' }
        ],
        [
          'acme/tool/image@v1',
          { what: 'acme/tool/image@v1', reason: 'image/Dockerfile is all of it: it has no action.yml' }
        ],
        [
          'acme/secret@main',
          { what: 'acme/secret@main', reason: 'the token does not see acme/secret: it is private or gone' }
        ],
        ['acme@v1', { what: 'acme@v1', reason: 'names no file of a repository' }],
        ['acme/tool@v1"){x}', { what: 'acme/tool@v1"){x}', reason: 'acme/tool has no ref v1"){x}' }]
      ])
    )
    expect(github.requests).toHaveLength(1)
  })
})

describe('hostile input', () => {
  test('it looks up a bounded number of actions, in documents of a bounded size, and none with odd names', async () => {
    const tool = github.repo('acme/tool', { files: { 'action.yml': 'name: Tool\n' } })
    const refs = Array.from({ length: 600 }, (_, i) => `v${i}`)
    for (const ref of refs) tool.tag(ref)
    const source = await read(github.repo('acme/shop'))
    await source.branch()
    github.forget()
    const found = await source.resolve(['acme/tool@\ud800', ...refs.map(ref => `acme/tool@${ref}`)])
    const rows = [...found.values()]
    expect(rows.filter(row => 'text' in row)).toHaveLength(499)
    expect(rows[0]).toEqual({ what: 'acme/tool@\ud800', reason: 'names no file of a repository' })
    expect(rows.at(-1)).toMatchObject({ reason: 'more than 500 actions are used' })
    expect(github.requests.length).toBeLessThanOrEqual(10)
  })

  test('it stops reading at 64 MiB', async () => {
    const source = await read(github.repo('acme/shop', { files: { f: 'x' } }))
    const [blob] = await source.head.list()
    const large = Array.from({ length: 5 }, (_, i) => ({
      ...blob!,
      sha: i.toString().padStart(40, '0'),
      size: 15 << 20
    }))
    const reasons = [...(await source.read(large)).values()].map(text => (typeof text === 'string' ? '' : text.reason))
    expect(reasons.filter(reason => reason === 'more than 64 MiB of pipeline files')).toHaveLength(1)
  })
})

describe('trouble', () => {
  test.each<
    [
      string,
      { match: string; status: number; cut?: boolean; headers?: Record<string, string>; message?: string },
      RegExp
    ]
  >([
    ['502 twice', { match: '/git/trees/', status: 502 }, /git\/trees.*try 1 of 3/],
    ['a dropped connection', { match: '/compare/', status: 0 }, /compare.*try 1 of 3/],
    ['an answer that breaks off', { match: '/git/trees/', status: 200, cut: true }, /git\/trees.*cut.*try 1 of 3/],
    ['502 from GraphQL', { match: '/graphql', status: 502 }, /graphql.*try 1 of 3/],
    ['429 with retry-after', { match: '/git/trees/', status: 429, headers: { 'retry-after': '2' } }, /waiting 2 s/],
    [
      'a secondary limit',
      {
        match: '/graphql',
        status: 403,
        headers: { 'retry-after': '3' },
        message: 'You have exceeded a secondary rate limit.'
      },
      /waiting 3 s/
    ]
  ])('it gets over %s', async (_, failure, logged) => {
    const pull = github.repo('acme/shop').pull({ head: { Dockerfile: 'FROM node\n' } })
    github.fail({ ...failure, times: 2 })
    const source = await readPull(pull)
    await source.branch()
    expect(await textOf(source, 'Dockerfile')).toBe('FROM node\n')
    expect(source.unread).toEqual([])
    expect(waits.join('\n')).toMatch(logged)
  })

  test('it waits for the end of a rate limit that is near, and not for one that is far', async () => {
    const repo = github.repo('acme/shop')
    await expect(read(repo, { token: github.token({ remaining: 0, resetsIn: 3000 }) })).rejects.toThrow(
      /over its rate limit for this token/
    )
    expect(waits.join('\n')).toMatch(/not waiting \d+ s/)
    const near = await read(repo, { token: github.token({ remaining: 0, resetsIn: 1 }), second: 1000 })
    expect(await near.head.list()).toHaveLength(1)
    expect(waits.join('\n')).toMatch(/: waiting [12] s/)
  })

  test('it lists what a limit of GraphQL keeps unread', async () => {
    const source = await read(github.repo('acme/shop', { files: { f: 'x' } }))
    await source.branch()
    github.fail({
      match: '/graphql',
      status: 403,
      message: 'API rate limit exceeded',
      headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + 3000) }
    })
    expect(await textOf(source, 'f')).toMatchObject({ what: 'f', reason: expect.stringMatching(/over its rate limit/) })
  })

  test.each<[string, (repo: Repository) => Partial<GithubOptions>, RegExp]>([
    ['a wrong token', () => ({ token: 'wrong' }), /does not take the token \(401\)/],
    [
      'a repository out of sight',
      () => ({ repo: 'other' }),
      /acme\/other does not exist or the token may not read it \(needs contents: read\)/
    ],
    ['a token without contents', () => ({ token: github.token({ permissions: {} }) }), /needs contents: read/],
    ['a host that is not there', () => ({ apiUrl: 'http://127.0.0.1:9' }), /127\.0\.0\.1:9 could not be reached/]
  ])('it explains %s', async (_, options, message) => {
    const repo = github.repo('acme/shop')
    await expect(read(repo, options(repo))).rejects.toThrow(message)
    expect(github.requests.length).toBeLessThan(8)
  })
})

describe('branch rules', () => {
  const classic = {
    required_status_checks: {
      checks: [
        { context: 'test', app_id: 15368 },
        { context: 'lint', app_id: null }
      ]
    },
    required_conversation_resolution: { enabled: true }
  }
  const review = {
    type: 'pull_request',
    parameters: {
      required_approving_review_count: 1,
      dismiss_stale_reviews_on_push: false,
      require_code_owner_review: false,
      require_last_push_approval: false,
      required_review_thread_resolution: true
    }
  }
  const checks = {
    type: 'required_status_checks',
    parameters: {
      strict_required_status_checks_policy: false,
      required_status_checks: [{ context: 'test' }, { context: 'e2e', integration_id: 7 }]
    }
  }
  const admin = () => ({
    protectionToken: github.token({ kind: 'fine-grained', permissions: { administration: 'read' } })
  })
  const weak = () => ({ protectionToken: github.token({ kind: 'fine-grained', permissions: { contents: 'read' } }) })
  const none = () => ({})
  const test15368 = { context: 'test', appId: 15368 }
  const e2e = { context: 'e2e', appId: 7 }

  test.each<[string, (repo: Repository) => void, () => Partial<GithubOptions>, string, unknown]>([
    ['none', () => {}, none, 'no no no no', []],
    [
      'classic, unread',
      repo => repo.protect('main', classic),
      none,
      'yes unknown no unknown',
      [test15368, { context: 'lint' }]
    ],
    ['classic, read', repo => repo.protect('main', classic), admin, 'yes yes no no', [test15368, { context: 'lint' }]],
    [
      'classic, with a token that may not',
      repo => repo.protect('main', classic),
      weak,
      'yes unknown no unknown',
      [test15368, { context: 'lint' }]
    ],
    [
      'a ruleset',
      repo => repo.ruleset({ rules: [review, checks] }),
      none,
      'yes yes no yes',
      [{ context: 'test' }, e2e]
    ],
    [
      'a ruleset that is only tried out',
      repo => repo.ruleset({ enforcement: 'evaluate', rules: [review] }),
      none,
      'no no no no',
      []
    ],
    ['a ruleset about deletion', repo => repo.ruleset({ rules: [{ type: 'deletion' }] }), admin, 'no no no no', []],
    [
      'both',
      repo => {
        repo.protect('main', classic)
        repo.ruleset({ source: 'Organization', rules: [review, checks] })
      },
      none,
      'yes yes no yes',
      [e2e, test15368, { context: 'lint' }]
    ],
    ['a merge queue of classic protection', repo => repo.queues.add('main'), none, 'no no yes no', []]
  ])('it tells %s', async (_, prepare, options, settings, required) => {
    const repo = github.repo('acme/shop')
    prepare(repo)
    const rules = await (await read(repo, options())).branch()
    const { protected: guarded, conversationResolution, mergeQueue, pullRequestRequired } = rules
    expect(
      [guarded, conversationResolution, mergeQueue, pullRequestRequired].map(setting => setting.is).join(' ')
    ).toBe(settings)
    expect(rules.requiredChecks).toEqual(required)
    expect(rules.checksKnown.is).toBe('yes')
  })

  test('it knows that a plan without rules has none, and does not ask for a token', async () => {
    const repo = github.repo('acme/shop')
    repo.freePlan = true
    const rules = await (await read(repo, admin())).branch()
    expect(rules.protected).toEqual({ is: 'no', why: expect.stringContaining('not available on this plan') })
    expect(rules.requiredChecks).toEqual([])
  })

  test.each([
    ['rulesets', '/rules/branches/', /rulesets: .*answered 500/],
    ['the branch', '/branches/main', /branch: .*answered 500/]
  ])('it leaves checks open when %s cannot be read', async (_, match, why) => {
    const repo = github.repo('acme/shop')
    github.fail({ match: `/acme/shop${match}`, status: 500, times: 3 })
    const rules = await (await read(repo)).branch()
    expect(rules.requiredChecks).toBeUndefined()
    expect(rules.checksKnown).toEqual({ is: 'unknown', why: expect.stringMatching(why) })
    expect(rules.protected.is).toBe('unknown')
  })

  test('it passes on what single sign-on and the like say', async () => {
    const repo = github.repo('acme/shop')
    const message = 'Resource protected by organization SAML enforcement.'
    github.fail({ match: '/rules/branches/', status: 403, message })
    expect((await (await read(repo)).branch()).checksKnown.why).toBe(`rulesets: the token may not read it: ${message}`)
  })

  test('it does not repeat the page that a proxy answers with', async () => {
    const repo = github.repo('acme/shop')
    github.fail({ match: '/rules/branches/', status: 502, times: 3, message: `<html>${'x'.repeat(5000)}` })
    const { why } = (await (await read(repo)).branch()).checksKnown
    expect(why).toMatch(/^rulesets: 127\.0\.0\.1:\d+ answered 502: a page in place of an answer$/)
    expect(waits[0]).toMatch(
      /^GET \/repos\/acme\/shop\/rules\/branches\/main: a page in place of an answer \(try 1 of 3\)$/
    )
  })

  test.each([
    ['hidden from the token of the job', undefined, [], 'unknown'],
    ['hidden from those who may only read', 'read' as const, [], 'unknown'],
    [
      'shown to those who may write',
      'write' as const,
      [
        { who: 'role 5', mode: 'always', of: 'ruleset main' },
        { who: 'team 9', mode: 'exempt', of: 'ruleset main' }
      ],
      'yes'
    ]
  ])('it takes a bypass list for what it is: %s', async (_, administration, bypass, known) => {
    const repo = github.repo('acme/shop')
    repo.ruleset({
      name: 'main',
      rules: [review],
      bypass: [
        { actor_id: 5, actor_type: 'RepositoryRole', bypass_mode: 'always' },
        { actor_id: 9, actor_type: 'Team', bypass_mode: 'exempt' }
      ]
    })
    const protectionToken =
      administration && github.token({ kind: 'fine-grained', permissions: { administration, contents: 'read' } })
    const rules = await (await read(repo, protectionToken ? { protectionToken } : {})).branch()
    expect(rules.bypass).toEqual(bypass)
    expect(rules.bypassKnown.is).toBe(known)
    expect(rules.adminsIncluded.is).toBe(known === 'yes' ? 'no' : 'unknown')
  })

  test('it costs five requests with a protection token, and three without', async () => {
    const repo = github.repo('acme/shop')
    repo.protect('main', classic)
    repo.ruleset({ rules: [review] })
    repo.ruleset({ source: 'Organization', rules: [checks] })
    const costs: number[] = []
    const write = { kind: 'fine-grained' as const, permissions: { administration: 'write' as const } }
    for (const options of [none(), { protectionToken: github.token(write) }]) {
      github.requests.length = 0
      await (await read(repo, options)).branch()
      costs.push(github.requests.filter(({ operation }) => !operation.includes('/git/trees/')).length)
    }
    expect(costs).toEqual([3, 5])
  })

  test('it costs six however many rulesets have a bypass that only REST tells, and takes no list for read that is not', async () => {
    const repo = github.repo('acme/shop')
    const bypass = [{ actor_id: 9, actor_type: 'Team', bypass_mode: 'exempt' }]
    for (const name of ['one', 'two', 'three']) repo.ruleset({ name, rules: [review], bypass })
    const write = { kind: 'fine-grained' as const, permissions: { administration: 'write' as const } }
    github.requests.length = 0
    const rules = await (await read(repo, { protectionToken: github.token(write) })).branch()
    expect(github.requests.filter(({ operation }) => !operation.includes('/git/trees/')).length).toBe(6)
    expect(rules.bypass).toEqual([{ who: 'team 9', mode: 'exempt', of: 'ruleset one' }])
    expect(rules.bypassKnown.is).toBe('unknown')
  })

  test('it names the permission that would settle an open setting', async () => {
    const repo = github.repo('acme/shop')
    repo.protect('main', classic)
    const rules = await (await read(repo, weak())).branch()
    expect(rules.pullRequestRequired.why).toBe(
      'classic branch protection: the token may not read it (needs administration: read); a protection-token with administration: read would settle it'
    )
  })

  test('it lists contexts that other systems report, where the token may see them', async () => {
    const repo = github.repo('acme/shop')
    const tip = repo.refs.get('main')!
    repo.checkRun(tip, 'test')
    repo.checkRun(tip, 'Travis CI', { id: 67, slug: 'travis-ci', name: 'Travis CI' })
    repo.status(tip, 'ci/circleci: build')
    repo.push('main', { 'b.txt': 'b\n' })
    expect((await (await read(repo)).branch()).externalContexts).toEqual(['Travis CI', 'ci/circleci: build'])
    const blind = github.token({ permissions: { contents: 'read' } })
    const rules = await (await read(repo, { token: blind })).branch()
    expect(rules.externalContexts).toBeUndefined()
    expect(rules.mergeQueue.is).toBe('no')
  })
})
