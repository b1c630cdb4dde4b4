import { expect, test } from '@jest/globals'
import type { Rule } from '../../../src/model.js'
import invalidInAction from '../../../src/rules/action/invalid-expression.js'
import unknownInAction from '../../../src/rules/action/unknown-property.js'
import neverTrue from '../../../src/rules/workflow/comparison-never-true.js'
import unlike from '../../../src/rules/workflow/comparison-of-unlike.js'
import placeholder from '../../../src/rules/workflow/format-placeholder.js'
import invalidExpression from '../../../src/rules/workflow/invalid-expression.js'
import invalidJson from '../../../src/rules/workflow/invalid-json.js'
import memberOfSingle from '../../../src/rules/workflow/member-of-single-value.js'
import numberAsName from '../../../src/rules/workflow/number-as-name.js'
import objectInText from '../../../src/rules/workflow/object-in-text.js'
import unavailable from '../../../src/rules/workflow/unavailable-context.js'
import unknownContext from '../../../src/rules/workflow/unknown-context.js'
import unknownFunction from '../../../src/rules/workflow/unknown-function.js'
import unknownOutput from '../../../src/rules/workflow/unknown-output.js'
import unknownProperty from '../../../src/rules/workflow/unknown-property.js'
import unknownVariable from '../../../src/rules/workflow/unknown-variable.js'
import wrongArgumentType from '../../../src/rules/workflow/wrong-argument-type.js'
import wrongArguments from '../../../src/rules/workflow/wrong-arguments.js'
import wrongCallInput from '../../../src/rules/workflow/wrong-call-input-type.js'
import wrongTypeAtKey from '../../../src/rules/workflow/wrong-type-at-key.js'
import { found, problems } from '../../helpers.js'

const path = '.github/workflows/ci.yml'
const workflow = (expression: string) =>
  `on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: |\n          echo\n          echo \${{ ${expression} }}\n`

const cases: [rule: Rule, wrong: string, columns: [from: number, to: number], severity: string, right: string][] = [
  [invalidExpression, 'github.ref == "x"', [34, 37], 'error', "github.ref == 'x'"],
  [invalidExpression, 'github.ref ==', [19, 34], 'error', 'github.ref == 1'],
  [invalidExpression, '1 + 1', [22, 23], 'error', '1 == 1'],
  [invalidExpression, '', [19, 21], 'error', 'true'],
  [unknownContext, 'githbu.ref', [20, 26], 'error', 'github.ref'],
  [unknownContext, 'github.ref == main', [34, 38], 'error', "github.ref == 'main'"],
  [unknownContext, 'something.ref', [20, 29], 'warning', 'github.something'],
  [unknownFunction, 'toJson2(github)', [20, 27], 'error', 'toJson(github)'],
  [unknownFunction, 'substring(github.ref, 1)', [20, 29], 'warning', 'contains(github.ref, 1)'],
  [wrongArguments, 'toJSON()', [20, 28], 'error', 'toJSON(env)'],
  [wrongArguments, 'hashFiles()', [20, 31], 'error', "hashFiles('a', 'b')"],
  [wrongArgumentType, "contains(github, 'a')", [29, 35], 'warning', "contains(github.ref, 'a')"],
  [unavailable, 'jobs.a.result', [20, 24], 'error', 'job.status'],
  [unavailable, 'success()', [20, 27], 'error', 'job.status'],
  [unknownProperty, 'runner.nmae', [20, 31], 'warning', 'runner.os'],
  [unknownProperty, 'github.something', [20, 36], 'note', 'github.event.something'],
  [memberOfSingle, 'github.ref.name', [20, 35], 'warning', 'github.ref_name'],
  [numberAsName, 'job.services.db.ports[5432]', [42, 46], 'note', "job.services.db.ports['5432']"],
  [unlike, "github.event == 'a'", [20, 39], 'warning', "github.event.x == 'a'"],
  [unlike, 'github.ref_protected > 1', [20, 44], 'note', 'github.run_id > 1'],
  [neverTrue, "runner.os == 'ubuntu'", [20, 41], 'warning', "runner.os == 'linux'"],
  [neverTrue, 'env.DRY == true', [20, 35], 'warning', "env.DRY == 'true'"],
  [objectInText, 'github.event', [16, 35], 'warning', 'toJSON(github.event)'],
  [objectInText, 'null', [16, 27], 'note', "''"],
  [placeholder, "format('{1}', 1)", [27, 32], 'error', "format('{0}', 1)"],
  [placeholder, "format('{0}', 1, 2)", [37, 38], 'warning', "format('{1}{0}', 1, 2)"],
  [invalidJson, "fromJSON('{a: 1}')", [29, 37], 'error', `fromJSON('{"a": 1}').a`]
]

