import { expect, test } from '@jest/globals'
import { mergeConfig } from '../src/config.js'
import { type InspectOptions, inspect, type Now } from '../src/inspect.js'
import { withoutVersions } from '../src/judge.js'
import type { Config, Files, Rule, World } from '../src/model.js'
import type { Policy } from '../src/policy.js'
import { rule } from '../src/rule.js'
import { memorySource } from '../src/source/memory.js'

const facts = {
  title: 'A title',
  why: 'A reason.',
  fix: 'A fix.',
  severity: 'error',
  topic: 'security',
  preset: 'recommended',
  bad: {},
  good: {}
} as const

/** Finds each step that uses an action by tag. */
const tagged = rule({
  ...facts,
  id: 'workflow/tagged',
  over: 'workflow',
  *check(workflow) {
    for (const { steps } of workflow.jobs)
      for (const { uses } of steps)
        if (uses && !/@[0-9a-f]{40}$/.test(uses.value)) yield { at: uses.at, message: `${uses.value} is a tag` }
  }
})
/** Finds `run:` steps of workflows that a dangerous trigger starts. */
const dangerous = rule({
  ...facts,
  id: 'workflow/dangerous',
  over: 'workflow',
  *check({ triggers, jobs }) {
    if (!triggers.some(({ event }) => event.value === 'pull_request_target')) return
    for (const { steps } of jobs) for (const { run } of steps) if (run) yield { at: run.text.at, message: 'runs code' }
  }
})
const noTimeout = rule({
  ...facts,
  id: 'workflow/no-timeout',
  severity: 'warning',
  topic: 'reliability',
  over: 'workflow',
  *check({ jobs }) {
    for (const job of jobs) if (!job.timeout) yield { at: job.at, message: `${job.id.value} has no timeout` }
  }
})
const noHealthcheck = rule({
  ...facts,
  id: 'dockerfile/no-check',
  topic: 'health',
  over: 'dockerfile',
  *check({ instructions, stages }) {
    const last = stages.at(-1)
    if (last && !instructions.some(({ keyword }) => keyword === 'HEALTHCHECK'))
      yield { at: last.from.at, message: 'no health check' }
  }
})
const unprotected = rule({
  ...facts,
  id: 'branch/open',
  severity: 'warning',
  topic: 'gate',
  over: 'repo',
  *check({ branch }) {
    if (branch?.protected.is === 'no')
      yield { at: { path: '', line: 1, column: 1, endLine: 1, endColumn: 1 }, message: 'anyone may push' }
  }
})
const keyed = rule({
  ...facts,
  id: 'workflow/keyed',
  over: 'workflow',
  *check({ name }) {
    if (name) yield { at: name.at, message: `is ${name.value}`, key: 'name' }
  }
})
const RULES: Rule[] = [tagged, dangerous, noTimeout, noHealthcheck, unprotected]

const CI = '.github/workflows/ci.yml'
const ci = (steps: string, on = 'pull_request') =>
  `on: ${on}\njobs:\n  build:\n    runs-on: ubuntu-latest\n    timeout-minutes: 5\n    steps:\n${steps
    .trim()
    .split('\n')
    .map(line => `      ${line}\n`)
    .join('')}`
const USES = '- uses: actions/checkout@v4'

interface Extra {
  config?: Partial<Config>
  now?: Partial<Now>
  policy?: Partial<Policy>
  options?: InspectOptions
}
async function verdictOf(world: World, { config = {}, now = {}, policy = {}, options = {} }: Extra = {}) {
  const { head, ...rest } = world
  const { verdict } = await inspect(
    memorySource({ ...rest, files: head }),
    { config: mergeConfig({ require: [], ...config }), problems: [], ...policy },
    { today: '2026-11-20', authorMayWrite: 'yes', ...now },
    { everything: true, rules: RULES, ...options }
  )
  return verdict
}
const changed = (base: Files, head: Files, extra?: Extra) => verdictOf({ base, head }, extra)
const told = (verdict: Awaited<ReturnType<typeof verdictOf>>) =>
  verdict.findings.map(({ rule: { id }, at, introduced }) => `${at.line} ${id}${introduced ? ' new' : ''}`)

