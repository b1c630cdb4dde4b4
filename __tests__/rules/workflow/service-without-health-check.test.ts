import { expect, test } from '@jest/globals'
import { run } from '../../../src/rule.js'
import rule from '../../../src/rules/workflow/service-without-health-check.js'
import { problems, repoOf } from '../../helpers.js'

const FLAGS = '--health-interval 5s --health-timeout 5s --health-retries 10'
const job = (db: string, step = 'make test') => ({
  '.github/workflows/a.yml': `on: push\njobs:\n  a:\n    runs-on: x\n    services:\n      db:\n${db.replace(/^/gm, '        ')}\n    steps:\n      - run: ${step}\n`
})
const edits = async (db: string) =>
  run([rule], await repoOf(job(db)), () => ({})).found.flatMap(({ problem }) => problem.edits ?? [])

test('it points at the service', async () => {
  expect(await problems(rule, job('image: postgres:17\nports: [5432]'))).toEqual([
    '.github/workflows/a.yml:6:7 db has no health check and postgres:17 brings none: the steps start before it answers'
  ])
})

test.each([
  ['a loop', 'until nc -z 127.0.0.1 5432; do sleep 1; done'],
  ['a wait script', './scripts/wait-for-it.sh 127.0.0.1:5432'],
  ['the client of the database', 'pg_isready -h 127.0.0.1']
])('it is silent where a step waits with %s', async (_, step) => {
  expect(await problems(rule, job('image: postgres:17\nports: [5432]', step))).toEqual([])
})

test('it offers options with the check of the image', async () => {
  expect(await edits('image: redis:7\nports: [6379]')).toMatchObject([
    { at: { line: 7, column: 9, endColumn: 9 }, text: `options: --health-cmd "redis-cli ping" ${FLAGS}\n        ` }
  ])
})

test('it adds to the options that are there', async () => {
  expect(await edits('image: redis:7\nports: [6379]\noptions: --tmpfs /data')).toMatchObject([
    { at: { line: 9, column: 31, endLine: 9, endColumn: 31 }, text: ` --health-cmd "redis-cli ping" ${FLAGS}` }
  ])
})

test('it offers nothing where quotes would have to be nested', async () => {
  expect(await problems(rule, job('image: mongo:8\nports: [27017]'))).toHaveLength(1)
  expect(await edits('image: mongo:8\nports: [27017]')).toEqual([])
})
