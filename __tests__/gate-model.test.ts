import { expect, test } from '@jest/globals'
import { mergeConfig } from '../src/config.js'
import { folded, type Gate, type GateRow, gateOf, MAY_START } from '../src/gate.js'
import { inspect } from '../src/inspect.js'
import type { BranchFacts, Files } from '../src/model.js'
import { readRepo } from '../src/repo.js'
import { rules } from '../src/rules/index.js'
import { memorySource } from '../src/source/memory.js'

const CI = '.github/workflows/ci.yml'
const guarded = (...requiredChecks: string[]): BranchFacts => ({
  name: 'main',
  protected: true,
  approvals: true,
  approvalCount: 2,
  mergeQueue: false,
  externalContexts: [],
  requiredChecks
})
const job = (id: string, run: string, head = '') =>
  `  ${id}:\n${head}    runs-on: ubuntu-24.04\n    steps:\n      - run: ${run}\n`
const ci = (jobs: string, on = 'pull_request'): Files => ({ [CI]: `on: ${on}\njobs:\n${jobs}`, 'src/a.js': '1\n' })

async function gate(files: Files, branch?: BranchFacts): Promise<Gate> {
  const source = memorySource({ files, ...(branch && { branch }) })
  const { repo, verdict } = await inspect(
    source,
    { config: mergeConfig({ preset: 'recommended' }), problems: [] },
    { today: '2026-01-01', authorMayWrite: 'yes' },
    { everything: true }
  )
  return gateOf(repo, verdict.findings)!
}
const row = (found: Gate, name: string): GateRow => found.rows.find(({ names }) => names.includes(name))!

// ---------------------------------------------------------------- rows

test('draws nothing where nothing runs', async () => {
  expect(await gate({ 'src/a.js': '1\n' })).toBeUndefined()
})

test.each([
  ['an event for all', 'pull_request', ['pull request']],
  ['a filter over paths', '{ pull_request: { paths: [src/**] } }', ['pull request, some paths']],
  ['a merge queue beside it', '[pull_request, merge_group]', ['pull request + merge queue']],
  ['a merge queue alone', 'merge_group', ['merge queue']],
  ['branches of which the target may be one', '{ pull_request: { branches: [release/*] } }', [MAY_START]]
])('says what starts a check: %s', async (_, on, starts) =>
  expect(row(await gate(ci(job('test', 'npx jest'), on)), 'test').starts).toEqual(starts)
)

test.each<[string, string, string[]]>([
  ['a test command', 'npx jest', ['unit tests']],
  ['a linter', 'npx eslint .', ['lint']],
  ['a type checker', 'npx tsc --noEmit', ['types']],
  ['nothing known', 'echo hello', []],
  ['tests whose failure is lost', 'npx jest || true', []]
])('says what a check proves: %s', async (_, run, proves) =>
  expect(row(await gate(ci(job('check', run))), 'check').proves).toEqual(proves)
)

test('leaves out what only another workflow, another event or nobody starts', async () => {
  const { rows } = await gate({
    ...ci(job('test', 'npx jest')),
    '.github/workflows/unit.yml': `on: workflow_call\njobs:\n${job('unit', 'npx jest')}`,
    '.github/workflows/night.yml': `on: { schedule: [{ cron: 0 0 * * * }] }\njobs:\n${job('night', 'npx jest')}`
  })
  expect(rows.map(({ names }) => names)).toEqual([['test']])
})

test('makes one row of a matrix, and says how many of it are required', async () => {
  const matrix = '    strategy: { matrix: { node: [20, 22, 24] } }\n'
  const files = ci(job('test', 'npx jest', matrix))
  expect(row(await gate(files), 'test')).toMatchObject({ count: 3, required: 'unknown' })
  expect(row(await gate(files, guarded('test (20)')), 'test')).toMatchObject({ required: 'yes', partly: 1 })
  const all = row(await gate(files, guarded('test (20)', 'test (22)', 'test (24)')), 'test')
  expect([all.required, all.partly]).toEqual(['yes', undefined])
})

test('says that a job whose matrix is computed may be the required one', async () => {
  const matrix = '    strategy: { matrix: { node: "${{ fromJSON(inputs.versions) }}" } }\n'
  const found = await gate(ci(job('test', 'npx jest', matrix)), guarded('test (20)'))
  expect(found.rows).toHaveLength(1)
  expect(row(found, 'test')).toMatchObject({ count: undefined, required: 'unknown' })
})

test.each<[string, string, BranchFacts | undefined]>([
  ['unread rules', 'unknown', undefined],
  ['rules that could not be read in part', 'unknown', { name: 'main', protected: true }],
  ['a required check', 'yes', guarded('test')],
  ['another required check', 'no', guarded('other')],
  ['no required check', 'no', guarded()],
  ['no protection at all', 'no', { name: 'main', protected: false, requiredChecks: [] }],
  ['the name asked of another app', 'no', { ...guarded(), requiredChecks: [{ context: 'test', appId: 99 }] }]
])('with %s it is required: %s', async (_, required, branch) => {
  const { rows } = await gate(ci(job('test', 'npx jest')), branch)
  expect(rows.find(({ starts }) => starts.length)?.required).toBe(required)
})

