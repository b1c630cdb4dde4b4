import { expect, test } from '@jest/globals'
import rule from '../../../src/rules/dockerfile/no-user.js'
import { problems } from '../../helpers.js'

test.each([
  ['a base that nobody knows', 'FROM acme/base:1', ['Dockerfile:1:6']],
  ['a tool on a base that is root', 'FROM a AS b\nUSER c\nFROM alpine:3\nENTRYPOINT ["x"]', ['Dockerfile:3:6']],
  ['a variable', 'ARG B\nFROM $B', ['Dockerfile:2:6']],
  ['USER', 'FROM acme/base:1\nUSER app', []],
  ['USER of the parent', 'FROM acme/base:1 AS a\nUSER app\nFROM a', []],
  ['a base that is not root', 'FROM gcr.io/distroless/static:nonroot', []],
  ['a server that root-user reports', 'FROM alpine:3\nEXPOSE 80\nCMD ["x"]', []],
  ['no stage', 'RUN x', []]
])('says who decides: %s', async (_, text, places) => {
  const found = await problems(rule, { Dockerfile: text })
  expect(found.map(each => each.split(' ')[0])).toEqual(places)
})
