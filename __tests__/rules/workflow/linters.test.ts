import { expect, test } from '@jest/globals'
import type { Rule } from '../../../src/model.js'
import pyflakes from '../../../src/rules/workflow/pyflakes.js'
import shellcheck from '../../../src/rules/workflow/shellcheck.js'
import { isInstalled, problems, workflow } from '../../helpers.js'

const withShellCheck = isInstalled('shellcheck') ? test : test.skip
const withPyflakes = isInstalled('pyflakes') ? test : test.skip

const codes = async (rule: Rule, files: Record<string, string>) =>
  (await problems(rule, files)).map(each => each.replace(/^\.github\/workflows\/ci\.yml:/, ''))

withShellCheck.each([
  ['the default shell', '- run: echo $A', ['6:19 SC2086: Double quote to prevent globbing and word splitting']],
  ['bash', '- {shell: bash, run: echo $A}', ['6:33 SC2086: Double quote to prevent globbing and word splitting']],
  [
    'a shell of its own',
    "- {shell: 'bash -e {0}', run: echo $A}",
    ['6:42 SC2086: Double quote to prevent globbing and word splitting']
  ],
  ['sh', '- {shell: sh, run: echo "$RANDOM"}', ['6:32 SC3028: In POSIX sh, RANDOM is undefined']],
  ['PowerShell', '- {shell: pwsh, run: echo $A}', []],
  ['Python', '- {shell: python, run: echo $A}', []],
  ['a variable of env', '- run: echo "$files"', []],
  ['cd, whose failure ends the step', '- run: |\n    cd a\n    make', []],
  ['an expression for a word', "- run: '[ ${{ inputs.a }} = b ] && make'", []],
  ['an action', '- uses: a/b@v1', []]
])('ShellCheck of a step: %s', async (_, steps, expected) =>
  expect(await codes(shellcheck, workflow(steps))).toEqual(expected)
)

withShellCheck('ShellCheck of a step on Windows', async () => {
  const on = (label: string) => ({
    '.github/workflows/ci.yml': `on: push\njobs:\n  a:\n    runs-on: ${label}\n    steps:\n      - run: echo $A\n`
  })
  expect(await codes(shellcheck, on('windows-latest'))).toEqual([])
  expect(await codes(shellcheck, on('ubuntu-latest'))).toHaveLength(1)
})

withShellCheck('ShellCheck of an action', async () => {
  const of = (shell: string) => ({
    'action.yml': `name: a\nruns:\n  using: composite\n  steps:\n    - {shell: ${shell}, run: echo $A}\n`
  })
  expect(await problems(shellcheck, of('pwsh'))).toEqual([])
  expect(await problems(shellcheck, of('bash'))).toEqual([
    'action.yml:5:31 SC2086: Double quote to prevent globbing and word splitting'
  ])
})

withPyflakes.each([
  ['a name that is not defined', '- {shell: python, run: print(a)}', ["6:36 undefined name 'a'"]],
  ['a shell of its own', "- {shell: 'python3 {0}', run: print(a)}", ["6:43 undefined name 'a'"]],
  ['the shell of a shell', '- {shell: bash, run: print(a)}', []],
  ['nothing', '- {shell: python, run: print(1)}', []]
])('pyflakes of a step: %s', async (_, steps, expected) =>
  expect(await codes(pyflakes, workflow(steps))).toEqual(expected)
)

withPyflakes('pyflakes of what is no Python', async () => {
  expect(await problems(pyflakes, workflow('- {shell: python, run: print(}'))).toHaveLength(1)
})
