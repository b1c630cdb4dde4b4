import type { BranchRules, RequiredCheck, Setting } from '../model.js'
import { fieldOf, isFailure, isLimit, messageOf, reasonOf } from './github-connection.js'

/** What an endpoint said: its data, a proof that there is nothing, or why it is not known. */
export type Answer<T> = { data: T } | { absent: string } | { unknown: string }

/** `GET branches/{branch}`: of classic protection it shows the required checks alone. */
export interface BranchAnswer {
  protected: boolean
  protection?: {
    enabled?: boolean
    required_status_checks?: {
      enforcement_level?: string | null
      contexts?: string[]
      checks?: { context: string; app_id?: number | null }[]
    }
  }
}
/** `GET rules/branches/{branch}`: active ruleset rules of the repository and its organisation, conditions applied. */
export interface RuleAnswer {
  type: string
  parameters?: object
}
/** `GET branches/{branch}/protection`: the whole classic rule, for administrators. */
export interface ClassicAnswer {
  required_pull_request_reviews?: object | null
  required_conversation_resolution?: { enabled?: boolean }
  required_status_checks?: { checks?: { context: string; app_id?: number | null }[]; contexts?: string[] } | null
}
export interface RulesRead {
  branch: string
  shown: Answer<BranchAnswer>
  rules: Answer<RuleAnswer[]>
  classic: Answer<ClassicAnswer>
  /** GraphQL's merge queue of the branch: classic protection can require one and shows it nowhere else. */
  queue: Answer<boolean>
  externalContexts?: string[]
}

const PLAN = 'not available on this plan'
const ADMIN = 'a protection-token with administration: read would settle it'

/** Rule types that decide whether a pull request may be merged. */
const GUARDS = new Set([
  'pull_request',
  'required_status_checks',
  'merge_queue',
  'workflows',
  'required_deployments',
  'code_scanning',
  'code_quality',
  'update',
  'required_signatures'
])

/**
 * Tells the third state from a proof of absence, by message where the status does not: a repository on a free private
 * plan cannot have rules, and `Branch not protected` is said only to those who may know.
 */
export function failedAnswer(error: unknown, host: string, needs: string): { absent: string } | { unknown: string } {
  if (isFailure(error) && !isLimit(error)) {
    const message = messageOf(error)
    if (error.status === 403 && /^Upgrade to GitHub\b/.test(message)) return { absent: PLAN }
    if (error.status === 404 && message === 'Branch not protected') return { absent: 'no classic branch protection' }
    if (error.status === 404 && message === 'Branch not found')
      return { unknown: 'the branch does not exist (any more)' }
  }
  return { unknown: reasonOf(error, host, needs) }
}

/** Layers classic protection and rulesets as GitHub does: any source may say yes, `no` needs every source read. */
export function mergeRules(read: RulesRead): BranchRules {
  const { shown, rules, classic, queue } = read
  const types = 'data' in rules ? new Set(rules.data.map(rule => rule.type)) : new Set<string>()
  const pulls = 'data' in rules ? rules.data.filter(rule => rule.type === 'pull_request') : []
  const noRulesets: Part = 'data' in rules ? { is: 'no', why: 'no active ruleset has it' } : notRead('rulesets', rules)
  // `protected: false` speaks of classic protection as well, so the rule itself need not be read.
  const noClassic: Answer<ClassicAnswer> =
    'data' in shown && !shown.data.protected ? { absent: 'no classic branch protection' } : classic
  const ofClassic = (says: (rule: ClassicAnswer) => boolean): Part => {
    if ('data' in noClassic)
      return says(noClassic.data)
        ? yes('classic branch protection')
        : { is: 'no', why: 'classic branch protection has it off' }
    if ('absent' in noClassic) return { is: 'no', why: noClassic.absent }
    return { is: 'unknown', why: `classic branch protection: ${noClassic.unknown}; ${ADMIN}` }
  }
  const ofRules = (found: boolean): Part => (found ? yes('a ruleset') : noRulesets)
  return {
    branch: read.branch,
    protected: merged([ofRules([...types].some(type => GUARDS.has(type))), isClassic(shown, classic)]),
    ...requiredChecks(read),
    conversationResolution: merged([
      ofRules(pulls.some(rule => fieldOf(rule.parameters, 'required_review_thread_resolution') === true)),
      ofClassic(rule => rule.required_conversation_resolution?.enabled === true)
    ]),
    mergeQueue: merged([
      ofRules(types.has('merge_queue')),
      'data' in queue
        ? queue.data
          ? yes('the merge queue of the branch')
          : { is: 'no', why: 'the branch has no merge queue' }
        : notRead('merge queue', queue)
    ]),
    pullRequestRequired: merged([
      ofRules(pulls.length > 0 || types.has('merge_queue')),
      ofClassic(rule => Boolean(rule.required_pull_request_reviews))
    ]),
    ...(read.externalContexts && { externalContexts: read.externalContexts })
  }
}

