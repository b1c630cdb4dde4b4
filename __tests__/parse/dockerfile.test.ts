import { expect, test } from '@jest/globals'
import type { Instruction, Place, Text } from '../../src/model.js'
import { readDockerfile } from '../../src/parse/dockerfile.js'
import { SourceText } from '../../src/parse/text.js'

const read = (text: string) => readDockerfile('Dockerfile', text)
const instructions = (text: string) => read(text).instructions
const first = (text: string): Instruction => instructions(text)[0]!
const spot = (at: Place) => `${at.line}:${at.column}-${at.endLine}:${at.endColumn}`
const values = (texts: Text[]) => texts.map(text => text.value)

// ---------------------------------------------------------------- lines

test.each([
  ['one a line', 'FROM a\nRUN b\n', ['FROM 1:1-1:7', 'RUN 2:1-2:6']],
  ['no line break at the end', 'FROM a', ['FROM 1:1-1:7']],
  ['CRLF', 'FROM a\r\nRUN b \\\r\n  c\r\n', ['FROM 1:1-1:7', 'RUN 2:1-3:4']],
  ['blanks in front and behind', '  FROM a  \n\tRUN b\t\n', ['FROM 1:3-1:9', 'RUN 2:2-2:7']],
  ['blanks after the escape character', 'RUN a \\ \t\n b\nUSER c', ['RUN 1:1-2:3', 'USER 3:1-3:7']],
  ['a comment within', 'RUN a \\\n# no \\\n  # no\n b\nUSER c', ['RUN 1:1-4:3', 'USER 5:1-5:7']],
  ['a blank line within', 'RUN a \\\n\n \t\n b\nUSER c', ['RUN 1:1-4:3', 'USER 5:1-5:7']],
  ['the end of the file within', 'RUN a \\\n', ['RUN 1:1-1:6']],
  ['the end of the file within, after a comment', 'RUN a \\\n# b', ['RUN 1:1-1:6']],
  ['a doubled escape character', 'RUN a \\\\\nUSER b', ['RUN 1:1-1:9', 'USER 2:1-2:7']],
  ['a keyword in two parts', 'FR\\\nOM a\nUSER b', ['FROM 1:1-2:5', 'USER 3:1-3:7']],
  ['a # that is no comment', 'RUN a # b \\\n c\nUSER d', ['RUN 1:1-2:3', 'USER 3:1-3:7']],
  ['unknown keywords', 'from a\nFoo b', ['FROM 1:1-1:7', 'FOO 2:1-2:6']],
  ['nothing but escape characters', '\\\n\\\n', []],
  ['nothing', '', []]
])('reads instructions with %s', (_, text, expected) =>
  expect(instructions(text).map(each => `${each.keyword} ${spot(each.at)}`)).toEqual(expected)
)

test.each([
  [
    'syntax and escape',
    '# syntax=docker/dockerfile:1\n#escape=`\nFROM a',
    ['syntax docker/dockerfile:1 1:1-1:29', 'escape ` 2:1-2:10'],
    '`'
  ],
  ['any case, blanks', '  #  EsCaPe  =  `  \nFROM a', ['escape ` 1:3-1:18'], '`'],
  ['check', '# check=skip=all;error=true\nFROM a', ['check skip=all;error=true 1:1-1:28'], '\\'],
  ['after a comment', '# hello\n# escape=`\nFROM a', [], '\\'],
  ['after a blank line', '\n# escape=`\nFROM a', [], '\\'],
  ['after an instruction', 'FROM a\n# escape=`\n', [], '\\'],
  ['after an unknown one', '# foo=bar\n# escape=`\nFROM a', ['escape ` 2:1-2:11'], '`'],
  ['without a value', '# escape=\nFROM a', [], '\\']
])('reads directives: %s', (_, text, expected, mark) => {
  const file = read(text)
  expect(file.directives.map(({ name, value, at }) => `${name} ${value.value} ${spot(at)}`)).toEqual(expected)
  expect(file.escape).toBe(mark)
})

test('takes ` for the end of a continued line where the file says so, and \\ for a path', () => {
  const found = instructions('# escape=`\nRUN dir `\n  c:\\\nUSER a')
  expect(found.map(each => each.body.value)).toEqual(['dir     c:\\', 'a'])
})

