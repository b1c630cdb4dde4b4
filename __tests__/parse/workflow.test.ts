import { expect, test } from '@jest/globals'
import type { Action, Field, Job, Text, Workflow } from '../../src/model.js'
import { SourceText, startOf } from '../../src/parse/text.js'
import { readAction, readWorkflow, shellNamed } from '../../src/parse/workflow.js'
import { parseYaml } from '../../src/parse/yaml.js'

const PATH = '.github/workflows/ci.yml'
function read(text: string): Workflow {
  const [document] = parseYaml(PATH, text)
  if (document?.root?.kind !== 'map') throw new Error('no map')
  expect(document.errors).toEqual([])
  return readWorkflow(PATH, startOf(PATH), document.root, document.comments)
}
function readComposite(text: string): Action {
  const [document] = parseYaml('action.yml', text)
  if (document?.root?.kind !== 'map') throw new Error('no map')
  return readAction('action.yml', startOf('action.yml'), document.root, document.comments)
}
const jobOf = (body: string): Job => read(`on: push\njobs:\n  one:\n${body.replaceAll(/^/gm, '    ')}\n`).jobs[0]!
const values = (texts: Text[]) => texts.map(text => text.value)
const pairs = (fields: Field[]) => fields.map(({ name, value }) => `${name.value}=${value.value}`)

test.each([
  ['one word', 'on: push', ['push']],
  ['a list', 'on: [push, pull_request]', ['push', 'pull_request']],
  ['a mapping', 'on:\n  push:\n  schedule:\n    - cron: 0 0 * * *', ['push', 'schedule']],
  ['a quoted key', "'on': push", ['push']],
  ['nothing', 'name: x', []]
])('reads triggers written as %s', (_, on, events) =>
  expect(values(read(`${on}\njobs: {}\n`).triggers.map(({ event }) => event))).toEqual(events)
)

test('it reads filters of a trigger, written as one word or as a list', () => {
  const [push, pull, call] = read(
    'on:\n  push:\n    branches: main\n    paths-ignore: [docs/**, "*.md"]\n  pull_request:\n    types: [opened]\n    branches-ignore: [x]\n    paths: [src/**]\n  workflow_call:\njobs: {}\n'
  ).triggers
  expect(values(push!.branches)).toEqual(['main'])
  expect(values(push!.pathsIgnore)).toEqual(['docs/**', '*.md'])
  expect(push!.types).toBeUndefined()
  expect(values(pull!.types!)).toEqual(['opened'])
  expect([values(pull!.branchesIgnore), values(pull!.paths)]).toEqual([['x'], ['src/**']])
  expect(call!.config).toBeUndefined()
})

test('it reads every shape of a step, in order', () => {
  const { steps } = jobOf(`runs-on: ubuntu-latest
steps:
  - run: echo 1
  - id: two
    name: Two
    if: always()
    uses: actions/checkout@v6
    with: {fetch-depth: 0}
    env:
      A: b
    continue-on-error: true
    timeout-minutes: 5
  - run: echo 3
    shell: pwsh
    working-directory: sub
  - run: echo 4
    background: true
  - parallel:
      - run: echo 5
      - uses: ./local
      - parallel:
          - run: echo 7
  - wait: two
  - just text
  -`)
  expect(steps.map(step => step.run?.text.value ?? step.uses?.value)).toEqual([
    'echo 1',
    'actions/checkout@v6',
    'echo 3',
    'echo 4',
    'echo 5',
    './local',
    'echo 7',
    undefined
  ])
  expect(steps.map(step => step.parallel)).toEqual([false, false, false, true, true, true, true, false])
  const two = steps[1]!
  expect([two.id, two.name, two.if, two.continueOnError, two.timeout].map(text => text?.value)).toEqual([
    'two',
    'Two',
    'always()',
    'true',
    '5'
  ])
  expect([pairs(two.with), pairs(two.env)]).toEqual([['fetch-depth=0'], ['A=b']])
  expect(two.at).toMatchObject({ line: 7, column: 9 })
  expect(steps[2]!.run!.shell.name).toBe('pwsh')
  expect(steps[2]!.workingDirectory?.value).toBe('sub')
  expect(steps[4]!.at).toMatchObject({ line: 22, column: 13 })
})

