import { expect, test } from '@jest/globals'
import { run } from '../../../src/rule.js'
import rule from '../../../src/rules/dockerfile/unchecked-download.js'
import { problems, repoOf } from '../../helpers.js'

test.each([
  ['a pipe', 'FROM a\nRUN curl https://b/c | sh', ['2:24 sh runs https://b/c as it comes']],
  ['ONBUILD', 'FROM a\nONBUILD RUN curl https://b/c | sh', ['2:32 sh runs https://b/c as it comes']],
  ['a here-document', 'FROM a\nRUN <<E\ncurl -O https://b/c\nsh c\nE', ['4:1 sh runs https://b/c as it comes']],
  ['the exec form', 'FROM a\nRUN ["sh", "-c", "$(curl https://b/c)"]', ['2:7 sh runs https://b/c as it comes']],
  ['no address', 'FROM a\nRUN curl b.example | sh', ['2:22 sh runs what curl gets as it comes']],
  ['two RUN', 'FROM a\nRUN curl -O https://b/c\nRUN sh c', []],
  ['a checksum', 'FROM a\nRUN curl -O https://b/c && sha256sum -c sums && sh c', []],
  ['CMD', 'FROM a\nCMD curl https://b/c | sh', []]
])('a download that is run: %s', async (_, text, expected) => {
  const found = await problems(rule, { Dockerfile: text })
  expect(found.map(each => each.slice('Dockerfile:'.length))).toEqual(expected)
})

test.each([
  ['http', 'error'],
  ['https', undefined]
])('over %s it is %s', async (scheme, severity) => {
  const { found } = run([rule], await repoOf({ Dockerfile: `FROM a\nRUN curl ${scheme}://b/c | sh` }), () => ({}))
  expect(found.map(({ problem }) => problem.severity)).toEqual([severity])
})
