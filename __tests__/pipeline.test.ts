import { expect, test } from '@jest/globals'
import type { Files, PipelineJob } from '../src/model.js'
import { readRepo } from '../src/repo.js'
import { memorySource } from '../src/source/memory.js'
import { fits } from '../src/triggers.js'
import { repoOf } from './helpers.js'

const jobsOf = async (files: Files): Promise<PipelineJob[]> => (await repoOf(files)).pipeline.jobs
const ci = (text: string, more: Files = {}): Files => ({ '.github/workflows/ci.yml': text, ...more })
const job = (body: string, on = 'pull_request') => ci(`on: ${on}\njobs:\n  build:\n    runs-on: ubuntu-latest\n${body}`)

test.each([
  ['its id', '', ['build']],
  ['its name', '    name: Build it\n', ['Build it']],
  ['a row', '    strategy:\n      matrix:\n        node: [20, 22]\n', ['build (20)', 'build (22)']],
  [
    'the product of rows in order',
    '    strategy:\n      matrix:\n        os: [a, b]\n        v: [1, 2]\n',
    ['build (a, 1)', 'build (a, 2)', 'build (b, 1)', 'build (b, 2)']
  ],
  [
    'exclude by a part',
    '    strategy:\n      matrix:\n        os: [a, b]\n        v: [1, 2]\n        exclude:\n          - os: a\n',
    ['build (b, 1)', 'build (b, 2)']
  ],
  [
    'exclude by a mapping and by what is none',
    '    strategy:\n      matrix:\n        v:\n          - { a: 1 }\n          - { a: 2 }\n          - b\n        exclude:\n          - v: { a: 1 }\n          - v: c\n          - v: [b]\n',
    ['build (2)', 'build (b)']
  ],
  [
    'include that extends and adds',
    '    strategy:\n      matrix:\n        os: [a, b]\n        include:\n          - os: a\n            extra: x\n          - os: c\n',
    ['build (a, x)', 'build (b)', 'build (c)']
  ],
  [
    'include that overwrites only what include added',
    '    strategy:\n      matrix:\n        fruit: [apple, pear]\n        animal: [cat, dog]\n        include:\n          - color: green\n          - color: pink\n            animal: cat\n          - fruit: banana\n          - fruit: banana\n            animal: cat\n',
    [
      'build (apple, cat, pink)',
      'build (apple, dog, green)',
      'build (pear, cat, pink)',
      'build (pear, dog, green)',
      'build (banana)',
      'build (banana, cat)'
    ]
  ],
  [
    'include alone',
    '    strategy:\n      matrix:\n        include:\n          - v: 1\n          - v: 2\n',
    ['build (1)', 'build (2)']
  ],
  [
    'a name over the matrix',
    '    name: v${{ matrix.v }}\n    strategy:\n      matrix:\n        v: [1, 2]\n',
    ['v1', 'v2']
  ],
  [
    'objects by their leaves',
    '    strategy:\n      matrix:\n        v:\n          - { a: 1, b: x }\n',
    ['build (1, x)']
  ],
  ['a computed matrix', '    strategy:\n      matrix: ${{ fromJSON(needs.a.outputs.m) }}\n', undefined],
  [
    'a fixed name under a computed matrix',
    "    name: ${{ format('x{0}', 1) }}\n    strategy:\n      matrix: ${{ fromJSON(vars.m) }}\n",
    ['x1']
  ],
  ['a name that nobody knows', '    name: ${{ vars.name }}\n', undefined],
  ['a long name', `    name: ${'n'.repeat(120)}\n`, [`${'n'.repeat(97)}...`]]
])('names checks after %s', async (_, body, checks) => {
  const [first] = await jobsOf(job(`${body}    steps: []\n`))
  expect(first!.checks).toEqual(checks)
})

test('puts callers in front, to any depth, and their events and conditions with them', async () => {
  const jobs = await jobsOf({
    '.github/workflows/ci.yml':
      "on:\n  pull_request:\njobs:\n  outer:\n    strategy:\n      matrix:\n        v: [1, 2]\n    uses: ./.github/workflows/a.yml\n  off:\n    if: github.event_name == 'push'\n    uses: ./.github/workflows/b.yml\n",
    '.github/workflows/a.yml': 'on: workflow_call\njobs:\n  middle:\n    uses: ./.github/workflows/b.yml\n',
    '.github/workflows/b.yml':
      'on: workflow_call\njobs:\n  inner:\n    runs-on: ubuntu-latest\n    steps:\n      - run: npx jest\n'
  })
  const rows = jobs.map(row => [row.workflow.path.slice(18), row.checks, row.onPullRequest, row.tests.length])
  expect(rows).toEqual([
    ['ci.yml', ['outer (1) / middle / inner', 'outer (2) / middle / inner'], 'yes', 1],
    ['ci.yml', ['off / inner'], 'no', 0],
    ['a.yml', ['middle / inner'], 'no', 1],
    ['b.yml', ['inner'], 'no', 1]
  ])
})

