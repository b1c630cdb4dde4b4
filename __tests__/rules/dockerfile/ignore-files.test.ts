import { expect, test } from '@jest/globals'
import { run } from '../../../src/rule.js'
import ignored from '../../../src/rules/dockerfile/copied-file-ignored.js'
import noIgnoreFile from '../../../src/rules/dockerfile/no-ignore-file.js'
import unwanted from '../../../src/rules/dockerfile/unwanted-files-copied.js'
import { problems, repoOf } from '../../helpers.js'
import { mended, places } from './places.js'

test.each([
  ['a file', 'docs', 'COPY docs/a.txt /', ['2:6']],
  ['a folder', 'docs', 'COPY docs /docs', ['2:6']],
  ['by ADD', '*.txt', 'ADD ./a.txt /', ['2:5']],
  ['by JSON', 'a b', 'COPY ["a b", "/"]', ['2:8']],
  ['one of two', 'a', 'COPY b a /x/', ['2:8']],
  ['from outside the context', 'a', 'COPY ../a /', ['2:6']],
  ['a wildcard in a folder that is left out', 'docs', 'COPY docs/*.txt /', ['2:6']],
  ['everything', '*', 'COPY . /', ['2:6']],
  ['everything at any depth', '**', 'COPY / /', ['2:6']],
  ['everything but the hidden', '.*', 'COPY . /', []],
  ['another name', 'doc', 'COPY docs/a.txt /', []],
  ['only at the root', '*.txt', 'COPY docs/a.txt /', []],
  ['from a stage', 'a', 'COPY --from=x a /', []],
  ['a download', 'https:', 'ADD https://example.com/a /', []],
  ['a variable', '*', 'COPY $A /', []],
  ['brought back', '*\n!a', 'COPY a /', []],
  ['brought back in part', '*\n!a/b', 'COPY a /', []],
  ['brought back by a wildcard', '*\n!**/b', 'COPY a /', []],
  ['another one is brought back', '*\n!b', 'COPY a /', ['2:6']],
  ['everything, and something brought back', '*\n!b', 'COPY . /', []],
  ['left out again', '*\n!a\na', 'COPY a /', ['2:6']]
])('it finds a source that is left out: %s', async (_, patterns, line, found) =>
  expect(await places(ignored, `FROM scratch\n${line}\n`, { '.dockerignore': `${patterns}\n` })).toEqual(found)
)

test('the ignore file of the Dockerfile wins over that of the context', async () => {
  const files = { Dockerfile: 'FROM scratch\nCOPY a /\n', '.dockerignore': 'a\n' }
  expect(await problems(ignored, files)).toEqual([
    'Dockerfile:2:6 .dockerignore leaves a out (line 1): the builder does not get it'
  ])
  expect(await problems(ignored, { ...files, 'Dockerfile.dockerignore': 'b\n' })).toEqual([])
  expect(await problems(ignored, { ...files, '.dockerignore': '', 'Dockerfile.dockerignore': 'a\n' })).toHaveLength(1)
})

test('it is an error where the build says which context it has, and BuildKit’s where nothing is brought back', async () => {
  const of = async (files: Record<string, string>) =>
    run([ignored], await repoOf(files), () => ({})).found.map(({ problem }) => [problem.severity, problem.peers])
  const files = { 'a/Dockerfile': 'FROM scratch\nCOPY x /\n', 'a/.dockerignore': 'x\n' }
  const compose = 'services:\n  a:\n    build: a\n'
  expect(await of(files)).toEqual([[undefined, undefined]])
  expect(await of({ ...files, 'compose.yml': compose })).toEqual([['error', undefined]])
  expect(await of({ ...files, 'a/.dockerignore': 'x\n!y\n' })).toEqual([[undefined, {}]])
})

