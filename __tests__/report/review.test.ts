import { expect, test } from '@jest/globals'
import type { Edit, Finding, Inspection, Repo, Verdict } from '../../src/model.js'
import { type ReviewOptions, review } from '../../src/report/review.js'
import { HEAD, hub, Refusal, type Trouble } from './github.js'
import { at, finding, HOSTILE, inspection, pin, ruleOf, TEXT, timeout, WORKFLOW } from './inspection.js'

const POSTED = { posted: true, what: 'review' }
const target = { owner: 'o', repo: 'r', number: 5, headSha: HEAD }
const DIFF: NonNullable<Repo['diff']> = [
  {
    path: WORKFLOW,
    status: 'modified',
    added: [[6, 7]],
    hunks: [
      [1, 3],
      [5, 7]
    ]
  },
  { path: 'gone.yml', status: 'removed', added: [] }
]
const LINES = {
  [WORKFLOW]: [
    [1, 3],
    [5, 7]
  ] as [number, number][]
}
const seen = (verdict: Partial<Verdict> = {}, repo: Partial<Repo> = {}) => inspection(verdict, { diff: DIFF, ...repo })
const post = (github: ReturnType<typeof hub>, value: Inspection, options: ReviewOptions = { event: 'comment' }) =>
  review(github, target, value, options)
/** Is nothing written for this inspection? */
const isSilent = async (github: ReturnType<typeof hub>, value: Inspection) => {
  const before = github.written.length
  expect(await post(github, value)).toEqual(POSTED)
  return github.written.length === before
}
const refusing = (start: string, status: number, times = 1, late = false): Trouble => {
  let left = times
  return route => (route.startsWith(start) && left-- > 0 ? { error: new Refusal(status), late } : undefined)
}

test('comments on lines of the diff and lists the rest in the body', async () => {
  const github = hub(LINES)
  const onLine = finding()
  const outside = finding({ line: 4, message: 'a line between the hunks' })
  const nowhere = finding({ path: '', message: 'main is open' })
  expect(await post(github, seen({ findings: [onLine, outside, nowhere] }))).toEqual(POSTED)
  expect(github.state.reviews).toHaveLength(1)
  expect(github.state.reviews[0]).toMatchObject({ state: 'COMMENTED', commit_id: HEAD })
  expect(github.state.comments).toMatchObject([
    {
      path: WORKFLOW,
      line: 6,
      side: 'RIGHT',
      body: `**error**: a failure of npm test is lost by \`||\` true\n\nLet the command fail · \`pipeline/test-failure-ignored\`\n\n<!-- pipeline-hygiene finding ${onLine.fingerprint} -->`
    }
  ])
  const body = String(github.state.reviews[0]?.body)
  expect(body.split('\n')[0]).toBe('❌ **Blocked**: 3 errors')
  expect(body).toContain('- **error** the repository: main is open')
  expect(body).toContain(`blob/${HEAD}/.github/workflows/ci.yml#L4) a line between the hunks`)
  expect(body.split('\n').at(-1)).toMatch(/^<!-- pipeline-hygiene review [0-9a-f]{16} print\d+ print\d+ -->$/)
})

test.each([
  ['two lines of one hunk', at(5, 5, 6, 30), { start_line: 5, start_side: 'RIGHT', line: 6 }],
  ['an end at the start of a line', at(5, 5, 7, 1), { start_line: 5, line: 6 }],
  ['lines across two hunks', at(3, 1, 6, 3), { line: 3 }],
  ['one line', at(5, 5, 5, 9), { line: 5 }]
])('places a comment on %s', async (_, place, comment) => {
  const github = hub(LINES)
  await post(github, seen({ findings: [finding({ at: place })] }))
  expect(github.state.comments).toMatchObject([comment])
  expect('start_line' in github.state.comments[0]!).toBe('start_line' in comment)
})

