import { deliveredService } from '../../examples.js'
import type { PipelineJob, Repo, Step, Work } from '../../model.js'
import { besides, deliveriesOf, isDocumentation, isInService, keyOf, orderOf, said, waits } from '../../releases.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'pipeline/deploy-not-verified',
  title: 'Nothing looks whether the deploy came up',
  why: 'The command ends when the order is given: the job is green while the new version crashes.',
  fix: 'Wait for the rollout (kubectl rollout status, helm --wait, aws ecs wait), or ask a health URL with curl --fail.',
  severity: 'note',
  topic: 'reliability',
  preset: 'strict',
  over: 'repo',

  *check(repo) {
    for (const { job, work } of deliveriesOf(repo)) {
      const deploys = work.filter(one => isInService(one) && isOrder(one))
      const last = deploys.sort((a, b) => orderOf(job, a) - orderOf(job, b)).at(-1)
      if (!last || isDocumentation(job, last) || isVerified(job, last, repo)) continue
      const message = `${said(last)} deploys, and nothing after it looks whether that came up`
      yield { at: last.at, message, key: keyOf(job) }
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
      - run: kubectl apply -f deploy
`
  },
  good: deliveredService
})

/** Commands that give an order and do not wait; others, as `fly deploy` or `argocd app sync`, look for themselves. */
function isOrder({ command, step }: Work): boolean {
  if (/^(sudo )?helm\b/.test(command))
    return !/--(wait|atomic|rollback-on-failure)\b/.test(step.run?.text.value ?? command)
  if (/^aws-actions\/amazon-ecs-deploy/.test(command))
    return !step.with.some(({ name, value }) => name.value === 'wait-for-service-stability' && value.value === 'true')
  return /^(sudo )?((kubectl|oc) (.* )?(apply|set|patch|replace|rollout)\b|aws ecs update-service|docker stack deploy|docker service update|ssh |appleboy\/ssh-action)/.test(
    command
  )
}

const LOOKING = new Set(['curl', 'wget', 'http', 'grpcurl', 'nc', 'wait-on', 'wait-for-it.sh', 'k6', 'goss'])
const WAITING = new Set([
  'status',
  'wait',
  'test',
  'healthcheck',
  'health',
  'smoke',
  'verify',
  'inspect',
  'get',
  'ps',
  'logs'
])

const LOOKS = /health|smoke|wait|verify|check(?!out)|probe|uptime|\b(curl|wget)\b/i

function isVerified(job: PipelineJob, deploy: Work, repo: Repo): boolean {
  const from = orderOf(job, deploy)
  if (from < 0 || deploy.through.length) return true
  if (job.job.steps.slice(from).some((step, at) => looks(step, at === 0))) return true
  if (job.released.tests.some(test => orderOf(job, test) >= from)) return true
  return besides(job, repo).some(
    one => waits(one, job, repo) && (one.released.tests.length || one.job.steps.some(step => looks(step, false)))
  )
}

/** A step that asks something of what runs; an action or script that nobody knows may do so. */
function looks({ uses, run, name, with: inputs }: Step, isDeploy: boolean): boolean {
  if (uses) {
    const told = [uses.value, name?.value ?? '', inputs.find(field => field.name.value === 'script')?.value.value ?? '']
    return told.some(text => (isDeploy ? /\b(curl|wget)\b/ : LOOKS).test(text))
  }
  if (run?.unread) return true
  return (run?.commands ?? []).some(
    ({ name, words }) =>
      LOOKING.has(name) ||
      (/^(kubectl|oc|aws|docker|helm|make|npm|argocd)$/.test(name) && words.some(word => WAITING.has(word.value))) ||
      /(smoke|health|wait|verify|check)/i.test(name)
  )
}