test.each(cases.map(each => [each[0].id, each[1], each[4], each] as const))(
  '%s finds %s and not %s',
  async (_, __, ___, [rule, wrong, columns, severity, right]) => {
    const problems = await found(rule, { [path]: workflow(wrong) })
    expect(problems.map(({ at }) => at.line)).toContain(8)
    const { at, severity: own } = problems.find(({ at }) => at.column === columns[0])!
    expect([at.line, at.column, at.endColumn, own ?? rule.severity]).toEqual([8, ...columns, severity])
    expect(await found(rule, { [path]: workflow(right) })).toEqual([])
  }
)

test('a text with an expression may be as long as GitHub makes expressions of', async () => {
  const text = (length: number) =>
    `on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: echo \${{ github.ref }} ${'x'.repeat(length)}\n`
  expect(await problems(invalidExpression, { [path]: text(20_900) })).toEqual([])
  expect(await problems(invalidExpression, { [path]: text(21_000) })).toEqual([
    `${path}:6:19 a text of 21023 characters with an expression in it is longer than GitHub's 21000`
  ])
})

test('a name may be computed where it stands for a whole mapping, and nowhere else', async () => {
  const text = `on: push
jobs:
  a:
    runs-on: x
    env:
      \${{ insert }}: \${{ fromJSON(vars.ENV) }}
      B: a \${{ insert }}
    \${{ github.ref }}: x
    steps: []
`
  expect(await problems(unknownContext, { [path]: text })).toEqual([
    `${path}:7:16 insert is no context: a text stands in single quotes`
  ])
  expect(await problems(unavailable, { [path]: text })).toEqual([
    `${path}:8:5 no expression can be used here: GitHub has no context yet`
  ])
})

test('a condition of a step may ask how it went, and read files', async () => {
  const text = `on: push\njobs:\n  a:\n    if: always()\n    runs-on: x\n    steps:\n      - if: failure() || hashFiles('a') || secrets.A\n        run: x\n`
  expect(await problems(unavailable, { [path]: text })).toEqual([
    `${path}:7:44 secrets cannot be used here, where GitHub offers only github, inputs, vars, needs, strategy, matrix, steps, job, runner and env`
  ])
})

test('GitHub refuses what it has no type for', async () => {
  const text = `on: push\njobs:\n  a:\n    runs-on: x\n    timeout-minutes: \${{ vars.A }}\n    steps:\n      - run: x\n        continue-on-error: \${{ env.B }}\n        timeout-minutes: \${{ fromJSON(env.B) }}\n`
  expect(await problems(wrongTypeAtKey, { [path]: text })).toEqual([
    `${path}:5:22 timeout-minutes takes a number, and this is text`,
    `${path}:8:28 continue-on-error takes true or false, and this is text`
  ])
})

test('variables are held against a list where there is one', async () => {
  const text = workflow('vars.WEB_URL || vars.other || vars.web_ulr')
  expect(await problems(unknownVariable, { [path]: text }, { variables: [] })).toEqual([])
  expect(await problems(unknownVariable, { [path]: text }, { variables: ['WEB_URL'] })).toEqual([
    `${path}:8:36 vars.other is not in the list of variables`,
    `${path}:8:50 vars.web_ulr is not in the list of variables: did you mean WEB_URL?`
  ])
})

