import { mayBe } from './matrix.js'
import type { Job, PipelineJob, Place, Repo, RequiredCheck, Trigger } from './model.js'
import { editDistance } from './words.js'

/** A check that a merge must pass, and what reports it. */
export interface Required {
  check: RequiredCheck
  /** Jobs that report a check of this name, whatever starts them. */
  jobs: PipelineJob[]
  /** Jobs whose names are computed and may be this one. */
  maybe: PipelineJob[]
  /** Another app or CI reports it, or may do so: then it is none of these workflows' business. */
  elsewhere: 'yes' | 'no' | 'unknown'
  why: string
}

/** Checks of GitHub's own app for workflows carry this id on github.com. Source: reference on GitHub's API, "Matching". */
const ACTIONS_APP = 15368
/** Jobs of workflows that GitHub itself runs and no file shows: code scanning's default setup, Pages, reviews. */
const DYNAMIC = /^(Analyze \(|CodeQL$|build$|deploy$|report-build-status$|pages build and deployment|copilot)/i

const known = new WeakMap<Repo, Required[]>()

/** The required checks of the target branch with what reports each; undefined where the checks are not known. */
export function requiredOf(repo: Repo): Required[] | undefined {
  const { branch } = repo
  if (!branch?.requiredChecks) return undefined
  const before = known.get(repo)
  if (before) return before
  const required = joined(repo, branch.requiredChecks)
  known.set(repo, required)
  return required
}

function joined(repo: Repo, checks: RequiredCheck[]): Required[] {
  const byCheck = new Map<string, PipelineJob[]>()
  const computed: PipelineJob[] = []
  for (const job of repo.pipeline.jobs) {
    // What is only ever called reports under the names of its callers.
    if (!job.callers.length && job.workflow.triggers.every(({ event }) => event.value === 'workflow_call')) continue
    for (const name of new Set(job.checks)) {
      const reporting = byCheck.get(name)
      if (reporting) reporting.push(job)
      else byCheck.set(name, [job])
    }
    if (job.mayReport.length) computed.push(job)
  }
  return checks.map(check => ({
    check,
    jobs: byCheck.get(check.context) ?? [],
    maybe: computed.filter(job => job.mayReport.some(pattern => mayBe(check.context, pattern))),
    ...elsewhereOf(repo, check)
  }))
}

function elsewhereOf(repo: Repo, { context, appId }: RequiredCheck): Pick<Required, 'elsewhere' | 'why'> {
  const { externalContexts, requiredWorkflows } = repo.branch!
  if (appId !== undefined && appId !== ACTIONS_APP) return { elsewhere: 'yes', why: `app ${appId} is to report it` }
  if (externalContexts?.includes(context)) return { elsewhere: 'yes', why: 'another app reported it lately' }
  if (requiredWorkflows.is === 'yes') return { elsewhere: 'unknown', why: 'a required workflow may report it' }
  if (DYNAMIC.test(context)) return { elsewhere: 'unknown', why: 'workflows that GitHub itself runs may report it' }
  if (appId === ACTIONS_APP) return { elsewhere: 'no', why: 'GitHub Actions is to report it' }
  if (!externalContexts)
    return {
      elsewhere: 'unknown',
      why: 'who reports it was not read: a token with checks: read and statuses: read would settle it'
    }
  const [external] = repo.pipeline.external
  if (external) return { elsewhere: 'unknown', why: `${external.name} may report it` }
  return { elsewhere: 'no', why: 'no other app reported it lately' }
}

/** The job that stands in the root workflow: a caller for the jobs that it calls. */
export const outerJob = ({ job, callers }: PipelineJob): Job => callers[0] ?? job

/** What a job's check is called at the place that names it: its own name, or its id. */
export const nameAt = ({ name, id }: Job): Place => (name ?? id).at

/** How the events that pull requests bring start a workflow. */
export const pullTriggers = ({ workflow }: PipelineJob): Trigger[] =>
  workflow.triggers.filter(({ event }) => event.value === 'pull_request' || event.value === 'pull_request_target')

/** Jobs that one waits for, directly or through others, in its own workflow. Bounded by the number of jobs. */
export function neededBy(job: Job, jobs: Job[]): Job[] {
  const byId = ids.get(jobs) ?? new Map(jobs.map(each => [each.id.value, each]))
  ids.set(jobs, byId)
  const found = new Set<Job>()
  const todo = [job]
  for (const each of todo)
    for (const { value } of each.needs) {
      const needed = byId.get(value)
      if (!needed || needed === job || found.has(needed)) continue
      found.add(needed)
      todo.push(needed)
    }
  return [...found]
}

const ids = new WeakMap<Job[], Map<string, Job>>()

/** Whether a job waits for nothing to succeed: a status function of its own decides. */
export const ignoresNeeds = ({ if: condition }: Job): boolean =>
  condition !== undefined && /\b(always|failure|cancelled)\s*\(/i.test(condition.value)

/** The check that pull requests report today whose name is most like another, where any is. */
export function closestCheck(repo: Repo, name: string): string | undefined {
  const names = repo.pipeline.jobs.filter(({ starts }) => starts !== 'no').flatMap(({ checks }) => checks ?? [])
  let best: string | undefined
  let fewest = Math.ceil(name.length * 0.6)
  for (const each of new Set(names.slice(0, MAX_NAMES))) {
    // A matrix or a call adds to a name what the old one did not have.
    const distance = each.startsWith(name) || each.endsWith(` / ${name}`) ? 0 : editDistance(name.slice(0, 100), each)
    if (distance >= fewest) continue
    best = each
    fewest = distance
  }
  return best
}

const MAX_NAMES = 500
