import { expect, test } from '@jest/globals'
import { run } from '../../../src/rule.js'
import unpinned from '../../../src/rules/workflow/unpinned-action.js'
import inAction from '../../../src/rules/workflow/unpinned-action-in-action.js'
import gitHubs from '../../../src/rules/workflow/unpinned-github-action.js'
import { problems, repoOf, workflow } from '../../helpers.js'

const sha = '8f4b7f84864484a7bf31766abe9204da3cbe65b3'
const uses = (written: string) => workflow(`- uses: ${written}`)
const at = (column: number, message: string) => [`.github/workflows/ci.yml:6:${column} ${message}`]

test.each([
  ['a tag', 'acme/lint@v2', at(24, 'acme/lint@v2 can change without review')],
  ['a short commit', 'acme/lint@8f4b7f8', at(24, 'acme/lint@8f4b7f8 can change without review')],
  ['a branch', 'acme/lint@main', at(24, 'acme/lint runs whatever its branch main holds that day')],
  ['the latest release', 'acme/lint@latest', at(24, 'acme/lint runs whatever latest stands for that day')],
  ['a quoted tag', '"acme/lint@v2"', at(25, 'acme/lint@v2 can change without review')],
  ['an image by tag', 'docker://alpine:3', at(30, 'docker://alpine:3 can change without review')],
  [
    "GitHub's own on a branch",
    'actions/checkout@main',
    at(31, 'actions/checkout runs whatever its branch main holds that day')
  ],
  ["GitHub's own by tag", 'actions/checkout@v6', []],
  ['a commit', `acme/lint@${sha} # v2`, []],
  ['an image by digest', `docker://alpine@sha256:${'0a'.repeat(32)}`, []],
  ['a local action', './lint', []],
  ['a computed ref', 'acme/lint@${{ inputs.ref }}', []],
  ['no ref', 'acme/lint', []]
])('looks at %s', async (_, written, found) => expect(await problems(unpinned, uses(written))).toEqual(found))

test.each([
  ['acme/lint@main', 'acme', 'warning'],
  ['Acme/lint@main', 'acme', 'warning'],
  ['acme-labs/lint@main', 'acme', 'error'],
  ['acme/lint@main', 'other', 'error'],
  ['acme/lint@main', '', 'error'],
  ['acme/lint@v1', 'acme', undefined]
])('%s in a repository of %j is of severity %s', async (written, owner, severity) => {
  const { found } = run([unpinned], await repoOf(uses(written)), () => ({ owner }))
  expect(found.map(({ problem }) => problem.severity)).toEqual([severity])
})

test('it looks at calls of reusable workflows and at steps that run beside others', async () => {
  const text = `on: push
jobs:
  call:
    uses: acme/flows/.github/workflows/x.yml@v1
  own:
    uses: ./.github/workflows/y.yml
  test:
    runs-on: x
    steps:
      - parallel:
          - uses: acme/a@v1
`
  expect(await problems(unpinned, { '.github/workflows/ci.yml': text })).toEqual([
    '.github/workflows/ci.yml:4:45 acme/flows/.github/workflows/x.yml@v1 can change without review',
    '.github/workflows/ci.yml:11:25 acme/a@v1 can change without review'
  ])
})

test.each([
  ['acme/*', 'acme/lint@v2', 0],
  ['acme/*', 'acme/lint/sub/dir@v2', 0],
  ['acme/lint', 'acme/lint/sub@v2', 0],
  ['acme/**', 'acme/lint/sub@v2', 0],
  ['acme/*', 'acme/lint@main', 1],
  ['acme/other', 'acme/lint@v2', 1],
  ['docker://alpine', 'docker://alpine:3', 0]
])('with %s allowed, %s is found %d times', async (allow, written, count) =>
  expect(await problems(unpinned, uses(written), { allow: [allow] })).toHaveLength(count)
)

test('it makes a branch an error, and names the action without its version', async () => {
  const { found } = run([unpinned], await repoOf(workflow('- uses: acme/a@v1\n- uses: acme/b@main')), () => ({}))
  expect(found.map(({ problem: { severity, key } }) => [severity, key])).toEqual([
    [undefined, 'acme/a'],
    ['error', 'acme/b']
  ])
})

test('it makes a branch of an action that may be named by a tag a warning', async () => {
  const repo = await repoOf(workflow('- uses: acme/a@main\n- uses: other/b@main'))
  const { found } = run([unpinned], repo, () => ({ allow: ['acme/*'] }))
  expect(found.map(({ problem }) => problem.severity)).toEqual(['warning', 'error'])
})

test("the strict rule asks for GitHub's own by tag, and for nothing else", async () => {
  const steps = `- uses: actions/checkout@v6\n- uses: github/codeql-action/init@v4\n- uses: actions/cache@${sha}\n- uses: actions/cache@main\n- uses: acme/a@v1`
  expect(await problems(gitHubs, workflow(steps))).toEqual([
    '.github/workflows/ci.yml:6:31 actions/checkout@v6 can change without review',
    '.github/workflows/ci.yml:7:40 github/codeql-action/init@v4 can change without review'
  ])
})

test('composite actions are asked too', async () => {
  const text = `runs:\n  using: composite\n  steps:\n    - uses: acme/a@v1\n    - uses: acme/b@${sha}\n    - uses: ./c\n`
  expect(await problems(inAction, { 'setup/action.yml': text })).toEqual([
    'setup/action.yml:4:19 acme/a@v1 can change without review of this action'
  ])
})
