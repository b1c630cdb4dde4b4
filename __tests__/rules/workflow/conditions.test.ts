import { expect, test } from '@jest/globals'
import type { Rule } from '../../../src/model.js'
import inActionAlwaysTrue from '../../../src/rules/action/condition-always-true.js'
import unsoundInAction from '../../../src/rules/action/unsound-expression.js'
import botActor from '../../../src/rules/workflow/bot-actor.js'
import computedName from '../../../src/rules/workflow/computed-name.js'
import alwaysTrue from '../../../src/rules/workflow/condition-always-true.js'
import constant from '../../../src/rules/workflow/constant-condition.js'
import containsInText from '../../../src/rules/workflow/contains-in-text.js'
import obfuscated from '../../../src/rules/workflow/obfuscated-expression.js'
import pseudoTernary from '../../../src/rules/workflow/pseudo-ternary.js'
import { found } from '../../helpers.js'
import { applied } from './edits.js'

const path = '.github/workflows/ci.yml'
const head = (on = 'push') => `on: ${on}\njobs:\n  a:\n    runs-on: x\n    steps:\n`
const condition = (written: string, on?: string) => `${head(on)}      - if: ${written}\n        run: x\n`

/** Messages of a rule with their places, and what its edits make of the text: nothing that it still has something against. */
async function look(rule: Rule, text: string, file = path): Promise<{ said: string[]; after: string | undefined }> {
  const problems = await found(rule, { [file]: text })
  const edits = problems.flatMap(problem => problem.edits ?? [])
  const said = problems.map(({ at, message }) => `${at.line}:${at.column} ${message}`)
  if (!edits.length) return { said, after: undefined }
  const after = applied(text, edits)
  expect(await found(rule, { [file]: after })).toHaveLength(problems.filter(problem => !problem.edits).length)
  return { said, after }
}
const lineOf = (text: string | undefined, line: number) => text?.split('\n')[line - 1]

test.each([
  ['text before it', "true && ${{ github.ref == 'x' }}", '`true &&` stands', "true && (github.ref == 'x')"],
  ['two of them', "${{ github.ref }} && ${{ env.A == '1' }}", '`&&` stands', "github.ref && (env.A == '1')"],
  ['a sign before it', '"!${{ true }}"', '`!` stands', undefined],
  ['a blank in quotes', "' ${{ github.ref }} '", 'a blank stands', "'${{ github.ref }}'"],
  ['words that are no expression', 'lol ${{ false }}', '`lol` stands', undefined],
  ['a block that ends in a line break', "|\n          ${{ github.ref == 'x' }}", 'a line break stands', '|-'],
  ['a folded block', ">\n          ${{ github.ref\n          == 'x' }}", 'a line break stands', '>-'],
  ['a block that keeps all line breaks', "|+\n          ${{ github.ref == 'x' }}\n", 'a line break stands', '|-']
])('a condition is always true with %s', async (_, written, says, after) => {
  const result = await look(alwaysTrue, condition(written))
  expect(result.said).toEqual([`6:13 the condition is always true: ${says} outside of \${{ }}, so the whole is a text`])
  expect(lineOf(result.after, 6)).toBe(after && `      - if: ${after}`)
})

test.each([
  ['no fence', "github.ref == 'x'"],
  ['one fence alone', "${{ github.ref == 'x' }}"],
  ['a block without its line break', "|-\n          ${{ github.ref == 'x' }}"],
  ['a block without a fence', "|\n          github.ref == 'x'\n            && true"],
  ['a fence that is not closed', '${{ github.ref'],
  ['nothing', '']
])('a condition with %s is what it says', async (_, written) =>
  expect((await look(alwaysTrue, condition(written))).said).toEqual([])
)

test('conditions of jobs and of actions are looked at too', async () => {
  const job = `on: push\njobs:\n  a:\n    if: \${{ github.ref }} == 'x'\n    runs-on: x\n    steps: []\n`
  expect((await look(alwaysTrue, job)).said).toHaveLength(1)
  const action = `name: a\nruns:\n  using: composite\n  steps:\n    - if: \${{ inputs.a }} == 'x'\n      run: x\n`
  expect((await look(inActionAlwaysTrue, action, 'action.yml')).said).toEqual([
    "5:11 the condition is always true: `== 'x'` stands outside of ${{ }}, so the whole is a text"
  ])
})

