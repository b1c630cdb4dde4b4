import { expect, test } from '@jest/globals'
import { run } from '../../../src/rule.js'
import rule from '../../../src/rules/dockerfile/apt-for-scripts.js'
import { problems, repoOf } from '../../helpers.js'
import { applied } from '../workflow/edits.js'

const places = async (Dockerfile: string, options = {}) =>
  (await problems(rule, { Dockerfile }, options)).map(each => each.split(' ')[0]!.slice('Dockerfile:'.length))

async function fixed(Dockerfile: string): Promise<string> {
  const { found } = run([rule], await repoOf({ Dockerfile }), () => ({}))
  return applied(
    Dockerfile,
    found.flatMap(({ problem }) => problem.edits ?? [])
  )
}

test.each([
  ['apt', 'FROM a:1\nRUN apt install -y git', ['2:5']],
  ['once a RUN', 'FROM a:1\nRUN apt update && apt install -y git', ['2:5']],
  ['behind sudo', 'FROM a:1\nRUN sudo apt update', ['2:10']]
])('reports %s', async (_, text, expected) => expect(await places(text)).toEqual(expected))

test.each([
  ['apt-get', 'FROM a:1\nRUN apt-get install -y git'],
  ['a package of that name', 'FROM a:1\nRUN apt-get install -y apt'],
  ['aptitude', 'FROM a:1\nRUN aptitude update']
])('accepts %s', async (_, text) => expect(await places(text)).toEqual([]))

test.each([
  [
    'FROM a:1\nRUN apt update && apt full-upgrade -y && apt show git',
    'FROM a:1\nRUN apt-get update && apt-get dist-upgrade -y && apt-cache show git'
  ],
  ['FROM a:1\nRUN ["apt", "update"]', 'FROM a:1\nRUN ["apt-get", "update"]']
])('mends %j', async (text, expected) => {
  expect(await fixed(text)).toBe(expected)
  expect(await places(expected)).toEqual([])
})

test('leaves alone what apt-get does not know', async () =>
  expect(await fixed('FROM a:1\nRUN apt list')).toBe('FROM a:1\nRUN apt list'))