const edit = (place: Edit['at'], text: string): Edit => ({ at: place, text })
test.each([
  ['a replaced word', [edit(at(6, 22, 6, 30), '')], [6, 6], '      - run: npm test'],
  ['a line that goes away', [edit(at(6, 1, 7, 1), '')], [6, 6], ''],
  [
    'a line put below',
    [edit(at(7, 1, 7, 1), '        timeout-minutes: 5\n')],
    [6, 6],
    '      - run: npm test || true\n        timeout-minutes: 5'
  ],
  ['a line put above', [edit(at(6, 1, 6, 1), '      # why\n')], [6, 6], '      # why\n      - run: npm test || true'],
  [
    'two lines',
    [edit(at(6, 22, 6, 30), ''), edit(at(7, 32, 7, 36), 'v6')],
    [6, 7],
    '      - run: npm test\n      - uses: actions/checkout@v6'
  ]
] as [string, Edit[], [number, number], string][])('suggests %s', async (_, edits, [line, endLine], text) => {
  const github = hub(LINES)
  await post(github, seen({ findings: [finding({ edits })] }))
  const [comment] = github.state.comments
  expect(comment).toMatchObject({ line: endLine, ...(endLine > line && { start_line: line }) })
  expect(comment?.body).toContain(`\n\n\`\`\`suggestion\n${text}${text && '\n'}\`\`\`\n\n<!--`)
})

test.each([
  ['in another file', [edit(at(6, 1, 6, 1, 'Makefile'), 'x')]],
  ['out of the hunk', [edit(at(4, 1, 4, 3), 'x')]],
  ['that joins two lines', [edit(at(6, 30, 7, 1), ' ')]],
  ['that overlap', [edit(at(6, 1, 6, 9), 'x'), edit(at(6, 5, 6, 12), 'y')]]
])('suggests no edits %s', async (_, edits) => {
  const github = hub(LINES)
  await post(github, seen({ findings: [finding({ edits })] }))
  expect(github.state.comments).toMatchObject([{ line: 6 }])
  expect(github.state.comments[0]?.body).not.toContain('suggestion')
})

test('suggests nothing whose result is worse', async () => {
  const github = hub(LINES)
  const one = finding({ edits: [edit(at(6, 22, 6, 30), '')] })
  const other = finding({ line: 7, edits: [edit(at(7, 32, 7, 36), 'v6')] })
  const again: Inspection['again'] = async texts =>
    inspection({ findings: texts.get(WORKFLOW)!.includes('v6') ? [one, other] : [other] })
  await post(github, { ...seen({ findings: [one, other] }), again })
  const suggests = github.state.comments.map(({ line, body }) => [line, body.includes('suggestion')])
  expect(suggests).toEqual([
    [6, true],
    [7, false]
  ])
})

test('suggests one of two changes that touch', async () => {
  const github = hub(LINES)
  const findings = ['', 'x'].map(text => finding({ edits: [edit(at(6, 22, 6, 30), text)] }))
  await post(github, seen({ findings }))
  expect(github.state.comments.map(({ body }) => body.includes('suggestion'))).toEqual([true, false])
})

test('fences a suggestion longer than what it quotes', async () => {
  const github = hub(LINES)
  const text = TEXT.replace('npm test || true', 'echo ```')
  const edits = [edit(at(6, 14, 6, 18), 'printf')]
  await post(github, seen({ findings: [finding({ edits })] }, { texts: new Map([[WORKFLOW, text]]) }))
  expect(github.state.comments[0]?.body).toContain('\n````suggestion\n      - run: printf ```\n````\n')
})

test('shows the findings of a group in one comment', async () => {
  const github = hub(LINES)
  const findings = [4, 6, 7].map(line => finding({ rule: pin, line }))
  await post(github, seen({ findings }))
  expect(github.state.comments).toMatchObject([{ line: 6 }])
  expect(github.state.comments[0]?.body).toContain('(and 2 more at lines 4, 7)')
  for (const { fingerprint } of findings) expect(github.state.comments[0]?.body).toContain(fingerprint)
})

