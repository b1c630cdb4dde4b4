import { describe, expect, test } from '@jest/globals'
import { settingNames } from '../../src/branch-settings.js'
import type { BranchRules, SettingName } from '../../src/model.js'
import {
  type Answer,
  type ClassicAnswer,
  failedAnswer,
  mergeRules,
  type RuleAnswer
} from '../../src/source/github-rules.js'

const shown = { data: { protected: true, protection: { enabled: true } } }
const none: Answer<RuleAnswer[]> = { data: [] }
const noClassic: Answer<ClassicAnswer> = { absent: 'no classic branch protection' }
const hidden: Answer<ClassicAnswer> = { unknown: "the job's token can never read it" }
const noQueue = { data: false }

interface Read {
  shown?: Parameters<typeof mergeRules>[0]['shown']
  rules?: Answer<RuleAnswer[]>
  classic?: Answer<ClassicAnswer>
  queue?: Answer<boolean>
}
const merge = (read: Read): BranchRules =>
  mergeRules({ branch: 'main', shown, rules: none, classic: noClassic, queue: noQueue, bypass: new Map(), ...read })
const rule = (type: string, parameters?: object): RuleAnswer => ({
  type,
  ruleset_id: 7,
  ruleset_source_type: 'Repository',
  ruleset_source: 'acme/shop',
  ...(parameters && { parameters })
})
const pulls = (parameters: object) =>
  rule('pull_request', {
    required_approving_review_count: 0,
    dismiss_stale_reviews_on_push: false,
    require_code_owner_review: false,
    require_last_push_approval: false,
    required_review_thread_resolution: false,
    ...parameters
  })
const reviews = (parameters: object) => ({
  required_pull_request_reviews: {
    required_approving_review_count: 0,
    dismiss_stale_reviews: false,
    require_code_owner_reviews: false,
    require_last_push_approval: false,
    ...parameters
  }
})
const on = { enabled: true }
const off = { enabled: false }

/** By setting: a ruleset rule that says yes, one beside it that does not, and the same of the classic rule. */
const fields: Record<SettingName, { rule?: [RuleAnswer, RuleAnswer]; classic?: [ClassicAnswer, ClassicAnswer] }> = {
  pullRequestRequired: { rule: [pulls({}), rule('deletion')], classic: [reviews({}), {}] },
  approvals: {
    rule: [pulls({ required_approving_review_count: 2 }), pulls({})],
    classic: [reviews({ required_approving_review_count: 1 }), reviews({})]
  },
  codeOwners: {
    rule: [pulls({ require_code_owner_review: true }), pulls({})],
    classic: [reviews({ require_code_owner_reviews: true }), reviews({})]
  },
  staleDismissal: {
    rule: [pulls({ dismiss_stale_reviews_on_push: true }), pulls({})],
    classic: [reviews({ dismiss_stale_reviews: true }), reviews({})]
  },
  lastPushApproval: {
    rule: [pulls({ require_last_push_approval: true }), pulls({})],
    classic: [reviews({ require_last_push_approval: true }), reviews({})]
  },
  dismissalRestricted: {
    rule: [
      pulls({ dismissal_restriction: { enabled: true, allowed_actors: [] } }),
      pulls({ dismissal_restriction: { enabled: false, allowed_actors: [] } })
    ],
    classic: [reviews({ dismissal_restrictions: { users: [], teams: [], apps: [] } }), reviews({})]
  },
  conversationResolution: {
    rule: [pulls({ required_review_thread_resolution: true }), pulls({})],
    classic: [{ required_conversation_resolution: on }, { required_conversation_resolution: off }]
  },
  upToDate: {
    rule: [
      rule('required_status_checks', { strict_required_status_checks_policy: true, required_status_checks: [] }),
      rule('required_status_checks', { strict_required_status_checks_policy: false, required_status_checks: [] })
    ],
    classic: [{ required_status_checks: { strict: true } }, { required_status_checks: { strict: false } }]
  },
  adminsIncluded: { classic: [{ enforce_admins: on }, { enforce_admins: off }] },
  linearHistory: {
    rule: [rule('required_linear_history'), rule('required_signatures')],
    classic: [{ required_linear_history: on }, { required_linear_history: off }]
  },
  signatures: {
    rule: [rule('required_signatures'), rule('required_linear_history')],
    classic: [{ required_signatures: on }, { required_signatures: off }]
  },
  forcePushBlocked: {
    rule: [rule('non_fast_forward'), rule('deletion')],
    classic: [{ allow_force_pushes: off }, { allow_force_pushes: on }]
  },
  deletionBlocked: {
    rule: [rule('deletion'), rule('non_fast_forward')],
    classic: [{ allow_deletions: off }, { allow_deletions: on }]
  },
  pushRestricted: {
    rule: [rule('update', { update_allows_fetch_and_merge: false }), rule('creation')],
    classic: [{ restrictions: { users: [], teams: [], apps: [] } }, { restrictions: null }]
  },
  locked: { classic: [{ lock_branch: on }, { lock_branch: off }] },
  mergeQueue: { rule: [rule('merge_queue', { grouping_strategy: 'ALLGREEN' }), rule('deletion')] },
  requiredWorkflows: { rule: [rule('workflows', { workflows: [] }), rule('deletion')] },
  deployments: {
    rule: [rule('required_deployments', { required_deployment_environments: ['staging'] }), rule('deletion')]
  },
  codeScanning: { rule: [rule('code_scanning', { code_scanning_tools: [] }), rule('deletion')] }
}