test('attaches the block of comments directly above', () => {
  const [from, run, user] = instructions('# old\n\n# one\n#two\nFROM a\n# three\n\nRUN b \\\n# inside\n c\nUSER d')
  expect(from!.comments.map(comment => comment.text)).toEqual(['one', 'two'])
  expect(run!.comments).toEqual([])
  expect(user!.comments).toEqual([])
  expect(read('# a\nRUN b \\\n # inside\n c').comments.map(({ text, at }) => `${text} ${spot(at)}`)).toEqual([
    'a 1:1-1:4',
    'inside 3:2-3:10'
  ])
})

test('gives the body at equal length, so that an offset in it is one in the file', () => {
  const text = 'RUN one \\\n# gone\n\n  && two \\ \n  three\n'
  const { body } = first(text)
  expect(body.value).toBe(`one${' '.repeat(13)}&& two${' '.repeat(6)}three`)
  const at = body.value.indexOf('three')
  expect(spot(body.part(at, at + 5))).toBe('5:3-5:8')
})

// ---------------------------------------------------------------- arguments

test.each([
  [
    'RUN --mount=type=cache,target=/x --network=none go build',
    ['mount type=cache,target=/x 1:5-1:33', 'network none 1:34-1:48'],
    'go build'
  ],
  ['COPY --link --from="a b" c d', ['link  1:6-1:12', 'from a b 1:13-1:25'], 'c d'],
  ['HEALTHCHECK --interval=5s \\\n --retries=3 CMD x', ['interval 5s 1:13-1:26', 'retries 3 2:2-2:13'], 'CMD x'],
  ['RUN -- --not-a-flag', [], '--not-a-flag'],
  ['RUN a --b', [], 'a --b'],
  ['FROM --platform=$BUILDPLATFORM node AS n', ['platform $BUILDPLATFORM 1:6-1:31'], 'node AS n']
])('parts flags from the rest: %j', (text, flags, body) => {
  const instruction = first(text)
  expect(instruction.flags.map(({ name, value, at }) => `${name} ${value.value} ${spot(at)}`)).toEqual(flags)
  expect(instruction.body.value).toBe(body)
})

test.each([
  ['an exec form', 'CMD ["node", "a b.js"]', ['node', 'a b.js'], true, false],
  ['escapes', 'CMD ["\\u0041\\n\\"", "\\\\"]', ['A\n"', '\\'], true, false],
  ['an empty array', 'CMD []', [], true, false],
  ['a trailing comma', 'CMD ["a",]', ['["a",]'], false, true],
  ['single quotes', "CMD ['a']", ["['a']"], false, true],
  ['no quotes', 'ENTRYPOINT [node, a.js]', ['[node,', 'a.js]'], false, true],
  ['a number', 'CMD ["a", 1]', ['["a",', '1]'], false, true],
  ['no end', 'CMD ["a", "b"', ['["a",', '"b"'], false, true],
  ["the shell's test", 'RUN [ "$a" = "b" ]', ['[', '"$a"', '=', '"b"', ']'], false, false],
  ['a pattern', 'COPY [a-z]*.txt /x/', ['[a-z]*.txt', '/x/'], false, false],
  ['a bracket in another instruction', 'LABEL a=["b"]', ['a=["b"]'], false, false],
  ['what comes after an array', 'CMD ["a"] b', ['a'], true, false],
  ['an array over lines', 'CMD ["a", \\\n  "b"]', ['a', 'b'], true, false],
  ['a health check', 'HEALTHCHECK CMD ["curl", "-f", "x"]', ['CMD', 'curl', '-f', 'x'], true, false],
  ['no health check', 'HEALTHCHECK NONE', ['NONE'], false, false],
  ['a user with blanks', 'WORKDIR /my dir', ['/my dir'], false, false],
  ['quotes', 'ENV A="b c" D=\'e f\' G=h\\ i', ['A="b c"', "D='e f'", 'G=h\\ i'], false, false]
])('reads arguments: %s', (_, text, args, json, brokenJson) => {
  const instruction = first(text)
  expect([values(instruction.args), instruction.json, instruction.brokenJson]).toEqual([args, json, brokenJson])
})

test('places the strings of an array without their quotes', () => {
  expect(first('CMD ["a", \\\n  "b\\u0041c"]').args.map(arg => spot(arg.at))).toEqual(['1:7-1:8', '2:4-2:12'])
  expect(spot(first('CMD ["x\\ty"]').args[0]!.part(2, 3))).toBe('1:10-1:11')
})

