import { expect, test } from '@jest/globals'
import { faultsOf, sitesOf, typeOfText } from '../src/expressions.js'
import { repoOf } from './helpers.js'

async function workflowOf(text: string) {
  const { workflows } = await repoOf({ '.github/workflows/ci.yml': text })
  return workflows[0]!
}
async function actionOf(text: string) {
  const { actions } = await repoOf({ 'action.yml': text })
  return actions[0]!
}
const faults = async (text: string) =>
  faultsOf(await workflowOf(text)).map(({ kind, at, message }) => `${at.line}:${at.column} ${kind}: ${message}`)

test('it finds every text with an expression, once, with its key', async () => {
  const workflow = await workflowOf(`on:
  workflow_call:
    inputs:
      depth:
        default: \${{ github.run_id }}
env: &env
  A: \${{ github.ref }}
  PLAIN: text
jobs:
  test:
    if: github.ref == 'x'
    runs-on: x
    env: *env
    steps:
      - if: true
        run: |
          echo \${{ matrix.a }} and \${{ matrix.b }}
        env:
          \${{ vars.NAME }}: 1
`)
  expect(
    sitesOf(workflow).map(({ key, condition, whole, isKey, expressions }) => [
      key,
      expressions.length,
      condition,
      whole,
      isKey
    ])
  ).toEqual([
    ['on.workflow_call.inputs.*.default', 1, false, true, false],
    ['env.*', 1, false, true, false],
    ['jobs.*.if', 1, true, true, false],
    ['jobs.*.env.*', 1, false, true, false],
    ['jobs.*.steps.*.if', 1, true, true, false],
    ['jobs.*.steps.*.run', 2, false, false, false],
    ['jobs.*.steps.*.env.*', 1, false, true, true]
  ])
  expect(sitesOf(workflow)).toBe(sitesOf(workflow))
})

const job = (rest: string) =>
  `on: push\njobs:\n  build:\n    runs-on: x\n    outputs: { image: a }\n    steps: []\n  test:\n${rest}`

test.each([
  [
    'a step sees those before it',
    `    runs-on: x
    steps:
      - id: one
        run: echo \${{ steps.two.outputs.a }} \${{ steps.one.outcome }}
      - id: two
        run: echo \${{ steps.one.outputs.a }} \${{ steps.one.result }}
`,
    [
      '11:23 property: steps has no two yet: that step comes later (line 12)',
      '11:50 property: steps has no one yet: it is this step',
      '13:50 property: steps.one has no result, where there are outputs, conclusion and outcome'
    ]
  ],
  [
    'outputs of a job see all steps',
    `    runs-on: x
    outputs:
      a: \${{ steps.one.outputs.a }}\${{ steps.none.outputs.a }}
    steps:
      - id: one
        run: x
`,
    ['10:40 property: steps has no none: did you mean one?']
  ],
  [
    'steps beside one another are not told apart',
    `    runs-on: x
    steps:
      - parallel:
          - run: echo \${{ steps.b.outcome }}
          - { id: b, run: x }
`,
    []
  ],
  [
    'needs holds what the job lists, with the outputs declared',
    `    needs: build
    runs-on: \${{ needs.build.outputs.image }}
    env:
      A: \${{ needs.build.outputs.tag }} \${{ needs.test.result }}
    steps: []
`,
    [
      '11:14 property: needs.build.outputs has no tag, where there is image',
      '11:45 property: needs has no test: job test does not list it in needs'
    ]
  ],
  [
    'a matrix holds its rows and what is included',
    `    strategy:
      matrix:
        os: [a, b]
        node: [{ version: 1 }]
        include: [{ os: a, extra: true }]
    runs-on: \${{ matrix.os }}\${{ matrix.extra }}\${{ matrix.arch }}
    env: { A: "\${{ matrix.node.version }}\${{ matrix.node.name }}" }
    steps: []
`,
    [
      '13:53 property: matrix has no arch, where there are os, node and extra',
      '14:46 property: matrix.node has no name, where there is version'
    ]
  ],
  [
    'a computed matrix may hold anything',
    `    strategy:
      matrix: \${{ fromJSON(vars.MATRIX) }}
    runs-on: \${{ matrix.os }}
    steps: []
`,
    []
  ],
  [
    'a computed row has items of any kind, and the matrix still no other rows',
    `    strategy:
      matrix:
        os: \${{ fromJSON(vars.SYSTEMS) }}
    runs-on: \${{ matrix.os.name }}\${{ matrix.arch }}
    steps: []
`,
    ['11:39 property: matrix has no arch, where there is os']
  ],
  [
    'outputs of a well-known action are known',
    `    runs-on: x
    steps:
      - id: cache
        uses: actions/cache@v4
      - run: echo \${{ steps.cache.outputs.cache-hit }}\${{ steps.cache.outputs.cache-hut }}
`,
    ['12:59 property: steps.cache.outputs has no cache-hut: did you mean cache-hit?']
  ],
  [
    'what code sets is not known',
    `    runs-on: x
    steps:
      - id: script
        uses: actions/github-script@v7
      - run: echo \${{ steps.script.outputs.anything }}
`,
    []
  ],
  [
    'keys offer what GitHub says',
    `    if: matrix.os == 'x' && always()
    runs-on: \${{ env.RUNNER }}
    env: { A: "\${{ success() }}\${{ hashFiles('a') }}" }
    steps:
      - run: \${{ hashFiles('a') }}
`,
    [
      '8:9 unavailable: matrix cannot be used here, where GitHub offers only github, inputs, vars and needs',
      '8:9 property: matrix has no os',
      '9:18 unavailable: env cannot be used here, where GitHub offers only github, inputs, vars, needs, strategy and matrix',
      '10:20 unavailable: success() can be used in conditions only',
      '10:36 unavailable: hashFiles() can be used in the keys of a step only'
    ]
  ],
  [
    'some keys offer nothing',
    `    runs-on: x
    needs: \${{ vars.NEEDS }}
    steps:
      - uses: \${{ 'a/b@v1' }}
`,
    [
      '9:12 nowhere: no expression can be used here: GitHub has no context yet',
      '11:15 nowhere: no expression can be used here: GitHub computes nothing at this key'
    ]
  ],
  [
    'a whole value has the type of its key',
    `    runs-on: \${{ fromJSON('{"a":1}') }}
    env: \${{ github.ref }}
    timeout-minutes: \${{ vars.MINUTES }}
    continue-on-error: \${{ github.ref == 'x' }}
    strategy:
      matrix:
        a: \${{ fromJSON('{}') }}
        include: \${{ fromJSON('[]') }}
    steps: []
`,
    [
      '8:14 key: runs-on takes a label or a list of them, and this is an object',
      '9:10 key: env takes an object, and this is text',
      '10:22 key: timeout-minutes takes a number, and this is text',
      '14:12 key: matrix takes a list, and this is an object'
    ]
  ],
  [
    'objects and lists are no text',
    `    runs-on: x
    container: { image: "\${{ github.event }}" }
    steps:
      - run: echo \${{ github.event }}\${{ github.event.commits.*.id }}\${{ toJSON(github.event) }}
        with: \${{ matrix }}
        if: github.event
`,
    [
      '9:26 text: an object becomes the word Object in a text',
      '11:19 text: an object becomes the word Object in a text',
      '11:38 text: a list becomes the word Array in a text',
      '13:13 text: an object counts as true, whatever is in it'
    ]
  ]
])('%s', async (_, rest, expected) => expect(await faults(job(rest))).toEqual(expected))

