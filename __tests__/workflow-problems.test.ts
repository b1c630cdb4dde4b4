import { expect, test } from '@jest/globals'
import { mapOf, parseYaml } from '../src/parse/yaml.js'
import { problemsOf, type ShapeProblem } from '../src/workflow-problems.js'
import { applied } from './rules/workflow/edits.js'

const found = (text: string, file: 'workflow' | 'action' = 'workflow'): ShapeProblem[] =>
  problemsOf(file, mapOf(parseYaml('x.yml', text)[0]!.root)!)
const told = (text: string, file?: 'workflow' | 'action') =>
  found(text, file).map(({ kind, at, severity }) => `${at.line}:${at.column} ${severity} ${kind}`)

const HEAD = 'on: push\n'
const STEPS = '    steps:\n      - run: a\n'
const job = (text: string, steps = STEPS) => `${HEAD}jobs:\n  a:\n    runs-on: x\n${text}${steps}`
const step = (text: string) => job('', `    steps:\n${text.replace(/^/gm, '      ')}\n`)

test.each([
  ['nothing wrong', job(''), []],
  ['a misspelt key', job('    timeout-minute: 5\n'), ['5:5 error unknown-key']],
  ['a key in another case', job('    Env: {A: b}\n'), ['5:5 error unknown-key']],
  ['a key that may be new', job('    fleet: x\n'), ['5:5 warning unknown-key']],
  ['a key of its own in env', job('    env: {fleet: x}\n'), []],
  ['a key twice', job('    runs-on: y\n'), ['5:5 error duplicate-key']],
  ['a variable twice, but for its case', job('    env: {A: x, a: y}\n'), ['5:17 error duplicate-key']],
  ['jobs that differ in case', `${job('')}  A:\n    runs-on: x\n${STEPS}`, []],
  ['no event', `jobs:\n  a:\n    runs-on: x\n${STEPS}`, ['1:1 error missing-key']],
  ['no jobs', HEAD, ['1:1 error missing-key']],
  ['an empty set of jobs', `${HEAD}jobs: {}\n`, ['2:7 error empty-value']],
  ['no runner', `${HEAD}jobs:\n  a:\n${STEPS}`, ['3:3 error missing-key']],
  ['a misspelt runner', `${HEAD}jobs:\n  a:\n    run-on: x\n${STEPS}`, ['4:5 error unknown-key']],
  ['no steps', `${HEAD}jobs:\n  a:\n    runs-on: x\n`, ['3:3 error missing-key']],
  ['a group without a name', job('    concurrency:\n      cancel-in-progress: true\n'), ['5:5 error missing-key']],
  ['a group with a slash', job('    concurrency:\n      group: a/b\n'), []],
  ['runners of a group', `${HEAD}jobs:\n  a:\n    runs-on:\n      group: organization/b\n${STEPS}`, []],
  ['a group of nobody', `${HEAD}jobs:\n  a:\n    runs-on:\n      group: a/b\n${STEPS}`, ['5:14 error wrong-value']],
  ['nothing where variables are', job('    env:\n'), ['5:5 error empty-value']],
  ['no variables, on purpose', job('    env: {}\n'), ['5:10 note empty-value']],
  ['variables that are computed', job('    env: ${{ fromJSON(vars.ENV) }}\n'), []],
  ['text around what is computed', job('    env: a ${{ vars.ENV }}\n'), ['5:10 error wrong-value']],
  ['variables as a list', job('    env: [A]\n'), ['5:10 error wrong-value']],
  ['a variable without a value', job('    env:\n      A:\n'), []],
  ['a number in quotes', job("    timeout-minutes: '5'\n"), ['5:22 error wrong-value']],
  ['a number that is computed', job('    timeout-minutes: ${{ vars.MINUTES }}\n'), []],
  ['no time at all', job('    timeout-minutes: 0\n'), ['5:22 warning wrong-value']],
  ['a yes', job('    continue-on-error: yes\n'), ['5:24 error wrong-value']],
  ['a row without a value', job('    strategy:\n      matrix:\n        os: []\n'), ['7:13 error empty-value']],
  ['a list inside a row', job('    strategy:\n      matrix:\n        os: [[], {}]\n'), []],
  ['no labels', `${HEAD}jobs:\n  a:\n    runs-on: []\n${STEPS}`, ['4:14 warning empty-value']],
  [
    'half of the credentials',
    job('    container:\n      image: x\n      credentials: {username: a}\n'),
    ['7:7 error missing-key']
  ],
  ['a container without an image', job('    container:\n      options: x\n'), ['5:5 error missing-key']],
  ['an anchored value twice', step('- run: a\n  env: &e\n    A: [x]\n- run: b\n  env: *e'), ['8:14 error wrong-value']],

  ['a step that does both', step('- run: a\n  uses: b/c@d'), ['7:9 error misplaced-key']],
  ['a step that does neither', step('- name: a'), ['6:9 error missing-key']],
  ['a step that means to run', step('- rum: a'), ['6:9 error unknown-key']],
  ['an empty step', step('-'), ['6:8 error empty-value']],
  ['inputs of a script', step('- run: a\n  with: {b: c}'), ['7:9 error misplaced-key']],
  ['a shell of an action', step('- uses: a/b@c\n  shell: bash'), ['7:9 error misplaced-key']],
  ['steps side by side', step('- parallel:\n    - run: a\n    - uses: b/c@d'), []],
  ['a step in the background, and one that waits', step('- run: a\n  id: a\n  background: true\n- wait: a'), []],
  ['a call with steps', `${HEAD}jobs:\n  a:\n    uses: ./b.yml\n${STEPS}`, ['5:5 error misplaced-key']],
  ['a call with a strategy', `${HEAD}jobs:\n  a:\n    uses: ./b.yml\n    strategy: {matrix: {c: [d]}}\n`, []],
  ['inputs of a job that calls nothing', job('    with: {a: b}\n'), ['5:5 error misplaced-key']],

  ['permissions that exist', `permissions:\n  contents: read\n  id-token: write\n${job('')}`, []],
  ['a misspelt permission', `permissions:\n  content: read\n${job('')}`, ['2:3 error permission']],
  ['a permission that may be new', `permissions:\n  spaceships: read\n${job('')}`, ['2:3 warning permission']],
  ['a level that it has not', `permissions:\n  id-token: read\n${job('')}`, ['2:13 warning permission']],
  ['a level that nothing has', `permissions:\n  contents: READ\n${job('')}`, ['2:13 error permission']],
  ['no permissions', `permissions: {}\n${job('')}`, []],
  ['nothing for permissions', `permissions:\n${job('')}`, ['1:1 error permission']],
  ['all permissions', `permissions: write-all\n${job('')}`, []],
  ['all permissions, misspelt', `permissions: all\n${job('')}`, ['1:14 error permission']],

  ['an event without settings', job('').replace('push', '{push: , workflow_dispatch: {inputs: }}'), []],
  ['an event that may be new', job('').replace('push', '{eclipse: {phase: full}}'), []],
  ['a filter that events have', job('').replace('push', '{issues: {branches: [a]}}'), []],
  ['a misspelt filter', job('').replace('push', '{push: {branch: [a]}}'), ['1:13 error unknown-key']],
  ['an empty filter', job('').replace('push', '{push: {branches: []}}'), ['1:23 warning empty-value']],
  ['no event at all', job('').replace('push', '[]'), ['1:5 error empty-value']],
  [
    'a type that an input has not',
    job('').replace('push', '{workflow_call: {inputs: {a: {type: date}}}}'),
    ['1:41 warning wrong-value']
  ],
  [
    'an input without a type',
    job('').replace('push', '{workflow_call: {inputs: {a: {required: true}}}}'),
    ['1:31 error missing-key']
  ],
  [
    'an empty option',
    job('').replace('push', "{workflow_dispatch: {inputs: {a: {options: ['', b]}}}}"),
    ['1:49 note empty-value']
  ],
  ['a computed name', job('    env:\n      ${{ insert }}: ${{ vars.ENV }}\n'), []]
])('weighs %s', (_, text, expected) => expect(told(text)).toEqual(expected))

