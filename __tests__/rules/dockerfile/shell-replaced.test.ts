import { expect, test } from '@jest/globals'
import rule from '../../../src/rules/dockerfile/shell-replaced.js'
import { problems } from '../../helpers.js'

test.each([
  ['a link', 'RUN ln -sf /bin/bash /bin/sh', ['1:22']],
  ['a link after others', 'FROM a\nRUN rm /bin/sh && ln -s bash /bin/sh', ['2:30']],
  ['ONBUILD', 'FROM a\nONBUILD RUN ln -sf /bin/bash /bin/sh', ['2:30']],
  ['the same directory by its other name', 'FROM a\nRUN ln -sf bash /usr/bin/sh', ['2:17']],
  ['a link to it', 'FROM a\nRUN ln -s /bin/sh /usr/local/bin/sh', []],
  ['another link', 'FROM a\nRUN ln -s /bin/true /sbin/initctl && use /bin/sh', []],
  ['another command', 'FROM a\nRUN ls /bin/bash /bin/sh', []]
])('a shell that is replaced: %s', async (_, text, places) => {
  const found = await problems(rule, { Dockerfile: text })
  expect(found.map(each => each.slice('Dockerfile:'.length).split(' ')[0])).toEqual(places)
})
