import { expect, test } from '@jest/globals'
import rule from '../../../src/rules/workflow/script-injection-through-input.js'
import { problems } from '../../helpers.js'

const caller = (on: string, value: string) => `on: ${on}
jobs:
  a:
    uses: ./.github/workflows/callee.yml
    with:
      title: ${value}
`
const callee = (script: string) => `on:
  workflow_call:
    inputs:
      title:
        type: string
jobs:
  b:
    runs-on: x
    steps:
      - run: ${script}
`
const world = (on: string, value: string, script: string) => ({
  '.github/workflows/caller.yml': caller(on, value),
  '.github/workflows/callee.yml': callee(script)
})

test('it says who fills the input and with what', async () => {
  const files = world('issues', '${{ github.event.issue.title }}', 'echo ${{ inputs.title }}')
  expect(await problems(rule, files)).toEqual([
    '.github/workflows/callee.yml:10:19 github.event.issue.title becomes part of a shell script through input title, .github/workflows/caller.yml:6, and outsiders write it: on issues the job has secrets and a token of its own'
  ])
})

test.each([
  ['a number', 'issues', '${{ github.event.issue.number }}', 'echo ${{ inputs.title }}', 0],
  ['on an event without', 'push', '${{ github.event.issue.title }}', 'echo ${{ inputs.title }}', 0],
  ['read from a variable', 'issues', '${{ github.event.issue.title }}', 'echo "$TITLE"', 0],
  ['another input', 'issues', '${{ github.event.issue.title }}', 'echo ${{ inputs.name }}', 0],
  ['a part', 'issues', "${{ format('{0}', github.event.issue.title) }}", "echo ${{ format('{0}', inputs.title) }}", 1]
])('weighs %s', async (_, on, value, script, count) =>
  expect(await problems(rule, world(on, value, script))).toHaveLength(count)
)

test('it follows inputs into an action', async () => {
  const files = {
    '.github/workflows/ci.yml':
      'on: issues\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: ./greet\n        with:\n          title: ${{ github.event.issue.title }}\n',
    'greet/action.yml':
      'name: Greet\ndescription: Greets\nruns:\n  using: composite\n  steps:\n    - run: echo ${{ inputs.title }}\n      shell: bash\n'
  }
  expect(await problems(rule, files)).toHaveLength(1)
})

test('it ends where a workflow calls itself', async () => {
  const files = {
    '.github/workflows/callee.yml': `${callee('date')}  c:\n    uses: ./.github/workflows/callee.yml\n    with:\n      title: \${{ inputs.title }}\n`,
    '.github/workflows/caller.yml': caller('issues', '${{ github.event.issue.title }}')
  }
  expect(await problems(rule, files)).toEqual([])
})
