import { expect, test } from '@jest/globals'
import { run } from '../../../src/rule.js'
import rule from '../../../src/rules/dockerfile/recommended-packages.js'
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
  ['apt-get', 'FROM a:1\nRUN apt-get install -y git', ['2:13']],
  ['apt', 'FROM a:1\nRUN apt install -y git', ['2:9']],
  ['once a RUN', 'FROM a:1\nRUN apt-get install -y a && apt-get install -y b', ['2:13']]
])('reports %s', async (_, text, expected) => expect(await places(text)).toEqual(expected))

test.each([
  ['without', 'FROM a:1\nRUN apt-get install -y --no-install-recommends git'],
  ['the flag first', 'FROM a:1\nRUN apt-get --no-install-recommends install git'],
  ['an option', 'FROM a:1\nRUN apt-get -o APT::Install-Recommends=false install git'],
  ['a choice', 'FROM a:1\nRUN apt-get install --install-recommends git'],
  [
    'a config file',
    'FROM a:1\nRUN echo \'APT::Install-Recommends "0";\' > /etc/apt/apt.conf.d/90no\nRUN apt-get install git'
  ],
  ['no packages', 'FROM a:1\nRUN apt-get install -f'],
  ['an upgrade', 'FROM a:1\nRUN apt-get upgrade'],
  ['apk', 'FROM a:1\nRUN apk add git']
])('accepts %s', async (_, text) => expect(await places(text)).toEqual([]))

test.each([
  ['FROM a:1\nRUN apt-get install -y git', 'FROM a:1\nRUN apt-get install --no-install-recommends -y git'],
  [
    'FROM a:1\nRUN ["apt-get", "install", "git"]',
    'FROM a:1\nRUN ["apt-get", "install", "--no-install-recommends", "git"]'
  ]
])('mends %j', async (text, expected) => {
  expect(await fixed(text)).toBe(expected)
  expect(await places(expected)).toEqual([])
})

async function peers(Dockerfile: string) {
  const { found } = run([rule], await repoOf({ Dockerfile }), () => ({}))
  return found.map(({ problem }) => problem.peers ?? rule.peers ?? {})
}

test.each([
  ['RUN apt-get install git', { hadolint: 'DL3015', 'trivy-docker': 'DS-0029' }],
  ['RUN apt install git', {}]
])('tells what others call it: %j', async (text, expected) => expect(await peers(text)).toEqual([expected]))
