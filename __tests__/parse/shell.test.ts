import { expect, test } from '@jest/globals'
import type { Command, Shell } from '../../src/model.js'
import { scriptOf } from '../../src/parse/shell.js'
import { SourceText } from '../../src/parse/text.js'
import { readWorkflow } from '../../src/parse/workflow.js'
import { parseYaml } from '../../src/parse/yaml.js'

const bash: Shell = { name: 'bash', errexit: true, pipefail: false }
const sh: Shell = { name: 'sh', errexit: false, pipefail: false }

function read(text: string, shell = bash) {
  const source = new SourceText('f', text)
  const script = scriptOf(source.span(0, text.length), shell)
  return { script, commands: script.commands, slice: (at: Command['at']) => source.slice(at) }
}

const lossOf = (text: string, name: string, shell = bash) => {
  const { commands, slice } = read(text, shell)
  const lost = commands.find(command => command.name === name)!.lost
  return lost && [lost.how, slice(lost.at)]
}

test.each([
  ['A=1 ./bin/go test ./... > log', 'go', ['./bin/go', 'test', './...'], 'A=1 ./bin/go test ./... > log'],
  ['"$BIN/pytest" -x', 'pytest', ['$BIN/pytest', '-x'], '"$BIN/pytest" -x'],
  ['$CMD -x', '', ['$CMD', '-x'], '$CMD -x'],
  ["${{ matrix.run && 'a' }} b${{ c }}${{ d }}", '', ["${{ matrix.run && 'a' }}", 'b${{ c }}${{ d }}'], undefined],
  ['echo \'a b\' "c"', 'echo', ['echo', 'a b', 'c'], undefined]
])('reads %s', (text, name, words, written) => {
  const { commands, slice } = read(text)
  expect(commands[0]!.name).toBe(name)
  expect(commands[0]!.words.map(word => word.value)).toEqual(words)
  expect(slice(commands[0]!.at)).toBe(written ?? text)
})

test.each([
  'npm run build',
  'echo ""',
  'echo "a  b" "$X" "${X}y$Z" c',
  `a "b" "#x" "(y)" "[z]" "{a,b}" "~/x" "*" "it's" "a;b&c|d<e>f" "k=v"`,
  'docker exec "$C" ls',
  'docker exec x sh -c "npm test"',
  'sudo bash -c "a b"',
  'su x -c "a b"',
  'echo "a\\n"',
  'echo "$(date)" "$1" "${A:-b}"',
  'cd "a b"'
])('reads one command as the grammar reads it among others: %s', text => {
  const view = (all: Command[]) => all.map(({ name, words, inside, at }) => [name, words.map(viewOf), inside, at])
  const viewOf = ({ value, literal, at }: Command['words'][number]) => [value, literal, at]
  expect(view(read(text).commands)).toEqual(view(read(`${text}; : '!'`).commands.slice(0, -1)))
})

test('tells literal words from computed ones', () => {
  const { commands } = read('a b "c d" $e *.py ~/f ${{ g }} {h,i}')
  expect(commands[0]!.words.map(word => word.literal)).toEqual([true, true, true, false, false, false, false, false])
})

test.each([
  ['x=$(npm test)', ['npm'], 'substitution'],
  ['sudo sh -c "cd x && make \\"test\\""', ['cd', 'make'], 'nested-shell'],
  ["docker run img bash -ec 'npm test'", ['npm'], 'nested-shell'],
  ["bash <<'EOF'\nnpm test\nEOF\n", ['npm'], 'nested-shell'],
  ['f() { npm test; }', ['npm'], 'function'],
  ['for x in a; do npm test; done', ['npm'], 'loop'],
  ['if npm test; then :; fi', ['npm'], 'condition']
])('looks inside %s', (text, names, where) => {
  const inner = read(text).commands.filter(command => command.inside.includes(where as 'loop'))
  expect(inner.map(command => command.name)).toEqual(names)
})

test('gives true places inside quotes with escapes and inside backquotes', () => {
  const { commands, slice } = read('sh -c "echo \\"a\\"; make test"; x=`echo \\`ls -l\\``')
  const written = (name: string) => slice(commands.find(command => command.name === name)!.at)
  expect(written('make')).toBe('make test')
  expect(written('ls')).toBe('ls -l')
})

test.each(['echo bash -c "npm test"', 'bash test.sh -c "npm test"'])('sees no nested script in %s', text =>
  expect(read(text).commands).toHaveLength(1)
)

