import { expect, test } from '@jest/globals'
import rule from '../../../src/rules/dockerfile/secret-as-build-argument.js'
import { problems } from '../../helpers.js'

const places = async (text: string) =>
  (await problems(rule, { Dockerfile: text })).map(each => each.split(' ')[0]!.replace('Dockerfile:', ''))

test.each([
  ['ARG without a default', 'FROM a:1\nARG NPM_TOKEN', '2:5'],
  ['ARG with an empty one', 'FROM a:1\nARG NPM_TOKEN=', '2:5'],
  ['ENV that keeps one', 'FROM a:1\nENV A=b NPM_TOKEN=$T', '2:9'],
  ['the parent stage', 'FROM a:1 AS b\nARG NPM_TOKEN\nFROM b', '2:5'],
  ['a trigger', 'FROM a:1\nONBUILD ARG NPM_TOKEN', '2:13']
])('reports %s', async (_, text, place) => expect(await places(text)).toEqual([place]))

test.each([
  ['a builder', 'FROM a:1 AS b\nARG NPM_TOKEN\nFROM c:1\nCOPY --from=b /x /x'],
  ['a literal', 'FROM a:1\nENV NPM_TOKEN=x'],
  ['an empty ENV', 'FROM a:1\nENV NPM_TOKEN='],
  ['another name', 'FROM a:1\nARG NODE_VERSION'],
  ['a mount', 'FROM a:1\nRUN --mount=type=secret,id=npm,env=NPM_TOKEN npm ci'],
  ['no stage', 'ARG NPM_TOKEN']
])('accepts %s', async (_, text) => expect(await places(text)).toEqual([]))
