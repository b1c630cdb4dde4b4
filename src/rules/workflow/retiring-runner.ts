import { runnerFacts } from '../../data/runners.js'
import { testWorkflow } from '../../examples.js'
import type { Problem } from '../../model.js'
import { rule } from '../../rule.js'
import { runnersOf } from '../../runner-labels.js'

export default rule({
  id: 'workflow/retiring-runner',
  title: 'Runner is about to be retired',
  why: 'From the day on which the image retires every job for it fails, and weeks before some do, on purpose.',
  fix: 'Move to a newer image while the old one is there to compare with.',
  severity: 'note',
  topic: 'reliability',
  preset: 'recommended',
  over: 'workflow',
  group: 'runners',

  *check(workflow) {
    const told = new Map<string, Problem & { jobs: number }>()
    for (const job of workflow.jobs)
      for (const { value, at } of runnersOf(job).flatMap(each => each.labels)) {
        const facts = runnerFacts(value)
        if (facts?.status !== 'deprecated' || !facts.ends) continue
        const before = told.get(value)
        if (before) before.jobs++
        else
          told.set(value, {
            at,
            message: `asks for ${value}, which GitHub retires on ${facts.ends}`,
            key: value,
            jobs: 1
          })
      }
    for (const { jobs, ...problem } of told.values())
      yield {
        ...problem,
        message: `${jobs > 1 ? `${problem.message}, ${jobs} times in this workflow` : problem.message}`
      }
  },

  bad: {
    '.github/workflows/ci.yml': `on: pull_request
jobs:
  test:
    runs-on: ubuntu-22.04
    steps:
      - run: make test
`
  },
  good: testWorkflow
})
