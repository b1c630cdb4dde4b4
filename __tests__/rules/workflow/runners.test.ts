import { expect, test } from '@jest/globals'
import type { Rule } from '../../../src/model.js'
import conflicting from '../../../src/rules/workflow/conflicting-runner-labels.js'
import misspelt from '../../../src/rules/workflow/misspelt-runner.js'
import pulls from '../../../src/rules/workflow/pull-request-on-self-hosted-runner.js'
import retired from '../../../src/rules/workflow/retired-runner.js'
import retiring from '../../../src/rules/workflow/retiring-runner.js'
import own from '../../../src/rules/workflow/self-hosted-runner.js'
import unknown from '../../../src/rules/workflow/unknown-runner.js'
import { found, places, problems } from '../../helpers.js'

const on = (runsOn: string, event = 'push') => ({
  '.github/workflows/a.yml': `on: ${event}\njobs:\n  a:\n    runs-on: ${runsOn}\n    steps:\n      - run: make\n`
})
const onMatrix = (os: string, runsOn = '${{ matrix.os }}') =>
  on(`${runsOn}\n    strategy:\n      matrix:\n        os: ${os}`)

test.each<[string, Rule, Record<string, string>, string[]]>([
  ['a retired image', retired, on('ubuntu-20.04'), ['4:14']],
  ['one in the matrix', retired, onMatrix('[ubuntu-24.04, macos-13]'), ['7:28']],
  ['a machine of its own called so', retired, on('[self-hosted, ubuntu-20.04]'), []],
  ['a current image', retired, on('ubuntu-24.04'), []],
  ['an image that retires', retiring, on('ubuntu-22.04'), ['4:14']],
  ['one that does not', retiring, on('windows-2025'), []],
  ['a slip', misspelt, on('ubuntu-lastest'), ['4:14']],
  ['a newer version', misspelt, on('ubuntu-28.04'), []],
  ['a larger runner', misspelt, on('ubuntu-latest-l'), []],
  ['a name of its own', misspelt, on('build-box'), []],
  ['a name of its own', unknown, on('build-box'), ['4:14']],
  ['what self-hosted runners are called', unknown, on('[self-hosted, Linux, ARM64]'), []],
  ['a vendor', unknown, on('depot-ubuntu-24.04'), []],
  ['an empty name', unknown, on("''"), ['4:14']],
  ['two systems', conflicting, on('[ubuntu-latest, windows-latest]'), ['4:30']],
  ['a system and a label', conflicting, on('[windows, ubuntu-24.04]'), ['4:24']],
  ['two versions', conflicting, on('[ubuntu-22.04, ubuntu-24.04]'), ['4:29']],
  ['one image by two names', conflicting, on('[ubuntu-latest, ubuntu-24.04]'), []],
  [
    'a system of a matrix',
    conflicting,
    onMatrix('[macos-26, ubuntu-24.04]', "[ubuntu-24.04, '${{ matrix.os }}']"),
    ['7:14']
  ],
  ['values of one row', conflicting, onMatrix('[macos-26, ubuntu-24.04]', "['${{ matrix.os }}']"), []],
  ['self-hosted', own, on('[self-hosted, linux]'), ['4:5']],
  ['a group', own, on('{ group: mine }'), ['4:5']],
  ['an input', own, on('${{ inputs.runner }}'), []],
  ['a computed matrix', own, onMatrix('${{ fromJSON(inputs.os) }}'), ['4:5']],
  ['a matrix with one', own, onMatrix('[self-hosted, ubuntu-24.04]'), ['4:5']],
  ['hosted runners', own, onMatrix('[macos-26, ubuntu-24.04]'), []],
  ['pull requests on self-hosted', pulls, on('self-hosted', 'pull_request'), ['4:14']],
  ['pull requests on a group', pulls, on('{ group: mine }', 'pull_request_target'), ['4:23']],
  ["pull requests on GitHub's larger runners", pulls, on('{ group: Default Larger Runners }', 'pull_request'), []],
  ['pushes on self-hosted', pulls, on('self-hosted'), []],
  ['pull requests on a larger runner', pulls, on('ubuntu-24.04-16core', 'pull_request'), []],
  ['pull requests on a hosted one', pulls, on('macos-26', 'pull_request'), []]
])('%s', async (_, rule, files, expected) => expect(await places(rule, files)).toEqual(expected))

test('it tells an image once a workflow, and how often', async () => {
  const files = {
    '.github/workflows/a.yml': 'on: push\njobs:\n  a:\n    runs-on: ubuntu-22.04\n  b:\n    runs-on: ubuntu-22.04\n'
  }
  expect(await problems(retiring, files)).toEqual([
    '.github/workflows/a.yml:4:14 asks for ubuntu-22.04, which GitHub retires on 2027-04-17, 2 times in this workflow'
  ])
})

test('a day that was announced of late is no error', async () => {
  expect((await found(retired, on('macos-14')))[0]?.severity).toBe('warning')
  expect((await found(retired, on('macos-12')))[0]?.severity).toBeUndefined()
})

test.each([
  ['unknown', unknown, { labels: ['build-*'] }, on('build-box')],
  ['misspelt', misspelt, { labels: ['Ubuntu-lates*'] }, on('ubuntu-lates')],
  ['pulls', pulls, { allow: ['label:build-*'] }, on('build-box', 'pull_request')],
  ['pulls', pulls, { allow: ['group:mine'] }, on('{ group: mine }', 'pull_request')]
])('%s takes what the option names', async (_, rule, options, files) => {
  expect(await places(rule, files, options)).toEqual([])
  expect(await places(rule, files)).toHaveLength(1)
})
