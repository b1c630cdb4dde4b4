import { expect, test } from '@jest/globals'
import {
  code,
  commandData,
  commandProperty,
  cut,
  fenced,
  inert,
  inertJson,
  pathUri,
  printable,
  prose
} from '../../src/report/escape.js'
import { HOSTILE } from './inspection.js'
import { outsideCode } from './markdown-text.js'

test.each([
  ['a plain sentence', 'job deploy does not wait for test', 'job deploy does not wait for test'],
  ['an action', 'actions/checkout@v6 can change without review', '`actions/checkout@v6` can change without review'],
  ['a place in brackets', 'does not wait (ci.yml:12), see below', 'does not wait (`ci.yml:12`), see below'],
  [
    'an expression with blanks',
    'run holds ${{ github.event.title }} as it is',
    'run holds `${{ github.event.title }}` as it is'
  ],
  ['an expression with plain words', '${{ a && b }} holds', '`${{ a && b }}` holds'],
  ['code of several words', 'lost by || true', 'lost by `||` true'],
  ["the author's own code", 'a failure of `npm test` is lost', 'a failure of `npm test` is lost'],
  ['a single backtick', 'a ` stays', 'a `` ` `` stays'],
  ['a mention', '@everyone look', '`@everyone` look'],
  ['a commit', 'at 0123abc it was', 'at `0123abc` it was'],
  ['a short word of hex letters', 'a bad face', 'a bad face'],
  ['an issue without a sign', 'see GH-12', 'see `GH-12`'],
  ['a number', 'over 3.5 or 20%', 'over 3.5 or 20%'],
  ['words of other scripts', 'größer – 大きい', 'größer – 大きい'],
  ['a list marker', '1. first', '`1`. first'],
  ['blanks before it', '     code?', 'code?'],
  ['a list marker after blanks', '  1. first', '`1`. first'],
  ['an empty code span before it', '``    =x', '`=x`'],
  ['a call', 'hashFiles(x) is empty', '`hashFiles(x)` is empty'],
  ['code spans that touch', 'a@`b`', '`a@`&#8203;`b`']
])('keeps prose readable and inert: %s', (_, text, shown) => expect(prose(text)).toBe(shown))

test.each(HOSTILE)('shows nothing active outside code: %j', text => {
  for (const shown of [prose(text), prose(text, true), code(text), code(text, true)]) {
    expect(outsideCode(shown)).not.toMatch(/[@#<>[\]|`\\$*_~!]|https?:|www\.|[0-9a-f]{7}|GH-/)
    expect(shown).not.toMatch(/(?!\u2060)[\p{Cc}\p{Cf}\p{Cs}]/u)
  }
})

test.each([
  ['a bar in a table', '| a', '<code>&#124; a</code>'],
  ['no bar in a table', 'a', '`a`']
])('keeps a table cell whole: %s', (_, text, shown) => expect(code(text, true)).toBe(shown))

test.each([
  ['nothing', '', '<code>&#32;</code>'],
  ['backticks inside', 'a``b', '```a``b```'],
  ['a backtick at the edge', '`a', '`` `a ``'],
  ['more backticks than a fence may have', '`'.repeat(21), `<code>${'&#96;'.repeat(21)}</code>`]
])('makes a code span of %s', (_, text, shown) => expect(code(text)).toBe(shown))

test.each([
  ['```\nx', '````suggestion\n```\nx\n````'],
  ['x\n', '```suggestion\nx\n```'],
  ['', '```suggestion\n```']
])('fences %j with a longer fence', (text, block) => expect(fenced(text, 'suggestion')).toBe(block))

test('escapes commands as @actions/core does', () => {
  expect(commandData('50%\r\n: ,')).toBe('50%25%0D%0A: ,')
  expect(commandProperty('50%\r\n: ,')).toBe('50%25%0D%0A%3A %2C')
})

test.each([
  ['::error::x', '\u2060::error::x'],
  ['a\n  ::add-mask::x', 'a\n\u2060  ::add-mask::x'],
  ['a ##[error]x', 'a ##\u2060[error]x'],
  ['a ::error::x', 'a ::error::x']
])('lets no line of a log be a command: %j', (text, shown) => expect(inert(text)).toBe(shown))

test.each([
  ['an escape sequence', 'a\u001b[31mb', 'a\ufffd[31mb'],
  ['bidi controls', '\u202ea\u2069', '\ufffda\ufffd'],
  ['zero width', 'a\u200bb\ufeff', 'a\ufffdb\ufffd'],
  ['breaks', 'a\r\n\n\tb\u2028c', 'a b c'],
  ['half a character', '\ud83d', '\ufffd'],
  ['a joined emoji', '👩\u200d🚀', '👩\u200d🚀']
])('makes controls visible: %s', (_, text, shown) => expect(printable(text)).toBe(shown))

test('cuts between characters', () => {
  expect(cut('abcdef', 4)).toBe('abc…')
  expect(cut('ab😀cd', 4)).toBe('ab…')
  expect(cut('abcd', 4)).toBe('abcd')
})

test.each(HOSTILE)('keeps the meaning of JSON: %j', text => {
  const shown = inertJson(JSON.stringify({ text }))
  expect(JSON.parse(shown)).toEqual({ text })
  expect(shown).not.toMatch(/##\[|[\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/)
})

test.each([
  ['a b/ü(1).yml', 'a%20b/%C3%BC%281%29.yml'],
  ['a#b?c%', 'a%23b%3Fc%25'],
  ['\ud800', '%EF%BF%BD']
])('encodes the path %j', (path, uri) => expect(pathUri(path)).toBe(uri))