test('inputs and secrets are those that the triggers declare', async () => {
  const call = `on:
  workflow_call:
    inputs:
      count: { type: number }
    secrets:
      key: {}
jobs:
  a:
    runs-on: x
    steps:
      - run: echo \${{ inputs.count.x }} \${{ inputs.Count }} \${{ inputs.other }} \${{ secrets.other }} \${{ secrets.KEY }} \${{ secrets.GITHUB_TOKEN }}
`
  expect(await faults(call)).toEqual([
    '11:23 access: inputs.count is a number and has no x',
    '11:65 property: inputs has no other, where there is count',
    '11:85 property: secrets has no other, where there are GITHUB_TOKEN, ACTIONS_STEP_DEBUG, ACTIONS_RUNNER_DEBUG and key'
  ])
  // Of other events the repository's secrets come too.
  const both = call.replace('on:\n', 'on:\n  push:\n')
  expect((await faults(both)).some(fault => fault.includes('secrets'))).toBe(false)
})

test('inputs of a run by hand are in its event too', async () => {
  expect(
    await faults(`on:
  workflow_dispatch:
    inputs:
      level: { type: choice, options: [a] }
jobs:
  a:
    runs-on: x
    steps:
      - run: echo \${{ github.event.inputs.level }}\${{ github.event.inputs.levle }}\${{ github.event.other }}
`)
  ).toEqual(['9:55 property: github.event.inputs has no levle: did you mean level?'])
})

test('an action has its inputs and steps, and no secrets', async () => {
  const action = await actionOf(`name: a
inputs:
  target: {}
outputs:
  out: { value: "\${{ steps.b.outputs.x }}\${{ steps.c.outputs.x }}" }
runs:
  using: composite
  steps:
    - id: a
      run: echo \${{ inputs.target }} \${{ inputs.traget }} \${{ steps.b.outcome }}
    - id: b
      if: \${{ secrets.KEY }}
      run: x
`)
  expect(faultsOf(action).map(({ at, message }) => `${at.line}:${at.column} ${message}`)).toEqual([
    '5:46 steps has no c, where there are a and b',
    '10:42 inputs has no traget: did you mean target?',
    '10:63 steps has no b yet: that step comes later (line 11)',
    '12:15 secrets cannot be used here, where GitHub offers only github, inputs, strategy, matrix, steps, job, runner and env'
  ])
})

test('a text that is computed as a whole has a type', async () => {
  const workflow = await workflowOf(`on: push
jobs:
  a:
    uses: ./x.yml
    with: { n: "\${{ github.run_id == 1 }}", m: "x\${{ 1 }}", o: "\${{ fromJSON(vars.A) }}" }
`)
  expect(workflow.jobs[0]!.with.map(({ value }) => typeOfText(workflow, value)?.kind)).toEqual([
    'boolean',
    undefined,
    undefined
  ])
})

test('a run knows the events that start it, unless another workflow calls it', async () => {
  const text = `on: [push, pull_request]
jobs:
  a:
    if: github.event_name == 'release' || github.event_name != 'issues' || github.event_name == 'push'
    runs-on: x
    steps: []
`
  expect(await faults(text)).toEqual([
    "4:9 never: github.event_name == 'release' is never true: it can be push and pull_request, not 'release'"
  ])
  expect(await faults(text.replace('push,', 'push, workflow_call,'))).toEqual([])
})
