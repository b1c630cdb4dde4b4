import { expect, test } from '@jest/globals'
import type { Source } from '../../src/model.js'
import { remembered } from '../../src/source/edited.js'
import { memorySource } from '../../src/source/memory.js'

const textsOf = async (source: Source) => {
  const blobs = await source.head.list()
  const read = await source.read(blobs)
  return Object.fromEntries(blobs.map(({ path, sha }) => [path, read.get(sha)]))
}

test('it puts texts in place of others and leaves the source as it is', async () => {
  const source = remembered(memorySource({ files: { a: '1', b: '2' } }))
  const edited = source.edited(
    new Map([
      ['a', 'one'],
      ['gone', 'x']
    ])
  )
  expect(await textsOf(edited)).toEqual({ a: 'one', b: '2' })
  expect(await textsOf(source)).toEqual({ a: '1', b: '2' })
  const [blob] = await edited.head.list()
  expect(blob).toMatchObject({ path: 'a', size: 3 })
  expect(await source.edited(new Map([['a', 'one']])).head.list()).toContainEqual(blob)
})

test('it asks the source for each thing once', async () => {
  const inner = memorySource({ files: { a: '1', b: '2' } })
  const asked: string[] = []
  const noting = <T>(names: string[], ask: () => Promise<T>) => {
    asked.push(...names)
    return ask()
  }
  const source = remembered({
    ...inner,
    head: { sha: 'head', list: () => noting(['list'], () => inner.head.list()) },
    read: blobs =>
      noting(
        blobs.map(({ path }) => path),
        () => inner.read(blobs)
      ),
    resolve: uses => noting(uses, () => inner.resolve(uses)),
    facts: async (uses, about) => noting([...uses.keys(), ...about], async () => ({ facts: new Map(), unread: [] })),
    branch: () => noting(['branch'], () => inner.branch()),
    diff: () => noting(['diff'], () => inner.diff())
  })
  for (const each of [source, source.edited(new Map([['a', 'one']])), source.edited(new Map())]) {
    await textsOf(each)
    await each.resolve(['x/y@v1'])
    await each.facts?.(new Map([['x/z@v2', []]]), ['archived'])
    await each.branch()
    await each.diff()
  }
  expect(asked.sort()).toEqual(['a', 'archived', 'b', 'branch', 'diff', 'list', 'x/y@v1', 'x/z@v2'])
})

test('it tells which lines are new after the edit', async () => {
  const source = remembered(memorySource({ base: { a: '1\n2\n', b: 'x\n' }, files: { a: '1\nnew\n2\n', b: 'x\n' } }))
  const added = async (texts: Map<string, string>) =>
    Object.fromEntries((await source.edited(texts).diff())!.map(({ path, added }) => [path, added]))
  expect(await added(new Map())).toEqual({ a: [[2, 2]] })
  expect(
    await added(
      new Map([
        ['a', '0\n1\nnew\n2\n'],
        ['b', 'x\ny\n']
      ])
    )
  ).toEqual({
    a: [
      [1, 1],
      [3, 3]
    ],
    b: [[2, 2]]
  })
})