test.each([
  ['true', 'the condition is true: the step runs as without it'],
  ['${{ false }}', 'the condition is false: the step never runs'],
  [
    "contains(format('{0}', 'ab'), 'b')",
    "`contains(format('{0}', 'ab'), 'b')` is always true: the step runs as without it"
  ],
  ['failure() || true', '`failure() || true` is always true: the step runs after failures too'],
  ['github.ref && false', '`github.ref && false` is always false: the step never runs']
])('%s is constant', async (written, message) =>
  expect((await look(constant, condition(written))).said).toEqual([`6:13 ${message}`])
)

test.each([
  'always()',
  'github.ref',
  'success() || true == inputs.a',
  '${{ true }} || ${{ github.ref }}',
  'failure() && always()'
])('%s is not constant', async written => expect((await look(constant, condition(written))).said).toEqual([]))

const run = (expression: string, on?: string) => `${head(on)}      - run: echo \${{ ${expression} }}\n`

test.each([
  ["env.A == 'x' && '' || 'b'", "case(env.A == 'x', '', 'b')"],
  ['contains(env.A, 1) && 0 || 2', 'case(contains(env.A, 1), 0, 2)'],
  ["env.A && github.ref && null || 'b'", undefined],
  ["(env.A == 'x' || env.B == 'y') && '' || 'b'", undefined],
  ["env.A == ')' && '' || 'b'", "case(env.A == ')', '', 'b')"],
  ["env.A && '' || 'b' || 'c'", undefined]
])('%s never gives its first value', async (expression, after) => {
  const result = await look(pseudoTernary, run(expression))
  expect(result.said).toHaveLength(1)
  expect(result.said[0]).toMatch(/^6:2[34] it is /)
  expect(lineOf(result.after, 6)).toBe(after && `      - run: echo \${{ ${after} }}`)
})

test.each([
  "env.A && 'a' || ''",
  "env.A && '' && 'c' || 'b'",
  "true && '' || 'b'",
  "env.A && env.B || 'b'",
  "'' || 'b'"
])('%s is a choice', async expression => expect((await look(pseudoTernary, run(expression))).said).toEqual([]))

test.each([
  ["contains('main develop', github.ref_name)", 'warning', `contains(fromJSON('["main","develop"]'), github.ref_name)`],
  ["contains('a,b', inputs.x) == true", 'warning', `contains(fromJSON('["a","b"]'), inputs.x) == true`],
  ["contains('a,b', runner.name)", 'note', `contains(fromJSON('["a","b"]'), runner.name)`],
  ["contains('main', github.head_ref)", 'warning', undefined]
])('%s looks in a text', async (written, severity, after) => {
  const [problem] = await found(containsInText, { [path]: condition(written) })
  expect([problem!.at.line, problem!.at.column, problem!.severity ?? 'warning']).toEqual([6, 13, severity])
  expect(lineOf((await look(containsInText, condition(written))).after, 6)).toBe(after && `      - if: ${after}`)
})

test.each([
  'contains(fromJSON(\'["a"]\'), github.ref)',
  "contains(github.ref, 'a')",
  "contains('ab', 'a')",
  'contains(github.event.*.x, github.ref)'
])('%s does not', async written => expect((await look(containsInText, condition(written))).said).toEqual([]))

test.each([
  [
    "github.actor == 'dependabot[bot]'",
    'pull_request_target',
    'error',
    "github.event.pull_request.user.login == 'dependabot[bot]'"
  ],
  [
    "${{ 'x[bot]' == github['ACTOR'] }}",
    'issue_comment',
    'error',
    "${{ 'x[bot]' == github.event.comment.user.login }}"
  ],
  ['github.actor_id == 49699333', 'pull_request_target', 'error', 'github.event.pull_request.user.id == 49699333'],
  [
    "github.triggering_actor == 'a[bot]' && github.ref",
    'pull_request_target',
    'warning',
    "github.event.pull_request.user.login == 'a[bot]' && github.ref"
  ],
  [
    "github.actor == 'a[bot]' || github.actor == 'b[bot]'",
    'pull_request_target',
    'error',
    "github.event.pull_request.user.login == 'a[bot]' || github.event.pull_request.user.login == 'b[bot]'"
  ],
  [
    "contains(github.actor, '[bot]')",
    'pull_request_target',
    'error',
    "contains(github.event.pull_request.user.login, '[bot]')"
  ],
  [
    `contains(fromJSON('["a[bot]"]'), github.actor)`,
    'pull_request_target',
    'error',
    `contains(fromJSON('["a[bot]"]'), github.event.pull_request.user.login)`
  ],
  ["github.actor == 'a[bot]'", '[pull_request_target, issues]', 'error', undefined],
  ["github.actor == 'a[bot]'", 'pull_request', 'note', "github.event.pull_request.user.login == 'a[bot]'"]
])('%s on %s is of severity %s', async (written, on, severity, after) => {
  const problems = await found(botActor, { [path]: condition(written, on) })
  expect(new Set(problems.map(problem => problem.severity))).toEqual(new Set([severity]))
  expect(lineOf((await look(botActor, condition(written, on))).after, 6)).toBe(after && `      - if: ${after}`)
})