test('stops at workflows that call themselves', async () => {
  const jobs = await jobsOf(
    ci('on: [pull_request, workflow_call]\njobs:\n  a:\n    uses: ./.github/workflows/ci.yml\n')
  )
  expect(jobs.flatMap(row => row.unread.map(one => one.reason))).toEqual(['its calls are nested too deep'])
})

test('follows workflows of other repositories where they were read, pointing at the call', async () => {
  const files = ci(
    'on: pull_request\njobs:\n  a:\n    uses: o/r/.github/workflows/t.yml@v1\n  b:\n    uses: o/r/.github/workflows/u.yml@v1\n'
  )
  const remoteFiles = {
    'o/r/.github/workflows/t.yml@v1':
      'on: workflow_call\njobs:\n  t:\n    runs-on: x\n    steps:\n      - run: go test ./... || true\n'
  }
  const repo = await readRepo(memorySource({ files, remoteFiles }), { everything: true })
  const [a, b] = repo.pipeline.jobs
  expect(a!.checks).toEqual(['a / t'])
  expect(a!.tests.map(run => [run.at.path, run.at.line, run.ignored?.at.line])).toEqual([
    ['.github/workflows/ci.yml', 4, 4]
  ])
  expect([b!.checks, b!.unread[0]!.at?.line]).toEqual([undefined, 6])
})

test.each([
  ['pull_request', 'yes'],
  ['[push, pull_request_target]', 'yes'],
  ['push', 'no'],
  ['{pull_request: {types: [closed]}}', 'no'],
  ['{pull_request: {types: [synchronize]}}', 'yes'],
  ['{pull_request: {branches: [main]}}', 'yes'],
  ['{pull_request: {branches: ["release/**"]}}', 'unknown'],
  ['{pull_request: {branches: [trunk]}, push: {branches: [trunk]}}', 'yes'],
  ['{pull_request: {branches-ignore: [docs]}}', 'yes'],
  ['{pull_request: {paths: ["src/**"]}}', 'filtered']
])('knows whether %s runs on pull requests: %s', async (on, state) => {
  const [first] = await jobsOf(job('    steps: []\n', on))
  expect(first!.onPullRequest).toBe(state)
})

test.each([
  ['main', '[main]', 'yes'],
  ['dev', '[main]', 'no'],
  ['release/1', '["release/*", "!release/1"]', 'no'],
  ['release/1/x', '["release/**"]', 'yes']
])('applies branch filters where the target is %s: %s is %s', async (name, branches, state) => {
  const files = job('    steps: []\n', `{pull_request: {branches: ${branches}}}`)
  const repo = await repoOf({ head: files, branch: { name } })
  expect(repo.pipeline.jobs[0]!.onPullRequest).toBe(state)
})

test.each([
  ["github.event_name == 'push'", 'no'],
  ["github.ref == 'refs/heads/main'", 'no'],
  ['false', 'no'],
  ["github.repository == 'a/b'", 'yes'],
  ["github.event_name == 'push' || github.event.pull_request.head.repo.fork", 'yes'],
  ['${{ always() }}', 'yes']
])('weighs the condition %s: %s', async (condition, state) => {
  const [first] = await jobsOf(job(`    if: ${condition}\n    steps: []\n`))
  expect(first!.onPullRequest).toBe(state)
})

test('does not start a job whose need never runs', async () => {
  const jobs = await jobsOf(
    ci(
      'on: pull_request\njobs:\n  a:\n    if: false\n    runs-on: x\n  b:\n    needs: a\n    runs-on: x\n  c:\n    needs: a\n    if: always()\n    runs-on: x\n'
    )
  )
  expect(jobs.map(row => row.onPullRequest)).toEqual(['no', 'no', 'yes'])
})

const SCRIPTS: Files = {
  'package.json':
    '{"scripts": {"test": "npm run unit", "unit": "jest --ci", "hollow": "echo none", "loop": "npm run loop"}}',
  Makefile: 'check: lint\n\tpytest\nlint:\n\truff check .\n',
  'ci.sh': 'set -e\ngo test ./...\n',
  'sub/package.json': '{"scripts": {"test": "vitest run"}}'
}
test.each([
  ['a command', 'npx jest', ['npx jest']],
  ['scripts in scripts', 'npm test', ['jest --ci < npm test > npm run unit']],
  ['a make target', 'make check', ['pytest < make check']],
  ['a target that only lints', 'make lint', []],
  ['a shell script', './ci.sh', ['go test ./... < ci.sh']],
  ['a script of a folder', 'cd sub && npm test', ['vitest run < npm test']],
  ['a script that says nothing', 'npm run hollow', []],
  ['a script that calls itself', 'npm run loop', []],
  ['an installation', 'npx playwright install', []]
])('finds tests behind %s', async (_, run, found) => {
  const [first] = await jobsOf({ ...job(`    steps:\n      - run: ${run}\n`), ...SCRIPTS })
  const told = first!.tests.map(one => one.command + (one.through.length ? ` < ${one.through.join(' > ')}` : ''))
  expect(told).toEqual(found)
  for (const { at } of first!.tests) expect([at.path, at.line]).toEqual(['.github/workflows/ci.yml', 6])
})

