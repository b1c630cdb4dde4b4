import { expect, test } from '@jest/globals'
import type { Files } from '../../../src/model.js'
import { readRepo } from '../../../src/repo.js'
import { run } from '../../../src/rule.js'
import permission from '../../../src/rules/workflow/call-without-permission.js'
import deadlock from '../../../src/rules/workflow/concurrency-deadlock.js'
import invalid from '../../../src/rules/workflow/invalid-call.js'
import mismatched from '../../../src/rules/workflow/mismatched-call.js'
import deep from '../../../src/rules/workflow/too-deep-calls.js'
import { memorySource } from '../../../src/source/memory.js'
import { problems } from '../../helpers.js'

const CALLER = '.github/workflows/a.yml'
const CALLED = '.github/workflows/b.yml'
const call = (text: string, head = '') => `${head}on: push\njobs:\n  a:\n    uses: ./${CALLED}\n${text}`
const JOB = 'jobs:\n  b:\n    runs-on: x\n    steps:\n      - run: a\n'
const called = (config: string) => `on:\n  workflow_call:\n${config}${JOB}`

test.each([
  ['a workflow that can be called', call(''), called(''), []],
  [
    'one that is not there',
    call('').replace('b.yml', 'bb.yml'),
    called(''),
    [`4:11 there is no .github/workflows/bb.yml: did you mean ${CALLED}?`]
  ],
  [
    'one that is not for calls',
    call(''),
    `on: push\n${JOB}`,
    [`4:11 ${CALLED} cannot be called: its events have no workflow_call`]
  ],
  [
    'a ref of this repository',
    call('').replace('b.yml', 'b.yml@main'),
    called(''),
    [`4:11 './${CALLED}@main' is of this repository and takes no @ref`]
  ],
  [
    'no ref of another one',
    call('').replace('./', 'o/r/'),
    called(''),
    [`4:11 'o/r/${CALLED}' is neither ./path of a workflow nor owner/repository/path@ref`]
  ],
  [
    'another folder',
    call('').replace('./', 'o/r/').replace(CALLED, 'ci/b.yml@v1'),
    called(''),
    ['4:11 ci/b.yml does not lie in .github/workflows, where workflows that are called must be']
  ],
  [
    'a folder below',
    call('').replace('b.yml', 'c/b.yml'),
    called(''),
    [
      '4:11 .github/workflows/c/b.yml does not lie in .github/workflows, where workflows that are called must be',
      `4:11 there is no .github/workflows/c/b.yml: did you mean ${CALLED}?`
    ]
  ],
  ['another repository', call('').replace('./', 'o/r/').replace('b.yml', 'b.yml@v1'), called(''), []]
])('a call of %s', async (_, caller, callee, expected) =>
  expect(await problems(invalid, { [CALLER]: caller, [CALLED]: callee })).toEqual(
    expected.map(text => `${CALLER}:${text}`)
  )
)

const INPUTS = `    inputs:
      name: {type: string, required: true}
      many: {type: number}
      dry: {type: boolean, required: true, default: false}
    secrets:
      TOKEN: {required: true}
      OTHER:
`
test.each([
  ['all it needs', '    with: {NAME: x, many: 3, dry: true}\n    secrets: {token: y}\n', []],
  ['all secrets', '    with: {name: x}\n    secrets: inherit\n', []],
  [
    'nothing',
    '',
    [
      `4:11 ${CALLED} requires the input name (line 4), which is not passed`,
      `4:11 ${CALLED} requires the secret TOKEN (line 8), which is not passed`
    ]
  ],
  [
    'what it does not know',
    '    with: {name: x, size: 1}\n    secrets: {TOKEN: y, TOKEM: z}\n',
    [
      `5:21 ${CALLED} has no input 'size'; it has name, many or dry`,
      `6:25 ${CALLED} has no secret 'TOKEM': did you mean TOKEN?`
    ]
  ],
  ['values of any type', '    with: {name: x, many: "${{ vars.N }}", dry: "${{ vars.D }}"}\n    secrets: inherit\n', []]
])('a call that passes %s', async (_, text, expected) =>
  expect((await problems(mismatched, { [CALLER]: call(text), [CALLED]: called(INPUTS) })).sort()).toEqual(
    expected.map(text => `${CALLER}:${text}`)
  )
)

const asking = (job: string, head = '') =>
  `${head}on: workflow_call\n${JOB.replace('    runs-on', `${job}    runs-on`)}`
