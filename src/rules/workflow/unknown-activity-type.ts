import { eventFacts } from '../../data/events.js'
import { rule } from '../../rule.js'
import { nearest, oneOf, quoted } from '../../words.js'

export default rule({
  id: 'workflow/unknown-activity-type',
  title: 'Event has no such activity type',
  why: 'GitHub refuses the workflow, or it never starts for what was meant.',
  fix: 'Name an activity type of the event, or leave `types` out for the usual ones.',
  severity: 'note',
  topic: 'correctness',
  preset: 'recommended',
  over: 'workflow',
  mentions: ['types'],
  peers: { actionlint: 'events', 'github-parser': 'parse-error' },

  *check(workflow) {
    for (const { event, types } of workflow.triggers) {
      const known = eventFacts(event.value)?.types
      if (!known?.length) continue
      for (const type of types ?? []) {
        if (known.includes(type.value) || type.value.includes('${{')) continue
        const meant = nearest(type.value, known)
        const message = `${event.value} has no activity type ${quoted(type.value)}`
        const hint = meant ? `did you mean ${meant}?` : `it has ${oneOf(known)}, as far as we know`
        yield { at: type.at, message: `${message}: ${hint}`, ...(meant && { severity: 'warning' as const }) }
      }
    }
  },

  bad: {
    '.github/workflows/triage.yml': `on:
  issues:
    types: [open]
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
    '.github/workflows/triage.yml': `name: Triage
on:
  issues:
    types: [opened]
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
