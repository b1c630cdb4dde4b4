import { expect, test } from '@jest/globals'
import type { Problem, Rule, Unread, Workflow } from '../src/model.js'
import { Answers, hash, rule, run } from '../src/rule.js'
import { repoOf } from './helpers.js'

const CI = '.github/workflows/ci.yml'
const facts = {
  id: 'workflow/made',
  title: 'A title',
  why: 'A reason.',
  fix: 'A fix.',
  severity: 'error',
  topic: 'security',
  preset: 'recommended',
  bad: {},
  good: {}
} as const

const made = (check: (workflow: Workflow) => Iterable<Problem | Unread>): Rule =>
  rule({ ...facts, over: 'workflow', check })
const none = () => ({})
const repo = (...names: string[]) =>
  repoOf(Object.fromEntries(names.map(name => [`.github/workflows/${name}.yml`, 'on: push\njobs: {}\n'])))

test('it asks a rule about every item of its kind and about nothing else', async () => {
  const seen: string[] = []
  const look = made(({ path }) => {
    seen.push(path)
    return []
  })
  run([look], await repoOf({ [CI]: 'on: push\njobs: {}\n', Dockerfile: 'FROM scratch\n' }), none)
  expect(seen).toEqual([CI])
})

test('a rule that throws is unread, what it had found stays, and the rest go on', async () => {
  const breaks = made(function* ({ at }) {
    yield { at, message: 'found before' }
    throw new Error('a mistake of ours')
  })
  const works = made(function* ({ at }) {
    yield { at, message: 'found after' }
  })
  const { found, unread } = run([breaks, works], await repo('a'), none)
  expect(found.map(({ problem }) => problem.message)).toEqual(['found before', 'found after'])
  expect(unread).toEqual([
    { what: 'workflow/made', reason: 'the rule failed: a mistake of ours', at: expect.objectContaining({ line: 1 }) }
  ])
})

test('what an anchor makes it find twice at one place is found once', async () => {
  const twice = made(function* ({ at }) {
    yield { at, message: 'same' }
    yield { at, message: 'same' }
    yield { at, message: 'other' }
    yield { at: { ...at, endColumn: 9 }, message: 'same' }
  })
  expect(run([twice], await repo('a'), none).found.map(({ problem }) => problem.message)).toEqual([
    'same',
    'other',
    'same'
  ])
})

test('it stops listening to a rule that finds no end, and nothing hides behind that', async () => {
  let asked = 0
  const endless = made(function* ({ at }) {
    for (;;) yield { at: { ...at, line: ++asked }, message: 'again', severity: 'note' }
  })
  const { found, unread } = run([endless], await repo('a'), none)
  expect(asked).toBe(2001)
  expect(unread).toEqual([])
  expect(found).toHaveLength(2001)
  expect(found.at(-1)?.problem).toMatchObject({
    at: { path: '.github/workflows/a.yml', line: 1 },
    message: expect.stringContaining('more than 2000'),
    severity: 'error'
  })
})

test('a file that two commits share is asked about once', async () => {
  const seen: string[] = []
  const look = made(({ path }) => {
    seen.push(path.split('/').pop()!)
    return []
  })
  const base = {
    '.github/workflows/same.yml': 'on: push\njobs: {}\n',
    '.github/workflows/other.yml': 'on: push\njobs: {}\n'
  }
  const head = await repoOf({ head: { ...base, '.github/workflows/other.yml': 'on: push\njobs: { a: {} }\n' }, base })
  const answers = new Answers()
  run([look], head, none, answers)
  run([look], head.base!, none, answers)
  expect(seen.sort()).toEqual(['other.yml', 'other.yml', 'same.yml'])
})

test('it hands each rule its own options and times it', async () => {
  const told: unknown[] = []
  const look = rule({
    ...facts,
    over: 'workflow',
    check(_, options) {
      told.push(options)
      return []
    }
  })
  const { timing } = run([look], await repo('a'), ({ id }) => ({ id }))
  expect(told).toEqual([{ id: 'workflow/made' }])
  expect([...timing.keys()]).toEqual(['workflow/made'])
})

test('a hash is short, stable, and tells words, their order and their borders apart', () => {
  expect(hash('a', 'b')).toMatch(/^[0-9a-f]{16}$/)
  expect(hash('a', 'b')).toBe(hash('a', 'b'))
  const all = [hash('a', 'b'), hash('b', 'a'), hash('ab'), hash('a', 'b', ''), hash(''), hash('a', 1), hash('a', '2')]
  expect(new Set(all).size).toBe(all.length)
  const many = Array.from({ length: 100_000 }, (_, n) => hash('workflow/unpinned-action', `job${n % 300}`, n))
  expect(new Set(many).size).toBe(many.length)
})