describe.each(settingNames)('%s', name => {
  const { rule, classic } = fields[name]
  if (rule) {
    test('a ruleset says yes', () => expect(merge({ rules: { data: [rule[0]] } })[name].is).toBe('yes'))
    test('rulesets without it, and no classic rule, say no', () =>
      expect(merge({ rules: { data: [rule[1]] } })[name].is).toBe('no'))
    test('a ruleset says yes whatever else is hidden', () =>
      expect(merge({ rules: { data: [rule[0]] }, classic: hidden })[name].is).toBe('yes'))
    test('rulesets that were not read leave it open', () =>
      expect(merge({ rules: { unknown: 'no answer' } })[name].is).toBe('unknown'))
  }
  if (classic) {
    test('the classic rule says yes', () => expect(merge({ classic: { data: classic[0] } })[name].is).toBe('yes'))
    test('the classic rule says no', () => expect(merge({ classic: { data: classic[1] } })[name].is).toBe('no'))
    test('a classic rule that may not be read leaves it open', () => {
      const setting = merge({ classic: hidden })[name]
      expect(setting.is).toBe('unknown')
      expect(setting.why).toContain('administration: read would settle it')
    })
    test('a branch that is not protected has no classic rule', () =>
      expect(merge({ shown: { data: { protected: false } }, classic: hidden })[name].is).toBe('no'))
  }
})

test('a deployment that classic protection asks for is not to be seen', () =>
  expect(merge({ classic: { data: {} } }).deployments).toEqual({
    is: 'unknown',
    why: 'classic branch protection does not show it'
  }))

test('it counts the most approvals that any source asks for', () => {
  const two = pulls({ required_approving_review_count: 2 })
  expect(merge({ rules: { data: [two, pulls({})] } }).approvalCount).toBe(2)
  expect(
    merge({ classic: { data: reviews({ required_approving_review_count: 3 }) }, rules: { data: [two] } }).approvalCount
  ).toBe(3)
  expect(merge({ classic: hidden }).approvalCount).toBeUndefined()
  expect(merge({ classic: hidden, rules: { data: [two] } }).approvalCount).toBe(2)
  expect(merge({}).approvalCount).toBe(0)
})

test('it names the organisation whose ruleset it is', () => {
  const theirs = { ...rule('deletion'), ruleset_source_type: 'Organization', ruleset_source: 'acme' }
  expect(merge({ rules: { data: [theirs, rule('deletion')] } }).deletionBlocked.why).toBe(
    'a ruleset of organization acme and a ruleset'
  )
})

test('it takes over what a merge queue is set to', () => {
  const parameters = {
    check_response_timeout_minutes: 60,
    grouping_strategy: 'ALLGREEN',
    max_entries_to_build: 5,
    max_entries_to_merge: 5,
    merge_method: 'SQUASH',
    min_entries_to_merge: 1,
    min_entries_to_merge_wait_minutes: 5
  }
  expect(merge({ rules: { data: [rule('merge_queue', parameters)] } }).queue).toEqual({
    timeoutMinutes: 60,
    minEntries: 1,
    maxEntries: 5,
    minWaitMinutes: 5,
    grouping: 'ALLGREEN'
  })
})

