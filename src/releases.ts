import type { Job, Pipeline, PipelineJob, Place, Repo, TestRun, Unread, Work } from './model.js'

/** What runs after the gate: deploys and publishes, what they wait for, and whether the gate tests. */

export interface Delivery {
  job: PipelineJob
  /** Certain deploys and publishes for others: no previews, nothing told by a name alone. */
  work: Work[]
}

/** Jobs looked at, and jobs of one workflow: with more, who waits for whom would cost too much. */
const MAX_DELIVERIES = 300
const MAX_BESIDE = 500

/** Jobs that deploy or publish where no pull request starts them. */
export function deliveriesOf(repo: Repo): Delivery[] {
  const known = deliveries.get(repo.pipeline) ?? findDeliveries(repo)
  deliveries.set(repo.pipeline, known)
  return known
}
const deliveries = new WeakMap<Pipeline, Delivery[]>()

function findDeliveries(repo: Repo): Delivery[] {
  const found: Delivery[] = []
  for (const job of repo.pipeline.jobs) {
    if (found.length >= MAX_DELIVERIES) break
    if (!startsOf(job).length || isForTests(job) || besides(job, repo).length > MAX_BESIDE) continue
    const work = job.released.work.filter(isDelivery)
    if (work.length) found.push({ job, work })
  }
  return found
}

export const isDelivery = ({ kind, byName, trial }: Work): boolean =>
  (kind === 'deploy' || kind === 'publish') && !byName && !trial

const BEFORE_MERGE = /^(pull_request\w*|merge_group|workflow_call)$/
/** Events that start a job apart from pull requests, merge queues and calls. */
export const startsOf = ({ events }: PipelineJob): string[] => events.filter(event => !BEFORE_MERGE.test(event))

/** What the job and the calls that lead to it are called. */
export const titlesOf = ({ job, callers }: PipelineJob): string[] =>
  [job, ...callers].flatMap(one => [one.id.value, ...(one.name ? [one.name.value] : [])])

const TRYING =
  /(^|[^a-z])(tests?|testing|e2e|integration|conform\w*|scenarios?|bench\w*|smoke|perf|load|regression|previews?|review)([^a-z]|$)/i
const TRYING_ALL = /(^|[^a-z])(e2e|perf|performance|load[-_ ]?tests?|benchmarks?|previews?|review[-_ ]?apps?)([^a-z]|$)/
// One of them is in every name that the expression fits; it takes the engine long to prepare.
const TRYING_STEMS = ['e2e', 'perf', 'load', 'benchmark', 'preview', 'review']
const isTryingAll = (text: string): boolean => TRYING_STEMS.some(stem => text.includes(stem)) && TRYING_ALL.test(text)
/** A job whose name says that what it deploys is there to be tried. */
export const isForTests = (job: PipelineJob): boolean =>
  isTryingAll(`${job.workflow.path} ${job.workflow.name?.value ?? ''}`.toLowerCase()) ||
  titlesOf(job).some(title => TRYING.test(title) && !/[-_ ](deploy|publish|release|push)$/i.test(title))

const DOCUMENTING =
  /(^|[^a-z])(docs?|documentation|site|websites?|pages|gh-pages|jekyll|wiki|storybook|book|mkdocs|mike|homepage|blog)([^a-z]|$)/i
/** Pages about the code rather than the code. */
export const isDocumentation = (job: PipelineJob, work: Work): boolean =>
  [job.workflow.path, job.workflow.name?.value ?? '', work.command, ...titlesOf(job)].some(text =>
    DOCUMENTING.test(text)
  )

/** Puts something in service, where a file uploaded to a bucket or store does not. */
export const isInService = ({ kind, command }: Work): boolean =>
  kind === 'deploy' &&
  !/^(aws s3 (cp|mv)|gcloud storage cp|gsutil|az storage|eas (submit|update)|mc |s3cmd)/.test(command)

// ---------------------------------------------------------------- what a job waits for

const chainOf = (job: PipelineJob): Job[] => [...job.callers, job.job]

