import { expect, test } from '@jest/globals'
import rule from '../../../src/rules/workflow/broken-yaml.js'
import unsupported from '../../../src/rules/workflow/unsupported-yaml.js'
import unused from '../../../src/rules/workflow/unused-anchor.js'
import wrong from '../../../src/rules/workflow/wrong-value.js'
import { found, places, problems } from '../../helpers.js'
import { applied } from './edits.js'

const PATH = '.github/workflows/ci.yml'
const file = (steps: string) => ({
  [PATH]: `on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n${steps.replace(/^/gm, '      ')}\n`
})

test.each([
  ['nothing wrong', file('- run: a'), []],
  ['a colon too many', file('- run: echo: a'), ['6:14']],
  ['one error that brings others', file('- run: "a\n- run: "b\n- run: c: d'), ['6:16']],
  ['an alias without an anchor', file('- run: a\n  env: *e'), ['7:14']],
  ['two such aliases', file('- run: a\n  env: *e\n- run: a\n  env: *f'), ['7:14', '9:14']],
  ['an alias in its own anchor', file('- &s\n  run: a\n  env: *s'), ['8:14']],
  ['nothing at all', { [PATH]: '# later\n' }, ['1:1']],
  ['a list', { [PATH]: '- a\n' }, ['1:1']],
  ['a broken action', { 'action.yml': 'runs: {"using: x\n' }, ['2:1']],
  ['a broken action in a fixture', { 'test/fixtures/a/action.yml': 'runs: {"using: x\n' }, []],
  ['a broken file of another kind', { 'compose.yml': 'services: {"a: x\n' }, []]
])('weighs %s', async (_, files, expected) =>
  expect(await places(rule, files as Record<string, string>)).toEqual(expected)
)

test('says what it is and what is wrong', async () =>
  expect(await problems(rule, file('- run: a\n  env: *e'))).toEqual([
    `${PATH}:7:14 the workflow cannot be read: alias *e has no anchor before it`
  ]))

test('in a file that cannot be read, nothing else is held against the schema; an alias that leads nowhere leaves the rest', async () => {
  expect(await places(wrong, file('- run: echo: a\n  timeout-minutes: x'))).toEqual([])
  expect(await places(wrong, file('- run: a\n  env: *e\n  timeout-minutes: x'))).toEqual(['8:26'])
})

test.each([
  ['an anchor that is used', file('- run: a\n  env: &e {A: b}\n- run: c\n  env: *e'), []],
  ['one that is not', file('- run: a\n  env: &e {A: b}'), ['7:14']],
  ['one before lines of its own', file('- &s\n  run: a\n  env: {A: b}'), ['6:9']],
  [
    'one whose name comes again',
    file('- run: a\n  env: &e {A: b}\n- run: c\n  env: &e {A: d}\n- run: f\n  env: *e'),
    ['7:14']
  ]
])('an unused anchor: %s', async (_, files, expected) => {
  expect(await places(unused, files)).toEqual(expected)
  const edits = (await found(unused, files)).flatMap(({ edits }) => edits ?? [])
  expect(await places(unused, { [PATH]: applied(files[PATH]!, edits) })).toEqual([])
})

test.each([
  ['a merge key', '- run: a\n  env: &e {A: b}\n- run: c\n  env:\n    <<: *e', ['10:11']],
  ['a key that looks like one', '- run: a\n  env:\n    "<<": b', []],
  ['a tag that fits', '- run: a\n  timeout-minutes: !!int 5', []],
  ['a text', '- run: !!str 5', []],
  ['a tag that does not fit', '- run: a\n  timeout-minutes: !!int five', ['7:32']],
  ['a tag before quotes', '- run: a\n  timeout-minutes: !!int "5"', ['7:32']],
  ['a number', '- run: a\n  timeout-minutes: !!float 1e3', []],
  ['a date', '- run: a\n  name: !!timestamp 2026-01-01', ['7:27']],
  ['a tag of its own', '- run: a\n  name: !secret b', ['7:23']],
  ['a tag on a mapping', '- run: a\n  env: !!map {A: b}', ['7:20']]
])('YAML that GitHub does not take: %s', async (_, steps, expected) => {
  const places = (await found(unsupported, file(steps))).map(({ at }) => `${at.line}:${at.column}`)
  expect(places).toEqual(expected)
})
