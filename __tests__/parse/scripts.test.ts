import { expect, test } from '@jest/globals'
import { isScriptFile, readScriptFile } from '../../src/parse/scripts.js'
import { SourceText } from '../../src/parse/text.js'

function commandsOf(path: string, text: string, target: string) {
  const source = new SourceText(path, text)
  return readScriptFile(path, text)!
    .targets.get(target)!
    .scripts.flatMap(script => script.commands)
    .map(command => [command.words.map(word => word.value).join(' '), source.slice(command.at), command.lost?.how])
}

test.each([
  ['package.json', true],
  ['web/Makefile', true],
  ['build/rules.mk', true],
  ['justfile', true],
  ['Taskfile.yml', true],
  ['ci/test.sh', true],
  ['package-lock.json', false],
  ['Makefile.am', false],
  ['test.md', false]
])('knows %s: %s', (path, is) => expect(isScriptFile(path)).toBe(is))

test('reads package scripts with their hooks', () => {
  const text = '{\n  "scripts": {\n    "pretest": "tsc",\n    "test": "cd a && jest --ci"\n  }\n}\n'
  expect(readScriptFile('package.json', text)!.targets.get('test')!.needs).toEqual(['pretest'])
  expect(commandsOf('package.json', text, 'test')).toEqual([
    ['cd a', 'cd a', undefined],
    ['jest --ci', 'jest --ci', undefined]
  ])
  expect(readScriptFile('package.json', '[1]')).toBeUndefined()
})

const makefile = `GO ?= go
FLAGS = -race
Q := @
include other.mk
.PHONY: test
all: build

test: build lint | dirs
\t$(Q)$(GO) test $(FLAGS) ./... # all
\t-$(MAKE) -C sub \\
\t  check
\t@echo $$HOME $@ $(shell date)
%.o: %.c
\tcc $<
`

test('reads make targets with variables, prefixes and continued lines', () => {
  const file = readScriptFile('Makefile', makefile)!
  expect(file.targets.get('test')!.needs).toEqual(['build', 'lint', 'dirs'])
  expect(file.targets.get('')!.needs).toEqual(['all'])
  expect(file.partial).toBeDefined()
  const commands = commandsOf('Makefile', makefile, 'test')
  expect(commands.map(([words, , lost]) => [words, lost])).toEqual([
    ['go test -race ./...', undefined],
    ['make -C sub check', 'or'],
    ['echo $HOME test ${_}', undefined]
  ])
  expect(commands[0]![1]).toContain('test $(FLAGS) ./...')
})

test.each<[string, string, string, string[]]>([
  [
    'justfile',
    'default: test\ntest *ARGS: build\n  cargo test {{ARGS}}\nbuild:\n  -cargo build\n',
    'test',
    ['cargo test']
  ],
  ['justfile', 'x:\n  #!/usr/bin/env bash\n  set -e\n  pytest\n', 'x', ['set -e', 'pytest']],
  [
    'Taskfile.yml',
    'tasks:\n  test:\n    deps: [a]\n    cmds:\n      - go test {{.X}}\n      - task: b\n',
    'test',
    ['go test']
  ],
  [
    'tox.ini',
    '[tox]\nenvlist = py\n[testenv]\ncommands =\n  pytest {posargs}\n  - flake8\n',
    'testenv',
    ['pytest', 'flake8']
  ],
  [
    'noxfile.py',
    '@nox.session(name="t")\ndef tests(session):\n    session.run("pytest", "-x", *args)\n',
    't',
    ['pytest -x']
  ],
  ['pyproject.toml', '[tool.poe.tasks]\ntest = "pytest -q"\n', 'test', ['pytest -q']],
  ['pyproject.toml', '[tool.pdm.scripts]\ntest = {cmd = "pytest -q"}\n', 'test', ['pytest -q']],
  ['composer.json', '{"scripts":{"test":["@cs","phpunit -v"],"cs":"phpcs"}}', 'test', ['phpunit -v']],
  ['deno.jsonc', '{ // tasks\n "tasks": {"test": "deno test -A"} }', 'test', ['deno test -A']],
  ['run.sh', '#!/bin/sh\nnpm test\n', '', ['npm test']],
  ['script/test', 'npm test\n', '', ['npm test']]
])('reads %s: %s', (path, text, target, words) => {
  const read = commandsOf(path, text, target)
  for (const [at, start] of words.entries()) expect(read[at]![0]).toMatch(start)
  expect(read).toHaveLength(words.length)
})

test('says that a script of another language is not read', () => {
  const [script] = readScriptFile('bin/test', '#!/usr/bin/env python3\nprint()\n')!.targets.get('')!.scripts
  expect(script!.unread).toBe('Python script')
})

test('knows errexit from the first line of a shell script', () => {
  const [script] = readScriptFile('t.sh', '#!/bin/bash -e\na\nb\n')!.targets.get('')!.scripts
  expect(script!.commands[0]!.lost).toBeUndefined()
  expect(readScriptFile('t.sh', 'a\nb\n')!.targets.get('')!.scripts[0]!.commands[0]!.lost?.how).toBe('no-errexit')
})

test.each([
  ['Makefile', 'A = $(B)\nB = $(A)\nt:\n\techo $(A)\n'],
  ['Makefile', `A = x\n${'A := $(A)$(A)\n'.repeat(60)}t:\n\techo $(A)\n`],
  ['Makefile', 'a:\n'.repeat(50_000)],
  ['Makefile', `t:\n\techo ${'$('.repeat(50_000)}\n`],
  ['justfile', '{{'.repeat(50_000)],
  ['noxfile.py', '@nox.session\ndef t(session):\n  session.run('.repeat(2000)]
])('survives a hostile %s', (path, text) => {
  const file = readScriptFile(path, text)!
  for (const target of file.targets.values()) for (const script of target.scripts) expect(script.commands).toBeDefined()
  expect(file.targets.size).toBeLessThanOrEqual(2000)
})
