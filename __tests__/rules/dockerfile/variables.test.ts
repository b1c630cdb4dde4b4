import { expect, test } from '@jest/globals'
import refers from '../../../src/rules/dockerfile/env-refers-to-itself.js'
import legacy from '../../../src/rules/dockerfile/legacy-key-value.js'
import undefinedVariable from '../../../src/rules/dockerfile/undefined-variable.js'
import { problems } from '../../helpers.js'
import { mended, peersOf, places } from './places.js'

test.each([
  ['a variable of the same ENV', 'ENV A=1 B=$A', ['2:12']],
  ['in braces', 'ENV A=1 B="${A}/x"', ['2:14']],
  ['on a later line', 'ENV A=1 \\\n    B=$A', ['3:8']],
  ['set after it', 'ENV B=$A A=1', ['2:8']],
  ['set twice', 'ENV PATH=/a:$PATH PATH=/b:$PATH', ['2:28']],
  ['set before by ENV', 'ENV A=0\nENV A=1 B=$A', []],
  ['set before by ARG', 'ARG A\nENV A=$A B=$A', []],
  ['its own old value', 'ENV PATH=/a:$PATH B=1', []],
  ['a longer name', 'ENV A=1 B=$AB', []],
  ['an escaped one', 'ENV A=1 B=\\$A', []],
  ['in single quotes', "ENV A=1 B='$A'", []],
  ['the old form', 'ENV A 1 B=$A', []]
])('it finds an ENV that uses what it only just sets: %s', async (_, lines, found) =>
  expect(await places(refers, `FROM debian:13\n${lines}\n`)).toEqual(found)
)

test.each([
  ['ENV A=1 B=$A C=$B', 'ENV A=1\nENV B=$A\nENV C=$B'],
  ['ENV A=1 \\\n    B=$A', 'ENV A=1\nENV B=$A']
])('it splits %j', async (before, after) =>
  expect(await mended(refers, { Dockerfile: `FROM debian:13\n${before}\n` })).toEqual([`FROM debian:13\n${after}\n`, 0])
)

test('it does not move a comment between two instructions', async () =>
  expect((await mended(refers, { Dockerfile: 'FROM debian:13\nENV A=1 \\\n# why\n  B=$A\n' }))[1]).toBe(1))

test('an unset variable of the same ENV is one finding, under both names', async () => {
  const text = 'FROM debian:13\nENV A=1 B=$A\n'
  expect(await places(undefinedVariable, text)).toEqual([])
  expect(await peersOf(refers, 'buildkit', text)).toEqual(['UndefinedVar'])
  expect(await peersOf(refers, 'buildkit', text.replace('debian:13', 'acme/base:1'))).toEqual([])
})

test.each([
  ['in COPY', 'COPY $A .', ['2:7']],
  ['in braces', 'COPY ${A}/x .', ['2:8']],
  ['in a flag', 'COPY --chown=$A x .', ['2:15']],
  ['in ENV', 'ENV B=$A', ['2:8']],
  ['in LABEL', 'LABEL b=$A', ['2:10']],
  ['in WORKDIR', 'WORKDIR /$A', ['2:11']],
  ['once an instruction', 'COPY $A $A/b ./', ['2:7']],
  ['before it is set', 'COPY $A .\nARG A', ['2:7']],
  ['after ARG', 'ARG A\nCOPY $A .', []],
  ['after ENV', 'ENV A=1\nCOPY $A .', []],
  ['with a default', 'COPY ${A:-x} .', []],
  ['where it may be missing', 'COPY ${A:+x} .', []],
  ['PATH', 'ENV PATH=/x:$PATH', []],
  ['a proxy', 'ENV P=$HTTP_PROXY', []],
  ['in RUN', 'RUN echo $A', []],
  ['in CMD', 'CMD echo $A', []],
  ['escaped', 'COPY \\$A .', []],
  ['for others', 'ONBUILD COPY $A .', []]
])('it finds a variable that nothing sets: %s', async (_, lines, found) =>
  expect(await places(undefinedVariable, `FROM debian:13\n${lines}\n`)).toEqual(found)
)

