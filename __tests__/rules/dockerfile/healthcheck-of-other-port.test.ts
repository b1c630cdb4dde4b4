import { expect, test } from '@jest/globals'
import rule from '../../../src/rules/dockerfile/healthcheck-of-other-port.js'
import { problems } from '../../helpers.js'

test.each([
  ['another port', 'EXPOSE 3000', 'curl -f http://localhost:8080/', ['3:25 8080 3000']],
  ['the port of http', 'EXPOSE 3000/tcp', 'wget -q http://localhost/', ['3:25 80 3000/tcp']],
  ['nc', 'EXPOSE 3000', 'nc -z localhost 8080', ['3:23 8080 3000']],
  ['the same port', 'EXPOSE 8080', 'curl -f http://localhost:8080/', []],
  ['a range', 'EXPOSE 8000-8100', 'curl -f http://localhost:8080/', []],
  ['a port of a variable', 'ENV ADMIN=:8080\nEXPOSE 3000', 'curl -f http://localhost:8080/', []],
  ['a port of an argument', 'CMD ["a", "--admin=8080"]\nEXPOSE 3000', 'curl -f http://localhost:8080/', []],
  ['an exposed variable that is known', 'ENV A=8080\nEXPOSE $A', 'curl -f http://localhost:8080/', []],
  ['an exposed variable that is not', 'EXPOSE 3000 $A', 'curl -f http://localhost:8080/', []],
  ['a computed port', 'EXPOSE 3000', 'curl -f http://localhost:$PORT/', []],
  ['no port', 'ENV A=b', 'curl -f http://localhost:8080/', []]
])('%s', async (_, lines, command, expected) => {
  const line = `${lines.split('\n').length + 2}:`
  const found = await problems(rule, { Dockerfile: `FROM a\n${lines}\nHEALTHCHECK CMD ${command}\n` })
  expect(found.map(each => each.replace(/Dockerfile:(\S+) .* port (\d+),.* exposes (\S+)/, '$1 $2 $3'))).toEqual(
    expected.map(each => each.replace(/^3:/, line))
  )
})

test('it knows the ports of the stages it builds on and of the base image', async () => {
  const text = (port: number) =>
    `FROM nginx:1.29 AS a\nEXPOSE 90\nFROM a\nEXPOSE 91\nHEALTHCHECK CMD curl -f http://localhost:${port}/\n`
  for (const port of [80, 90, 91]) expect(await problems(rule, { Dockerfile: text(port) })).toEqual([])
  expect(await problems(rule, { Dockerfile: text(92) })).toHaveLength(1)
})
