import { expect, test } from '@jest/globals'
import { run } from '../../../src/rule.js'
import rule from '../../../src/rules/dockerfile/repeated-instruction.js'
import { problems, repoOf } from '../../helpers.js'
import { applied } from '../workflow/edits.js'

test.each([
  ['two CMD with others between', 'FROM a\nCMD b\nRUN c\nCMD d\n', ['2:1 CMD 4']],
  ['three ENTRYPOINT', 'FROM a\nENTRYPOINT b\nENTRYPOINT c\nENTRYPOINT d\n', ['2:1 ENTRYPOINT 3', '3:1 ENTRYPOINT 4']],
  ['HEALTHCHECK and NONE', 'FROM a\nHEALTHCHECK CMD b\nHEALTHCHECK NONE\n', ['2:1 HEALTHCHECK 3']],
  ['a file without FROM', 'CMD b\nCMD c\n', ['1:1 CMD 2']],
  ['one in each stage', 'FROM a AS b\nCMD b\nFROM b\nCMD c\n', []],
  ['one of each', 'FROM a\nHEALTHCHECK CMD b\nENTRYPOINT c\nCMD d\n', []],
  ['one for whoever builds on it', 'FROM a\nCMD b\nONBUILD CMD c\n', []]
])('%s', async (_, Dockerfile, expected) => {
  const found = await problems(rule, { Dockerfile })
  expect(found.map(line => line.replace(/Dockerfile:(\S+) this (\w+) .* line (\d+) .*/, '$1 $2 $3'))).toEqual(expected)
})

test('the edit drops the one that is ignored, all of its lines', async () => {
  const Dockerfile = 'FROM a\nCMD b \\\n  c\nUSER d\nCMD e\nCMD f'
  const { found } = run([rule], await repoOf({ Dockerfile }), () => ({}))
  const after = applied(
    Dockerfile,
    found.flatMap(({ problem }) => problem.edits ?? [])
  )
  expect(after).toBe('FROM a\nUSER d\nCMD f')
  expect(await problems(rule, { Dockerfile: after })).toEqual([])
})
