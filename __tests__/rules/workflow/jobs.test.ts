import { expect, test } from '@jest/globals'
import type { Rule } from '../../../src/model.js'
import withoutShell from '../../../src/rules/action/run-without-shell.js'
import cmd from '../../../src/rules/workflow/cmd-shell.js'
import computedEnv from '../../../src/rules/workflow/computed-env.js'
import deadlock from '../../../src/rules/workflow/concurrency-deadlock.js'
import withoutCancel from '../../../src/rules/workflow/concurrency-without-cancel.js'
import debug from '../../../src/rules/workflow/debug-logging.js'
import command from '../../../src/rules/workflow/deprecated-command.js'
import duplicateId from '../../../src/rules/workflow/duplicate-id.js'
import insecure from '../../../src/rules/workflow/insecure-commands.js'
import envName from '../../../src/rules/workflow/invalid-env-name.js'
import id from '../../../src/rules/workflow/invalid-id.js'
import needs from '../../../src/rules/workflow/invalid-needs.js'
import noConcurrency from '../../../src/rules/workflow/no-concurrency.js'
import queue from '../../../src/rules/workflow/queue-with-cancel.js'
import shell from '../../../src/rules/workflow/unknown-shell.js'
import unusual from '../../../src/rules/workflow/unusual-shell.js'
import { found, places, problems } from '../../helpers.js'
import { applied } from './edits.js'

const PATH = '.github/workflows/a.yml'
const jobs = (text: string, head = 'on: push') => ({ [PATH]: `${head}\njobs:\n${text.replace(/^(?=.)/gm, '  ')}\n` })
const job = (name: string, more = '', steps = '- run: make') =>
  `${name}:\n  runs-on: ubuntu-24.04\n${more && `${more.replace(/^/gm, '  ')}\n`}  steps:\n${steps.replace(/^/gm, '    ')}\n`
const step = (text: string) => jobs(job('a', '', text))

test.each<[string, Rule, Record<string, string>, string[]]>([
  ['an id with a dot', id, jobs(job('v1.2')), ['3:3']],
  ['an id that begins with a digit', id, step('- run: make\n  id: 2nd'), ['7:13']],
  ['an id of a hundred letters', id, jobs(job('a'.repeat(100))), ['3:3']],
  ['an id of 99', id, jobs(job('a'.repeat(99))), []],
  ['an id that GitHub keeps', id, jobs(job('__a')), ['3:3']],
  ['an id', id, jobs(job('_a-1')), []],
  ['steps of one id', duplicateId, step('- run: make\n  id: a\n- run: make\n  id: A'), ['9:13']],
  [
    'steps of one id in two jobs',
    duplicateId,
    jobs(job('a', '', '- run: x\n  id: a') + job('b', '', '- run: x\n  id: a')),
    []
  ],
  ['jobs of one id', duplicateId, jobs(job('a') + job('A')), ['7:3']],
  ['a job that is not there', needs, jobs(job('a', 'needs: b')), ['5:12']],
  ['a job twice', needs, jobs(job('a') + job('b', 'needs: [a, a]')), ['9:16']],
  ['a job in other letters', needs, jobs(job('a') + job('b', 'needs: A')), []],
  ['a job that needs itself', needs, jobs(job('a', 'needs: a')), ['3:3']],
  ['a circle', needs, jobs(job('z') + job('a', 'needs: c') + job('b', 'needs: a') + job('c', 'needs: b')), ['7:3']],
  ['a diamond', needs, jobs(job('a') + job('b', 'needs: a') + job('c', 'needs: a') + job('d', 'needs: [b, c]')), []],
  ['a shell without a place for the script', shell, step('- run: make\n  shell: zsh'), ['7:16']],
  ['a shell with one', shell, step('- run: make\n  shell: zsh {0}'), []],
  ['a shell of Windows', shell, step('- run: make\n  shell: powershell'), ['7:16']],
  [
    'a shell of Windows where the system is not known',
    shell,
    jobs('a:\n  runs-on: ${{ inputs.x }}\n  steps:\n    - run: make\n      shell: cmd'),
    []
  ],
  [
    'a shell of Windows on a machine of its own',
    shell,
    jobs('a:\n  runs-on: [self-hosted, linux, x64]\n  steps:\n    - run: make\n      shell: cmd'),
    ['7:16']
  ],
  [
    'a shell of Windows on a machine that says nothing',
    shell,
    jobs('a:\n  runs-on: [self-hosted, x64]\n  steps:\n    - run: make\n      shell: cmd'),
    []
  ],
  ['a default shell', shell, jobs(job('a', 'defaults: { run: { shell: fish } }')), ['5:31']],
  ['a computed shell', shell, step('- run: make\n  shell: ${{ matrix.shell }}'), []],
  ['cmd', cmd, step('- run: make\n  shell: cmd'), ['7:16']],
  ['pwsh', cmd, step('- run: make\n  shell: pwsh'), []],
  ['a shell that is none', unusual, step('- run: make\n  shell: perl {0}'), ['7:16']],
  ['bash with flags', unusual, step('- run: make\n  shell: bash -eo pipefail {0}'), []],
  ['a name with a blank', envName, step('- run: make\n  env:\n    A B: 1\n    C: 2'), ['8:11']],
  ['a computed name', envName, step('- run: make\n  env:\n    ${{ matrix.a }}: 1'), []],
  [
    'a service with a bad name',
    envName,
    jobs(job('a', 'services:\n  db:\n    image: x\n    env:\n      A=B: 1')),
    ['9:11']
  ],
  ['insecure commands', insecure, step('- run: make\n  env:\n    ACTIONS_ALLOW_UNSECURE_COMMANDS: true'), ['8:11']],
  [
    'insecure commands that are off',
    insecure,
    step('- run: make\n  env:\n    ACTIONS_ALLOW_UNSECURE_COMMANDS: false'),
    []
  ],
  ['variables that are computed', computedEnv, step('- run: make\n  env: ${{ matrix.env }}'), ['7:14']],
  ['no concurrency', noConcurrency, jobs(job('a') + job('b')), ['1:1']],
  ['no concurrency of one job', noConcurrency, jobs(job('a', 'concurrency: a') + job('b')), ['8:3']],
  ['concurrency of the workflow', noConcurrency, jobs(job('a'), 'on: push\nconcurrency: a'), []],
  ['a workflow that is called', noConcurrency, jobs(job('a'), 'on: workflow_call'), []],
  ['a group alone', withoutCancel, jobs(job('a'), 'on: push\nconcurrency: a'), ['2:1']],
  [
    'a group that says no',
    withoutCancel,
    jobs(job('a'), 'on: push\nconcurrency: { group: a, cancel-in-progress: false }'),
    []
  ],
  ['one group for all', deadlock, jobs(job('a', 'concurrency: { group: a }'), 'on: push\nconcurrency: a'), ['6:27']],
  ['a group each', deadlock, jobs(job('a', 'concurrency: b'), 'on: push\nconcurrency: a'), []],
  [
    'a queue that is emptied',
    queue,
    jobs(job('a'), 'on: push\nconcurrency: { group: a, queue: max, cancel-in-progress: true }'),
    ['2:33']
  ],
  ['debug logs', debug, jobs(job('a', 'env:\n  ACTIONS_STEP_DEBUG: true')), ['6:7']],
  ['no debug logs', debug, jobs(job('a', 'env:\n  ACTIONS_STEP_DEBUG: false')), []]
])('%s', async (_, rule, files, expected) => expect(await places(rule, files)).toEqual(expected))

