import { expect, test } from '@jest/globals'
import { expand, referencesIn } from '../../src/parse/expansion.js'

const known: Record<string, string> = { V: '1.22.3-slim', E: '', P: 'a/b/c', Q: '2' }
const lookup = (name: string) => known[name]

test.each([
  ['plain', 'plain'],
  ['a:$V', 'a:1.22.3-slim'],
  ['a:${V}x', 'a:1.22.3-slimx'],
  ['$Vx', undefined],
  ['${N:-x}', 'x'],
  ['${E:-x}', 'x'],
  ['${E-x}', ''],
  ['${N-x}', 'x'],
  ['${N:-${V}}', '1.22.3-slim'],
  ['${N:-${M:-y}}', 'y'],
  ['${V:+x}', 'x'],
  ['${E:+x}', ''],
  ['${E+x}', 'x'],
  ['${N+x}', ''],
  ['${V:?no}', '1.22.3-slim'],
  ['${N:?no}', undefined],
  ['${E?no}', ''],
  ['${V%-*}', '1.22.3'],
  ['${V%%.*}', '1'],
  ['${V%.*}', '1.22'],
  ['${V%-slim}', '1.22.3'],
  ['${V%-fat}', '1.22.3-slim'],
  ['${P##*/}', 'c'],
  ['${P#*/}', 'b/c'],
  ['${P#a/}', 'b/c'],
  ['${V/./_}', '1_22.3-slim'],
  ['${V//./_}', '1_22_3-slim'],
  ['${V//[0-9]/x}', undefined],
  ['"$V"', '1.22.3-slim'],
  ["'$V'", '$V'],
  ['\\$V', '$V'],
  ['"\\a"', '\\a'],
  ['a$', 'a$'],
  ['$N', undefined],
  ['${N}', undefined],
  ['${V', undefined],
  ['${}', undefined],
  ['${V~x}', undefined],
  ['"open', undefined]
])('expands %j to %j', (text, value) => expect(expand(text, lookup)).toBe(value))

test('takes the escape character of the file', () => {
  expect(expand('`$V c:\\x', lookup, '`')).toBe('$V c:\\x')
})

test('knows nothing of results without bound', () => {
  let value: string | undefined = 'aaaaaaaa'
  for (let round = 0; round < 40; round++) value = expand('$A$A', () => value)
  expect(value).toBeUndefined()
})

test.each([
  ['modifiers within modifiers', '${A:-'.repeat(10_000)],
  ['open quotes', '\'"'.repeat(10_000)],
  ['replacements', '${V//1/2}'.repeat(10_000)]
])('stops at %s', (_, text) => expect(expand(text, lookup)).toBeUndefined())

test.each([
  ['a$Nb', 'a'],
  ['a${N}b', 'ab'],
  ['a${N-c}b', 'acb'],
  ['a${N:+c}b', 'ab'],
  ['a$V', 'a1.22.3-slim']
])('takes what is not set for empty where asked to: %s', (text, value) =>
  expect(expand(text, lookup, '\\', '')).toBe(value)
)

test('an error stays one where what is not set is empty', () => {
  expect(expand('${N:?must be set}', lookup, '\\', '')).toBeUndefined()
  expect(expand('${N', lookup, '\\', '')).toBeUndefined()
})

test.each<[string, string[]]>([
  ['a$B/c', ['B@2']],
  ['${B}${C:-$D}', ['B@2', 'C:-@6', 'D@10']],
  ['"$B"', ['B@2']],
  ["'$B' $C", ['C@6']],
  ['"\'$B\'"', ['B@3']],
  ['\\$B $C', ['C@5']],
  ['$ $1 ${} $', []],
  ["$B '$C", ['B@1']]
])('finds the variables of %s', (text, found) =>
  expect(referencesIn(text).map(({ name, operator, from }) => `${name}${operator}@${from}`)).toEqual(found)
)

test('finds variables behind another escape character', () =>
  expect(referencesIn('\\$B `$C', '`').map(({ name }) => name)).toEqual(['B']))