const groups = new WeakMap<Pipeline, Map<object, PipelineJob[]>>()
/** Jobs of the same run: those that the same workflow starts, through calls too. */
export function besides(job: PipelineJob, { pipeline }: Pick<Repo, 'pipeline'>): PipelineJob[] {
  let byWorkflow = groups.get(pipeline)
  if (!byWorkflow) {
    byWorkflow = new Map()
    for (const one of pipeline.jobs) {
      const group = byWorkflow.get(one.workflow)
      if (group) group.push(one)
      else byWorkflow.set(one.workflow, [one])
    }
    groups.set(pipeline, byWorkflow)
  }
  return byWorkflow.get(job.workflow) ?? []
}

/** Jobs that one waits for by `needs`, to any depth: its own, and those of the calls that lead to it. */
export function waitedFor(job: PipelineJob, repo: Pick<Repo, 'pipeline'>): PipelineJob[] {
  return [...needsOf(job, repo)]
}

/** Does one job wait for another? */
export const waits = (job: PipelineJob, other: PipelineJob, repo: Pick<Repo, 'pipeline'>): boolean =>
  needsOf(job, repo).has(other)

function needsOf(job: PipelineJob, repo: Pick<Repo, 'pipeline'>): Set<PipelineJob> {
  const known = waiting.get(job) ?? followNeeds(job, repo)
  waiting.set(job, known)
  return known
}
const waiting = new WeakMap<PipelineJob, Set<PipelineJob>>()

/** Jobs that one waits for by the needs of one job of its chain: its own, or a call that leads to it. */
export const waitedForBy = (job: PipelineJob, own: Job, repo: Pick<Repo, 'pipeline'>): PipelineJob[] => [
  ...followNeeds(job, repo, own)
]

function followNeeds(job: PipelineJob, repo: Pick<Repo, 'pipeline'>, only?: Job): Set<PipelineJob> {
  const all = besides(job, repo).map(one => ({ one, chain: chainOf(one) }))
  const chain = chainOf(job)
  const found = new Set<PipelineJob>()
  for (const [level, own] of chain.entries()) {
    if (!own.needs.length || (only && own !== only)) continue
    const beside = all.filter(({ chain: other }) => chain.slice(0, level).every((caller, at) => other[at] === caller))
    const byId = new Map(beside.map(({ chain: other }) => [other[level]?.id.value, other[level]]))
    const needed = new Set<Job>()
    const open = [own]
    for (const one of open)
      for (const { value } of one.needs) {
        const need = byId.get(value)
        if (!need || needed.has(need)) continue
        needed.add(need)
        open.push(need)
      }
    for (const { one, chain: other } of beside) if (other[level] && needed.has(other[level])) found.add(one)
  }
  found.delete(job)
  return found
}

export const testsIn = (job: PipelineJob): TestRun[] =>
  [...job.released.tests, ...job.tests].filter(test => !test.ignored && test.level !== 'load')

/** Where a step stands among those of its job; steps of called actions stand where they are called. */
export const orderOf = (job: PipelineJob, { step }: { step: Work['step'] }): number => job.job.steps.indexOf(step)

/** Workflows after which this one runs: their jobs, by the name that is given; undefined jobs where nothing has that name. */
export function startersOf(job: PipelineJob, repo: Repo): { name: string; jobs: PipelineJob[] }[] | undefined {
  const config = job.workflow.triggers.find(trigger => trigger.event.value === 'workflow_run')?.config
  const given = config?.get('workflows')
  const names = given?.kind === 'list' ? given.items : given ? [given] : []
  if (!names.length || !names.every(name => name.kind === 'scalar')) return undefined
  return names.map(({ value: name }) => ({
    name,
    jobs: repo.pipeline.jobs.filter(({ workflow: { name: given, path } }) => (given?.value ?? path) === name)
  }))
}

// ---------------------------------------------------------------- the gate before the merge