test('it tells a circle once, with the way around', async () => {
  const files = jobs(job('a', 'needs: [b, c]') + job('b', 'needs: a') + job('c', 'needs: x') + job('x'))
  expect(await problems(needs, files)).toEqual([
    `${PATH}:3:3 jobs wait for one another, so none starts: a needs b needs a`
  ])
})

test('it follows a chain of any length', async () => {
  const count = 3000
  const chain = Array.from({ length: count }, (_, at) => `j${at}:\n  runs-on: x\n  needs: j${at + 1}\n`).join('')
  expect(await problems(needs, jobs(`${chain}j${count}:\n  runs-on: x\n`))).toEqual([])
})

test('only a step that runs a script needs a shell', async () => {
  const action = (steps: string) => ({
    'action.yml': `name: a\nruns:\n  using: composite\n  steps:\n${steps.replace(/^/gm, '    ')}\n`
  })
  expect(await places(withoutShell, action('- run: make\n- run: make\n  shell: bash\n- uses: ./x'))).toEqual(['5:7'])
})

test.each([
  ['set-output', 'echo "::set-output name=a::$B"', 'echo "a=$B" >> "$GITHUB_OUTPUT"'],
  ['set-env', 'echo ::set-env name=A::b', 'echo A=b >> "$GITHUB_ENV"'],
  ['save-state', "echo '::save-state name=a::b'", `echo 'a=b' >> "$GITHUB_STATE"`],
  ['add-path', 'echo "::add-path::$HOME/bin"', 'echo "$HOME/bin" >> "$GITHUB_PATH"']
])('it rewrites %s', async (_, before, after) => {
  const files = step(`- run: |\n    ${before}\n    make`)
  const edits = (await found(command, files)).flatMap(problem => problem.edits ?? [])
  const text = applied(files[PATH]!, edits)
  expect(text).toBe(files[PATH]!.replace(before, after))
  expect(await places(command, { [PATH]: text })).toEqual([])
})

test.each([
  ['whose output goes elsewhere', 'echo "::set-output name=a::b" | tee log'],
  ['with an escaped line break', 'echo "::set-output name=a::b%0Ac"'],
  ['that printf writes', 'printf "::set-output name=a::b"'],
  ['with words around it', 'echo done "::set-output name=a::b"']
])('it leaves alone a command %s', async (_, script) => {
  const [problem, ...more] = await found(command, step(`- run: ${script}`))
  expect(more).toEqual([])
  expect(problem?.edits).toBeUndefined()
})

test.each([
  ['a comment', '# ::set-output name=a::b'],
  ['a command that is still there', 'echo "::notice::done"']
])('it is silent on %s', async (_, line) => {
  expect(await places(command, step(`- run: |\n    ${line}\n    make`))).toEqual([])
})

test.each([
  ['beside others', 'env:\n  A: 1\n  ACTIONS_ALLOW_UNSECURE_COMMANDS: true\n', 'env:\n  A: 1\n'],
  ['alone', 'env:\n  ACTIONS_ALLOW_UNSECURE_COMMANDS: true\n', '']
])('it removes the variable %s', async (_, env, rest) => {
  const text = (middle: string) => `on: push\n${middle}jobs:\n  a:\n    runs-on: x\n    steps:\n      - run: make\n`
  const edits = (await found(insecure, { [PATH]: text(env) })).flatMap(problem => problem.edits ?? [])
  expect(applied(text(env), edits)).toBe(text(rest))
})
