import { expect, test } from '@jest/globals'
import { runnerGroupOf, runnersOf } from '../src/runner-labels.js'
import { repoOf } from './helpers.js'

const job = async (text: string) => {
  const { workflows } = await repoOf({
    'a.txt': '',
    '.github/workflows/a.yml': `on: push\njobs:\n  a:\n${text.replace(/^/gm, '    ')}\n`
  })
  return workflows[0]!.jobs[0]!
}
const labels = async (text: string) =>
  runnersOf(await job(text)).map(({ labels, open }) => [labels.map(label => label.value).join(' '), open])

const MATRIX = `strategy:
  matrix:
    os: [ubuntu-24.04, windows-2025]
    target:
      - { runner: macos-26 }
    include:
      - { os: macos-15 }`

test.each([
  ['a label', 'runs-on: ubuntu-24.04', [['ubuntu-24.04', false]]],
  [
    'two labels',
    'runs-on: [self-hosted, linux]',
    [
      ['self-hosted', false],
      ['linux', false]
    ]
  ],
  ['labels of a group', 'runs-on: { group: big, labels: x }', [['x', false]]],
  [
    'a row of the matrix and what is included',
    `runs-on: \${{ matrix.os }}\n${MATRIX}`,
    [['ubuntu-24.04 windows-2025 macos-15', false]]
  ],
  ['a member of a row', `runs-on: \${{ matrix.Target.runner }}\n${MATRIX}`, [['macos-26', false]]],
  [
    'a condition',
    "runs-on: ${{ github.event_name == 'push' && 'big' || 'ubuntu-24.04' }}",
    [['big ubuntu-24.04', false]]
  ],
  ['a part of a text', `runs-on: \${{ matrix.os }}-arm\n${MATRIX}`, [['', true]]],
  ['an input', 'runs-on: ${{ inputs.runner }}', [['', true]]],
  ['a computed matrix', 'runs-on: ${{ matrix.os }}\nstrategy:\n  matrix: ${{ fromJSON(inputs.m) }}', [['', true]]],
  ['a computed row', 'runs-on: ${{ matrix.os }}\nstrategy:\n  matrix:\n    os: ${{ fromJSON(inputs.m) }}', [['', true]]]
])('it reads %s', async (_, text, expected) => expect(await labels(text)).toEqual(expected))

test('it points at the value in the matrix', async () => {
  const [choice] = runnersOf(await job(`runs-on: \${{ matrix.os }}\n${MATRIX}`))
  expect(choice?.labels[1]?.at).toMatchObject({ line: 7, column: 28 })
})

test('it reads the group', async () => {
  expect(runnerGroupOf(await job('runs-on: { group: big }'))?.value).toBe('big')
  expect(runnerGroupOf(await job('runs-on: big'))).toBeUndefined()
})