test('shows required checks that no job reports', async () => {
  const files = ci(job('test', 'npx jest'))
  const gone = row(await gate(files, guarded('test', 'gone')), 'gone')
  expect(gone).toMatchObject({ required: 'yes', starts: [], holes: ['nothing reports it'], unknown: [] })
  const { externalContexts, ...blind } = guarded('test', 'gone')
  expect(row(await gate(files, blind), 'gone')).toMatchObject({ holes: [], unknown: ['not known who reports it'] })
  const theirs = row(await gate(files, { ...guarded('test', 'theirs'), externalContexts: ['theirs'] }), 'theirs')
  expect(theirs).toMatchObject({ holes: [], unknown: [], proves: ['reported by another app'] })
})

test('shows CI elsewhere as long as the rules are unread', async () => {
  const files = { ...ci(job('lint', 'npx eslint .')), '.circleci/config.yml': 'version: 2.1\n' }
  expect(row(await gate(files), 'CircleCI')).toMatchObject({
    required: 'unknown',
    unknown: ['not known what it checks']
  })
  expect(row(await gate(files, guarded('lint')), 'CircleCI')).toBeUndefined()
})

test('says through which required check a job counts', async () => {
  const done = job('done', 'exit 1', "    needs: [lint]\n    if: always() && contains(needs.*.result, 'failure')\n")
  const jobs = job('test', 'npx jest') + job('lint', 'npx eslint .', '    needs: test\n') + done + job('alone', 'echo')
  const found = await gate(ci(jobs), guarded('done'))
  const [key] = row(found, 'done').keys
  expect([row(found, 'lint').through, row(found, 'test').through]).toEqual([[key], [key]])
  expect(row(found, 'alone').through).toEqual([])
})

// ---------------------------------------------------------------- holes

const late = "{ pull_request: { paths: ['src/**'] } }"
test.each<[string, Files, BranchFacts, string[]]>([
  ['a filter', ci(job('test', 'npx jest'), late), guarded('test'), ['not always started']],
  [
    'a condition',
    ci(job('test', 'npx jest', '    if: github.event.pull_request.draft == false\n')),
    guarded('test'),
    ['passes when skipped']
  ],
  ['a queue', ci(job('test', 'npx jest')), { ...guarded('test'), mergeQueue: true }, ['not in the merge queue']],
  ['lost failures', ci(job('test', 'npx jest || true')), guarded('test'), ['test failures ignored']],
  ['tests that are not required', ci(job('test', 'npx jest') + job('b', 'echo')), guarded('b'), ['tests not required']],
  ['nothing', ci(job('test', 'npx jest')), guarded('test'), []]
])('marks the row that has a hole: %s', async (_, files, branch, holes) => {
  const found = await gate(files, branch)
  expect(row(found, 'test').holes).toEqual(holes)
  expect(found.merge.holes).toEqual([])
})

test('marks every job whose tests come from one script that loses their failures', async () => {
  const files = {
    ...ci(job('a', 'npm test') + job('b', 'npm test') + job('c', 'npx jest')),
    'package.json': '{ "scripts": { "test": "jest || true" } }\n'
  }
  const { rows } = await gate(files)
  expect(rows.filter(({ holes }) => holes.length).map(({ names }) => names[0])).toEqual(['a', 'b'])
})

test('marks of what a call leads to the jobs that are meant', async () => {
  const unit = `on: workflow_call\njobs:\n${job('a', 'npx jest')}${job('b', 'npx eslint .')}`
  const files = {
    ...ci(`  call:\n    uses: ./.github/workflows/unit.yml\n${job('own', 'echo')}`),
    '.github/workflows/unit.yml': unit
  }
  const { rows } = await gate(files, guarded('own'))
  expect(rows.map(({ names, holes }) => [names[0], holes])).toEqual([
    ['own', []],
    ['call / a', ['tests not required']],
    ['call / b', []]
  ])
})

test('stays linear in jobs, findings and required checks', async () => {
  const took = async (count: number) => {
    const jobs = Array.from({ length: count }, (_, at) =>
      job(`j${at}`, 'npx jest || true', at ? `    needs: j${at - 1}\n` : '')
    )
    const files = ci(jobs.join(''), late)
    const names = jobs.map((_, at) => (at % 2 ? `j${at}` : `gone ${at}`))
    const repo = await readRepo(memorySource({ files, branch: guarded(...names) }), { everything: true })
    const rule = rules.find(({ id }) => id === 'pipeline/required-check-never-reported')!
    const findings = names.map((name, at) => ({
      rule,
      severity: 'error' as const,
      at: repo.pipeline.jobs[at]!.job.at,
      key: `required ${name}`,
      message: '',
      fingerprint: '',
      introduced: true
    }))
    const started = performance.now()
    const drawn = folded(gateOf(repo, findings)!.rows, 12)
    expect(drawn.length).toBeLessThanOrEqual(12)
    return performance.now() - started
  }
  await took(300)
  const [few, many] = [await took(1000), await took(4000)]
  expect(many).toBeLessThan(Math.max(few * 12, 400))
})

