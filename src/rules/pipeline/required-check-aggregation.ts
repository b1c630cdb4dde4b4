import { ignoresNeeds, neededBy, requiredOf } from '../../checks.js'
import { requiredTest } from '../../examples.js'
import type { Job, PipelineJob, Place, Problem, Repo, Severity } from '../../model.js'
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
    const proving = provingJobs(repo, new Set(required.map(({ check }) => check.context)))
    const told = new Set<Job>()
    // Test jobs that all wait for one build are one matter.
    const skipped = new Map<string, { first: Skipped; jobs: number }>()
    for (const { check, jobs, elsewhere } of required) {
      if (elsewhere === 'yes') continue
      for (const job of jobs) {
        if (job.starts === 'no' || job.callers.length || told.has(job.job)) continue
        told.add(job.job)
        const found = problemOf(job, proving)
        if (!found) continue
        const { context } = check
        if ('needs' in found) {
          const key = `${job.workflow.path} ${found.needs} ${found.severity}`
          const entry = skipped.get(key) ?? { first: { ...found, job, context }, jobs: 0 }
          skipped.set(key, { ...entry, jobs: entry.jobs + 1 })
        } else yield { ...found, message: `${found.message} (required as “${context}”)`, key: `aggregation ${context}` }
      }
    }
    for (const { first, jobs } of skipped.values()) {
      const { at, severity, needs, job, context } = first
      const others = jobs > 1 ? ` and ${jobs - 1} more are` : ' is'
      const message = `job ${job.job.id.value}${others} skipped when ${needs}, and skipped counts as passed (required as “${context}”)`
      yield { at, severity, message, key: `aggregation ${job.workflow.path} ${needs}` }
    }
  },

  bad: {
    head: {
      '.github/workflows/ci.yml':
        'on: pull_request\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: npx jest\n  done:\n    needs: test\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo done\n'
    },
    branch: { name: 'main', protected: true, requiredChecks: ['done'] }
  },
  good: requiredTest
})

/** A job that waits for others to succeed, and passes by being skipped when they do not. */
interface Skipped extends Hole {
  job: PipelineJob
  context: string
}
interface Hole {
  at: Place
  severity: Severity
  /** What must happen: 'build and 2 more fail'. */
  needs: string
}

function problemOf(
  { workflow, job, tests, work }: PipelineJob,
  proving: Set<Job>
): Hole | Pick<Problem, 'at' | 'message' | 'severity'> | undefined {
  if (!job.needs.length) return undefined
  const [first, ...more] = neededBy(job, workflow.jobs).filter(needed => proving.has(needed))
  if (!first) return undefined
  const who = `${first.id.value}${more.length ? ` and ${more.length} more` : ''}`
  const ends = (one: string, several: string) => `${who} ${more.length ? several : one}`
  const hasOwnWork = tests.length > 0 || work.length > 0
  if (!ignoresNeeds(job)) {
    const severity = hasOwnWork ? 'warning' : 'error'
    return { at: job.needs[0]!.at, severity, needs: ends('fails', 'fail') }
  }
  const seen = looksAtNeeds(job)
  if (seen === 'no') {
    // A job that has work of its own may run whatever others came to.
    if (hasOwnWork) return undefined
    const message = `job ${job.id.value} passes when ${ends('fails', 'fail')}: no step looks at needs.*.result`
    return { at: job.if!.at, message }
  }
  if (seen === 'failures') {
    const message = `job ${job.id.value} passes when ${ends('is cancelled', 'are cancelled')}: it looks for failures alone`
    return { at: job.if!.at, message, severity: 'note' }
  }
  return undefined
}

/** Jobs that test, check or build, and of which a merge does not ask their own check. */
function provingJobs({ pipeline }: Repo, contexts: Set<string>): Set<Job> {
  const proving = new Set<Job>()
  const required = new Set<Job>()
  for (const { job, callers, checks, tests, work } of pipeline.jobs) {
    const outer = callers[0] ?? job
    if (checks?.some(check => contexts.has(check))) required.add(outer)
    if (tests.some(({ ignored }) => !ignored) || work.some(({ kind }) => PROOF.has(kind))) proving.add(outer)
  }
  for (const job of required) proving.delete(job)
  return proving
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
  const isExact = whole.split('\n').some(line => line.includes('result') && line.includes("'failure'"))
  return isExact && !/cancelled|success|skipped|tojson/.test(whole) ? 'failures' : 'all'
}