test.each<[string, ReturnType<typeof lossOf>]>([
  ['t || true', ['or', '|| true']],
  ['t || :', ['or', '|| :']],
  ['t || echo "no $X"', ['or', '|| echo "no $X"']],
  ['t || exit 0', ['or', '|| exit 0']],
  ['t || exit 1', undefined],
  ['t || return 1', undefined],
  ['t || false', undefined],
  ['t || { echo no; exit 1; }', undefined],
  ['t || (echo no; exit 1)', undefined],
  ['t || { echo no; }', ['or', '|| { echo no; }']],
  ['t || make logs', undefined],
  ['t || u || true', ['or', '|| true']],
  ['t && u || true', ['or', '|| true']],
  ['t || echo x >> $GITHUB_OUTPUT', undefined],
  ['t || rc=$?\nexit $rc', undefined],
  ['t || rc=$?\nls', ['or', '|| rc=$?']],
  ['t | tee log', ['pipe', '|']],
  ['t | tee log; exit ${PIPESTATUS[0]}', undefined],
  ['t | grep -q passed', undefined],
  ['set -o pipefail; t | tee log', undefined],
  ['set -euo pipefail; set +o pipefail; t | tee log', ['pipe', '|']],
  ['(set -o pipefail); t | tee log', ['pipe', '|']],
  ['set +e\nt\nls', ['no-errexit', 'set +e']],
  ['set +e\nt', undefined],
  ['set +e\nt\nrc=$?\nexit $rc', undefined],
  ['set +e; ls; set -e; t; ls', undefined],
  ['t && u\nls', ['no-errexit', '&&']],
  ['t && u', undefined],
  ['u && t\nls', undefined],
  ['for i in 1 2; do t && break; sleep 1; done', undefined],
  ['t & ls', ['background', '&']],
  ['t & wait $!', undefined],
  ['! t', ['negated', '!']],
  ['! t && exit 1', undefined],
  ['if t; then echo ok; fi', ['condition', 'if t']],
  ['if t; then echo ok; else exit 1; fi', undefined],
  ['if ! t; then exit 1; fi', undefined],
  ['if ! t; then echo no; fi', ['condition', 'if ! t']],
  ['if t; then exit 0; fi; exit 1', undefined],
  ['while ! t; do sleep 1; done', undefined],
  ['x=$(t); ls', undefined],
  ['(t) || true', ['or', '|| true']],
  ['sh -c "t; ls"', ['no-errexit', 't']],
  ['sh -ec "t; ls"', undefined],
  ['sh -c "t" || true', ['or', '|| true']]
])('tells what becomes of a failure: %s', (text, lost) => expect(lossOf(text, 't')).toEqual(lost))

test('knows that a list without errexit goes on', () => {
  expect(lossOf('t; ls', 't', sh)).toEqual(['no-errexit', 't'])
  expect(lossOf('t && ls', 't', sh)).toBeUndefined()
  expect(lossOf('ls; t', 't', sh)).toBeUndefined()
})

test.each<[string, string | undefined]>([
  ['cd a/b; t', 'a/b'],
  ['cd a && cd ../c && t', 'c'],
  ['(cd a); t', ''],
  ['cd a; cd -; t', ''],
  ['pushd a; pushd b; popd; t', 'a'],
  ['cd $X; t', undefined],
  ['cd /tmp; t', undefined],
  ['cd ..; t', '..'],
  ['if x; then cd a; fi; t', undefined],
  ['for d in x y; do cd a; cd ..; done; t', '']
])('follows directories: %s', (text, directory) =>
  expect(read(text).commands.find(command => command.name === 't')!.directory).toBe(directory)
)

test.each([
  ['literal', '|\n          cd web\n          npm test -- --ci\n'],
  ['folded', '>\n          cd web &&\n          npm test -- --ci\n'],
  ['double', '"cd web\\nnpm test -- --ci"\n'],
  ['single', "'cd web && npm test -- --ci'\n"],
  ['plain', 'cd web && npm test -- --ci\n']
])('places commands of a %s run', (_, run) => {
  const text = `jobs:\n  a:\n    steps:\n      - run: ${run}`
  const source = new SourceText('w.yml', text)
  const root = parseYaml('w.yml', text)[0]!.root!
  if (root.kind !== 'map') throw new Error('no mapping')
  const [step] = readWorkflow('w.yml', root.at, root, []).jobs[0]!.steps
  const npm = step!.run!.commands.find(command => command.name === 'npm')!
  expect(source.slice(npm.at)).toBe('npm test -- --ci')
  expect(source.slice(npm.words[1]!.at)).toBe('test')
  expect(npm.directory).toBe('web')
})

test('reads plain lines of PowerShell and cmd, and says what it cannot read', () => {
  const pwsh: Shell = { name: 'pwsh', errexit: true, pipefail: true }
  const plain = read('npm ci\ncd src\\app\ndotnet test App.sln', pwsh)
  expect(plain.commands.map(command => [command.name, command.directory])).toEqual([
    ['npm', ''],
    ['cd', ''],
    ['dotnet', 'src/app']
  ])
  expect(plain.script.unread).toBeUndefined()
  const mixed = read('npm test\n$x = 1', pwsh)
  expect(mixed.commands).toHaveLength(1)
  expect(mixed.script.unread).toBe('PowerShell script')
  expect(read('import os', { name: 'python', errexit: true, pipefail: true }).script.unread).toBe('Python script')
  expect(lossOf('a\r\nb', 'a', { name: 'cmd', errexit: true, pipefail: false })).toEqual(['no-errexit', 'a'])
})