test('it reads what a job says', () => {
  const job = jobOf(`name: First
needs: [a, b]
if: github.ref == 'refs/heads/main'
runs-on: {group: big, labels: [self-hosted, linux]}
permissions: {contents: read, packages: write}
env: {A: 1}
defaults: {run: {shell: sh, working-directory: x}}
timeout-minutes: \${{ fromJSON('5') }}
continue-on-error: false
environment: {name: prod}
concurrency: deploy
outputs: {o: v}
container:
  image: node:22
  options: --user 1
  env: {B: 2}
services:
  db: {image: 'postgres:17', options: --health-cmd pg_isready}
  cache: redis
steps:
  - run: x`)
  expect(job.id.value).toBe('one')
  expect(job.at).toMatchObject({ line: 3, column: 3, endColumn: 6 })
  expect(values(job.needs)).toEqual(['a', 'b'])
  expect(values(job.runsOn)).toEqual(['self-hosted', 'linux'])
  expect(pairs(job.permissions!.scopes)).toEqual(['contents=read', 'packages=write'])
  expect(job.permissions!.all).toBeUndefined()
  expect(job.defaults.shell?.value).toBe('sh')
  expect(job.timeout?.value).toBe("${{ fromJSON('5') }}")
  expect(pairs(job.outputs)).toEqual(['o=v'])
  expect(job.container).toMatchObject({ image: { value: 'node:22' }, options: { value: '--user 1' } })
  expect(job.services.map(({ id, image, options }) => [id.value, image?.value, options?.value])).toEqual([
    ['db', 'postgres:17', '--health-cmd pg_isready'],
    ['cache', 'redis', undefined]
  ])
  expect(job.steps[0]!.run!.shell.name).toBe('sh')
})

test.each([
  ['secrets: inherit', 'inherit'],
  ['secrets: {a: b}', ['a=b']],
  ['with: {x: 1}', []]
])('reads a call of a reusable workflow with %s', (line, secrets) => {
  const job = jobOf(`uses: ./.github/workflows/x.yml\n${line}`)
  expect(job.uses?.value).toBe('./.github/workflows/x.yml')
  expect(job.secrets === 'inherit' ? job.secrets : pairs(job.secrets)).toEqual(secrets)
  expect(job.steps).toEqual([])
})

test.each([
  ['permissions: read-all', 'read-all', []],
  ['permissions: {}', undefined, []],
  ['permissions:\n  contents: read', undefined, ['contents=read']],
  ['permissions:', undefined, []]
])('reads %j', (line, all, scopes) => {
  const { permissions } = read(`on: push\n${line}\njobs: {}\n`)
  expect(permissions!.all?.value).toBe(all)
  expect(pairs(permissions!.scopes)).toEqual(scopes)
  expect(permissions!.at.line).toBeGreaterThanOrEqual(2)
})

test('it tells workflows without permissions from those with none', () => {
  expect(read('on: push\njobs: {}\n').permissions).toBeUndefined()
})

test('it reads a matrix, and says where it is computed', () => {
  const plain = jobOf(
    'strategy:\n  fail-fast: false\n  matrix:\n    os: [a, b]\n    include: [{os: c}]\n    exclude: [{os: a}]'
  )
  expect(plain.strategy).toMatchObject({ dynamic: false, failFast: { value: 'false' } })
  expect(plain.strategy!.rows.map(({ key, values }) => [key.value, values.length])).toEqual([['os', 2]])
  expect([plain.strategy!.include.length, plain.strategy!.exclude.length]).toEqual([1, 1])
  for (const matrix of ['${{ x }}', '{os: "${{ x }}"}', '{include: "${{ x }}"}'])
    expect(jobOf(`strategy:\n  matrix: ${matrix}`).strategy!.dynamic).toBe(true)
})

test('it reads anchors and aliases as if they were written out, at the place of the anchor', () => {
  const workflow = read(`on: push
jobs:
  a: &job
    runs-on: x
    env: &env {A: 1}
    steps: &steps
      - run: one
  b: *job
  c:
    env: *env
    steps: *steps
`)
  expect(workflow.jobs.map(({ id }) => id.value)).toEqual(['a', 'b', 'c'])
  expect(workflow.jobs[1]!.at.line).toBe(8)
  expect(workflow.jobs.map(job => job.steps[0]!.run!.text.at.line)).toEqual([7, 7, 7])
  expect(pairs(workflow.jobs[2]!.env)).toEqual(['A=1'])
})

