import { expect, test } from '@jest/globals'
import invalid from '../../../src/rules/dockerfile/invalid-base-default.js'
import undefinedVariable from '../../../src/rules/dockerfile/undefined-base-variable.js'
import { places, problems } from '../../helpers.js'

test.each([
  ['in the tag', 'FROM acme/tool:$V', ['1:17']],
  ['in braces', 'FROM acme/tool:${V}', ['1:18']],
  ['with a default in place', 'FROM acme/tool:${V:-1}', ['1:18']],
  ['in the platform', 'FROM --platform=$P acme/tool:1', ['1:18']],
  ['in both', 'FROM --platform=$P acme/tool:$V', ['1:18', '1:31']],
  ['declared below', 'FROM a:1\nARG V=1\nFROM acme/tool:$V', ['3:17']],
  ['within the default of another', 'ARG A\nFROM acme/tool:${A:-$B}', ['2:22']],
  ['declared', 'ARG V\nFROM acme/tool:$V', []],
  ['of the platform', 'FROM --platform=$BUILDPLATFORM acme/tool:$TARGETARCH', []],
  ['escaped', 'FROM acme/tool:\\$V', []],
  ['none', 'FROM acme/tool:1', []]
])('undefined-base-variable: %s', async (_, text, expected) =>
  expect(await places(undefinedVariable, { Dockerfile: text })).toEqual(expected)
)

test.each([
  ['ARG NODE_VERSION=1\nFROM a:$NODE_VERSOIN', 'NODE_VERSION is'],
  ['FROM --platform=$BULIDPLATFORM a:1', 'BUILDPLATFORM is'],
  ['FROM a:1\nARG V=1\nFROM a:$V', 'the ARG of line 2 is for its stage alone']
])('undefined-base-variable tells what was meant by %j', async (text, hint) => {
  const [message] = await problems(undefinedVariable, { Dockerfile: text })
  expect(message?.endsWith(`: ${hint}`)).toBe(true)
})

test('undefined-base-variable guesses at nothing far away', async () =>
  expect(await problems(undefinedVariable, { Dockerfile: 'ARG VERSION\nFROM a:$FLAVOUR' })).toEqual([
    'Dockerfile:2:9 FLAVOUR is not declared above the first FROM, so it is empty'
  ]))

test.each([
  ['no tag behind the colon', 'ARG V\nFROM acme/tool:$V', ['2:6']],
  ['nothing', 'ARG BASE\nFROM $BASE', ['2:6']],
  ['two colons', 'ARG S="1:"\nFROM acme/tool:$S', ['2:6']],
  ['no name in front of a slash', 'ARG R\nFROM $R/tool:1', ['2:6']],
  ['an empty digest', 'ARG D\nFROM acme/tool@sha256:$D', ['2:6']],
  ['a default', 'ARG V=1\nFROM acme/tool:$V', []],
  ['a default in place', 'ARG V\nFROM acme/tool:${V:-1}', []],
  ['an empty end', 'ARG S\nFROM acme/tool:1$S', []],
  ['a registry with a port', 'ARG R=localhost:5000\nFROM $R/acme/tool:1', []],
  ['a default of another', 'ARG A=1\nARG V=$A-slim\nFROM acme/tool:$V', []],
  ['the platform', 'FROM acme/tool:1-$TARGETARCH', []],
  ['a name of a stage', 'ARG B=One\nFROM a:1 AS one\nFROM $B', []],
  ['no variable', 'FROM Acme', []]
])('invalid-base-default: %s', async (_, text, expected) =>
  expect(await places(invalid, { Dockerfile: text })).toEqual(expected)
)
