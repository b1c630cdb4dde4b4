import { expect, test } from '@jest/globals'
import { readDockerfile } from '../src/parse/dockerfile.js'
import { healthchecksOf, isSelf, leavesOf, peersOfMissing, probesOf } from '../src/probes.js'

const read = (text: string) => readDockerfile('Dockerfile', text)

test.each([
  ['curl -f http://localhost', 'curl localhost:80'],
  ['curl -f https://Localhost/a?b', 'curl localhost:443'],
  ['curl -f "http://[::1]:8080/"', 'curl ::1:8080'],
  ['curl -u a:b -o c.d http://x.y:1/z', 'curl x.y:1'],
  ['curl -O http://x.y/z', 'curl x.y:80'],
  ['wget --spider localhost:8080/a', 'wget localhost:8080'],
  ['wget -O http://x http://y:1', 'wget y:1'],
  ['curl http://$HOST:$PORT/', 'curl ?:?'],
  ['curl http://localhost:$PORT/', 'curl localhost:?'],
  ['["curl", "http://localhost:${PORT:-80}/"]', 'curl localhost:?'],
  ['nc -z -w 3 localhost 8080', 'nc localhost:8080'],
  ['netcat -z "$HOST" 80', 'nc ?:80'],
  ['curl a.b --fail', 'curl'],
  ['nc -z localhost', 'nc'],
  ['sh -c "curl localhost:1 && wget localhost:2"', 'curl localhost:1; wget localhost:2'],
  ['/healthcheck', '']
])('%s', (command, expected) => {
  const probes = healthchecksOf(read(`FROM a\nHEALTHCHECK CMD ${command}\n`)).flatMap(each =>
    probesOf(each.instruction)
  )
  const told = probes.map(({ tool, targets }) =>
    [tool, ...targets.map(({ host, port }) => `${host ?? '?'}:${port ?? '?'}`)].join(' ')
  )
  expect(told.join('; ')).toBe(expected)
})

test('finds checks, below ONBUILD too, and not NONE', () => {
  const found = healthchecksOf(read('FROM a\nHEALTHCHECK NONE\nHEALTHCHECK CMD b\nONBUILD HEALTHCHECK CMD c\n'))
  expect(found.map(({ written }) => written.at.line)).toEqual([3, 4])
})

test.each([
  ['localhost', true],
  ['127.0.1.1', true],
  ['::1', true],
  ['0.0.0.0', true],
  ['localhost.example.com', false],
  ['10.0.0.1', false]
])('is %s the container itself?', (host, expected) => expect(isSelf(host)).toBe(expected))

test('leaves are what no other stage builds on', () => {
  const file = read('FROM a AS b\nFROM b AS c\nFROM b\nCOPY --from=c /x /x\n')
  expect([...leavesOf(file)].map(({ index }) => index)).toEqual([1, 2])
})

test('others ask chains of stages or the file', () => {
  const file = read('FROM a AS b\nFROM a AS c\nHEALTHCHECK NONE\nFROM b\n')
  expect(file.stages.map(stage => peersOfMissing(file, stage))).toEqual([{}, {}, { hadolint: 'DL3057' }])
  const bare = read('FROM a AS b\nFROM b\n')
  expect(bare.stages.map(stage => peersOfMissing(bare, stage))).toEqual([
    {},
    { hadolint: 'DL3057', 'trivy-docker': 'DS-0026', 'checkov-dockerfile': 'CKV_DOCKER_2' }
  ])
})

test.each([
  ['one long word', `curl ${'a'.repeat(200_000)}`],
  ['many accounts', `curl http://${'a@'.repeat(100_000)}`],
  ['many words', `curl ${'http://a '.repeat(20_000)}`]
])('reads %s', (_, command) => {
  const file = read(`FROM a\nHEALTHCHECK CMD ${command}\n`)
  expect(healthchecksOf(file).flatMap(({ instruction }) => probesOf(instruction))).toHaveLength(1)
})
