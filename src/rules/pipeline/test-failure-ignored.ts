import type { PipelineJob, TestRun } from '../../model.js'
import { keyOf, rule } from '../../rule.js'

export default rule({
  id: 'pipeline/test-failure-ignored',
  title: 'Failing tests do not fail the job',
  why: 'A check that stays green when its tests fail says that they passed.',
  fix: 'Let the failure through: drop the operator, flag or key, and skip known failures one by one in the tests.',
  severity: 'error',
  topic: 'tests',
  preset: 'recommended',
  over: 'repo',

  *check(repo) {
    const found = new Map<string, { test: TestRun; job: PipelineJob; more: number }>()
    for (const job of [...repo.pipeline.jobs].sort((a, b) => rank(a) - rank(b))) {
      for (const test of job.tests) {
        if (!test.ignored) continue
        const key = keyOf(test.ignored.at)
        const before = found.get(key)
        if (before) before.more += before.test.at.line === test.at.line ? 0 : 1
        else found.set(key, { test, job, more: 0 })
      }
    }
    for (const { test, job, more } of found.values()) {
      const { how, at } = test.ignored!
      const through = test.through.map(name => `\`${name}\``).join(' → ')
      const name = `\`${test.command}\`${through && ` (${through})`}`
      const others = more ? ` and ${more} more` : ''
      const message = `a failure of ${name}${others} is lost: ${how}, so job ${job.job.id.value} passes all the same`
      // What no pull request starts guards no merge, and a load test seldom decides about one.
      const milder = rank(job) > 0 || test.level === 'load'
      yield { at, message, ...(milder && { severity: 'warning' as const }) }
    }
  },

  bad: {
    'src/index.ts': 'export const answer = 42\n',
    '.github/workflows/ci.yml': `on: pull_request
permissions:
  contents: read
jobs:
  test:
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - run: npx jest || true
`
  },
  good: {
    'src/index.ts': 'export const answer = 42\n',
    '.github/workflows/ci.yml': `name: CI
on: pull_request
permissions:
  contents: read
concurrency:
  group: ci-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  test:
    name: test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - run: npx jest
      - run: rm -r coverage || true
`
  }
})

const rank = ({ onPullRequest, events }: PipelineJob): number =>
  onPullRequest === 'no' && !events.includes('merge_group') && !events.includes('workflow_call') ? 1 : 0
