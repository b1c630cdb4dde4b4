import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { patchBetween } from './git.js'
import { type GitHub, type Pull, startGitHub } from './server.js'

let github: GitHub
let pull: Pull
let token: string
beforeAll(async () => {
  github = await startGitHub()
  const lines = Array.from({ length: 40 }, (_, i) => `line ${i + 1}\n`)
  const repo = github.repo('acme/shop', { files: { 'a.txt': lines.join(''), 'b.txt': 'b\n' } })
  const head = lines.with(9, 'changed\n').with(29, 'changed\n').join('')
  pull = repo.pull({ head: { 'a.txt': head } })
  token = github.token({
    permissions: { contents: 'read', pull_requests: 'write', checks: 'write', statuses: 'write' }
  })
})
afterEach(() => {
  github.forget()
  pull.reviews.length = pull.comments.length = 0
})
afterAll(() => github.stop())

async function send(method: string, path: string, body?: object, as = token) {
  const response = await fetch(`${github.url}/repos/acme/shop${path}`, {
    method,
    headers: { authorization: `bearer ${as}` },
    ...(body && { body: JSON.stringify(body) })
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, data: text ? JSON.parse(text) : undefined }
}
const review = (comments: object[], more = {}) =>
  send('POST', '/pulls/1/reviews', { event: 'COMMENT', body: 'Hello', comments, ...more })
const check = (more: object) =>
  send('POST', '/check-runs', {
    name: 'Check',
    head_sha: pull.head,
    status: 'completed',
    conclusion: 'success',
    ...more
  })
const output = (annotations: object[]) => ({ output: { title: 'T', summary: 'S', annotations } })
const annotation = { path: 'a.txt', start_line: 1, end_line: 1, annotation_level: 'notice', message: 'm' }

test('it computes the ids that git does', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'objects-'))
  const git = (...args: string[]) => execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8' }).trim()
  git('init', '-q')
  const files = { 'a.txt': 'a\n', 'a-b/x': 'x\n', 'a/y': 'y\n', 'a.b/z': 'ü\n' }
  for (const [path, text] of Object.entries(files)) {
    execFileSync('mkdir', ['-p', join(folder, path, '..')])
    writeFileSync(join(folder, path), text)
  }
  git('add', '.')
  const tree = git('write-tree')
  rmSync(folder, { recursive: true })
  const repo = github.repo('acme/ids', { files })
  expect(repo.git.commitAt(repo.refs.get('main')!)?.tree).toBe(tree)
})

test.each([
  ['a changed line', 'a\nb\nc\n', 'a\nx\nc\n', '@@ -1,3 +1,3 @@\n a\n-b\n+x\n c'],
  ['a new file', '', 'a\n', '@@ -0,0 +1 @@\n+a'],
  ['a missing last newline', 'a\n', 'a', '@@ -1 +1 @@\n-a\n+a\n\\ No newline at end of file']
])('it writes %s as git diff does', (_, before, after, patch) => expect(patchBetween(before, after).patch).toBe(patch))

describe('what is taken', () => {
  test('it keeps reviews with comments inside the hunks, outdates and deletes them', async () => {
    const comments = [
      { path: 'a.txt', body: 'one', line: 10 },
      { path: 'a.txt', body: 'two', start_line: 27, line: 33 }
    ]
    expect((await review(comments)).status).toBe(200)
    expect(pull.reviews).toMatchObject([{ state: 'COMMENTED', body: 'Hello' }])
    const [first] = (await send('GET', '/pulls/1/comments')).data
    expect(first).toMatchObject({ line: 10, user: { login: 'github-actions[bot]' } })
    expect((await send('DELETE', `/pulls/comments/${first.id}`)).status).toBe(204)
    expect(pull.comments).toHaveLength(1)
    expect(github.faults).toEqual([])
  })

  test('it keeps one draft a user, shows its comments to nobody and deletes it', async () => {
    const { data } = await send('POST', '/pulls/1/reviews', { comments: [{ path: 'a.txt', body: 'b', line: 10 }] })
    expect((await send('GET', '/pulls/1/comments')).data).toEqual([])
    expect((await send('DELETE', `/pulls/1/reviews/${data.id}`)).status).toBe(200)
    expect([pull.reviews, pull.comments, github.faults]).toEqual([[], [], []])
  })

  test('it appends annotations with each update of a check run', async () => {
    const { data } = await check(output([annotation]))
    await send('PATCH', `/check-runs/${data.id}`, output([annotation, annotation]))
    expect(pull.repo.checkRuns.at(-1)?.annotations).toHaveLength(3)
    expect((await send('GET', `/commits/${pull.head}/check-runs?check_name=Check`)).data.total_count).toBe(1)
    expect((await send('POST', `/statuses/${pull.head}`, { state: 'success', context: 'c' })).status).toBe(201)
    expect(github.faults).toEqual([])
  })

  test('it links pages', async () => {
    const { headers } = await send('GET', '/pulls/1/files?per_page=1&page=1')
    expect(headers.get('link')).toBeNull()
    for (let i = 0; i < 3; i++) await review([])
    const { headers: more, data } = await send('GET', '/pulls/1/reviews?per_page=2')
    expect(data).toHaveLength(2)
    expect(more.get('link')).toMatch(/page=2>; rel="next", .*page=2>; rel="last"/)
  })
})

