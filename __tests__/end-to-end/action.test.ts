/** The bundled action against the stand-in for GitHub, as a runner starts it. Build first: `npm run build && npm run bundle`. */
import { afterAll, expect, jest, test } from '@jest/globals'
import { type Files, type Logged, type Pull, type Repository, startGitHub } from '../github/server.js'
import { ACTION, type Run, runAction, runPull } from './runner.js'

jest.setTimeout(60_000)
const github = await startGitHub()
afterAll(async () => {
  await github.stop()
  expect(github.faults).toEqual([])
})

// ---------------------------------------------------------------- the world

const published = github.repo(ACTION, {
  private: false,
  files: { 'action.yml': 'name: Hygiene\nruns: { using: node24, main: dist/index.js }\n' }
})
const workflow = (name: string, on: string, permissions: string, job: string) => `name: ${name}
on: ${on}
permissions: ${permissions}
concurrency:
  group: ${name}-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  ${name}:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
${job}`
const gate = (on = 'pull_request') =>
  workflow(
    'gate',
    on,
    '{ contents: read, pull-requests: write, checks: write }',
    `      - uses: ${ACTION}@${published.refs.get('main')}\n`
  )
const ci = (...steps: string[]) =>
  workflow('test', '[pull_request, merge_group]', '{}', steps.map(step => `      - run: ${step}\n`).join(''))

const GATE = '.github/workflows/gate.yml'
const CI = '.github/workflows/ci.yml'
const CONFIG = '.github/pipeline-hygiene.yml'
const TITLE = '${{ github.event.pull_request.title }}'
const good: Files = {
  [GATE]: gate(),
  [CI]: ci('node --test'),
  'src/a.js': 'export const a = 1\n',
  'src/a.test.js': '1\n'
}
/** Two findings: one blocks. */
const bad = { [CI]: ci('node --test || true', `echo "${TITLE}"`) }
/** A warning, that does not block. */
const weak = { [CI]: ci('node --test', `echo "${TITLE}"`) }
const secret = { Dockerfile: 'FROM scratch\nENV DATABASE_PASSWORD=Vq7rT2mXw9Lk3ZpB\nUSER 1000\nCOPY a /a\n' }

const WRITES = { contents: 'read', pull_requests: 'write', checks: 'write', statuses: 'write' } as const
const home = github.token({ permissions: WRITES })
const readOnly = github.token({ permissions: WRITES, fork: true })

let count = 0
const shop = (more: Files = {}): Repository => github.repo(`acme/shop-${++count}`, { files: { ...good, ...more } })
const open = (head: Files, options: Partial<Parameters<Repository['pull']>[0]> = {}, more: Files = {}): Pull =>
  shop(more).pull({ head, ...options })

/** Requests about one repository: scenarios run side by side. */
const requestsOf = (repo: Repository): Logged[] =>
  github.requests.filter(({ path, body }) => {
    if (path !== '/graphql') return `${path}/`.startsWith(`/repos/${repo.fullName}/`)
    return (body as { variables: { name?: string } }).variables.name === repo.name
  })
const writesTo = (repo: Repository) =>
  requestsOf(repo).filter(({ method, path }) => method !== 'GET' && path !== '/graphql')

/** What holds after every run, whatever it was about. */
function isSound(run: Run, repo: Repository): Run {
  expect(run.errors).toBe('')
  expect(run.commands).toEqual([])
  // A check run that is updated was found by its mark.
  const unmarked = writesTo(repo).filter(
    ({ method, body }) => /^(POST|PUT)$/.test(method) && !/pipeline.hygiene/i.test(JSON.stringify(body))
  )
  expect(unmarked.map(each => each.path)).toEqual([])
  return run
}
async function run(pull: Pull, options: Partial<Parameters<typeof runPull>[2]> = {}): Promise<Run> {
  return isSound(await runPull(github, pull, { token: home, ...options }), pull.repo)
}
const messages = ({ annotations }: Run, level: 'error' | 'warning' | 'notice') =>
  annotations.filter(each => each.level === level).map(each => each.message)
const introduced = ({ report }: Run) => report?.findings.filter(each => each.introduced).map(each => each.rule)
const onCi = ['pipeline/test-failure-ignored', 'workflow/script-injection']
// Times differ between runs.
const timeless = (text: string) => text.replace(/\d+ ms|[\d.]+ s\b/g, 'a while')

// ---------------------------------------------------------------- a pull request and its pushes

// Begun first: GitHub wants three seconds between reviews, and the probes are some.
test.concurrent('it finds the comment that GitHub refuses, and posts the other', async () => {
  const pull = open({ [CI]: ci('node --test', `echo "${TITLE}"`, `echo "${TITLE}" again`) })
  github.fail({
    match: `POST /repos/${pull.repo.fullName}/pulls/1/reviews`,
    status: 422,
    times: 2,
    message: 'Unprocessable Entity'
  })
  await run(pull)
  expect(pull.reviews.map(each => each.state)).toEqual(['COMMENTED'])
  expect(pull.comments.map(each => each.line)).toEqual([14])
  expect(pull.reviews[0]?.body).toMatch(/Not shown on the lines themselves:\n\n.*ci\.yml:13/)
})

