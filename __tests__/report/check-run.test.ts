import { expect, test } from '@jest/globals'
import { checkRun, commitStatus } from '../../src/report/check-run.js'
import { fields } from '../../src/report/post.js'
import { HEAD, hub, Refusal, type Trouble } from './github.js'
import { at, finding, HOSTILE, inspection, ruleOf, timeout, WORKFLOW } from './inspection.js'

const target = { owner: 'o', repo: 'r', headSha: HEAD }
const failing = () => inspection({ findings: [finding(), finding({ rule: timeout, at: at(2, 1, 4, 3) })] })
const many = (count: number) =>
  inspection({ findings: Array.from({ length: count }, (_, index) => finding({ line: index + 1 })) })
/** Fails the n-th request whose route begins so. */
const once = (start: string, error: Error, late = false): Trouble => {
  let done = false
  return route => {
    if (done || !route.startsWith(start)) return undefined
    done = true
    return { error, late }
  }
}

test('posts one completed check run with annotations', async () => {
  const github = hub()
  expect(await checkRun(github, target, failing())).toEqual({ posted: true, what: 'check run' })
  expect(github.state.runs).toHaveLength(1)
  expect(github.state.runs[0]).toMatchObject({
    name: 'Pipeline Hygiene',
    head_sha: HEAD,
    status: 'completed',
    conclusion: 'failure'
  })
  expect(fields(github.state.runs[0]?.output)).toMatchObject({ title: 'Blocked: 1 error, 1 note' })
  expect([...github.state.annotations.values()][0]).toEqual([
    {
      path: WORKFLOW,
      start_line: 6,
      end_line: 6,
      start_column: 14,
      end_column: 30,
      annotation_level: 'failure',
      title: 'pipeline/test-failure-ignored',
      message: 'a failure of npm test is lost by || true\nLet the command fail'
    },
    {
      path: WORKFLOW,
      start_line: 2,
      end_line: 4,
      annotation_level: 'notice',
      title: 'workflow/job-without-timeout',
      message: 'a failure of npm test is lost by || true\nLet the command fail'
    }
  ])
})

test.each([
  [0, 1, 0],
  [50, 1, 50],
  [51, 2, 51],
  [160, 4, 160],
  [100_000, 10, 500]
])('sends %i annotations in batches of 50', async (count, requests, sent) => {
  const github = hub()
  await checkRun(github, target, many(count))
  expect(github.written).toHaveLength(requests)
  expect([...github.state.annotations.values()][0]).toHaveLength(sent)
})

test('updates the check run of the same head and repeats no annotation', async () => {
  const github = hub()
  await checkRun(github, target, many(60))
  await checkRun(github, target, many(61))
  expect(github.state.runs).toHaveLength(1)
  expect([...github.state.annotations.values()][0]).toHaveLength(61)
})

test("leaves others' check runs of the same name alone", async () => {
  const github = hub()
  github.state.runs.push({ id: 7, name: 'Pipeline Hygiene', external_id: 'another' })
  await checkRun(github, target, failing())
  expect(github.state.runs).toHaveLength(2)
})

test.each([
  ['the request that never arrived', false],
  ['the answer that never came', true]
])('makes one check run in spite of %s', async (_, late) => {
  const github = hub({}, once('POST', new Refusal(502), late))
  expect(await checkRun(github, target, many(70))).toMatchObject({ posted: true })
  expect(github.state.runs).toHaveLength(1)
  expect([...github.state.annotations.values()][0]).toHaveLength(70)
})

test('asks the client not to send a creation again by itself', async () => {
  const github = hub()
  await checkRun(github, target, failing())
  expect(github.written[0]?.parameters.request).toEqual({ retries: 0 })
})

test.each([
  [403, {}, 'the token needs the permission `checks: write`'],
  [404, {}, 'the token needs the permission `checks: write`'],
  [403, { 'x-ratelimit-remaining': '0' }, 'the rate limit of the token is used up'],
  [429, {}, 'the rate limit of the token is used up'],
  [422, {}, 'GitHub answered 422 (no)']
])('says in one sentence why nothing was posted: %i %j', async (status, headers, reason) => {
  const github = hub({}, once('POST', new Refusal(status, 'no', { headers })))
  expect(await checkRun(github, target, failing())).toEqual({ posted: false, what: 'check run', reason })
})

test('throws what is our own mistake', async () => {
  const github = hub({}, once('POST', new TypeError('ours')))
  await expect(checkRun(github, target, failing())).rejects.toThrow('ours')
})

test('keeps within every limit for hostile and endless texts', async () => {
  const github = hub()
  const endless = HOSTILE.flatMap(text => [text, text.repeat(3000)])
  const findings = endless.map(text =>
    finding({ message: text, path: text, rule: ruleOf({ id: 'x'.repeat(400), fix: 'Change it' }) })
  )
  await checkRun(github, target, inspection({ findings, because: 'y'.repeat(10_000), conclusion: 'failure' }))
  const output = fields(github.state.runs[0]?.output)
  expect(String(output.title).length).toBe(255)
  expect(String(output.summary).length).toBeLessThanOrEqual(65_535)
  expect(String(output.text).length).toBeLessThanOrEqual(65_535)
  for (const annotation of [...github.state.annotations.values()].flat()) {
    expect(String(annotation.title).length).toBeLessThanOrEqual(255)
    expect(String(annotation.message).length).toBeLessThanOrEqual(65_536)
  }
})

test('gives what has no file to the summary only', async () => {
  const github = hub()
  await checkRun(github, target, inspection({ findings: [finding({ path: '', message: 'main is open' })] }))
  expect([...github.state.annotations.values()][0]).toEqual([])
  expect(fields(github.state.runs[0]?.output).summary).toContain('main is open')
})

test.each([
  ['failure', inspection({ findings: [finding()] })],
  ['success', inspection()],
  ['success', inspection({ conclusion: 'neutral', because: 'first run' })],
  ['error', inspection({ failed: 'broken config' })]
])('posts the commit status %s', async (state, value) => {
  const github = hub()
  expect(await commitStatus(github, target, value, 'https://ci.example/1')).toEqual({
    posted: true,
    what: 'commit status'
  })
  expect(github.state.statuses[0]).toMatchObject({
    state,
    sha: HEAD,
    context: 'Pipeline Hygiene',
    target_url: 'https://ci.example/1'
  })
})

test('cuts the description of a commit status', async () => {
  const github = hub()
  await commitStatus(github, target, inspection({ because: 'z'.repeat(500) }))
  expect(String(github.state.statuses[0]?.description)).toHaveLength(140)
})