describe('what is refused, and a fault of the client', () => {
  test.each<[string, () => Promise<{ status: number }>, RegExp]>([
    ['a line outside the diff', () => review([{ path: 'a.txt', body: 'b', line: 20 }]), /must be part of the diff/],
    ['a path outside the diff', () => review([{ path: 'b.txt', body: 'b', line: 1 }]), /Path could not be resolved/],
    ['a range over two hunks', () => review([{ path: 'a.txt', body: 'b', start_line: 10, line: 30 }]), /same hunk/],
    [
      'a range backwards',
      () => review([{ path: 'a.txt', body: 'b', start_line: 10, line: 10 }]),
      /precede the end line/
    ],
    ['an approval', () => review([], { event: 'APPROVE' }), /not permitted to approve/],
    ['a review without a body', () => review([], { body: '' }), /body is required/],
    ['a body too long', () => review([], { body: 'x'.repeat(65_537) }), /maximum is 65536/],
    ['a misspelt field', () => review([{ path: 'a.txt', body: 'b', lines: 10 }]), /additional properties.*lines/],
    ['an unknown event', () => review([], { event: 'NOTE' }), /allowed values/],
    ['51 annotations', () => check(output(Array(51).fill(annotation))), /more than 50 items/],
    ['a long annotation title', () => check(output([{ ...annotation, title: 'x'.repeat(256) }])), /maximum is 255/],
    ['columns on two lines', () => check(output([{ ...annotation, end_line: 2, start_column: 1 }])), /columns need/],
    ['a summary too long', () => check({ output: { title: 'T', summary: 'x'.repeat(65_536) } }), /more than 65535/],
    ['completed without a conclusion', () => check({ conclusion: undefined }), /conclusion/],
    ['a commit nobody has', () => check({ head_sha: 'f'.repeat(40) }), /No commit found/],
    [
      'a long status',
      () => send('POST', `/statuses/${pull.head}`, { state: 'error', description: 'x'.repeat(141) }),
      /140/
    ],
    ['an unknown query parameter', () => send('GET', '/pulls/1/files?perpage=1'), /additional properties.*perpage/],
    ['an unknown operation', () => send('GET', '/nothing'), /no operation/]
  ])('it refuses %s', async (_, act, fault) => {
    const { status } = await act()
    expect([404, 422]).toContain(status)
    expect(github.faults.join('\n')).toMatch(fault)
    expect(pull.reviews).toEqual([])
  })

  test('it takes a comment on an old commit that fails for no fault', async () => {
    const old = pull.head
    pull.push({ 'b.txt': 'new\n' })
    const { status } = await review([{ path: 'b.txt', body: 'b', line: 1 }], { commit_id: old })
    expect([status, github.faults]).toEqual([422, []])
  })

  test.each([
    ['a field that does not exist', '{ viewer { nonsense } }', /nonsense/],
    ['a missing argument', '{ repository(owner: "a") { id } }', /name/]
  ])('it refuses GraphQL with %s', async (_, query, fault) => {
    await fetch(github.graphqlUrl, {
      method: 'POST',
      headers: { authorization: `bearer ${token}` },
      body: JSON.stringify({ query })
    })
    expect(github.faults.join('\n')).toMatch(fault)
  })
})

describe('who may', () => {
  test.each<[string, Parameters<GitHub['token']>[0], string, string, number, string]>([
    [
      'a job without the permission',
      { permissions: { contents: 'read' } },
      'POST',
      '/pulls/1/reviews',
      403,
      'Resource not accessible by integration'
    ],
    [
      'a job of a fork',
      { fork: true, permissions: { pull_requests: 'write' } },
      'POST',
      '/pulls/1/reviews',
      403,
      'Resource not accessible by integration'
    ],
    [
      'a fine-grained token',
      { kind: 'fine-grained' },
      'GET',
      '/branches/main/protection',
      403,
      'Resource not accessible by personal access token'
    ],
    ['a classic token', { kind: 'classic' }, 'GET', '/branches/main/protection', 404, 'Not Found'],
    [
      'an administrator',
      { permissions: { administration: 'read' } },
      'GET',
      '/branches/main/protection',
      404,
      'Branch not protected'
    ],
    ['a token for other repositories', { repositories: [] }, 'GET', '/pulls/1', 404, 'Not Found']
  ])('it answers %s as GitHub does', async (_, options, method, path, status, message) => {
    const answer = await send(method, path, undefined, github.token(options))
    expect([answer.status, answer.data.message, answer.data.status]).toEqual([status, message, String(status)])
    expect(github.faults).toEqual([])
  })

  test('it shows who may bypass a ruleset only to those who may write it', async () => {
    const { id } = pull.repo.ruleset({
      rules: [{ type: 'deletion' }],
      bypass: [{ actor_id: 5, actor_type: 'RepositoryRole', bypass_mode: 'always' }]
    })
    const admin = github.token({ kind: 'app', permissions: { administration: 'write' } })
    expect((await send('GET', `/rulesets/${id}`)).data.bypass_actors).toBeUndefined()
    expect((await send('GET', `/rulesets/${id}`, undefined, admin)).data.bypass_actors).toHaveLength(1)
    expect(github.faults).toEqual([])
  })
})

test('it fails as told, before or after the request took effect', async () => {
  github.fail({ match: 'POST /repos/acme/shop/pulls/1/reviews', status: 502 })
  github.fail({ match: 'POST /repos/acme/shop/pulls/1/reviews', status: 504, after: true })
  expect([(await review([])).status, pull.reviews.length]).toEqual([502, 0])
  expect([(await review([])).status, pull.reviews.length]).toEqual([504, 1])
})
