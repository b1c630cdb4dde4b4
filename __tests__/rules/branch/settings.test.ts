import { describe, expect, test } from '@jest/globals'
import { mergeConfig, settingOf } from '../../../src/config.js'
import type { BranchFacts, Profile, Rule, SettingName } from '../../../src/model.js'
import bypass from '../../../src/rules/branch/bypass.js'
import anySource from '../../../src/rules/branch/check-from-any-source.js'
import scanning from '../../../src/rules/branch/code-scanning-not-required.js'
import deletion from '../../../src/rules/branch/deletion.js'
import directPush from '../../../src/rules/branch/direct-push.js'
import forcePush from '../../../src/rules/branch/force-push.js'
import lastPush from '../../../src/rules/branch/last-push-not-approved.js'
import mergeCommits from '../../../src/rules/branch/merge-commits.js'
import queueStuck from '../../../src/rules/branch/merge-queue-stuck.js'
import codeOwners from '../../../src/rules/branch/no-code-owner-reviews.js'
import noReviews from '../../../src/rules/branch/no-required-reviews.js'
import outdated from '../../../src/rules/branch/outdated-branch.js'
import neverDeployed from '../../../src/rules/branch/required-deployment-never-made.js'
import stale from '../../../src/rules/branch/stale-approvals.js'
import conversations from '../../../src/rules/branch/unresolved-conversations.js'
import unsigned from '../../../src/rules/branch/unsigned-commits.js'
import { problems, unreads } from '../../helpers.js'

const world = (branch: BranchFacts, head: Record<string, string> = { 'README.md': 'Hello\n' }) => ({ head, branch })
const main: BranchFacts = { name: 'main', protected: true, approvals: true, requiredChecks: ['test'] }

const settings: [Rule, SettingName, string][] = [
  [directPush, 'pullRequestRequired', 'can be pushed to without a pull request: checks and reviews are skipped'],
  [noReviews, 'approvals', 'takes pull requests without an approval'],
  [codeOwners, 'codeOwners', 'asks no code owner for a review'],
  [stale, 'staleDismissal', 'keeps approvals when commits follow'],
  [lastPush, 'lastPushApproval', 'takes a last push that nobody else has approved'],
  [conversations, 'conversationResolution', 'takes pull requests whose conversations are open'],
  [outdated, 'upToDate', 'takes pull requests whose checks ran before the last merge'],
  [mergeCommits, 'linearHistory', 'takes merge commits'],
  [unsigned, 'signatures', 'takes commits without a verified signature'],
  [forcePush, 'forcePushBlocked', 'takes force pushes: its history can be rewritten'],
  [deletion, 'deletionBlocked', 'can be deleted by whoever may push to it']
]
describe.each(settings.map(row => [row[0].id, ...row] as const))('%s', (_, rule, name, message) => {
  test('it reports the setting that is off', async () =>
    expect(await problems(rule, world({ ...main, [name]: false }))).toEqual([`:1:1 branch main ${message}`]))
  test('it accepts the setting that is on', async () => {
    expect(await problems(rule, world({ ...main, [name]: true }))).toEqual([])
    expect(await unreads(rule, world({ ...main, [name]: true }))).toEqual([])
  })
  test('it never takes what is not known for off', async () => {
    expect(await problems(rule, world({ ...main, [name]: null }))).toEqual([])
    expect(await unreads(rule, world({ ...main, [name]: null }))).toEqual([
      'settings of the target branch: not handed over'
    ])
  })
  test('it leaves a branch without rules to the rule about that', async () =>
    expect(await problems(rule, world({ ...main, protected: false, [name]: false }))).toEqual([]))
})

test.each<[string, Rule, BranchFacts]>([
  ['approvals that nobody asks for', stale, { ...main, approvals: false, staleDismissal: false }],
  ['approvals of a last push that is approved', stale, { ...main, lastPushApproval: true, staleDismissal: false }],
  ['a last push where nobody approves', lastPush, { ...main, approvals: false, lastPushApproval: false }],
  ['an old branch where a queue tries it again', outdated, { ...main, mergeQueue: true, upToDate: false }],
  ['an old branch without checks', outdated, { ...main, requiredChecks: [], upToDate: false }]
])('nothing is said of %s', async (_, rule, branch) => expect(await problems(rule, world(branch))).toEqual([]))

test('it tells who may bypass rules, and how', async () => {
  const of = 'ruleset main'
  const facts = {
    ...main,
    bypass: [
      { who: 'role admin', mode: 'always' as const, of },
      { who: 'team ops', mode: 'pull_request' as const, of },
      { who: 'app bot', mode: 'exempt' as const, of }
    ]
  }
  expect(await problems(bypass, world(facts))).toEqual([
    ':1:1 role admin may bypass ruleset main of branch main at any time',
    ':1:1 team ops may bypass ruleset main of branch main, for pull requests alone',
    ':1:1 app bot may bypass ruleset main of branch main as if it were not there, which leaves no trace in the log'
  ])
  expect(await problems(bypass, world({ ...main, bypass: [] }))).toEqual([])
  expect(await unreads(bypass, world({ ...main, bypass: [] }))).toEqual([])
  expect(await unreads(bypass, world(main))).toHaveLength(1)
})