test.each([
  ['ENV A=b C="d e" F=', ['A=b', 'C=d e', 'F=']],
  ['ENV A b c  d', ['A=b c  d']],
  ["ENV A 'b c'", ['A=b c']],
  ['ENV A=\'$x\' B=\\$y C="\\"z\\""', ['A=$x', 'B=\\$y', 'C="z"']],
  ['ENV A=a\\ b', ['A=a b']],
  ['ARG A', ['A']],
  ['ARG A=1 B C="2"', ['A=1', 'B', 'C=2']],
  ['LABEL "com.x"="y" z=\\\n  w', ['com.x=y', 'z=']],
  ['LABEL a=b\\\nc', ['a=bc']],
  ['ENV', []],
  ['RUN A=b', []]
])('reads pairs: %j', (text, pairs) =>
  expect(first(text).pairs.map(({ name, value }) => name.value + (value ? `=${value.value}` : ''))).toEqual(
    text.startsWith('LABEL "com') ? ['com.x=y', 'z=', 'w'] : pairs
  )
)

test('places names, values and pairs', () => {
  const [pair] = first('ENV A=1 \\\n  B="c d"').pairs.slice(1)
  expect([pair!.name.at, pair!.value!.at, pair!.at].map(spot)).toEqual(['2:3-2:4', '2:6-2:9', '2:3-2:10'])
})

test('reads the instruction that ONBUILD registers, one deep', () => {
  const outer = first('ONBUILD RUN --mount=type=ssh make\n')
  expect([outer.onbuild?.keyword, outer.onbuild?.body.value, spot(outer.onbuild!.at)]).toEqual([
    'RUN',
    'make',
    '1:9-1:34'
  ])
  expect(first(`${'ONBUILD '.repeat(5000)}RUN x`).onbuild?.onbuild).toBeUndefined()
})

// ---------------------------------------------------------------- heredocs

test.each([
  ['one', 'RUN <<EOF\na\nb\nEOF\nUSER c', [['EOF', 'a\nb\n']]],
  ['a quoted name', "RUN <<'EOF'\n$a\nEOF\nUSER c", [['EOF quoted', '$a\n']]],
  ['a name with a blank', 'RUN <<"E O"\na\nE O\nUSER c', [['E O quoted', 'a\n']]],
  ['tabs stripped', 'RUN <<-E\n\t\ta\n\tb\n\tE\nUSER c', [['E tabs', 'a\nb\n']]],
  ['a descriptor', 'RUN cat 3<<E\na\nE\nUSER c', [['E fd3', 'a\n']]],
  [
    'several',
    'COPY <<A <<B /x/\n1\nA\n2\nB\nUSER c',
    [
      ['A', '1\n'],
      ['B', '2\n']
    ]
  ],
  ['a # and a \\ in it', 'RUN <<E\n# a \\\nb\nE\nUSER c', [['E', '# a \\\nb\n']]],
  ['CRLF', 'RUN <<E\r\na\r\nE\r\nUSER c', [['E', 'a\r\n']]],
  ['a continued line', 'RUN <<E \\\n cat\na\nE\nUSER c', [['E', 'a\n']]],
  ['ONBUILD', 'ONBUILD RUN <<E\na\nE\nUSER c', [['E', 'a\n']]],
  ['punctuation in the name', 'RUN cat <<E;\na\nE;\nUSER c', [['E;', 'a\n']]]
])('reads heredocs: %s', (_, text, expected) => {
  const [run, user, ...rest] = instructions(text)
  const heredocs = run!.heredocs.map(({ name, quoted, stripTabs, descriptor, body }) => [
    name +
      (quoted ? ' quoted' : '') +
      (stripTabs ? ' tabs' : '') +
      (descriptor === undefined ? '' : ` fd${descriptor}`),
    body.value
  ])
  expect(heredocs).toEqual(expected)
  expect([user?.keyword, rest]).toEqual(['USER', []])
})

test.each([
  ['a here string', 'RUN cat <<<EOF\nUSER c'],
  ['arithmetic', 'RUN echo $((1<<A))\nUSER c'],
  ['quotes', 'RUN echo "<<E"\nUSER c'],
  ['no blank in front', 'RUN cat<<E\nUSER c'],
  ['a blank behind', 'RUN cat << E\nUSER c'],
  ['the exec form', 'RUN ["cat", "<<E"]\nUSER c'],
  ['another instruction', 'CMD cat <<E\nUSER c'],
  ['an open quote', "RUN echo it's <<E\nUSER c"]
])('sees no heredoc in %s', (_, text) =>
  expect(instructions(text).map(each => [each.keyword, each.heredocs.length])).toEqual([
    [text.startsWith('CMD') ? 'CMD' : 'RUN', 0],
    ['USER', 0]
  ])
)