test.each<[string, BranchFacts, string[]]>([
  ['no protection', { name: 'main', protected: false, requiredChecks: [] }, ['unprotected']],
  ['no required check', guarded(), ['no check required']],
  ['rules that are unread', {}, []]
])('marks the merge for what is about the branch: %s', async (_, branch, holes) =>
  expect((await gate(ci(job('test', 'npx jest')), branch)).merge.holes).toEqual(holes)
)

test('never says unprotected of what could not be read', async () => {
  const { merge } = await gate(ci(job('test', 'npx jest')))
  expect(merge).toMatchObject({ protected: 'unknown', holes: [], asks: [] })
})

test('shows no hole that is suppressed', async () => {
  const files = ci(
    job('test', 'npx jest || true # pipeline-hygiene ignore pipeline/test-failure-ignored -- flaky, #12')
  )
  const { rows } = await gate(files)
  expect(rows.flatMap(({ holes }) => holes)).toEqual([])
})

// ---------------------------------------------------------------- what follows

test('tells what follows the merge, what starts with it first', async () => {
  const { after } = await gate({
    ...ci(job('test', 'npx jest')),
    '.github/workflows/b.yml': `on: workflow_dispatch\njobs:\n${job('pages', 'npx wrangler deploy')}`,
    '.github/workflows/c.yml': `on: { push: { branches: [main] } }\njobs:\n${job('ship', 'npm publish')}`,
    '.github/workflows/d.yml': `on: workflow_call\njobs:\n${job('called', 'npm publish')}`
  })
  expect(after.map(({ names, starts, proves }) => [names[0], starts, proves])).toEqual([
    ['ship', ['push'], ['publishes']],
    ['pages', ['demand'], ['deploys']]
  ])
})

// ---------------------------------------------------------------- folding

const many = (count: number, facts: (at: number) => Partial<GateRow>): GateRow[] =>
  Array.from({ length: count }, (_, at) => ({
    names: [`job ${at}`],
    count: 1,
    starts: ['pull request'],
    proves: ['lint'],
    required: 'no',
    holes: [],
    unknown: [],
    keys: [`${at}`],
    through: [],
    ...facts(at)
  }))

test('leaves few rows alone', () => {
  const rows = many(12, () => ({}))
  expect(folded(rows, 12)).toEqual(rows)
})

test('folds those alike, and no more of them than it must', () => {
  const rows = many(14, at => ({
    proves: at < 4 ? ['lint'] : at < 8 ? ['types'] : [`own ${at}`],
    required: at < 4 ? 'no' : 'yes'
  }))
  const shown = folded(rows, 12)
  expect(shown).toHaveLength(11)
  expect(shown[0]).toMatchObject({ names: ['job 0', 'job 1', 'job 2', 'job 3'], count: 4, keys: ['0', '1', '2', '3'] })
})

test('folds five thousand that all differ to a few, and loses none, no hole and no count', () => {
  const rows = many(5000, at => ({
    proves: [at % 7 ? `own ${at}` : 'unit tests'],
    required: (['yes', 'no', 'unknown'] as const)[at % 3]!,
    holes: at === 77 ? ['test failures ignored'] : [],
    ...(at % 11 === 0 && { count: 2 })
  }))
  const shown = folded(rows, 12)
  expect(shown.length).toBeLessThanOrEqual(12)
  expect(shown.flatMap(({ keys }) => keys)).toHaveLength(5000)
  expect(shown.reduce((sum, { count }) => sum + count!, 0)).toBe(5000 + 455)
  expect(shown.filter(({ holes }) => holes.length).map(({ names }) => names)).toEqual([['job 77']])
})

test('adds up how many are required', () => {
  const rows = many(3, at => ({ required: 'yes', count: 4, ...(at === 1 && { partly: 2 }) }))
  expect(folded(rows, 1)).toMatchObject([{ count: 12, partly: 10 }])
  expect(folded(rows.slice(1, 2), 1)).toMatchObject([{ count: 4, partly: 2 }])
  const [whole] = folded(rows.toSpliced(1, 1), 1)
  expect(whole!.partly).toBeUndefined()
})

test('keeps apart what different events start as long as there is room', () => {
  const rows = many(20, at => ({ proves: [`own ${at}`], starts: [at % 2 ? 'push' : 'pull request'] }))
  expect(folded(rows, 12).map(({ starts }) => starts)).toEqual(expect.arrayContaining([['pull request'], ['push']]))
  expect(folded(rows, 1).map(({ starts }) => starts)).toEqual([['pull request', 'push']])
})

test('does not know the count of what is computed', () => {
  const [one] = folded(
    many(3, at => ({ count: at ? 1 : undefined })),
    1
  )
  expect(one!.count).toBeUndefined()
})