test.concurrent('it reviews what a pull request brings, sets a check run and fails', async () => {
  const pull = open(bad)
  const { code, outputs, summary, annotations, report, log } = await run(pull)
  expect(code).toBe(1)
  expect(outputs).toMatchObject({ conclusion: 'failure', introduced: '2', total: '3' })
  expect(report?.conclusion).toBe('failure')
  expect(summary).toMatch(/^## Pipeline Hygiene\n\n❌ \*\*Blocked\*\*: required topic tests is not met/)
  expect(log).toMatch(/^Blocked: /)
  expect(annotations).toMatchObject([
    { level: 'error', title: 'required topic tests is not met', file: CI, line: 12 },
    { level: 'error', title: onCi[0], file: CI, line: 12 },
    { level: 'warning', title: onCi[1], file: CI, line: 13 }
  ])
  expect(pull.reviews).toMatchObject([{ state: 'COMMENTED', commit_id: pull.head }])
  expect(pull.comments).toMatchObject([
    { path: CI, line: 12, side: 'RIGHT' },
    { path: CI, line: 13, side: 'RIGHT' }
  ])
  expect(pull.comments[1]?.body).toContain(
    `\`\`\`suggestion\n      - env:\n          PULL_REQUEST_TITLE: ${TITLE}\n        run: echo "\${PULL_REQUEST_TITLE}"\n\`\`\``
  )
  expect(pull.repo.checkRuns).toMatchObject([
    { name: 'Pipeline Hygiene', head_sha: pull.head, status: 'completed', conclusion: 'failure' }
  ])
  expect(pull.repo.checkRuns[0]?.annotations).toMatchObject(
    onCi.map(title => ({ title, path: CI, annotation_level: title === onCi[0] ? 'failure' : 'warning' }))
  )
})

test.concurrent('it says nothing on the pull request where all is well', async () => {
  const pull = open({ 'src/a.js': 'export const a = 2\n', 'src/a.test.js': '2\n' })
  const { code, annotations, outputs, summary } = await run(pull)
  expect([code, annotations, outputs.conclusion, outputs.introduced]).toEqual([0, [], 'success', '0'])
  expect(summary).toContain('✅ **Passed**')
  expect([pull.reviews, pull.comments]).toEqual([[], []])
  expect(pull.repo.checkRuns).toMatchObject([{ conclusion: 'success', annotations: [] }])
})

test.concurrent('it posts nothing twice, takes back what is settled and adds only what is new', async () => {
  const pull = open(bad)
  const { repo } = pull
  await run(pull)
  await run(pull, { action: 'synchronize' })
  expect([pull.reviews.length, pull.comments.length, repo.checkRuns.length]).toEqual([1, 2, 1])
  expect(repo.checkRuns[0]?.annotations).toHaveLength(2)

  pull.push({ [CI]: ci('node --test || true', 'echo "Hello"') })
  const fixed = await run(pull, { action: 'synchronize' })
  expect(introduced(fixed)).toEqual(onCi.slice(0, 1))
  expect([pull.reviews.length, pull.comments.map(each => each.line)]).toEqual([1, [12]])
  expect(repo.checkRuns.map(each => each.head_sha)).toHaveLength(2)

  pull.push(secret)
  await run(pull, { action: 'synchronize' })
  expect(pull.reviews).toHaveLength(2)
  const latest = pull.comments.filter(each => each.review === pull.reviews[1]?.id)
  expect(latest).toMatchObject([{ path: 'Dockerfile', line: 2 }])
  expect(pull.reviews[1]?.body).toContain('1 finding reported before still stands.')

  pull.push({ ...good, Dockerfile: undefined } as Files)
  const { code } = await run(pull, { action: 'synchronize' })
  expect([code, pull.reviews.length, pull.comments]).toEqual([0, 2, []])
  expect(pull.reviews[1]?.body).toContain('Nothing of what was reported here is left.')
})

test.concurrent('it keeps a comment that somebody answered, and comments of other people', async () => {
  const pull = open(weak)
  await run(pull)
  const [ours] = pull.comments
  const theirs = { ...ours!, id: 1, user: pull.author }
  pull.comments.push(theirs)
  pull.push({ [CI]: ci('node --test') })
  await run(pull, { action: 'synchronize' })
  expect(pull.comments).toEqual([theirs])
})

test.concurrent('it puts more annotations into the check run than one request takes', async () => {
  const steps = Array.from({ length: 70 }, (_, i) => `echo "${i} ${TITLE}"`)
  const pull = open({ [CI]: ci('node --test', ...steps) })
  const { annotations } = await run(pull)
  const [check] = pull.repo.checkRuns
  expect(new Set(check?.annotations.map(each => each.start_line)).size).toBe(70)
  expect(check?.annotations).toHaveLength(70)
  expect(annotations).toHaveLength(10)
  expect(annotations.at(-1)?.message).toBe('and 61 more warnings: see the summary of this run')
  expect([pull.reviews.length, pull.comments.length]).toEqual([1, 30])
})

// ---------------------------------------------------------------- forks and permissions

test.concurrent('it tells the author of a fork the same, and what would allow to post it', async () => {
  const [at, from] = [open(bad), open(bad, { fromFork: true })]
  const [here, there] = await Promise.all([run(at), run(from, { token: readOnly })])
  expect(writesTo(from.repo)).toEqual([])
  expect([there.code, there.annotations.filter(each => each.level !== 'notice')]).toEqual([here.code, here.annotations])
  const sentence =
    'no review and no check run: the token of a pull request from a fork may only read; on pull_request_target it may write (pull-requests: write, checks: write)'
  expect(messages(there, 'notice')).toEqual([sentence])
  const neutral = (run: Run, pull: Pull) =>
    timeless(run.summary.replaceAll(`${pull.repo.fullName}/blob/${pull.head}`, ''))
  const said = neutral(there, from)
    .split('\n')
    .filter(line => !neutral(here, at).includes(line))
  expect(said).toEqual([expect.stringContaining('no review and no check run')])
})

test.concurrent('it writes for a fork on pull_request_target', async () => {
  const pull = open(bad, { fromFork: true }, { [GATE]: gate('pull_request_target') })
  const { code } = await run(pull, { event: 'pull_request_target' })
  expect([code, pull.reviews.length, pull.comments.length, pull.repo.checkRuns.length]).toEqual([1, 1, 2, 1])
})

test.concurrent('it reads a fork that is deleted', async () => {
  const pull = open(bad, { fromFork: true, forkDeleted: true })
  const { code, annotations } = await run(pull, { token: readOnly })
  expect([code, annotations.length, writesTo(pull.repo)]).toEqual([1, 4, []])
})

for (const [what, permissions, sentences] of [
  ['checks', { ...WRITES, checks: 'read' }, ['check run not posted: the token needs the permission `checks: write`']],
  [
    'reviews',
    { ...WRITES, pull_requests: 'read' },
    ['review not posted: the token needs the permission `pull-requests: write`']
  ],
  [
    'anything',
    { contents: 'read' },
    [
      'check run not posted: the token needs the permission `checks: write`',
      'review not posted: the token needs the permission `pull-requests: write`'
    ]
  ]
] as const)
  test.concurrent(`it decides the same where the token may not write ${what}`, async () => {
    const pull = open(bad)
    const done = await run(pull, { token: github.token({ permissions }) })
    expect([done.code, introduced(done)]).toEqual([1, onCi])
    expect(messages(done, 'notice')).toEqual(sentences)
    expect(messages(done, 'error')).toHaveLength(2)
    expect(done.summary).toContain('**Blocked**')
    for (const sentence of sentences) expect(done.summary).toContain(sentence.replaceAll('`', '').split(': ')[0])
    expect(pull.reviews.length).toBe(what === 'checks' ? 1 : 0)
    expect(pull.repo.checkRuns.length).toBe(what === 'reviews' ? 1 : 0)
  })

test.concurrent('it misses no permission to review where there is nothing to say', async () => {
  const done = await run(open({ 'README.md': 'Hello\n' }), {
    token: github.token({ permissions: { contents: 'read' } })
  })
  expect(messages(done, 'notice')).toEqual(['check run not posted: the token needs the permission `checks: write`'])
})

test.concurrent('it fails clearly where the repository cannot be read', async () => {
  const pull = open(bad)
  const { code, annotations } = await run(pull, { token: github.token({ permissions: { pull_requests: 'read' } }) })
  expect([code, annotations]).toEqual([
    2,
    [
      {
        level: 'error',
        title: 'Pipeline Hygiene',
        message: `${pull.repo.fullName} does not exist or the token may not read it (needs contents: read)`
      }
    ]
  ])
})

test.concurrent('it fails clearly where the head commit is gone', async () => {
  const pull = open(bad, { fromFork: true })
  const payload = pull.event()
  const { head } = pull
  pull.lose()
  const { code, annotations } = await run(pull, { payload })
  expect([code, annotations[0]?.message]).toEqual([
    2,
    `commit ${head.slice(0, 7)} is not in ${pull.repo.fullName} (any more): its branch or fork was deleted or force-pushed`
  ])
})

test.concurrent('it fails clearly with a token that GitHub does not know', async () => {
  const { code, annotations } = await run(open(bad), { token: 'ghs_wrong' })
  expect([code, annotations[0]?.message]).toEqual([2, expect.stringMatching(/does not take the token \(401\)/)])
})

for (const [what, state] of [
  ['the conversation of the pull request is locked', { locked: true }],
  ['the pull request is closed', { state: 'closed' }]
] as const)
  test.concurrent(`it says that ${what}`, async () => {
    const pull = Object.assign(open(bad), state)
    const done = await run(pull)
    expect([done.code, pull.reviews]).toEqual([1, []])
    expect(messages(done, 'notice')).toEqual([`review not posted: ${what}`])
  })

// ---------------------------------------------------------------- states of a pull request

test.concurrent('it checks a draft and waits with the review', async () => {
  const pull = open(bad, { draft: true })
  const done = await run(pull)
  expect([done.code, pull.reviews, pull.repo.checkRuns.length]).toEqual([1, [], 1])
  expect(messages(done, 'notice')).toEqual(['no review yet: the pull request is a draft'])
})

test.concurrent('it leaves a pull request alone whose head moves on while it looks', async () => {
  const pull = open(bad)
  const { head } = pull
  github.before(new RegExp(`GET /repos/${pull.repo.fullName}/pulls/1$`), () => pull.push({ 'src/a.js': '' }))
  const done = await run(pull, { payload: pull.event() })
  expect([done.code, pull.reviews, pull.comments]).toEqual([1, [], []])
  // It is about the commit, which has not changed.
  expect(pull.repo.checkRuns.map(each => each.head_sha)).toEqual([head])
  expect(messages(done, 'notice')).toEqual(['review not posted: the pull request has a newer head'])
})

test.concurrent('it takes its config from the tip of the target branch and changes from the merge base', async () => {
  const pull = open(weak)
  pull.repo.push('main', { [CONFIG]: 'fail-on: warning\n', ...secret })
  const done = await run(pull)
  expect([done.code, introduced(done)]).toEqual([1, [onCi[1]]])
  expect(done.summary).toContain('1 new finding at warning or above')
})

test.concurrent('it checks a merge group by the rules of its branch, without a review', async () => {
  const pull = open(bad)
  const { repo } = pull
  repo.ruleset({ rules: [{ type: 'merge_queue' }] })
  const payload = pull.mergeGroup()
  const { head_sha: sha, head_ref: ref } = payload.merge_group as Record<string, string>
  const done = isSound(
    await runAction(github, { repo, token: home, event: 'merge_group', payload, sha: sha!, ref: ref! }),
    repo
  )
  expect([done.code, introduced(done), pull.reviews]).toEqual([1, onCi, []])
  expect(repo.checkRuns).toMatchObject([{ head_sha: sha, conclusion: 'failure' }])
  expect(requestsOf(repo).map(each => each.path)).toContain(`/repos/${repo.fullName}/rules/branches/main`)
})

test.concurrent('it works with a target branch that has a slash in its name', async () => {
  const repo = shop()
  repo.refs.set('release/1.x', repo.refs.get('main')!)
  repo.protect('release/1.x', { required_status_checks: { checks: [{ context: 'test', app_id: 15368 }] } })
  const done = await run(repo.pull({ head: weak, baseRef: 'release/1.x' }))
  expect([done.code, introduced(done)]).toEqual([0, [onCi[1]]])
  expect(done.summary).not.toContain('no rule guards')
})

// ---------------------------------------------------------------- GitHub on a bad day

test.concurrent('it waits as long as a limit says, and goes on', async () => {
  const pull = open(bad)
  const limit = { status: 403, message: 'You have exceeded a secondary rate limit.', headers: { 'retry-after': '1' } }
  github.fail({ match: `${pull.repo.fullName}/git/trees`, ...limit })
  github.fail({ match: `POST /repos/${pull.repo.fullName}/pulls/1/reviews`, ...limit })
  const { code, log } = await run(pull)
  expect([code, pull.reviews.length, pull.repo.checkRuns.length]).toEqual([1, 1, 1])
  expect(log.match(/secondary rate limit of .*: waiting 1 s/g)).toHaveLength(2)
})

test.concurrent.each([0, 5, 7])('it never passes where a limit ends its reading: %i requests', async remaining => {
  const pull = open(bad, {}, { [CONFIG]: 'preset: recommended\n' })
  const token = github.token({ permissions: WRITES, remaining, resetsIn: 1800 })
  const done = await run(pull, { token })
  expect(done.outputs.conclusion).not.toBe('success')
  if (done.code === 0) expect(done.summary).toContain(`\`${CI}\` changes and was not read`)
  expect(`${done.log}${messages(done, 'error')}`).toContain('rate limit')
})

test.concurrent('it asks again after a failure of the server, and creates nothing twice', async () => {
  const pull = open(bad)
  const path = `/repos/${pull.repo.fullName}`
  github.fail({ match: `GET ${path}/compare`, status: 502 })
  github.fail({ match: `POST ${path}/check-runs`, status: 504, after: true })
  github.fail({ match: `POST ${path}/pulls/1/reviews`, status: 502, after: true })
  const { code, log } = await run(pull)
  expect([code, pull.reviews.length, pull.comments.length, pull.repo.checkRuns.length]).toEqual([1, 1, 2, 1])
  expect(pull.repo.checkRuns[0]?.annotations).toHaveLength(2)
  expect(log).toMatch(/compare.*\(try 1 of 3\)/)
})

test.concurrent('it clears away the draft of a run that was interrupted', async () => {
  const pull = open(weak)
  const user = { login: 'github-actions[bot]', id: 41898282, type: 'Bot' } as const
  pull.reviews.push({ id: 1, user, body: '<!-- pipeline-hygiene draft -->', state: 'PENDING', commit_id: pull.head })
  await run(pull)
  expect(pull.reviews.map(each => each.state)).toEqual(['COMMENTED'])
})

test.concurrent('it walks a tree that GitHub cuts', async () => {
  const pull = open(bad)
  pull.repo.treeLimit = 3
  const done = await run(pull)
  expect([done.code, introduced(done)]).toEqual([1, onCi])
})

test.concurrent('it reads a pull request of 3,000 files and says where the list ends', async () => {
  const files = Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`docs/page-${i}.md`, `${i}\n`]))
  const pull = open({ ...files, ...bad })
  const done = await run(pull)
  expect([done.code, introduced(done)]).toEqual([1, onCi])
  expect(done.summary).toContain('changes beyond the first 3000 files')
})

