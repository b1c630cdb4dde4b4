import { expect, test } from '@jest/globals'
import { run } from '../../../src/rule.js'
import rule from '../../../src/rules/dockerfile/wget-progress.js'
import { repoOf } from '../../helpers.js'
import { applied } from '../workflow/edits.js'

const found = async (text: string) =>
  run([rule], await repoOf({ Dockerfile: text }), () => ({})).found.map(({ problem }) => problem)

test.each([
  ['nothing said', 'wget https://a/b'],
  ['an option with a value that looks like one', 'wget -O q https://a/b'],
  ['a value in the same word', 'wget -Pquiet https://a/b'],
  ['other options', 'wget -c --tries=3 https://a/b']
])('it finds wget with %s, and makes it quiet', async (_, command) => {
  const text = `FROM debian:13\nRUN true && \\\n    ${command}\n`
  const [problem, ...more] = await found(text)
  expect(problem?.at).toMatchObject({ line: 3, column: 5, endColumn: 9 })
  expect(more).toEqual([])
  const after = applied(text, problem?.edits ?? [])
  expect(after).toBe(text.replace('wget', 'wget -nv'))
  expect(await found(after)).toEqual([])
})

test.each([
  '--progress=dot:giga',
  '-q',
  '-qO-',
  '-cq',
  '--quiet',
  '-nv',
  '-nvc',
  '--no-verbose',
  '-o log',
  '--output-file=log',
  '-a log',
  '--append-output=log',
  '--version'
])('it leaves wget %s', async option => expect(await found(`FROM a\nRUN wget ${option} x`)).toEqual([]))

test.each([
  ['BusyBox, which takes -nv and goes on', 'FROM alpine:3.22\nRUN wget x', ' -q'],
  ['another wget on BusyBox', 'FROM alpine:3.22\nRUN apk add wget && wget x', ' -nv'],
  ['ONBUILD', 'FROM a\nONBUILD RUN wget x', ' -nv'],
  ['no stage', 'RUN wget x', ' -nv'],
  ['the exec form', 'FROM a\nRUN ["wget", "x"]', undefined]
])('it finds wget of %s', async (_, text, edit) => {
  const all = await found(text)
  expect(all.map(({ edits }) => edits?.[0]?.text)).toEqual([edit])
})

test('it leaves a package and another program', async () =>
  expect(await found('FROM a\nRUN apk add wget && wget2 x')).toEqual([]))
