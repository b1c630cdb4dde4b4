import { expect, test } from '@jest/globals'
import { run } from '../../../src/rule.js'
import rule from '../../../src/rules/dockerfile/healthcheck-ignores-status.js'
import { problems, repoOf } from '../../helpers.js'
import { applied } from '../workflow/edits.js'

test.each([
  ['plain', 'curl http://localhost/', 'curl -f http://localhost/'],
  ['other options', 'curl -sS -o /dev/null localhost:80 || exit 1', 'curl -f -sS -o /dev/null localhost:80 || exit 1'],
  ['JSON', '["curl", "-s", "http://localhost/"]', '["curl", "-f", "-s", "http://localhost/"]'],
  ['a shell in JSON', '["sh", "-c", "curl http://localhost/"]', '["sh", "-c", "curl -f http://localhost/"]'],
  ['a computed port', 'curl "http://localhost:$PORT/"', 'curl -f "http://localhost:$PORT/"']
])('%s', async (_, command, mended) => {
  const Dockerfile = `FROM a\nHEALTHCHECK CMD ${command}\n`
  const { found } = run([rule], await repoOf({ Dockerfile }), () => ({}))
  expect(found.map(({ problem: { at } }) => at.column)).toEqual([17 + command.indexOf('curl')])
  const after = applied(Dockerfile, found[0]?.problem.edits ?? [])
  expect(after).toBe(`FROM a\nHEALTHCHECK CMD ${mended}\n`)
  expect(await problems(rule, { Dockerfile: after })).toEqual([])
})

test.each([
  ['-f', 'curl -f http://localhost/'],
  ['--fail', 'curl --fail http://localhost/'],
  ['--fail-with-body', '["curl", "--fail-with-body", "http://localhost/"]'],
  ['bundled', 'curl -sfL http://localhost/'],
  ['what reads the answer', 'curl -s http://localhost/ | grep up'],
  ['a test of the answer', '[ "$(curl -s -w %{http_code} http://localhost/)" = 200 ]'],
  ['computed options', 'curl $OPTIONS http://localhost/'],
  ['a failure that is lost', 'curl http://localhost/ || true'],
  ['wget', 'wget -q http://localhost/'],
  ['nothing that is asked', 'curl --version']
])('%s is fine', async (_, command) => {
  expect(await problems(rule, { Dockerfile: `FROM a\nHEALTHCHECK CMD ${command}\n` })).toEqual([])
})
