import { doingsOf } from '../../commands.js'
import type { PipelineJob, Repo, Trigger, Unread } from '../../model.js'
import {
  besides,
  type Delivery,
  deliveriesOf,
  environmentOf,
  type Gate,
  gateOf,
  isDocumentation,
  keyOf,
  orderOf,
  placeOf,
  said,
  startersOf,
  startsOf,
  testsIn,
  waitedFor,
  waits
} from '../../releases.js'
import { rule } from '../../rule.js'
import { branchState, likelyTargets } from '../../triggers.js'

export default rule({
  id: 'pipeline/deploy-without-tests',
  title: 'Deploy or publish does not wait for tests',
  why: 'What is broken reaches users while the tests that would tell are still running, or run nowhere before it.',
  fix: 'Let the job need the job that tests, start it by workflow_run, or require the check that tests before a merge.',
  severity: 'warning',
  topic: 'gate',
  preset: 'recommended',
  over: 'repo',

  *check(repo) {
    const tested = repo.pipeline.jobs.filter(job => testsIn(job).length)
    if (!tested.length) return
    const deliveries = deliveriesOf(repo).filter(({ job, work }) => !isDocumentation(job, work[0]!))
    const delivering = new Set(deliveries.map(({ job }) => job))
    let gate: Gate | undefined
    for (const delivery of deliveries) {
      const { job } = delivery
      const waited = waitedFor(job, repo)
      // Of several in a row the first is to blame.
      if (waited.some(one => delivering.has(one)) || (isRenaming(delivery) && !waited.some(makes))) continue
      const start = startOf(delivery)
      // What tests themselves need is no delivery yet.
      if (besides(job, repo).some(one => hasTests(one) && waits(one, job, repo))) continue
      if (
        start === 'by hand' ||
        testsIn(job).length ||
        testsItself(delivery, repo) ||
        waited.some(one => testsIn(one).length)
      )
        continue
      const hidden = [job, ...waited].flatMap(one => one.unread)[0]
      if (hidden) {
        yield unknown(`${hidden.what} is not known: ${hidden.reason}`, job)
        continue
      }
      const after = afterWorkflows(job, repo)
      if (after === 'tests') continue
      if (after === 'unknown') {
        yield unknown(`what runs before ${job.workflow.path} is not known`, job)
        continue
      }
      const guarded = [job, ...waited].find(environmentOf)
      if (guarded) {
        yield unknown(`the rules of the environment of job ${guarded.job.id.value} cannot be seen`, job)
        continue
      }
      gate ??= gateOf(repo)
      if ('unread' in gate) {
        yield gate.unread
        continue
      }
      if (gate.tests !== 'none' && start === 'a push' && !isOfTarget(job, repo)) {
        yield unknown(`the rules of the branches that start ${job.workflow.path} are not known`, job)
        continue
      }
      if (gate.tests === 'required' || (start === 'a tag' && gate.tests === 'none' && !inSameRun(job, tested, repo)))
        continue
      yield problem(delivery, tested, gate, start, repo)
    }
  },

  bad: {
    'src/index.ts': 'export const answer = 42\n',
    '.github/workflows/ci.yml': `on:
  push:
    branches: [main]
jobs:
  test:
    runs-on: ubuntu-24.04
    steps:
      - run: npx jest
  publish:
    runs-on: ubuntu-24.04
    steps:
      - run: npm publish
`
  },
  good: {
    'src/index.ts': 'export const answer = 42\n',
    '.github/workflows/ci.yml': `name: CI
on:
  push:
    branches: [main]
  pull_request:
permissions: {}
concurrency:
  group: ci-\${{ github.ref }}
  cancel-in-progress: \${{ github.event_name == 'pull_request' }}
jobs:
  test:
    permissions:
      contents: read
    name: test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - run: npx jest
  publish:
    permissions:
      contents: read
      id-token: write # npm trusts the workflow, not a token
    name: publish
    needs: test
    if: github.event_name == 'push'
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    environment: npm
    steps:
      - run: npm publish
`
  }
})

const unknown = (reason: string, { job, callers }: PipelineJob): Unread => ({
  what: 'whether what is deployed was tested',
  reason,
  at: callers[0]?.at ?? job.at
})

