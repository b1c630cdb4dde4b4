import { expect, test } from '@jest/globals'
import rule from '../../../src/rules/pull-request/tests-removed.js'
import { problems } from '../../helpers.js'

const PATH = '.github/workflows/ci.yml'
const ci = (...runs: string[]) => ({
  [PATH]: `on: pull_request\njobs:\n  test:\n    runs-on: x\n    steps:\n      - run: echo\n${runs.map(run => `      - run: ${run}\n`).join('')}`
})

test.each([
  ['a removed run', ci('npx jest', 'pytest'), ci('npx jest'), ['pytest']],
  ['a run that is commented out', ci('npx jest'), ci('echo # npx jest'), ['npx jest']],
  ['another way to write it', ci('npx jest'), ci('npx jest --ci'), []],
  ['a move to another file', ci('npx jest'), { ...ci(), '.github/workflows/b.yml': ci('npx jest')[PATH]! }, []],
  ['a rename', ci('npx jest'), { '.github/workflows/b.yml': ci('npx jest')[PATH]! }, []],
  ['a lint step less', ci('npx jest', 'npx eslint .'), ci('npx jest'), []],
  ['more tests', ci('npx jest'), ci('npx jest', 'pytest'), []]
])('weighs %s', async (_, base, head, gone) => {
  const told = await problems(rule, { base, head: head as Record<string, string> })
  expect(told).toEqual(gone.map(run => `${PATH}:3:3 job test of ${PATH} no longer runs ${run}, and no other job does`))
})

test('points at a workflow that is emptied, and at no file that is gone', async () => {
  expect(await problems(rule, { base: ci('npx jest'), head: { [PATH]: '# off\n' } })).toEqual([
    `${PATH}:1:1 job test of ${PATH} no longer runs npx jest, and no other job does`
  ])
  expect(await problems(rule, { base: ci('npx jest'), head: { 'a.md': '' } })).toEqual([
    `:1:1 job test of ${PATH} no longer runs npx jest, and no other job does`
  ])
})

test('tells the runs of a job in one finding', async () => {
  expect(await problems(rule, { base: ci('npx jest', 'pytest', 'go test'), head: ci('pytest') })).toEqual([
    `${PATH}:3:3 job test of ${PATH} no longer runs npx jest and 1 more, and no other job does`
  ])
})

test.each([
  ['push', ['pull requests start no job that does (test of .github/workflows/main.yml runs on push)']],
  ['[push, pull_request]', []],
  ['merge_group', []]
])('weighs a run that is left to a workflow on %s', async (on, words) => {
  const other = { '.github/workflows/main.yml': ci('npx jest')[PATH]!.replace('pull_request', on) }
  const found = await problems(rule, { base: { ...ci('npx jest'), ...other }, head: { ...ci(), ...other } })
  expect(found).toEqual(words.map(each => expect.stringContaining(each)))
})

test('takes what could never be followed in a job for no hiding place, and what came for one', async () => {
  const hidden = './unseen.sh'
  const paths = ['unseen.sh']
  const base = { ...ci('npx jest', hidden) }
  expect(await problems(rule, { base, head: ci(hidden), paths })).toHaveLength(1)
  expect(await problems(rule, { base: ci('npx jest'), head: ci(hidden), paths })).toEqual([])
})

test('tells a job that pull requests no longer start from one that no longer tests', async () => {
  // Another job that runs the same is no reason to say that this one does not.
  const other = { '.github/workflows/a.yml': ci('npx jest')[PATH]!.replace('pull_request', 'push') }
  const base = { ...ci('npx jest'), ...other }
  const head = { [PATH]: base[PATH]!.replace('pull_request', 'push'), ...other }
  expect(await problems(rule, { base, head })).toEqual([
    `${PATH}:3:3 pull requests no longer start job test of ${PATH}: npx jest now waits for push`
  ])
})
