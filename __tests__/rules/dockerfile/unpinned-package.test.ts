import { expect, test } from '@jest/globals'
import { run } from '../../../src/rule.js'
import rule from '../../../src/rules/dockerfile/unpinned-package.js'
import { problems, repoOf } from '../../helpers.js'

const places = async (Dockerfile: string, options = {}) =>
  (await problems(rule, { Dockerfile }, options)).map(each => each.split(' ')[0]!.slice('Dockerfile:'.length))

test.each([
  ['a package', 'FROM a:1\nRUN apk add git', ['2:13']],
  ['an installer', 'FROM a:1\nRUN pip install -U pip', ['2:20']],
  ['one that the module names, or nobody', 'FROM a:1\nRUN go install example.com/a', ['2:16']],
  ['once a RUN and manager', 'FROM a:1\nRUN apk add git && apk add curl', ['2:13']]
])('reports %s', async (_, text, expected) => expect(await places(text)).toEqual(expected))

test.each([
  ['a version', 'FROM a:1\nRUN apk add git=1'],
  ['a library, which has its own rule', 'FROM a:1\nRUN pip install six']
])('accepts %s', async (_, text) => expect(await places(text)).toEqual([]))

test('lets packages be allowed', async () =>
  expect(await places('FROM a:1\nRUN apk add git curl', { allow: ['git'] })).toEqual(['2:17']))

test.each([
  ['RUN apt-get install git', 'DL3008'],
  ['RUN apk add git', 'DL3018'],
  ['RUN yum install -y git', 'DL3033'],
  ['RUN dnf install -y git', 'DL3041'],
  ['RUN microdnf install -y git', 'DL3041'],
  ['RUN zypper in -y git', 'DL3037'],
  ['RUN aptitude install git', undefined]
])('%s is %s', async (Dockerfile, expected) => {
  const { found } = run([rule], await repoOf({ Dockerfile }), () => ({}))
  expect(found.map(({ problem }) => problem.peers?.hadolint)).toEqual([expected])
})
