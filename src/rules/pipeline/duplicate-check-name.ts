import { nameAt, outerJob, requiredOf } from '../../checks.js'
import { requiredTest } from '../../examples.js'
import type { PipelineJob } from '../../model.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'pipeline/duplicate-check-name',
  title: 'Two jobs report one check',
  why: 'A rule that requires the name cannot tell them apart: which of the two results counts is not defined.',
  fix: 'Give one of the jobs a name of its own.',
  severity: 'note',
  topic: 'gate',
  preset: 'strict',
  over: 'repo',

  *check(repo) {
    const required = new Set(requiredOf(repo)?.map(({ check }) => check.context))
    const names = new Map<string, PipelineJob>()
    const told = new Set<string>()
    for (const job of repo.pipeline.jobs) {
      // Of two workflows with filters one is often there for what the other leaves out.
      if (job.onPullRequest !== 'yes' || outerJob(job).if) continue
      for (const name of job.checks ?? []) {
        const first = names.get(name)
        if (!first) names.set(name, job)
        else if (outerJob(first) !== outerJob(job) && !told.has(name)) {
          told.add(name)
          const { line } = outerJob(first).at
          const where = `${first.workflow.path}:${line}`
          const message = `check “${name}” is reported by job ${outerJob(first).id.value} too (${where})`
          yield {
            at: nameAt(outerJob(job)),
            message: required.has(name) ? `required ${message}` : message,
            severity: required.has(name) ? 'warning' : 'note',
            key: `duplicate ${name}`
          }
        }
      }
    }
  },

  bad: {
    head: {
      '.github/workflows/a.yml':
        'on: pull_request\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: npx jest\n',
      '.github/workflows/b.yml':
        'on: pull_request\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: npx eslint .\n'
    }
  },
  good: requiredTest
})