type Part = Setting
const yes = (source: string): Part => ({ is: 'yes', why: source })

function notRead(what: string, answer: { absent: string } | { unknown: string }): Part {
  return 'absent' in answer ? { is: 'no', why: answer.absent } : { is: 'unknown', why: `${what}: ${answer.unknown}` }
}

function merged(parts: Part[]): Setting {
  const found = parts.filter(part => part.is === 'yes')
  if (found.length) return { is: 'yes', why: found.map(part => part.why).join(' and ') }
  const open = parts.filter(part => part.is === 'unknown')
  if (open.length) return { is: 'unknown', why: open.map(part => part.why).join('; ') }
  return { is: 'no', why: [...new Set(parts.map(part => part.why))].join(', ') }
}

function isClassic(shown: Answer<BranchAnswer>, classic: Answer<ClassicAnswer>): Part {
  if ('data' in classic) return yes('classic branch protection')
  if ('absent' in classic) return { is: 'no', why: classic.absent }
  if (!('data' in shown)) return notRead('branch', shown)
  const { protection } = shown.data
  // With rulesets alone `protected` may be true while classic protection is not enabled.
  if (protection?.enabled ?? shown.data.protected) return yes('classic branch protection')
  return { is: 'no', why: 'no classic branch protection' }
}

function requiredChecks({ shown, rules, classic }: RulesRead): Pick<BranchRules, 'requiredChecks' | 'checksKnown'> {
  const open: string[] = []
  const checks: RequiredCheck[] = []
  if ('data' in rules) {
    for (const rule of rules.data) {
      if (rule.type !== 'required_status_checks') continue
      const rows = fieldOf(rule.parameters, 'required_status_checks')
      for (const row of Array.isArray(rows) ? rows : []) {
        const context = fieldOf(row, 'context')
        if (typeof context === 'string') checks.push(required(context, fieldOf(row, 'integration_id')))
      }
    }
  } else if ('unknown' in rules) open.push(`rulesets: ${rules.unknown}`)
  const required_status_checks =
    'data' in classic
      ? classic.data.required_status_checks
      : 'data' in shown && shown.data.protection?.required_status_checks?.enforcement_level !== 'off'
        ? shown.data.protection?.required_status_checks
        : undefined
  const apps = new Set(required_status_checks?.checks?.map(check => check.context))
  for (const { context, app_id } of required_status_checks?.checks ?? []) checks.push(required(context, app_id))
  // Older servers have names only.
  for (const context of required_status_checks?.contexts ?? []) if (!apps.has(context)) checks.push({ context })
  if (!('data' in classic) && !('absent' in classic) && 'unknown' in shown) open.push(`branch: ${shown.unknown}`)
  if (open.length) return { requiredChecks: undefined, checksKnown: { is: 'unknown', why: open.join('; ') } }
  const absent = 'absent' in rules ? rules.absent : undefined
  return {
    requiredChecks: united(checks),
    checksKnown: { is: 'yes', why: absent ?? 'classic branch protection and rulesets were read' }
  }
}

// -1 is how the API writes "any app".
const required = (context: string, app: unknown): RequiredCheck =>
  typeof app === 'number' && app >= 0 ? { context, appId: app } : { context }

/** One row a context and app; a row without an app goes where the same context is pinned. */
function united(checks: RequiredCheck[]): RequiredCheck[] {
  const pinned = new Set(checks.filter(check => check.appId !== undefined).map(check => check.context))
  const rows = new Map<string, RequiredCheck>()
  for (const check of checks)
    if (check.appId !== undefined || !pinned.has(check.context)) rows.set(`${check.context}\0${check.appId}`, check)
  return [...rows.values()]
}