// ---------------------------------------------------------------- branch rules

const required = {
  required_status_checks: [{ context: 'test', integration_id: 15368 }],
  strict_required_status_checks_policy: false
}
const resolution = {
  required_review_thread_resolution: true,
  required_approving_review_count: 1,
  dismiss_stale_reviews_on_push: false,
  require_code_owner_review: false,
  require_last_push_approval: false
}
for (const [what, arrange, shown, hidden] of [
  ['no rule', () => {}, 'no rule guards branch main', 'branch rules:'],
  [
    'classic protection',
    (repo: Repository) =>
      repo.protect('main', { required_status_checks: { checks: [{ context: 'test', app_id: 15368 }] } }),
    'Passed',
    'no rule guards'
  ],
  [
    'a ruleset',
    (repo: Repository) => repo.ruleset({ rules: [{ type: 'required_status_checks', parameters: required }] }),
    'Passed',
    'no rule guards'
  ],
  [
    'rules that cannot be read',
    (repo: Repository) => {
      github.fail({
        match: `${repo.fullName}/rules/branches`,
        status: 403,
        message: 'Resource not accessible by integration',
        times: 9
      })
      repo.protect('other')
    },
    'not checked',
    'no rule guards'
  ]
] as const)
  test.concurrent(`it tells ${what} from the other states of protection`, async () => {
    const pull = open({ 'src/a.js': 'export const a = 2\n', 'src/a.test.js': '2\n' })
    arrange(pull.repo)
    const { code, summary } = await run(pull)
    expect([code, summary]).toEqual([0, expect.stringContaining(shown)])
    expect(summary).not.toContain(hidden)
  })