test('it maps a part of a script to the file', () => {
  const text =
    'on: push\r\njobs:\r\n  a:\r\n    steps:\r\n      - run: |\r\n          echo one\r\n          echo two\r\n'
  const run = read(text).jobs[0]!.steps[0]!.run!.text
  const at = run.value.indexOf('two')
  expect(run.part(at, at + 3)).toMatchObject({ line: 7, column: 16, endColumn: 19 })
  expect(new SourceText(PATH, text).slice(run.part(at, at + 3))).toBe('two')
})

test.each([
  ['jobs: text', 0],
  ['jobs: [a]', 0],
  ['jobs: {a: text}', 0],
  ['jobs: {a: {steps: {run: x}}}', 1],
  ['jobs: {a: {steps: [text, 1, null, [x]]}}', 1],
  ['jobs: {a: {needs: {x: y}, env: [a], with: text, services: [x], strategy: text, permissions: [a]}}', 1],
  ['on: {push: text}\njobs: {a: {}}', 1]
])('leaves out what has not the shape it should: %s', (text, count) => {
  const { jobs } = read(`${text}\n`)
  expect(jobs).toHaveLength(count)
  expect(jobs.flatMap(job => job.steps)).toEqual([])
})

test.each([
  [undefined, ['ubuntu-latest'], { name: 'bash', errexit: true, pipefail: false }],
  [undefined, ['windows-2025'], { name: 'pwsh' }],
  [undefined, ['${{ matrix.os }}'], { name: 'bash', pipefail: false }],
  ['bash', ['windows-latest'], { name: 'bash', errexit: true, pipefail: true }],
  ['sh', [], { name: 'sh', errexit: true, pipefail: false }],
  ['bash {0}', [], { name: 'bash', errexit: false, pipefail: false }],
  ['bash -e {0}', [], { name: 'bash', errexit: true, pipefail: false }],
  ['bash --noprofile --norc -eo pipefail {0}', [], { name: 'bash', errexit: true, pipefail: true }],
  ['bash -o errexit -o pipefail {0}', [], { errexit: true, pipefail: true }],
  ['/usr/bin/bash -e {0}', [], { name: 'bash', errexit: true }],
  ['bash.exe -e {0}', [], { name: 'bash' }],
  ['powershell', [], { name: 'pwsh' }],
  ['cmd', [], { name: 'cmd' }],
  ['python3 {0}', [], { name: 'python' }],
  ['node {0}', [], { name: 'node' }],
  ['perl {0}', [], { name: 'other' }]
])('resolves the shell %j on %j', (written, labels, shell) =>
  expect(
    shellNamed(
      written,
      labels.map(value => ({ value }) as Text)
    )
  ).toMatchObject(shell)
)

test.each([
  ['the step', '    defaults: {run: {shell: sh}}\n', '        shell: pwsh\n', 'pwsh'],
  ['the job', '    defaults: {run: {shell: sh}}\n', '', 'sh'],
  ['the workflow', '', '', 'python']
])('takes the shell from %s before those further out', (_, job, step, name) => {
  const text = `on: push\ndefaults: {run: {shell: python}}\njobs:\n  a:\n    runs-on: windows-latest\n${job}    steps:\n      - run: x\n${step}`
  expect(read(text).jobs[0]!.steps[0]!.run!.shell.name).toBe(name)
})

test('it reads a composite action, and others', () => {
  const composite = readComposite(`name: Set up
inputs:
  a: {required: true, default: x}
  b:
outputs:
  o: {value: v}
  none: {description: d}
runs:
  using: composite
  steps:
    - run: echo
      shell: bash
    - uses: a/b@v1
`)
  expect(
    composite.inputs.map(({ name, required, default: value }) => [name.value, required?.value, value?.value])
  ).toEqual([
    ['a', 'true', 'x'],
    ['b', undefined, undefined]
  ])
  expect(pairs(composite.outputs)).toEqual(['o=v'])
  expect(composite.steps.map(step => step.run?.text.value ?? step.uses?.value)).toEqual(['echo', 'a/b@v1'])
  expect(readComposite('runs: {using: docker, image: Dockerfile}\n')).toMatchObject({
    using: { value: 'docker' },
    image: { value: 'Dockerfile' },
    steps: []
  })
})