// ---------------------------------------------------------------- new and old

test.each<[string, Files, Files, string[]]>([
  ['keeps what was there as old', { [CI]: ci(USES) }, { [CI]: ci(USES) }, ['7 workflow/tagged']],
  [
    'keeps it as old when lines move',
    { [CI]: ci(USES) },
    { [CI]: `# a comment\n\n${ci(USES)}` },
    ['9 workflow/tagged']
  ],
  ['finds an added step new', { [CI]: ci('- run: make') }, { [CI]: ci(USES) }, ['7 workflow/tagged new']],
  [
    'takes a version bump for the old one',
    { [CI]: ci(USES) },
    { [CI]: ci(USES.replace('v4', 'v6')) },
    ['7 workflow/tagged']
  ],
  [
    'finds another action on the same line new',
    { [CI]: ci(USES) },
    { [CI]: ci('- uses: evil/checkout@v4') },
    ['7 workflow/tagged new']
  ],
  [
    'of a step that is there twice finds the one on the changed line new',
    { [CI]: ci(`- run: a\n${USES}`) },
    { [CI]: ci(`${USES}\n- run: a\n${USES}`) },
    ['7 workflow/tagged new', '9 workflow/tagged']
  ],
  [
    'finds an old line new that a trigger makes dangerous',
    { [CI]: ci('- run: make') },
    { [CI]: ci('- run: make', 'pull_request_target') },
    ['7 workflow/dangerous new']
  ],
  [
    'finds the unchanged FROM new when its HEALTHCHECK goes',
    { Dockerfile: 'FROM node:22\nHEALTHCHECK CMD true\nCMD ["node"]\n' },
    { Dockerfile: 'FROM node:22\nCMD ["node"]\n' },
    ['1 dockerfile/no-check new']
  ],
  [
    'keeps findings of a renamed file as old',
    { [CI]: ci(USES) },
    { '.github/workflows/build.yml': ci(USES) },
    ['7 workflow/tagged']
  ],
  [
    'keeps findings of a renamed job as old',
    { [CI]: ci(USES) },
    { [CI]: ci(USES).replace('build:', 'compile:') },
    ['7 workflow/tagged']
  ],
  [
    'keeps what is said of a job by its name as old when the job is renamed',
    { [CI]: ci('- run: make').replace('    timeout-minutes: 5\n', '') },
    { [CI]: ci('- run: make').replace('    timeout-minutes: 5\n', '').replace('build:', 'compile2:') },
    ['3 workflow/no-timeout']
  ],
  [
    'finds it new of a job that comes while another one is mended',
    { [CI]: ci('- run: make').replace('    timeout-minutes: 5\n', '') },
    { [CI]: `${ci('- run: make')}  compile:\n    steps: []\n` },
    ['8 workflow/no-timeout new']
  ],
  [
    'finds one of two jobs new that come where one goes',
    { [CI]: ci('- run: make').replace('    timeout-minutes: 5\n', '') },
    { [CI]: 'on: push\njobs:\n  a:\n    steps: []\n  b:\n    steps: []\n' },
    ['3 workflow/no-timeout', '5 workflow/no-timeout new']
  ],
  [
    'finds those of a copied job new',
    { [CI]: ci(USES) },
    { [CI]: `${ci(USES)}  more:\n    timeout-minutes: 5\n    steps:\n      ${USES}\n` },
    ['7 workflow/tagged', '11 workflow/tagged new']
  ],
  [
    'finds a new file new',
    { [CI]: ci(USES) },
    { [CI]: ci(USES), '.github/workflows/b.yml': ci(USES) },
    ['7 workflow/tagged new', '7 workflow/tagged']
  ]
])('it %s', async (_, base, head, expected) => {
  expect(told(await changed(base, head))).toEqual(expected)
})

test('it finds everything new without a base', async () => {
  expect(told(await verdictOf({ head: { [CI]: ci(USES) } }))).toEqual(['7 workflow/tagged new'])
})

