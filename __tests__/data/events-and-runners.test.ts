import { expect, test } from '@jest/globals'
import { eventFacts, eventNames } from '../../src/data/events.js'
import { hostedLabels, isOfVendor, isSelfHostedPreset, runnerFacts } from '../../src/data/runners.js'

test('it knows what events take', () => {
  expect(eventFacts('merge_group')).toMatchObject({
    types: ['checks_requested'],
    filters: expect.arrayContaining(['branches'])
  })
  expect(eventFacts('push')?.filters).toContain('tags-ignore')
  expect(eventFacts('repository_dispatch')).toMatchObject({ types: [], filters: ['types'] })
  expect(eventFacts('constructor')).toBeUndefined()
  expect(eventNames()).toContain('image_version')
})

test('it knows labels without case', () => {
  expect(runnerFacts('Ubuntu-24.04')).toMatchObject({ os: 'linux', status: 'current' })
  expect(runnerFacts('ubuntu-22.04')).toMatchObject({ status: 'deprecated', ends: '2027-04-17' })
  expect(runnerFacts('macos-13')).toMatchObject({ status: 'retired' })
  expect(runnerFacts('build-box')).toBeUndefined()
})

test('what has retired is not hosted', () => {
  expect(hostedLabels()).toContain('ubuntu-24.04')
  expect(hostedLabels()).not.toContain('ubuntu-20.04')
})

test('labels of others are told apart', () => {
  expect([isSelfHostedPreset('Self-Hosted'), isSelfHostedPreset('gpu')]).toEqual([true, false])
  expect([isOfVendor('depot-ubuntu-24.04'), isOfVendor('ubuntu-24.04')]).toEqual([true, false])
})
