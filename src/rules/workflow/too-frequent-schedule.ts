import { readCron, schedulesOf, shortestGap } from '../../cron.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/too-frequent-schedule',
  title: 'Schedule is more frequent than GitHub allows',
  why: 'GitHub starts a workflow by the clock every five minutes at most: some of these runs never come.',
  fix: 'Leave at least five minutes between two starts.',
  severity: 'warning',
  topic: 'correctness',
  preset: 'recommended',
  over: 'workflow',
  mentions: ['cron'],
  peers: { actionlint: 'events' },

  *check(workflow) {
    for (const { cron } of schedulesOf(workflow)) {
      const read = cron && readCron(cron.value)
      if (!read || !Array.isArray(read)) continue
      const gap = shortestGap(read)
      if (gap >= 5) continue
      const often = gap === 1 ? 'every minute' : `within ${gap} minutes of one another`
      yield { at: cron.at, message: `asks for runs ${often}: GitHub starts one every five at most` }
    }
  },

  bad: {
    '.github/workflows/poll.yml': `on:
  schedule:
    - cron: '*/2 * * * *'
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
    '.github/workflows/poll.yml': `name: Poll
on:
  schedule:
    - cron: '*/15 * * * *'
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