test('takes the rest of the file for a heredoc that nothing ends', () => {
  const found = instructions('RUN <<E\na\nUSER b\n')
  expect(found).toHaveLength(1)
  expect(found[0]!.heredocs[0]!.body.value).toBe('a\nUSER b\n')
})

test('maps a body with stripped tabs to the file', () => {
  const { body } = first('RUN <<-E\n\t\ta\n\tbc\n\tE\n').heredocs[0]!
  expect(spot(body.part(2, 4))).toBe('3:2-3:4')
})

// ---------------------------------------------------------------- stages

test('names stages, their parents and what they need', () => {
  const { stages } = read(
    [
      'ARG TAG=22',
      'FROM --platform=$BUILDPLATFORM node:${TAG}-slim AS Build',
      'FROM build AS test',
      'FROM node AS node',
      'FROM node',
      'COPY --from=0 /a /a',
      'COPY --from=BUILD /a /a',
      'RUN --mount=type=bind,from=test,target=/x --mount=type=cache,target=/y true',
      'FROM 1',
      'COPY --from=nginx:1 /a /a'
    ].join('\n')
  )
  expect(
    stages.map(({ index, name, base, parent, needs }) => [
      index,
      name?.value,
      base,
      parent?.index,
      needs.map(each => each.index)
    ])
  ).toEqual([
    [0, 'Build', 'node:22-slim', undefined, []],
    [1, 'test', undefined, 0, [0]],
    [2, 'node', 'node', undefined, []],
    [3, undefined, undefined, 2, [2, 0, 1]],
    [4, undefined, '1', undefined, []]
  ])
  expect(stages[0]!.platform?.value).toBe('$BUILDPLATFORM')
  expect(stages[0]!.image.value).toBe('node:${TAG}-slim')
})

test.each([
  ['a default', 'ARG V=1\nFROM a:$V', 'a:1'],
  ['a default of defaults', 'ARG V=1\nARG W=${V}.2\nFROM a:$W', 'a:1.2'],
  ['quotes', 'ARG V="1"\nFROM "a:$V"', 'a:1'],
  ['a fallback', 'ARG V\nFROM a:${V:-2}', 'a:2'],
  ['no default', 'ARG V\nFROM a:$V', undefined],
  ['no ARG at all', 'FROM a:$V', undefined],
  ['a platform argument', 'FROM a:$TARGETARCH', undefined],
  ['an ARG of a stage', 'FROM b\nARG V=1\nFROM a:$V', undefined],
  ['nothing left', 'ARG V=\nFROM $V', undefined]
])('expands FROM with %s', (_, text, base) => expect(read(text).stages.at(-1)!.base).toBe(base))

test('reads a file without FROM', () => {
  const file = read('RUN a\nUSER b')
  expect([file.stages, file.instructions.map(each => each.stage)]).toEqual([[], [undefined, undefined]])
})

// ---------------------------------------------------------------- scripts

const shell = (instruction: Instruction | undefined) => {
  const script = instruction?.script
  return script && [script.shell.name, script.shell.errexit, script.shell.pipefail, script.text.value]
}

test.each([
  ['sh', 'FROM a\nRUN x', ['sh', false, false, 'x']],
  ['what SHELL says', 'FROM a\nSHELL ["/bin/bash", "-euo", "pipefail", "-c"]\nRUN x', ['bash', true, true, 'x']],
  ['-o pipefail', 'FROM a\nSHELL ["bash", "-o", "pipefail", "-c"]\nRUN x', ['bash', false, true, 'x']],
  ["the parent's", 'FROM a AS b\nSHELL ["bash", "-c"]\nFROM b\nRUN x', ['bash', false, false, 'x']],
  ["not another stage's", 'FROM a AS b\nSHELL ["bash", "-c"]\nFROM c\nRUN x', ['sh', false, false, 'x']],
  ['PowerShell', 'FROM a\nSHELL ["powershell", "-Command"]\nRUN x', ['pwsh', false, false, 'x']],
  ['what a comment says', 'FROM a\n# hadolint shell=bash\nRUN x', ['bash', false, false, 'x']],
  ['what a comment says of all', '# hadolint shell=bash\nFROM a\nFROM b\nRUN x', ['bash', false, false, 'x']],
  [
    'not what a comment says of another',
    'FROM a\n# hadolint shell=bash\nRUN y\nFROM b\nRUN x',
    ['sh', false, false, 'x']
  ],
  ['SHELL after a comment', '# hadolint shell=pwsh\nFROM a\nSHELL ["bash", "-c"]\nRUN x', ['bash', false, false, 'x']],
  ['SHELL without a stage', 'SHELL ["bash", "-c"]\nRUN x', ['bash', false, false, 'x']],
  ['cmd', 'FROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN x', ['cmd', false, false, 'x']],
  ['a heredoc alone', 'FROM a\nRUN <<E\nx\ny\nE', ['sh', false, false, 'x\ny\n']],
  [
    'a heredoc for python',
    'FROM a\nRUN <<E\n#!/usr/bin/env python3\nx\nE',
    ['python', false, false, '#!/usr/bin/env python3\nx\n']
  ],
  ['a heredoc for bash -e', 'FROM a\nRUN <<E\n#!/bin/bash -e\nx\nE', ['bash', true, false, '#!/bin/bash -e\nx\n']],
  ['a heredoc as input', 'FROM a\nRUN cat <<E > f\nx\nE', ['sh', false, false, 'cat <<E > f\nx\nE']],
  ['a health check', 'FROM a\nHEALTHCHECK CMD curl x', ['sh', false, false, 'curl x']]
])('gives a script the shell in force: %s', (_, text, expected) =>
  expect(shell(instructions(text).at(-1))).toEqual(expected)
)