test.concurrent('it decides the same where the token for protection is refused', async () => {
  const pull = open(bad)
  pull.repo.protect('main', {})
  const done = await run(pull, { inputs: { 'protection-token': 'ghs_wrong', require: 'tests, gate' } })
  expect([done.code, introduced(done)]).toEqual([1, onCi])
})

test.concurrent('it opens threads only for what blocks where every thread must be resolved', async () => {
  const pull = open(bad)
  pull.repo.ruleset({ rules: [{ type: 'pull_request', parameters: resolution }] })
  await run(pull)
  expect(pull.comments.map(each => each.line)).toEqual([12])
  expect(pull.reviews[0]?.body).toContain('workflow/script-injection')
})

test.concurrent('it reads classic protection in full with a token of its own', async () => {
  const pull = open(bad)
  pull.repo.protect('main', { required_conversation_resolution: { enabled: true } })
  const admin = github.token({ kind: 'app', permissions: { administration: 'read', contents: 'read' } })
  await run(pull, { inputs: { 'protection-token': admin } })
  expect(pull.comments.map(each => each.line)).toEqual([12])
})

// ---------------------------------------------------------------- what blocks

test.concurrent('it does not block in the pull request that brings it', async () => {
  const repo = shop()
  repo.push('main', { [GATE]: undefined })
  const pull = repo.pull({ head: { ...bad, [GATE]: gate() } })
  const done = await run(pull)
  expect([done.code, done.outputs.conclusion]).toEqual([0, 'neutral'])
  expect(done.summary).toContain('from the next pull request on this blocks: required topic tests is not met')
  expect(pull.repo.checkRuns).toMatchObject([{ conclusion: 'neutral' }])
})