test.each<[string, BranchFacts['requiredChecks'], string[]]>([
  ['one', ['test'], [':1:1 branch main takes “test” from any app or token that may write checks or statuses']],
  [
    'two of three',
    ['test', { context: 'e2e', appId: 7 }, 'lint'],
    [':1:1 branch main takes “test” and 1 more from any app or token that may write checks or statuses']
  ],
  ['none of those that are pinned', [{ context: 'e2e', appId: 7 }], []],
  ['none where there are none', [], []],
  ['none where they are not known', null, []]
])('it counts checks that may come from anybody: %s', async (_, requiredChecks, found) =>
  expect(await problems(anySource, world({ ...main, requiredChecks }))).toEqual(found)
)

const job = (rest: string) => ({
  '.github/workflows/ci.yml': `on: [pull_request, merge_group]\njobs:\n  test:\n    runs-on: x\n${rest}`
})
test.each<[string, BranchFacts, Record<string, string>, string[]]>([
  [
    'less time than a required job may take',
    { queue: { timeoutMinutes: 60 } },
    job('    timeout-minutes: 61\n'),
    ['.github/workflows/ci.yml:5:22 job test may take 61 minutes, and the merge queue of branch main gives up after 60']
  ],
  ['time enough', { queue: { timeoutMinutes: 60 } }, job('    timeout-minutes: 60\n'), []],
  ['a job without a limit', { queue: { timeoutMinutes: 60 } }, job(''), []],
  [
    'a job that is not required',
    { queue: { timeoutMinutes: 5 }, requiredChecks: ['lint'] },
    job('    timeout-minutes: 9\n'),
    []
  ],
  [
    'a minimum above its maximum',
    { queue: { minEntries: 5, maxEntries: 2 } },
    job(''),
    [':1:1 the merge queue of branch main waits for 5 entries and takes 2 at most']
  ],
  ['one entry at a time', { queue: { minEntries: 1, maxEntries: 1 } }, job(''), []],
  ['no queue at all', { mergeQueue: false, queue: { minEntries: 5, maxEntries: 2 } }, job(''), []]
])('it looks at a queue with %s', async (_, facts, head, found) =>
  expect(await problems(queueStuck, world({ ...main, mergeQueue: true, ...facts }, head))).toEqual(found)
)

const deploys = (environment: string, on = 'pull_request') => ({
  '.github/workflows/ci.yml': `on: ${on}\njobs:\n  ship:\n    runs-on: x\n    environment: ${environment}\n    steps: []\n`
})
test.each<[string, Record<string, string>, number, number]>([
  ['that nothing makes', deploys('production'), 1, 0],
  ['that a pull request makes', deploys('staging'), 0, 0],
  ['written as a mapping', deploys('{ name: staging, url: "http://x" }'), 0, 0],
  ['that only a push makes', deploys('staging', 'push'), 1, 0],
  ['whose name is computed', deploys('${{ inputs.where }}'), 0, 1],
  ['where other CI may make it', { ...deploys('production'), '.circleci/config.yml': 'version: 2.1\n' }, 0, 1]
])('it looks for a required deployment %s', async (_, head, found, unknown) => {
  const facts = { ...main, environments: ['staging'] }
  expect(await problems(neverDeployed, world(facts, head))).toHaveLength(found)
  expect(await unreads(neverDeployed, world(facts, head))).toHaveLength(unknown)
})

const codeql = {
  '.github/workflows/scan.yml':
    'on: pull_request\njobs:\n  scan:\n    runs-on: x\n    steps:\n      - uses: github/codeql-action/analyze@v4\n'
}
test.each<[string, BranchFacts, Record<string, string>, string[]]>([
  [
    'not required',
    { codeScanning: false },
    codeql,
    ['.github/workflows/scan.yml:6:15 pull requests are scanned here, and branch main takes them whatever is found']
  ],
  ['required', { codeScanning: true }, codeql, []],
  ['not run', { codeScanning: false }, { 'README.md': 'Hello\n' }, []]
])('it looks at code scanning that is %s', async (_, facts, head, found) =>
  expect(await problems(scanning, world({ ...main, ...facts }, head))).toEqual(found)
)

const asked: [Rule, Profile, 'on' | 'off'][] = [
  [noReviews, 'solo', 'off'],
  [noReviews, 'team', 'on'],
  [forcePush, 'solo', 'on'],
  [unsigned, 'team', 'off'],
  [unsigned, 'regulated', 'on'],
  [conversations, 'regulated', 'on']
]
test.each(asked.map(row => [row[0].id, ...row] as const))('%s of the profile', (_, rule, profile, is) =>
  expect(settingOf(mergeConfig({ profile }), rule, '')).toBe(is)
)

test('the preset all asks for everything, whoever works there', () =>
  expect(settingOf(mergeConfig({ preset: 'all', profile: 'solo' }), unsigned, '')).toBe('on'))
