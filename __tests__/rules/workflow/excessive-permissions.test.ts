import { expect, test } from '@jest/globals'
import { inspectFiles } from '../../../src/api.js'
import type { Problem } from '../../../src/model.js'
import { run } from '../../../src/rule.js'
import rule from '../../../src/rules/workflow/excessive-permissions.js'
import { problems, repoOf } from '../../helpers.js'
import { applied } from './edits.js'

const PATH = '.github/workflows/ci.yml'
const file = (head: string, jobs: string) => ({ [PATH]: `${head}\njobs:\n${jobs.replaceAll(/^/gm, '  ')}\n` })
const found = async (head: string, jobs: string): Promise<Problem[]> =>
  run([rule], await repoOf(file(head, jobs)), () => ({})).found.map(({ problem }) => problem)
const job = (id: string, body = '', step = '- run: npm test') =>
  `${id}:\n  runs-on: x\n${body.replaceAll(/^(?=.)/gm, '  ')}${body && '\n'}  steps:\n${step.replaceAll(/^/gm, '    ')}`

const missing = (names: string, whose: string) =>
  `no permissions are set for ${names}: ${whose} token has the repository's default, which may write; contents: read is enough`

test.each([
  ['one job without', 'on: push', job('a'), [`1:1 ${missing('job a', 'its')}`]],
  ['two jobs without', 'on: push', `${job('a')}\n${job('b')}`, [`1:1 ${missing('jobs a and b', 'their')}`]],
  [
    'five jobs without',
    'on: push',
    ['a', 'b', 'c', 'd', 'e'].map(id => job(id)).join('\n'),
    [`1:1 ${missing('jobs a, b and 3 more', 'their')}`]
  ],
  [
    'one job without beside one with',
    'on: push',
    `${job('a', 'permissions: {}')}\n${job('b')}`,
    [`8:3 ${missing('job b', 'its')}`]
  ],
  ['a block for the workflow', 'on: push\npermissions: {}', job('a'), []],
  ['an empty key for the workflow', 'on: push\npermissions:', job('a'), []],
  ['a block for the job', 'on: push', job('a', 'permissions:\n  contents: read'), []],
  ['a workflow that is only called', 'on: workflow_call', job('a'), []],
  ['one that is called and runs itself', 'on: [workflow_call, push]', job('a'), [`1:1 ${missing('job a', 'its')}`]],
  ['a call of a workflow that may narrow it', 'on: push', 'a:\n  uses: ./.github/workflows/x.yml', []],
  ['no trigger at all', 'name: x', job('a'), []]
])('looks for permissions: %s', async (_, head, jobs, messages) =>
  expect(await problems(rule, file(head, jobs))).toEqual(messages.map(message => `${PATH}:${message}`))
)

test.each([
  [
    'write-all for the workflow',
    'on: push\npermissions: write-all',
    job('a'),
    '2:14 every job may write everything in the repository',
    'error'
  ],
  [
    'write-all for a job',
    'on: push\npermissions: {}',
    job('a', 'permissions: write-all'),
    '6:18 job a may write everything in the repository',
    'error'
  ],
  [
    'read-all',
    'on: push\npermissions: read-all',
    job('a'),
    '2:14 every job may read everything the token can reach, security alerts and packages included',
    'note'
  ]
])('reports %s', async (_, head, jobs, message, severity) => {
  const [problem, ...more] = await found(head, jobs)
  expect(more).toEqual([])
  expect([`${problem!.at.line}:${problem!.at.column} ${problem!.message}`, problem!.severity]).toEqual([
    message,
    severity
  ])
})

test('it says nothing of read-all where every job replaces it', async () =>
  expect(await found('on: push\npermissions: read-all', job('a', 'permissions: {}'))).toEqual([]))

const push = '- uses: docker/build-push-action@v6\n- run: echo "${{ secrets.GITHUB_TOKEN }}" | docker login'
test.each([
  ['a job that shows no use', `${job('a')}\n${job('b', '', push)}`, 'packages', 'job a shows'],
  ['two of three', `${job('a')}\n${job('b', '', push)}\n${job('c')}`, 'packages', 'jobs a and c show'],
  ['jobs of which none shows one', `${job('a')}\n${job('b')}`, 'packages', undefined],
  ['one job alone', job('a'), 'packages', undefined],
  ['a job that has its own', `${job('a', 'permissions: {}')}\n${job('b', '', push)}`, 'packages', undefined],
  ['a job that pushes with git', `${job('a', '', '- run: git push')}\n${job('b', '', push)}`, 'contents', undefined],
  ['a job that releases somehow', `${job('release', '', '- run: make')}\n${job('b', '', push)}`, 'contents', undefined],
  ['a job that only tests', `${job('a')}\n${job('b', '', push)}`, 'contents', 'job a shows'],
  [
    'a job with an action nobody knows',
    `${job('a', '', '- uses: acme/x@v1')}\n${job('b', '', push)}`,
    'packages',
    undefined
  ],
  [
    'a job that asks for OIDC in a script',
    `${job('a', '', '- run: ./go')}\n${job('b', '', push)}`,
    'id-token',
    undefined
  ],
  ['a job that calls gh', `${job('a', '', '- run: gh pr list')}\n${job('b', '', push)}`, 'pull-requests', undefined]
])('looks at write scopes of the workflow: %s', async (_, jobs, scope, who) => {
  const messages = await problems(rule, file(`on: push\npermissions:\n  ${scope}: write`, jobs))
  expect(messages).toEqual(who ? [`${PATH}:3:3 ${scope}: write reaches every job, and ${who} no use of it`] : [])
})

