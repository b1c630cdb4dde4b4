import type { Problem, Text } from '../../model.js'
import { rule } from '../../rule.js'
import { quoted } from '../../words.js'

export default rule({
  id: 'workflow/duplicate-id',
  title: 'Two jobs, or two steps of a job, have one id',
  why: 'Ids are compared without case, and GitHub refuses a workflow in which one names two things.',
  fix: 'Give each its own id.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'workflow',

  *check(workflow) {
    const jobs = workflow.jobs.map(job => job.id)
    // The same key twice is an error of its own.
    yield* repeated(jobs, 'job-needs', (one, other) => one.value !== other.value)
    for (const job of workflow.jobs)
      yield* repeated(
        job.steps.flatMap(step => step.id ?? []),
        'id',
        () => true
      )
  },

  bad: {
    '.github/workflows/ci.yml': `on: pull_request
jobs:
  test:
    name: Test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - run: make
        id: build
      - run: make more
        id: Build
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
      - run: make
        id: build
      - run: make more
        id: build-more
`
  }
})

function* repeated(ids: Text[], kind: string, isOurs: (one: Text, other: Text) => boolean): Iterable<Problem> {
  const seen = new Map<string, Text>()
  for (const id of ids) {
    const key = id.value.toLowerCase()
    const before = seen.get(key)
    seen.set(key, before ?? id)
    // What an anchor repeats is the same id at the same place.
    if (!before || id.value.includes('${{') || !isOurs(before, id)) continue
    const message = `${quoted(id.value)} is also the id in line ${before.at.line}`
    yield { at: id.at, message, peers: { actionlint: kind, 'github-parser': 'parse-error' } }
  }
}
