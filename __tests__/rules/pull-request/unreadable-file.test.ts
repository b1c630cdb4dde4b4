import { expect, test } from '@jest/globals'
import { mergeConfig } from '../../../src/config.js'
import { inspect } from '../../../src/inspect.js'
import type { Example } from '../../../src/model.js'
import rule from '../../../src/rules/pull-request/unreadable-file.js'
import brokenYaml from '../../../src/rules/workflow/broken-yaml.js'
import { memorySource } from '../../../src/source/memory.js'
import { problems } from '../../helpers.js'

const PATH = '.github/workflows/ci.yml'
const FINE = 'on: push\njobs: {}\n'

test.each([
  ['broken YAML', { [PATH]: 'on: push\njobs: {"a: [\n' }, 1],
  ['an empty workflow', { [PATH]: '# on: push\n' }, 1],
  ['UTF-16', { [PATH]: 'o\0n\0:\0 \0p\0u\0s\0h\0' }, 1],
  ['a file that is too large', { [PATH]: `on: push\n# ${'x'.repeat(1 << 20)}\n` }, 1],
  ['a broken action', { [PATH]: FINE, 'action.yml': 'runs: {"using: x\n' }, 1],
  ['a broken compose file', { [PATH]: FINE, 'compose.yml': 'services: {"a: x\n' }, 1],
  ['a broken manifest', { [PATH]: FINE, 'k8s/a.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: {"a: [\n' }, 1],
  ['broken YAML that is no pipeline file', { [PATH]: FINE, 'data/a.yaml': 'a: {"b: [\n' }, 0],
  ['an empty compose file', { [PATH]: FINE, 'compose.extras.yml': '# services of your own\n' }, 0],
  ['an empty action', { [PATH]: FINE, 'action.yml': '' }, 1],
  ['a broken fixture', { [PATH]: FINE, 'src/testdata/bad/compose.yml': 'services: {"a: x\n' }, 0],
  ['a broken file of another folder', { [PATH]: FINE, 'src/data/bad/compose.yml': 'services: {"a: x\n' }, 1],
  ['a name that is filled in', { [PATH]: FINE, 'k8s/a.yaml': 'apiVersion: v1\nkind: Pod\nip: {PREFIX}.16\n' }, 0],
  ['braces that are broken', { [PATH]: FINE, 'k8s/a.yaml': 'apiVersion: v1\nkind: Pod\nip: {prefix}.16\n' }, 1],
  ['a template', { [PATH]: FINE, 'compose.yml.j2': '{% if a %}' }, 0],
  ['a fine workflow', { [PATH]: `${FINE}# new\n` }, 0]
])('weighs %s', async (_, head, count) => {
  const world = { head: head as Record<string, string>, base: { [PATH]: FINE } }
  // What is wrong with workflows and actions is told once, by one of the two.
  expect([...(await problems(rule, world)), ...(await problems(brokenYaml, world))]).toHaveLength(count)
})

test('leaves alone what the pull request does not touch; without a base every file counts as changed', async () => {
  const broken = { 'compose.yml': 'services: {"a: [\n' }
  expect(await problems(rule, { head: { ...broken, 'a.md': 'b' }, base: { ...broken, 'a.md': 'a' } })).toEqual([])
  expect(await problems(rule, broken)).toHaveLength(1)
  expect(await problems(rule, { head: {}, paths: [PATH] })).toEqual([])
})

test('blocks a file that was broken before and still is', async () => {
  const source = memorySource({ files: { [PATH]: 'on: {"a: [\n' }, base: { [PATH]: 'on: {"b: [\n' } })
  const policy = { config: mergeConfig(), problems: [] }
  const { verdict } = await inspect(source, policy, { today: '2026-01-01' }, { only: [rule.id] })
  expect(verdict.findings.map(({ introduced }) => introduced)).toEqual([true])
})

test('an error that a change leaves is told by one rule, as are a new one and one in a file that it does not touch', async () => {
  const broken = 'on: {"a: [\n'
  const told = async (world: Example) => [
    (await problems(rule, world)).length,
    (await problems(brokenYaml, world)).length
  ]
  expect(await told({ head: { [PATH]: `${broken}# a\n` }, base: { [PATH]: broken } })).toEqual([1, 0])
  expect(await told({ head: { [PATH]: broken }, base: { [PATH]: FINE } })).toEqual([0, 1])
  expect(await told({ head: { [PATH]: broken, 'a.md': 'a' }, base: { [PATH]: broken } })).toEqual([0, 1])
})

test('names the file, the reason and the place', async () => {
  const broken = { [PATH]: '# nothing\n' }
  const [only] = await problems(rule, { head: { [PATH]: '# nothing at all\n' }, base: broken })
  expect(only).toBe(`${PATH}:1:1 ${PATH} is a workflow that cannot be read: is empty`)
})
