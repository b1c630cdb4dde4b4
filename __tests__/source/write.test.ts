import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { writeTexts } from '../../src/source/write.js'
import { folder } from '../end-to-end/command.js'

const change = (root: string, path: string, before = 'a\n', after = 'b\n') =>
  writeTexts(root, new Map([[path, { before, after }]]))
const text = (root: string, path: string) => readFileSync(join(root, path), 'utf8')

test('it writes a file and leaves nothing beside it', async () => {
  const root = folder({ 'x/a': 'a\n' })
  expect(await change(root, 'x/a')).toEqual(new Map())
  expect([text(root, 'x/a'), readdirSync(join(root, 'x'))]).toEqual(['b\n', ['a']])
})

test('it keeps permissions and the byte order mark', async () => {
  const root = folder({ a: '\ufeffa\n' })
  chmodSync(join(root, 'a'), 0o750)
  expect(await change(root, 'a')).toEqual(new Map())
  expect(text(root, 'a')).toBe('\ufeffb\n')
  expect(statSync(join(root, 'a')).mode & 0o7777).toBe(0o750)
})

test('it leaves the other name of a file alone', async () => {
  const root = folder({ a: 'a\n' })
  linkSync(join(root, 'a'), join(root, 'b'))
  await change(root, 'a')
  expect([text(root, 'a'), text(root, 'b')]).toEqual(['b\n', 'a\n'])
})

test.each([
  ['one that changed', 'a', (root: string) => writeFileSync(join(root, 'a'), 'c\n'), 'it changed since it was read'],
  ['one that is gone', 'b', () => undefined, expect.stringContaining('ENOENT')],
  [
    'bytes that are no text',
    'a',
    (root: string) => writeFileSync(join(root, 'a'), Buffer.from([0x61, 0xff, 0x0a])),
    'it holds bytes that are no UTF-8'
  ],
  ['a link', 'b', (root: string) => symlinkSync('a', join(root, 'b')), 'it is a symbolic link'],
  ['a folder', 'b', (root: string) => mkdirSync(join(root, 'b')), 'it is no regular file'],
  ['a path out of the folder', '../a', () => undefined, 'its path is not plain'],
  ['an absolute path', '/etc/hostname', () => undefined, 'its path is not plain']
])('it leaves alone %s', async (_, path, prepare, why) => {
  const root = folder({ a: 'a\n' })
  prepare(root)
  const before = readdirSync(root)
  expect(await change(root, path)).toEqual(new Map([[path, why]]))
  expect(readdirSync(root)).toEqual(before)
  if (lstatSync(join(root, 'a')).isFile() && path !== 'a') expect(text(root, 'a')).toBe('a\n')
})

test.each(['../outside', '.'])('it follows no link of a folder above: %s', async target => {
  const root = folder({ 'in/a': 'a\n', 'outside/a': 'a\n', a: 'a\n' })
  const inside = join(root, 'in')
  symlinkSync(target, join(inside, 'link'))
  expect(await change(inside, 'link/a')).toEqual(new Map([['link/a', 'a symbolic link leads to it']]))
  expect([text(root, 'outside/a'), text(root, 'in/a')]).toEqual(['a\n', 'a\n'])
})

test('it writes into a folder that is named by a link', async () => {
  const root = folder({ 'real/a': 'a\n' })
  symlinkSync('real', join(root, 'link'))
  expect(await change(join(root, 'link'), 'a')).toEqual(new Map())
  expect(text(root, 'real/a')).toBe('b\n')
})
