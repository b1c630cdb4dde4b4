import { expect, test } from '@jest/globals'
import { run } from '../../../src/rule.js'
import rule from '../../../src/rules/compose/no-healthcheck.js'
import { problems, repoOf, unreads } from '../../helpers.js'

const user = '  a:\n    image: registry.example.com/a:1\n    depends_on: [db]\n'
const compose = (db: string) => ({ 'compose.yml': `services:\n${user}  db:${db}\n` })
const edits = async (files: Record<string, string>) =>
  run([rule], await repoOf(files), () => ({})).found.flatMap(({ problem }) => problem.edits ?? [])

test('it points at the service and names who needs it', async () => {
  expect(await problems(rule, compose('\n    image: redis:7'))).toEqual([
    'compose.yml:5:3 db has no health check and redis:7 brings none: a depends on it (compose.yml:4) and starts whether it answers or not'
  ])
  expect(await problems(rule, compose('\n    image: redis:7\n    healthcheck: {test: [CMD, a]}'))).toEqual([])
})

test('it offers the check of the image', async () => {
  expect(await edits(compose('\n    image: redis:7'))).toMatchObject([
    {
      at: { line: 6, column: 5, endLine: 6, endColumn: 5 },
      text: 'healthcheck:\n      test: ["redis-cli","ping"]\n      interval: 10s\n      timeout: 5s\n      retries: 5\n      start_period: 30s\n    '
    }
  ])
})

test.each([
  ['in braces', ' {image: redis:7}'],
  ['with an interval of its own', '\n    image: redis:7\n    healthcheck: {interval: 5s}']
])('it offers none for a service %s', async (_, db) => {
  expect(await problems(rule, compose(db))).toHaveLength(1)
  expect(await edits(compose(db))).toEqual([])
})

test('it says once which services it does not know', async () => {
  const files = compose('\n    image: registry.example.com/b:1')
  expect(await problems(rule, files)).toEqual([])
  expect(await unreads(rule, files)).toEqual([
    'health checks of compose services: db: whether registry.example.com/b:1 brings a health check is not known'
  ])
})