// What every push starts has its checks on the commits of pull requests too.
const isStarted = (job: PipelineJob) =>
  job.onPullRequest === 'yes' ||
  job.onPullRequest === 'filtered' ||
  job.events.includes('merge_group') ||
  (job.events.includes('push') &&
    job.workflow.triggers.some(
      ({ event, config, branches }) =>
        event.value === 'push' &&
        (branches.length ? branches.some(({ value }) => /^\*\*?$/.test(value)) : !config?.get('tags'))
    ))

/**
 * Do required checks test what is merged? `none` where nothing tests pull requests, whatever is required of them; the job
 * is one that tests and is not required.
 */
export type Gate =
  | { tests: 'required' }
  | { tests: 'optional'; job: PipelineJob }
  | { tests: 'none' }
  | { unread: Unread }

export function gateOf(repo: Repo): Gate {
  const { jobs, external } = repo.pipeline
  const started = jobs.filter(isStarted)
  const testing = started.filter(job => testsIn(job).length)
  const unread = (reason: string, at?: Place): Gate => ({
    unread: { what: 'whether what is deployed was tested', reason, ...(at && { at }) }
  })
  const [outside] = external
  if (outside) return unread(`${outside.name} may test it (${outside.by})`)
  // The one that tests most is the best to name.
  const worth = (job: PipelineJob) =>
    (job.onPullRequest === 'yes' ? 100 : 0) + Math.min(99, testsIn(job).length * (job.checks?.length ?? 1))
  const [first] = [...testing].sort((a, b) => worth(b) - worth(a))
  if (!first) {
    const unclear = jobs.find(job => job.onPullRequest === 'unknown' && testsIn(job).length)
    if (unclear)
      return unread(`whether job ${unclear.job.id.value} runs for the target branch is not known`, unclear.job.at)
    const hidden = started.flatMap(job => job.unread)[0]
    if (hidden) return unread(`${hidden.what} is not known: ${hidden.reason}`, hidden.at)
    const unseen = repo.looked.find(row => row.kind === 'workflow' && row.as !== 'read')
    if (unseen) return unread(`${unseen.path} is not read`, unseen.at)
    return { tests: 'none' }
  }
  const required = repo.branch?.requiredChecks
  if (!required) return unread(`which checks must pass is not known: ${repo.branch?.checksKnown.why ?? 'not read'}`)
  const contexts = new Set(required.map(check => check.context))
  const isRequired = (job: PipelineJob) => job.checks?.some(name => contexts.has(name))
  const tested = new Set(testing)
  if (started.some(job => isRequired(job) && (tested.has(job) || waitedFor(job, repo).some(one => tested.has(one)))))
    return { tests: 'required' }
  const known = new Set(started.flatMap(job => job.checks ?? []))
  const stranger = [...contexts].find(context => !known.has(context))
  if (stranger !== undefined) return unread(`“${stranger}” is not reported by these workflows`)
  const hidden = started.filter(isRequired).flatMap(job => job.unread)[0]
  if (hidden) return unread(`${hidden.what} is not known: ${hidden.reason}`, hidden.at)
  if (repo.branch?.requiredWorkflows.is === 'yes') return unread('required workflows of the organization may test it')
  return { tests: 'optional', job: first }
}

/** `job test (ci.yml:12)`: where the other half is. */
export const placeOf = (job: PipelineJob): string => {
  const at = job.callers[0]?.at ?? job.job.at
  return `job ${(job.callers[0] ?? job.job).id.value} (${at.path.slice(at.path.lastIndexOf('/') + 1)}:${at.line})`
}

/** The job or a call that leads to it is bound to an environment. */
export const environmentOf = ({ job, callers }: PipelineJob): Job['environment'] =>
  [job, ...callers].find(one => one.environment !== undefined)?.environment

/** A command in a message. */
export const said = ({ command }: { command: string }): string =>
  `\`${command
    .replace(/\s+/g, ' ')
    .replace(/@[0-9a-f]{40}$/, '')
    .slice(0, 60)}\``

/** Identifies a job of a workflow across commits. */
export const keyOf = (job: PipelineJob): string =>
  `${job.workflow.path} ${chainOf(job)
    .map(one => one.id.value)
    .join('/')}`
