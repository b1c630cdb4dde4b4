import { expect, test } from '@jest/globals'
import rule from '../../../src/rules/dockerfile/pointless-command.js'
import { problems } from '../../helpers.js'

test.each([
  ['a service', 'FROM a\nRUN a && service b start', ['2:10']],
  ['ONBUILD', 'ONBUILD RUN top', ['1:13']],
  ['ssh', 'FROM a\nRUN ssh b', ['2:5']],
  ['each', 'FROM a\nRUN ps && free', ['2:5', '2:11']],
  ['ssh with the agent of the builder', 'FROM a\nRUN --mount=type=ssh ssh b', []],
  ['a package', 'FROM a\nRUN apt-get install ssh vim', []],
  ['CMD', 'FROM a\nCMD service b start', []]
])('a pointless command: %s', async (_, text, places) => {
  const found = await problems(rule, { Dockerfile: text })
  expect(found.map(each => each.slice('Dockerfile:'.length).split(' ')[0])).toEqual(places)
})
