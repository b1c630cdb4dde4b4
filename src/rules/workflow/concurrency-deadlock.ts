import type { Text, Yaml } from '../../model.js'
import { mapOf, scalarOf } from '../../parse/yaml.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/concurrency-deadlock',
  title: 'Concurrency that stops itself',
  why: 'A job in the group of its own workflow waits for the run that it is part of: GitHub cancels it.',
  fix: 'Give workflow and job groups of their own, and a queue that is kept no cancel-in-progress.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'workflow',

  *check(workflow) {
    const outer = groupOf(workflow.concurrency)
    for (const job of workflow.jobs) {
      const group = groupOf(job.concurrency)
      if (group && outer && group.value === outer.value)
        yield { at: group.at, message: `job ${job.id.value} waits for its own workflow, which is in the same group` }
    }
    for (const concurrency of [workflow.concurrency, ...workflow.jobs.map(job => job.concurrency)]) {
      const map = mapOf(concurrency)
      const queue = scalarOf(map?.get('queue'))
      if (queue?.value === 'max' && scalarOf(map?.get('cancel-in-progress'))?.data === true)
        yield {
          at: queue.at,
          message: 'the queue is kept, and cancel-in-progress empties it: GitHub takes one of them'
        }
    }
  },

  bad: {
    '.github/workflows/ci.yml': `on: push
concurrency: deploy
jobs:
  deploy:
    runs-on: ubuntu-24.04
    concurrency: deploy
    steps:
      - run: make deploy
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

const groupOf = (concurrency: Yaml | undefined): Text | undefined =>
  scalarOf(concurrency) ?? scalarOf(mapOf(concurrency)?.get('group'))