test('keeps to thirty comments and lists the others', async () => {
  const github = hub(LINES)
  await post(github, seen({ findings: Array.from({ length: 40 }, () => finding()) }))
  expect(github.state.comments).toHaveLength(30)
  expect(String(github.state.reviews[0]?.body).match(/^- \*\*error\*\*/gm)).toHaveLength(10)
  expect(await post(github, seen({ findings: [] }))).toEqual(POSTED)
})

test('opens threads only for what blocks where conversations must be resolved', async () => {
  const branch = {
    branch: 'main',
    conversationResolution: { is: 'yes', why: 'given' }
  } as NonNullable<Repo['branch']>
  const github = hub(LINES)
  await post(github, seen({ findings: [finding(), finding({ rule: timeout, line: 7 })] }, { branch }))
  expect(github.state.comments).toMatchObject([{ line: 6 }])
  expect(github.state.reviews[0]?.body).toContain('- **note**')
})

// ---------------------------------------------------------------- again and again

test('says nothing twice, whatever the order of runs', async () => {
  const github = hub(LINES)
  const value = seen({ findings: [finding(), finding({ path: '', message: 'main is open' })] })
  expect(await post(github, value)).toEqual(POSTED)
  expect(await isSilent(github, value)).toBe(true)
  expect(github.written).toHaveLength(1)
})

test('says only what is new after a push, and deletes what is settled', async () => {
  const github = hub(LINES)
  const [first, second, third] = [finding(), finding({ line: 7 }), finding({ line: 2 })]
  const body = finding({ path: '', message: 'main is open' })
  await post(github, seen({ findings: [first, second, body] }))
  expect(await post(github, seen({ findings: [second, third, body] }))).toEqual(POSTED)
  expect(github.state.reviews).toHaveLength(2)
  expect(github.state.comments.map(({ line }) => line)).toEqual([7, 2])
  expect(github.state.reviews[1]?.body).not.toContain('main is open')
  expect(github.state.reviews[1]?.body).toContain('2 findings reported before still stand.')
  expect(await isSilent(github, seen({ findings: [second, third, body] }))).toBe(true)
})

test('keeps a settled comment that somebody answered', async () => {
  const github = hub(LINES)
  await post(github, seen({ findings: [finding()] }))
  github.state.comments.push({
    id: 1,
    in_reply_to_id: github.state.comments[0]?.id,
    body: 'why?',
    user: { type: 'User' }
  })
  await post(github, seen())
  expect(github.state.comments).toHaveLength(2)
})

test('rewrites its last review when all is settled, without a new one', async () => {
  const github = hub(LINES)
  await post(github, seen({ findings: [finding()] }))
  expect(await post(github, seen())).toEqual(POSTED)
  expect(github.state.reviews).toHaveLength(1)
  expect(github.state.reviews[0]?.body).toContain('✅ **Passed**')
  expect(github.state.reviews[0]?.body).toContain('Nothing of what was reported here is left.')
  expect(github.state.comments).toHaveLength(0)
  expect(await isSilent(github, seen())).toBe(true)
})

test.each([
  ['nothing', seen()],
  ['old findings', seen({ findings: [finding({ introduced: false })] })],
  ['an unknown requirement', seen({ requirements: [{ topic: 'tests', state: 'unknown', why: 'elsewhere' }] })]
])('posts no review for %s', async (_, value) => {
  const github = hub(LINES)
  expect(await isSilent(github, value)).toBe(true)
  expect(github.written).toEqual([])
})

