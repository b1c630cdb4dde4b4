import { expect, test } from '@jest/globals'
import { run } from '../../../src/rule.js'
import rule from '../../../src/rules/dockerfile/broken-json.js'
import { problems, repoOf } from '../../helpers.js'
import { applied } from '../workflow/edits.js'

const found = async (Dockerfile: string) =>
  run([rule], await repoOf({ Dockerfile }), () => ({})).found.map(({ problem }) => problem)

test.each([
  ['single quotes', "CMD ['a', 'b c']", 'CMD ["a", "b c"]', 'its quotes are \' and not "'],
  ['a comma at the end', 'ENTRYPOINT ["a", "b",]', 'ENTRYPOINT ["a", "b"]', 'a comma stands before the bracket'],
  ['a comma left out', 'RUN ["a" "b"]', 'RUN ["a", "b"]', 'a comma is missing'],
  ['quotes of a word processor', 'CMD [“a”, “b”]', 'CMD ["a", "b"]', 'its quotes are “ and not "'],
  ['a lone backslash', 'CMD ["C:\\app\\new.exe"]', 'CMD ["C:\\\\app\\\\new.exe"]', 'a backslash is not doubled'],
  ['a health check', "HEALTHCHECK --timeout=1s CMD ['a']", 'HEALTHCHECK --timeout=1s CMD ["a"]', "its quotes are '"],
  ['continued lines', "CMD ['a', \\\n  'b']", 'CMD ["a", "b"]', "its quotes are '"],
  ['a volume', "VOLUME ['/data']", 'VOLUME ["/data"]', "its quotes are '"],
  ['ONBUILD', "ONBUILD CMD ['a']", 'ONBUILD CMD ["a"]', "its quotes are '"]
])('%s', async (_, line, mended, fault) => {
  const text = `FROM x\n${line}\n`
  const [problem, another] = await found(text)
  expect(another).toBeUndefined()
  expect(problem?.severity).toBeUndefined()
  expect(problem?.message).toContain(`no valid JSON array, ${fault}`)
  expect([problem?.at.line, problem?.at.column]).toEqual([2, line.indexOf('[') + 1])
  const after = applied(text, problem?.edits ?? [])
  expect(after).toBe(`FROM x\n${mended}\n`)
  expect(await problems(rule, { Dockerfile: after })).toEqual([])
})

test.each([
  ['JSON', 'CMD ["a", "b"]'],
  ['an empty array', 'CMD []'],
  ['the test of a shell', 'RUN [ "$A" = b ] && c'],
  ['a command that begins like it', 'CMD [ -f a ] && b']
])('%s is none', async (_, line) => {
  expect(await found(`FROM x\n${line}\n`)).toEqual([])
})

test('it only warns where it cannot tell what was meant', async () => {
  const [problem] = await found('FROM x\nCMD [node, server.js]\n')
  expect([problem?.severity, problem?.edits]).toEqual(['warning', undefined])
})

test('it stands for the shell form that others see', async () => {
  const peers = (await found("FROM x\nCMD ['a']\nHEALTHCHECK CMD ['a']\nRUN ['a']\n")).map(problem => problem.peers)
  expect(peers).toEqual([{ hadolint: 'DL3025', buildkit: 'JSONArgsRecommended' }, { hadolint: 'DL3025' }, undefined])
})
