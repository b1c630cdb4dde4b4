import { expect, test } from '@jest/globals'
import constant from '../../../src/rules/dockerfile/constant-platform.js'
import redundant from '../../../src/rules/dockerfile/redundant-platform.js'
import unusual from '../../../src/rules/dockerfile/unusual-platform.js'
import { found, places } from '../../helpers.js'
import { applied } from '../workflow/edits.js'

test.each([
  ['a constant', 'FROM --platform=linux/arm64 acme/tool:1', ['1:6']],
  ['an architecture alone', 'FROM --platform=arm64 acme/tool:1', ['1:6']],
  ['a name about something else', 'FROM --platform=linux/arm64 acme/tool:1 AS tools', ['1:6']],
  ['a name that says the architecture', 'FROM --platform=linux/arm64 acme/tool:1 AS tools-arm64', []],
  ['a name that says the system', 'FROM --platform=linux/arm64 acme/tool:1 AS Linux', []],
  ['the platform of the build', 'FROM --platform=$BUILDPLATFORM acme/tool:1', []],
  ['a variable in a part of it', 'FROM --platform=linux/$TARGETARCH acme/tool:1', []],
  ['no platform', 'FROM acme/tool:1', []]
])('constant-platform: %s', async (_, text, expected) =>
  expect(await places(constant, { Dockerfile: text })).toEqual(expected)
)

test.each([
  ['a variable of the file', 'ARG P\nFROM --platform=$P acme/tool:1', ['2:6']],
  ['the architecture of the target in it', 'FROM --platform=linux/$TARGETARCH acme/tool:1', ['1:6']],
  ['a constant that the name says', 'FROM --platform=linux/arm64 acme/tool:1 AS arm64', ['1:6']],
  ['a constant that constant-platform reports', 'FROM --platform=linux/arm64 acme/tool:1', []],
  ['the platform of the build with a default', 'FROM --platform="${BUILDPLATFORM:-linux/amd64}" acme/tool:1', []],
  ['the platform of the target', 'FROM --platform=$TARGETPLATFORM acme/tool:1', []]
])('unusual-platform: %s', async (_, text, expected) =>
  expect(await places(unusual, { Dockerfile: text })).toEqual(expected)
)

test.each([
  ['FROM --platform=$TARGETPLATFORM acme/tool:1 AS x\n', '1:6', 'FROM acme/tool:1 AS x\n'],
  ['FROM   --platform=${TARGETPLATFORM}   acme/tool:1', '1:8', 'FROM   acme/tool:1'],
  ['FROM --platform=$TARGETPLATFORM \\\n  acme/tool:1', '1:6', 'FROM  \\\n  acme/tool:1']
])('redundant-platform takes the flag out of %j', async (text, place, after) => {
  const [only, ...more] = await found(redundant, { Dockerfile: text })
  expect(more).toEqual([])
  expect(`${only!.at.line}:${only!.at.column}`).toBe(place)
  expect(applied(text, only!.edits!)).toBe(after)
  expect(await places(redundant, { Dockerfile: after })).toEqual([])
})

test.each(['$BUILDPLATFORM', '${TARGETPLATFORM:-linux/amd64}', 'linux/$TARGETARCH', 'x$TARGETPLATFORM'])(
  'redundant-platform accepts %s',
  async platform =>
    expect(await places(redundant, { Dockerfile: `FROM --platform=${platform} acme/tool:1` })).toEqual([])
)
