import { runnerFacts } from '../../data/runners.js'
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
    for (const job of workflow.jobs)
      for (const { value, at } of runnersOf(job).flatMap(each => each.labels)) {
        const facts = runnerFacts(value)
        if (facts?.status !== 'deprecated' || !facts.ends) continue
        yield {
          at,
          message: `job ${job.id.value} asks for ${value}, which GitHub retires on ${facts.ends}`,
          key: value
        }
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
  good: {
    '.github/workflows/ci.yml': `name: CI
on: pull_request
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
