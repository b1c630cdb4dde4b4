import { expect, test } from '@jest/globals'
import external from '../../../src/rules/dependabot/external-code.js'
import cooldown from '../../../src/rules/dependabot/short-cooldown.js'
import { found, places } from '../../helpers.js'
import { applied } from '../workflow/edits.js'

const PATH = '.github/dependabot.yml'
const update = (more: string) => ({
  [PATH]: `version: 2\nupdates:\n  - package-ecosystem: npm\n    directory: /\n${more.replaceAll(/^(?=.)/gm, '    ')}`
})

test.each([
  ['no cooldown', '', {}, ['3:24']],
  ['too few days', 'cooldown:\n  default-days: 2\n', {}, ['6:21']],
  ['enough days', 'cooldown:\n  default-days: 7\n', {}, []],
  ['days that the config is content with', 'cooldown:\n  default-days: 3\n', { days: 3 }, []],
  ['days of majors alone', 'cooldown:\n  semver-major-days: 9\n', {}, ['5:5']]
])('of %s', async (_, more, options, expected) =>
  expect(await places(cooldown, update(more), options)).toEqual(expected)
)

test.each([
  ['no cooldown', ''],
  ['too few days', 'cooldown:\n  default-days: 2\n'],
  ['days of majors alone', 'cooldown:\n  semver-major-days: 9\n']
])('mends %s', async (_, more) => {
  const files = update(more)
  const [problem] = await found(cooldown, files)
  expect(await found(cooldown, { [PATH]: applied(files[PATH]!, problem!.edits!) })).toEqual([])
})

test('it offers no edit for an update in a flow map', async () => {
  const [problem] = await found(cooldown, {
    [PATH]: 'version: 2\nupdates:\n  - { package-ecosystem: npm, directory: / }\n'
  })
  expect(problem!.edits).toBeUndefined()
})

test.each([
  ['allow', ['5:39']],
  ['deny', []]
])('asks whether packages may run code: %s', async (value, expected) => {
  const files = update(`insecure-external-code-execution: ${value}\n`)
  const problems = await found(external, files)
  expect(problems.map(({ at }) => `${at.line}:${at.column}`)).toEqual(expected)
  for (const { edits } of problems) expect(await found(external, { [PATH]: applied(files[PATH]!, edits!) })).toEqual([])
})
