import type { Problem, YamlEntry } from '../../model.js'
import { isNull, listOf, mapOf, scalarOf, scalarsOf } from '../../parse/yaml.js'
import { rule } from '../../rule.js'
import { oneOf, quoted } from '../../words.js'

export default rule({
  id: 'workflow/invalid-dispatch-input',
  title: 'Input of a manual run does not fit its type',
  why: 'GitHub refuses the workflow, or the form that starts it offers what it then does not take.',
  fix: 'Give a choice its options, and every default a value of the type.',
  severity: 'warning',
  topic: 'correctness',
  preset: 'recommended',
  over: 'workflow',
  mentions: ['inputs'],
  peers: { actionlint: 'events' },

  *check(workflow) {
    for (const { event, config } of workflow.triggers) {
      if (event.value !== 'workflow_dispatch') continue
      const inputs = config?.entry('inputs')
      const entries = mapOf(inputs?.value)?.entries ?? []
      if (inputs && entries.length > MAX_INPUTS)
        yield {
          at: inputs.key.at,
          message: `${entries.length} inputs: GitHub takes ${MAX_INPUTS} at most`,
          severity: 'error'
        }
      for (const entry of entries) yield* problemsOf(entry)
    }
  },

  bad: {
    '.github/workflows/release.yml': `on:
  workflow_dispatch:
    inputs:
      level:
        type: choice
        options: [minor, major]
        default: patch
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
    '.github/workflows/release.yml': `name: Release
on:
  workflow_dispatch:
    inputs:
      level:
        description: Which part of the version goes up
        type: choice
        options: [patch, minor, major]
        default: patch
permissions: {}
concurrency:
  group: ci-\${{ github.ref }}
  cancel-in-progress: true
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

// Source: GitHub's workflow syntax reference, `on.workflow_dispatch.inputs`.
const MAX_INPUTS = 25

function* problemsOf({ key, value }: YamlEntry): Iterable<Problem> {
  const map = mapOf(value)
  if (!map) return
  const type = scalarOf(map.get('type'))?.value ?? 'string'
  const options = map.get('options')
  const name = quoted(key.value)
  const choices = scalarsOf(options)
  if (type === 'choice') {
    if (isNull(options) || listOf(options)?.items.length === 0)
      yield { at: key.at, message: `input ${name} is a choice without options`, severity: 'error' }
    const seen = new Set<string>()
    for (const choice of choices) {
      if (seen.has(choice.value))
        yield { at: choice.at, message: `option ${quoted(choice.value)} of ${name} is there twice` }
      seen.add(choice.value)
    }
  } else if (choices.length)
    yield { at: key.at, message: `input ${name} has options, which only a choice has: its type is ${type}` }
  const given = scalarOf(map.get('default'))
  if (!given || given.value.includes('${{')) return
  if (type === 'choice' && choices.length && given.value && !choices.some(choice => choice.value === given.value))
    yield {
      at: given.at,
      message: `default ${quoted(given.value)} of ${name} is none of ${oneOf(choices.slice(0, 20).map(choice => choice.value))}`
    }
  if (type === 'boolean' && !/^(true|false)$/i.test(given.value))
    yield { at: given.at, message: `default ${quoted(given.value)} of ${name} is neither true nor false` }
  if (type === 'number' && !isNumber(given.value))
    yield { at: given.at, message: `default ${quoted(given.value)} of ${name} is no number` }
}

const isNumber = (text: string): boolean => text.trim() !== '' && Number.isFinite(Number(text))
