import { expect, test } from '@jest/globals'
import { readDockerfile } from '../src/parse/dockerfile.js'
import {
  bare,
  baseOf,
  chainOf,
  copyOf,
  finalStage,
  mountsOf,
  saysPlatform,
  scopesOf,
  settingsOf,
  sourcesOf,
  stateOf,
  variablesOf,
  wordValuesOf,
  workdirsOf
} from '../src/stages.js'

const read = (text: string) => readDockerfile('Dockerfile', text)
const last = (text: string) => read(text).stages.at(-1)!

const INHERITED = [
  'FROM node:22 AS base',
  'ENV A=1 B=2',
  'USER node',
  'WORKDIR /app',
  'EXPOSE 3000',
  'SHELL ["bash", "-c"]',
  'HEALTHCHECK CMD true',
  'CMD ["node"]',
  'FROM base AS next',
  'ENV A=3',
  'EXPOSE 4000',
  'ENTRYPOINT ["x"]'
].join('\n')

test('keeps what the parent stage set', () => {
  const state = stateOf(last(INHERITED))
  expect([state.base, state.user?.value, state.workdir?.value, state.shell?.words]).toEqual([
    'node:22',
    'node',
    '/app',
    ['bash', '-c']
  ])
  expect(state.exposes.map(port => port.value)).toEqual(['3000', '4000'])
  expect(state.env.map(({ name, value }) => `${name.value}=${value?.value}`)).toEqual(['A=3', 'B=2'])
  expect(state.healthcheck?.at.line).toBe(7)
})

test('drops the command of the parent where there is a new entrypoint', () => {
  expect(stateOf(last(INHERITED)).cmd).toBeUndefined()
  expect(stateOf(last('FROM a\nCMD ["b"]\nENTRYPOINT ["c"]')).cmd?.at.line).toBe(2)
})

test('keeps nothing of a stage that is only copied from, and nothing of ONBUILD', () => {
  const state = stateOf(last('FROM a AS b\nUSER u\nFROM c\nCOPY --from=b /x /x\nONBUILD USER v'))
  expect([state.user, state.base]).toEqual([undefined, 'c'])
})

test('leaves the parent as it was', () => {
  const { stages } = read(INHERITED)
  stateOf(stages[1]!)
  expect(stateOf(stages[0]!).exposes).toHaveLength(1)
  expect(stateOf(stages[0]!).cmd?.at.line).toBe(8)
})

test.each([
  [undefined, 2],
  ['A', 0],
  ['b', 1],
  ['1', 1],
  ['none', undefined],
  ['7', undefined]
])('finds the stage of target %s', (target, index) =>
  expect(finalStage(read('FROM x AS a\nFROM x AS B\nFROM x'), target)?.index).toBe(index)
)

test('knows variables by default, global ones where they are declared again', () => {
  const text = 'ARG G=1\nARG H=2\nFROM a AS b\nARG G\nENV X=$G-$Y\nARG N\nFROM b\nENV Z=${G}z'
  const file = read(text)
  const values = variablesOf(file, file.stages[1])
  expect(['G', 'X', 'N', 'Z', 'H', 'Y'].map(name => [name, values.has(name), values.get(name)])).toEqual([
    ['G', true, '1'],
    ['X', true, undefined],
    ['N', true, undefined],
    ['Z', true, '1z'],
    ['H', false, undefined],
    ['Y', false, undefined]
  ])
})

test('settles what instructions of one kind overwrite, stage by stage', () => {
  const { stages } = read(INHERITED)
  expect(settingsOf(stages[1]!)).toMatchObject({ base: 'node:22', healthcheck: { at: { line: 7 } } })
  expect([settingsOf(stages[0]!).cmd?.at.line, settingsOf(stages[1]!).cmd]).toEqual([8, undefined])
})

test('is quick where many stages build on a long one', () => {
  const text = `FROM a AS b\n${'ENV X=1\n'.repeat(20_000)}${'FROM b\nCMD c\n'.repeat(10_000)}`
  const { stages } = read(text)
  expect(stages.filter(stage => settingsOf(stage).cmd)).toHaveLength(10_000)
})

test('follows a long chain of stages', () => {
  const text = Array.from({ length: 20_000 }, (_, n) => `FROM s${n} AS s${n + 1}`).join('\n')
  const stage = last(text)
  expect(stateOf(stage).base).toBe('s0')
  expect(chainOf(stage)).toHaveLength(20_000)
})

test.each([
  ['a', 'a'],
  ['$A', '1'],
  ['x-${A}-${B}', 'x-1-2'],
  ['$C', undefined],
  ['${D}e', 'e'],
  ['$E', undefined],
  ['$(cat a)', undefined],
  ['`cat a`', undefined]
])('puts variables into %s', (word, expected) => {
  const text = `FROM a AS o\nENV D=4\nARG E=5\nFROM a AS b\nARG A=1\nARG C\nFROM b\nENV B=2\nRUN x ${word}`
  const file = read(text)
  const { stage, script } = file.instructions.at(-1)!
  expect(wordValuesOf(file, stage)(script!.commands[0]!.words[1]!)).toBe(expected)
})