test.each([
  ['open parentheses', '('.repeat(20_000)],
  ['substitutions', '$('.repeat(20_000)],
  ['a long line', 'x'.repeat(1 << 20)],
  ['deep subshells', `${'('.repeat(500)}a${')'.repeat(500)}`],
  ['deep conditions', `${'if a; then '.repeat(500)}b${'; fi'.repeat(500)}`]
])('survives %s', (_, text) => expect(read(text).script.unread).toEqual(expect.any(String)))

test('survives shells in shells', () => {
  expect(read('sh -c "'.repeat(2000)).commands).toBeDefined()
  expect(read('eval '.repeat(2000)).commands).toHaveLength(1)
})

// Commands of plain words are read without the parser: a comment behind them asks the parser for the same.
test.each([
  'npm test',
  './scripts/test.sh --all  a=b',
  'make -C dir check',
  'npx jest@29 --ci:x +y',
  'go test ./...',
  'a/b/c',
  '-x y',
  'true',
  'a && b',
  'a&&b  c &&  d "$e f"',
  'a && cd b && c',
  'a && sh -c "b c"',
  'a && ',
  '&& a',
  'a\nb c\n\n  d',
  'a\n# b\n  # c && d\ne',
  'a\nb && c',
  'a\nset +e\nb',
  'a \\\n  b',
  'a\n\tb'
])('it reads %j as the parser does', script => {
  for (const shell of [
    { name: 'bash', errexit: true, pipefail: true },
    { name: 'sh', errexit: false, pipefail: false }
  ] as const) {
    const read = (value: string) =>
      scriptOf(new SourceText('x.sh', value).span(0, value.length), shell).commands.map(
        ({ name, words, assignments, at, lost, inside, directory }) => ({
          ...{ name, assignments, at, lost, inside, directory },
          words: words.map(word => [word.value, word.literal, word.at])
        })
      )
    expect(read(`${script}\n`)).toEqual(read(`${script} # so far\n`))
  }
})

test.each(['cd a', 'A=b c', 'if', 'x | y', 'a\nb', 'echo $x', 'test a', 'a # b', 'a; b', "'a'", 'a &', '~/a', 'a*'])(
  'it leaves %j to the parser, and still agrees',
  script => {
    const read = (value: string) =>
      scriptOf(new SourceText('x.sh', value).span(0, value.length), {
        name: 'bash',
        errexit: true,
        pipefail: true
      }).commands.map(({ name, directory }) => [name, directory])
    expect(read(script)).toEqual(read(`${script} # so far\n`))
  }
)

test.each([
  ['a file', 'curl x > a/b', 'a/b'],
  ['appended', 'curl x >> "a b"', 'a b'],
  ['with its number', 'curl x 2> /dev/null 1> a', 'a'],
  ['the last of several', 'curl x > a > b', 'b'],
  ['both streams', 'curl x &> a', 'a'],
  ['errors', 'curl x 2> a', undefined],
  ['input', 'curl x < a', undefined],
  ['a copy of another', 'curl x >&2', undefined],
  ['none', 'curl x', undefined]
])('knows where the output goes: %s', (_, script, file) => {
  const [command] = scriptOf(new SourceText('x', script).span(0, script.length), {
    name: 'sh',
    errexit: false,
    pipefail: false
  }).commands
  expect(command?.output?.value).toBe(file)
  if (file) expect(command?.output?.at.endColumn).toBeLessThanOrEqual(script.length + 1)
})

test('takes what is substituted in a pipe for no part of it', () => {
  const script = 'a "$(b)" | c "$(d | e)"'
  const { commands } = scriptOf(new SourceText('x', script).span(0, script.length), {
    name: 'sh',
    errexit: false,
    pipefail: false
  })
  expect(commands.map(({ name, pipe }) => [name, pipe?.pipe, pipe?.part])).toEqual([
    ['a', 1, 0],
    ['b', undefined, undefined],
    ['c', 1, 1],
    ['d', 2, 0],
    ['e', 2, 1]
  ])
})

test('tells where assignments stand', () => {
  const text = "A=1 \\\n  B='2 3' x"
  const [command] = scriptOf(new SourceText('x.sh', text).span(0, text.length), {
    name: 'sh',
    errexit: false,
    pipefail: false
  }).commands
  expect(command!.assignments.map(({ name, value, at }) => [name, value, at.line, at.column, at.endColumn])).toEqual([
    ['A', '1', 1, 1, 4],
    ['B', '2 3', 2, 3, 10]
  ])
})