test.each([
  [
    'no more than it may',
    call('', 'permissions: {contents: write}\n'),
    asking('    permissions: {contents: read}\n'),
    []
  ],
  [
    'more than its caller',
    call('', 'permissions: {contents: read}\n'),
    asking('    permissions: {contents: write}\n'),
    [`4:3 job b of './${CALLED}' asks for contents: write, and this job may give it only contents: read`]
  ],
  [
    'more for all its jobs',
    call('    permissions: {}\n'),
    asking('', 'permissions: {issues: read}\n'),
    [`3:3 the called workflow './${CALLED}' asks for issues: read, and this job may give it only issues: none`]
  ],
  [
    'what its job may and the workflow may not',
    call('    permissions: {issues: read}\n', 'permissions: {}\n'),
    asking('    permissions: {issues: read}\n'),
    []
  ],
  ['what read-all has', call('', 'permissions: read-all\n'), asking('    permissions: {issues: read}\n'), []],
  [
    'what read-all has not',
    call('', 'permissions: read-all\n'),
    asking('    permissions: {id-token: write}\n'),
    [`4:3 job b of './${CALLED}' asks for id-token: write, and this job may give it only id-token: none`]
  ],
  ['what the default may have', call(''), asking('    permissions: {contents: write}\n'), []],
  [
    'what no default has',
    call(''),
    asking('    permissions: {id-token: write}\n'),
    [`3:3 job b of './${CALLED}' asks for id-token: write, and this job may give it only id-token: none`]
  ]
])('a called workflow that asks for %s', async (_, caller, callee, expected) =>
  expect(await problems(permission, { [CALLER]: caller, [CALLED]: callee })).toEqual(
    expected.map(text => `${CALLER}:${text}`)
  )
)

test('follows calls of other repositories, each at the ref of the last', async () => {
  const remoteFiles: Files = {
    'o/r/.github/workflows/one.yml@v1':
      'on: workflow_call\npermissions: {actions: read}\njobs:\n  b:\n    uses: ./.github/workflows/two.yml\n',
    'o/r/.github/workflows/two.yml@v1': asking('    permissions: {actions: write}\n')
  }
  const files = {
    [CALLER]: call('', 'permissions: {actions: write}\n').replace(`./${CALLED}`, 'o/r/.github/workflows/one.yml@v1')
  }
  const repo = await readRepo(memorySource({ files, remoteFiles }))
  const { found } = run([permission], repo, () => ({}))
  expect(found.map(({ problem }) => problem.message)).toEqual([
    "job b of './.github/workflows/two.yml' asks for actions: write, and this job may give it only actions: read"
  ])
})

const group = (text: string) => `concurrency: ${text}\n`
test.each([
  ['a group of its own', call('', group('ci-${{ github.ref }}')), `on: workflow_call\n${group('build')}${JOB}`, []],
  [
    "its caller's group",
    call('', group('ci-${{ github.ref }}')),
    `on: workflow_call\n${group('CI-${{github.ref}}')}${JOB}`,
    ['5:11']
  ],
  [
    'a group by its input',
    call('', group('${{ inputs.name }}')),
    `on: workflow_call\n${group('${{ inputs.name }}')}${JOB}`,
    []
  ],
  [
    "a job with its caller's group",
    call('    concurrency: x\n'),
    `on: workflow_call\n${JOB}    concurrency: {group: x}\n`,
    ['4:11']
  ],
  ['no group', `${group('x')}on: push\n${JOB}    concurrency: x\n`, `on: workflow_call\n${JOB}`, ['8:18']],
  [
    'a group for each combination',
    `${group('${{ matrix.x }}')}on: push\n${JOB}    concurrency: \${{ matrix.x }}\n`,
    `on: workflow_call\n${JOB}`,
    []
  ]
])('a deadlock: a called workflow with %s', async (_, caller, callee, expected) => {
  const told = await problems(deadlock, { [CALLER]: caller, [CALLED]: callee })
  expect(told.map(text => text.split(' ')[0])).toEqual(expected.map(place => `${CALLER}:${place}`))
})

const chain = (length: number, last: string) =>
  Object.fromEntries(
    Array.from({ length }, (_, at) => [
      `.github/workflows/w${at}.yml`,
      at === length - 1
        ? `on: workflow_call\n${last}`
        : `on: workflow_call\njobs:\n  b:\n    uses: ./.github/workflows/w${at + 1}.yml\n`
    ])
  )
test.each([
  ['ten levels', chain(10, JOB), 0],
  ['eleven levels', chain(11, JOB), 1],
  ['a circle', chain(2, 'jobs:\n  b:\n    uses: ./.github/workflows/w0.yml\n'), 2],
  ['itself', chain(1, 'jobs:\n  b:\n    uses: ./.github/workflows/w0.yml\n'), 1]
])('calls of %s', async (_, files, count) => expect(await problems(deep, files)).toHaveLength(count))
