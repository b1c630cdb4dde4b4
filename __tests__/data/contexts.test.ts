import { expect, test } from '@jest/globals'
import { codeInputs, outsiderEvent, writesNothing } from '../../src/data/contexts.js'
import { eventNames } from '../../src/data/events.js'
import { isAnyonesText, MAY_HOLD } from '../../src/injections.js'

const fields = eventNames().flatMap(event => outsiderEvent(event)?.fields ?? [])

test('every field of outsiders is where it is looked for', () => {
  expect(fields.length).toBeGreaterThan(50)
  for (const field of fields) expect(field).toMatch(MAY_HOLD)
})

test.each([
  ['github.head_ref', true],
  ['github.event.issue.title', true],
  ['github.event.pull_request.head.ref', true],
  ['github.event.issue.number', false],
  ['github.ref', false],
  ['github.event_name', false],
  ['github.head_ref_x', false]
])('%s is text of outsiders: %s', (path, is) => expect(isAnyonesText(path, false)).toBe(is))

test('it knows events and actions', () => {
  expect(outsiderEvent('pull_request')?.privileged).toBe(false)
  expect(outsiderEvent('issues')?.privileged).toBe(true)
  expect(outsiderEvent('push_of_nobody')).toBeUndefined()
  expect(codeInputs('actions/github-script')?.inputs).toContain('script')
  expect(codeInputs('acme/x')).toBeUndefined()
  expect(writesNothing('Actions/Setup-Node')).toBe(true)
  expect(writesNothing('acme/x')).toBe(false)
})
