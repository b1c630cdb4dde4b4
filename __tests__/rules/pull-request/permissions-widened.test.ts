import { expect, test } from '@jest/globals'
import rule from '../../../src/rules/pull-request/permissions-widened.js'
import { problems } from '../../helpers.js'

const CI = '.github/workflows/ci.yml'
const NEW = '.github/workflows/new.yml'
const ci = (top: string, a = '', b = '') =>
  `on: push\n${top && `permissions: ${top}\n`}jobs:\n  a:\n${a && `    permissions: ${a}\n`}    runs-on: x\n  b:\n${b && `    permissions: ${b}\n`}    runs-on: x\n`
const READ = '{contents: read}'
const WRITE = '{contents: write}'

test.each([
  ['a scope for every job', [READ], [WRITE], ['2:15 job a and 1 more may write contents now, and could not before']],
  ['a scope for one job', [READ, READ], [READ, WRITE], ['5:19 job a may write contents now, and could not before']],
  [
    'a block for one job that is wider',
    [READ],
    [READ, '{packages: write}'],
    ['5:19 job a may write packages now, and could not before']
  ],
  [
    'a block that is gone',
    [WRITE, READ],
    [WRITE],
    ['4:3 job a has no permissions of its own any more: with those of the workflow it may write contents']
  ],
  ['a block that is gone and was no narrower', [READ, READ], [READ], []],
  ['a scope to read', ['{}'], [READ], []],
  ['less', [WRITE], [READ], []],
  ['another order', ['{contents: write, packages: read}'], ['{packages: read, contents: write}'], []],
  ['from everything', ['write-all'], [WRITE], []],
  ['to everything, which another rule tells', [READ], ['write-all'], []],
  ['to nothing said, which another rule tells', [READ], [''], []],
  ['from nothing said', [''], [WRITE], []]
])('weighs %s', async (_, base, head, found) => {
  const text = ([top, a, b]: string[]) => ci(top!, a, b)
  expect(await problems(rule, { base: { [CI]: text(base) }, head: { [CI]: text(head) } })).toEqual(
    found.map(line => `${CI}:${line}`)
  )
})

test('it says nothing of a new workflow', async () => {
  const more = `${ci(WRITE)}# one\n`
  expect(await problems(rule, { base: { [CI]: ci(READ) }, head: { [NEW]: more } })).toEqual([])
  expect(await problems(rule, { base: { 'a.md': '' }, head: { [NEW]: more } })).toEqual([])
})