const calling = (uses: string) => `on: pull_request\njobs:\n  gate:\n    uses: ${uses}\n`
for (const [what, head, known, options] of [
  [
    'renames the workflow',
    { ...bad, [GATE]: undefined, '.github/workflows/check.yml': gate() } as Files,
    gate(),
    (repo: Repository) => ({ workflow: `${repo.fullName}/.github/workflows/check.yml` })
  ],
  [
    'meets a workflow of another repository',
    bad,
    undefined,
    () => ({ workflow: 'acme/policies/.github/workflows/gate.yml' })
  ],
  ['meets pull_request_target', bad, undefined, () => ({ event: 'pull_request_target' })],
  ['calls a workflow of another repository', bad, calling('acme/policies/.github/workflows/gate.yml@v1'), () => ({})],
  ['wraps it in an action of its own', bad, gate().replace(/uses: .*/, 'uses: ./.github/actions/gate'), () => ({})]
] as const)
  test.concurrent(`it blocks a pull request that ${what}: that is no first run`, async () => {
    const pull = open({ ...head, ...(head === bad && known && { [GATE]: known }) })
    pull.repo.push('main', { [GATE]: known })
    const { code, outputs } = await run(pull, options(pull.repo))
    expect([code, outputs.conclusion]).toEqual([1, 'failure'])
  })

