import { expect, test } from '@jest/globals'
import { mergeConfig } from '../src/config.js'
import type { Config, Diff, Finding, Hidden, PipelineJob, Place, Repo, TestRun, Topic, Unit } from '../src/model.js'
import { requirementsOf } from '../src/requirements.js'
import { rule } from '../src/rule.js'
import { repoOf } from './helpers.js'

const CI = '.github/workflows/ci.yml'
const place = (path: string, line = 1): Place => ({ path, line, column: 1, endLine: line, endColumn: 9 })
const base = await repoOf({
  [CI]: 'on: pull_request\njobs:\n  a:\n    steps:\n      - run: npm test\n',
  Dockerfile: 'FROM scratch\n',
  'src/a.ts': 'export {}\n'
})
const workflow = base.workflows[0]!
const step = workflow.jobs[0]!.steps[0]!

const testRun = (ignored?: string): TestRun => ({
  level: 'unit',
  command: 'npm test',
  at: place(CI, 5),
  step,
  through: [],
  ...(ignored !== undefined && { ignored: { how: ignored, at: place(CI, 7) } })
})
const job = (onPullRequest: PipelineJob['onPullRequest'], tests: TestRun[], unread: PipelineJob['unread'] = []) => ({
  workflow,
  job: workflow.jobs[0]!,
  checks: ['a'],
  events: ['pull_request'],
  onPullRequest,
  tests,
  unread,
  callers: []
})
const change = (path: string, status: Diff[number]['status'] = 'modified'): Diff => [{ path, status, added: [] }]
const SOURCE = change('src/a.ts')
const IMAGE = change('Dockerfile')

const repo = (part: Partial<Repo>): Repo => ({ ...base, pipeline: { jobs: [], external: [] }, units: [], ...part })
const standing = (
  topic: Topic,
  seen: Repo,
  config: Partial<Config> = {},
  findings: Finding[] = [],
  hidden: Hidden[] = []
) => requirementsOf(seen, mergeConfig({ ...config, require: [topic] }), findings, hidden)[0]!

// ---------------------------------------------------------------- tests

const jobs = (...list: PipelineJob[]) => ({ pipeline: { jobs: list, external: [] } })
const CLOSED = { what: 'make', reason: 'no Makefile' }

