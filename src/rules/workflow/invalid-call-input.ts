import { mapOf, scalarOf } from '../../parse/yaml.js'
import { rule } from '../../rule.js'
import { quoted } from '../../words.js'

export default rule({
  id: 'workflow/invalid-call-input',
  title: 'Default of a called workflow does not fit its input',
  why: 'GitHub refuses a default of another type, and never uses that of an input which every caller must give.',
  fix: 'Write a default of the type of the input, and no `required` beside it.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'workflow',
  mentions: ['workflow_call'],
  peers: { actionlint: 'events' },

  *check(workflow) {
    for (const { event, config } of workflow.triggers) {
      if (event.value !== 'workflow_call') continue
      for (const { key, value } of mapOf(config?.get('inputs'))?.entries ?? []) {
        const map = mapOf(value)
        const given = scalarOf(map?.get('default'))
        if (!map || !given || given.value.includes('${{')) continue
        const type = scalarOf(map.get('type'))?.value
        const name = quoted(key.value)
        if (type === 'boolean' && typeof given.data !== 'boolean')
          yield { at: given.at, message: `default ${quoted(given.value)} of input ${name} is neither true nor false` }
        if (type === 'number' && !isNumber(given.value))
          yield { at: given.at, message: `default ${quoted(given.value)} of input ${name} is no number` }
        if (scalarOf(map.get('required'))?.data === true)
          yield {
            at: given.at,
            message: `input ${name} is required and has a default, which nothing ever uses`,
            severity: 'note'
          }
      }
    }
  },

  bad: {
    '.github/workflows/build.yml': `on:
  workflow_call:
    inputs:
      debug:
        type: boolean
        default: maybe
jobs:
  test:
    name: Test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - run: make test
`
  },
  good: {
    '.github/workflows/build.yml': `name: Build
on:
  workflow_call:
    inputs:
      debug:
        description: Says more
        type: boolean
        default: false
permissions: {}
jobs:
  test:
    name: Test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - run: make test
`
  }
})

const isNumber = (text: string): boolean => text.trim() !== '' && Number.isFinite(Number(text))
