import { expect, test } from '@jest/globals'
import { run } from '../../../src/rule.js'
import rule from '../../../src/rules/dockerfile/upgrade-in-build.js'
import { problems, repoOf } from '../../helpers.js'

const places = async (Dockerfile: string, options = {}) =>
  (await problems(rule, { Dockerfile }, options)).map(each => each.split(' ')[0]!.slice('Dockerfile:'.length))

test.each([
  ['apt-get', 'FROM a:1\nRUN apt-get upgrade', ['2:13']],
  ['yum update', 'FROM a:1\nRUN yum update -y', ['2:9']],
  ['zypper up', 'FROM a:1\nRUN zypper up -y', ['2:12']]
])('reports %s', async (_, text, expected) => expect(await places(text)).toEqual(expected))

test.each([
  ['an update of the index', 'FROM a:1\nRUN apt-get update'],
  ['single packages', 'FROM a:1\nRUN yum update -y git'],
  ['a language', 'FROM a:1\nRUN npm update']
])('accepts %s', async (_, text) => expect(await places(text)).toEqual([]))

async function peers(Dockerfile: string) {
  const { found } = run([rule], await repoOf({ Dockerfile }), () => ({}))
  return found.map(({ problem }) => problem.peers ?? rule.peers ?? {})
}

test.each([
  ['RUN yum update -y', { 'trivy-docker': 'DS-0017', 'checkov-dockerfile': 'CKV_DOCKER_5' }],
  ['RUN zypper up', { 'trivy-docker': 'DS-0017' }],
  ['RUN yum update && yum install git', {}],
  ['RUN apt-get upgrade', {}]
])('tells what others call it: %j', async (text, expected) => expect(await peers(text)).toEqual([expected]))
