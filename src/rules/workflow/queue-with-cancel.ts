import { mapOf, scalarOf } from '../../parse/yaml.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/queue-with-cancel',
  title: 'Concurrency group that both queues and cancels',
  why: 'queue: max keeps every run waiting in order, cancel-in-progress: true ends the one before. GitHub refuses both together.',
  fix: 'Keep one of the two.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'workflow',
  mentions: ['queue'],
  peers: { 'github-parser': 'parse-error' },

  *check(workflow) {
    for (const { concurrency } of [workflow, ...workflow.jobs]) {
      const map = mapOf(concurrency)
      const queue = scalarOf(map?.get('queue'))
      const cancel = scalarOf(map?.get('cancel-in-progress'))
      if (queue?.value !== 'max' || cancel?.data !== true) continue
      const message = `queue: max and cancel-in-progress: true (line ${cancel.at.line}) contradict each other`
      yield { at: queue.at, message }
    }
  },

  bad: {
    '.github/workflows/ci.yml': `on: push
permissions: {}
concurrency:
  group: deploy
  queue: max
  cancel-in-progress: true
jobs:
  deploy:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    steps:
      - run: ./deploy
`
  },
  good: {
    '.github/workflows/ci.yml': `name: CI
on: push
permissions: {}
concurrency:
  group: deploy
  queue: max
  cancel-in-progress: false
jobs:
  deploy:
    name: Deploy
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - run: ./deploy
`
  }
})