test('it keeps what stands at the key of a renamed job as old, whatever its key says', async () => {
  const about = rule({
    ...facts,
    id: 'workflow/about',
    over: 'workflow',
    *check({ jobs }) {
      for (const job of jobs) yield { at: job.at, message: 'is a job', key: 'missing' }
    }
  })
  const options = { rules: [about] }
  const head = { [CI]: ci('- run: make').replace('build:', 'compile:') }
  expect(told(await changed({ [CI]: ci('- run: make') }, head, { options }))).toEqual(['3 workflow/about'])
  const more = { [CI]: `${ci('- run: make')}  more:\n    steps: []\n` }
  expect(told(await changed({ [CI]: ci('- run: make') }, more, { options }))).toEqual([
    '3 workflow/about',
    '8 workflow/about new'
  ])
})

test('it pairs by key where a problem has one', async () => {
  const options = { rules: [keyed] }
  const verdict = await changed({ [CI]: `name: one\n${ci(USES)}` }, { [CI]: `name: two\n${ci(USES)}` }, { options })
  expect(told(verdict)).toEqual(['1 workflow/keyed'])
})

test('it gives equal findings different fingerprints that survive moved lines and bumped versions', async () => {
  const prints = async (text: string) =>
    (await verdictOf({ head: { [CI]: text } })).findings.map(({ fingerprint }) => fingerprint)
  const before = await prints(ci(`${USES}\n${USES}`))
  expect(new Set(before).size).toBe(2)
  expect(await prints(`# moved\n${ci(`${USES}\n${USES}`).replaceAll('@v4', '@v6')}`)).toEqual(before)
})

test.each([
  ['actions/checkout@v4', 'actions/checkout@0123456789abcdef0123456789abcdef01234567'],
  ['FROM node:22-slim AS app', 'FROM node:24.1-alpine AS app'],
  ['image: ghcr.io/o/r:1.2.3', 'image: ghcr.io/o/r:1.3'],
  ['localhost:5000/app:1', 'localhost:5000/app:latest'],
  ['pip install foo==1.2.3', 'pip install foo==2.0'],
  ['FROM a@sha256:0123456789abcdef', 'FROM a@sha256:fedcba9876543210']
])('it takes %s and %s for one text', (a, b) => expect(withoutVersions(a)).toBe(withoutVersions(b)))

test.each([
  ['actions/checkout@v4', 'actions/cache@v4'],
  ['FROM node:22', 'FROM python:22'],
  ['localhost:5000/app:1', 'localhost:5000/other:1'],
  ['curl https://a.example/x', 'curl https://b.example/x'],
  ['permissions: write-all', 'permissions: read-all']
])('it tells %s from %s', (a, b) => expect(withoutVersions(a)).not.toBe(withoutVersions(b)))

// ---------------------------------------------------------------- config

test('it hides what config switches off for a path, and drops what is off everywhere', async () => {
  const head = { [CI]: ci(USES), '.github/workflows/x.yml': ci(USES) }
  const overrides = [{ paths: ['**/x.yml'], rules: [{ rule: 'workflow/*', severity: 'off' as const }] }]
  const some = await verdictOf({ head }, { config: { overrides } })
  expect(some.findings.map(({ at }) => at.path)).toEqual([CI])
  expect(some.hidden).toMatchObject([{ because: 'off', finding: { at: { path: '.github/workflows/x.yml' } } }])
  const none = await verdictOf({ head }, { config: { rules: [{ rule: 'workflow/tagged', severity: 'off' }] } })
  expect([none.findings, none.hidden]).toEqual([[], []])
})

test('it runs a rule outside the preset that config switches on for one path', async () => {
  const strict = { ...tagged, preset: 'strict' } as const
  const head = { [CI]: ci(USES), '.github/workflows/x.yml': ci(USES) }
  const overrides = [{ paths: ['**/x.yml'], rules: [{ rule: 'workflow/tagged', severity: 'note' as const }] }]
  const { findings } = await verdictOf({ head }, { config: { overrides }, options: { rules: [strict] } })
  expect(findings).toMatchObject([{ severity: 'note', at: { path: '.github/workflows/x.yml' } }])
})

