import { eventFacts } from '../../data/events.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/exclusive-filters',
  title: 'Filter and its opposite for one event',
  why: 'GitHub refuses a workflow that both names and ignores branches, tags or paths of one event.',
  fix: 'Keep one list and take out with `!` what it should not hold.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'workflow',
  mentions: ['ignore'],
  peers: { actionlint: 'events' },

  *check(workflow) {
    for (const { event, config } of workflow.triggers) {
      for (const filter of ['branches', 'tags', 'paths']) {
        const ignored = config?.entry(`${filter}-ignore`)
        if (!ignored || !config?.entry(filter) || !eventFacts(event.value)?.filters.includes(filter)) continue
        const message = `${event.value} has both ${filter} and ${filter}-ignore, which GitHub refuses: write what to leave out as '!…' in ${filter}`
        yield { at: ignored.key.at, message }
      }
    }
  },

  bad: {
    '.github/workflows/ci.yml': `on:
  push:
    paths: ['src/**']
    paths-ignore: ['src/**/*.md']
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
    paths: ['src/**', '!src/**/*.md']
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
