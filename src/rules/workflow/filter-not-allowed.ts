import { eventFacts, eventNames } from '../../data/events.js'
import { listOf } from '../../parse/yaml.js'
import { rule } from '../../rule.js'
import { oneOf } from '../../words.js'

export default rule({
  id: 'workflow/filter-not-allowed',
  title: 'Event does not take this filter',
  why: 'At best the filter does nothing and the workflow starts more often than it says; at worst GitHub refuses the file.',
  fix: 'Remove the filter, or decide in `if` from what the event brings.',
  severity: 'warning',
  topic: 'correctness',
  preset: 'recommended',
  over: 'workflow',
  mentions: ['types', 'branches', 'tags', 'paths', 'workflows'],
  peers: { actionlint: 'events' },

  *check(workflow) {
    for (const { event, config } of workflow.triggers) {
      const facts = eventFacts(event.value)
      // What else stands below these is none of the filters.
      if (!facts || OTHERS.has(event.value)) continue
      for (const { key, value } of config?.entries ?? []) {
        if (!FILTERS.has(key.value) || facts.filters.includes(key.value)) continue
        // An empty list filters nothing.
        if (listOf(value)?.items.length === 0) continue
        const takers = eventNames().filter(name => eventFacts(name)?.filters.includes(key.value))
        const message = `${event.value} does not take ${key.value}`
        const hint =
          key.value === 'types'
            ? ''
            : `: ${takers.length > 1 ? 'those that do are' : 'only'} ${oneOf(takers)}${takers.length > 1 ? '' : ' does'}`
        yield { at: key.at, message: message + hint }
      }
    }
  },

  bad: {
    '.github/workflows/ci.yml': `on:
  pull_request:
    tags: [v1]
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
    '.github/workflows/ci.yml': `name: CI
on:
  push:
    tags: [v1]
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

const FILTERS = new Set([
  'types',
  'branches',
  'branches-ignore',
  'tags',
  'tags-ignore',
  'paths',
  'paths-ignore',
  'workflows'
])
const OTHERS = new Set(['workflow_call', 'workflow_dispatch', 'repository_dispatch', 'schedule', 'image_version'])
