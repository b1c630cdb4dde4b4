import { expect, test } from '@jest/globals'
import duplicate from '../../../src/rules/dockerfile/duplicate-stage-name.js'
import reserved from '../../../src/rules/dockerfile/reserved-stage-name.js'
import casing from '../../../src/rules/dockerfile/stage-name-case.js'
import { found, places } from '../../helpers.js'
import { applied } from '../workflow/edits.js'

test.each([
  ['the same name', 'FROM a:1 AS x\nFROM b:1 AS x', ['2:13']],
  ['another case', 'FROM a:1 AS x\nFROM b:1 AS X', ['2:13']],
  ['three of a name', 'FROM a:1 AS x\nFROM b:1 AS x\nFROM c:1 AS x', ['2:13', '3:13']],
  ['two names', 'FROM a:1 AS x\nFROM b:1 AS y', []],
  ['no names', 'FROM a:1\nFROM a:1', []]
])('duplicate-stage-name: %s', async (_, text, expected) =>
  expect(await places(duplicate, { Dockerfile: text })).toEqual(expected)
)

test.each([
  ['context', 'FROM a:1 AS context', ['warning']],
  ['scratch in capitals', 'FROM a:1 AS Scratch', ['warning']],
  ['scratch for scratch', 'FROM scratch AS scratch', ['note']],
  ['a name that holds one', 'FROM a:1 AS context-files', []],
  ['no name', 'FROM scratch', []]
])('reserved-stage-name: %s', async (_, text, severities) => {
  const problems = await found(reserved, { Dockerfile: text })
  expect(problems.map(({ severity }) => severity ?? reserved.severity)).toEqual(severities)
})

test('stage-name-case edits every reference', async () => {
  const text = `FROM a:1 AS Build
FROM BUILD AS test
COPY --from=Build /x /y
ONBUILD COPY --from=bUild /x /y
RUN --mount=type=bind,from=Build,source=/x,target=/y true
COPY --from=build Build Build
`
  const [only, ...more] = await found(casing, { Dockerfile: text })
  expect(more).toEqual([])
  expect([only!.at.line, only!.at.column, only!.at.endColumn]).toEqual([1, 13, 18])
  const after = applied(text, only!.edits!)
  expect(after).toBe(`FROM a:1 AS build
FROM build AS test
COPY --from=build /x /y
ONBUILD COPY --from=build /x /y
RUN --mount=type=bind,from=build,source=/x,target=/y true
COPY --from=build Build Build
`)
  expect(await places(casing, { Dockerfile: after })).toEqual([])
})

test('stage-name-case edits the references to a name that two stages have once', async () => {
  const text = 'FROM a:1 AS B\nFROM b:1 AS B\nCOPY --from=B /x /y\n'
  const problems = await found(casing, { Dockerfile: text })
  expect(problems).toHaveLength(2)
  const edits = problems.flatMap(problem => problem.edits!)
  expect(applied(text, edits)).toBe('FROM a:1 AS b\nFROM b:1 AS b\nCOPY --from=b /x /y\n')
})

test('stage-name-case leaves an image with capitals in its tag', async () =>
  expect(await places(casing, { Dockerfile: 'FROM acme/tool:V1 AS tool' })).toEqual([]))
