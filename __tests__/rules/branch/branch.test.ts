import { expect, test } from '@jest/globals'
import type { BranchFacts, World } from '../../../src/model.js'
import noChecks from '../../../src/rules/branch/no-required-checks.js'
import notRequired from '../../../src/rules/branch/tests-not-required.js'
import unprotected from '../../../src/rules/branch/unprotected.js'
import { problems, unreads } from '../../helpers.js'

const PATH = '.github/workflows/ci.yml'
const JOBS = `on: pull_request
jobs:
  lint:
    runs-on: x
    steps:
      - run: npx eslint .
  test:
    runs-on: x
    strategy:
      matrix:
        node: [22]
    steps:
      - run: npx jest
  all:
    needs: [lint, test]
    runs-on: x
    steps:
      - run: echo
`
const world = (branch: BranchFacts, text = JOBS): World => ({ head: { [PATH]: text, 'a.ts': 'a()\n' }, branch })

test.each([
  [
    'no',
    { protected: false, name: 'main' },
    [':1:1 no rule guards branch main: what fails its checks can be merged'],
    0
  ],
  ['yes', { protected: true }, [], 0],
  ['not known', {}, [], 1]
])('protection %s', async (_, facts, found, unknown) => {
  expect(await problems(unprotected, world(facts))).toEqual(found)
  expect(await unreads(unprotected, world(facts))).toHaveLength(unknown)
})

test.each([
  ['none', { protected: true, requiredChecks: [] }, 1, 0],
  ['none, on a branch without protection', { protected: false, requiredChecks: [] }, 0, 0],
  ['one', { requiredChecks: ['lint'] }, 0, 0],
  ['not known', { protected: true }, 0, 1],
  ['not known like all the rest, which is said once', {}, 0, 0]
])('required checks %s', async (_, facts, count, unknown) => {
  expect(await problems(noChecks, world(facts))).toHaveLength(count)
  expect(await unreads(noChecks, world(facts))).toHaveLength(unknown)
})

test.each([
  ['the test job', ['test (22)'], 0, 0],
  ['a job that waits for it', ['all'], 0, 0],
  ['the name without its matrix, which nothing reports', ['test'], 0, 1],
  ['another job', ['lint'], 1, 0],
  ['something else', ['ci/circleci: build'], 0, 1],
  ['nothing', [], 0, 0]
])('tests are required where the rules require %s', async (_, requiredChecks, count, unknown) => {
  expect(await problems(notRequired, world({ requiredChecks }))).toHaveLength(count)
  expect(await unreads(notRequired, world({ requiredChecks }))).toHaveLength(unknown)
})

test('names the job and the check to require', async () => {
  expect(await problems(notRequired, world({ requiredChecks: ['lint'] }))).toEqual([
    `${PATH}:7:3 job test tests, and only “lint” must pass before a merge; require “test (22)”`
  ])
})

test('says nothing of required tests where no branch was read or nothing tests', async () => {
  expect(await problems(notRequired, world({}))).toEqual([])
  expect(await unreads(notRequired, world({}))).toEqual([])
  const lintOnly = JOBS.replace('npx jest', 'npx eslint .')
  expect(await problems(notRequired, world({ requiredChecks: ['lint'] }, lintOnly))).toEqual([])
})
