import { expect, test } from '@jest/globals'
import { readDockerfile } from '../src/parse/dockerfile.js'
import { baseOf, chainOf, finalStage, stateOf, variablesOf } from '../src/stages.js'

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
  expect([...variablesOf(file, file.stages[1]!)]).toEqual([
    ['G', '1'],
    ['X', undefined],
    ['N', undefined],
    ['Z', '1z']
  ])
})

test('follows a long chain of stages', () => {
  const text = Array.from({ length: 20_000 }, (_, n) => `FROM s${n} AS s${n + 1}`).join('\n')
  const stage = last(text)
  expect(stateOf(stage).base).toBe('s0')
  expect(chainOf(stage)).toHaveLength(20_000)
})

test.each([
  ['FROM a', 'a'],
  ['FROM a AS b\nFROM b AS c\nFROM c', 'a'],
  ['ARG V=1\nFROM a:$V', 'a:1'],
  ['FROM a:$V', undefined]
])('the image at the root of the last stage: %j', (text, base) => expect(baseOf(last(text))).toBe(base))
