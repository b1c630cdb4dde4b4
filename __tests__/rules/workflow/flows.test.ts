import { expect, test } from '@jest/globals'
import type { Problem } from '../../../src/model.js'
import rule from '../../../src/rules/workflow/script-injection.js'
import { found } from '../../helpers.js'

const file = (on: string, jobs: string) => ({
  '.github/workflows/ci.yml': `on: ${on}\njobs:\n${jobs.replaceAll(/^/gm, '  ')}\n`
})
const job = (steps: string, more = '') =>
  `one:\n  runs-on: x\n${more.replaceAll(/^(?=.)/gm, '  ')}  steps:\n${steps.replaceAll(/^/gm, '    ')}`
const ways = async (on: string, jobs: string) =>
  (await found(rule, file(on, jobs))).map(({ message }: Problem) => message.split(' becomes part of ')[0])

const USE = '- run: echo ${{ steps.meta.outputs.title }}'

test.each([
  [
    'pastes it into an output',
    `- id: meta\n  run: echo "title=\${{ github.event.issue.title }}" >> "$GITHUB_OUTPUT"\n${USE}`,
    ['github.event.issue.title', 'github.event.issue.title (through output title of step meta, line 6)']
  ],
  [
    'writes a variable to an output',
    `- id: meta\n  env:\n    T: \${{ github.event.issue.title }}\n  run: echo "title=$T" >> $GITHUB_OUTPUT\n${USE}`,
    ['github.event.issue.title (through output title of step meta, line 6, through env T, line 8)']
  ],
  [
    'writes another output',
    `- id: meta\n  run: echo "body=\${{ github.event.issue.title }}" >> "$GITHUB_OUTPUT"\n${USE}`,
    ['github.event.issue.title']
  ],
  [
    'writes a number of it',
    `- id: meta\n  run: echo "title=\${{ github.event.issue.number }}" >> "$GITHUB_OUTPUT"\n${USE}`,
    []
  ],
  ['writes what a program makes of it', `- id: meta\n  run: echo "title=$(./x)" >> "$GITHUB_OUTPUT"\n${USE}`, []],
  [
    'sets a variable of later steps',
    `- run: echo "T=\${{ github.event.issue.title }}" >> "$GITHUB_ENV"\n- run: echo \${{ env.T }}`,
    ['github.event.issue.title', 'github.event.issue.title (through GITHUB_ENV, line 6)']
  ],
  [
    'sets it too late',
    `- run: echo \${{ env.T }}\n- run: echo "T=\${{ github.event.issue.number }}" >> "$GITHUB_ENV"`,
    []
  ],
  [
    'reads a comment with an action',
    '- id: meta\n  uses: peter-evans/find-comment@v3\n- run: echo ${{ steps.meta.outputs.comment-body }}',
    ['what peter-evans/find-comment reads (through output comment-body of step meta, line 6)']
  ],
  [
    'reads the id of a comment with an action',
    '- id: meta\n  uses: peter-evans/find-comment@v3\n- run: echo ${{ steps.meta.outputs.comment-id }}',
    []
  ]
])('follows a step that %s', async (_, steps, expected) => expect(await ways('issues', job(steps))).toEqual(expected))

test.each([
  ['a tag from before', '@v40', '', 1],
  ['a tag since', '@v46', '', 0],
  ['one told otherwise', '@v46', '\n  with:\n    safe_output: false', 1]
])('knows whether changed files are escaped: %s', async (_, ref, inputs, count) => {
  const steps = `- id: files\n  uses: tj-actions/changed-files${ref}${inputs}\n- run: echo \${{ steps.files.outputs.all_changed_files }}`
  expect(await ways('pull_request', job(steps))).toHaveLength(count)
})

const NEEDS = (value: string) =>
  `first:\n  runs-on: x\n  outputs:\n    t: ${value}\n  steps:\n    - run: a\n${job('- run: echo ${{ needs.first.outputs.t }}', 'needs: first\n')}`
test.each([
  ['a title', '${{ github.event.issue.title }}', ['github.event.issue.title (through output t of job first, line 6)']],
  ['a number', '${{ github.event.issue.number }}', []]
])('follows outputs of jobs: %s', async (_, value, expected) =>
  expect(await ways('issues', NEEDS(value))).toEqual(expected)
)

test.each([
  ['a row', 'matrix:\n    t: ["${{ github.event.issue.title }}"]', 'matrix.t', 1],
  ['an include', 'matrix:\n    include:\n      - t: ${{ github.event.issue.title }}', 'matrix.t', 1],
  ['a part of a row', 'matrix:\n    t: [{a: "${{ github.event.issue.title }}"}]', 'matrix.t.a', 1],
  ['a whole row', 'matrix:\n    t: ${{ fromJSON(github.event.issue.body) }}', 'matrix.t', 1],
  ['another row', 'matrix:\n    t: [a]\n    u: ["${{ github.event.issue.title }}"]', 'matrix.t', 0]
])('follows a matrix: %s', async (_, strategy, path, count) =>
  expect(await ways('issues', job(`- run: echo \${{ ${path} }}`, `strategy:\n  ${strategy}\n`))).toHaveLength(count)
)

test('it ends where outputs name one another', async () => {
  const loop = '${{ needs.first.outputs.t }}'
  expect(await ways('issues', NEEDS(loop))).toEqual([])
})

test.each([
  ["github.event.issue.user.login == 'me'", 0],
  ["github.actor == 'me'", 1]
])('lets the condition %s keep strangers out, or not', async (condition, count) =>
  expect(await ways('issues', job('- run: echo ${{ github.event.issue.title }}', `if: ${condition}\n`))).toHaveLength(
    count
  )
)

test('it knows inputs that an action pastes into a script', async () => {
  const steps = '- uses: pre-commit/action@v3\n  with:\n    extra_args: ${{ github.head_ref }}'
  expect(await ways('pull_request', job(steps))).toEqual(['github.head_ref'])
})
