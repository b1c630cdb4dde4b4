import { expect, test } from '@jest/globals'
import rule from '../../../src/rules/pipeline/no-tests-on-pull-request.js'
import ignored from '../../../src/rules/pipeline/test-failure-ignored.js'
import { problems, unreads } from '../../helpers.js'

const SOURCE = { 'src/index.ts': 'export const a = 1\n' }
const ci = (on: string, run: string, more = '') => ({
  ...SOURCE,
  '.github/workflows/ci.yml': `on: ${on}\njobs:\n  test:\n    runs-on: x\n${more}    steps:\n      - run: ${run}\n`
})
const lint = (id: string) => `  ${id}:\n    runs-on: x\n    steps:\n      - run: npx eslint .\n`

test.each([
  [
    'push alone',
    ci('push', 'npx jest'),
    ['.github/workflows/ci.yml:1:5 tests run only on push, not on pull requests: `npx jest` in job test']
  ],
  ['push and pull_request', ci('[push, pull_request]', 'npx jest'), []],
  ['a merge queue', ci('merge_group', 'npx jest'), []],
  [
    'a pull request that only lints',
    ci('pull_request', 'npx eslint .'),
    ['.github/workflows/ci.yml:1:5 the one job that a pull request starts runs no tests: test']
  ],
  [
    'four jobs that do not test',
    { ...SOURCE, '.github/workflows/ci.yml': `on: pull_request\njobs:\n${['a', 'b', 'c', 'd'].map(lint).join('')}` },
    ['.github/workflows/ci.yml:1:5 none of the 4 jobs that a pull request starts runs tests: a, b, c, … (1 more)']
  ],
  [
    'a run that is skipped',
    ci('[push, pull_request]', 'npx jest', "    if: github.event_name == 'push'\n"),
    ['.github/workflows/ci.yml:3:3 tests do not run on pull requests: job test (`npx jest`) runs only on push']
  ],
  [
    'a run on push whose failure is lost',
    ci('push', 'npx jest || true'),
    ['.github/workflows/ci.yml:1:5 the one workflow does not run on pull requests, and none runs tests']
  ],
  [
    'source and no workflow',
    SOURCE,
    [':1:1 no workflow runs tests on pull requests: there is source, and no workflow']
  ],
  ['no source', { ...ci('push', 'npx jest'), 'src/index.ts': undefined }, []],
  ['styles alone', { 'site.css': 'a {}\n' }, []]
])('reports %s', async (_, files, found) => {
  const given = Object.fromEntries(Object.entries(files).filter(([, text]) => text !== undefined)) as Record<
    string,
    string
  >
  expect(await problems(rule, given)).toEqual(found)
})

test.each([
  [
    'CI elsewhere',
    { head: ci('push', 'npx jest'), paths: ['.buildkite/pipeline.yml'] },
    'Buildkite may run them (.buildkite/pipeline.yml)'
  ],
  [
    'a context of another app',
    { head: ci('push', 'npx jest'), branch: { externalContexts: ['ci/x'] } },
    'ci/x may run them (ci/x)'
  ],
  ['a script that was not read', { head: ci('pull_request', 'make everything'), paths: ['Makefile'] }, 'is not known'],
  [
    'another target branch, maybe',
    { head: ci('{pull_request: {branches: ["rel/*"]}}', 'npx jest') },
    'for the target branch is not known'
  ],
  [
    'a workflow of elsewhere',
    {
      head: {
        ...SOURCE,
        '.github/workflows/ci.yml': 'on: pull_request\njobs:\n  a:\n    uses: o/r/.github/workflows/x.yml@v1\n'
      }
    },
    'o/r/.github/workflows/x.yml@v1'
  ]
])('does not know about tests behind %s', async (_, world, reason) => {
  expect(await problems(rule, world)).toEqual([])
  expect(await unreads(rule, world)).toEqual([expect.stringContaining(reason)])
})

test('says nothing of a repository that has CI elsewhere and no workflow', async () => {
  const world = { head: SOURCE, paths: ['.travis.yml'] }
  expect([await problems(rule, world), await unreads(rule, world)]).toEqual([[], []])
})

test('leaves a run whose failure is lost to the rule about those', async () => {
  const files = ci('pull_request', 'npx jest || true')
  expect([await problems(rule, files), await problems(ignored, files)]).toEqual([
    [],
    [expect.stringContaining('|| true')]
  ])
})

test('takes globs of the config for source', async () => {
  const files = { 'rules/a.yar': 'rule a {}\n', 'tool.ts': 'run()\n' }
  expect(await problems(rule, files, { source: ['!tool.ts'] })).toEqual([])
  expect(await problems(rule, files)).toHaveLength(1)
})
