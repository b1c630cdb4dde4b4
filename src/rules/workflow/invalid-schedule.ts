import { readCron, schedulesOf } from '../../cron.js'
import { rule } from '../../rule.js'
import { quoted } from '../../words.js'

export default rule({
  id: 'workflow/invalid-schedule',
  title: 'Schedule is no cron expression',
  why: 'GitHub refuses the workflow, and what should run by the clock never does.',
  fix: 'Write five fields: minute, hour, day of the month, month, day of the week.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'workflow',
  mentions: ['cron'],
  peers: { actionlint: 'events', 'github-parser': 'parse-error' },

  *check(workflow) {
    for (const { cron } of schedulesOf(workflow)) {
      // An empty one is no schedule to judge.
      const read = cron?.value.trim() ? readCron(cron.value) : undefined
      if (!cron || !read || Array.isArray(read)) continue
      yield { at: cron.part(read.from, read.to), message: `${quoted(cron.value)} is no schedule: ${read.message}` }
    }
  },

  bad: {
    '.github/workflows/nightly.yml': `on:
  schedule:
    - cron: '0 25 * * *'
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
    '.github/workflows/nightly.yml': `name: Nightly
on:
  schedule:
    - cron: '17 3 * * MON-FRI'
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