test('puts matrix values into commands, and points at the expression', async () => {
  const [first] = await jobsOf(
    job(
      '    strategy:\n      matrix:\n        cmd: [npx eslint ., npx jest]\n    steps:\n      - run: ${{ matrix.cmd }}\n'
    )
  )
  expect(first!.tests.map(one => [one.command, one.at.line, one.at.column, one.at.endColumn])).toEqual([
    ['npx jest', 9, 14, 31]
  ])
})

test('looks into actions of the repository with their inputs', async () => {
  const [first] = await jobsOf({
    ...job(
      '    steps:\n      - uses: ./tools/run\n        with:\n          command: npx jest\n      - uses: ./tools/gone\n'
    ),
    'tools/run/action.yml':
      'inputs:\n  command:\n    required: true\nruns:\n  using: composite\n  steps:\n    - run: ${{ inputs.command }} || true\n      shell: bash\n'
  })
  expect(first!.tests.map(one => [one.command, one.at.line, one.ignored?.at.path])).toEqual([
    ['npx jest', 6, 'tools/run/action.yml']
  ])
  expect(first!.unread.map(one => one.reason)).toEqual(['it is not in the tree'])
})

test('finds tests that an image build runs', async () => {
  const [first] = await jobsOf({
    ...job('    steps:\n      - run: docker build --target test .\n      - run: docker build --target app .\n'),
    Dockerfile: 'FROM golang AS build\nRUN go build\nFROM build AS test\nRUN go test ./...\nFROM build AS app\n'
  })
  expect(first!.tests.map(one => [one.command, one.at.line])).toEqual([['go test ./...', 6]])
})

const step = (text: string) => job(`    steps:\n${text}`)
test.each([
  ['a command', step('      - run: npx eslint .\n'), ['lint npx eslint .']],
  [
    'several of one line',
    step('      - run: npx tsc --noEmit && npx eslint .\n'),
    ['typecheck npx tsc --noEmit', 'lint npx eslint .']
  ],
  ['an action', step('      - uses: actions/deploy-pages@v4\n'), ['deploy actions/deploy-pages@v4']],
  ['an image', step('      - uses: docker/build-push-action@v6\n'), ['build docker/build-push-action@v6']],
  [
    'an image that is pushed',
    step('      - uses: docker/build-push-action@v6\n        with: { push: true }\n'),
    ['publish docker/build-push-action@v6']
  ],
  [
    'what a wrapper stands for, with its name',
    { ...step('      - run: npm run ship\n'), 'package.json': '{"scripts":{"ship":"kubectl apply -f deploy"}}' },
    ['deploy kubectl apply -f deploy (npm run ship)']
  ],
  [
    'a name where what it stands for is not known',
    { ...step('      - run: npm run deploy\n'), 'package.json': '{"scripts":{"deploy":"node tool.mjs"}}' },
    ['deploy npm run deploy']
  ],
  [
    'nothing of a name where it says what it does',
    { ...step('      - run: npm run deploy\n'), 'package.json': '{"scripts":{"deploy":"npx eslint ."}}' },
    ['lint npx eslint . (npm run deploy)']
  ],
  ['nothing of what tests', step('      - run: npx jest\n'), []],
  [
    'a preview as one',
    step('      - run: docker push acme/shop:pr-${{ github.event.number }}\n'),
    ['publish docker push acme/shop:pr-${{ github.event.number }} ~']
  ],
  [
    'a push to the runner as a build',
    step('      - run: docker push localhost:5000/shop\n'),
    ['build docker push localhost:5000/shop']
  ],
  ['nothing of a download', step('      - run: aws s3 cp s3://tools/cli .\n'), []],
  [
    'an image whose push an event decides',
    step(
      '      - uses: docker/build-push-action@v6\n        with: { push: "${{ github.event_name == \'pull_request\' }}" }\n'
    ),
    ['publish docker/build-push-action@v6']
  ],
  [
    'an image that is pushed elsewhere only',
    step(
      '      - uses: docker/build-push-action@v6\n        with: { push: "${{ github.event_name != \'pull_request\' }}" }\n'
    ),
    ['build docker/build-push-action@v6']
  ],
  [
    'an image whose push nobody knows, not for a pull request',
    step('      - uses: docker/build-push-action@v6\n        with: { push: "${{ vars.PUSH }}" }\n'),
    ['build docker/build-push-action@v6']
  ],
  [
    'an image without a name',
    step(
      '      - uses: docker/build-push-action@v6\n        with: { push: true, outputs: "type=image,push-by-digest=true" }\n'
    ),
    ['build docker/build-push-action@v6']
  ],
  [
    'what goes to a cluster of the job as a service',
    step('      - uses: helm/kind-action@v1\n      - run: kubectl apply -f deploy\n'),
    ['service helm/kind-action@v1', 'service kubectl apply -f deploy']
  ],
  [
    'a cluster by the name of a target',
    { ...step('      - run: make kind-up\n      - run: helm install shop chart\n') },
    ['service helm install shop chart']
  ],
  [
    'what goes to a cluster whose objects have kinds',
    step('      - run: kubectl get pods -o custom-columns=K:.kind\n      - run: kubectl apply -f deploy\n'),
    ['deploy kubectl apply -f deploy']
  ],
  ['nothing behind a name that says release', step('      - run: ./scripts/check_release_notes.sh\n'), []]
])('sees the other work of a step: %s', async (_, files, work) => {
  const [only] = await jobsOf(files)
  expect(
    only?.work.map(({ kind, command, through, trial }) =>
      [kind, command, ...through.map(name => `(${name})`), ...(trial ? ['~'] : [])].join(' ')
    )
  ).toEqual(work)
})

