import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import type { Files } from '../src/model.js'
import { readRepo } from '../src/repo.js'
import { run } from '../src/rule.js'
import { rules } from '../src/rules/index.js'
import { githubSource } from '../src/source/github.js'
import { type GitHub, type Repository, startGitHub } from './github/server.js'

/**
 * Required checks as GitHub treats them, held against what is said of them. `hangs`: the merge waits for ever. `passes`: it
 * goes on although nothing was tested. `fine`: the check decides. `unknown`: nobody can tell from here.
 */
type Outcome = 'hangs' | 'passes' | 'fine' | 'unknown'
const MEANS: Record<string, Outcome> = {
  'pipeline/required-check-never-reported': 'hangs',
  'pipeline/required-check-not-started': 'hangs',
  'pipeline/required-check-not-in-merge-queue': 'hangs',
  'pipeline/required-check-skippable': 'passes',
  'pipeline/required-check-aggregation': 'passes'
}
const asked = rules.filter(({ id }) => id in MEANS)

const CI = '.github/workflows/ci.yml'
const run1 = '    runs-on: ubuntu-latest\n    steps:\n      - run: npx jest\n'
/** A workflow with the jobs of these bodies. */
const ci = (jobs: string, on = 'pull_request'): Files => ({ [CI]: `on: ${on}\njobs:\n${jobs}` })
const job = (id = 'test', head = '') => `  ${id}:\n${head}${run1}`
const matrix = (body: string) => `    strategy:\n      matrix:\n${body}`
const call = (uses: string, head = '') => `  call:\n${head}    uses: ${uses}\n`
const callee = (jobs: string): Files => ({ '.github/workflows/unit.yml': `on: workflow_call\njobs:\n${jobs}` })
const filter = (key: string, value: string) => `{ pull_request: { ${key}: ${value} } }`
const done = (head: string, step = 'echo done') =>
  `${job()}  done:\n    needs: test\n${head}    runs-on: ubuntu-latest\n    steps:\n      - run: ${step}\n`
const skipped = (condition: string, on?: string) => ci(job('test', `    if: ${condition}\n`), on)

interface Scene {
  required: (string | [context: string, app: number])[]
  files: Files
  /** Without it the pull request changes a README. */
  head?: Files
  queue?: true
  /** Who else reports on the target branch. */
  reports?: string[]
  /** A token that may not see who reports. */
  blind?: true
}
const of = (files: Files, ...required: Scene['required']): Scene => ({ files, required })
const pinned: [string, number] = ['test', 15368]

