import { deliveredService } from '../../examples.js'
import type { PipelineJob, Repo } from '../../model.js'
import {
  besides,
  deliveriesOf,
  environmentOf,
  isForTests,
  isInService,
  keyOf,
  placeOf,
  said,
  startsOf,
  testsIn,
  waitedFor
} from '../../releases.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'pipeline/migration-without-gate',
  title: 'Migration passes a gate that the deploy waits at',
  why: 'The schema changes although the tests fail or nobody approved, and it is harder to take back than code.',
  fix: 'Give the job that migrates the needs and the environment of the job that deploys.',
  severity: 'warning',
  topic: 'gate',
  preset: 'strict',
  over: 'repo',

  *check(repo) {
    for (const { job: deploy, work } of deliveriesOf(repo)) {
      if (!work.some(isInService)) continue
      for (const job of besides(deploy, repo)) {
        if (job === deploy || !startsOf(job).length || isForTests(job) || testsIn(job).length) continue
        const migration = job.released.work.find(({ kind, byName }) => kind === 'migrate' && !byName)
        if (!migration) continue
        const missing = missingOf(job, deploy, repo)
        if (!missing) continue
        const message = `${said(migration)} migrates without ${missing} that ${placeOf(deploy)} waits for`
        yield { at: migration.at, message, key: `${keyOf(job)} ${deploy.job.id.value}` }
      }
    }
  },

  bad: {
    '.github/workflows/deploy.yml': `on:
  push:
    branches: [main]
jobs:
  migrate:
    runs-on: ubuntu-24.04
    steps:
      - run: npx prisma migrate deploy
  deploy:
    needs: migrate
    runs-on: ubuntu-24.04
    environment: production
    steps:
      - run: helm upgrade shop ./chart --wait
`
  },
  good: deliveredService
})

/** What the deploy waits for and the migration does not: an environment, tests. */
function missingOf(job: PipelineJob, deploy: PipelineJob, repo: Repo): string | undefined {
  const waited = new Set(waitedFor(job, repo))
  const tests = waitedFor(deploy, repo).filter(one => one !== job && testsIn(one).length)
  if (tests[0] && !tests.some(one => waited.has(one))) return `the tests of job ${tests[0].job.id.value}`
  const guarded = [...waited].some(one => environmentOf(one))
  return environmentOf(deploy) && !environmentOf(job) && !guarded ? 'the environment' : undefined
}