test.each([
  ['--mount=type=cache,target=/x', 'cache /x'],
  ['--mount=type=cache,id=y,dst=/x/', 'cache /x'],
  ['--mount=destination=/,type=tmpfs', 'tmpfs /'],
  ['--mount=target=/x', 'bind /x'],
  ['--mount=type=secret', 'secret '],
  ['--network=none', '']
])('reads %s', (flag, expected) => {
  const [, instruction] = read(`FROM a\nRUN ${flag} x`).instructions
  expect(
    mountsOf(instruction!)
      .map(({ type, target }) => `${type} ${target}`)
      .join()
  ).toBe(expected)
})

test('finds what COPY and mounts take files from, in order', () => {
  const file = readDockerfile(
    'Dockerfile',
    'FROM a\nCOPY --from=x /a /b\nONBUILD COPY --from=0 /a /b\nRUN --mount=type=bind,source=/s,from=y:1,target=/t true\nCOPY a b\n'
  )
  expect(
    sourcesOf(file).map(({ name }) => `${name.at.line}:${name.at.column}-${name.at.endColumn} ${name.value}`)
  ).toEqual(['2:13-14 x', '3:21-22 0', '4:38-41 y:1'])
})

test.each([
  ['linux/arm64', 'build-arm64', true],
  ['linux/arm64', 'LINUX', true],
  ['linux/arm/v7', 'v7', false],
  ['linux/arm64', 'build', false]
])('a stage for %s by the name of %s says so: %s', (platform, name, says) => {
  const [stage] = readDockerfile('Dockerfile', `FROM --platform=${platform} a AS ${name}`).stages
  expect(saysPlatform(stage!)).toBe(says)
})

test('a stage without a name says no platform', () => {
  const [stage] = readDockerfile('Dockerfile', 'FROM --platform=linux/arm64 a').stages
  expect(saysPlatform(stage!)).toBe(false)
})

test.each([
  ['COPY a b c/', 'a b', 'c/', undefined],
  ['COPY --from=x ["a b", "c"]', 'a b', 'c', 'x'],
  ['ADD <<E a /c\nE', 'a', '/c', undefined],
  ['COPY a', undefined, undefined, undefined],
  ['RUN a b', undefined, undefined, undefined]
])('%j copies %s to %s', (text, sources, destination, from) => {
  const copy = copyOf(read(text).instructions[0]!)
  expect(copy?.sources.map(({ value }) => value).join(' ')).toBe(sources)
  expect(copy?.destination.value).toBe(destination)
  expect(copy?.from?.value.value).toBe(from)
})

test.each([
  ['"a"', 'a'],
  ["'a", 'a'],
  ['a"', 'a'],
  ['a', 'a'],
  ['"', '']
])('%s without quotes is %j', (word, path) => expect(bare(word)).toBe(path))

test('knows what a WORKDIR builds on', () => {
  const text = 'FROM a AS one\nWORKDIR /x\nFROM b\nWORKDIR y\nFROM one\nWORKDIR z\nONBUILD WORKDIR /w'
  expect(
    workdirsOf(read(text)).map(({ path, relative, below, onbuild }) => [path, relative, below?.value, onbuild])
  ).toEqual([
    ['/x', false, undefined, false],
    ['y', true, undefined, false],
    ['z', true, '/x', false],
    ['/w', false, 'z', true]
  ])
})

test('knows which variables are set when an instruction comes', () => {
  const text = 'ARG G=1\nFROM alpine AS one\nENV A=1\nONBUILD ENV O=1\nFROM one\nARG B\nRUN x\nFROM acme/x\nRUN x'
  const seen: string[] = []
  for (const { instruction, names, isSet, complete, image } of scopesOf(read(text)))
    seen.push(`${instruction.keyword} ${[...names()]} ${isSet('A')} ${complete} ${image}`)
  expect(seen).toEqual([
    'ARG  false false ',
    'FROM  false true alpine',
    'ENV  false true alpine',
    'ONBUILD A true true alpine',
    'FROM A,O true true alpine',
    'ARG A,O,B true true alpine',
    'RUN A,O,B true true alpine',
    'FROM  false false acme/x',
    'RUN  false false acme/x'
  ])
})

test('stops where stages would copy variables without end', () => {
  const names = Array.from({ length: 2000 }, (_, n) => `V${n}=1`).join(' ')
  const chain = Array.from({ length: 5000 }, (_, n) => `FROM s${n} AS s${n + 1}`).join('\n')
  expect([...scopesOf(read(`FROM a AS s0\nENV ${names}\n${chain}`))].length).toBeLessThan(200)
})

test.each([
  ['FROM a', 'a'],
  ['FROM a AS b\nFROM b AS c\nFROM c', 'a'],
  ['ARG V=1\nFROM a:$V', 'a:1'],
  ['FROM a:$V', undefined]
])('the image at the root of the last stage: %j', (text, base) => expect(baseOf(last(text))).toBe(base))
