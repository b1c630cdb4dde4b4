import { expect, test } from '@jest/globals'
import blank from '../../../src/rules/dockerfile/blank-line-in-instruction.js'
import maintainer from '../../../src/rules/dockerfile/deprecated-maintainer.js'
import trigger from '../../../src/rules/dockerfile/forbidden-trigger.js'
import early from '../../../src/rules/dockerfile/instruction-before-from.js'
import description from '../../../src/rules/dockerfile/misleading-description.js'
import { found, places } from '../../helpers.js'
import { applied } from '../workflow/edits.js'

test.each([
  ['one', 'FROM a:1\nRUN x \\\n\n  && y\n', ['4:6'], 'FROM a:1\nRUN x \\\n  && y\n'],
  ['several', 'FROM a:1\nRUN x \\\n\n \t\n  && \\\n\n y\n', ['7:2'], 'FROM a:1\nRUN x \\\n  && \\\n y\n'],
  ['within words for COPY', 'FROM a:1\nCOPY x \\\r\n\r\n  y\r\n', ['4:3'], 'FROM a:1\nCOPY x \\\r\n  y\r\n']
])('blank-line-in-instruction points at the last line: %s', async (_, text, expected, after) => {
  const problems = await found(blank, { Dockerfile: text })
  expect(problems.map(({ at }) => `${at.line}:${at.column}`)).toEqual(expected)
  expect(applied(text, problems[0]!.edits!)).toBe(after)
  expect(await places(blank, { Dockerfile: after })).toEqual([])
})

test.each([
  ['a comment', 'FROM a:1\nRUN x \\\n#\n  && y\n'],
  ['between instructions', 'FROM a:1\n\nRUN x\n\n'],
  ['in a heredoc', 'FROM a:1\nRUN <<E\nx\n\ny\nE\n']
])('blank-line-in-instruction accepts %s', async (_, text) =>
  expect(await places(blank, { Dockerfile: text })).toEqual([])
)

test.each([
  ['LABEL', 'LABEL a=b\nFROM a:1', ['1:1']],
  ['each of them', 'ARG V\nRUN x\nUSER y\nFROM a:1', ['2:1', '3:1']],
  ['no FROM at all, once', 'ARG V\nRUN x\nUSER y', ['2:1']],
  ['ARG', 'ARG V=1\nFROM a:$V', []],
  ['a comment and a directive', '# syntax=docker/dockerfile:1\n# x\nFROM a:1', []],
  ['nothing but ARG', 'ARG V', []],
  ['nothing', '# x\n', []]
])('instruction-before-from: %s', async (_, text, expected) =>
  expect(await places(early, { Dockerfile: text })).toEqual(expected)
)

test('instruction-before-from takes a file of another name for a part of one', async () => {
  expect(await places(early, { 'Dockerfile.part': 'RUN x' })).toEqual([])
  expect(await places(early, { 'docker/tool.dockerfile': 'RUN x' })).toEqual(['1:1'])
})

test.each([
  ['ONBUILD', 'FROM a:1\nONBUILD ONBUILD RUN x', ['2:9']],
  ['FROM', 'FROM a:1\nONBUILD from b:1', ['2:9']],
  ['MAINTAINER', 'FROM a:1\nONBUILD MAINTAINER x', ['2:9']],
  ['RUN', 'FROM a:1\nONBUILD RUN FROM', []],
  ['no ONBUILD', 'FROM a:1\nMAINTAINER x', []]
])('forbidden-trigger: %s', async (_, text, expected) =>
  expect(await places(trigger, { Dockerfile: text })).toEqual(expected)
)

test.each([
  ['MAINTAINER Jo <jo@example.org>', 'LABEL org.opencontainers.image.authors="Jo <jo@example.org>"'],
  ['maintainer "Jo  Doe"', 'LABEL org.opencontainers.image.authors="Jo Doe"'],
  ["MAINTAINER Jo O'Neil", 'LABEL org.opencontainers.image.authors="Jo O\'Neil"']
])('deprecated-maintainer writes %j as a label', async (line, label) => {
  const text = `FROM a:1\n${line}\nUSER x\n`
  const [only, ...more] = await found(maintainer, { Dockerfile: text })
  expect(more).toEqual([])
  expect([only!.at.line, only!.at.column, only!.at.endColumn]).toEqual([2, 1, 11])
  const after = applied(text, only!.edits!)
  expect(after).toBe(`FROM a:1\n${label}\nUSER x\n`)
  expect(await places(maintainer, { Dockerfile: after })).toEqual([])
})

test.each(['MAINTAINER Jo "the" Doe', 'MAINTAINER $NAME', 'MAINTAINER a\\b', 'MAINTAINER', 'MAINTAINER a \\\n b'])(
  'deprecated-maintainer offers no edit for %j',
  async line => {
    const [only] = await found(maintainer, { Dockerfile: `FROM a:1\n${line}\n` })
    expect(only!.edits).toBeUndefined()
  }
)

test('deprecated-maintainer leaves labels and triggers alone', async () =>
  expect(await places(maintainer, { Dockerfile: 'FROM a:1\nLABEL maintainer=x\nONBUILD MAINTAINER y' })).toEqual([]))

test.each([
  ['another word', '# where it is built\nFROM a:1 AS build', ['2:13']],
  ['another case', '# Build is it\nFROM a:1 AS build', ['2:13']],
  ['an argument', '# the version\nARG V\nFROM a:$V', ['2:5']],
  ['none of several', '# x\nARG A B\nFROM a:1', ['2:5']],
  ['the name', '# build is where it is built\nFROM a:1 AS build', []],
  ['the name on any line', '# build is where\n# it is built\nFROM a:1 AS build', []],
  ['one of several', '# B is it\nARG A=1 B=2\nFROM a:1', []],
  ['an empty line between', '# x\n\nFROM a:1 AS build', []],
  ['an empty comment between', '# x\n#\nFROM a:1 AS build', []],
  ['no name', '# x\nFROM a:1', []],
  ['another instruction', 'FROM a:1\n# x\nRUN y', []]
])('misleading-description: %s', async (_, text, expected) =>
  expect(await places(description, { Dockerfile: text })).toEqual(expected)
)

test('misleading-description stands for the check of Docker where the file asks for it', async () => {
  const text = '# x\nARG V\nFROM a:$V'
  expect((await found(description, { Dockerfile: `# check=experimental=all\n${text}` }))[0]!.peers).toBeUndefined()
  expect(description.peers).toEqual({ buildkit: 'InvalidDefinitionDescription' })
  expect((await found(description, { Dockerfile: text }))[0]!.peers).toEqual({})
})
