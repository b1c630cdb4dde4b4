import { expect, test } from '@jest/globals'
import { policyFor } from '../src/pin-policies.js'

test.each([
  ['a/b', {}, undefined],
  ['a/b', { 'a/*': 'any' }, 'any'],
  ['A/B', { 'a/b': 'ref-pin' }, 'ref-pin'],
  ['a/b/c', { 'a/*': 'any' }, 'any'],
  ['a/b', { 'a/b': 'hash-pin', 'a/*': 'any', '*': 'ref-pin' }, 'hash-pin'],
  ['a/c', { 'a/b': 'hash-pin', '*': 'ref-pin', 'a/*': 'any' }, 'any'],
  ['d/e', { 'a/b': 'hash-pin', 'a/*': 'any', '*': 'ref-pin' }, 'ref-pin'],
  ['a/b', { 'a/b': 'none' }, undefined]
])('of %s by %j it is %s', (action, policies, policy) => expect(policyFor(action, { policies })).toBe(policy))

test('it takes nothing for no policies', () => expect(policyFor('a/b', {})).toBeUndefined())
