import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Blob, Source } from '../../src/model.js'
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

const read = (repo: Repository, options: Partial<GithubOptions> = {}, of = github): Promise<Source> =>
  githubSource({
    token: options.token ?? of.token(),
    apiUrl: of.url,
    graphqlUrl: of.graphqlUrl,
    log: message => waits.push(message),
    second: 2,
    owner: repo.owner,
    repo: repo.name,
    head: repo.refs.get('main')!,
    branch: 'main',
    ...options
  })
const readPull = (pull: Pull, options: Partial<GithubOptions> = {}, of = github) =>
  read(
    pull.repo,
    { head: pull.head, base: { ref: pull.baseRef, sha: pull.baseSha }, number: pull.number, ...options },
    of
  )
const textOf = async (source: Source, path: string, list = source.head.list()) => {
  const blob = (await list).find(each => each.path === path)!
  return (await source.read([blob])).get(blob.sha)
}
const paths = (blobs: Blob[]) => blobs.map(blob => blob.path)
const workflow = (uses: string) =>
  `on: pull_request\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: ${uses}\n`

test('it reads a large pull request in 12 requests and 5 rounds, protection and rulesets included', async () => {
  const slow = await startGitHub({ latency: 25 })
  const files = Object.fromEntries(
    Array.from({ length: 100 }, (_, i) => [`.github/workflows/job-${i}.yml`, workflow(`acme/tool-${i % 5}@v1`)])
  )
  const repo = slow.repo('acme/shop', {
    files: {
      ...files,
      Makefile: 'test:\n\tsh ci/test.sh\n',
      'ci/test.sh': 'npm test\n',
      '.github/pipeline-hygiene.yml': ''
    }
  })
  for (let i = 0; i < 5; i++) slow.repo(`acme/tool-${i}`, { files: { 'action.yml': 'name: Tool\n' } }).tag('v1')
  repo.protect('main', { required_status_checks: { checks: [{ context: 'test', app_id: 15368 }] } })
  repo.ruleset({ rules: [{ type: 'deletion' }] })
  repo.ruleset({ source: 'Organization', rules: [{ type: 'non_fast_forward' }] })
  const pull = repo.pull({
    head: Object.fromEntries(Object.keys(files).map(path => [path, `${files[path]}      - run: make test\n`]))
  })
  repo.push('main', { '.github/pipeline-hygiene.yml': 'preset: strict\n' })
  const protectionToken = slow.token({ kind: 'app', permissions: { administration: 'read' } })
  const source = await readPull(pull, { protectionToken }, slow)
  expect(await textOf(source, '.github/pipeline-hygiene.yml', source.policy!.list())).toBe('preset: strict\n')
  const seen = await readRepo(source)
  const { requests, faults } = slow
  const rounds = slow.rounds()
  await slow.stop()
  expect(faults).toEqual([])
  expect(seen.unread).toEqual([])
  expect(seen.workflows).toHaveLength(100)
  expect(seen.base?.workflows).toHaveLength(100)
  expect(seen.remote.size).toBe(5)
  expect(seen.diff).toHaveLength(100)
  expect(seen.scripts.map(script => script.path)).toContain('ci/test.sh')
  expect(requests.map(request => request.operation)).toHaveLength(10)
  expect(requests.length).toBeLessThanOrEqual(12)
  expect(rounds).toBeLessThanOrEqual(5)
})