test('outputs are those that the called workflow or action declares', async () => {
  const files = {
    [path]: `on: push
jobs:
  call:
    uses: ./.github/workflows/called.yml
  remote:
    uses: a/b/.github/workflows/c.yml@v1
  test:
    needs: [call, remote]
    runs-on: x
    steps:
      - { id: own, uses: ./own }
      - { id: js, uses: ./js }
      - run: |
          \${{ needs.call.outputs.Image }} \${{ needs.call.outputs.tag }} \${{ needs.remote.outputs.x }}
          \${{ steps.own.outputs.a }} \${{ steps.own.outputs.b }} \${{ steps.js.outputs.c }}
`,
    '.github/workflows/called.yml': 'on:\n  workflow_call:\n    outputs:\n      image: { value: a }\njobs: {}\n',
    'own/action.yml': 'name: a\noutputs:\n  a: { value: x }\nruns: { using: composite, steps: [] }\n',
    'js/action.yml': 'name: a\nruns: { using: node24, main: a.js }\n'
  }
  const problems = await found(unknownOutput, files)
  expect(problems.map(({ at, message, severity }) => `${at.line}:${at.column} ${severity ?? ''} ${message}`)).toEqual([
    '14:47  ./.github/workflows/called.yml has no output tag: it declares only image (.github/workflows/called.yml:4)',
    '15:42  ./own has no output b: it declares only a (own/action.yml:3)',
    '15:69 note ./js has no output c: it declares none (js/action.yml:1)'
  ])
})

test('a called workflow is given the types that it declares', async () => {
  const files = {
    [path]: `on: push
jobs:
  call:
    uses: ./.github/workflows/called.yml
    with:
      number: three
      flag: 'yes'
      text: null
  right:
    uses: ./.github/workflows/called.yml
    with:
      number: \${{ fromJSON(vars.A) }}
      flag: \${{ github.ref == 'x' }}
      text: 3
      any: true
  computed:
    uses: ./.github/workflows/called.yml
    with:
      number: \${{ vars.A }}
      flag: \${{ vars.A }}
      text: \${{ github.ref == 'x' }}
`,
    '.github/workflows/called.yml': `on:
  workflow_call:
    inputs:
      number: { type: number }
      flag: { type: boolean }
      text: { type: string }
      any: {}
jobs: {}
`
  }
  const problems = await found(wrongCallInput, files)
  const called = '.github/workflows/called.yml'
  expect(
    problems.map(({ at, message, severity }) => `${at.line}:${at.column} ${severity ?? 'error'} ${message}`)
  ).toEqual([
    `6:15 error number takes a number (${called}:4), and is given 'three'`,
    `7:13 error flag takes true or false (${called}:5), and is given 'yes'`,
    `8:13 note text takes text (${called}:6), and is given 'null', which becomes a text`,
    `19:15 warning number takes a number (${called}:4), and is given text`,
    `20:13 note flag takes true or false (${called}:5), and is given text`,
    `21:13 note text takes text (${called}:6), and is given true or false, which becomes a text`
  ])
})

test('an action is refused for what it cannot use, and told what is not there', async () => {
  const files = {
    'action.yml': `name: a
runs:
  using: composite
  steps:
    - id: one
      run: echo \${{ vars.A }} \${{ steps.two.outputs.x }} \${{ runner.os == 'mac' }}
      shell: bash
    - if: success(
      run: x
      shell: bash
`
  }
  expect(await problems(invalidInAction, files)).toEqual([
    'action.yml:6:21 vars cannot be used here, where GitHub offers only github, inputs, strategy, matrix, steps, job, runner and env',
    'action.yml:8:11 the expression ends too early'
  ])
  expect(await problems(unknownInAction, files)).toEqual([
    'action.yml:6:35 steps has no two',
    "action.yml:6:62 runner.os == 'mac' is never true: it can be Linux, Windows and macOS, not 'mac'"
  ])
})
