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