test('it asks only the rules that are named, whatever the preset, and requires nothing else', async () => {
  const strict = { ...tagged, preset: 'strict' } as const
  const rules = [strict, noTimeout]
  const head = { [CI]: ci(USES).replace('    timeout-minutes: 5\n', '') }
  const ask = async (only: string[]) =>
    verdictOf({ head }, { config: { require: ['tests'] }, options: { rules, only } })
  const named = await ask(['workflow/tagged'])
  expect(told(named)).toEqual(['6 workflow/tagged new'])
  expect(named.requirements).toEqual([])
  expect(told(await ask(['workflow/*']))).toEqual(['3 workflow/no-timeout new'])
})

// ---------------------------------------------------------------- what blocks

const OLD = { [CI]: ci(USES) }
const NEW: World = { base: { [CI]: ci('- run: make') }, head: OLD }
const branch = { name: 'main', protected: false }

test.each<[string, World, Extra, string]>([
  ['an introduced error', NEW, {}, 'failure'],
  [
    'an introduced error below fail-on',
    { ...NEW },
    { config: { rules: [{ rule: 'workflow/tagged', severity: 'warning' }] } },
    'success'
  ],
  [
    'an introduced warning with fail-on: warning',
    NEW,
    { config: { failOn: 'warning', rules: [{ rule: 'workflow/tagged', severity: 'warning' }] } },
    'failure'
  ],
  ['an old error', { base: OLD, head: OLD }, {}, 'success'],
  ['an old error of a required topic', { base: OLD, head: OLD }, { config: { require: ['security'] } }, 'failure'],
  [
    'an old note of a required topic',
    { base: OLD, head: OLD },
    { config: { require: ['security'], rules: [{ rule: '*', severity: 'note' }] } },
    'success'
  ],
  [
    'a required topic that nothing is found of',
    { base: OLD, head: OLD },
    { config: { require: ['efficiency'] } },
    'success'
  ],
  ['a first run', NEW, { now: { firstRun: true } }, 'neutral'],
  ['warn-only before the day', NEW, { config: { warnOnlyUntil: '2026-11-21' } }, 'neutral'],
  ['warn-only on the day', NEW, { config: { warnOnlyUntil: '2026-11-20' } }, 'failure'],
  ['weak protection', { base: {}, head: {}, branch }, {}, 'success'],
  [
    'weak protection of a folder, failing on warnings',
    { head: {}, branch },
    { config: { failOn: 'warning' } },
    'success'
  ],
  ['weak protection with require: gate', { base: {}, head: {}, branch }, { config: { require: ['gate'] } }, 'failure'],
  ['unread protection with require: gate', { base: {}, head: {} }, { config: { require: ['gate'] } }, 'neutral'],
  [
    'unread protection with require: gate and unknown: fail',
    { base: {}, head: {} },
    { config: { require: ['gate'], unknown: 'fail' } },
    'failure'
  ],
  [
    'good protection with require: gate',
    { base: {}, head: {}, branch: { protected: true, requiredChecks: ['test'] } },
    { config: { require: ['gate'] } },
    'success'
  ]
])('it concludes on %s: %#', async (_, world, extra, conclusion) => {
  const verdict = await verdictOf(world, extra)
  expect(verdict.conclusion).toBe(conclusion)
  expect(verdict.because).not.toBe('')
  expect(verdict.because).not.toContain('\n')
})