test.each<[string, Scene, Outcome, string[]]>([
  // Names, section 2.1
  ['the id of a job', of(ci(job()), 'test'), 'fine', []],
  ['the name of a job', of(ci(job('test', '    name: All tests\n')), 'All tests'), 'fine', []],
  [
    'the id of a job that has a name',
    of(ci(job('test', '    name: All tests\n')), ['test', 15368]),
    'hangs',
    ['never-reported']
  ],
  [
    'the name of the workflow in front',
    of({ [CI]: `name: CI\non: pull_request\njobs:\n${job()}` }, ['CI / test', 15368]),
    'hangs',
    ['never-reported']
  ],
  [
    'a value of a matrix',
    of(ci(job('test', matrix('        node: [20, 22]\n'))), 'test (20)', 'test (22)'),
    'fine',
    []
  ],
  [
    'a matrix without its values',
    of(ci(job('test', matrix('        node: [20, 22]\n'))), pinned),
    'hangs',
    ['never-reported']
  ],
  [
    'a value that the matrix has not',
    of(ci(job('test', matrix('        node: [20, 22]\n'))), ['test (18)', 15368]),
    'hangs',
    ['never-reported']
  ],
  [
    'two rows in order',
    of(ci(job('test', matrix('        os: [a]\n        node: [20]\n'))), 'test (a, 20)'),
    'fine',
    []
  ],
  [
    'two rows the other way round',
    of(ci(job('test', matrix('        os: [a]\n        node: [20]\n'))), ['test (20, a)', 15368]),
    'hangs',
    ['never-reported']
  ],
  [
    'an excluded combination',
    of(ci(job('test', matrix('        os: [a, b]\n        exclude:\n          - os: b\n'))), ['test (b)', 15368]),
    'hangs',
    ['never-reported']
  ],
  [
    'an included combination',
    of(ci(job('test', matrix('        os: [a]\n        include:\n          - os: c\n'))), 'test (c)'),
    'fine',
    []
  ],
  [
    'a key that include adds',
    of(
      ci(job('test', matrix('        os: [a]\n        include:\n          - os: a\n            extra: x\n'))),
      'test (a, x)'
    ),
    'fine',
    []
  ],
  [
    'a name over the matrix',
    of(ci(job('test', `    name: Node \${{ matrix.node }}\n${matrix('        node: [22]\n')}`)), 'Node 22'),
    'fine',
    []
  ],
  [
    'a name over the matrix with its values behind',
    of(ci(job('test', `    name: Node \${{ matrix.node }}\n${matrix('        node: [22]\n')}`)), [
      'Node 22 (22)',
      15368
    ]),
    'hangs',
    ['never-reported']
  ],
  [
    'a computed matrix that may have the value',
    of(ci(job('test', '    strategy:\n      matrix: ${{ fromJSON(vars.M) }}\n')), ['test (22)', 15368]),
    'unknown',
    []
  ],
  [
    'a computed matrix under another name',
    of(ci(job('unit', '    strategy:\n      matrix: ${{ fromJSON(vars.M) }}\n')), ['test (22)', 15368]),
    'hangs',
    ['never-reported']
  ],
  ['a computed name', of(ci(job('test', '    name: Test ${{ vars.X }}\n')), ['Test this', 15368]), 'unknown', []],
  [
    'a computed name that begins otherwise',
    of(ci(job('test', '    name: Test ${{ vars.X }}\n')), ['Lint this', 15368]),
    'hangs',
    ['never-reported']
  ],
  [
    'a job of a called workflow',
    of({ ...ci(call('./.github/workflows/unit.yml')), ...callee(job()) }, 'call / test'),
    'fine',
    []
  ],
  [
    'a job of a called workflow without its caller',
    of({ ...ci(call('./.github/workflows/unit.yml')), ...callee(job()) }, pinned),
    'hangs',
    ['never-reported']
  ],
  [
    'the caller alone',
    of({ ...ci(call('./.github/workflows/unit.yml')), ...callee(job()) }, ['call', 15368]),
    'hangs',
    ['never-reported']
  ],
  [
    'a name of the caller',
    of({ ...ci(call('./.github/workflows/unit.yml', '    name: Unit\n')), ...callee(job()) }, 'Unit / test'),
    'fine',
    []
  ],
  [
    'a matrix on the caller',
    of(
      { ...ci(call('./.github/workflows/unit.yml', matrix('        v: [1]\n'))), ...callee(job()) },
      'call (1) / test'
    ),
    'fine',
    []
  ],
  [
    'a call inside a call',
    of(
      {
        ...ci(call('./.github/workflows/unit.yml')),
        ...callee('  inner:\n    uses: ./.github/workflows/deep.yml\n'),
        '.github/workflows/deep.yml': `on: workflow_call\njobs:\n${job()}`
      },
      'call / inner / test'
    ),
    'fine',
    []
  ],
  [
    'a called workflow that nobody can read',
    of(ci(call('acme/secret/.github/workflows/unit.yml@v1')), ['call / test', 15368]),
    'unknown',
    []
  ],
  [
    'a called workflow that nobody can read, under another name',
    of(ci(call('acme/secret/.github/workflows/unit.yml@v1')), ['unit / test', 15368]),
    'hangs',
    ['never-reported']
  ],
  ['a name that is cut', of(ci(job('test', `    name: ${'n'.repeat(120)}\n`)), `${'n'.repeat(97)}...`), 'fine', []],
  [
    'a name in full that GitHub cuts',
    of(ci(job('test', `    name: ${'n'.repeat(120)}\n`)), ['n'.repeat(120), 15368]),
    'hangs',
    ['never-reported']
  ],
  // Who reports, section 2.2
  ['another app that is named', of(ci(job()), ['ci/circleci: build', 67]), 'fine', []],
  ['a status of another app', { ...of(ci(job()), 'ci/other'), reports: ['ci/other'] }, 'fine', []],
  ['a name that nobody reported lately', { ...of(ci(job()), 'gone'), reports: [] }, 'hangs', ['never-reported']],
  [
    'a name that one of the other apps may report for pull requests alone',
    { ...of(ci(job()), 'gone'), reports: ['ci/other'] },
    'unknown',
    []
  ],
  ['a name of which nobody knows who reports it', { ...of(ci(job()), 'gone'), blind: true }, 'unknown', []],
  ['a name beside other CI', of({ ...ci(job()), '.circleci/config.yml': 'version: 2.1\n' }, 'gone'), 'unknown', []],
  [
    'a name pinned to Actions beside other CI',
    of({ ...ci(job()), '.circleci/config.yml': 'version: 2.1\n' }, ['gone', 15368]),
    'hangs',
    ['never-reported']
  ],
  ['code scanning that GitHub itself runs', of(ci(job()), ['Analyze (go)', 15368]), 'unknown', []],
  ['a job that pull requests start, pinned', of(ci(job()), pinned), 'fine', []],
  // Triggers and filters, section 2.3
  ['paths', of(ci(job(), filter('paths', "['src/**']")), 'test'), 'hangs', ['not-started']],
  ['paths-ignore', of(ci(job(), filter('paths-ignore', "['docs/**']")), 'test'), 'hangs', ['not-started']],
  [
    'a second workflow for the rest',
    of(
      {
        ...ci(job(), filter('paths', "['src/**']")),
        '.github/workflows/skip.yml': `on: ${filter('paths-ignore', "['src/**']")}\njobs:\n${job()}`
      },
      'test'
    ),
    'fine',
    []
  ],
  [
    'a second workflow for something else',
    of(
      {
        ...ci(job(), filter('paths', "['src/**']")),
        '.github/workflows/skip.yml': `on: ${filter('paths', "['docs/**']")}\njobs:\n${job()}`
      },
      'test'
    ),
    'hangs',
    ['not-started', 'not-started']
  ],
  [
    'a second workflow without filters',
    of(
      { ...ci(job(), filter('paths', "['src/**']")), '.github/workflows/all.yml': `on: pull_request\njobs:\n${job()}` },
      'test'
    ),
    'fine',
    []
  ],
  ['branches that have the target', of(ci(job(), filter('branches', '[main]')), 'test'), 'fine', []],
  ['branches without the target', of(ci(job(), filter('branches', '[dev]')), 'test'), 'hangs', ['not-started']],
  [
    'branches-ignore of the target',
    of(ci(job(), filter('branches-ignore', '[main]')), 'test'),
    'hangs',
    ['not-started']
  ],
  ['a pattern for branches', of(ci(job(), filter('branches', "['m*']")), 'test'), 'fine', []],
  ['pushes to all branches', of(ci(job(), 'push'), 'test'), 'hangs', ['not-started']],
  ['pushes to the target', of(ci(job(), '{ push: { branches: [main] } }'), 'test'), 'hangs', ['not-started']],
  ['a schedule', of(ci(job(), '{ schedule: [{ cron: "0 0 * * *" }] }'), 'test'), 'hangs', ['not-started']],
  ['a start by hand', of(ci(job(), 'workflow_dispatch'), 'test'), 'hangs', ['not-started']],
  ['pull_request_target', of(ci(job(), 'pull_request_target'), 'test'), 'fine', []],
  ['types without commits that follow', of(ci(job(), filter('types', '[opened]')), 'test'), 'hangs', ['not-started']],
  ['types with labels alone', of(ci(job(), filter('types', '[labeled]')), 'test'), 'hangs', ['not-started']],
  ['types with commits that follow', of(ci(job(), filter('types', '[opened, synchronize]')), 'test'), 'fine', []],
  // Skipping, section 2.3
  ['a condition that always holds', of(skipped("github.event_name == 'pull_request'"), 'test'), 'fine', []],
  ['a condition that never holds', of(skipped("github.event_name == 'push'"), 'test'), 'passes', ['skippable']],
  ['a condition on another branch', of(skipped("github.ref == 'refs/heads/main'"), 'test'), 'passes', ['skippable']],
  ['a condition that is false', of(skipped('false'), 'test'), 'passes', ['skippable']],
  [
    'a label',
    of(skipped("${{ !contains(github.event.pull_request.labels.*.name, 'skip') }}"), 'test'),
    'passes',
    ['skippable']
  ],
  [
    'a word in the title',
    of(skipped("${{ !contains(github.event.pull_request.title, 'wip') }}"), 'test'),
    'passes',
    ['skippable']
  ],
  ['the name of the branch', of(skipped("github.head_ref != 'release'"), 'test'), 'passes', ['skippable']],
  ['the account', of(skipped("github.actor != 'dependabot[bot]'"), 'test'), 'passes', ['skippable']],
  [
    'a fork',
    of(skipped('github.event.pull_request.head.repo.full_name == github.repository'), 'test'),
    'passes',
    ['skippable']
  ],
  [
    'a draft that is not asked again',
    of(skipped('github.event.pull_request.draft == false'), 'test'),
    'passes',
    ['skippable']
  ],
  [
    'a draft that is asked again',
    of(
      skipped('github.event.pull_request.draft == false', filter('types', '[opened, synchronize, ready_for_review]')),
      'test'
    ),
    'fine',
    []
  ],
  [
    'what another job found to have changed',
    of(
      {
        [CI]: `on: pull_request\njobs:\n  changes:\n    runs-on: x\n    outputs: { src: '\${{ steps.a.outputs.src }}' }\n    steps:\n      - id: a\n        run: ./changed\n${job('test', "    needs: changes\n    if: needs.changes.outputs.src == 'true'\n")}`
      },
      'test'
    ),
    'fine',
    []
  ],
  // Needs, section 2.3
  ['a job that is skipped when its need fails', of(ci(done('')), 'done'), 'passes', ['aggregation']],
  ['a job whose need is required too', of(ci(done('')), 'done', 'test'), 'fine', []],
  [
    'a job that runs whatever its need came to, and does not look',
    of(ci(done('    if: always()\n')), 'done'),
    'passes',
    ['aggregation']
  ],
  [
    'a job that looks at all results',
    of(ci(done('    if: always()\n', "test '${{ needs.test.result }}' = success")), 'done'),
    'fine',
    []
  ],
  [
    'a job that looks for failures alone',
    of(ci(done('    if: always()\n', "test '${{ contains(needs.*.result, 'failure') }}' = false")), 'done'),
    'passes',
    ['aggregation']
  ],
  [
    'a job that looks for failures and cancellations',
    of(
      ci(
        done(
          '    if: always()\n',
          "test '${{ contains(needs.*.result, 'failure') || contains(needs.*.result, 'cancelled') }}' = false"
        )
      ),
      'done'
    ),
    'fine',
    []
  ],
  [
    'a job that hands all needs over',
    of(
      ci(
        `${job()}  done:\n    needs: test\n    if: always()\n    runs-on: x\n    steps:\n      - uses: re-actors/alls-green@release/v1\n        with: { jobs: '\${{ toJSON(needs) }}' }\n`
      ),
      'done'
    ),
    'fine',
    []
  ],
  [
    'a job that waits for one that only prepares',
    of(ci(`  setup:\n    runs-on: x\n    steps:\n      - run: echo\n${job('test', '    needs: setup\n')}`), 'test'),
    'fine',
    []
  ],
  [
    'a job that waits through another',
    of(
      ci(
        `${job()}  mid:\n    needs: test\n    runs-on: x\n    steps:\n      - run: echo\n  done:\n    needs: mid\n    runs-on: x\n    steps:\n      - run: echo\n`
      ),
      'done'
    ),
    'passes',
    ['aggregation']
  ],
  // Merge queue, section 2.3
  ['a queue without the event', { ...of(ci(job()), 'test'), queue: true }, 'hangs', ['not-in-merge-queue']],
  ['a queue with the event', { ...of(ci(job(), '[pull_request, merge_group]'), 'test'), queue: true }, 'fine', []],
  ['a queue and a check of another app', { ...of(ci(job()), ['ci/other', 67]), queue: true }, 'fine', []],
  [
    'a queue and a second workflow with the event',
    { ...of({ ...ci(job()), '.github/workflows/queue.yml': `on: merge_group\njobs:\n${job()}` }, 'test'), queue: true },
    'fine',
    []
  ],
  // What the pull request does
  ['a job that it renames', { ...of(ci(job()), 'test'), head: ci(job('unit')) }, 'hangs', ['never-reported']],
  [
    'a job that it gives a name',
    { ...of(ci(job()), 'test'), head: ci(job('test', '    name: Tests\n')) },
    'hangs',
    ['never-reported']
  ],
  [
    'a job that it puts into a matrix',
    { ...of(ci(job()), 'test'), head: ci(job('test', matrix('        node: [22]\n'))) },
    'hangs',
    ['never-reported']
  ],
  [
    'a job that it moves into a called workflow',
    { ...of(ci(job()), 'test'), head: { ...ci(call('./.github/workflows/unit.yml')), ...callee(job()) } },
    'hangs',
    ['never-reported']
  ],
  [
    'a job that it moves to another file',
    {
      ...of(ci(job()), 'test'),
      head: {
        [CI]: `on: pull_request\njobs:\n${job('lint')}`,
        '.github/workflows/unit.yml': `on: pull_request\njobs:\n${job()}`
      }
    },
    'fine',
    []
  ],
  [
    'a filter that it adds',
    { ...of(ci(job()), 'test'), head: ci(job(), filter('paths', "['src/**']")) },
    'hangs',
    ['not-started']
  ]
])('required: %s', async (_, scene, outcome, said) => {
  const repo = prepared(scene)
  const pull = repo.pull({ head: scene.head ?? { 'README.md': 'Hello\n' } })
  const source = await githubSource({
    token: github.token(scene.blind ? { permissions: { contents: 'read' } } : {}),
    apiUrl: github.url,
    graphqlUrl: github.graphqlUrl,
    log: () => {},
    second: 2,
    owner: repo.owner,
    repo: repo.name,
    head: pull.head,
    base: { ref: pull.baseRef, sha: pull.baseSha },
    number: pull.number
  })
  const { found, unread } = run(asked, await readRepo(source), () => ({}))
  expect(found.map(({ rule }) => rule.id.replace('pipeline/required-check-', ''))).toEqual(said)
  const outcomes = new Set(found.map(({ rule }) => MEANS[rule.id]))
  expect([...outcomes]).toEqual(outcome === 'hangs' || outcome === 'passes' ? [outcome] : [])
  expect(unread.length > 0).toBe(outcome === 'unknown')
})

let github: GitHub
beforeAll(async () => {
  github = await startGitHub()
})
afterEach(() => expect(github.faults).toEqual([]))
afterAll(() => github.stop())

let count = 0
function prepared({ files, required, queue, reports }: Scene): Repository {
  const repo = github.repo(`acme/shop-${++count}`, { files: { 'README.md': 'Hi\n', ...files } })
  const required_status_checks = required.map(check =>
    typeof check === 'string' ? { context: check } : { context: check[0], integration_id: check[1] }
  )
  repo.ruleset({
    rules: [
      {
        type: 'required_status_checks',
        parameters: { strict_required_status_checks_policy: false, required_status_checks }
      }
    ]
  })
  if (queue) repo.queues.add('main')
  for (const context of reports ?? ['ci/other']) repo.status(repo.refs.get('main')!, context)
  return repo
}
