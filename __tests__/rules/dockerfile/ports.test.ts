import { expect, test } from '@jest/globals'
import ssh from '../../../src/rules/dockerfile/exposed-ssh.js'
import impossible from '../../../src/rules/dockerfile/impossible-port.js'
import mapping from '../../../src/rules/dockerfile/port-mapping.js'
import casing from '../../../src/rules/dockerfile/port-protocol-casing.js'
import { marked, mended, peersIn } from './lines.js'

const from = (ports: string) => `FROM a:1\nEXPOSE ${ports}\n`

test.each([
  ['80 65536', ['65536']],
  ['65530-65540/tcp', ['65530-65540/tcp']],
  ['99999/udp', ['99999/udp']],
  ['65535 0-65535', []],
  ['$PORT ${PORT:-80000}', []],
  ['http', []]
])('ports that there are not: %s', async (ports, words) => expect(await marked(impossible, from(ports))).toEqual(words))

test.each([
  ['8080 22', ['22']],
  ['22/tcp', ['22/tcp']],
  ['22/udp 2222 222 8022', []],
  ['$SSH', []]
])('ports for logins: %s', async (ports, words) => expect(await marked(ssh, from(ports))).toEqual(words))

test.each([
  ['80/TCP 53/Udp 90/tcp', ['TCP', 'Udp'], '80/tcp 53/udp 90/tcp'],
  ['$PORT/TCP', ['TCP'], '$PORT/tcp'],
  ['80 90/tcp 80/$PROTO ${A:-x/Y}', [], '80 90/tcp 80/$PROTO ${A:-x/Y}']
])('the case of protocols: %s', async (ports, words, after) => {
  expect(await marked(casing, from(ports))).toEqual(words)
  expect(await mended(casing, from(ports))).toBe(from(after))
})

test.each([
  ['127.0.0.1:80:8080 90', ['127.0.0.1:80:8080'], '8080 90'],
  ['[::1]:8080:8081/tcp', ['[::1]:8080:8081/tcp'], '8081/tcp'],
  ['5000:5001 7000-7001:8000-8001', ['5000:5001', '7000-7001:8000-8001'], '5001 8000-8001'],
  ['80:$PORT', ['80:$PORT'], '80:$PORT'],
  ['${PORT:-8080} 80', [], '${PORT:-8080} 80']
])('ports of the host: %s', async (ports, words, after) => {
  expect(await marked(mapping, from(ports))).toEqual(words)
  expect(await mended(mapping, from(ports))).toBe(from(after))
})

test('only we look into a trigger for ports that there are not', async () => {
  expect(await peersIn('hadolint', impossible, 'FROM a:1\nEXPOSE 70000')).toEqual(['DL3011'])
  expect(await marked(impossible, 'FROM a:1\nONBUILD EXPOSE 70000')).toEqual(['70000'])
  expect(await peersIn('hadolint', impossible, 'FROM a:1\nONBUILD EXPOSE 70000')).toEqual([])
})
