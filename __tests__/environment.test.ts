import { expect, test } from '@jest/globals'
import { assignmentsOf } from '../src/environment.js'
import { readDockerfile } from '../src/parse/dockerfile.js'
import { applied } from './rules/workflow/edits.js'

const settings = (text: string) => [...assignmentsOf(readDockerfile('Dockerfile', text))]

test('finds settings wherever they are made, in order', () => {
  const text = [
    'ARG A=1',
    'FROM x',
    'ARG B',
    'ENV C=3 D="4 5"',
    'ENV E 6 7',
    "RUN F=8 G='9' x && export H=10 I && env -i J=11 y K=12",
    'ONBUILD ENV L=13',
    'LABEL M=14'
  ].join('\n')
  expect(settings(text).map(({ name, value, by, at }) => `${at.line}:${at.column} ${by} ${name}=${value}`)).toEqual([
    '1:5 ARG A=1',
    '3:5 ARG B=undefined',
    '4:5 ENV C=3',
    '4:9 ENV D=4 5',
    '5:5 ENV E=6 7',
    '6:5 RUN F=8',
    '6:9 RUN G=9',
    '6:27 RUN H=10',
    '6:44 RUN J=11',
    '7:13 ENV L=13'
  ])
})

test.each([
  ['ENV A=1', ['']],
  ['ENV A=1 B=2', ['ENV B=2', 'ENV A=1']],
  ['ENV A=1 \\\n  B=2', ['ENV B=2', 'ENV A=1']],
  ['ENV A=1 \\\n  # why\n  B=2', [undefined, undefined]],
  ['ARG A=1', [undefined]],
  ['RUN A=1 x', ['RUN x']],
  ['RUN A=1 \\\n  B=2 \\\n  x', ['RUN B=2 \\\n  x', 'RUN A=1 \\\n  x']],
  ['RUN export A=1 && x', [undefined]],
  ['RUN export A=1 B=2 && x', ['RUN export B=2 && x', 'RUN export A=1 && x']],
  ['RUN env A=1 x', ['RUN env x']]
])('takes settings out of %j', (line, left) => {
  const text = `FROM x\n${line}\nUSER 1\n`
  expect(
    settings(text).map(setting => {
      const edits = setting.edits()
      return edits && applied(text, edits)
    })
  ).toEqual(left.map(each => (each === undefined ? undefined : `FROM x\n${each}\nUSER 1\n`)))
})
