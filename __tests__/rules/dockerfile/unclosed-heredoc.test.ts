import { expect, test } from '@jest/globals'
import rule from '../../../src/rules/dockerfile/unclosed-heredoc.js'
import { problems } from '../../helpers.js'

test.each([
  ['no end', 'RUN <<E\nx\n', "2:5 RUN reads to the end of the file: no line is 'E' alone"],
  [
    'a semicolon behind it',
    'RUN cat <<E; y\nx\nE\n',
    "2:9 RUN reads to the end of the file: its name is 'E;', since no blank parts E from what follows"
  ],
  [
    'a pipe behind it',
    'RUN cat <<E|tee z\nx\nE\n',
    "2:9 RUN reads to the end of the file: its name is 'E|tee', since no blank parts E from what follows"
  ],
  [
    'a bracket behind it',
    'RUN (cat <<E)\nx\nE\n',
    "2:10 RUN reads to the end of the file: its name is 'E)', since no blank parts E from what follows"
  ],
  ['an indented end', 'COPY <<E /x\ny\n  E\n', '2:6 COPY reads to the end of the file: line 4 has blanks beside E'],
  ['the second of two', 'COPY <<A <<B /x\ny\nA\nz\n', "2:10 COPY reads to the end of the file: no line is 'B' alone"],
  ['ONBUILD', 'ONBUILD RUN <<E\nx\n', "2:13 ONBUILD reads to the end of the file: no line is 'E' alone"]
])('reports %s', async (_, text, expected) =>
  expect(await problems(rule, { Dockerfile: `FROM a:1\n${text}` })).toEqual([`Dockerfile:${expected}`])
)

test.each([
  ['an end', 'RUN <<E\nx\nE\n'],
  ['an end without a line break', 'RUN <<E\nx\nE'],
  ['tabs', 'RUN <<-E\nx\n\tE\n'],
  ['a blank before the semicolon', 'RUN cat <<E ; y\nx\nE\n'],
  ['a quoted name', "RUN <<'E;'\nx\nE;\n"],
  ['a shift', 'RUN echo $((1<<2))\n'],
  ['a string for standard input', 'RUN cat <<<E\n']
])('accepts %s', async (_, text) => expect(await problems(rule, { Dockerfile: `FROM a:1\n${text}` })).toEqual([]))
