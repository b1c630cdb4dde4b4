import { expect, test } from '@jest/globals'
import { run } from '../../../src/rule.js'
import rule from '../../../src/rules/dockerfile/unpinned-library.js'
import { problems, repoOf } from '../../helpers.js'

const places = async (Dockerfile: string, options = {}) =>
  (await problems(rule, { Dockerfile }, options)).map(each => each.split(' ')[0]!.slice('Dockerfile:'.length))

test.each([
  ['a library', 'FROM a:1\nRUN pip install six', ['2:17']],
  ['the first of many, once a RUN', 'FROM a:1\nRUN pip install a==1 six && pip install seven', ['2:22']],
  ['each manager by itself', 'FROM a:1\nRUN pip install six && npm i -g pm2', ['2:17', '2:33']],
  ['what ONBUILD registers', 'FROM a:1\nONBUILD RUN pip install six', ['2:25']],
  ['a file without FROM', 'RUN gem install rails', ['1:17']]
])('reports %s', async (_, text, expected) => expect(await places(text)).toEqual(expected))

test.each([
  ['a version', 'FROM a:1\nRUN pip install six==1.17'],
  ['a package of the system', 'FROM a:1\nRUN apk add git'],
  ['an installer', 'FROM a:1\nRUN pip install --upgrade pip && npm i -g npm'],
  ['what the lock file says', 'FROM a:1\nRUN npm ci']
])('accepts %s', async (_, text) => expect(await places(text)).toEqual([]))

test('lets packages be allowed', async () => {
  const text = 'FROM a:1\nRUN pip install six seven'
  expect(await places(text, { allow: ['six'] })).toEqual(['2:21'])
  expect(await places(text, { allow: ['six', 'seven'] })).toEqual([])
})

test.each([
  ['RUN pip install six', 'DL3013'],
  ['RUN npm i pm2', 'DL3016'],
  ['RUN gem install rails', 'DL3028'],
  ['RUN go install example.com/a@latest', 'DL3062'],
  ['RUN pip install -r r.txt six', undefined],
  ['RUN yarn add pm2', undefined]
])('%s is %s', async (Dockerfile, expected) => {
  const { found } = run([rule], await repoOf({ Dockerfile }), () => ({}))
  expect(found.map(({ problem }) => problem.peers?.hadolint)).toEqual([expected])
})