test('points at the command of the workflow that does the work', async () => {
  const files = { ...step('      - run: cd a && make ship\n'), 'a/Makefile': 'ship:\n\tnpm publish\n' }
  const [only] = await jobsOf(files)
  expect(only?.work[0]).toMatchObject({ kind: 'publish', at: { line: 6, column: 22 }, through: ['make ship'] })
})

test('leaves out steps that a pull request never reaches', async () => {
  const [first] = await jobsOf(
    job(
      "    steps:\n      - if: github.event_name == 'push'\n        run: npx jest\n      - if: failure()\n        run: npx vitest run\n",
      '[push, pull_request]'
    )
  )
  expect(first!.tests).toEqual([])
})

test('knows what a job does where no pull request starts it', async () => {
  const [first] = await jobsOf(
    job(
      "    steps:\n      - run: npx jest\n      - if: github.event_name == 'push'\n        run: npm publish\n",
      '[push, pull_request, merge_group]'
    )
  )
  expect([first!.work.length, first!.released.tests.length]).toEqual([0, 1])
  expect(first!.released.work.map(({ kind, command }) => `${kind} ${command}`)).toEqual(['publish npm publish'])
})

test('has nothing released of a job that only pull requests start', async () => {
  const [first] = await jobsOf(job('    steps:\n      - run: npx jest && npm publish\n'))
  expect([first!.tests.length, first!.work.length]).toEqual([1, 1])
  expect(first!.released).toEqual({ tests: [], work: [] })
})

test.each([
  ['buildkite', ['.buildkite/pipeline.yml'], ['Buildkite']],
  ['a vendored file', ['vendor/x/.travis.yml', 'deps/.cirrus.yml'], []],
  ['several', ['.travis.yml', 'Jenkinsfile', '.circleci/config.yml'], ['Travis CI', 'Jenkins', 'CircleCI']]
])('sees CI elsewhere by its files: %s', async (_, paths, names) => {
  const repo = await repoOf({ head: { 'README.md': '' }, paths })
  expect(repo.pipeline.external.map(one => one.name)).toEqual(names)
})

test.each([
  ['ci/circleci: build', true],
  ['buildkite/shop', true],
  ['license/cla', false],
  ['codecov/patch', false],
  ['DCO', false],
  ['Vercel – shop', false],
  ['SonarCloud Code Analysis', false],
  ['cladding tests', true]
])('a check called %s of another app may be CI: %s', async (context, may) => {
  const repo = await repoOf({ head: { 'a.js': '' }, branch: { externalContexts: [context] } })
  expect(repo.pipeline.external.map(one => one.name)).toEqual(may ? [context] : [])
})

test.each([
  ['main', 'main', true],
  ['main', 'mai', false],
  ['feature/a', 'feature/*', true],
  ['feature/a/b', 'feature/*', false],
  ['feature/a/b', 'feature/**', true],
  ['v12', 'v[0-9]+', true],
  ['v', 'v[0-9]+', false],
  ['ac', 'ab?c', true],
  ['x'.repeat(200), `${'*x'.repeat(40)}y`, false]
])('fits %s against %s: %s', (name, pattern, expected) => expect(fits(name, pattern)).toBe(expected))
