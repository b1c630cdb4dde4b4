import { expect, test } from '@jest/globals'
import type { BranchFacts, Files } from '../../../src/model.js'
import rule from '../../../src/rules/pipeline/deploy-without-tests.js'
import { problems, unreads } from '../../helpers.js'

const TEST = '  test:\n    runs-on: x\n    steps:\n      - run: npx jest\n'
const job = (keys = '', steps = '      - run: npm publish\n', id = 'ship') =>
  `  ${id}:\n    runs-on: x\n${keys}    steps:\n${steps}`
const file = (on: string, jobs: string) => `on: ${on}\njobs:\n${jobs}`
const PUSH = '{push: {branches: [main]}}'
const world = (files: Files, branch: BranchFacts = {}) => ({
  head: Object.fromEntries(Object.entries(files).map(([name, text]) => [`.github/workflows/${name}.yml`, text])),
  branch: { name: 'main', ...branch }
})
const optional: BranchFacts = { protected: true, requiredChecks: [], requiredWorkflows: false }
const PR = file('pull_request', TEST)

test.each([
  ['beside the tests', { ci: file(PUSH, TEST + job()) }, {}, 1],
  ['behind them', { ci: file(PUSH, TEST + job('    needs: test\n')) }, {}, 0],
  [
    'behind them at two removes',
    { ci: file(PUSH, TEST + job('    needs: test\n', '      - run: make\n', 'b') + job('    needs: b\n')) },
    {},
    0
  ],
  [
    'behind a job without tests',
    { ci: file(PUSH, TEST + job('', '      - run: npx eslint .\n', 'b') + job('    needs: b\n')) },
    {},
    1
  ],
  [
    'with tests of its own',
    { ci: file(PUSH, TEST + job('', '      - run: npx jest\n      - run: npm publish\n')) },
    {},
    0
  ],
  ['where nothing tests', { ci: file(PUSH, job()) }, {}, 0],
  ['where only load is tested', { ci: file(PUSH, job('', '      - run: k6 run a.js\n', 'load') + job()) }, {}, 0],
  ['by hand', { ci: file('workflow_dispatch', TEST + job()) }, {}, 0],
  ['every night', { ci: file('{schedule: [{cron: "0 3 * * *"}]}', TEST + job()) }, {}, 0],
  ['on pull requests only', { ci: file('pull_request', TEST + job()) }, optional, 0],
  ['a dry run', { ci: file(PUSH, TEST + job('', '      - run: npm publish --dry-run\n')) }, {}, 0],
  ['by a name alone', { ci: file(PUSH, TEST + job('', '      - run: ./publish\n')) }, {}, 0],
  ['a preview', { ci: file(PUSH, TEST + job('', '      - run: netlify deploy\n')) }, {}, 0],
  ['the documentation', { ci: file(PUSH, TEST + job('', '      - uses: actions/deploy-pages@v4\n', 'docs')) }, {}, 0],
  [
    'for tests that need it',
    {
      ci: file(
        PUSH,
        job('', '      - run: docker push acme/shop\n') + TEST.replace('runs-on', 'needs: ship\n    runs-on')
      )
    },
    {},
    0
  ],
  ['a job called for tests', { ci: file(PUSH, TEST + job('', '      - run: helm upgrade shop c\n', 'e2e')) }, {}, 0],
  ['while required checks test', { ci: PR, cd: file(PUSH, job()) }, { requiredChecks: ['test'] }, 0],
  [
    'while a required check gathers tests',
    { ci: PR + job('    needs: test\n', '      - run: echo ok\n', 'all'), cd: file(PUSH, job()) },
    { requiredChecks: ['all'] },
    0
  ],
  [
    'while required checks only lint',
    { ci: PR + job('', '      - run: npx eslint .\n', 'lint'), cd: file(PUSH, job()) },
    { requiredChecks: ['lint'], requiredWorkflows: false },
    1
  ],
  ['while nothing is required', { ci: PR, cd: file(PUSH, job()) }, optional, 1],
  [
    'while pull requests are tested by every push',
    { ci: file('push', TEST), cd: file(PUSH, job()) },
    { requiredChecks: ['test'] },
    0
  ],
  [
    'after a workflow that tests',
    { ci: `name: CI\n${PR}`, cd: file('{workflow_run: {workflows: [CI], types: [completed]}}', job()) },
    optional,
    0
  ],
  [
    'after a workflow that does not',
    {
      ci: PR,
      l: `name: L\n${file(PUSH, job('', '      - run: npx eslint .\n', 'lint'))}`,
      cd: file('{workflow_run: {workflows: [L]}}', job())
    },
    optional,
    1
  ],
  ['on a tag of what may be untested', { ci: PR, cd: file('{push: {tags: ["v*"]}}', job()) }, optional, 1],
  [
    'on a tag of what is tested',
    { ci: PR, cd: file('{push: {tags: ["v*"]}}', job()) },
    { requiredChecks: ['test'] },
    0
  ],
  ['on a tag, tested after the merge', { ci: file(PUSH, TEST), cd: file('{push: {tags: ["v*"]}}', job()) }, {}, 0],
  [
    'in a row',
    { ci: PR, cd: file(PUSH, job() + job('    needs: ship\n', '      - run: helm upgrade shop c\n', 'b')) },
    optional,
    1
  ],
  [
    'under another name only',
    { ci: PR, cd: file(PUSH, job('', '      - run: crane cp acme/a:1 acme/a:2\n')) },
    optional,
    0
  ]
])('a publish %s', async (_, files, branch: BranchFacts, count) =>
  expect(await problems(rule, world(files as Files, branch))).toHaveLength(count)
)

