import { expect, test } from '@jest/globals'
import rule from '../../../src/rules/pull-request/gate-changed.js'
import { problems } from '../../helpers.js'

const PATH = '.github/workflows/hygiene.yml'
const gate = (step = '', on = 'pull_request', job = '', uses = 'acme/pipeline-hygiene@v1') => ({
  [PATH]: `on: ${on}\njobs:\n  gate:\n    runs-on: x\n${job}    steps:\n      - uses: ${uses}\n${step}`
})
const WITH = '        with:\n          require: tests\n'

test.each([
  ['nothing', gate(), gate(), []],
  ['a newer version', gate(), gate('', 'pull_request', '', 'acme/pipeline-hygiene@v2'), []],
  [
    'another owner',
    gate(),
    gate('', 'pull_request', '', 'evil/pipeline-hygiene@v1'),
    ['6:15 this check runs evil/pipeline-hygiene@v1 and no longer acme/pipeline-hygiene@v1']
  ],
  ['an input', gate(WITH), gate(WITH.replace('tests', 'health')), ['7:9 the inputs of this check change: require']],
  ['a removed input', gate(WITH), gate(), ['6:15 the inputs of this check change: require']],
  ['if on the step', gate(), gate('        if: false\n'), ['7:9 if of its step changes']],
  [
    'continue-on-error on the job',
    gate(),
    gate('', 'pull_request', '    continue-on-error: true\n'),
    ['5:5 continue-on-error of its job changes']
  ],
  ['the trigger', gate(), gate('', 'push'), ['1:1 the events that start this check change']],
  ['another step', gate(), gate('      - run: make\n'), []],
  [
    'the step gone',
    gate(),
    { [PATH]: 'on: pull_request\njobs:\n  gate:\n    runs-on: x\n    steps: []\n' },
    ['3:3 the step with acme/pipeline-hygiene@v1 is removed from .github/workflows/hygiene.yml']
  ],
  ['a first run', { 'a.md': '' }, { ...gate(), '.github/pipeline-hygiene.yml': 'preset: strict\n' }, []]
])('weighs %s', async (_, base, head, found) => {
  expect(await problems(rule, { base: base as Record<string, string>, head: head as Record<string, string> })).toEqual(
    found.map(line => `${PATH}:${line}`)
  )
})

test('follows a renamed workflow and notices one that is gone', async () => {
  expect(await problems(rule, { base: gate(), head: { '.github/workflows/new.yml': gate()[PATH]! } })).toEqual([])
  expect(await problems(rule, { base: gate(), head: { 'a.md': '' } })).toEqual([
    `:1:1 ${PATH} ran this check and is gone or cannot be read`
  ])
})

test.each([
  [
    'changed',
    { '.github/pipeline-hygiene.yml': 'preset: all\n' },
    '.github/pipeline-hygiene.yml:1:1 the config of this check changes; it holds after the merge'
  ],
  ['removed', {}, ':1:1 the config of this check (.github/pipeline-hygiene.yml) is removed']
])('says that the config is %s', async (_, config, message) => {
  const base = { ...gate(), '.github/pipeline-hygiene.yml': 'preset: strict\n' }
  expect(await problems(rule, { base, head: { ...gate(), ...config } })).toEqual([message])
})

test('says that the config of a tool that it honours changes, where there is a gate to loosen', async () => {
  const config = (path: string, text: string) => ({ [path]: text })
  const both = async (base: Record<string, string>, head: Record<string, string>) =>
    await problems(rule, { base: { ...gate(), ...base }, head: { ...gate(), ...head } })
  expect(
    await both(config('.hadolint.yaml', 'ignored: []\n'), config('.hadolint.yaml', 'ignored: [DL3002]\n'))
  ).toEqual([
    '.hadolint.yaml:1:1 the config of hadolint (.hadolint.yaml), which this check honours, changes; it holds after the merge'
  ])
  expect(await both({}, config('.trivyignore', 'DS-0002\n'))).toEqual([
    '.trivyignore:1:1 the config of trivy (.trivyignore), which this check honours, is added; it holds after the merge'
  ])
  expect(await both(config('.checkov.yaml', 'skip-check: [CKV_DOCKER_3]\n'), {})).toEqual([
    ':1:1 the config of checkov (.checkov.yaml), which this check honours, is removed; it holds after the merge'
  ])
  expect(await both({}, config('docker/.trivyignore', 'DS-0002\n'))).toEqual([])
  expect(await problems(rule, { base: { 'a.md': '' }, head: config('.trivyignore', 'DS-0002\n') })).toEqual([])
})
