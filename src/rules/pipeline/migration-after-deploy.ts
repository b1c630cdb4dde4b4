import { deliveredService } from '../../examples.js'
import type { PipelineJob, Work } from '../../model.js'
import { deliveriesOf, isInService, keyOf, orderOf, placeOf, said, waitedFor } from '../../releases.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'pipeline/migration-after-deploy',
  title: 'Migration runs after the deploy',
  why: 'Until it is through, the new code works on the old schema, and a migration that fails leaves it there.',
  fix: 'Migrate before the deploy with changes that the old code bears, and drop what is old in a later one.',
  severity: 'warning',
  topic: 'reliability',
  preset: 'strict',
  over: 'repo',

  *check(repo) {
    const deliveries = deliveriesOf(repo).filter(({ work }) => work.some(isOfCode))
    const deploying = new Map(deliveries.map(one => [one.job, one.work.filter(isOfCode)]))
    for (const job of deploying.size ? repo.pipeline.jobs : []) {
      const migrations = job.released.work.filter(isMigration)
      if (!migrations.length || job.released.tests.length) continue
      const own = deploying.get(job)
      const late = own && migrations.find(one => orderOf(job, one) > Math.max(...own.map(each => orderOf(job, each))))
      if (late && own && !isFollowed(job, late)) {
        yield {
          at: late.at,
          message: `${said(late)} migrates after ${said(own.at(-1)!)} has deployed`,
          key: keyOf(job)
        }
        continue
      }
      const before = own?.length ? undefined : waitedFor(job, repo).find(one => deploying.has(one))
      if (!before) continue
      const message = `${said(migrations[0]!)} migrates after ${placeOf(before)} has deployed`
      yield { at: migrations[0]!.at, message, key: keyOf(job) }
    }
  },

  bad: {
    '.github/workflows/deploy.yml': `on:
  push:
    branches: [main]
jobs:
  deploy:
    runs-on: ubuntu-24.04
    environment: production
    steps:
      - run: helm upgrade shop ./chart --wait
      - run: npx prisma migrate deploy
`
  },
  good: deliveredService
})

/** Brings code, where others make the machines that it will run on. */
const isOfCode = (one: Work): boolean =>
  isInService(one) && !/^(terraform|tofu|terragrunt|pulumi|aws cloudformation|eksctl|kops|ansible)/.test(one.command)

/** Something behind it may be the deploy that counts. */
const isFollowed = (job: PipelineJob, { step }: Work): boolean =>
  job.job.steps
    .slice(job.job.steps.indexOf(step) + 1)
    .some(({ name, uses }) => /deploy|release|push|publish/i.test(`${name?.value ?? ''} ${uses?.value ?? ''}`))

const isMigration = ({ kind, byName, step }: Work): boolean =>
  kind === 'migrate' && !byName && !/post[-_ ]?(deploy|migrat)|after|cleanup|contract/i.test(step.name?.value ?? '')
