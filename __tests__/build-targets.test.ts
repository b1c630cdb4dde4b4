import { expect, test } from '@jest/globals'
import { unbuiltOf } from '../src/build-targets.js'
import { repoOf, workflow } from './helpers.js'

const unbuilt = async (Dockerfile: string, files = {}) => {
  const { stages, unknown } = unbuiltOf(await repoOf({ Dockerfile, ...files }))
  return [...stages.map(({ stage }) => stage.name?.value ?? stage.index), ...(unknown ? [unknown] : [])]
}

const chain = 'FROM a:1 AS one\nFROM one AS two\nFROM a:1 AS three\nFROM b:1\n'

test('what a stage needs is built with it', async () => {
  expect(await unbuilt(chain)).toEqual(['one', 'two', 'three'])
  expect(await unbuilt(`${chain}COPY --from=two /x /y`)).toEqual(['three'])
  expect(await unbuilt(`${chain}FROM two`)).toEqual(['three', 3])
})

test('a target is a name in any case, or a number', async () => {
  expect(await unbuilt(chain, workflow('- run: docker build --target TWO .'))).toEqual(['three'])
  expect(await unbuilt(chain, workflow('- run: docker build --target 2 .'))).toEqual(['one', 'two'])
})

test('says why a target may be built that was not seen', async () => {
  expect(await unbuilt(chain, workflow('- run: docker build --target $T .'))).toEqual([
    'one',
    'two',
    'three',
    '.github/workflows/ci.yml builds a target whose name is computed'
  ])
  expect(await unbuilt('FROM a:1', workflow('- run: docker build --target $T .'))).toEqual([])
})

test('bounds what patterns of names cost', async () => {
  const stages = Array.from({ length: 4000 }, (_, at) => `FROM x${at}-$A AS s${at}`).join('\n')
  const repo = await repoOf({ Dockerfile: stages })
  expect(unbuiltOf(repo)).toBeDefined()
})
