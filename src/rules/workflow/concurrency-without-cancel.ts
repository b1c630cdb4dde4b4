import { testWorkflow } from '../../examples.js'
import type { Yaml } from '../../model.js'
import { mapOf } from '../../parse/yaml.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/concurrency-without-cancel',
  title: 'Outdated runs go on to their end',
  why: 'Without cancel-in-progress a run that nobody waits for any more holds up the one that matters.',
  fix: 'Say `cancel-in-progress: true`, or `false` where a run must not be cut off.',
  severity: 'note',
  topic: 'efficiency',
  preset: 'all',
  over: 'workflow',
  mentions: ['concurrency'],
  peers: { zizmor: 'concurrency-limits' },

  *check(workflow) {
    const events = workflow.triggers.map(({ event }) => event.value)
    if (events.length && events.every(event => event === 'workflow_call')) return
    const entries = [workflow.yaml, ...workflow.jobs.map(job => job.yaml)].flatMap(
      map => map.entry('concurrency') ?? []
    )
    for (const { key, value } of entries)
      if (isSilent(value))
        yield { at: key.at, message: 'runs of this group wait for older ones: cancel-in-progress is not set' }
  },

  bad: {
    '.github/workflows/ci.yml': `name: CI
on: pull_request
concurrency: ci
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

function isSilent(concurrency: Yaml): boolean {
  if (concurrency.kind === 'scalar') return concurrency.data !== null
  return mapOf(concurrency)?.get('cancel-in-progress') === undefined
}
