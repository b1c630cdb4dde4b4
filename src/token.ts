import { permissionsOf } from './data/action-facts.js'
import { writesNothing } from './data/contexts.js'
import type { Command, Field, Job, Step, Workflow } from './model.js'
import { readUses } from './parse/uses.js'
import { programOf } from './programs.js'
import { actionOf, inputOf } from './steps.js'

/** What the steps of a job need of its token. */
export interface TokenNeeds {
  scopes: Map<string, 'read' | 'write'>
  /** A step whose needs are not known; there may be more. */
  unknown?: Step
}

/** What each step needs, by what is known of actions and commands; `unknown` where something may need more. */
export function tokenNeeds(job: Job, workflow: Workflow): TokenNeeds {
  const scopes: TokenNeeds['scopes'] = new Map()
  const add = (more: Record<string, string>) => {
    for (const [scope, level] of Object.entries(more))
      if (level === 'write' || !scopes.has(scope)) scopes.set(scope, level === 'write' ? 'write' : 'read')
  }
  const shared = [...job.env, ...workflow.env].some(({ value }) => isToken(value.value))
  const keeps = job.steps.some(
    step => actionOf(step)?.name === 'actions/checkout' && inputOf(step, 'persist-credentials')?.value.value !== 'false'
  )
  // Actions first: they are quicker to tell than scripts, and most often one of them is not known.
  for (const isAction of [true, false])
    for (const step of job.steps) {
      if (Boolean(step.uses) !== isAction) continue
      const needs = isAction ? ofAction(step) : ofScript(step, shared, keeps)
      if (!needs) return { scopes, unknown: step }
      add(needs)
    }
  return { scopes }
}

const isToken = (text: string): boolean => /github\.token|secrets\.github_token/i.test(text)

function ofAction(step: Step): Record<string, string> | undefined {
  const action = actionOf(step)
  const known = action && permissionsOf(action.name)
  if (!action || !known) return undefined
  // Of these, reading is for private repositories, and the rest depends on inputs.
  const { always, sometimes } = known
  if (action.name === 'actions/checkout') return { contents: 'read' }
  return Object.values(sometimes).some(level => level === 'write') ? undefined : { ...always, ...sometimes }
}

function ofScript({ run, env }: Step, shared: boolean, keeps: boolean): Record<string, string> | undefined {
  if (!run || run.unread !== undefined) return undefined
  const hasToken = shared || isToken(run.text.value) || env.some(({ value }) => isToken(value.value))
  const needs: Record<string, string> = {}
  for (const command of run.commands) {
    const found = ofCommand(command, hasToken, keeps)
    if (!found) return undefined
    for (const [scope, level] of Object.entries(found)) if (needs[scope] !== 'write') needs[scope] = level
  }
  return needs
}

const READS = /^(view|list|status|checks|diff|checkout|download|watch|verify|clone|set-default)$/
const OF_GH: Record<string, string | undefined> = {
  pr: 'pull-requests',
  issue: 'issues',
  label: 'issues',
  release: 'contents',
  repo: 'contents',
  run: 'actions',
  workflow: 'actions',
  cache: 'actions'
}

/** Programs that have no use for a token of GitHub, whatever is in their environment. */
const PLAIN = new Set(
  'echo printf cat ls cd pwd mkdir rm cp mv touch chmod test [ [[ true false : exit export set unset local read sed awk grep sort uniq head tail wc tr cut date env sleep jq yq diff find xargs tee basename dirname sudo apt-get apt apk brew which command tar unzip zip gzip sha256sum shasum du df nproc uname'.split(
    ' '
  )
)

function ofCommand(command: Command, hasToken: boolean, keeps: boolean): Record<string, string> | undefined {
  const { name, args } = programOf(command)
  const words = args.map(({ value }) => value)
  if (name === 'git') {
    const verb = words.find(word => !word.startsWith('-'))
    if (verb === 'push') return keeps || hasToken ? { contents: 'write' } : undefined
    return { contents: 'read' }
  }
  if (name === 'gh') {
    const scope = OF_GH[words[0] ?? '']
    return scope ? { [scope]: READS.test(words[1] ?? '') ? 'read' : 'write' } : undefined
  }
  if (PLAIN.has(name)) return {}
  if (/\b(ghcr\.io|npm\.pkg\.github\.com|api\.github\.com)\b/.test(words.join(' '))) return undefined
  // A script or a tool with the token in reach may do anything with it.
  if (hasToken) return undefined
  const mayPush = /\b(release|publish|deploy|version|tag|push|commit|bump)\b/i.test([name, ...words].join(' '))
  return mayPush ? undefined : keeps ? { contents: 'read' } : {}
}

/** As written in a workflow. Reading the code, which most steps come to, is always among them. */
export const linesOf = ({ scopes }: TokenNeeds): string[] =>
  [...new Map([['contents', 'read'], ...scopes])]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([scope, level]) => `${scope}: ${level}`)

/** Jobs whose token is what the repository gives by default: nothing says more, and no caller does. */
export function jobsWithout(workflow: Workflow): Job[] {
  const events = workflow.triggers.map(({ event }) => event.value)
  if (workflow.permissions || !events.length || events.every(event => event === 'workflow_call')) return []
  return workflow.jobs.filter(job => !job.permissions && !job.uses)
}

/** One block for the workflow is what is missing, for no job has one. */
export const isOfWorkflow = ({ jobs }: Workflow): boolean => !jobs.some(job => job.permissions)

/** Jobs that show no use of a scope which the workflow lets every job write, where another may have one. */
export function idleJobs(workflow: Workflow, scope: Field): Job[] {
  const jobs = workflow.jobs.filter(job => !job.permissions)
  if (jobs.length < 2 || scope.value.value !== 'write') return []
  const idle = jobs.filter(job => hasNoUse(job, scope))
  return idle.length === jobs.length ? [] : idle
}

/**
 * Does nothing in a job hint at the use of a scope? Without a token in its environment a script has only what checkout
 * left behind, which is for git, and the variables that OIDC and the cache offer to every step.
 */
function hasNoUse(job: Job, scope: Field): boolean {
  if (job.uses || !job.steps.length || mentionsToken(job)) return false
  if (scope.name.value === 'id-token') return job.steps.every(step => step.uses && isReader(step.uses.value))
  const hints = scope.name.value === 'contents' ? /\b(git|release|publish|deploy|version|tag|push|commit)/i : undefined
  return job.steps.every(step => {
    if (step.uses) return isReader(step.uses.value)
    return !hints?.test(`${job.id.value} ${step.name?.value ?? ''} ${step.run?.text.value ?? ''}`)
  })
}

function isReader(written: string): boolean {
  const uses = readUses(written)
  return uses.kind === 'remote' && writesNothing(uses.action)
}

/** A token, or gh which looks for one, anywhere in what a job is written as. */
function mentionsToken(job: Job): boolean {
  const texts = [
    ...job.env.map(field => field.value),
    ...job.steps.flatMap(step => [...step.env, ...step.with].map(field => field.value)),
    ...job.steps.flatMap(step => step.run?.text ?? [])
  ]
  return texts.some(({ value }) => /token|secrets|\bgh\b|\bgithub\.com\/api|api\.github/i.test(value))
}
