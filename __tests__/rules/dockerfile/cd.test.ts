import { expect, test } from '@jest/globals'
import inRun from '../../../src/rules/dockerfile/cd-in-run.js'
import withoutEffect from '../../../src/rules/dockerfile/cd-without-effect.js'
import { problems } from '../../helpers.js'

test.each([
  ['alone', 'RUN cd /opt', ['1:5'], []],
  ['at the end', 'FROM a\nRUN mkdir b && cd b', ['2:16'], []],
  ['ONBUILD', 'FROM a\nONBUILD RUN cd b', ['2:13'], []],
  ['before a command', 'FROM a\nRUN cd b && make', [], ['2:5']],
  ['twice', 'FROM a\nRUN cd b && make && cd ..', [], ['2:5']],
  ['a RUN once', 'FROM a\nRUN cd b && c && cd d && e', [], ['2:5']],
  ['in another shell', 'FROM a\nRUN bash -c "cd b"', [], ['2:14']],
  ['CMD', 'FROM a\nCMD cd b', [], []],
  ['an argument', 'FROM a\nRUN echo cd', [], []],
  ['WORKDIR', 'FROM a\nWORKDIR b\nRUN make', [], []]
])('cd in a RUN: %s', async (_, text, idle, aside) => {
  const places = async (rule: typeof inRun) =>
    (await problems(rule, { Dockerfile: text })).map(each => each.slice('Dockerfile:'.length).split(' ')[0])
  expect(await places(withoutEffect)).toEqual(idle)
  expect(await places(inRun)).toEqual(aside)
})
