import { expect, test } from '@jest/globals'
import near from '../../../src/rules/workflow/untrusted-code-near.js'
import rule from '../../../src/rules/workflow/untrusted-code-run.js'
import { places } from '../../helpers.js'
import { ofSteps } from './steps.js'

const checkout = (ref: string) => `- uses: actions/checkout@v4\n  with:\n    ref: ${ref}\n`
const HEAD = checkout('${{ github.event.pull_request.head.sha }}')

test.each([
  ['tests', 'pull_request_target', `${HEAD}- run: npm test`, '', ['9:14']],
  ['a script', 'pull_request_target', `${HEAD}- run: ./build.sh`, '', ['9:14']],
  ['a script by its shell', 'pull_request_target', `${HEAD}- run: bash ci/build.sh`, '', ['9:14']],
  ['a local action', 'pull_request_target', `${HEAD}- uses: ./.github/actions/x`, '', ['9:15']],
  ['an action that runs it', 'pull_request_target', `${HEAD}- uses: pre-commit/action@v3`, '', ['9:15']],
  [
    'an action that only installs its program',
    'pull_request_target',
    `${HEAD}- uses: golangci/golangci-lint-action@v9\n  with:\n    install-only: true`,
    '',
    []
  ],
  ['that action as it is', 'pull_request_target', `${HEAD}- uses: golangci/golangci-lint-action@v9`, '', ['9:15']],
  ['nothing of it', 'pull_request_target', `${HEAD}- run: jq . package.json`, '', []],
  ['an install without scripts', 'pull_request_target', `${HEAD}- run: npm ci --ignore-scripts`, '', []],
  ['tests before the checkout', 'pull_request_target', `- run: npm test\n${HEAD}`, '', []],
  ['tests on pull_request', 'pull_request', `${HEAD}- run: npm test`, '', []],
  ['tests of the base', 'pull_request_target', '- uses: actions/checkout@v4\n- run: npm test', '', []],
  ['tests of what gh checks out', 'issue_comment', '- run: gh pr checkout 1\n- run: make', '', ['7:14']],
  ['tests of what git fetches', 'issue_comment', '- run: git fetch origin pull/1/head\n- run: make', '', ['7:14']],
  [
    'tests by number',
    'issue_comment',
    `${checkout('refs/pull/${{ github.event.issue.number }}/merge')}- run: make`,
    '',
    ['9:14']
  ],
  [
    'tests for members',
    'issue_comment',
    `${checkout('refs/pull/${{ github.event.issue.number }}/merge')}- run: make`,
    "if: github.event.comment.author_association == 'MEMBER'\n",
    []
  ],
  [
    'tests of a bot',
    'pull_request_target',
    `${HEAD}- run: make`,
    "if: github.event.pull_request.user.login == 'dependabot[bot]'\n",
    []
  ],
  [
    'tests where a bot is the actor',
    'pull_request_target',
    `${HEAD}- run: make`,
    "if: github.actor == 'x[bot]'\n",
    ['10:14']
  ]
])('sees %s', async (_, on, steps, job, expected) =>
  expect(await places(rule, ofSteps(steps, on, job))).toEqual(expected)
)

const follower = ofSteps(
  `${checkout('${{ github.event.workflow_run.head_sha }}')}- run: make`,
  '\n  workflow_run:\n    workflows: [Test]'
)
test.each([
  ['a pull request', 'pull_request', 1],
  ['a push', 'push', 0]
])('asks what starts the workflow that it follows: %s', async (_, on, count) => {
  const parent = { '.github/workflows/test.yml': `name: Test\non: ${on}\njobs: {}\n` }
  expect(await places(rule, { ...follower, ...parent })).toHaveLength(count)
})

test.each([
  ['a computed ref', `${checkout('${{ steps.a.outputs.ref }}')}- run: make`, 1],
  ['a tool in a text', `${HEAD}- run: echo "make test" | ssh x`, 1],
  ['no tool', `${HEAD}- run: echo done`, 0],
  ['what the other rule says', `${HEAD}- run: make`, 0]
])('keeps for the careful: %s', async (_, steps, count) =>
  expect(await places(near, ofSteps(steps, 'pull_request_target'))).toHaveLength(count)
)
