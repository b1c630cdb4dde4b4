import { expect, test } from '@jest/globals'
import { interpolated, readCompose } from '../../src/parse/compose.js'
import { startOf } from '../../src/parse/text.js'
import { mapOf, parseYaml } from '../../src/parse/yaml.js'

const PATH = 'compose.yml'
const read = (text: string) => {
  const [document] = parseYaml(PATH, text, { merge: true })
  return readCompose(PATH, startOf(PATH), mapOf(document!.root)!, document!.comments)
}
const service = (lines: string, rest = '') =>
  read(`services:\n  web:\n${lines.replace(/^/gm, '    ')}\n${rest}`).services[0]!

test('it reads a service with its places', () => {
  const web = service('image: nginx:1\ndepends_on: [db]\nprofiles: [debug]\nrestart: "no"')
  expect(web.name.value).toBe('web')
  expect(web.at).toMatchObject({ line: 2, column: 3, endColumn: 6 })
  expect(web.image).toMatchObject({ value: 'nginx:1', at: { line: 3, column: 12 } })
  expect(web.dependsOn.map(({ name }) => name.value)).toEqual(['db'])
  expect(web.profiles.map(({ value }) => value)).toEqual(['debug'])
  expect(web.restart?.value).toBe('no')
})

test('it reads the condition of a dependency', () => {
  const [db] = service('depends_on:\n  db:\n    condition: service_healthy').dependsOn
  expect(db?.condition).toMatchObject({ value: 'service_healthy', at: { line: 5, column: 20 } })
})

test.each([
  ['a string', 'build: ./web', './web'],
  ['a mapping', 'build:\n  context: web', 'web'],
  ['a mapping without context', 'build:\n  target: prod', '.'],
  ['a variable with a default', 'build: ${DIR:-web}', 'web'],
  ['a variable without', 'build: $DIR', undefined],
  ['a Git address', 'build: https://example.com/a.git#main', undefined],
  ['a short Git address', 'build: git@example.com:a/b', undefined],
  ['an absolute path', 'build: /srv/web', undefined]
])('it takes the build context from %s', (_, lines, context) => {
  const { build } = service(lines)
  expect(build).toMatchObject({ at: { line: 3, column: 5 } })
  expect(build?.context).toBe(context)
})

test.each([
  ['disable', 'healthcheck:\n  disable: true', true, false],
  ['test NONE', 'healthcheck:\n  test: ["NONE"]', true, true],
  ['a test', 'healthcheck:\n  test: ["CMD", "true"]', false, true],
  ['an interval alone', 'healthcheck:\n  interval: 5s', false, false]
])('it reads a health check with %s', (_, lines, disabled, tested) => {
  const { healthcheck } = service(lines)
  expect(healthcheck?.disabled).toBe(disabled)
  expect(healthcheck?.test !== undefined).toBe(tested)
  expect(healthcheck?.at).toMatchObject({ line: 3, column: 5 })
})

test('it counts what is reset as absent, and what is overridden as said', () => {
  const web = service('image: nginx\nhealthcheck: !reset null\nports: !override ["80:80"]')
  expect(web.healthcheck).toBeUndefined()
  expect(web.ports).toHaveLength(1)
})

test('it puts in what a service of the same file gives', () => {
  const base =
    '  base:\n    build: {context: app, target: prod}\n    healthcheck: {test: [CMD, a]}\n    ports: ["1:1"]\n'
  const web = service('extends: {service: base}\nhealthcheck: {interval: 5s}', base)
  expect(web.build).toMatchObject({ context: 'app', target: { value: 'prod' } })
  expect(web.healthcheck?.test).toMatchObject({ kind: 'list' })
  expect(web.healthcheck?.at.line).toBe(4)
  expect(web.ports).toEqual([])
})

test('it leaves what another file gives, and circles, alone', () => {
  expect(service('extends: {service: base, file: common.yml}', '  base:\n    image: a\n').image).toBeUndefined()
  expect(service('extends: base', '  base:\n    extends: web\n    image: a\n').image?.value).toBe('a')
})

test('it passes over what is no service', () => {
  expect(
    read('x-common: &a\n  image: a\nservices:\n  x-b: {}\n  web:\n    <<: *a\n  c: text\n').services
  ).toMatchObject([{ name: { value: 'web' }, image: { value: 'a' } }])
  expect(read('services: []\n').services).toEqual([])
})

test.each([
  ['plain', 'plain'],
  ['${A:-b}/c', 'b/c'],
  ['${A-b}', 'b'],
  ['$$A', '$A'],
  ['${A}', undefined],
  ['${A:-$B}', undefined],
  ['${A:?must}', undefined],
  ['${A', undefined]
])('it interpolates %s', (written, value) => expect(interpolated(written)).toBe(value))
