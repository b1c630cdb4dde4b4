/** The bundled command line on a pull request of the stand-in for GitHub. */
import { afterEach, expect, jest, test } from '@jest/globals'
import { type Pull, startGitHub, type TokenOptions } from '../github/server.js'
import { hygiene } from './command.js'

jest.setTimeout(60_000)
const github = await startGitHub()
afterEach(() => {
  const faults = github.faults.splice(0)
  expect(faults).toEqual([])
})

const CI = '.github/workflows/ci.yml'
const ci = (step: string) =>
  `on: pull_request\npermissions: {}\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    timeout-minutes: 5\n    steps:\n      - run: ${step}\n`
let count = 0
const open = (head: Record<string, string>): Pull =>
  github.repo(`acme/tool-${++count}`, { files: { [CI]: ci('node --test') } }).pull({ head })
const check = (pull: Pull, args: string[], token: TokenOptions = {}) =>
  hygiene(['--pull-request', `${pull.repo.fullName}#${pull.number}`, ...args], {
    env: { ...github.env(''), GITHUB_TOKEN: github.token({ kind: 'fine-grained', ...token }) }
  })
const hygieneGate = (pull: Pull) =>
  hygiene(['gate', '--pull-request', `${pull.repo.fullName}#${pull.number}`], {
    env: { ...github.env(''), GITHUB_TOKEN: github.token({ kind: 'fine-grained' }) }
  })
const writes = () => github.requests.filter(({ method, path }) => method !== 'GET' && path !== '/graphql')
const WRITES = { contents: 'read', pull_requests: 'write', checks: 'write' } as const

test('it prints what a pull request brings, and posts nothing unasked', async () => {
  const pull = open({ [CI]: ci('node --test || true') })
  const { code, out, err } = await check(pull, ['--format', 'json'], { permissions: WRITES })
  const { conclusion, findings } = JSON.parse(out)
  expect([code, err, conclusion]).toEqual([1, '', 'failure'])
  expect(findings).toMatchObject([
    { rule: 'pipeline/test-failure-ignored', path: CI, line: 8, introduced: true },
    { rule: 'branch/unprotected', introduced: false }
  ])
  expect(writes()).toEqual([])
})

test('it draws the gate of a pull request with the rules of its branch', async () => {
  const { code, out, err } = await hygieneGate(open({ 'a.js': '1\n' }))
  expect([code, err]).toEqual([0, ''])
  expect(out).toMatch(/^The gate: 1 check, 0 required, 1 hole\n/)
  expect(out).toMatch(/^ {2}test {3}pull request {2}no {8}unit tests$/m)
  expect(out).toMatch(/^merge to main: ✗ unprotected$/m)
  expect(writes()).toEqual([])
})

test('it posts in the name of whoever asks, once, and tells his comments from those of others', async () => {
  const pull = open({ [CI]: ci('node --test || true') })
  const said = await check(pull, ['--publish'], { kind: 'classic', permissions: WRITES })
  expect([said.code, said.err]).toEqual([1, 'check run not posted: the token needs the permission `checks: write`\n'])
  await check(pull, ['--publish'], { kind: 'classic', permissions: WRITES })
  expect([pull.reviews.length, pull.comments.length]).toEqual([1, 1])
  const theirs = { ...pull.comments[0]!, id: 1, user: { login: 'mona', id: 2, type: 'User' as const } }
  pull.comments.push(theirs)
  pull.push({ [CI]: ci('node --test') })
  const settled = await check(pull, ['--publish'], { kind: 'classic', permissions: WRITES })
  expect([settled.code, pull.comments]).toEqual([0, [theirs]])
})

test.each([
  ['a number that is none', (pull: Pull) => `${pull.repo.fullName}#7`, /acme\/tool-\d+#7 cannot be read: Not Found/],
  ['a repository that is not seen', () => 'acme/nowhere#1', /acme\/nowhere#1 cannot be read: Not Found/]
])('it fails on %s', async (_, name, message) => {
  const env = { ...github.env(''), GITHUB_TOKEN: github.token() }
  const { code, out, err } = await hygiene(['--pull-request', name(open({ 'a.js': '1\n' }))], { env })
  expect([code, out, err]).toEqual([2, '', expect.stringMatching(message)])
})
