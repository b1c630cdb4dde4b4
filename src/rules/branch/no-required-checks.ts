import type { PipelineJob, Repo } from '../../model.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'branch/no-required-checks',
  title: 'Target branch requires no check',
  why: 'A protected branch that requires no check takes pull requests whose jobs all failed.',
  fix: 'Require the checks of the jobs that test, by the names they report.',
  severity: 'warning',
  topic: 'gate',
  preset: 'recommended',
  over: 'repo',

  *check(repo) {
    const { branch } = repo
    if (!branch || branch.protected.is === 'no') return
    if (!branch.requiredChecks) {
      const { why } = branch.checksKnown
      // Said once, by the rule about protection.
      if (branch.protected.is !== 'unknown' || branch.protected.why !== why)
        yield { what: 'required checks', reason: why }
      return
    }
    if (branch.requiredChecks.length || !repo.pipeline.jobs.some(isStarted)) return
    const name = branch.branch ? `branch ${branch.branch}` : 'the target branch'
    const at = { path: '', line: 1, column: 1, endLine: 1, endColumn: 1 }
    yield { at, message: `${name} requires no check${suggestion(repo)}`, key: 'no required checks' }
  },

  bad: {
    head: {
      'src/index.ts': 'export const answer = 42\n',
      '.github/workflows/ci.yml':
        'on: pull_request\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: npx jest\n'
    },
    branch: { name: 'main', protected: true, requiredChecks: [] }
  },
  good: {
    head: { 'README.md': 'Hello\n' },
    branch: { name: 'main', protected: true, requiredChecks: [{ context: 'ci/test', appId: 67 }] }
  }
})

const isStarted = (job: PipelineJob) => job.onPullRequest === 'yes' || job.onPullRequest === 'filtered'

function suggestion(repo: Repo): string {
  const tested = repo.pipeline.jobs.filter(job => isStarted(job) && job.tests.length && job.checks?.length)
  const [check] = tested[0]?.checks ?? []
  return check === undefined ? '' : `; job ${tested[0]!.job.id.value} tests and reports “${check}”`
}