test.each<[string, Partial<Repo>, string, string]>([
  ['met by a run that counts', { diff: SOURCE, ...jobs(job('yes', [testRun()])) }, 'met', 'npm test'],
  ['met by a run for some paths', { diff: SOURCE, ...jobs(job('filtered', [testRun()])) }, 'met', 'npm test'],
  ['met without a base too', jobs(job('yes', [testRun()])), 'met', 'npm test'],
  ['not met without any job', { diff: SOURCE }, 'not-met', 'no job that a pull request starts runs tests'],
  ['not met without a base', {}, 'not-met', 'no job'],
  ['not met by a job without tests', { diff: SOURCE, ...jobs(job('yes', [])) }, 'not-met', 'no job'],
  [
    'not met by a job that only a push starts',
    { diff: SOURCE, ...jobs(job('no', [testRun()])) },
    'not-met',
    'no pull request to this branch starts them'
  ],
  [
    'met by a run of the merge queue',
    { diff: SOURCE, ...jobs({ ...job('no', [testRun()]), events: ['merge_group'] }) },
    'met',
    'npm test'
  ],
  [
    'not met by a run whose failure is lost',
    { diff: SOURCE, ...jobs(job('yes', [testRun('|| true')])) },
    'not-met',
    'the failure of `npm test` does not count (|| true)'
  ],
  [
    'met where one of two counts',
    { diff: SOURCE, ...jobs(job('yes', [testRun('|| true'), testRun()])) },
    'met',
    'npm test'
  ],
  [
    'unknown where a step could not be followed',
    { diff: SOURCE, ...jobs(job('yes', [], [CLOSED])) },
    'unknown',
    'make: no Makefile'
  ],
  [
    'not met where that step is in a job for pushes',
    { diff: SOURCE, ...jobs(job('no', [], [CLOSED])) },
    'not-met',
    'no job'
  ],
  [
    'met where something else could not be followed',
    { diff: SOURCE, ...jobs(job('yes', [], [CLOSED]), job('yes', [testRun()])) },
    'met',
    'npm test'
  ],
  [
    'unknown where what starts the job is unknown',
    { diff: SOURCE, ...jobs(job('unknown', [testRun()])) },
    'unknown',
    'starts a'
  ],
  [
    'unknown where another CI runs',
    { diff: SOURCE, pipeline: { jobs: [], external: [{ name: 'Buildkite', by: '.buildkite/pipeline.yml' }] } },
    'unknown',
    'Buildkite may run them (.buildkite/pipeline.yml)'
  ],
  [
    'unknown where a changed workflow was not read, source or not',
    { diff: change(CI), looked: [{ path: CI, kind: 'workflow', as: 'unread', reason: 'no access' }] },
    'unknown',
    `${CI} changes and was not read: no access`
  ],
  [
    'out of place where a workflow was not read that stays as it is',
    { diff: IMAGE, looked: [{ path: CI, kind: 'workflow', as: 'unread', reason: 'no access' }] },
    'not-applicable',
    'no source file changes'
  ],
  [
    'unknown where a workflow was not read',
    { diff: SOURCE, looked: [{ path: CI, kind: 'workflow', as: 'unread', reason: 'no access' }] },
    'unknown',
    'no access'
  ],
  [
    'not met where a workflow is broken, which runs nothing',
    { diff: SOURCE, looked: [{ path: CI, kind: 'workflow', as: 'broken', reason: 'tabs' }] },
    'not-met',
    'no job'
  ],
  ['out of place where no source changes', { diff: change('README.md') }, 'not-applicable', 'no source file changes'],
  ['out of place where only a test changes', { diff: change('src/a.test.ts') }, 'not-applicable', 'no source'],
  ['out of place where nothing is source', { paths: ['README.md'] }, 'not-applicable', 'no source'],
  [
    'out of place where the pipeline changes and never had tests',
    { diff: change(CI), base: repo({}) },
    'not-applicable',
    'no source'
  ],
  [
    'not met where the pipeline loses its tests',
    { diff: change(CI), base: repo(jobs(job('yes', [testRun()]))) },
    'not-met',
    'no job'
  ],
  [
    'unknown where the pipeline hands its tests to what cannot be read',
    { diff: change(CI), base: repo(jobs(job('yes', [testRun()]))), ...jobs(job('yes', [], [CLOSED])) },
    'unknown',
    'make'
  ]
])('tests are %s', (_, part, state, why) => {
  expect(standing('tests', repo(part))).toMatchObject({ state, why: expect.stringContaining(why) })
})

test('tests point at what loses their failure', () => {
  const lost = repo({ diff: SOURCE, ...jobs(job('yes', [testRun('|| true')])) })
  expect(standing('tests', lost).at).toEqual(place(CI, 7))
})

test('tests follow the globs of the config', () => {
  const docs = repo({ diff: change('doc/a.md') })
  expect(standing('tests', docs).state).toBe('not-applicable')
  expect(standing('tests', docs, { source: ['doc/**'] }).state).toBe('not-met')
  expect(standing('tests', repo({ diff: SOURCE }), { source: ['!src/**'] }).state).toBe('not-applicable')
})

const hide = (id: string, topic: Topic, at: Place, because: Hidden['because']): Hidden => ({
  because,
  reason: 'a library',
  finding: {
    at,
    message: 'a problem',
    severity: 'warning',
    fingerprint: '0',
    introduced: true,
    rule: rule({
      id,
      title: 'A title',
      why: 'A reason.',
      fix: 'A fix.',
      severity: 'warning',
      topic,
      preset: 'recommended',
      over: 'repo',
      *check() {},
      bad: {},
      good: {}
    })
  }
})

test('tests that a suppression excuses do not block', () => {
  const hidden = [hide('pipeline/no-tests-on-pull-request', 'tests', place(CI), 'suppressed')]
  expect(standing('tests', repo({ diff: SOURCE }), {}, [], hidden)).toMatchObject({
    state: 'not-applicable',
    why: 'suppressed: a library'
  })
})

