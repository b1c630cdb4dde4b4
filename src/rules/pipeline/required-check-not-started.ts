import { pullTriggers, requiredOf } from '../../checks.js'
import { requiredTest } from '../../examples.js'
import type { PipelineJob, Place, Trigger } from '../../model.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'pipeline/required-check-not-started',
  title: 'Required check is not started by every pull request',
  why: 'A workflow that its filters leave out reports nothing, and a pull request waits for its checks for ever.',
  fix: 'Start the workflow for every pull request and let a job decide what there is to do: a job that is skipped counts as passed, a workflow that is not started does not.',
  severity: 'warning',
  topic: 'gate',
  preset: 'recommended',
  over: 'repo',

  *check(repo) {
    const found = new Map<string, { job: PipelineJob; contexts: string[] }>()
    for (const { check, jobs, maybe, elsewhere } of requiredOf(repo) ?? []) {
      // Whichever of them it is that reports the check, it has to be started.
      const all = [...jobs, ...maybe]
      if (!all.length || elsewhere === 'yes' || all.some(isStartedAgain)) continue
      const open = all.find(({ starts }) => starts === 'unknown')
      if (open) {
        const what = `whether pull requests start required check “${check.context}”`
        yield { what, reason: 'the target branch is not known', at: open.job.at }
        continue
      }
      const filtered = all.filter(({ starts }) => starts === 'filtered')
      if (isComplete(filtered.flatMap(pullTriggers))) continue
      for (const job of filtered.length ? filtered : all) {
        const entry = found.get(job.workflow.path) ?? { job, contexts: [] }
        if (!entry.contexts.includes(check.context)) entry.contexts.push(check.context)
        found.set(job.workflow.path, entry)
      }
    }
    for (const { job, contexts } of found.values()) {
      const others = contexts.length > 1 ? ` and ${contexts.length - 1} more` : ''
      const message = `required check “${contexts[0]}”${others} ${messageOf(job)}`
      yield { at: placeOf(job), message, key: 'required check not started' }
    }
  },

  bad: {
    head: {
      '.github/workflows/ci.yml':
        'on:\n  pull_request:\n    paths: [src/**]\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: npx jest\n'
    },
    branch: { name: 'main', protected: true, requiredChecks: ['test'] }
  },
  good: requiredTest
})

/** Commits that follow are a new head without any check: the workflow has to be started again. */
const isStartedAgain = (job: PipelineJob): boolean =>
  job.starts === 'yes' && pullTriggers(job).some(({ types }) => !types || types.some(isAboutCommits))
const isAboutCommits = ({ value }: { value: string }): boolean => value === 'synchronize' || value.includes('${{')

/** GitHub's own way round: a second workflow of the same name for what the first leaves out. */
function isComplete(triggers: Trigger[]): boolean {
  const wanted = new Set(triggers.filter(({ paths }) => paths.length).map(({ paths }) => listOf(paths)))
  const ignored = triggers.filter(({ pathsIgnore }) => pathsIgnore.length).map(({ pathsIgnore }) => listOf(pathsIgnore))
  return ignored.some(list => wanted.has(list))
}
const listOf = (texts: { value: string }[]): string =>
  texts
    .map(({ value }) => value)
    .sort()
    .join('\n')

function placeOf(job: PipelineJob): Place {
  const triggers = pullTriggers(job)
  const { config } = triggers.find(({ paths, pathsIgnore }) => paths.length || pathsIgnore.length) ?? triggers[0] ?? {}
  const entry = ['paths', 'paths-ignore', 'branches', 'branches-ignore', 'types'].flatMap(
    key => config?.entry(key) ?? []
  )[0]
  return entry?.key.at ?? triggers[0]?.event.at ?? job.workflow.yaml.entry('on')?.key.at ?? job.workflow.at
}

function messageOf(job: PipelineJob): string {
  const triggers = pullTriggers(job)
  const { value } = job.job.id
  if (job.starts === 'filtered') {
    const isIgnored = triggers.some(({ pathsIgnore }) => pathsIgnore.length)
    const which = isIgnored ? 'that changes only what paths-ignore names' : 'that changes nothing under paths'
    return `(job ${value}) is never reported for a pull request ${which}: it waits for ever`
  }
  if (job.starts === 'yes') return `(job ${value}) is not reported again when commits follow: types lacks synchronize`
  const events = job.workflow.triggers.map(({ event }) => event.value).join(', ') || 'no event'
  if (triggers.length) return `(job ${value}) is never reported: its filters leave out pull requests to this branch`
  const isPush = job.workflow.triggers.some(({ event, branches }) => event.value === 'push' && !branches.length)
  if (isPush) return `(job ${value}) comes from pushes alone: pull requests from forks wait for it for ever`
  return `(job ${value}) is never reported: no pull request starts its workflow (${events})`
}
