import { expect, test } from '@jest/globals'
import { run } from '../../../src/rule.js'
import rule from '../../../src/rules/dockerfile/healthcheck-by-localhost.js'
import { problems, repoOf } from '../../helpers.js'
import { applied } from '../workflow/edits.js'

test.each([
  ['shell form', 'wget -q http://localhost:80/localhost', 'wget -q http://127.0.0.1:80/localhost'],
  ['quotes', 'wget -q "http://localhost/"', 'wget -q "http://127.0.0.1/"'],
  ['JSON', '["wget", "http://localhost/"]', '["wget", "http://127.0.0.1/"]'],
  ['no scheme', 'wget localhost:80', 'wget 127.0.0.1:80']
])('%s', async (_, command, mended) => {
  const Dockerfile = `FROM alpine:3.22\nHEALTHCHECK CMD ${command}\n`
  const { found } = run([rule], await repoOf({ Dockerfile }), () => ({}))
  expect(found).toHaveLength(1)
  const after = applied(Dockerfile, found[0]?.problem.edits ?? [])
  expect(after).toBe(`FROM alpine:3.22\nHEALTHCHECK CMD ${mended}\n`)
  expect(await problems(rule, { Dockerfile: after })).toEqual([])
})

test.each([
  ['curl', 'FROM alpine:3.22\nHEALTHCHECK CMD curl -f http://localhost/\n'],
  ['another wget', 'FROM alpine:3.22\nRUN apk add wget\nHEALTHCHECK CMD wget http://localhost/\n'],
  ['an image without busybox', 'FROM node:22\nHEALTHCHECK CMD wget http://localhost/\n'],
  ['an unknown image', 'FROM a\nHEALTHCHECK CMD wget http://localhost/\n'],
  ['another name', 'FROM alpine:3.22\nHEALTHCHECK CMD wget http://localhost.example.com/\n']
])('%s is fine', async (_, Dockerfile) => {
  expect(await problems(rule, { Dockerfile })).toEqual([])
})