for (const [until, code, conclusion] of [
  ['2199-01-31', 0, 'neutral'],
  ['2020-01-31', 1, 'failure']
] as const)
  test.concurrent(`it warns until the day that the config names: ${until}`, async () => {
    const done = await run(open(bad, {}, { [CONFIG]: `warn-only-until: ${until}\n` }))
    expect([done.code, done.outputs.conclusion]).toEqual([code, conclusion])
    if (!code)
      expect(done.summary).toContain(`nothing blocks before ${until}; from then on: required topic tests is not met`)
  })

for (const [what, text, place] of [
  ['a key', 'preset: strict\nfail_on: error\n', `${CONFIG}:2:1: `],
  ['YAML', 'preset: [strict\n', `${CONFIG}:`]
] as const)
  test.concurrent(`it fails on a broken config, never passes: ${what}`, async () => {
    const pull = open({ 'src/a.js': '2\n' }, {}, { [CONFIG]: text })
    const done = await run(pull)
    expect([done.code, done.outputs.conclusion, pull.reviews]).toEqual([2, 'failure', []])
    expect(messages(done, 'error').join()).toContain(place)
    expect(pull.repo.checkRuns).toMatchObject([{ conclusion: 'failure' }])
  })

test.concurrent('it previews the config of the pull request and does not follow it', async () => {
  const pull = open({ ...bad, [CONFIG]: "require: []\nrules: { 'pipeline/*': off }\n" })
  const done = await run(pull)
  expect([done.code, introduced(done)?.slice(0, 3)]).toEqual([1, expect.arrayContaining(onCi.slice(0, 2))])
  expect(messages(done, 'notice').join()).toMatch(
    /the config of this pull request holds after the merge; with it this would be .*success, in place of .*failure/
  )
})

test.concurrent('it finds what is wrong with the config of the pull request', async () => {
  const done = await run(open({ [CONFIG]: 'presets: strict\n' }))
  expect([done.code, introduced(done)]).toEqual([1, ['config/invalid', 'pull-request/gate-changed']])
})

const excused = {
  [CI]: ci(
    'node --test',
    `echo "${TITLE}" # pipeline-hygiene ignore workflow/script-injection -- titles are checked`
  ).replace(`"${TITLE}" #`, `"${TITLE}" #`)
}
for (const [who, options, found] of [
  ['a writer', {}, []],
  ['the author of a fork', { fromFork: true }, [onCi[1]]]
] as const)
  test.concurrent(`it lists a suppression by ${who}, and counts a writer's`, async () => {
    const pull = open(excused, options, { [CONFIG]: 'fail-on: warning\n' })
    const done = await run(pull, { token: pull.fromFork ? readOnly : home })
    expect([done.code, introduced(done)]).toEqual([found.length, found])
    const [notice] = messages(done, 'notice')
    expect(notice).toContain(`${CI}:13 newly suppresses workflow/script-injection: titles are checked`)
    expect(notice?.includes('does not count: its author may not write')).toBe(pull.fromFork)
  })

test.concurrent.each([
  ['UTF-16', Buffer.from(`\uFEFF${ci('node --test')}`, 'utf16le')],
  [
    'an alias bomb',
    `a: &a [x]\nb: &b [${Array(9).fill('*a')}]\n${[...'cdefghi'].map((c, i) => `${c}: &${c} [${Array(9).fill(`*${'bcdefgh'[i]}`)}]`).join('\n')}\n`
  ],
  ['no YAML', 'on: [pull_request\njobs: {\n'],
  ['NUL', 'on: pull_request\0\n']
])('it does not let a workflow pass that is %s', async (_, content) => {
  const path = '.github/workflows/other.yml'
  const done = await run(open({ [path]: content }))
  expect(done.code).toBe(1)
  expect(introduced(done).filter(rule => /unreadable-file|broken-yaml/.test(rule))).toHaveLength(1)
  expect(done.annotations[0]).toMatchObject({ level: 'error', file: path })
})

// ---------------------------------------------------------------- other events