test('says once that a requirement is not met', async () => {
  const github = hub(LINES)
  const value = seen({
    conclusion: 'failure',
    requirements: [{ topic: 'tests', state: 'not-met', why: 'no job runs tests', at: at(1, 1, 1, 3) }]
  })
  expect(await post(github, value)).toEqual(POSTED)
  expect(github.state.reviews[0]?.body).toContain(
    '- **tests not met**: no job runs tests ([`.github/workflows/ci.yml:1`]'
  )
  expect(await isSilent(github, value)).toBe(true)
})

test('never repeats a list that was too long to name all of it', async () => {
  const github = hub()
  const findings = Array.from({ length: 130_000 }, () => finding({ path: 'elsewhere' }))
  expect(await post(github, seen({ findings }))).toEqual(POSTED)
  expect(String(github.state.reviews[0]?.body).length).toBeLessThan(65_536)
  expect(await isSilent(github, seen({ findings }))).toBe(true)
})

test('goes not on with the lines of a list that was too long to name all of it', async () => {
  const github = hub(LINES)
  const findings = Array.from({ length: 1200 }, (_, i) => finding({ line: 6, message: `problem ${i}` }))
  await post(github, seen({ findings }))
  expect(github.state.comments).toHaveLength(30)
  expect(await isSilent(github, seen({ findings }))).toBe(true)
})

test('says notices and what an unknown requirement blocks', async () => {
  const github = hub(LINES)
  const value = seen({
    conclusion: 'failure',
    notices: ['a new suppression by @mallory does not count'],
    requirements: [{ topic: 'tests', state: 'unknown', why: 'elsewhere' }]
  })
  const strict = { ...value, config: { ...value.config, unknown: 'fail' as const } }
  expect(await post(github, strict)).toEqual(POSTED)
  expect(github.state.reviews[0]?.body).toContain('- **tests unknown**: elsewhere')
  expect(github.state.reviews[0]?.body).toContain('- a new suppression by `@mallory` does not count')
  expect(await isSilent(github, strict)).toBe(true)
})

test('leaves all as it is when there is no verdict', async () => {
  const github = hub(LINES)
  await post(github, seen({ findings: [finding()] }))
  expect(await post(github, seen({ failed: 'broken config' }))).toEqual({
    posted: false,
    what: 'review',
    reason: 'the inspection itself failed'
  })
  expect(github.state.comments).toHaveLength(1)
  expect(github.written).toHaveLength(1)
})

// ---------------------------------------------------------------- whose words

test.each([
  ['a person', { login: 'mallory', type: 'User' }, undefined, 1],
  ['another bot, when we know who we are', { login: 'other[bot]', type: 'Bot' }, 'github-actions[bot]', 1],
  ['us', { login: 'github-actions[bot]', type: 'Bot' }, 'github-actions[bot]', 0],
  ['us, as a person whose token is used', { login: 'mallory', type: 'User' }, 'mallory', 0]
])('trusts a marker as far as its author: %s', async (_, user, login, posted) => {
  const github = hub(LINES)
  const one = finding()
  github.state.comments.push({ id: 9, user, body: `x\n\n<!-- pipeline-hygiene finding ${one.fingerprint} -->` })
  await post(github, seen({ findings: [one] }), { event: 'comment', ...(login && { login }) })
  expect(github.state.reviews).toHaveLength(posted)
})

test('trusts no marker that is not the last line', async () => {
  const github = hub(LINES)
  const one = finding()
  const quoted = `<!-- pipeline-hygiene finding ${one.fingerprint} -->\nand more`
  github.state.comments.push({ id: 9, user: { type: 'Bot' }, body: quoted })
  expect(await post(github, seen({ findings: [one] }))).toEqual(POSTED)
  expect(github.state.comments).toHaveLength(2)
})

// ---------------------------------------------------------------- when it must not or cannot

test.each([
  ['closed', { state: 'closed', head: { sha: HEAD } }, 'the pull request is closed'],
  ['moved on', { state: 'open', head: { sha: 'b'.repeat(40) } }, 'the pull request has a newer head']
])('posts nothing on a pull request that is %s', async (_, pull, reason) => {
  const github = hub(LINES)
  github.state.pull = pull
  expect(await post(github, seen({ findings: [finding()] }))).toEqual({ posted: false, what: 'review', reason })
  expect(github.written).toEqual([])
})