// ---------------------------------------------------------------- health

const unit = (health: Unit['health'], part: Partial<Unit> = {}): Unit => ({
  name: 'app',
  kind: 'image',
  at: place('Dockerfile'),
  health,
  why: 'it is so',
  paths: ['Dockerfile', 'src/a.ts'],
  ...part
})

test.each<[string, Partial<Repo>, string, string | RegExp]>([
  ['met where every touched unit has a check', { diff: IMAGE, units: [unit('yes')] }, 'met', 'app has a health check'],
  ['not met where one has none', { diff: IMAGE, units: [unit('no')] }, 'not-met', /^app has no health check$/],
  [
    'not met where one had none before, and says so',
    { diff: IMAGE, units: [unit('no')], base: repo({ units: [unit('no')] }) },
    'not-met',
    /^app has no health check, as before this pull request$/
  ],
  [
    'not met where one has lost it',
    { diff: IMAGE, units: [unit('no')], base: repo({ units: [unit('yes')] }) },
    'not-met',
    /^app has no health check$/
  ],
  ['not met where its source changes', { diff: SOURCE, units: [unit('no')] }, 'not-met', 'app has no'],
  ['not met without a base', { units: [unit('no')] }, 'not-met', 'app has no'],
  [
    'not met where one of two has none',
    { diff: IMAGE, units: [unit('yes'), unit('no', { name: 'b' })] },
    'not-met',
    'b has no'
  ],
  [
    'unknown where a changed file was not read',
    { diff: IMAGE, looked: [{ path: 'Dockerfile', kind: 'dockerfile', as: 'unread', reason: 'no access' }] },
    'unknown',
    'Dockerfile changes and was not read: no access'
  ],
  ['unknown where it cannot be told', { diff: IMAGE, units: [unit('unknown')] }, 'unknown', 'app: it is so'],
  ['not met over unknown', { diff: IMAGE, units: [unit('unknown'), unit('no')] }, 'not-met', 'app has no'],
  [
    'out of place where none is touched',
    { diff: change('README.md'), units: [unit('no')] },
    'not-applicable',
    'nothing that is deployed'
  ],
  [
    'out of place where it needs none',
    { diff: IMAGE, units: [unit('none-needed')] },
    'not-applicable',
    'app needs none: it is so'
  ],
  [
    'out of place for a service beside a job',
    { units: [unit('no', { kind: 'job-service' })] },
    'not-applicable',
    'nothing'
  ],
  [
    'not met where the pull request removes the file that had the check',
    {
      diff: change('compose.yml', 'removed'),
      units: [unit('no')],
      base: repo({ units: [unit('yes', { paths: ['compose.yml'] })] })
    },
    'not-met',
    'app has no'
  ]
])('health is %s', (_, part, state, why) => {
  expect(standing('health', repo(part))).toMatchObject({ state, why: expect.stringMatching(why) })
})

test('a unit whose finding is hidden does not block, and its neighbour does', () => {
  const hidden = [hide('dockerfile/no-healthcheck', 'health', place('Dockerfile'), 'suppressed')]
  const one = repo({ diff: IMAGE, units: [unit('no')] })
  expect(standing('health', one, {}, [], hidden)).toMatchObject({
    state: 'not-applicable',
    why: 'suppressed: a library'
  })
  const two = repo({ diff: IMAGE, units: [unit('no'), unit('no', { name: 'b', at: place('b/Dockerfile') })] })
  expect(standing('health', two, {}, [], hidden)).toMatchObject({ state: 'not-met', at: { path: 'b/Dockerfile' } })
})

test('a topic that is required twice is told once', () => {
  expect(requirementsOf(repo({}), mergeConfig({ require: ['gate', 'gate'] }), [], [])).toHaveLength(1)
})

test.each([
  ['it is so', 'app: it is so'],
  ['app: its image is not known', 'app: its image is not known']
])('a unit is named once: %s', (why, told) => {
  expect(standing('health', repo({ diff: IMAGE, units: [unit('unknown', { why })] })).why).toBe(told)
})