test.each([
  ['an image that sets more', 'FROM acme/base:1\nCOPY $A .', []],
  ['an image that only the build knows', 'FROM $BASE\nCOPY $A .', []],
  ['a stage on a known image', 'FROM alpine:3.22 AS one\nENV B=1\nFROM one\nCOPY $A$B .', ['4:7']],
  ['what the stage it builds on sets', 'FROM alpine:3.22 AS one\nENV A=1\nFROM one\nCOPY $A .', []],
  ['what the stage it builds on has for others', 'FROM alpine:3.22 AS one\nONBUILD ARG A\nFROM one\nCOPY $A .', []],
  ['a stage of its own', 'FROM alpine:3.22 AS one\nENV A=1\nFROM alpine:3.22\nCOPY $A .', ['4:7']],
  ['an argument from before FROM', 'ARG A=1\nFROM acme/base:1\nCOPY $A .', ['3:7']],
  ['the version of the image', 'ARG NODE_VERSION=22\nFROM node:$NODE_VERSION\nENV V=$NODE_VERSION', []],
  ['a platform', 'FROM acme/base:1\nCOPY bin/$TARGETARCH /', ['2:11']],
  ['a declared platform', 'FROM acme/base:1\nARG TARGETARCH\nCOPY bin/$TARGETARCH /', []],
  ['a slip', 'FROM acme/base:1\nENV APP_HOME=/x\nWORKDIR $APP_HOEM', ['3:10']],
  ['another name', 'FROM acme/base:1\nENV APP_HOME=/x\nWORKDIR $APP_WORK', []],
  ['a numbered one', 'FROM acme/base:1\nENV MIRROR1=/x\nWORKDIR $MIRROR2', []],
  ['another syntax', '# syntax=acme/x\nFROM alpine:3.22\nCOPY $A .', []],
  ['no stage', 'COPY $A .', []]
])('it knows what a base image may set: %s', async (_, text, found) =>
  expect(await places(undefinedVariable, `${text}\n`)).toEqual(found)
)

test('it says what was meant', async () =>
  expect(await problems(undefinedVariable, { Dockerfile: 'FROM alpine:3.22\nENV PATH=/x:$PAHT\n' })).toEqual([
    'Dockerfile:2:14 nothing sets PAHT: PATH is set'
  ]))

test('it declares an argument once a stage', async () =>
  expect(
    await mended(undefinedVariable, { Dockerfile: 'ARG V=1\nFROM acme/base:1\nCOPY a-$V /\nLABEL v=$V\n' })
  ).toEqual(['ARG V=1\nFROM acme/base:1\nARG V\nCOPY a-$V /\nLABEL v=$V\n', 0]))

test.each([
  ['ENV A b', 'ENV A=b'],
  ['ENV A b c', 'ENV A="b c"'],
  ['ENV A  b $C/d', 'ENV A="b $C/d"'],
  ['LABEL a "b c"', 'LABEL a="b c"'],
  ['ENV A b \\\n  c', 'ENV A="b \\\n  c"'],
  ['ENV A b "c d"', undefined],
  ['ENV A \\\n  b', undefined]
])('it writes %j with an equals sign', async (before, after) => {
  const text = `FROM debian:13\n${before}\n`
  expect(await places(legacy, text)).toHaveLength(1)
  const [now, left] = await mended(legacy, { Dockerfile: text })
  expect(now).toBe(after === undefined ? text : `FROM debian:13\n${after}\n`)
  expect(left).toBe(after === undefined ? 1 : 0)
})

test.each(['ENV A=b c=d', 'LABEL "a b"=c', 'ENV A', 'ARG A b', 'ENV A= b'])('%j is not the old form', async line =>
  expect(await places(legacy, `FROM debian:13\n${line}\n`)).toEqual([])
)