test('stops quietly when the head moves meanwhile', async () => {
  const github = hub({}, route => {
    if (route.startsWith('POST')) github.state.pull = { state: 'open', head: { sha: 'b'.repeat(40) } }
    return undefined
  })
  expect(await post(github, seen({ findings: [finding()] }))).toMatchObject({ posted: false })
  expect(github.written).toEqual([])
})

test('posts one review without the comments that GitHub refuses', async () => {
  const github = hub({ [WORKFLOW]: [[5, 7]] })
  const refused = finding({ line: 2, message: 'refused' })
  const findings = [...Array.from({ length: 20 }, () => finding()), refused]
  expect(await post(github, seen({ findings }))).toEqual(POSTED)
  expect(github.state.reviews).toHaveLength(1)
  expect(github.state.comments).toHaveLength(20)
  expect(github.state.reviews[0]?.body).toContain('refused')
  expect(await isSilent(github, seen({ findings }))).toBe(true)
})

test('deletes a draft that an interrupted run left behind', async () => {
  const github = hub(LINES)
  github.state.reviews.push({ id: 3, state: 'PENDING', body: '<!-- pipeline-hygiene draft -->', user: { type: 'Bot' } })
  await post(github, seen({ findings: [finding()] }))
  expect(github.state.reviews.map(({ state }) => state)).toEqual(['COMMENTED'])
})

test.each([
  ['never arrived', false],
  ['arrived without an answer', true]
])('posts one review when the request %s', async (_, late) => {
  const github = hub(LINES, refusing('POST', 502, 1, late))
  expect(await post(github, seen({ findings: [finding()] }))).toEqual(POSTED)
  expect(github.state.reviews).toHaveLength(1)
})

test.each([403, 404])('names the permission that is missing: %i', async status => {
  const github = hub(LINES, refusing('POST', status))
  expect(await post(github, seen({ findings: [finding()] }))).toEqual({
    posted: false,
    what: 'review',
    reason: 'the token needs the permission `pull-requests: write`'
  })
})

test('says that the conversation is locked', async () => {
  const error = new Refusal(403, 'Unable to create review because the conversation is locked.')
  const github = hub(LINES, route => (route.startsWith('POST') ? { error } : undefined))
  const reason = 'the conversation of the pull request is locked'
  expect(await post(github, seen({ findings: [finding()] }))).toEqual({ posted: false, what: 'review', reason })
})

test('goes on when a settled comment cannot be deleted', async () => {
  const github = hub(LINES, refusing('DELETE', 403))
  await post(github, seen({ findings: [finding()] }))
  expect(await post(github, seen())).toEqual(POSTED)
})

test.each([
  ['request-changes', [finding()], 'CHANGES_REQUESTED'],
  ['request-changes', [finding({ rule: timeout })], 'COMMENTED'],
  ['comment', [finding()], 'COMMENTED']
] as ['comment' | 'request-changes', Finding[], string][])('%s of %# is %s', async (event, findings, state) => {
  const github = hub(LINES)
  await post(github, seen({ findings }), { event })
  expect(github.state.reviews[0]?.state).toBe(state)
})

test.each(HOSTILE)('cannot be made to say that it posted before: %j', async text => {
  const github = hub(LINES)
  const value = seen({ findings: [finding({ message: text, rule: ruleOf({ id: 'a/b', fix: text }) })] })
  await post(github, value)
  expect(github.state.comments).toHaveLength(1)
  expect(String(github.state.comments[0]?.body).split('\n').at(-1)).toMatch(
    /^<!-- pipeline-hygiene finding print\d+ -->$/
  )
  expect(await isSilent(github, value)).toBe(true)
})
