import { expect, test } from '@jest/globals'
import { knownAction, majorsOf } from '../../src/data/actions.js'

const inputs = (action: string, ref: string) => knownAction(action, ref)?.inputs?.map(({ name }) => name)

test('it knows an action whatever the case of its name', () => {
  expect(inputs('Actions/Checkout', 'v4')).toContain('fetch-depth')
})

test('it says which inputs must be given', () => {
  const required = knownAction('actions/cache', 'v4')?.inputs?.filter(each => each.required)
  expect(required?.map(({ name }) => name)).toEqual(['path', 'key'])
})

test('it says what is deprecated', () => {
  const found = knownAction('pypa/gh-action-pypi-publish', 'release/v1')?.inputs?.find(
    ({ name }) => name === 'packages_dir'
  )
  expect(found?.deprecated).toMatch(/packages-dir/)
})

test.each([
  ['the ref of a row', 'v4', 'exactly'],
  ['a release before it', 'v4.0.0', 'later'],
  ['a release after it', 'v4.999.0', 'earlier'],
  ['a minor', 'v4.1', 'later']
])('%s was read %s', (_, ref, read) => expect(knownAction('actions/checkout', ref)?.read).toBe(read))

test.each([
  ['a major that is not in the table', 'actions/checkout', 'v99'],
  ['a branch', 'actions/checkout', 'main'],
  ['a commit that is not in the table', 'actions/checkout', '0123456789012345678901234567890123456789'],
  ['another minor before version 1', 'zizmorcore/zizmor-action', 'v0.99.0'],
  ['another action', 'acme/checkout', 'v4']
])('%s is unknown', (_, action, ref) => expect(knownAction(action, ref)).toBeUndefined())

test('what runs on a removed runtime has no list of inputs', () => {
  expect(knownAction('actions/checkout', 'v3')).toMatchObject({ runs: 'node16' })
  expect(inputs('actions/checkout', 'v3')).toBeUndefined()
})

test('it lists majors from the oldest on', () => {
  const refs = majorsOf('actions/checkout').map(({ ref }) => ref)
  expect(refs.indexOf('v4')).toBeGreaterThan(refs.indexOf('v3'))
  expect(majorsOf('acme/none')).toEqual([])
})
