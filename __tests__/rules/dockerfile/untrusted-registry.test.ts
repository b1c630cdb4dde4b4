import { expect, test } from '@jest/globals'
import rule from '../../../src/rules/dockerfile/untrusted-registry.js'
import { places, problems } from '../../helpers.js'

const registries = ['good.example', '*.trusted.example', 'mirror.*']

test.each([
  ['another host', 'FROM evil.example/tool:1', ['1:6']],
  ['Docker Hub', 'FROM tool:1', ['1:6']],
  ['Docker Hub by name', 'FROM docker.io/acme/tool:1', ['1:6']],
  ['a host that only ends so', 'FROM untrusted.example/tool:1', ['1:6']],
  ['COPY', 'FROM scratch\nCOPY --from=evil.example/tool:1 /x /y', ['2:13']],
  ['a mount', 'FROM scratch\nRUN --mount=type=bind,from=evil.example/tool:1,target=/x y', ['2:28']],
  ['ONBUILD', 'FROM scratch\nONBUILD COPY --from=evil.example/tool:1 /x /y', ['2:21']],
  ['a default', 'ARG R=evil.example\nFROM $R/tool:1', ['2:6']],
  ['a host before an unknown tag', 'ARG V\nFROM evil.example/tool:$V', ['2:6']],
  ['a port', 'FROM good.example:5000/tool:1', ['1:6']],
  ['the host', 'FROM good.example/tool:1', []],
  ['the end of a host', 'FROM eu.trusted.example/tool:1', []],
  ['the beginning of a host', 'FROM mirror.local/tool:1', []],
  ['an unknown host', 'ARG R\nFROM $R/tool:1', []],
  ['scratch', 'FROM scratch', []],
  ['a stage', 'FROM good.example/a:1 AS x\nFROM X\nCOPY --from=x /a /b\nCOPY --from=0 /a /b', []],
  ['a computed source', 'FROM scratch\nCOPY --from=$X /a /b', []]
])('judges by the host: %s', async (_, text, expected) =>
  expect(await places(rule, { Dockerfile: text }, { registries })).toEqual(expected)
)

test('says nothing without the option', async () =>
  expect(await problems(rule, { Dockerfile: 'FROM evil.example/tool:1' }, {})).toEqual([]))

test.each(['docker.io', 'hub.docker.com', '*'])('knows Docker Hub as %s', async registry => {
  const text = 'FROM tool:1\nFROM acme/tool:1\nFROM docker.io/acme/tool:1'
  expect(await problems(rule, { Dockerfile: text }, { registries: [registry] })).toEqual([])
})
