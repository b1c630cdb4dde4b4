import { expect, test } from '@jest/globals'
import rule from '../../../src/rules/dockerfile/wget-and-curl.js'
import { problems } from '../../helpers.js'

test.each([
  ['the second', 'FROM a\nRUN wget x\nRUN curl x\nRUN y', ['3:5 curl here and wget in line 2']],
  [
    'each after both',
    'FROM a\nRUN wget x\nRUN curl x\nRUN wget y',
    ['3:5 curl here and wget in line 2', '4:5 wget here and curl in line 3']
  ],
  ['both in one', 'FROM a\nRUN wget x && curl y', ['2:5 wget here and curl in line 2']],
  ['the exec form', 'FROM a\nRUN wget x\nRUN ["curl", "x"]', ['3:7 curl here and wget in line 2']],
  ['ONBUILD', 'FROM a\nRUN wget x\nONBUILD RUN curl x', ['3:13 curl here and wget in line 2']],
  ['no stage', 'RUN wget x\nRUN curl x', ['2:5 curl here and wget in line 1']],
  ['one of them', 'FROM a\nRUN wget x\nRUN wget y', []],
  ['two stages', 'FROM a\nRUN wget x\nFROM b\nRUN curl x', []],
  ['packages', 'FROM a\nRUN apk add wget curl', []]
])('wget and curl: %s', async (_, text, expected) => {
  const found = await problems(rule, { Dockerfile: text })
  expect(found.map(each => each.slice('Dockerfile:'.length))).toEqual(expected)
})
