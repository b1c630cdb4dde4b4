import { expect, test } from '@jest/globals'
import type { BranchFacts } from '../src/model.js'
import { deliveriesOf, gateOf, isDocumentation, waitedFor, waits } from '../src/releases.js'
import { repoOf } from './helpers.js'

const file = (name: string, text: string) => ({ [`.github/workflows/${name}.yml`]: text })
const job = (id: string, keys = '', run = 'echo x') =>
  `  ${id}:\n    runs-on: x\n${keys}    steps:\n      - run: ${run}\n`

test('follows needs to any depth, and those of calls', async () => {
  const repo = await repoOf({
    ...file(
      'ci',
      `on: push\njobs:\n${job('a')}${job('b', '    needs: a\n')}  c:\n    needs: b\n    uses: ./.github/workflows/c.yml\n${job('d')}`
    ),
    ...file('c', `on: workflow_call\njobs:\n${job('e')}${job('f', '    needs: e\n')}`)
  })
  const last = repo.pipeline.jobs.find(one => one.job.id.value === 'f' && one.callers.length)!
  expect(waitedFor(last, repo).map(one => one.job.id.value)).toEqual(['a', 'b', 'e'])
  const named = (id: string) => repo.pipeline.jobs.find(one => one.job.id.value === id)!
  expect([waits(last, named('a'), repo), waits(last, named('d'), repo), waits(named('a'), last, repo)]).toEqual([
    true,
    false,
    false
  ])
})

test('ends where jobs need each other', async () => {
  const repo = await repoOf(file('ci', `on: push\njobs:\n${job('a', '    needs: b\n')}${job('b', '    needs: a\n')}`))
  expect(repo.pipeline.jobs.map(one => waitedFor(one, repo).map(other => other.job.id.value))).toEqual([['b'], ['a']])
})

test('leaves out what is for tests, by a name, a preview, or never started', async () => {
  const repo = await repoOf({
    ...file(
      'ci',
      `on: push\njobs:\n${job('ship', '', 'npm publish')}${job('e2e', '', 'helm install a b')}${job('named', '', './deploy')}${job('try', '', 'netlify deploy')}`
    ),
    ...file('pr', `on: pull_request\njobs:\n${job('early', '', 'npm publish')}`),
    ...file('called', `on: workflow_call\njobs:\n${job('called', '', 'npm publish')}`),
    ...file('perf', `on: push\njobs:\n${job('x', '', 'npm publish')}`)
  })
  expect(deliveriesOf(repo).map(one => one.job.job.id.value)).toEqual(['ship'])
})

test('looks at no workflow of more jobs than anybody has', async () => {
  const many = (count: number) =>
    file(
      'ci',
      `on: push\njobs:\n${Array.from({ length: count }, (_, at) => job(`j${at}`, '', at ? 'true' : 'npm publish')).join('')}`
    )
  expect(deliveriesOf(await repoOf(many(500)))).toHaveLength(1)
  expect(deliveriesOf(await repoOf(many(501)))).toEqual([])
})

test.each([
  ['docs', 'build', true],
  ['deploy', 'docs-site', true],
  ['deploy', 'docker', false]
])('workflow %s with job %s is about the documentation: %s', async (name, id, is) => {
  const repo = await repoOf(file(name, `on: push\njobs:\n${job(id, '', 'aws s3 sync out s3://b')}`))
  const [one] = repo.pipeline.jobs
  expect(isDocumentation(one!, one!.released.work[0]!)).toBe(is)
})

const TESTS = `on: pull_request\njobs:\n${job('test', '', 'npx jest')}`
test.each([
  ['nothing tests', `on: pull_request\njobs:\n${job('lint')}`, { requiredChecks: ['lint'] }, 'none'],
  ['a check that tests', TESTS, { requiredChecks: ['test'] }, 'required'],
  ['one that gathers', `${TESTS}${job('all', '    needs: test\n')}`, { requiredChecks: ['all'] }, 'required'],
  ['another', `${TESTS}${job('lint')}`, { requiredChecks: ['lint'] }, 'optional'],
  ['none', TESTS, { requiredChecks: [] }, 'optional'],
  ['unknown ones', TESTS, {}, 'unread'],
  ['a strange one', TESTS, { requiredChecks: ['x'] }, 'unread'],
  ['none, and workflows of the organization', TESTS, { requiredChecks: [], requiredWorkflows: true }, 'unread'],
  ['CI elsewhere', TESTS, { requiredChecks: ['test'], externalContexts: ['ci/circleci: x'] }, 'unread'],
  ['one that every push starts', TESTS.replace('pull_request', 'push'), { requiredChecks: ['test'] }, 'required'],
  [
    'one of pushes to a branch',
    TESTS.replace('pull_request', '{push: {branches: [main]}}'),
    { requiredChecks: ['test'] },
    'none'
  ]
])('the gate with %s', async (_, text, branch: BranchFacts, state) => {
  const gate = gateOf(await repoOf({ head: file('ci', text as string), branch: { name: 'main', ...branch } }))
  expect('unread' in gate ? 'unread' : gate.tests).toBe(state)
})
