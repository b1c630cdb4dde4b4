import { expect, test } from '@jest/globals'
import rule from '../../../src/rules/dockerfile/healthcheck-always-passes.js'
import { problems } from '../../helpers.js'

test.each([
  ['|| true', 'curl -f x || true', 'a failure of curl is lost to true'],
  ['|| exit 0', 'curl -f x || exit 0', 'a failure of curl is lost to exit 0'],
  ['|| echo', 'curl -f x || echo down', 'a failure of curl is lost to echo …'],
  ['a pipe into cat', 'curl -f x | cat', 'a failure of curl is lost to cat'],
  ['; exit 0', 'curl -f x; exit 0', 'exit 0 comes last and decides, whatever curl says'],
  ['&& echo || echo', 'curl -f x && echo up || echo down', 'a failure of curl is lost to echo …'],
  ['nothing but true', 'true', 'true always succeeds'],
  ['nothing but exit 0', 'exit 0', 'exit 0 always succeeds'],
  ['echo in JSON', '["echo", "ok"]', 'echo ok always succeeds'],
  ['true below a shell in JSON', '["sh", "-c", "curl -f x || true"]', 'a failure of curl is lost to true']
])('%s', async (_, command, message) => {
  const [found, another] = await problems(rule, { Dockerfile: `FROM a\nHEALTHCHECK CMD ${command}\n` })
  expect(another).toBeUndefined()
  expect(found).toMatch(/^Dockerfile:2:/)
  expect(found).toContain(message)
})

test.each([
  ['|| exit 1', 'curl -f x || exit 1'],
  ['|| false', 'curl -f x || false'],
  ['|| kill 1', 'curl -f x || kill 1'],
  ['|| and a second probe', 'curl -f x || wget y'],
  ['a fallback that fails', 'curl -f x || (echo down && exit 1)'],
  ['a pipe into grep', 'curl -f x | grep -q up'],
  ['a condition', 'if curl -f x; then exit 0; else exit 1; fi'],
  ['a test of the answer', '[ "$(curl -s x)" = up ]'],
  ['a negation', '! curl -f x'],
  ['a program below a shell', '["sh", "-c", "curl -f x"]'],
  ['exit with the status before', 'curl -f x; exit $?'],
  ['a script', '/healthcheck.sh'],
  ['&& exit 0', 'curl -f x && exit 0 || exit 1']
])('%s is fine', async (_, command) => {
  expect(await problems(rule, { Dockerfile: `FROM a\nHEALTHCHECK CMD ${command}\n` })).toEqual([])
})

test('it points at what loses the failure, and not at NONE', async () => {
  const Dockerfile = 'FROM a AS b\nHEALTHCHECK NONE\nFROM a\nHEALTHCHECK CMD \\\n  curl -f x || true\n'
  expect(await problems(rule, { Dockerfile })).toEqual([
    'Dockerfile:5:13 a failure of curl is lost to true: the check always passes'
  ])
})
