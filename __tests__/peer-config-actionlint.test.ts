import { expect, test } from '@jest/globals'
import { inspectFiles } from '../src/api.js'

const on = (runsOn: string, event = 'push') =>
  `on: ${event}\njobs:\n  a:\n    runs-on: ${runsOn}\n    steps:\n      - run: make\n`
const rules = ['workflow/unknown-runner', 'workflow/unknown-event', 'workflow/pull-request-on-self-hosted-runner']
const paths = async (files: Record<string, string>, peerConfig = {}) =>
  (await inspectFiles(files, { rules, peerConfig })).findings.map(({ path, rule }) => `${path} ${rule}`)
const A = '.github/workflows/a.yml'
const B = '.github/workflows/b.yml'
const CONFIG = '.github/actionlint.yaml'

test('labels of actionlint.yaml are known', async () => {
  const config = "self-hosted-runner:\n  labels: ['gpu-*']\nconfig-variables: null\n"
  expect(await paths({ [A]: on('gpu-1'), [CONFIG]: config })).toEqual([])
  expect(await paths({ [A]: on('cpu-1'), [CONFIG]: config })).toEqual([`${A} workflow/unknown-runner`])
})

test.each([
  ['all labels', 'label ".+" is unknown', []],
  ['one label', 'label "gpu-1" is unknown', []],
  ['another label', 'label "gpu-2" is unknown', [`${A} workflow/unknown-runner`]],
  ['something else', 'shellcheck reported .+', [`${A} workflow/unknown-runner`]],
  ['a pattern that never ends', '(a+)+$', [`${A} workflow/unknown-runner`]]
])('a file that is told to ignore %s', async (_, pattern, expected) => {
  const config = JSON.stringify({ paths: { [A]: { ignore: [pattern] } } })
  expect(await paths({ [A]: on('gpu-1'), [CONFIG]: config })).toEqual(expected)
})

test('what is ignored in one file is told in another', async () => {
  const config = `paths:\n  ${A}:\n    ignore: ['unknown Webhook event ".+"']\n`
  const event = on('ubuntu-24.04', 'pushh')
  expect(await paths({ [A]: event, [B]: event, [CONFIG]: config })).toEqual([`${B} workflow/unknown-event`])
})

test('a caller may hand the file over under its name', async () => {
  const given = { actionlint: { 'actionlint.yaml': 'self-hosted-runner:\n  labels: [gpu-1]\n' } }
  expect(await paths({ [A]: on('gpu-1') }, given)).toEqual([])
})

test("runners that poutine's config allows may run pull requests", async () => {
  const config = { rulesConfig: { pr_runs_on_self_hosted: { allowed_runners: ['label:gpu-1'] } } }
  const files = { [A]: on('gpu-1', 'pull_request'), [CONFIG]: 'self-hosted-runner: { labels: [gpu-1] }' }
  expect(await paths(files)).toEqual([`${A} workflow/pull-request-on-self-hosted-runner`])
  expect(await paths(files, { poutine: { '.poutine.yml': config } })).toEqual([])
  expect(await paths({ ...files, '.poutine.yml': JSON.stringify(config) })).toEqual([])
})
