import { requiredOf } from '../../checks.js'
import { requiredTest } from '../../examples.js'
import type { Permissions, PipelineJob } from '../../model.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'pipeline/required-check-forgeable',
  title: 'A job of the pull request may report required checks itself',
  why: 'A token with checks: write or statuses: write can report any name as passed, and on pull_request the workflow that holds it belongs to the pull request.',
  fix: 'Pin required checks to their app, and give the permission to jobs that run nothing of the pull request.',
  severity: 'note',
  topic: 'gate',
  preset: 'all',
  over: 'repo',

  *check(repo) {
    const open = requiredOf(repo)?.filter(({ check, elsewhere }) => check.appId === undefined || elsewhere !== 'yes')
    const [first] = open ?? []
    if (!first) return
    for (const job of repo.pipeline.jobs) {
      if (job.onPullRequest === 'no' || job.callers.length || !job.events.includes('pull_request')) continue
      const written = writes(job)
      if (!written) continue
      const message = `job ${job.job.id.value} has ${written.name}: write, so what it runs may report “${first.check.context}” as passed`
      yield { at: written.at, message, key: 'forgeable' }
    }
  },

  bad: {
    head: {
      '.github/workflows/ci.yml':
        'on: pull_request\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    permissions:\n      contents: read\n      checks: write\n    steps:\n      - run: npx jest\n'
    },
    branch: { name: 'main', protected: true, requiredChecks: ['test'] }
  },
  good: requiredTest
})

function writes({ job, workflow }: PipelineJob): { name: string; at: Permissions['at'] } | undefined {
  const permissions = job.permissions ?? workflow.permissions
  const scope = permissions?.scopes.find(
    ({ name, value }) => (name.value === 'checks' || name.value === 'statuses') && value.value === 'write'
  )
  return scope && { name: scope.name.value, at: scope.name.at }
}
