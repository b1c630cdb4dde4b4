import { settingNames } from '../branch-settings.js'
import type { BranchRules, Bypass, QueueSettings, RequiredCheck, Setting, SettingName } from '../model.js'
import { given } from '../parse/workflow.js'
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
  ruleset_id?: number
  ruleset_source?: string
  ruleset_source_type?: string
  parameters?: object
}
/** `GET branches/{branch}/protection`: the whole classic rule, for administrators. */
export interface ClassicAnswer {
  required_pull_request_reviews?: object | null
  required_status_checks?: {
    checks?: { context: string; app_id?: number | null }[]
    contexts?: string[]
    strict?: boolean
  } | null
  restrictions?: object | null
  enforce_admins?: Enabled
  required_conversation_resolution?: Enabled
  required_linear_history?: Enabled
  required_signatures?: Enabled
  allow_force_pushes?: Enabled
  allow_deletions?: Enabled
  lock_branch?: Enabled
}
interface Enabled {
  enabled?: boolean
}
/** Who may bypass a ruleset, by its id; a list that the token may not see is no empty one. */
export type RulesetBypass = Map<number, { name?: string; actors: { who: string; mode: Bypass['mode'] }[] } | undefined>
export interface RulesRead {
  branch: string
  shown: Answer<BranchAnswer>
  rules: Answer<RuleAnswer[]>
  classic: Answer<ClassicAnswer>
  /** GraphQL's merge queue of the branch: classic protection can require one and shows it nowhere else. */
  queue: Answer<boolean>
  bypass: RulesetBypass
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

/** Rule types that this program knows: others are listed, since GitHub adds some every few months. */
const KNOWN = new Set([
  ...GUARDS,
  'non_fast_forward',
  'deletion',
  'creation',
  'required_linear_history',
  'copilot_code_review',
  'license_compliance_scanning',
  'commit_message_pattern',
  'commit_author_email_pattern',
  'committer_email_pattern',
  'branch_name_pattern',
  'tag_name_pattern',
  'file_path_restriction',
  'max_file_path_length',
  'file_extension_restriction',
  'max_file_size'
])

/**
 * What says yes to a setting: a ruleset rule by its type and parameters, or the classic rule, where each has it. Source: reference on GitHub's API, "Fields, name by name".
 */
interface Says {
  rule?: (rule: RuleAnswer) => boolean
  /** `hidden`: it has the setting, and the REST API does not show it. */
  classic?: ((rule: ClassicAnswer) => boolean) | 'hidden'
}
const review = (name: string) => (rule: RuleAnswer) =>
  rule.type === 'pull_request' && fieldOf(rule.parameters, name) === true
const classicReview = (name: string) => (rule: ClassicAnswer) =>
  fieldOf(rule.required_pull_request_reviews, name) === true
const isType = (type: string) => (rule: RuleAnswer) => rule.type === type
const countOf = (value: unknown): number => (typeof value === 'number' ? value : 0)
const approvalsOf = (rule: RuleAnswer): number =>
  rule.type === 'pull_request' ? countOf(fieldOf(rule.parameters, 'required_approving_review_count')) : 0
const classicApprovals = (rule: ClassicAnswer): number =>
  countOf(fieldOf(rule.required_pull_request_reviews, 'required_approving_review_count'))

const SAYS: Record<SettingName, Says> = {
  pullRequestRequired: {
    rule: rule => rule.type === 'pull_request' || rule.type === 'merge_queue',
    classic: rule => Boolean(rule.required_pull_request_reviews)
  },
  approvals: { rule: rule => approvalsOf(rule) > 0, classic: rule => classicApprovals(rule) > 0 },
  codeOwners: { rule: review('require_code_owner_review'), classic: classicReview('require_code_owner_reviews') },
  staleDismissal: { rule: review('dismiss_stale_reviews_on_push'), classic: classicReview('dismiss_stale_reviews') },
  lastPushApproval: {
    rule: review('require_last_push_approval'),
    classic: classicReview('require_last_push_approval')
  },
  dismissalRestricted: {
    rule: rule =>
      rule.type === 'pull_request' && fieldOf(fieldOf(rule.parameters, 'dismissal_restriction'), 'enabled') === true,
    classic: rule => Boolean(fieldOf(rule.required_pull_request_reviews, 'dismissal_restrictions'))
  },
  conversationResolution: {
    rule: review('required_review_thread_resolution'),
    classic: rule => rule.required_conversation_resolution?.enabled === true
  },
  upToDate: {
    rule: rule =>
      rule.type === 'required_status_checks' &&
      fieldOf(rule.parameters, 'strict_required_status_checks_policy') === true,
    classic: rule => rule.required_status_checks?.strict === true
  },
  // Of rulesets the bypass lists tell it; see bypassOf.
  adminsIncluded: { classic: rule => rule.enforce_admins?.enabled === true },
  linearHistory: {
    rule: isType('required_linear_history'),
    classic: rule => rule.required_linear_history?.enabled === true
  },
  signatures: { rule: isType('required_signatures'), classic: rule => rule.required_signatures?.enabled === true },
  // Classic protection blocks both unless somebody allows them; rulesets have a rule for each.
  forcePushBlocked: { rule: isType('non_fast_forward'), classic: rule => rule.allow_force_pushes?.enabled !== true },
  deletionBlocked: { rule: isType('deletion'), classic: rule => rule.allow_deletions?.enabled !== true },
  pushRestricted: { rule: isType('update'), classic: rule => Boolean(rule.restrictions) },
  locked: { classic: rule => rule.lock_branch?.enabled === true },
  mergeQueue: { rule: isType('merge_queue') },
  requiredWorkflows: { rule: isType('workflows') },
  deployments: { rule: isType('required_deployments'), classic: 'hidden' },
  codeScanning: { rule: isType('code_scanning') }
}

/** Layers classic protection and rulesets as GitHub does: any source may say yes, `no` needs every source read. */
export function mergeRules(read: RulesRead): BranchRules {
  const { shown, rules, classic, queue } = read
  const active = 'data' in rules ? rules.data : []
  const noRulesets: Setting =
    'data' in rules ? { is: 'no', why: 'no active ruleset has it' } : notRead('rulesets', rules)
  // `protected: false` speaks of classic protection as well, so the rule itself need not be read.
  const ofClassicRule: Answer<ClassicAnswer> =
    'data' in shown && !shown.data.protected ? { absent: 'no classic branch protection' } : classic
  const ofClassic = (says: NonNullable<Says['classic']>): Setting => {
    if ('absent' in ofClassicRule) return { is: 'no', why: ofClassicRule.absent }
    if ('unknown' in ofClassicRule)
      return { is: 'unknown', why: `classic branch protection: ${ofClassicRule.unknown}; ${ADMIN}` }
    if (says === 'hidden') return { is: 'unknown', why: 'classic branch protection does not show it' }
    if (says(ofClassicRule.data)) return yes('classic branch protection')
    return { is: 'no', why: 'classic branch protection has it off' }
  }
  const settingOf = ({ rule, classic: says }: Says): Setting => {
    const found = rule && active.filter(rule)
    const parts: Setting[] = []
    if (found) parts.push(found.length ? yes(namesOf(found)) : noRulesets)
    if (says) parts.push(ofClassic(says))
    return merged(parts)
  }
  const settings = Object.fromEntries(settingNames.map(name => [name, settingOf(SAYS[name])])) as Record<
    SettingName,
    Setting
  >
  const queueRule = active.find(rule => rule.type === 'merge_queue')
  const queueSeen: Setting =
    'data' in queue
      ? queue.data
        ? yes('the merge queue of the branch')
        : { is: 'no', why: 'the branch has no merge queue' }
      : notRead('merge queue', queue)
  const approvals = [...active.map(approvalsOf), 'data' in classic ? classicApprovals(classic.data) : 0]
  const settled =
    'unknown' in rules || 'unknown' in ofClassicRule ? Math.max(...approvals) || undefined : Math.max(...approvals)
  return {
    ...settings,
    adminsIncluded: merged([
      ofClassic(SAYS.adminsIncluded.classic!),
      ...('data' in rules && active.length ? [rulesetsHoldForAll(active, read.bypass)] : [])
    ]),
    mergeQueue: merged([settings.mergeQueue, queueSeen]),
    branch: read.branch,
    protected: merged([
      active.some(rule => GUARDS.has(rule.type)) ? yes('a ruleset') : noRulesets,
      isClassic(shown, classic)
    ]),
    ...requiredChecks(read),
    ...(settled !== undefined && { approvalCount: settled }),
    ...bypassOf(active, rules, ofClassicRule, read.bypass),
    ...(queueRule && { queue: queueSettings(queueRule.parameters) }),
    environments: textsOf(active.filter(isType('required_deployments')), 'required_deployment_environments'),
    otherRules: [...new Set(active.map(rule => rule.type).filter(type => !KNOWN.has(type)))],
    ...(read.externalContexts && { externalContexts: read.externalContexts })
  }
}

const yes = (source: string): Setting => ({ is: 'yes', why: source })

const rulesetName = ({ ruleset_source, ruleset_source_type }: RuleAnswer): string =>
  ruleset_source_type && ruleset_source_type !== 'Repository'
    ? `a ruleset of ${ruleset_source_type.toLowerCase()} ${ruleset_source ?? ''}`.trim()
    : 'a ruleset'
const namesOf = (rules: RuleAnswer[]): string => [...new Set(rules.map(rulesetName))].join(' and ')

const textsOf = (rules: RuleAnswer[], name: string): string[] => [
  ...new Set(
    rules.flatMap(rule => {
      const list = fieldOf(rule.parameters, name)
      return Array.isArray(list) ? list.filter(one => typeof one === 'string') : []
    })
  )
]

function queueSettings(parameters: object | undefined): QueueSettings {
  const number = (name: string) => {
    const value = fieldOf(parameters, name)
    return typeof value === 'number' ? value : undefined
  }
  const grouping = fieldOf(parameters, 'grouping_strategy')
  return given({
    timeoutMinutes: number('check_response_timeout_minutes'),
    minEntries: number('min_entries_to_merge'),
    maxEntries: number('max_entries_to_merge'),
    minWaitMinutes: number('min_entries_to_merge_wait_minutes'),
    grouping: typeof grouping === 'string' ? grouping : undefined
  })
}

/** Nobody on the list may pass a ruleset by: known only where every list is shown. */
function rulesetsHoldForAll(active: RuleAnswer[], bypass: RulesetBypass): Setting {
  const lists = idsOf(active).map(id => bypass.get(id))
  if (lists.some(list => list?.actors.some(({ mode }) => mode !== 'pull_request')))
    return { is: 'no', why: 'a ruleset has a bypass list' }
  if (lists.some(list => list === undefined)) return { is: 'unknown', why: HIDDEN }
  return yes('no ruleset can be bypassed')
}

const HIDDEN = 'bypass lists of rulesets are shown only to those who may edit them'
const idsOf = (rules: RuleAnswer[]): number[] => [...new Set(rules.flatMap(rule => rule.ruleset_id ?? []))]

function bypassOf(
  active: RuleAnswer[],
  rules: Answer<RuleAnswer[]>,
  classic: Answer<ClassicAnswer>,
  lists: RulesetBypass
): Pick<BranchRules, 'bypass' | 'bypassKnown'> {
  const bypass: Bypass[] = []
  const open: string[] = []
  if ('unknown' in rules) open.push(`rulesets: ${rules.unknown}`)
  for (const id of idsOf(active)) {
    const list = lists.get(id)
    if (!list) {
      open.push(HIDDEN)
      continue
    }
    const of = list.name ? `ruleset ${list.name}` : 'a ruleset'
    for (const { who, mode } of list.actors) bypass.push({ who, mode, of })
  }
  if ('unknown' in classic) open.push(`classic branch protection: ${classic.unknown}; ${ADMIN}`)
  if ('data' in classic) {
    const of = 'classic branch protection'
    if (classic.data.enforce_admins?.enabled !== true) bypass.push({ who: 'administrators', mode: 'always', of })
    const allowed = fieldOf(classic.data.required_pull_request_reviews, 'bypass_pull_request_allowances')
    for (const kind of ['users', 'teams', 'apps']) {
      const actors = fieldOf(allowed, kind)
      for (const actor of Array.isArray(actors) ? actors : []) {
        const who = fieldOf(actor, kind === 'users' ? 'login' : 'slug')
        if (typeof who === 'string') bypass.push({ who: `${kind.slice(0, -1)} ${who}`, mode: 'always', of })
      }
    }
  }
  const bypassKnown: Setting = open.length
    ? { is: 'unknown', why: [...new Set(open)].join('; ') }
    : yes('every bypass list was read')
  return { bypass, bypassKnown }
}

function notRead(what: string, answer: { absent: string } | { unknown: string }): Setting {
  return 'absent' in answer ? { is: 'no', why: answer.absent } : { is: 'unknown', why: `${what}: ${answer.unknown}` }
}

function merged(parts: Setting[]): Setting {
  const found = parts.filter(part => part.is === 'yes')
  if (found.length) return { is: 'yes', why: [...new Set(found.map(part => part.why))].join(' and ') }
  const open = parts.filter(part => part.is === 'unknown')
  if (open.length) return { is: 'unknown', why: [...new Set(open.map(part => part.why))].join('; ') }
  return { is: 'no', why: [...new Set(parts.map(part => part.why))].join(', ') }
}

function isClassic(shown: Answer<BranchAnswer>, classic: Answer<ClassicAnswer>): Setting {
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