const at = { path: 'c.yml', line: 2, column: 1, endLine: 2, endColumn: 3 }
const broken = [{ at, message: 'unknown key' }]
test.each<[string, Extra, string, boolean]>([
  ['our own failure over a first run', { now: { firstRun: true }, policy: { problems: broken } }, 'failure', true],
  [
    'our own failure over warn-only',
    { policy: { problems: broken }, config: { warnOnlyUntil: '2030-01-01' } },
    'failure',
    true
  ],
  [
    'a first run over warn-only',
    { now: { firstRun: true }, config: { warnOnlyUntil: '2030-01-01' } },
    'neutral',
    false
  ],
  ['a first run over failure', { now: { firstRun: true } }, 'neutral', false],
  ['warn-only over failure', { config: { warnOnlyUntil: '2030-01-01' } }, 'neutral', false],
  ['failure over neutral', { config: { require: ['gate'] } }, 'failure', false],
  [
    'warn-only over an unknown that fails',
    { config: { require: ['gate'], unknown: 'fail', warnOnlyUntil: '2030-01-01' } },
    'neutral',
    false
  ]
])('it puts %s', async (_, extra, conclusion, failed) => {
  const verdict = await verdictOf(NEW, extra)
  expect([verdict.conclusion, verdict.failed !== undefined]).toEqual([conclusion, failed])
})

test('it says what would have blocked, and why it did not', async () => {
  const first = await verdictOf(NEW, { now: { firstRun: true } })
  expect(first.wouldBlock).toEqual([`${CI}:7:15: actions/checkout@v4 is a tag (workflow/tagged)`])
  expect(first.because).toBe('this is the first run: from the next pull request on this blocks: 1 new finding at error')
  const later = await verdictOf(NEW, { config: { warnOnlyUntil: '2027-01-31' } })
  expect(later.wouldBlock).toHaveLength(1)
  expect(later.because).toContain('nothing blocks before 2027-01-31')
  expect((await verdictOf(NEW)).wouldBlock).toEqual([])
})

test('it lists a broken config as unread, with its place, and never passes', async () => {
  const verdict = await verdictOf({ head: {} }, { policy: { problems: broken } })
  expect(verdict.unread).toContainEqual({ what: 'config', reason: 'unknown key', at })
  expect(verdict.failed).toBe('c.yml:2:1: unknown key')
})

test('it finds the broken config of a pull request, and still judges by the one in force', async () => {
  const head = { ...OLD, '.github/pipeline-hygiene.yml': 'presets: all\n' }
  const proposed = {
    config: {},
    problems: [{ at: { ...at, path: '.github/pipeline-hygiene.yml' }, message: 'unknown key' }]
  }
  const verdict = await changed(OLD, head, { policy: { proposed } })
  expect(verdict.conclusion).toBe('failure')
  expect(verdict.failed).toBeUndefined()
  expect(told(verdict)).toEqual(['2 config/invalid new', '7 workflow/tagged'])
})

test('it says what a changed config does after the merge, and does not follow it', async () => {
  const proposed = { config: { rules: [{ rule: '*', severity: 'off' as const }] }, problems: [] }
  const verdict = await verdictOf(NEW, { policy: { proposed } })
  expect(verdict.conclusion).toBe('failure')
  expect(verdict.notices).toEqual([
    'the config of this pull request holds after the merge; with it this would be 0 findings, success, in place of 1 finding, failure'
  ])
})

test('it lists what could not be read once', async () => {
  const open = rule({
    ...facts,
    id: 'workflow/open',
    over: 'workflow',
    *check() {
      yield { what: 'a thing', reason: 'closed' }
    }
  })
  const head = { [CI]: ci(USES), '.github/workflows/x.yml': ci(USES) }
  const { unread } = await verdictOf({ head }, { options: { rules: [open] } })
  expect(unread.filter(({ what }) => what === 'a thing')).toHaveLength(1)
})

test('a rule that asks for the owner is told the one that the source knows, unless the config tells', async () => {
  const told: unknown[] = []
  const asks = rule({
    ...facts,
    id: 'workflow/asks',
    over: 'workflow',
    options: { owner: { type: 'string', default: '', about: 'Whose.' } },
    check(_, { owner }) {
      told.push(owner)
      return []
    }
  })
  const source = { ...memorySource({ files: { [CI]: ci(USES) } }), owner: 'acme' }
  for (const rules of [[], [{ rule: 'workflow/asks', options: { owner: 'other' } }]])
    await inspect(source, { config: mergeConfig({ rules }), problems: [] }, { today: '2026-11-20' }, { rules: [asks] })
  expect(told).toEqual(['acme', 'other'])
})
