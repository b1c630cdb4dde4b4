import { expect, test } from '@jest/globals'
import { readDockerfile } from '../../../src/parse/dockerfile.js'
import { run } from '../../../src/rule.js'
import rule from '../../../src/rules/dockerfile/pipe-without-pipefail.js'
import { problems, repoOf } from '../../helpers.js'
import { applied } from '../workflow/edits.js'

const found = async (text: string) =>
  run([rule], await repoOf({ Dockerfile: text }), () => ({})).found.map(({ problem }) => problem)

test.each([
  ['a pipe', 'FROM a\nRUN curl x | tar -x', ['2:5 a failure of curl is lost: the pipe ends as tar does']],
  [
    'the part that can fail',
    'FROM a\nRUN echo a | grep b | sort',
    ['2:14 a failure of grep is lost: the pipe ends as sort does']
  ],
  [
    'a substitution',
    'FROM a\nRUN V=$(curl x | jq .a) make',
    ['2:9 a failure of curl is lost: the pipe ends as jq does']
  ],
  ['a RUN once', 'FROM a\nRUN a | b && c | d\nRUN e | f', ['2:5', '3:5']],
  ['another shell without it', 'FROM a\nSHELL ["/bin/bash", "-c"]\nRUN a | b', ['3:5']],
  ['SHELL of another stage', 'FROM a\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nFROM b\nRUN a | b', ['4:5']],
  ['a shell inside', 'FROM a\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN bash -c "a | b"', ['3:14']],
  ['too late', 'FROM a\nRUN a | b; set -o pipefail', ['2:5']],
  ['a here-document', 'FROM a\nRUN <<E\na | b\nE', ['3:1']],
  ['no stage', 'RUN a | b', ['1:5']],
  [
    'a shell that knows no pipefail',
    'FROM debian:12\nSHELL ["/bin/sh", "-o", "pipefail", "-c"]\nRUN a | b',
    ['3:5 a failure of a is lost: the pipe ends as b does: /bin/sh of debian:12 knows no pipefail']
  ],
  ['none of a pipe', 'FROM a\nRUN a || b', []],
  ['set', 'FROM a\nRUN set -euo pipefail && a | b', []],
  ['set in a here-document', 'FROM a\nRUN <<E\nset -o pipefail\na | b\nE', []],
  ['SHELL', 'FROM a\nSHELL ["/bin/bash", "-eo", "pipefail", "-c"]\nRUN a | b', []],
  [
    'SHELL of the stage it builds on',
    'FROM a AS x\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nFROM x\nRUN a | b',
    []
  ],
  ['sh that knows pipefail', 'FROM alpine:3\nSHELL ["/bin/sh", "-o", "pipefail", "-c"]\nRUN a | b', []],
  ['ash', 'FROM a\nSHELL ["/bin/ash", "-o", "pipefail", "-c"]\nRUN a | b', []],
  ['PowerShell', 'FROM a\nSHELL ["pwsh", "-c"]\nRUN a | b', []],
  ['what cannot fail', 'FROM a\nRUN echo y | a && printf x | b && yes | c', []],
  ['a question', 'FROM a\nRUN if a | grep -q b; then c; fi', []],
  ['a failure that is meant', 'FROM a\nRUN a | b || true', []],
  ['what another command does with its parts', 'FROM a\nRUN echo "$(a)" | b', []],
  ['CMD', 'FROM a\nCMD a | b', []],
  ['the exec form', 'FROM a\nRUN ["a", "|", "b"]', []]
])('a lost failure in a pipe: %s', async (_, text, expected) => {
  const all = await problems(rule, { Dockerfile: text })
  const told = all.map(each => each.slice('Dockerfile:'.length))
  expect(told.map((each, at) => (expected[at]?.includes(' ') ? each : each.split(' ')[0]))).toEqual(expected)
})

test('it is not what hadolint says of ONBUILD', async () => {
  const all = await found('FROM a\nONBUILD RUN a | b\nRUN a | b')
  expect(all.map(({ peers }) => peers)).toEqual([{}, { hadolint: 'DL4006' }])
})

test.each([
  [
    'bash',
    'FROM debian:13\nRUN a\n# Why\nRUN b | c\nRUN d | e\n',
    'FROM debian:13\nRUN a\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\n# Why\nRUN b | c\nRUN d | e\n'
  ],
  ['ash', 'FROM alpine:3.22\nRUN b | c\n', 'FROM alpine:3.22\nSHELL ["/bin/ash", "-o", "pipefail", "-c"]\nRUN b | c\n'],
  [
    'the stage that others build on',
    'FROM alpine:3.22 AS x\nRUN b | c\nFROM x\nRUN d | e\n',
    'FROM alpine:3.22 AS x\nSHELL ["/bin/ash", "-o", "pipefail", "-c"]\nRUN b | c\nFROM x\nRUN d | e\n'
  ]
])('it sets a shell that the image has: %s', async (_, text, expected) => {
  const after = applied(
    text,
    (await found(text)).flatMap(({ edits = [] }) => edits)
  )
  expect(after).toBe(expected)
  expect(readDockerfile('x', after).instructions).toHaveLength(readDockerfile('x', text).instructions.length + 1)
  expect(await found(after)).toEqual([])
})

test.each([
  ['an image that nobody knows', 'FROM acme/a:1\nRUN b | c'],
  ['a shell that somebody chose', 'FROM debian:13\nSHELL ["/bin/bash", "-c"]\nRUN b | c'],
  ['ONBUILD', 'FROM debian:13\nONBUILD RUN b | c']
])('it leaves %s', async (_, text) => {
  const [problem] = await found(text)
  expect(problem?.edits).toBeUndefined()
})
