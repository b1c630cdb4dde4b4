import { expect, test } from '@jest/globals'
import { run } from '../../../src/rule.js'
import rule from '../../../src/rules/dockerfile/distribution-upgrade.js'
import { problems, repoOf } from '../../helpers.js'

const places = async (Dockerfile: string, options = {}) =>
  (await problems(rule, { Dockerfile }, options)).map(each => each.split(' ')[0]!.slice('Dockerfile:'.length))

test.each([
  ['apt-get', 'FROM a:1\nRUN apt-get -q dist-upgrade -y', ['2:16']],
  ['apt', 'FROM a:1\nRUN apt full-upgrade', ['2:9']],
  ['zypper', 'FROM a:1\nRUN zypper dup', ['2:12']]
])('reports %s', async (_, text, expected) => expect(await places(text)).toEqual(expected))

test.each([
  ['an upgrade', 'FROM a:1\nRUN apt-get upgrade'],
  ['a package of that name', 'FROM a:1\nRUN apt-get install dist-upgrade']
])('accepts %s', async (_, text) => expect(await places(text)).toEqual([]))

async function peers(Dockerfile: string) {
  const { found } = run([rule], await repoOf({ Dockerfile }), () => ({}))
  return found.map(({ problem }) => problem.peers ?? rule.peers ?? {})
}

test.each([
  ['RUN apt-get dist-upgrade', { 'trivy-docker': 'DS-0024' }],
  ['RUN zypper dist-upgrade', { hadolint: 'DL3035' }],
  ['RUN apt full-upgrade', {}]
])('tells what others call it: %j', async (text, expected) => expect(await peers(text)).toEqual([expected]))