const text = 'FROM debian:13\nWORKDIR /x\nCOPY . .\n'
test.each([
  ['no ignore file', undefined, {}, ['3:6']],
  ['one that lets .git in', 'node_modules', {}, ['3:6']],
  ['one without .git', '.git', {}, []],
  ['without what is in .git', '.git/**', {}, []],
  ['without anything hidden', '.*', {}, []],
  ['a list of what goes in', '*\n!src', {}, []],
  ['a committed key', '.git', { 'certs/server.key': '' }, ['3:6']],
  ['a committed key that is left out', '.git\n**/*.key', { 'certs/server.key': '' }, []],
  ['a certificate', '.git', { 'certs/ca.pem': '' }, []],
  ['a key of a test', '.git', { 'tests/server.key': '' }, []],
  ['committed settings', '.git', { '.env': '' }, ['3:6']],
  ['an example of settings', '.git', { '.env.example': '' }, []],
  ['an ignore file of Podman', undefined, { '.containerignore': '' }, []]
])('it finds what comes along with everything: %s', async (_, patterns, others, found) =>
  expect(
    await places(unwanted, text, { ...others, ...(patterns !== undefined && { '.dockerignore': patterns }) })
  ).toEqual(found)
)

test.each([
  ['with a star', text.replace('. .', '* ./'), ['3:6']],
  ['with ADD', text.replace('COPY', 'ADD'), ['3:5']],
  ['a folder', text.replace('. .', 'src .'), []],
  ['with an exclusion of its own', text.replace('. .', '--exclude=.git . .'), []],
  ['in a stage that others copy from', `${text.replace('13', '13 AS a')}FROM debian:13\nCOPY --from=a /x/y /\n`, []],
  ['in a stage that the last builds on', `${text.replace('13', '13 AS a')}FROM a\n`, ['3:6']]
])('it finds what stays in the image: %s', async (_, dockerfile, found) =>
  expect(await places(unwanted, dockerfile)).toEqual(found)
)

test.each([
  ['git', 'build-push-action@v6', [], 0],
  ['the checkout', 'build-push-action@v6', ['context: .'], 1],
  ['a folder of git', 'build-push-action@v6', ["context: '{{defaultContext}}'"], 0]
])('a context of the builder’s own has no .git: %s', async (_, action, inputs, count) => {
  const lines = inputs.length ? `        with:\n${inputs.map(input => `          ${input}\n`).join('')}` : ''
  const workflow = `on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: docker/${action}\n${lines}`
  expect(await places(unwanted, text, { '.github/workflows/a.yml': workflow })).toHaveLength(count)
})

test('a folder below the root has no .git, and a Dockerfile for development may', async () => {
  expect(await problems(unwanted, { 'a/Dockerfile': text, 'compose.yml': 'services:\n  a:\n    build: a\n' })).toEqual(
    []
  )
  expect(await problems(unwanted, { 'Dockerfile.dev': text })).toEqual([])
  expect(await problems(unwanted, { 'Dockerfile.web': text })).toHaveLength(1)
})

test('it adds what is missing to the ignore file, unless the build asks git', async () => {
  const files = { Dockerfile: text, '.dockerignore': 'docs\n', 'a.key': '' }
  expect(await mended(unwanted, files, '.dockerignore')).toEqual(['docs\n.git\na.key\n', 0])
  const asks = { ...files, Dockerfile: `${text}RUN git describe > version\n` }
  expect(await mended(unwanted, asks, '.dockerignore')).toEqual(['docs\n', 1])
})

test.each([
  [
    'no ignore file, in a stage of its own',
    `${text.replace('13', '13 AS a')}FROM b:1\nCOPY --from=a /x /\n`,
    {},
    ['3:6']
  ],
  ['what is reported already', text, {}, []],
  ['node_modules let in', text, { '.dockerignore': '.git', 'package.json': '' }, ['3:6']],
  ['node_modules left out', text, { '.dockerignore': '.git\n**/node_modules', 'package.json': '' }, []],
  ['no package.json', text, { '.dockerignore': '.git' }, []],
  ['nothing copied whole', text.replace('. .', 'src .'), {}, []]
])('it misses an ignore file: %s', async (_, dockerfile, others, found) =>
  expect(await places(noIgnoreFile, dockerfile, others)).toEqual(found)
)