const everything = ['branch/unprotected', ...onCi]
test.concurrent.each([
  ['a push', 'push', { before: 'BEFORE' }, onCi],
  ['a push that creates the branch', 'push', { before: '0'.repeat(40), created: true }, everything],
  ['a forced push whose former commit is gone', 'push', { before: 'f'.repeat(40), forced: true }, everything],
  ['a schedule', 'schedule', { schedule: '0 0 * * *' }, everything],
  ['a call by hand', 'workflow_dispatch', { inputs: {} }, everything]
])('it checks a branch on %s', async (_, event, payload, found) => {
  const repo = shop()
  const before = repo.refs.get('main')!
  const sha = repo.push('main', bad)
  const text = JSON.stringify({ ...payload, after: sha }).replace('BEFORE', before)
  const done = isSound(await runAction(github, { repo, token: home, event, payload: text }), repo)
  expect([done.code, done.outputs.conclusion]).toEqual([1, 'failure'])
  expect(repo.checkRuns).toMatchObject([{ head_sha: sha, conclusion: 'failure' }])
  expect(introduced(done)?.sort()).toEqual([...found].sort())
})

test.concurrent.each([
  [
    'an event that is not supported',
    'issues',
    {},
    'the event issues is not supported: run on pull_request, pull_request_target, merge_group, push, schedule or workflow_dispatch'
  ],
  ['a pull request event without one', 'pull_request', {}, 'the event pull_request names no pull request'],
  ['a merge group without commits', 'merge_group', {}, 'the event merge_group names no commits'],
  ['an event file that is no JSON', 'push', '{', /JSON/]
])('it fails on %s', async (_, event, payload, message) => {
  const repo = shop()
  const done = isSound(await runAction(github, { repo, token: home, event, payload }), repo)
  expect([done.code, messages(done, 'error')]).toEqual([
    2,
    [typeof message === 'string' ? message : expect.stringMatching(message)]
  ])
  expect(requestsOf(repo)).toEqual([])
})

// ---------------------------------------------------------------- inputs

test.concurrent.each([
  ['review', 'approve', "input review is one of comment, request-changes, off, not 'approve'"],
  ['status', 'none', "input status is one of check-run, commit-status, off, not 'none'"],
  ['summary', 'maybe', /summary/],
  ['token', '', 'input token is empty: leave it out to use the token of the job'],
  ['sarif-file', '../out.sarif', 'input sarif-file leads out of the workspace: ../out.sarif'],
  ['sarif-file', '/tmp/out.sarif', 'input sarif-file leads out of the workspace: /tmp/out.sarif'],
  ['preset', 'strikt', /preset.*strict/],
  ['require', 'tests, helth', /require.*health/],
  ['fail-on', 'fatal', /fail-on.*error/],
  ['unknown', 'pass', /unknown.*neutral/],
  ['config-inline', 'presets: all', /preset/]
])('it fails on a wrong value of %s: %s', async (name, value, message) => {
  const pull = open(bad)
  const done = await run(pull, { inputs: { [name]: value } })
  expect(done.code).toBe(2)
  expect(messages(done, 'error')).toEqual(
    expect.arrayContaining([typeof message === 'string' ? message : expect.stringMatching(message)])
  )
  expect([pull.reviews, pull.comments]).toEqual([[], []])
})

test.concurrent('it writes SARIF below the workspace', async () => {
  const done = await run(open(bad), { inputs: { 'sarif-file': 'out/hygiene.sarif', review: 'off', status: 'off' } })
  const { version, runs } = JSON.parse(done.file('out/hygiene.sarif') ?? '{}')
  expect([done.code, version, runs[0].results.length]).toEqual([1, '2.1.0', 3])
})

test.concurrent('it sets a commit status in place of the check run', async () => {
  const pull = open(bad)
  await run(pull, {
    inputs: { status: 'commit-status', review: 'off' },
    token: github.token({ permissions: { contents: 'read', statuses: 'write' } })
  })
  expect(pull.repo.statuses).toMatchObject([{ sha: pull.head, state: 'failure', context: 'Pipeline Hygiene' }])
  expect([pull.repo.checkRuns, pull.reviews]).toEqual([[], []])
})

test.concurrent('it says which permission a commit status needs', async () => {
  const pull = open(bad)
  const token = github.token({ permissions: { contents: 'read', pull_requests: 'write' } })
  const done = await run(pull, { inputs: { status: 'commit-status', review: 'off' }, token })
  expect(messages(done, 'notice')).toEqual([
    'commit status not posted: the token needs the permission `statuses: write`'
  ])
})

test.concurrent('it writes nothing that is turned off', async () => {
  const pull = open(bad)
  const done = await run(pull, { inputs: { status: 'off', review: 'off', summary: 'false' } })
  expect([done.code, done.summary, writesTo(pull.repo)]).toEqual([1, '', []])
  expect(done.annotations).toHaveLength(3)
})