test.each([
  ['mvn deploy', {}, 0],
  ['mvn deploy -DskipTests', {}, 1],
  ['npm publish', { prepublishOnly: 'npm test', test: 'jest' }, 0],
  ['npm publish', { prepublishOnly: 'npm run build', build: 'tsc', test: 'jest' }, 1],
  ['npm publish', { test: 'jest' }, 1]
])('%s with scripts %j', async (command, scripts, count) => {
  const { head, branch } = world({ ci: PR, cd: file(PUSH, job('', `      - run: ${command}\n`)) }, optional)
  const files = { ...head, 'package.json': JSON.stringify({ scripts }) }
  expect(await problems(rule, { head: files, branch })).toHaveLength(count)
})

test.each([
  ['rules of the branch', { ci: PR, cd: file(PUSH, job()) }, {}, /which checks must pass/],
  ['an environment', { ci: PR, cd: file(PUSH, job('    environment: production\n')) }, optional, /environment/],
  [
    'an environment before it',
    { ci: PR, cd: file(PUSH, job('    environment: test\n', '      - run: echo go\n', 'a') + job('    needs: a\n')) },
    optional,
    /environment of job a/
  ],
  ['checks of strangers', { ci: PR, cd: file(PUSH, job()) }, { requiredChecks: ['other'] }, /“other”/],
  [
    'workflows of the organization',
    { ci: PR, cd: file(PUSH, job()) },
    { requiredChecks: [], requiredWorkflows: true },
    /required workflows/
  ],
  [
    'rules of another branch',
    { ci: PR, cd: file('{push: {branches: [release]}}', job()) },
    optional,
    /branches that start/
  ],
  [
    'a workflow before it',
    { ci: PR, cd: file('{workflow_run: {workflows: [Gone]}}', job()) },
    optional,
    /what runs before/
  ],
  [
    'what a needed call runs',
    { ci: PR, cd: file(PUSH, `  a:\n    uses: o/r/.github/workflows/t.yml@v1\n${job('    needs: a\n')}`) },
    optional,
    /o\/r/
  ],
  ['CI elsewhere', { ci: PR, cd: file(PUSH, job()) }, { externalContexts: ['buildkite/shop'] }, /buildkite/]
])('does not know about %s', async (_, files, branch, reason) => {
  expect(await problems(rule, world(files as Files, branch as BranchFacts))).toEqual([])
  const reasons = (await unreads(rule, world(files as Files, branch as BranchFacts))).join()
  expect(reasons).toMatch(/whether what is deployed was tested/)
  expect(reasons).toMatch(reason)
})

test('says where the tests are and what orders them', async () => {
  expect(await problems(rule, world({ ci: file(PUSH, TEST + job()) }))).toEqual([
    '.github/workflows/ci.yml:10:14 job ship publishes (`npm publish`) and waits for no tests: job test (ci.yml:3) runs beside it, and `needs: test` orders them'
  ])
  expect(await problems(rule, world({ ci: PR, cd: file(PUSH, job()) }, optional))).toEqual([
    '.github/workflows/cd.yml:6:14 job ship publishes (`npm publish`) and waits for no tests: job test (ci.yml:3) tests, and no merge has to wait for it; require its check, or call its workflow here'
  ])
})

test('follows needs through calls', async () => {
  const called = file('workflow_call', job())
  const call = (needs: string) => `  go:\n${needs}    uses: ./.github/workflows/ship.yml\n`
  expect(await problems(rule, world({ ship: called, ci: file(PUSH, TEST + call('    needs: test\n')) }))).toEqual([])
  expect(await problems(rule, world({ ship: called, ci: file(PUSH, TEST + call('')) }))).toHaveLength(1)
})
