import { expect, test } from '@jest/globals'
import { scriptOf } from '../src/parse/shell.js'
import { SourceText } from '../src/parse/text.js'
import { hasLetter, programOf, without } from '../src/programs.js'
import { applied } from './rules/workflow/edits.js'

const commandOf = (text: string) =>
  scriptOf(new SourceText('x', text).span(0, text.length), { name: 'sh', errexit: false, pipefail: false }).commands[0]!

test.each([
  ['curl -k x', 'curl -k x'],
  ['/usr/bin/curl x', '/usr/bin/curl x'],
  ['sudo -E -u app curl x', 'curl x'],
  ['sudo A=b curl x', 'curl x'],
  ['env -u A B=c curl x', 'curl x'],
  ['timeout -s KILL 5 curl x', 'curl x'],
  ['xargs -n 1 -- curl x', 'curl x'],
  ['sudo nice -n 5 env A=b gosu app curl x', 'curl x'],
  ['python3.13 -m pip install', 'pip install'],
  ['exec curl x', 'curl x'],
  ['command curl x', 'curl x'],
  ['command -v curl', 'command -v curl'],
  ['python3 x.py', 'python3 x.py'],
  ['sudo', 'sudo'],
  ['sudo -u app', 'sudo -u app'],
  ['timeout 5', 'timeout 5']
])('finds what %s starts', (text, inner) => {
  const { name, words, args } = programOf(commandOf(text))
  expect(words.map(({ value }) => value).join(' ')).toBe(inner)
  expect(name).toBe(inner.split(' ')[0]!.split('/').pop())
  expect(args).toEqual(words.slice(1))
})

test('gives no name to a program that a variable decides', () => {
  expect(programOf(commandOf('sudo $CMD x')).name).toBe('')
  expect(programOf(commandOf('sudo "$DIR"/curl x')).name).toBe('')
})

test.each([
  ['x -a b -c', ['-a'], 'x b -c'],
  ['x -a b -c', ['-a', 'b'], 'x -c'],
  ['x -a b -c', ['-a', '-c'], 'x b'],
  ['x \\\n  -a \\\n  b', ['-a'], 'x \\\n  b'],
  ['x \\\n  -a \\\n  b', ['b'], 'x \\\n  -a'],
  ['x -a', ['x'], 'x -a']
])('takes words out of %j', (text, unwanted, left) => {
  const { words } = commandOf(text)
  const edits = without(
    words,
    words.filter(({ value }) => unwanted.includes(value))
  )
  expect(applied(text, edits!)).toBe(left)
})

test('leaves words alone that stand behind a comment', () => {
  const { words } = commandOf('x \\\n          \\\n -a')
  expect(without(words, words.slice(1))).toBeUndefined()
})

test.each([
  ['-k', true],
  ['-sSLk', true],
  ['-ok', false],
  ['-sok', false],
  ['k', false],
  ['-', false]
])('%s has k for an option: %s', (word, has) => expect(hasLetter(word, 'k', 'oH')).toBe(has))
