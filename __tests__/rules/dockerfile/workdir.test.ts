import { expect, test } from '@jest/globals'
import relative from '../../../src/rules/dockerfile/relative-workdir.js'
import below from '../../../src/rules/dockerfile/workdir-below-workdir.js'
import system from '../../../src/rules/dockerfile/workdir-in-system-folder.js'
import { peersOf, places } from './places.js'

test.each([
  ['relative', 'WORKDIR app', ['2:9'], []],
  ['relative in quotes', "WORKDIR 'app'", ['2:9'], []],
  ['relative and then below', 'WORKDIR app\nWORKDIR src', ['2:9'], ['3:9']],
  ['below an absolute one', 'WORKDIR /app\nWORKDIR src', [], ['3:9']],
  ['absolute', 'WORKDIR /app', [], []],
  ['absolute in quotes', 'WORKDIR "/app"', [], []],
  ['a variable', 'WORKDIR $APP', [], []],
  ['a variable in quotes', 'WORKDIR "${APP}"', [], []],
  ['a drive', 'WORKDIR C:/app', [], []],
  ['a quoted drive that escapes its quote', 'WORKDIR "C:\\"', [], []],
  ['for others', 'ONBUILD WORKDIR app', ['2:17'], []]
])('%s', async (_, lines, first, later) => {
  expect(await places(relative, `FROM debian:13\n${lines}\n`)).toEqual(first)
  expect(await places(below, `FROM debian:13\n${lines}\n`)).toEqual(later)
})

test('a stage goes on where the stage it builds on ended', async () => {
  const text = 'FROM a AS one\nWORKDIR /app\nFROM one\nWORKDIR src\n'
  expect(await places(relative, text)).toEqual([])
  expect(await places(below, text)).toEqual(['4:9'])
  expect(await places(relative, text.replace('FROM one', 'FROM two'))).toEqual(['4:9'])
})

test('BuildKit reports the first alone, the others each', async () => {
  const text = 'FROM debian:13\nWORKDIR app\nWORKDIR src\n'
  const all = async (suite: string) => [
    ...(await peersOf(relative, suite, text)),
    ...(await peersOf(below, suite, text))
  ]
  expect(await all('buildkit')).toEqual(['WorkdirRelativePath'])
  expect(await all('hadolint')).toEqual(['DL3000', 'DL3000'])
})

test.each([
  ['/proc/self/fd/7', 1],
  ['"/dev"', 1],
  ['/sys/fs', 1],
  ['/development', 0],
  ['/srv/proc', 0]
])('%s in the folders of the kernel: %d', async (path, count) =>
  expect(await places(system, `FROM debian:13\nWORKDIR ${path}\n`)).toHaveLength(count)
)
