import { expect, test } from '@jest/globals'
import rule from '../../../src/rules/workflow/template-in-code.js'
import { found } from '../../helpers.js'
import { applied } from './edits.js'

const PATH = '.github/workflows/ci.yml'
const file = (steps: string, on = 'push') => ({
  [PATH]: `on: ${on}\njobs:\n  one:\n    runs-on: x\n    steps:\n${steps.replaceAll(/^/gm, '      ')}\n`
})

test.each([
  ['a value', '- run: echo "${{ github.ref_name }}"', ['6:24']],
  ['each value', '- run: echo "${{ matrix.a || env.b }}"', ['6:24', '6:36']],
  ['a choice among constants', "- run: echo \"${{ matrix.a && 'x' || 'y' }}\"", ['6:20']],
  ['a constant', "- run: echo ${{ 'x' }}", []],
  ['no code', '- uses: a/b@v1\n  with:\n    x: ${{ github.ref_name }}', []],
  ['code of an action', '- uses: actions/github-script@v8\n  with:\n    script: f(${{ github.ref_name }})', ['8:25']]
])('finds %s', async (_, steps, places) =>
  expect((await found(rule, file(steps))).map(({ at }) => `${at.line}:${at.column}`)).toEqual(places)
)

test('it leaves what outsiders write to the rule on that', async () => {
  expect(await found(rule, file('- run: echo ${{ github.head_ref }}', 'pull_request'))).toEqual([])
})

test.each([
  ['a variable of the runner', '- run: echo "${{ github.actor }}"', '- run: echo "${GITHUB_ACTOR}"'],
  ['the same in no quotes', '- run: echo ${{ github.sha }}', '- run: echo "${GITHUB_SHA}"'],
  ['a variable of the step', '- run: echo "${{ env.a }}"\n  env:\n    A: b', '- run: echo "${A}"\n  env:\n    A: b'],
  ['a variable by index', '- run: echo "${{ env[\'A\'] }}"', '- run: echo "${A}"'],
  [
    'another value',
    '- run: echo "${{ matrix.os }}"',
    '- env:\n    MATRIX_OS: ${{ matrix.os }}\n  run: echo "${MATRIX_OS}"'
  ],
  [
    'PowerShell',
    '- run: echo "${{ github.actor }}"\n  shell: pwsh',
    '- run: echo "$($env:GITHUB_ACTOR)"\n  shell: pwsh'
  ]
])('lets the script read %s', async (_, steps, after) => {
  const files = file(steps)
  const edits = (await found(rule, files)).flatMap(({ edits }) => edits ?? [])
  const text = applied(files[PATH]!, edits)
  expect(text).toBe(file(after)[PATH])
  expect(await found(rule, { [PATH]: text })).toEqual([])
})

test.each([
  ['words that may be several', '- run: make ${{ matrix.flags }}'],
  ['cmd, which reads variables before commands', '- run: echo ${{ github.actor }}\n  shell: cmd']
])('offers no edit for %s', async (_, steps) => {
  const problems = await found(rule, file(steps))
  expect(problems.map(({ edits }) => edits)).toEqual([undefined])
})