/** Publishing runs the tests by itself: Maven's phases before deploy, what npm calls before it publishes. */
function testsItself({ work }: Delivery, repo: Repo): boolean {
  const called = /^(prepublishOnly|prepublish|prepare|prepack|prerelease|preversion)$/
  return work.some(({ command }) => {
    if (/^(\.\/)?(mvn|mvnw|mvnd|sbt|np)\b/.test(command)) return !/skipTests|maven\.test\.skip/i.test(command)
    if (!/^(npm|pnpm|yarn|bun|npx|lerna|changeset)\b/.test(command)) return false
    return repo.scripts.some(
      file =>
        file.tool === 'package' &&
        [...file.targets.values()].some(
          target =>
            called.test(target.name) &&
            target.scripts.some(script =>
              script.commands.some(one => doingsOf(one).some(({ kind }) => kind === 'test'))
            )
        )
    )
  })
}

const hasTests = ({ tests, released }: PipelineJob) => tests.length + released.tests.length > 0

/** What starts it: a push to a branch, a tag or release, or somebody by hand. */
function startOf({ job, work }: Delivery): 'a push' | 'a tag' | 'by hand' {
  const events = startsOf(job)
  if (events.includes('workflow_run')) return 'a push'
  const pushes = job.workflow.triggers.filter(trigger => trigger.event.value === 'push')
  if (events.includes('push') && pushes.length) {
    const conditions = [job.job, ...job.callers, work[0]!.step].map(one => one.if?.value ?? '').join(' ')
    return pushes.every(isForTags) || /refs\/tags|ref_type\s*==\s*'tag'/.test(conditions) ? 'a tag' : 'a push'
  }
  return events.includes('release') ? 'a tag' : 'by hand'
}

/** Starts for the branch whose rules are known, as far as its filters tell. */
function isOfTarget({ workflow }: PipelineJob, repo: Repo): boolean {
  const name = repo.branch?.branch || undefined
  const target = { name, likely: name ? [] : likelyTargets(repo.workflows) }
  const pushes = workflow.triggers.filter(({ event }) => event.value === 'push')
  return !pushes.length || pushes.some(trigger => branchState(trigger, target) === 'yes')
}

const isForTags = ({ config, branches, branchesIgnore }: Trigger): boolean =>
  !branches.length && !branchesIgnore.length && !!(config?.get('tags') || config?.get('tags-ignore'))

/** Do the workflows test after which this one runs? */
function afterWorkflows(job: PipelineJob, repo: Repo): 'tests' | 'nothing' | 'unknown' | undefined {
  if (!startsOf(job).includes('workflow_run')) return undefined
  const starters = startersOf(job, repo)
  for (const { jobs } of starters ?? []) {
    if (!jobs.length || jobs.some(one => one.unread.length && !testsIn(one).length)) return 'unknown'
    if (!jobs.some(one => testsIn(one).length)) return 'nothing'
  }
  return starters ? 'tests' : 'unknown'
}

/** Gives another name to what another run made. */
const isRenaming = ({ work }: Delivery): boolean =>
  work.every(({ command }) =>
    /\bimagetools create\b|^(crane|skopeo|regctl|oras) (cp|copy|tag|image)\b|\bblob copy\b/.test(command)
  )
const makes = ({ released, tests }: PipelineJob): boolean =>
  tests.length > 0 || released.work.some(({ kind }) => kind === 'build' || kind === 'publish')

const inSameRun = (job: PipelineJob, tested: PipelineJob[], repo: Repo): PipelineJob | undefined => {
  const beside = new Set(besides(job, repo))
  return tested.find(one => beside.has(one) && one.released.tests.length && !waits(one, job, repo))
}

function problem({ job, work }: Delivery, tested: PipelineJob[], gate: Gate, start: string, repo: Repo) {
  const [first] = [...work].sort((a, b) => orderOf(job, a) - orderOf(job, b))
  const parallel = inSameRun(job, tested, repo)
  const elsewhere = 'job' in gate ? gate.job : tested[0]!
  const other = parallel ?? elsewhere
  const id = (parallel?.callers[0] ?? parallel?.job)?.id.value
  const verb = first!.kind === 'deploy' ? 'deploys' : 'publishes'
  const where = placeOf(other)
  const away = parallel
    ? `${where} runs beside it, and \`needs: ${id}\` orders them`
    : 'job' in gate
      ? `${where} tests, and no merge has to wait for it; require its check, or call its workflow here`
      : `${where} tests in another run; call its workflow here, or start this one by workflow_run`
  const message = `job ${job.job.id.value} ${verb} (${said(first!)}) and waits for no tests: ${away}`
  return {
    at: first!.at,
    message,
    key: keyOf(job),
    ...(start === 'a tag' && !parallel && { severity: 'note' as const })
  }
}
