import { expect, test } from '@jest/globals'
import { run } from '../../../src/rule.js'
import rule from '../../../src/rules/dockerfile/shell-form-healthcheck.js'
import { problems, repoOf } from '../../helpers.js'
import { applied } from '../workflow/edits.js'

test.each([
  ['shell form', 'FROM a\nHEALTHCHECK CMD b\n', 1],
  ['without FROM', 'HEALTHCHECK CMD b\n', 1],
  ['JSON', 'FROM a\nHEALTHCHECK CMD ["b"]\n', 0],
  ['NONE', 'FROM a\nHEALTHCHECK NONE\n', 0],
  ['an image without a shell', 'FROM scratch\nHEALTHCHECK CMD b\n', 0]
])('%s', async (_, Dockerfile, count) => {
  expect(await problems(rule, { Dockerfile })).toHaveLength(count)
})

test('the edit leaves options and CMD as they are, and is there for plain words alone', async () => {
  const Dockerfile =
    'FROM a AS b\nHEALTHCHECK --interval=5s CMD curl -f x\nFROM c\nHEALTHCHECK CMD curl -f x || exit 1\n'
  const { found } = run([rule], await repoOf({ Dockerfile }), () => ({}))
  expect(found.map(({ problem }) => `${problem.at.line}:${problem.at.column}`)).toEqual(['2:1', '4:1'])
  const after = applied(
    Dockerfile,
    found.flatMap(({ problem }) => problem.edits ?? [])
  )
  expect(after).toBe(Dockerfile.replace('CMD curl -f x\n', 'CMD ["curl", "-f", "x"]\n'))
})
