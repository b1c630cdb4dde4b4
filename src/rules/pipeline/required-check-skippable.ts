import { outerJob, pullTriggers, requiredOf } from '../../checks.js'
import { requiredTest } from '../../examples.js'
import type { Job, PipelineJob, Problem } from '../../model.js'
import { conditionOf, contextPath, truthOf, walk } from '../../parse/expression.js'
import { rule } from '../../rule.js'
import { valuesOf } from '../../triggers.js'

export default rule({
  id: 'pipeline/required-check-skippable',
  title: 'Required check passes by being skipped',
  why: 'A job that its condition skips reports success, so the merge goes on as if it had run.',
  fix: 'Let the job run for every pull request, or decide in its steps what there is to do.',
  severity: 'warning',
  topic: 'gate',
  preset: 'recommended',
  over: 'repo',

  *check(repo) {
    for (const { check, jobs, elsewhere } of requiredOf(repo) ?? []) {
      if (elsewhere === 'yes') continue
      for (const job of jobs) {
        if (job.starts === 'no') continue
        const problem = problemOf(job, repo.branch?.branch)
        if (problem)
          yield {
            ...problem,
            key: `skipped ${check.context}`,
            message: `${named(job)}, required as “${check.context}”, ${problem.message}`
          }
      }
    }
  },

  bad: {
    head: {
      '.github/workflows/ci.yml':
        "on: pull_request\njobs:\n  test:\n    if: ${{ !contains(github.event.pull_request.labels.*.name, 'skip tests') }}\n    runs-on: ubuntu-24.04\n    steps:\n      - run: npx jest\n"
    },
    branch: { name: 'main', protected: true, requiredChecks: ['test'] }
  },
  good: requiredTest
})

const named = (job: PipelineJob): string => `job ${outerJob(job).id.value}`

/** Who opens a pull request chooses these; of the first, which account it is. */
const CHOSEN: [path: RegExp, what: string, severity: 'warning' | 'note'][] = [
  [/^github\.(actor|triggering_actor)$|\.(user|sender)\.login$/, 'by who opens it', 'note'],
  [/^github\.event\.pull_request\.labels\b|^github\.event\.label\b/, 'by its labels', 'warning'],
  [/^github\.event\.pull_request\.(title|body)\b/, 'by what its title or text says', 'warning'],
  [/^github\.head_ref$|^github\.event\.pull_request\.head\.(ref|label)$/, 'by the name of its branch', 'warning'],
  [/^github\.event\.pull_request\.head\.repo\b/, 'when it comes from a fork', 'warning']
]

function problemOf(
  job: PipelineJob,
  branch: string | undefined
): Pick<Problem, 'at' | 'message' | 'severity'> | undefined {
  const owner: Job = [...job.callers, job.job].find(each => each.if) ?? job.job
  const condition = owner.if
  if (!condition) return undefined
  const [only, ...more] = conditionOf(condition)
  if (!only?.root || more.length) return undefined
  const target = { name: branch || undefined, likely: [] }
  const truths = pullTriggers(job).map(trigger => truthOf(only.root!, valuesOf(trigger, target)))
  if (truths.every(truth => truth === true)) return undefined
  // A caller that is skipped leaves the checks of what it calls unreported: that is no pass.
  if (owner !== job.job) return undefined
  if (truths.every(truth => truth === false))
    return {
      at: condition.at,
      message: 'never runs on a pull request: being skipped it always passes',
      severity: 'error'
    }
  const paths = walk(only.root).flatMap(node => contextPath(node) ?? [])
  if (paths.some(path => path === 'github.event.pull_request.draft') && !isAskedAgain(job))
    return {
      at: condition.at,
      message:
        'is skipped for a draft, and nothing starts it when the draft is marked as ready: add ready_for_review to types',
      severity: 'warning'
    }
  const chosen = CHOSEN.find(([pattern]) => paths.some(path => pattern.test(path)))
  return chosen && { at: condition.at, message: `is skipped, and so passes, ${chosen[1]}`, severity: chosen[2] }
}

const isAskedAgain = (job: PipelineJob): boolean =>
  pullTriggers(job).some(({ types }) =>
    types?.some(({ value }) => value === 'ready_for_review' || value.includes('${{'))
  )
