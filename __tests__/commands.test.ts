import { expect, test } from '@jest/globals'
import { doingsOf, doingsOfAction, follow, pathsNamedBy, swallowedBy } from '../src/commands.js'
import { readScriptFile } from '../src/parse/scripts.js'
import { scriptOf } from '../src/parse/shell.js'
import { textAt } from '../src/parse/text.js'

const at = { path: 'f', line: 1, column: 1, endLine: 1, endColumn: 1 }
const commandOf = (text: string) =>
  scriptOf(textAt(text, at), { name: 'bash', errexit: true, pipefail: false }).commands.at(-1)!
const tests = (text: string) => doingsOf(commandOf(text)).find(doing => doing.kind === 'test')?.level

test.each([
  ['go test ./...', 'any'],
  ['sudo -E env A=1 go -C x test ./...', 'any'],
  ['timeout -k 5 10m pytest tests/e2e', 'e2e'],
  ['poetry run pytest -x', 'any'],
  ['uv run --with x python -m pytest', 'any'],
  ['python3 -m unittest', 'unit'],
  ['bundle exec rspec', 'any'],
  ['npx --yes jest@29 --ci', 'unit'],
  ['pnpm --filter web exec vitest run', 'unit'],
  ['yarn playwright test', 'e2e'],
  ['docker run --rm -v $PWD:/w -w /w node:22 npm test', 'any'],
  ['docker compose exec -T app bin/rails test', 'any'],
  ['docker compose exec app test unit', 'unit'],
  ['docker run --rm img/app test', 'any'],
  ['cargo +nightly test --locked', 'any'],
  ['./gradlew --no-daemon :app:test', 'unit'],
  ['./mvnw -B verify', 'any'],
  ['nix develop -c cargo test', 'any'],
  ['go run github.com/onsi/ginkgo/v2/ginkgo@v2 -r', 'any'],
  ['npm test', 'any'],
  ['npm run test:e2e', 'e2e'],
  ['make -C src -j4 test', 'any'],
  ['make check', 'any'],
  ['./scripts/run_tests.sh', 'any'],
  ['bin/test', 'any'],
  ['sh tests/docker.sh', 'any'],
  ['tox -e py311,unit', 'unit'],
  ['nx run-many -t lint test', 'any']
])('%s tests: %s', (text, level) => expect(tests(text)).toBe(level))

test.each([
  'test -f x',
  '[ -f test ]',
  'pytest --version',
  'pytest --collect-only',
  'cargo test --no-run',
  'npx playwright install --with-deps',
  'yarn playwright install',
  'cargo build --tests',
  'go build ./test',
  './gradlew build -x test',
  'mvn package -DskipTests',
  'make test-setup',
  'make check-fmt',
  'npm run lint:ci',
  './scripts/upload-test-results.sh',
  './scripts/check_links.sh',
  'docker run -d --name test-app test-app',
  'docker compose exec app test -f x',
  'tox -e lint',
  'nx run-many -t lint',
  'echo npm test',
  'command -v pytest',
  'kubectl apply -f test.yml'
])('%s tests nothing', text => expect(tests(text)).toBeUndefined())

test.each([
  ['jest --passWithNoTests', '--passWithNoTests passes without tests'],
  ['npx vitest run --passWithNoTests', '--passWithNoTests passes without tests'],
  ['./mvnw verify -Dmaven.test.failure.ignore=true', '-Dmaven.test.failure.ignore=true ignores failures'],
  ['mvn -fn verify', '-fn ignores failures'],
  ['./gradlew test -PignoreFailures=true', '-PignoreFailures ignores failures'],
  ['pytest -k fast', undefined],
  ['jest --bail', undefined],
  ['npm test -- --passWithNoTests', undefined]
])('%s is swallowed: %s', (text, how) => expect(swallowedBy(commandOf(text))).toBe(how))

const files: Record<string, string> = {
  'package.json': '{"scripts":{"test":"npm run unit","unit":"jest","test:a":"a","test:b":"b","pretest":"tsc"}}',
  'web/package.json': '{"scripts":{"test":"vitest"}}',
  Makefile: 'all: test\ntest: lint\n\tgo test ./...\ntest-%:\n\tgo test ./$*\n',
  'scripts/test.sh': '#!/bin/sh\nnpm test\n',
  'tox.ini': '[testenv]\ncommands = pytest\n[testenv:lint]\ncommands = ruff check\n',
  'bin/test': 'rspec\n'
}
const repo = {
  scripts: Object.entries(files).map(([path, text]) => readScriptFile(path, text)!),
  paths: [...Object.keys(files), 'sub/Makefile', 'scripts/unread.sh']
}
const where = (text: string, directory = '') => {
  const found = follow(commandOf(text), directory, repo)
  return found && [found.file?.path, found.target?.name, found.directory, found.unread && 'unread']
}

test.each<[string, ReturnType<typeof where>]>([
  ['npm test', ['package.json', 'test', '', undefined]],
  ['npm t -- --ci', ['package.json', 'test', '', undefined]],
  ['yarn --cwd web test', ['web/package.json', 'test', 'web', undefined]],
  ['cd web && npm run -s test', ['web/package.json', 'test', 'web', undefined]],
  ['pnpm unit', ['package.json', 'unit', '', undefined]],
  ['pnpm vitest', undefined],
  ['run-p "test:*"', ['package.json', 'run-p test:*', '', undefined]],
  ['npm run nothing', ['package.json', undefined, '', 'unread']],
  ['make test', ['Makefile', 'test', '', undefined]],
  ['make', ['Makefile', '', '', undefined]],
  ['make test-unit', ['Makefile', 'test-%', '', undefined]],
  ['make -C sub test', [undefined, undefined, 'sub', 'unread']],
  ['sudo bash -x scripts/test.sh', ['scripts/test.sh', '', '', undefined]],
  ['./scripts/unread.sh', [undefined, undefined, '', 'unread']],
  ['bin/test', ['bin/test', '', '', undefined]],
  ['tox -e py311', ['tox.ini', 'testenv', '', undefined]],
  ['${{ matrix.cmd }}', [undefined, undefined, '', 'unread']],
  ['go test ./...', undefined],
  ['cd $X && make test', [undefined, undefined, '', 'unread']]
])('follows %s', (text, found) => expect(where(text)).toEqual(found))

test('makes one target of several', () => {
  expect(follow(commandOf('make test all'), '', repo)!.target!.needs).toEqual(['test', 'all'])
  expect(follow(commandOf('npm test -w web'), '', repo)!.target!.needs).toEqual(['web/package.json test'])
})

test.each<[string, string, string[]]>([
  ['npm test', 'web', ['web/package.json']],
  ['npm test', 'docs', ['package.json']],
  ['make -C sub x', '', ['sub/Makefile']],
  ['bin/test', '', ['bin/test']],
  ['./scripts/unread.sh', '', ['scripts/unread.sh']],
  ['turbo run test', '', ['package.json', 'web/package.json']],
  ['go test', '', []]
])('names what must be read for %s in "%s"', (text, directory, paths) =>
  expect(pathsNamedBy(commandOf(text), directory, new Set(repo.paths))).toEqual(paths)
)

test('knows actions', () => {
  expect(doingsOfAction('cypress-io/github-action@v6', () => undefined)).toEqual([{ kind: 'test', level: 'e2e' }])
  expect(doingsOfAction('cypress-io/github-action@v6', () => 'false')).toEqual([])
  expect(doingsOfAction('actions/checkout@v6', () => undefined)).toEqual([])
})
