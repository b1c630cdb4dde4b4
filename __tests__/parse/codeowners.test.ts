import { expect, test } from '@jest/globals'
import { fits, lineFor, unmatched } from '../../src/owners.js'
import { readCodeOwners } from '../../src/parse/codeowners.js'

const read = (text: string) => readCodeOwners('.github/CODEOWNERS', text)
const shown = (text: string) =>
  read(text).lines.map(({ pattern, owners }) => [pattern.value, ...owners.map(o => o.value)])

test('it reads patterns and owners, and no comments or blanks', () => {
  const text = '# all\n\n*  @acme/team\t@ada\n  /src/ ops@acme.example # theirs\r\n/free\n'
  expect(shown(text)).toEqual([['*', '@acme/team', '@ada'], ['/src/', 'ops@acme.example'], ['/free']])
})

test('it takes an escaped blank as a blank, and points at what is written', () => {
  const [line] = read('a\n/my\\ docs/ @ada').lines.slice(1)
  expect(line).toMatchObject({ pattern: { value: '/my docs/', at: { line: 2, column: 1, endColumn: 11 } } })
  expect(line!.owners[0]!.at).toMatchObject({ line: 2, column: 12, endColumn: 16 })
})

test.each([
  ['a negation', '!/docs/ @ada', 'a pattern cannot be negated with !', 1],
  ['a range', 'src/[ab].js @ada', 'a pattern cannot have a range in [ ]', 1],
  ['an escaped hash', '\\#notes @ada', 'a pattern cannot begin with an escaped #', 1],
  ['three stars', '***/*.rb @ada', 'a pattern cannot have *** in it', 1],
  ['a section of another host', '[Docs]', 'a pattern cannot have a range in [ ]', 1],
  ['an owner without @', '* ada', 'ada is no owner: an owner is @user, @organization/team or an e-mail address', 3],
  [
    'a team within a team',
    '* @acme/a/b',
    '@acme/a/b is no owner: an owner is @user, @organization/team or an e-mail address',
    3
  ]
])('GitHub skips %s', (_, text, message, column) => {
  const { lines, wrong } = read(`* @acme/team\n${text}\n`)
  expect(lines).toHaveLength(1)
  expect(wrong).toMatchObject([{ message, at: { line: 2, column } }])
})

test.each([
  ['*', 'a/b.js', true],
  ['*.js', 'a/b.js', true],
  ['*.js', 'a/b.jsx', false],
  ['/build/logs/', 'build/logs/a/b.txt', true],
  ['/build/logs/', 'x/build/logs/a.txt', false],
  ['/build/logs/', 'build/logs', false],
  ['docs/*', 'docs/start.md', true],
  ['docs/*', 'docs/build/start.md', false],
  ['docs/*', 'x/docs/start.md', false],
  ['docs/*/', 'docs/build/start.md', true],
  ['docs/**', 'docs/build/start.md', true],
  ['apps/', 'x/apps/a.js', true],
  ['/apps/github', 'apps/github/a.js', true],
  ['/apps/github', 'apps/github2/a.js', false],
  ['**/logs', 'build/logs/a.txt', true],
  ['**/logs', 'deeply/nested/logs', true],
  ['/src/**/test', 'src/test', true],
  ['/src/**/test', 'src/a/b/test/c.js', true],
  ['/src/**/test', 'lib/a/test', false],
  ['src/?.js', 'src/a.js', true],
  ['src/?.js', 'src/ab.js', false],
  ['README', 'readme', false],
  ['.github/workflows', '.github/workflows/ci.yml', true]
])('%s and %s: %s', (pattern, path, is) => expect(fits(pattern, path)).toBe(is))

test('the last line that matches counts, also when it names nobody', () => {
  const { lines } = read('* @all\n/src/ @src\n/src/free.js\n')
  expect(lineFor(lines, 'a.js')?.owners.map(o => o.value)).toEqual(['@all'])
  expect(lineFor(lines, 'src/a.js')?.owners.map(o => o.value)).toEqual(['@src'])
  expect(lineFor(lines, 'src/free.js')?.owners).toEqual([])
})

test.each([
  ['*', true],
  ['/src/', true],
  ['src', true],
  ['/lib/', false],
  ['a.js', true],
  ['b.js', false],
  ['*.js', true],
  ['*.test.js', true],
  ['*.py', false],
  ['/src/*.js', true],
  ['/src/*.py', false],
  ['src/**/deep/', true],
  ['**/nowhere/**', false],
  ['a*.js', true]
])('whether %s matches some path: %s', (pattern, is) => {
  const paths = ['src/a.js', 'src/x/deep/c.test.js', 'README.md']
  expect(unmatched(read(`${pattern} @ada`).lines, paths)).toHaveLength(is ? 0 : 1)
})

test('hostile files cost little', () => {
  const started = performance.now()
  const { lines } = read(
    `${'*a'.repeat(2000)}b @ada\n`.repeat(200) + '**/a/**/b/** @x\n'.repeat(20_000) + '\\ '.repeat(1e6)
  )
  const paths = Array.from({ length: 2000 }, (_, i) => `${'a/'.repeat(50)}${'a'.repeat(200)}${i}`)
  lineFor(lines, paths[0]!)
  unmatched(lines, paths)
  expect(performance.now() - started).toBeLessThan(3000)
})