test.each([
  ['tests', '- uses: actions/checkout@v6\n- uses: actions/setup-node@v6\n- run: npm test', true],
  ['an action that writes somewhere', '- uses: amannn/action-semantic-pull-request@v6', false],
  ['a token', '- run: curl -H "$TOKEN" x\n  env: {TOKEN: "${{ github.token }}"}', false],
  ['an action nobody knows', '- uses: acme/x@v1', false],
  ['a script of the name', '- run: npm run release', false]
])('offers a block for the workflow where nothing can miss the rest: %s', async (_, steps, offered) => {
  const files = file('on: push', job('a', '', steps))
  const [problem] = run([rule], await repoOf(files), () => ({})).found.map(({ problem }) => problem)
  expect(Boolean(problem!.edits)).toBe(offered)
  if (!problem!.edits) return
  const after = applied(files[PATH]!, problem!.edits)
  expect(after).toContain('on: push\n\npermissions:\n  contents: read\n\njobs:\n')
  expect(await problems(rule, { [PATH]: after })).toEqual([])
})

test.each([
  ['a push', '- uses: actions/checkout@v6\n- run: git push', 'contents: write'],
  [
    'a comment',
    '- run: gh pr comment 1 --body x\n  env: {GH_TOKEN: "${{ github.token }}"}',
    'contents: read, pull-requests: write'
  ],
  ['a list', '- run: gh run list\n  env: {GH_TOKEN: "${{ github.token }}"}', 'actions: read, contents: read']
])('says what the steps need: %s', async (_, steps, needs) => {
  const files = file('on: push', job('a', '', steps))
  const [problem] = run([rule], await repoOf(files), () => ({})).found.map(({ problem }) => problem)
  expect(problem!.message).toMatch(new RegExp(`; ${needs} is enough$`))
  const after = applied(files[PATH]!, problem!.edits!)
  expect(after).toContain(
    `permissions:\n${needs
      .split(', ')
      .map(need => `  ${need}\n`)
      .join('')}\njobs:`
  )
  expect(await problems(rule, { [PATH]: after })).toEqual([])
})

test('it gives each job its own where one block would be too much', async () => {
  const files = file('on: push', `${job('a')}\n${job('b', '', '- run: gh issue close 1')}`)
  const [problem] = await found('on: push', `${job('a')}\n${job('b', '', '- run: gh issue close 1')}`)
  const after = applied(files[PATH]!, problem!.edits!)
  expect(after).toContain('permissions: {}\n\njobs:\n  a:\n    permissions:\n      contents: read\n    runs-on')
  expect(after).toContain('  b:\n    permissions:\n      contents: read\n      issues: write\n    runs-on')
  expect(await problems(rule, { [PATH]: after })).toEqual([])
})

test.each([
  ['on: pull_request_target', 'default_permissions_on_risky_events'],
  ['on: push', undefined]
])('names what poutine says of %s', async (head, id) => {
  const [problem] = await found(head, job('a'))
  expect(problem!.peers?.poutine).toBe(id)
})

test.each([
  ['a job comes with permissions', [job('a'), job('b'), job('c', 'permissions: {}')], []],
  ['a job is given permissions', [job('a', 'permissions: {}'), job('b')], []],
  ['a job comes without', [job('a', 'permissions: {}'), job('b'), job('c')], ['missing c']]
])('finds nothing new of the jobs that are there when %s', async (_, jobs, keys) => {
  const now = file('on: push', jobs.join('\n'))
  const base = file('on: push', `${job('a')}\n${job('b')}`)
  const { findings } = await inspectFiles(now, { base, rules: [rule.id] })
  expect(findings.filter(({ introduced }) => introduced).map(({ message }) => message)).toEqual(
    keys.map(key => missing(key.replace('missing', 'job'), 'its'))
  )
})

test.each([
  ['after what ends above it', 'env:\n  A: b\n', '', '\n'],
  ['after a blank line', 'env:\n  A: b\n\n', '', ''],
  ['above the comment of the jobs', 'env: {}\n\n', '# One job\n# for all\n', ''],
  ['above a comment that follows at once', 'env: {}\n', '# One job\n', '\n']
])('puts the block %s', async (_, above, comment, gap) => {
  const text = (block: string) => `on: push\n${above}${block}${comment}jobs:\n${job('a').replaceAll(/^/gm, '  ')}`
  const { found } = run([rule], await repoOf({ [PATH]: text('') }), () => ({}))
  const edits = found.flatMap(({ problem }) => problem.edits ?? [])
  expect(applied(text(''), edits)).toBe(text(`${gap}permissions:\n  contents: read\n\n`))
})
