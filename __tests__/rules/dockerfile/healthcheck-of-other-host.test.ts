import { expect, test } from '@jest/globals'
import rule from '../../../src/rules/dockerfile/healthcheck-of-other-host.js'
import { problems } from '../../helpers.js'

test.each([
  ['a site', 'curl -f https://www.example.com/', 'www.example.com'],
  ['an address', '["curl", "-f", "http://10.0.0.5:80/"]', '10.0.0.5'],
  ['with an account', 'wget -q http://a:b@example.com/', 'example.com'],
  ['the host', 'curl -f http://host.docker.internal:80/', 'host.docker.internal'],
  ['a database', 'nc -z db 5432', 'db'],
  ['another one', 'curl -f http://localhost/ && curl -f http://example.com/', 'example.com']
])('%s', async (_, command, host) => {
  const found = await problems(rule, { Dockerfile: `FROM a\nHEALTHCHECK CMD ${command}\n` })
  expect(found.map(line => line.replace(/^\S+ /, ''))).toEqual([`the check asks ${host}, which is not this container`])
})

test.each([
  ['localhost', 'curl -f http://localhost:80/a.b'],
  ['127.0.0.1', 'curl -f http://127.0.0.1/'],
  ['127.0.0.11', 'curl -f http://127.0.0.11/'],
  ['::1', 'curl -f "http://[::1]:80/"'],
  ['0.0.0.0', 'nc -z 0.0.0.0 80'],
  ['a variable', 'curl -f http://$HOST/'],
  ['a substitution', 'curl -f http://$(hostname -i):80/'],
  ['a name that may be its own', 'curl -f http://web:80/'],
  ['a header', 'curl -f -H "Host: www.example.com" http://localhost/'],
  ['a referer', 'curl -f -e http://www.example.com/ http://localhost/'],
  ['a file that is written', 'wget -O a.b http://localhost/']
])('%s is fine', async (_, command) => {
  expect(await problems(rule, { Dockerfile: `FROM a\nHEALTHCHECK CMD ${command}\n` })).toEqual([])
})

test('it points at the address', async () => {
  const Dockerfile = 'FROM a\nHEALTHCHECK CMD \\\n  curl -f http://example.com/\n'
  expect((await problems(rule, { Dockerfile }))[0]).toMatch(/^Dockerfile:3:11 /)
})
