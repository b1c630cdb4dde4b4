import { ignoresNeeds, neededBy, requiredOf } from '../../checks.js'
import type { Job, PipelineJob, Problem, Repo } from '../../model.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'pipeline/required-check-aggregation',
  title: 'Required check passes although a job that it waits for failed',
  why: 'A job whose needs failed is skipped, and skipped counts as passed; with always() it runs, and passes unless it looks at what they came to.',
  fix: "Give the job `if: always()` and a step that fails unless every needed job succeeded: contains(needs.*.result, 'failure') and 'cancelled'.",
  severity: 'error',
  topic: 'gate',
  preset: 'recommended',
  over: 'repo',

  *check(repo) {
    const required = requiredOf(repo) ?? []
    const contexts = new Set(required.map(({ check }) => check.context))
    for (const { check, jobs, elsewhere } of required) {
      if (elsewhere === 'yes') continue
      const told = new Set<Job>()
      for (const job of jobs) {
        if (job.starts === 'no' || job.callers.length || told.has(job.job)) continue
        told.add(job.job)
        const problem = problemOf(repo, job, contexts)
        if (problem)
          yield {
            ...problem,
            message: `${problem.message} (required as “${check.context}”)`,
            key: `aggregation ${check.context}`
          }
      }
    }
  },

  bad: {
    head: {
      '.github/workflows/ci.yml':
        'on: pull_request\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: npx jest\n  done:\n    needs: test\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo done\n'
    },
    branch: { name: 'main', protected: true, requiredChecks: ['done'] }
  },
  good: {
    head: {
      'src/index.ts': 'export const answer = 42\n',
      '.github/workflows/ci.yml': `name: CI
on: [pull_request, merge_group]
permissions:
  contents: read
concurrency:
  group: ci-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  test:
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - run: npx jest
`
    },
    branch: { name: 'main', protected: true, requiredChecks: [{ context: 'test', appId: 15368 }] }
  }
})

function problemOf(
  repo: Repo,
  { workflow, job, tests, work }: PipelineJob,
  contexts: Set<string>
): Pick<Problem, 'at' | 'message' | 'severity'> | undefined {
  if (!job.needs.length) return undefined
  const proving = neededBy(job, workflow.jobs).filter(needed => proves(repo, workflow.path, needed, contexts))
  const [first, ...more] = proving
  if (!first) return undefined
  const names = `${first.id.value}${more.length ? ` and ${more.length} more` : ''}`
  if (!ignoresNeeds(job))
    return {
      at: job.needs[0]!.at,
      message: `job ${job.id.value} is skipped when ${names} fails, and skipped counts as passed`
    }
  const seen = looksAtNeeds(job)
  if (seen === 'no') {
    // A job that has work of its own may run whatever others came to.
    if (tests.length || work.length) return undefined
    return {
      at: job.if!.at,
      message: `job ${job.id.value} passes when ${names} fails: no step looks at needs.*.result`
    }
  }
  if (seen === 'failures')
    return {
      at: job.if!.at,
      message: `job ${job.id.value} passes when ${names} is cancelled: it looks for failures alone`,
      severity: 'note'
    }
  return undefined
}

/** The job tests, checks or builds, and a merge does not wait for its own check. */
function proves(repo: Repo, path: string, needed: Job, contexts: Set<string>): boolean {
  const rows = repo.pipeline.jobs.filter(
    ({ workflow, job, callers }) => workflow.path === path && (callers[0] ?? job) === needed
  )
  if (rows.some(({ checks }) => checks?.some(check => contexts.has(check)))) return false
  return rows.some(
    ({ tests, work }) => tests.some(({ ignored }) => !ignored) || work.some(({ kind }) => PROOF.has(kind))
  )
}
const PROOF = new Set(['build', 'format-check', 'lint', 'scan', 'typecheck', 'validate', 'verify'])

/** Whether a job's own steps or condition look at the results of the jobs that it waits for, and at which of them. */
function looksAtNeeds({ if: condition, steps, env }: Job): 'all' | 'failures' | 'no' {
  const texts = [
    condition,
    ...env.map(({ value }) => value),
    ...steps.flatMap(step => [step.if, step.run?.text, ...[...step.with, ...step.env].map(({ value }) => value)])
  ]
    .flatMap(text => text?.value ?? [])
    .filter(text => /\bneeds\b|\bfailure\s*\(|\bcancelled\s*\(|\bsuccess\s*\(/i.test(text))
  const whole = texts.join('\n').toLowerCase()
  const isSeen =
    steps.some(({ if: own }) => /\b(failure|success|cancelled)\s*\(/i.test(own?.value ?? '')) || /\bneeds\b/.test(whole)
  if (!isSeen) return 'no'
  const isExact =
    /result[^\n]*'failure'|'failure'[^\n]*result/.test(whole) || /needs\.\*\.result, *'failure'/.test(whole)
  return isExact && !/cancelled|success|skipped|tojson/.test(whole) ? 'failures' : 'all'
}