const action = (runs: string) => `name: a\ndescription: b\nruns:\n${runs.replace(/^/gm, '  ')}\n`

test.each([
  ['nothing wrong', action('using: node24\nmain: a.js'), []],
  ['a runtime that may be new', action('using: node99\nmain: a.js'), []],
  ['a runtime that nobody has', action('using: python'), ['4:10 warning wrong-value']],
  ['no runtime', action('main: a.js'), ['3:1 error missing-key']],
  ['no script', action('using: node24'), ['3:1 error missing-key']],
  ['what belongs to another kind', action('using: node24\nmain: a.js\nargs: [b]'), ['6:3 error misplaced-key']],
  ['a condition of nothing', action('using: node24\nmain: a.js\npost-if: always()'), ['6:3 warning missing-key']],
  ['a step without a shell', action('using: composite\nsteps:\n  - run: a'), []],
  ['a step of an action', action('using: composite\nsteps:\n  - uses: a/b@c'), []],
  ['a text for true', `inputs:\n  a:\n    required: 'true'\n${action('using: node24\nmain: a.js')}`, []],
  [
    'an input twice',
    `inputs:\n  a: {}\n  A: {}\n${action('using: node24\nmain: a.js')}`,
    ['2:6 note empty-value', '3:6 note empty-value', '3:3 warning duplicate-key'].sort()
  ],
  ['a key of its own', `marketplace: x\n${action('using: node24\nmain: a.js')}`, ['1:1 note unknown-key']],
  ['no description', 'name: a\nruns:\n  using: node24\n  main: a.js\n', ['1:1 note missing-key']]
])('weighs an action with %s', (_, text, expected) => expect(told(text, 'action').sort()).toEqual([...expected].sort()))

test('an edit writes the key that was meant', () => {
  const text = job('    timeout-minute: 5\n').replace('on:', 'permissions: {content: read}\non:')
  const mended = applied(
    text,
    found(text).flatMap(({ edits }) => edits ?? [])
  )
  expect(found(text)).toHaveLength(2)
  expect(told(mended)).toEqual([])
})

test('no edit where the key that was meant is there', () =>
  expect(found(job('    env: {A: b}\n    Env: {A: b}\n')).flatMap(({ edits }) => edits ?? [])).toEqual([]))

test('costs no more than there is to read', () => {
  const aliases = Array.from({ length: 12 }, (_, at) => `  - &a${at + 1} [${`*a${at}, `.repeat(2)}]`).join('\n')
  const text = `${job('')}x:\n  - &a0 [b]\n${aliases}\n`
  expect(told(text)).toEqual(['7:1 warning unknown-key'])
})
