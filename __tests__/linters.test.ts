import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { inspectFiles } from '../src/api.js'
import { lint, lintable } from '../src/linters.js'
import type { Linter } from '../src/model.js'
import { isInstalled, repoOf, workflow } from './helpers.js'

const withShellCheck = isInstalled('shellcheck') ? test : test.skip
const withPyflakes = isInstalled('pyflakes') ? test : test.skip
const asPosix = process.platform === 'win32' ? test.skip : test

const PATH = process.env.PATH
const folders: string[] = []
afterEach(() => {
  process.env.PATH = PATH
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

/** Puts a program of this name first, which is a shell script. */
function pretend(name: string, script: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'linters-'))
  folders.push(folder)
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`)
  chmodSync(join(folder, name), 0o755)
  process.env.PATH = `${folder}:${PATH}`
  return folder
}

const file = (text: string) => ({ Dockerfile: text })
const step = (run: string, more = '') => workflow(`- run: |\n${run.replace(/^/gm, '    ')}${more && `\n  ${more}`}`)

async function said(files: Record<string, string>, linters: Linter[] = ['shellcheck', 'pyflakes']) {
  const { lints } = await repoOf(files, linters)
  return [...lints.values()].flat().map(({ code, at }) => `${code ?? ''} ${at.line}:${at.column}-${at.endColumn}`)
}

// ---------------------------------------------------------------- what is handed over

test.each([
  ['the default shell', 'FROM a\nRUN x', ['sh']],
  ['SHELL', 'FROM a\nSHELL ["/bin/bash", "-c"]\nRUN x', ['bash']],
  ['SHELL of the stage it builds on', 'FROM a AS b\nSHELL ["/bin/bash", "-c"]\nFROM b\nRUN x', ['bash']],
  ['another stage', 'FROM a\nSHELL ["/bin/bash", "-c"]\nFROM b\nRUN x', ['sh']],
  ['PowerShell', 'FROM a\nSHELL ["pwsh", "-c"]\nRUN x', []],
  ['the shell that a comment tells', 'FROM a\n# hadolint shell=powershell\nRUN x', []],
  ['the shell that a comment tells for all stages', '# hadolint shell = pwsh.exe\nFROM a\nRUN x\nFROM b\nRUN y', []],
  ['a comment on one stage', 'FROM a\n# hadolint shell=bash\nRUN x\nFROM b\nRUN y', ['bash', 'sh']],
  ['a comment about something else', 'FROM a\n# the shell=bash is here\nRUN x', ['sh']],
  ['the exec form', 'FROM a\nRUN ["x"]', []],
  ['ONBUILD', 'FROM a\nONBUILD RUN x', ['sh']],
  ['a here-document in Python', 'FROM a\nRUN <<E\n#!/usr/bin/env python3\nprint(1)\nE', []],
  ['no stage', 'SHELL ["/bin/bash", "-c"]\nRUN x', ['bash']],
  ['CMD', 'FROM a\nCMD x', []]
])('it takes RUN in the shell in force: %s', async (_, text, shells) => {
  const scripts = lintable(await repoOf(file(text)), ['shellcheck'])
  expect(scripts.map(({ script }) => script.shell.name)).toEqual(shells)
})

test.each([
  ['ARG and ENV of the stage', 'FROM a\nARG one=1\nENV two=2\nRUN x', ['one', 'two']],
  ['later ones', 'FROM a\nRUN x\nARG one', []],
  ['ARG before FROM', 'ARG one\nFROM a\nRUN x', []],
  ['ENV of the stage it builds on', 'FROM a AS b\nENV one=1\nFROM b\nRUN x', ['one']],
  ['ENV of another stage', 'FROM a AS b\nENV one=1\nFROM c\nRUN x', []],
  ['ONBUILD, which has the variables alone', 'FROM a\nARG one\nENV two=2\nONBUILD RUN x', ['two']],
  ['a secret in a variable', 'FROM a\nRUN --mount=type=secret,id=t,env=TOKEN x', ['TOKEN']],
  ['a name that is none', 'FROM a\nENV a;rm=1\nRUN x', []]
])('it tells the variables that a RUN finds: %s', async (_, text, names) => {
  const [{ prelude } = { prelude: [] }] = lintable(await repoOf(file(text)), ['shellcheck'])
  const told = prelude.flatMap(line => [...line.matchAll(/(?<=^export.* )(\w+)=1/g)].map(match => match[1]))
  expect(told.filter(name => !/_PROXY$/i.test(name ?? ''))).toEqual(names)
  expect(told).toContain('https_proxy')
})

test('it tells of what a script uses first, and not of thousands', async () => {
  const variables = Array.from({ length: 900 }, (_, at) => `ENV a${at}=1\n`).join('')
  const [{ prelude } = { prelude: [] }] = lintable(await repoOf(file(`FROM a\n${variables}RUN x $a899`)), [
    'shellcheck'
  ])
  expect(prelude).toHaveLength(1)
  expect(prelude[0]).toMatch(/^export a899=1 \w+=1 /)
  expect(prelude[0]!.split(' ')).toHaveLength(201)
})

test('it takes steps by their shell, and leaves what nobody asks about', async () => {
  const repo = await repoOf(
    workflow('- run: a\n- {run: b, shell: python}\n- {run: c, shell: pwsh}\n- {run: d, shell: sh}')
  )
  const taken = lintable(repo, ['shellcheck', 'pyflakes'])
  expect(taken.map(({ linter, script, prelude }) => [linter, script.text.value, ...prelude])).toEqual([
    ['shellcheck', 'a', 'set -e'],
    ['pyflakes', 'b'],
    ['shellcheck', 'd', 'set -e']
  ])
  expect(lintable(repo, ['pyflakes'])).toHaveLength(1)
})

// ---------------------------------------------------------------- places

withShellCheck('it points at the word, across continued lines and comments', async () => {
  const text = 'FROM a\nRUN true && \\\n# a comment\n    echo $A && \\\n\techo "$A" $B\n'
  expect(await said(file(text))).toEqual(['SC2086 4:10-12', 'SC2086 5:12-14'])
})

withShellCheck('it counts characters beyond the first plane as editors do', async () => {
  expect(await said(file('FROM a\nRUN echo "😀" $A\n'))).toEqual(['SC2086 2:15-17'])
})

withShellCheck('it points into here-documents and block scalars', async () => {
  expect(await said(file('FROM a\nRUN <<E\ntrue\necho $A\nE\n'))).toEqual(['SC2086 4:6-8'])
  expect(await said(step('true\necho $A'))).toEqual(['SC2086 8:16-18'])
})

withShellCheck('it honours what a script says of its checks, whatever is put before it', async () => {
  expect(await said(file('FROM a\nRUN <<E\n# shellcheck disable=SC2086\necho $A\necho $B\nE\n'))).toEqual([])
  expect(await said(step('# shellcheck disable=SC2086\necho $A\necho $B'))).toEqual([])
})

withShellCheck('it sees a plain word where an expression stands', async () => {
  const where = `- run: echo \${{ github.event.inputs['a"b'] }} $A`
  expect(await said(workflow(where))).toEqual(['SC2086 6:53-55'])
  expect(await said(workflow(`- run: if [[ \${{ inputs.a }} ]]; then true; fi`))).toEqual([])
  expect(await said(workflow(`- run: if [[ word ]]; then true; fi`))).toHaveLength(1)
})

withPyflakes('it points at names of Python', async () => {
  expect(await said(step('import os\nprint("é", x)', 'shell: python'))).toEqual([' 7:11-17', ' 8:22-23'])
  expect(await said(step('print(', 'shell: python'))).toHaveLength(1)
  expect(await said(workflow(`- {run: "print('\${{ github.sha }}')", shell: python}`))).toEqual([])
})

// ---------------------------------------------------------------- processes

asPosix('it starts nothing where no rule asks', async () => {
  const folder = pretend('shellcheck', 'echo started > "$0.log"')
  const files = { ...file('FROM a\nRUN echo $A\n'), ...step('echo $A') }
  const report = await inspectFiles(files, { rules: 'recommended' })
  expect(report.unread.map(({ what }) => what)).not.toContain('shell scripts')
  expect(existsSync(join(folder, 'shellcheck.log'))).toBe(false)
  await inspectFiles(files, { rules: 'strict' })
  expect(existsSync(join(folder, 'shellcheck.log'))).toBe(true)
})

test.each([
  ['as an option', { shellcheck: false }],
  ['in the config', { config: { shellcheck: false } }],
  ['in the options of another tool', { peerConfig: { actionlint: { shellcheck: false } } }]
])('it starts nothing where it is turned off: %s', async (_, options) => {
  process.env.PATH = ''
  const ask = (more: object) =>
    inspectFiles(file('FROM a\nRUN echo $A\n'), { rules: ['dockerfile/shellcheck'], ...more })
  expect((await ask(options)).unread).toEqual([])
  expect((await ask({})).unread).toEqual([{ what: 'shell scripts', reason: 'ShellCheck is not on the PATH' }])
})

test('it says once that a linter is not there', async () => {
  process.env.PATH = ''
  const files = { ...file('FROM a\nRUN x\nRUN y\nRUN z\n'), ...step('print(1)', 'shell: python') }
  expect((await repoOf(files, ['shellcheck', 'pyflakes'])).unread).toEqual([
    { what: 'Python steps', reason: 'pyflakes is not on the PATH' },
    { what: 'shell scripts', reason: 'ShellCheck is not on the PATH' }
  ])
})

asPosix('it asks about equal texts once, at head and base together', async () => {
  const folder = pretend('shellcheck', `cat > /dev/null; echo >> "$0.log"; echo '{"comments":[]}'`)
  const head = file('FROM a\nRUN x\nRUN x\nRUN y\n')
  await repoOf({ head, base: file('FROM a\nRUN x\nRUN z\n') }, ['shellcheck'])
  const starts = readFileSync(join(folder, 'shellcheck.log'), 'utf8')
  expect(starts).toHaveLength(3)
})

asPosix('it hands over a text, a bare environment and a neutral folder', async () => {
  const folder = pretend('shellcheck', `{ pwd; env; echo "$@"; cat; } > "$0.log"; echo '{"comments":[]}'`)
  process.env.SHELLCHECK_OPTS = '-x'
  await repoOf(step('echo 1'), ['shellcheck'])
  delete process.env.SHELLCHECK_OPTS
  const [where, ...rest] = readFileSync(join(folder, 'shellcheck.log'), 'utf8').trimEnd().split('\n')
  expect(where).toBe('/')
  expect(rest.filter(line => /^\w+=/.test(line)).map(line => line.split('=')[0])).not.toContain('SHELLCHECK_OPTS')
  expect(rest.slice(-3)).toEqual(['--norc --format=json1 --severity=style --shell=bash -', 'set -e', 'echo 1'])
})

asPosix.each([
  ['says what nobody understands', 'echo no JSON', 'its answer is not understood: no JSON'],
  ['refuses', 'echo unknown option >&2; exit 4', 'did not go through: unknown option'],
  ['says too much', 'yes | head -c 5000000', 'had more than 4 MiB to say']
])('it goes on where a linter %s', async (_, script, reason) => {
  pretend('shellcheck', script)
  const { unread, lints } = await repoOf(file('FROM a\nRUN x\nRUN y\n'), ['shellcheck'])
  expect(lints.size).toBe(0)
  expect(unread.map(each => `${each.what}: ${each.reason}`)).toEqual([`ShellCheck of 2 scripts: ${reason}`])
})

asPosix(
  'it ends a linter that does not end',
  async () => {
    pretend('shellcheck', 'exec sleep 60')
    const { unread } = await repoOf(file('FROM a\nRUN x\n'), ['shellcheck'])
    expect(unread).toMatchObject([{ what: 'ShellCheck of a script', reason: 'took longer than 5 s', at: { line: 2 } }])
  },
  20_000
)

test('it leaves a script that is too long', async () => {
  const { unread } = await repoOf(file(`FROM a\nRUN echo ${'a'.repeat(40_000)}\n`), ['shellcheck'])
  expect(unread).toMatchObject([{ what: 'ShellCheck of a script', reason: 'longer than 32 KiB' }])
})

withShellCheck('it reads no settings of the folder that it is started in', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'linters-'))
  folders.push(folder)
  writeFileSync(join(folder, '.shellcheckrc'), 'disable=SC2086\n')
  const before = process.cwd()
  process.chdir(folder)
  try {
    expect(await said(file('FROM a\nRUN echo $A\n'))).toEqual(['SC2086 2:10-12'])
  } finally {
    process.chdir(before)
  }
})

test('it has nothing to say about no scripts', async () => {
  expect(await lint([])).toEqual({ lints: new Map(), unread: [] })
})