test.each([
  "github.actor == 'somebody'",
  "github.actor != 'a[bot]'",
  'github.actor_id == 1',
  "github.event.pull_request.user.login == 'a[bot]'"
])('%s is no bot by its last run', async written =>
  expect((await look(botActor, condition(written, 'pull_request_target'))).said).toEqual([])
)

test.each([
  ["format('a{0}', 'b')", 'ab'],
  ["'x'", 'x'],
  ["env.A == format('a{0}', 'b')", "${{ env.A == 'ab' }}"],
  ['fromJSON(toJSON(env.A))', '${{ env.A }}'],
  ["startsWith('ab', 'a') && env.A", '${{ true && env.A }}']
])('%s hides %s', async (expression, after) => {
  const result = await look(obfuscated, run(expression))
  expect(result.said).toHaveLength(1)
  expect(lineOf(result.after, 6)).toBe(`      - run: echo ${after}`)
})

test.each([
  "format('{0}', env.A)",
  "fromJSON('[1, 2]')",
  "env.A == 'x'",
  'toJSON(env.A)',
  'always()',
  "hashFiles('a')"
])('%s hides nothing', async expression => expect((await look(obfuscated, run(expression))).said).toEqual([]))

test.each([
  ["'contains(''a b'', inputs.x)'", undefined],
  [`"contains('a b', inputs.x)"`, `"contains(fromJSON('[\\"a\\",\\"b\\"]'), inputs.x)"`]
])('an edit in %s is quoted as it needs to be', async (written, after) =>
  expect(lineOf((await look(containsInText, condition(written))).after, 6)).toBe(after && `      - if: ${after}`)
)

test('a chain in brackets keeps them', async () => {
  const result = await look(obfuscated, run('fromJSON(toJSON(env.A || env.B)).c'))
  expect(lineOf(result.after, 6)).toBe('      - run: echo ${{ (env.A || env.B).c }}')
})

test('a whole value is written out where it stays the text that it is', async () => {
  const env = (value: string) => `${head()}      - run: x\n        with:\n          b: ${value}\n`
  expect(lineOf((await look(obfuscated, env("${{ 'a-b' }}"))).after, 8)).toBe('          b: a-b')
  expect((await look(obfuscated, env("${{ 'true' }}"))).after).toBeUndefined()
  expect((await look(obfuscated, env('${{ 1 }}'))).after).toBeUndefined()
})

test('a computed member or a computed mapping of inputs shows only when it runs', async () => {
  const text = `${head()}      - uses: a/b@v1
        with: \${{ fromJSON(env.A) }}
      - run: echo \${{ inputs[env.B] }} \${{ inputs['b'] }} \${{ matrix.a[0] }}
`
  expect((await look(computedName, text)).said).toEqual([
    '7:15 which inputs the action is given shows only when it runs',
    '8:23 which member of inputs is read shows only when it runs'
  ])
})

test('actions are told each under the name that others have for it', async () => {
  const action = `name: a
runs:
  using: composite
  steps:
    - if: contains('a b', inputs.x) && github.actor == 'a[bot]'
      run: echo \${{ env.A && '' || 'b' }}
`
  const problems = await found(unsoundInAction, { 'action.yml': action })
  expect(problems.map(({ at, peers }) => [at.line, peers?.zizmor])).toEqual([
    [6, 'unsound-ternary'],
    [5, 'unsound-contains'],
    [5, 'bot-conditions']
  ])
})