test('it lists required environments, and rules that it does not know', () => {
  const read = merge({
    rules: {
      data: [
        rule('required_deployments', { required_deployment_environments: ['staging', 7] }),
        rule('brand_new_rule'),
        rule('deletion')
      ]
    }
  })
  expect(read.environments).toEqual(['staging'])
  expect(read.otherRules).toEqual(['brand_new_rule'])
})

test('those whom the classic rule leaves out may bypass it', () => {
  const classic = {
    ...reviews({
      bypass_pull_request_allowances: { users: [{ login: 'ada' }], teams: [{ slug: 'ops' }], apps: [{ slug: 'bot' }] }
    }),
    enforce_admins: off
  }
  const of = 'classic branch protection'
  expect(merge({ classic: { data: classic } }).bypass).toEqual([
    { who: 'administrators', mode: 'always', of },
    { who: 'user ada', mode: 'always', of },
    { who: 'team ops', mode: 'always', of },
    { who: 'app bot', mode: 'always', of }
  ])
  expect(merge({ classic: { data: { ...classic, enforce_admins: on } } }).bypass).toHaveLength(3)
})

test.each([
  ['hidden', new Map(), 'unknown', 'unknown'],
  ['empty', new Map([[7, { actors: [] }]]), 'yes', 'yes'],
  ['not empty', new Map([[7, { actors: [{ who: 'role admin', mode: 'always' as const }] }]]), 'yes', 'no'],
  [
    'for pull requests alone',
    new Map([[7, { actors: [{ who: 'role admin', mode: 'pull_request' as const }] }]]),
    'yes',
    'yes'
  ]
])('a bypass list that is %s', (_, bypass, known, admins) => {
  const read = mergeRules({
    branch: 'main',
    shown,
    rules: { data: [rule('deletion')] },
    classic: noClassic,
    queue: noQueue,
    bypass
  })
  expect(read.bypassKnown.is).toBe(known)
  expect(read.adminsIncluded.is).toBe(admins)
})

// ---------------------------------------------------------------- what an answer means

const failure = (status: number, message: string, headers: Record<string, string> = {}) =>
  Object.assign(new Error(message), {
    name: 'HttpError',
    status,
    response: {
      status,
      headers,
      data: { message, documentation_url: 'https://docs.github.com/rest', status: String(status) }
    }
  })

test.each<[string, number, string, Record<string, string>, object]>([
  ['no rule, to who may know', 404, 'Branch not protected', {}, { absent: 'no classic branch protection' }],
  [
    'no plan for rules',
    403,
    'Upgrade to GitHub Pro or make this repository public to enable this feature.',
    {},
    { absent: 'not available on this plan' }
  ],
  ['no branch', 404, 'Branch not found', {}, { unknown: expect.any(String) }],
  ['hidden from this user', 404, 'Not Found', {}, { unknown: expect.any(String) }],
  [
    'hidden from this app',
    403,
    'Resource not accessible by integration',
    {},
    { unknown: expect.stringContaining('administration: read') }
  ],
  [
    'hidden from this token',
    403,
    'Resource not accessible by personal access token',
    {},
    { unknown: expect.any(String) }
  ],
  ['bad credentials', 401, 'Bad credentials', {}, { unknown: expect.any(String) }],
  ['rate limited', 403, 'API rate limit exceeded', { 'x-ratelimit-remaining': '0' }, { unknown: expect.any(String) }],
  ['asked too often', 429, 'You have exceeded a secondary rate limit', {}, { unknown: expect.any(String) }],
  ['down', 502, 'Server Error', {}, { unknown: expect.any(String) }]
])('%s (%i %s)', (_, status, message, headers, answer) => {
  const read = failedAnswer(failure(status, message, headers), 'api.github.com', 'administration: read')
  expect(read).toEqual(answer)
  const rules = merge({ classic: read as Answer<ClassicAnswer>, rules: { data: [] } })
  // No way leads from "may not be read" to "is not there".
  if ('unknown' in read) {
    expect(rules.approvals.is).toBe('unknown')
    expect(rules.protected.is).toBe('yes')
  } else expect(rules.approvals.is).toBe('no')
})

test('nothing that could not be read makes a branch unprotected', () => {
  const closed = { unknown: 'no answer' }
  const read = merge({ shown: closed, rules: closed, classic: closed, queue: closed })
  expect(read.protected.is).toBe('unknown')
  expect(read.requiredChecks).toBeUndefined()
  for (const name of settingNames) expect([name, read[name].is]).toEqual([name, 'unknown'])
})
