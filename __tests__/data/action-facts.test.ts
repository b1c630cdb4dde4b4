import { expect, test } from '@jest/globals'
import {
  advisoriesOn,
  cachingOf,
  isArchived,
  isPublisher,
  isWellKnown,
  pastedInputs,
  permissionsOf,
  popularActions,
  runsCheckout,
  successorOf,
  taintedOutputs
} from '../../src/data/action-facts.js'

test('it knows actions in any case', () => {
  expect(cachingOf('Actions/Cache')).toEqual([{ mode: 'unless', input: 'lookup-only' }])
  expect(cachingOf('acme/x')).toEqual([])
  expect(permissionsOf('actions/setup-node')).toEqual({ always: {}, sometimes: {} })
  expect(permissionsOf('peter-evans/find-comment')?.always).toHaveProperty('issues')
  expect(permissionsOf('acme/x')).toBeUndefined()
  expect(taintedOutputs('peter-evans/find-comment')).toContain('comment-body')
  expect(pastedInputs('pre-commit/action')).toEqual(['extra_args'])
  expect(successorOf('actions/setup-ruby')).toBe('ruby/setup-ruby')
  expect(advisoriesOn('tj-actions/changed-files').map(({ to }) => to)).toContain('<46.0.1')
})

test.each([
  [runsCheckout, 'pre-commit/action', 'actions/cache'],
  [isPublisher, 'softprops/action-gh-release', 'actions/cache'],
  [isArchived, 'actions/setup-ruby', 'ruby/setup-ruby'],
  [isWellKnown, 'docker', 'acme'],
  [(name: string) => popularActions().has(name), 'actions/checkout', 'acme/x']
])('tells one from another: %s', (asks, yes, no) => {
  expect(asks(yes)).toBe(true)
  expect(asks(no)).toBe(false)
})
