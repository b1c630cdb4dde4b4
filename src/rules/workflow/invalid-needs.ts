import type { Job, Problem, Workflow } from '../../model.js'
import { rule } from '../../rule.js'
import { nearest, quoted } from '../../words.js'

export default rule({
  id: 'workflow/invalid-needs',
  title: 'Job waits for what never comes',
  why: 'GitHub refuses a workflow whose jobs wait for a job that is not there, or for one another.',
  fix: 'Name jobs of this workflow under `needs`, each once, and none that waits for this one.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'workflow',
  mentions: ['needs'],
  peers: { actionlint: 'job-needs', 'github-parser': 'parse-error' },

  *check(workflow) {
    const ids = workflow.yaml.get('jobs')
    const known = new Set(ids?.kind === 'map' ? ids.entries.map(({ key }) => key.value.toLowerCase()) : [])
    for (const job of workflow.jobs) {
      const seen = new Set<string>()
      for (const need of job.needs) {
        const id = need.value.toLowerCase()
        if (need.value === '' || need.value.includes('${{')) continue
        if (seen.has(id))
          yield {
            at: need.at,
            message: `job ${job.id.value} needs ${quoted(need.value)} twice`,
            severity: 'warning',
            peers: { actionlint: 'job-needs' }
          }
        seen.add(id)
        if (known.has(id)) continue
        const meant = nearest(need.value, known)
        const hint = meant ? `: did you mean ${meant}?` : ''
        yield {
          at: need.at,
          message: `job ${job.id.value} needs ${quoted(need.value)}, which this workflow has not${hint}`
        }
      }
    }
    yield* cycles(workflow)
  },

  bad: {
    '.github/workflows/ci.yml': `on: pull_request
jobs:
  build:
    needs: test
    runs-on: ubuntu-24.04
    steps:
      - run: make
  test:
    needs: build
    runs-on: ubuntu-24.04
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
  build:
    name: Build
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - run: make
  test:
    name: Test
    needs: build
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - run: make test
`
  }
})

/** Each circle once, told from its first job in the file on. Without recursion: a chain of jobs may be long. */
function* cycles({ jobs }: Workflow): Iterable<Problem> {
  const byId = new Map<string, Job>()
  for (const job of jobs) byId.set(job.id.value.toLowerCase(), job)
  const done = new Set<Job>()
  for (const first of jobs) {
    if (done.has(first)) continue
    const path: { job: Job; next: number }[] = [{ job: first, next: 0 }]
    const open = new Map<Job, number>([[first, 0]])
    while (path.length) {
      const top = path.at(-1)!
      const need = top.job.needs[top.next++]
      if (!need) {
        done.add(top.job)
        open.delete(top.job)
        path.pop()
        continue
      }
      const needed = byId.get(need.value.toLowerCase())
      if (!needed || done.has(needed)) continue
      const from = open.get(needed)
      if (from === undefined) {
        open.set(needed, path.length)
        path.push({ job: needed, next: 0 })
        continue
      }
      yield circle(path.slice(from).map(({ job }) => job))
    }
  }
}

function circle(jobs: Job[]): Problem {
  const start = jobs.reduce((least, job, at) => (job.at.line < jobs[least]!.at.line ? at : least), 0)
  const turned = [...jobs.slice(start), ...jobs.slice(0, start)]
  const names = [...turned, turned[0]!].map(job => job.id.value)
  const shown = names.length > 12 ? [...names.slice(0, 10), '…', names.at(-1)!] : names
  return { at: turned[0]!.at, message: `jobs wait for one another, so none starts: ${shown.join(' needs ')}` }
}