test.each([['FROM a\nHEALTHCHECK NONE'], ['FROM a\nRUN'], ['FROM a\nCOPY b c'], ['FROM a\nCMD']])(
  'has no script for %j',
  text => expect(instructions(text)[1]!.script).toBeUndefined()
)

test('shows the exec form as one command', () => {
  const [command, ...more] = first('CMD ["/usr/bin/Node", "a b.js"]').script!.commands
  expect(more).toEqual([])
  expect([command!.name, values(command!.words as never), spot(command!.words[1]!.at)]).toEqual([
    'node',
    ['/usr/bin/Node', 'a b.js'],
    '1:24-1:30'
  ])
})

test('shows what sh -c runs in the exec form', () => {
  const { commands } = first('CMD ["/bin/sh", "-c", "echo a && node b.js"]').script!
  expect(commands.map(({ name, inside }) => [name, ...inside])).toEqual([
    ['sh'],
    ['echo', 'nested-shell'],
    ['node', 'nested-shell']
  ])
  expect(spot(commands[2]!.at)).toBe('1:34-1:43')
})

test('places the commands of a continued RUN in the file', () => {
  const text = 'RUN apt-get update \\\n# why\n && apt-get install -y x'
  const source = new SourceText('Dockerfile', text)
  expect(first(text).script!.commands.map(command => source.slice(command.at))).toEqual([
    'apt-get update',
    'apt-get install -y x'
  ])
})

// ---------------------------------------------------------------- hostile input

test.each([
  ['one instruction', `RUN a${' \\\n && b'.repeat(10_000)}`, 1],
  ['comments within one', `RUN a \\\n${'# c\n'.repeat(10_000)} b`, 1],
  ['many', 'ENV A=b\n'.repeat(10_000), 10_000],
  ['heredocs on one line', `RUN ${'<<A '.repeat(5000)}\n${'x\n'.repeat(5000)}`, 1],
  ['stages each on the last', Array.from({ length: 3000 }, (_, n) => `FROM s${n} AS s${n + 1}`).join('\n'), 3000],
  ['pairs over lines', `ENV ${'A="b\\\nc" '.repeat(5000)}`, 1]
])('reads 10,000 lines of %s', (_, text, count) => expect(instructions(text)).toHaveLength(count))

test('keeps the keyword as written', () => {
  expect(instructions('From a\nonBuild run x').map(({ written, keyword }) => [written, keyword])).toEqual([
    ['From', 'FROM'],
    ['onBuild', 'ONBUILD']
  ])
  expect(instructions('FROM a\nonBuild run x')[1]!.onbuild!.written).toBe('run')
})

test('notes blank lines inside an instruction, whole', () => {
  expect(first('RUN a \\\n\n# b\n \t\n  && c\n\nRUN d').blanks.map(spot)).toEqual(['2:1-3:1', '4:1-5:1'])
  expect(first('RUN <<E\n\nE\n').blanks).toEqual([])
})

test('tells a heredoc that never ends', () => {
  expect(first('RUN <<E\nx\n').heredocs[0]!.open).toBe(true)
  expect(first('RUN <<E\nx\nE').heredocs[0]!.open).toBeUndefined()
})
