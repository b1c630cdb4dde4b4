import { expect, test } from '@jest/globals'
import { scopesOfToken } from '../src/workflow-problems.js'
import { availabilityAt, type Path } from '../src/workflow-schema.js'

const at = (file: 'workflow' | 'action', path: Path) => {
  const found = availabilityAt(file, path)
  return found && [...found.contexts, ...found.functions.map(({ name }) => `${name}()`)].sort().join(' ')
}

test.each([
  ['a name', ['name'], ''],
  ['the name of a run', ['run-name'], 'github inputs vars'],
  ['a variable of the workflow', ['env', 'A'], 'github inputs secrets vars'],
  ['a condition of a job', ['jobs', 'a', 'if'], 'always() cancelled() failure() github inputs needs success() vars'],
  ['a row of a matrix', ['jobs', 'a', 'strategy', 'matrix', 'os', 0], 'github inputs needs vars'],
  // What may be used around it may be used inside too.
  [
    'a password',
    ['jobs', 'a', 'container', 'credentials', 'password'],
    'env github inputs matrix needs secrets strategy vars'
  ],
  ['a computed list of steps', ['jobs', 'a', 'steps'], ''],
  [
    'a script',
    ['jobs', 'a', 'steps', 0, 'run'],
    'env github hashFiles() inputs job matrix needs runner secrets steps strategy vars'
  ],
  [
    'a script of steps side by side',
    ['jobs', 'a', 'steps', 0, 'parallel', 1, 'run'],
    'env github hashFiles() inputs job matrix needs runner secrets steps strategy vars'
  ],
  ['an input of a call', ['jobs', 'a', 'with', 'x'], 'github inputs matrix needs strategy vars'],
  ['what a called workflow gives back', ['on', 'workflow_call', 'outputs', 'x', 'value'], 'github inputs jobs vars'],
  ['an event', ['on', 'push', 'branches', 0], ''],
  ['a key that nobody knows', ['job'], undefined],
  ['a key below a text', ['name', 'x'], undefined]
] as [string, Path, string | undefined][])('knows what %s may use', (_, path, expected) =>
  expect(at('workflow', path)).toBe(expected)
)

test.each([
  ['a default', ['inputs', 'x', 'default'], 'github hashFiles() job matrix runner strategy'],
  ['an argument', ['runs', 'args', 0], 'inputs'],
  ['an output', ['outputs', 'x', 'value'], 'env github inputs job matrix runner steps strategy']
] as [string, Path, string][])('knows what %s of an action may use', (_, path, expected) =>
  expect(at('action', path)).toBe(expected)
)

test('knows how many arguments a function takes', () => {
  const { functions } = availabilityAt('workflow', ['jobs', 'a', 'if'])!
  expect(functions.find(({ name }) => name === 'success')).toEqual({ name: 'success', least: 0, most: Infinity })
})

test('knows the scopes of a token', () =>
  expect(scopesOfToken()).toEqual(expect.arrayContaining(['contents', 'id-token', 'models', 'vulnerability-alerts'])))
