import { expect, test } from '@jest/globals'
import rule from '../../../src/rules/action/invalid-metadata.js'
import { found, problems } from '../../helpers.js'

const action = (runs: string) => `name: a\ndescription: b\nruns:\n${runs.replace(/^/gm, '  ')}\n`

test('says what breaks an action in its own file', async () =>
  expect(await problems(rule, { 'a/action.yml': action('using: node24\nmain: x.js\nsteps: []') })).toEqual([
    'a/action.yml:6:3 steps does not go with using: node24'
  ]))

test('counts as an error only what the runner refuses', async () => {
  const text = action('using: node24').replace('description: b', 'branding: {color: mauve}')
  const told = await found(rule, { 'action.yml': text })
  expect(told.map(({ message, severity }) => [message.split(':')[0], severity])).toEqual([
    ["color is 'mauve'", 'note'],
    ['runs of a JavaScript action has no main', 'error'],
    ['action has no description', 'note']
  ])
})

test('says nothing of a file that cannot be read', async () =>
  expect(await problems(rule, { 'action.yml': `${action('using: node24')}a: b: c\n` })).toEqual([]))
