import type { PipelineJob, Step, Text, Work } from '../../model.js'
import { scalarOf } from '../../parse/yaml.js'
import { isDelivery, isForTests, keyOf, said, titlesOf } from '../../releases.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'pipeline/deploy-on-pull-request',
  title: 'A pull request deploys or publishes',
  why: 'What nobody has reviewed or merged replaces what users get.',
  fix: "Run the step or job on pushes only, as with `if: github.event_name == 'push'`, or give the preview a name of its own.",
  severity: 'warning',
  topic: 'gate',
  preset: 'recommended',
  over: 'repo',

  *check(repo) {
    for (const job of repo.pipeline.jobs) {
      if ((job.onPullRequest !== 'yes' && job.onPullRequest !== 'filtered') || isForTests(job)) continue
      if (![job.job, ...job.callers].every(one => isSure(one.if)) || isElsewhere(job)) continue
      const work = job.work.find(one => isDelivery(one) && isSure(one.step.if) && isPlain(one) && isFinal(one))
      if (!work) continue
      const verb = work.kind === 'deploy' ? 'deploys' : 'publishes'
      const event = job.events.find(name => name.startsWith('pull_request'))
      const message = `${event} starts job ${job.job.id.value}, which ${verb} (${said(work)}) before anything is merged`
      yield { at: work.at, message, key: keyOf(job) }
    }
  },

  bad: {
    '.github/workflows/ci.yml': `on: [push, pull_request]
jobs:
  release:
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

/** What a condition may ask that every pull request of the repository itself answers alike. */
const ALIKE =
  /^(github\.(event_name|repository|repository_owner|event\.repository\.fork|event\.pull_request\.head\.repo\.(full_name|fork))|success|always|cancelled|github|true|false)$/
function isSure(condition: Text | undefined): boolean {
  if (!condition) return true
  const asked = condition.value.replace(/'[^']*'/g, '').match(/[a-z_][\w.-]*/gi) ?? []
  return asked.every(name => ALIKE.test(name))
}

const TRIAL = /(^|[^a-z])(dev|develop|development|staging|stage|stg|qa|sandbox|demo|preprod|uat)([^a-z]|$)/i
/** An environment by another name than production holds something to look at, or is computed. */
function isElsewhere(row: PipelineJob): boolean {
  const { job, callers, workflow } = row
  if ([workflow.path, ...titlesOf(row)].some(title => TRIAL.test(title))) return true
  return [job, ...callers].some(({ environment }) => {
    if (!environment) return false
    const name = scalarOf(environment.kind === 'map' ? environment.get('name') : environment)?.value ?? ''
    return !/^(prod|production|live|github-pages)$/i.test(name)
  })
}

/** No shell condition and no called action decides whether it happens. */
function isPlain({ step, through }: Work): boolean {
  if (step.uses?.value.startsWith('./')) return false
  const script = step.run?.text.value ?? ''
  if (through.length > 1) return false
  return !(/\b(if|case|then)\b|&&|\|\|/.test(script) && /GITHUB_|github\.|\$\{?[A-Z]/.test(script))
}

/** The name under which others get it is known, and none of this pull request alone. */
function isFinal({ kind, command, step }: Work): boolean {
  if (kind === 'deploy') return !/\$/.test(inputs(step)) || !isImage(command)
  if (!isImage(command))
    return !/--tag[ =]|\bsnapshot|canary/i.test(command) && !/snapshot|canary|prerelease/i.test(inputs(step))
  const names = step.uses ? (step.with.find(field => field.name.value === 'tags')?.value.value ?? '$') : command
  return !names.includes('$')
}
const isImage = (command: string): boolean =>
  /build-push-action|^(sudo )?(docker|podman|buildah|skopeo|crane|helm|oras)\b/.test(command)
const inputs = (step: Step): string => step.with.map(field => field.value.value).join(' ')