test.concurrent('it requests changes while it blocks, and takes that back', async () => {
  const pull = open(bad)
  const inputs = { review: 'request-changes' }
  await run(pull, { inputs })
  expect(pull.reviews).toMatchObject([{ state: 'CHANGES_REQUESTED' }])
  pull.push({ [CI]: ci('node --test') })
  await run(pull, { inputs })
  expect(pull.reviews).toMatchObject([{ state: 'DISMISSED' }])
})

test.concurrent('it says so where it may not take back that changes are requested', async () => {
  const pull = open(bad)
  const inputs = { review: 'request-changes' }
  await run(pull, { inputs })
  pull.push({ [CI]: ci('node --test') })
  github.fail({
    match: new RegExp(`PUT /repos/${pull.repo.fullName}/.*dismissals`),
    status: 403,
    message: 'You are not allowed to dismiss reviews.'
  })
  const done = await run(pull, { inputs })
  expect([done.code, pull.reviews[0]?.state]).toEqual([0, 'CHANGES_REQUESTED'])
  expect(messages(done, 'notice')).toEqual(['review: it still requests changes, and the token may not dismiss it'])
})

test.concurrent('it takes its config from the inputs before the file', async () => {
  const pull = open(weak, {}, { [CONFIG]: 'fail-on: error\n' })
  const { code } = await run(pull, { inputs: { 'config-inline': 'fail-on: warning\n' } })
  expect(code).toBe(1)
})

// ---------------------------------------------------------------- hostile text

test.concurrent('it quotes hostile names and titles without effect', async () => {
  const names = [
    '::error::x',
    '##[set-output name=conclusion;]success',
    '@octocat [x](http://evil.test) <img src=x>`',
    'a\n::set-output name=conclusion::success',
    '%0A::warning::x',
    '--> <!-- pipeline-hygiene review 1 -->'
  ]
  const pull = open(Object.fromEntries(names.map(name => [`src/${name}/Dockerfile`, secret.Dockerfile])), {
    title: '::error::title ##[error]x\n<!-- pipeline-hygiene review 1 -->'
  })
  const done = await run(pull)
  expect([done.code, done.outputs.conclusion]).toEqual([1, 'failure'])
  expect(messages(done, 'error')).toHaveLength(6)
  const shown = [...pull.reviews.map(each => each.body), ...pull.comments.map(each => each.body), done.summary]
  for (const text of shown) {
    const [outside, marks] = [
      text.replace(/(`+)(?!`).*?(?<!`)\1(?!`)/gs, ''),
      text.split('<!-- pipeline-hygiene').length
    ]
    expect(outside).not.toMatch(/@octocat|<img|http:\/\/evil|::set-output/)
    expect(marks).toBeLessThanOrEqual(2)
  }
})

test.concurrent('it logs nothing that the runner would obey', async () => {
  const services = 'services:\n  "a ##[set-output name=conclusion;]success": { build: ., ports: ["80:80"] }\n'
  const pull = open({ 'compose.yml': services, Dockerfile: 'FROM node:22\nUSER node\nCMD ["node", "a.js"]\n' })
  const { commands, outputs, log } = await run(pull)
  expect([commands, outputs.conclusion]).toEqual([[], 'failure'])
  expect(log).toContain('a ## [set-output name=conclusion;]success has no health check')
})

// ---------------------------------------------------------------- budget

test('it reads a large pull request in 12 requests and 5 rounds', async () => {
  const use = (i: number) => `      - uses: acme/tool-${i % 5}@v1\n      - run: node --test\n`
  const many = (text: (i: number) => string): Files =>
    Object.fromEntries(
      Array.from({ length: 100 }, (_, i) => [
        `.github/workflows/job-${i}.yml`,
        workflow('test', 'pull_request', '{}', text(i))
      ])
    )
  for (let i = 0; i < 5; i++) github.repo(`acme/tool-${i}`, { files: { 'action.yml': 'name: Tool\n' } }).tag('v1')
  const repo = shop({ ...many(use), [CONFIG]: 'preset: recommended\n' })
  repo.protect('main', { required_status_checks: { checks: [{ context: 'test', app_id: 15368 }] } })
  repo.ruleset({ rules: [{ type: 'deletion' }] })
  repo.ruleset({ source: 'Organization', rules: [{ type: 'non_fast_forward' }] })
  const pull = repo.pull({ head: many(i => `${use(i)}      - run: echo ${i}\n`) })
  repo.push('main', { [CONFIG]: 'preset: strict\n' })
  const admin = github.token({ kind: 'app', permissions: { administration: 'read' } })
  github.latency = 250
  const { code } = await run(pull, { inputs: { 'protection-token': admin } })
  github.latency = 0
  const all = requestsOf(repo)
  const posting = all.findIndex(({ operation }) => /check-runs|\/reviews|pull_number}$/.test(operation))
  const reads = all.slice(0, posting)
  expect(code).toBe(0)
  expect(reads.length).toBeLessThanOrEqual(12)
  expect(github.rounds(reads)).toBeLessThanOrEqual(5)
  expect(all.slice(posting).filter(each => each.method === 'GET').length).toBeLessThanOrEqual(4)
})
