import { expect, test } from '@jest/globals'
import type { Rule } from '../../../src/model.js'
import dangerous from '../../../src/rules/workflow/dangerous-trigger.js'
import exclusive from '../../../src/rules/workflow/exclusive-filters.js'
import notAllowed from '../../../src/rules/workflow/filter-not-allowed.js'
import invalidCall from '../../../src/rules/workflow/invalid-call-input.js'
import invalidDispatch from '../../../src/rules/workflow/invalid-dispatch-input.js'
import pattern from '../../../src/rules/workflow/invalid-filter-pattern.js'
import schedule from '../../../src/rules/workflow/invalid-schedule.js'
import frequent from '../../../src/rules/workflow/too-frequent-schedule.js'
import activity from '../../../src/rules/workflow/unknown-activity-type.js'
import event from '../../../src/rules/workflow/unknown-event.js'
import timezone from '../../../src/rules/workflow/unknown-timezone.js'
import withoutWorkflows from '../../../src/rules/workflow/workflow-run-without-workflows.js'
import { found, places } from '../../helpers.js'

const JOBS = '\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: make\n'
const file = (on: string) => ({ '.github/workflows/a.yml': on + JOBS })
const scheduled = (...entries: string[]) => `on:\n  schedule:\n${entries.map(entry => `    - ${entry}`).join('\n')}`
const input = (...lines: string[]) =>
  `on:\n  workflow_dispatch:\n    inputs:\n      one:\n${lines.map(line => `        ${line}`).join('\n')}`
const called = (...lines: string[]) => input(...lines).replace('workflow_dispatch', 'workflow_call')

test.each<[string, Rule, string, string[]]>([
  ['an event that is spelt wrongly', event, 'on: [push, pullrequest]', ['1:12']],
  ['events that exist', event, 'on: [push, merge_group, image_version]', []],
  ['a type that an event has not', activity, 'on:\n  issues:\n    types: [opened, created]', ['3:21']],
  ['a type that it has', activity, 'on:\n  issues:\n    types: opened', []],
  ['a type of one that takes any', activity, 'on:\n  repository_dispatch:\n    types: [mine]', []],
  ['tags of a pull request', notAllowed, 'on:\n  pull_request:\n    tags: [v1]', ['3:5']],
  ['types of a push', notAllowed, 'on:\n  push:\n    types: [created]', ['3:5']],
  ['an empty list', notAllowed, 'on:\n  pull_request:\n    tags: []', []],
  ['tags of a push', notAllowed, 'on:\n  push:\n    tags: [v1]', []],
  ['filters of an event that is not known', notAllowed, 'on:\n  newer:\n    tags: [v1]', []],
  ['a filter and its opposite', exclusive, 'on:\n  push:\n    paths: [a]\n    paths-ignore: [b]', ['4:5']],
  ['two filters', exclusive, 'on:\n  push:\n    paths: [a]\n    branches-ignore: [b]', []],
  ['filters that the event does not take', exclusive, 'on:\n  issues:\n    paths: [a]\n    paths-ignore: [b]', []],
  ['workflow_run alone', withoutWorkflows, 'on: workflow_run', ['1:5']],
  ['workflow_run of none', withoutWorkflows, 'on:\n  workflow_run:\n    workflows: []', ['2:3']],
  ['workflow_run of one', withoutWorkflows, 'on:\n  workflow_run:\n    workflows: CI', []],
  ['a cron that is none', schedule, scheduled("cron: '0 25 * * *'"), ['3:16']],
  ['a cron', schedule, scheduled("cron: '0 23 * * *'"), []],
  ['an empty cron', schedule, scheduled("cron: ''"), []],
  ['a cron by the minute', frequent, scheduled("cron: '* * * * *'"), ['3:13']],
  ['a cron every five', frequent, scheduled("cron: '*/5 * * * *'"), []],
  ['a zone that is none', timezone, scheduled("cron: '0 3 * * *'\n      timezone: Mars/Olympus"), ['4:17']],
  ['an offset', timezone, scheduled("cron: '0 3 * * *'\n      timezone: '+01:00'"), ['4:17']],
  ['an abbreviation', timezone, scheduled("cron: '0 3 * * *'\n      timezone: UTC"), ['4:17']],
  ['a zone', timezone, scheduled("cron: '0 3 * * *'\n      timezone: Asia/Tokyo"), []],
  ['a choice without options', invalidDispatch, input('type: choice'), ['4:7']],
  ['a choice with an option twice', invalidDispatch, input('type: choice', 'options: [a, b, a]'), ['6:25']],
  ['a default that is no option', invalidDispatch, input('type: choice', 'options: [a]', 'default: b'), ['7:18']],
  ['a default that is one', invalidDispatch, input('type: choice', 'options: [a]', 'default: a'), []],
  ['options of a text', invalidDispatch, input('options: [a]'), ['4:7']],
  ['a default that is neither true nor false', invalidDispatch, input('type: boolean', 'default: 1'), ['6:18']],
  ['a default in quotes', invalidDispatch, input('type: boolean', "default: 'true'"), []],
  ['a default that is no number', invalidDispatch, input('type: number', 'default: many'), ['6:18']],
  ['a default that is a number', invalidDispatch, input('type: number', 'default: 1.5'), []],
  ['a call with a default of another type', invalidCall, called('type: boolean', 'default: maybe'), ['6:18']],
  ['a call with a default in quotes', invalidCall, called('type: boolean', "default: 'true'"), ['6:18']],
  ['a call with a computed default', invalidCall, called('type: number', 'default: ${{ vars.N }}'), []],
  ['a default that nothing uses', invalidCall, called('type: string', 'required: true', 'default: a'), ['7:18']],
  ['a regular expression', pattern, "on:\n  push:\n    branches: ['^main$']", ['3:17']],
  ['a path from the folder', pattern, 'on:\n  push:\n    paths:\n      - ./src/**', ['4:9']],
  ['patterns', pattern, "on:\n  push:\n    branches: [main, 'v[0-9]+']\n    paths: ['src/**']", []],
  ['an event of outsiders', dangerous, 'on: [push, pull_request_target]', ['1:1']],
  ['one of writers', dangerous, 'on: [push, pull_request]', []]
])('%s', async (_, rule, on, expected) => expect(await places(rule, file(on))).toEqual(expected))

test('25 inputs are enough', async () => {
  const inputs = (count: number) =>
    `on:\n  workflow_dispatch:\n    inputs:\n${Array.from({ length: count }, (_, at) => `      i${at}: { type: string }`).join('\n')}`
  expect(await places(invalidDispatch, file(inputs(25)))).toEqual([])
  expect(await places(invalidDispatch, file(inputs(26)))).toEqual(['3:5'])
})

test('an event that resembles none may be newer than our table: that is a note', async () => {
  expect((await found(event, file('on: moonrise')))[0]?.severity).toBeUndefined()
  expect((await found(event, file('on: pushh')))[0]).toMatchObject({
    severity: 'warning',
    message: expect.stringMatching(/did you mean push\?/)
  })
})

test('labels alone are no danger', async () => {
  const steps = (uses: string) => ({
    '.github/workflows/a.yml': `on: pull_request_target\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: ${uses}\n`
  })
  expect(await places(dangerous, steps('actions/labeler@v6'))).toEqual([])
  expect(await places(dangerous, steps('acme/labeler@v6'))).toEqual(['1:1'])
})
