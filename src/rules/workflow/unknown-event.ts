import { eventFacts, eventNames } from '../../data/events.js'
import { testWorkflow } from '../../examples.js'
import { rule } from '../../rule.js'
import { nearest, quoted } from '../../words.js'

export default rule({
  id: 'workflow/unknown-event',
  title: 'No such event is known',
  why: 'GitHub refuses a workflow that names an event which does not exist: nothing in it ever runs.',
  fix: 'Name one of the events that start workflows, as GitHub writes it.',
  severity: 'note',
  topic: 'correctness',
  preset: 'recommended',
  over: 'workflow',
  peers: { actionlint: 'events', 'github-parser': 'parse-error' },

  *check(workflow) {
    for (const { event } of workflow.triggers) {
      if (eventFacts(event.value)) continue
      const meant = nearest(event.value, eventNames())
      const message = `no event is called ${quoted(event.value)}`
      // Without a near name it may be newer than what we know.
      if (meant) yield { at: event.at, message: `${message}: did you mean ${meant}?`, severity: 'warning' }
      else yield { at: event.at, message: `${message}, as far as we know: if so, the workflow never starts` }
    }
  },

  bad: {
    '.github/workflows/ci.yml': `on: pullreqest
jobs:
  test:
    name: Test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - run: make test
`
  },
  good: testWorkflow
})
