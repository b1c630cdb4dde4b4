import { expect, test } from '@jest/globals'
import { run } from '../../../src/rule.js'
import rule from '../../../src/rules/dockerfile/shell-form-command.js'
import { problems, repoOf } from '../../helpers.js'
import { applied } from '../workflow/edits.js'

const found = async (Dockerfile: string) =>
  run([rule], await repoOf({ Dockerfile }), () => ({})).found.map(({ problem }) => problem)

test.each([
  ['CMD', 'FROM a\nCMD b c\n', ['2:1']],
  ['ENTRYPOINT', 'FROM a\nRUN x\nentrypoint b\n', ['3:1']],
  ['without FROM', 'CMD b\n', ['1:1']],
  ['ahead of SHELL', 'FROM a\nCMD b\nSHELL ["bash", "-c"]\n', ['2:1']],
  ['JSON', 'FROM a\nCMD ["b"]\n', []],
  ['RUN', 'FROM a\nRUN b\n', []],
  ['below SHELL', 'FROM a\nSHELL ["bash", "-c"]\nCMD b\n', []],
  ['below the SHELL of the stage it builds on', 'FROM a AS b\nSHELL ["bash", "-c"]\nFROM b\nCMD c\n', []],
  ['broken JSON', "FROM a\nCMD ['b']\n", []],
  ['an image without a shell', 'FROM scratch\nCMD b\n', []]
])('%s', async (_, text, places) => {
  expect((await found(text)).map(({ at }) => `${at.line}:${at.column}`)).toEqual(places)
})

test.each([
  ['words', 'CMD node server.js --port=80', 'CMD ["node", "server.js", "--port=80"]'],
  ['quotes', `CMD node -e "it's" 'x y'`, `CMD ["node", "-e", "it's", "x y"]`],
  ['continued lines', 'ENTRYPOINT node \\\n  server.js', 'ENTRYPOINT ["node", "server.js"]'],
  ['exec', 'CMD exec node server.js', 'CMD ["node", "server.js"]'],
  ['a variable', 'CMD node $FILE', undefined],
  ['an operator', 'CMD a && b', undefined],
  ['a redirect', 'CMD a >b', undefined],
  ['a pattern', 'CMD ls *.js', undefined],
  ['a variable of its own', 'CMD A=1 node b', undefined],
  ['a builtin', 'CMD cd /app', undefined]
])('the edit for %s', async (_, line, expected) => {
  const [problem] = await found(`FROM a\n${line}\n`)
  expect(problem?.edits && applied(`FROM a\n${line}\n`, problem.edits)).toBe(expected && `FROM a\n${expected}\n`)
  if (expected) expect(await problems(rule, { Dockerfile: `FROM a\n${expected}\n` })).toEqual([])
})

test('it offers no edit that hands CMD to an entrypoint that never had it', async () => {
  const [problem] = await found('FROM a\nENTRYPOINT b\nCMD ["c"]\n')
  expect(problem?.edits).toBeUndefined()
})

test('it is a note where the shell makes way by itself', async () => {
  const severities = (await found('FROM a AS x\nCMD exec b $C\nFROM a\nCMD b $C\n')).map(({ severity }) => severity)
  expect(severities).toEqual(['note', undefined])
})

test('no other tool reports what ONBUILD registers', async () => {
  expect((await found('FROM a\nONBUILD CMD b\n')).map(({ peers }) => peers)).toEqual([{}])
})
