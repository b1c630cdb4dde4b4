import { closestCheck, nameAt, outerJob, requiredOf } from '../../checks.js'
import { requiredTest } from '../../examples.js'
import type { PipelineJob, Place, Repo } from '../../model.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'pipeline/required-check-never-reported',
  title: 'Required check is one that nothing reports',
  why: 'A pull request waits for the check for ever: “Expected — Waiting for status to be reported”.',
  fix: 'Give the job its old name again, or change the name in the rules of the branch when this is merged.',
  severity: 'warning',
  topic: 'gate',
  preset: 'recommended',
  over: 'repo',

  *check(repo) {
    for (const { check, jobs, maybe, elsewhere, why } of requiredOf(repo) ?? []) {
      if (jobs.length || elsewhere === 'yes') continue
      const { context } = check
      const key = `required ${context}`
      const before = repo.base?.pipeline.jobs.find(job => job.checks?.includes(context))
      const what = `what reports required check “${context}”`
      const [computed] = maybe
      if (computed) {
        const reason = `job ${computed.job.id.value} may: its name is computed`
        yield { what, reason, at: outerJob(computed).at }
        continue
      }
      const closest = closestCheck(repo, context)
      const today = closest === undefined ? '' : `; the closest today is “${closest}”`
      if (before) {
        const { value } = outerJob(before).id
        const message = `required check “${context}” was job ${value} and nothing reports it any more: every pull request will wait for it${today}`
        yield { at: placeOf(repo, before), message, severity: 'error', key }
      } else if (elsewhere === 'unknown') yield { what, reason: why }
      else {
        const message = `check “${context}” is required and no job reports it (${why}): pull requests wait for it for ever${today}`
        yield { at: NOWHERE, message, key }
      }
    }
  },

  bad: {
    base: {
      '.github/workflows/ci.yml':
        'on: pull_request\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: npx jest\n'
    },
    head: {
      '.github/workflows/ci.yml':
        'on: pull_request\njobs:\n  unit:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: npx jest\n'
    },
    branch: { name: 'main', protected: true, requiredChecks: ['test'] }
  },
  good: requiredTest
})

const NOWHERE: Place = { path: '', line: 1, column: 1, endLine: 1, endColumn: 1 }

/** What became of the job: itself under another name, else its workflow, else nothing. */
function placeOf(repo: Repo, { workflow, ...before }: PipelineJob): Place {
  const change = repo.diff?.find(({ path, previousPath }) => path === workflow.path || previousPath === workflow.path)
  const path = change && change.status !== 'removed' ? change.path : workflow.path
  const now = repo.workflows.find(each => each.path === path)
  const id = outerJob({ workflow, ...before }).id.value
  const job = now?.jobs.find(each => each.id.value === id)
  if (job) return job.strategy?.at ?? nameAt(job)
  return now?.yaml.entry('jobs')?.key.at ?? NOWHERE
}
