import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Yaml, YamlDocument, YamlMap, YamlScalar } from '../../src/model.js'
import { SourceText, withoutMark } from '../../src/parse/text.js'
import { isNull, listOf, mapOf, parseYaml, scalarOf, scalarsOf } from '../../src/parse/yaml.js'

const read = (text: string): YamlDocument => parseYaml('x.yml', text)[0]!
const map = (text: string): YamlMap => {
  const { root } = read(text)
  if (root?.kind !== 'map') throw new Error('no map')
  return root
}
const scalar = (text: string, key = 'k'): YamlScalar => {
  const value = map(text).get(key)
  if (value?.kind !== 'scalar') throw new Error('no scalar')
  return value
}
const slice = (text: string, at: Yaml['at']) => new SourceText('x.yml', withoutMark(text)).slice(at)
const errors = (text: string) => read(text).errors.map(({ message, at }) => `${at.line}:${at.column} ${message}`)

test.each([
  ['plain', 'k: one two # c\n', 'one two', 'one two'],
  ['single', "k: 'it''s'\n", "it's", "'it''s'"],
  ['double', 'k: "a\\tb"\n', 'a\tb', '"a\\tb"'],
  ['literal', 'k: |\n  a\n  b\n\nz: 1\n', 'a\nb\n', '|\n  a\n  b'],
  ['folded', 'k: >-\n  a\n  b\n', 'a b', '>-\n  a\n  b']
])('reads a %s scalar and its place', (style, text, value, written) => {
  const read = scalar(text)
  expect(read).toMatchObject({ style, value })
  expect(slice(text, read.at)).toBe(written)
})

test.each([
  ['1.10', '1.10', 1.1],
  ['0x1f', '0x1f', 31],
  ['true', 'true', true],
  ['yes', 'yes', 'yes'],
  ['on', 'on', 'on'],
  ['~', '~', null],
  ['null', 'null', null],
  ["'1'", '1', '1'],
  ['2026-11-20', '2026-11-20', '2026-11-20'],
  ['9007199254740993', '9007199254740993', 9007199254740992]
])('keeps what is written of %s beside what YAML makes of it', (written, value, data) =>
  expect(scalar(`k: ${written}\n`)).toMatchObject({ value, data })
)

test('it gives every value of a file its place, with and without a byte order mark or carriage returns', () => {
  const text = 'a:\n  - x: 1\n    y: [p, {q: r}]\nb: end\n'
  for (const written of [text, `\ufeff${text}`, text.replaceAll('\n', '\r\n')]) {
    const root = map(written)
    const [item] = listOf(root.get('a'))!.items
    const list = listOf(mapOf(item)!.get('y'))!
    expect(slice(written, list.at)).toBe('[p, {q: r}]')
    expect(slice(written, item!.at).replaceAll('\r', '')).toBe('x: 1\n    y: [p, {q: r}]')
    expect(root.entry('b')!.value.at).toEqual({ path: 'x.yml', line: 4, column: 4, endLine: 4, endColumn: 7 })
    expect(errors(written)).toEqual([])
  }
})

test.each([
  ['after the colon', 'k:\nz: 1\n', 1, 3],
  ['before a comment', 'a: 1\nk: # later\n', 2, 4],
  ['in a flow map', 'm: {k: }\nk:\n', 2, 3]
])('places an empty value %s', (_, text, line, column) => {
  const value = map(text).get('k')!
  expect(isNull(value)).toBe(true)
  expect(value.at).toMatchObject({ line, column, endLine: line, endColumn: column })
})

test('it keeps both of two equal keys and answers with the later one', () => {
  const root = map('k: 1\nk: 2\n')
  expect(root.entries.map(({ value }) => scalarOf(value)?.value)).toEqual(['1', '2'])
  expect(scalarOf(root.get('k'))?.value).toBe('2')
})

test('it gives comments their text and place, in order and by document', () => {
  const [first, second] = parseYaml('x.yml', '# one\na: [ # two\n  1 ] # three\n---\n  ## four \nb: 1\n')
  expect(first!.comments.map(({ text, at }) => `${at.line}:${at.column} ${text}`)).toEqual([
    '1:1 one',
    '2:6 two',
    '3:7 three'
  ])
  expect(second!.comments.map(({ text, at }) => `${at.line}:${at.column} ${text}`)).toEqual(['5:3 four'])
})

test('it reads several documents, empty ones included', () => {
  const documents = parseYaml('x.yml', 'a: 1\n---\n---\nb: 2\n...\n')
  expect(documents.map(({ root }) => root?.kind === 'map')).toEqual([true, false, true])
  expect(documents[2]!.root!.at.line).toBe(4)
})

test.each([
  ['', undefined],
  ['# only a comment\n', undefined]
])('finds nothing in %j', (text, root) => expect(read(text)).toMatchObject({ root, errors: [] }))

test('it answers an alias with the very node of its anchor', () => {
  const root = map('a: &one {x: 1}\nb: *one\nc: [*one, &two y, *two]\n')
  expect(root.get('b')).toBe(root.get('a'))
  expect(root.get('a')!.anchor).toBe('one')
  expect(scalarsOf(root.get('c')).map(({ value }) => value)).toEqual(['y', 'y'])
  expect(scalarsOf(root.get('c'))[1]!.at).toMatchObject({ line: 3, column: 16 })
})

test.each([
  ['an alias without an anchor', 'a: *b\n', '1:4 alias *b has no anchor before it'],
  ['an alias inside its own anchor', 'a: &a [*a]\n', '1:8 alias *a stands inside its own anchor'],
  ['a list as a key', '? [a]\n: b\n', '1:3 a key must be a plain value'],
  [
    'an unclosed list',
    'a: [1, 2\nb: 3\n',
    '2:1 Flow sequence in block collection must be sufficiently indented and end with a ]'
  ],
  ['a tab for indentation', 'a:\n\t- b\n', '2:1 Tabs are not allowed as indentation'],
  ['an unclosed quote', 'a: "x\n', '2:1 Missing closing "quote']
])('lists %s as an error at its place', (_, text, error) => expect(errors(text)[0]).toBe(error))

test('it expands merge keys only where the format has them', () => {
  const text = 'a: &a {x: 1, y: 2}\nb:\n  <<: *a\n  y: 3\n'
  const [merged] = parseYaml('x.yml', text, { merge: true })
  const b = mapOf(mapOf(merged!.root)!.get('b'))!
  expect([scalarOf(b.get('x'))?.value, scalarOf(b.get('y'))?.value]).toEqual(['1', '3'])
  expect(mapOf(map(text).get('b'))!.get('x')).toBeUndefined()
})

// GitHub reads these, so they are no reason to refuse a workflow.
test.each([
  ['a double-quoted text continued at too little indentation', 'k:\n  a: "one\n two"\nz: 1\n', 'one two'],
  ['the same at the left margin', 'k:\n  a: "one\ntwo\nthree"\nz: 1\n', 'one two three'],
  ['a comment right after a bracket', 'k: {a: one}#c\nz: 1\n', 'one']
])('reads %s', (_, text, value) => {
  expect(errors(text)).toEqual([])
  const root = map(text)
  expect(scalarOf(mapOf(root.get('k'))!.get('a'))!.value).toBe(value)
  expect(scalarOf(root.get('z'))?.value).toBe('1')
})

test('it places what an under-indented line of a double-quoted text says', () => {
  const text = 'k:\n  a: "one\n two\n\nthree"\nz: 1\n'
  const value = scalarOf(mapOf(map(text).get('k'))!.get('a'))!
  expect(value.value).toBe('one two\nthree')
  expect(slice(text, value.part(4, 7))).toBe('two')
  expect(slice(text, value.part(8, 13))).toBe('three')
})

test('it stays an error when no quote closes what an under-indented line continues', () =>
  expect(errors('k:\n  a: "one\ntwo: 1\n')).not.toEqual([]))

test('it refuses a nest of aliases and says where', () => {
  let text = 'a0: &a0 [x,x,x,x,x,x,x,x,x]\n'
  for (let at = 1; at < 12; at++)
    text += `a${at}: &a${at} [${Array(9)
      .fill(`*a${at - 1}`)
      .join(',')}]\n`
  const [first] = errors(text)
  expect(first).toMatch(/^\d+:\d+ aliases expand to more than 100000 values at \*a\d$/)
})

test.each([
  ['brackets', '['.repeat(5000)],
  ['closed brackets', `${'['.repeat(5000)}${']'.repeat(5000)}`],
  ['braces', '{a: '.repeat(5000)],
  ['dashes', `${'- '.repeat(5000)}x`],
  ['keys', Array.from({ length: 500 }, (_, at) => `${' '.repeat(at)}a:`).join('\n')]
])('refuses 5,000 nested %s before it composes anything', (_, text) => {
  const { root, errors } = read(text)
  expect(root).toBeUndefined()
  expect(errors[0]!.message).toBe('nested more than 100 deep')
})

test('it never throws', () => {
  const piece = fc.constantFrom(
    'a',
    ': ',
    '\n',
    '  ',
    '- ',
    '"',
    "'",
    '[',
    ']',
    '{',
    '}',
    '&a ',
    '*a',
    '|',
    '>',
    '#',
    ',',
    '?',
    '!',
    '\t',
    '\\',
    '---\n',
    '\r\n',
    '\0',
    '<<: '
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), pieces => {
      const text = pieces.join('')
      for (const { root, errors } of parseYaml('x.yml', text, { merge: true })) {
        for (const { at } of errors) slice(text, at)
        if (root?.kind === 'scalar') root.part(0, root.value.length)
      }
    }),
    { numRuns: 500 }
  )
})

// ---------------------------------------------------------------- parts of a value

/** What is written, what it means, and whether the two are the same characters. */
interface Piece {
  written: string
  value: string
  same: boolean
}
const same = (text: string): Piece => ({ written: text, value: text, same: true })
const made = (written: string, value: string): Piece => ({ written, value, same: false })

const word = fc.stringMatching(/^[a-zé😀]{1,6}$/u).map(same)
const fold = fc.constantFrom(
  made('\n    ', ' '),
  made(' \n    ', ' '),
  made('\n\n    ', '\n'),
  made('\n  \n\n    ', '\n\n')
)
const escapes = fc.constantFrom(
  made('\\n', '\n'),
  made('\\"', '"'),
  made('\\\\', '\\'),
  made('\\x41', 'A'),
  made('\\u00e9', 'é'),
  made('\\U0001F600', '😀'),
  made('\\\n    ', ''),
  made('\\\n      \\ ', ' ')
)
const text = (...parts: fc.Arbitrary<Piece>[]) =>
  fc
    .array(fc.tuple(word, fc.oneof(fc.constant(same(' ')), ...parts)), { minLength: 1, maxLength: 8 })
    .chain(pairs => word.map(last => [...pairs.flat(), last]))

test.each([
  ['plain', (body: string) => body, text(fold)],
  ['single', (body: string) => `'${body}'`, text(fold, fc.constant(made("''", "'")))],
  ['double', (body: string) => `"${body}"`, text(fold, escapes)]
])('finds each character of a %s scalar where it is written', (style, quoted, pieces) =>
  fc.assert(
    fc.property(pieces, fc.boolean(), (parts, windows) => {
      const body = parts.map(({ written }) => written).join('')
      const file = `- k: ${quoted(body)}\n  z: 1\n`.replaceAll('\n', windows ? '\r\n' : '\n')
      const value = scalarOf(mapOf(listOf(read(file).root)!.items[0])!.get('k'))!
      expect(value).toMatchObject({ style, value: parts.map(part => part.value).join('') })
      let from = 0
      for (const part of parts) {
        const to = from + part.value.length
        if (part.same) expect(slice(file, value.part(from, to))).toBe(part.value)
        if (part.same)
          for (let at = from; at < to; at++) expect(slice(file, value.part(at, at + 1))).toBe(value.value[at])
        from = to
      }
    })
  )
)

test.each([['|'], ['|-'], ['|+'], ['|2'], ['>'], ['>-'], ['>+'], ['>2']])(
  'finds each character of a block scalar with %s where it is written',
  header => {
    const line = fc.tuple(
      fc.constantFrom('', '', '  ', '    '),
      fc.array(fc.stringMatching(/^[a-z]{1,4}$/), { maxLength: 3 })
    )
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), fc.boolean(), (lines, windows) => {
        // Every word once, so that a place on the wrong line shows.
        let count = 0
        const body = lines.map(([more, words], at) => {
          const numbered = words.map(text => `${text}${count++}_`).join(' ')
          return numbered ? `    ${at && !header.endsWith('2') ? more : ''}${numbered}` : ''
        })
        const file = `- k: ${header}\n${body.join('\n')}\n- z\n`.replaceAll('\n', windows ? '\r\n' : '\n')
        const value = scalarOf(mapOf(listOf(read(file).root)!.items[0])!.get('k'))
        if (!value) return
        for (const match of value.value.matchAll(/[a-z]+\d+_/g)) {
          const at = value.part(match.index, match.index + match[0].length)
          expect(slice(file, at)).toBe(match[0])
          for (let inside = 0; inside < match[0].length; inside++)
            expect(slice(file, value.part(match.index + inside, match.index + inside + 1))).toBe(match[0][inside])
        }
      })
    )
  }
)

test('it gives a part that spans lines a place that does', () => {
  const text = 'k: |\n  echo one\n  echo two\n'
  const run = scalar(text)
  expect(run.part(5, 17)).toEqual({ path: 'x.yml', line: 2, column: 8, endLine: 3, endColumn: 11 })
  expect(run.part(4)).toEqual({ path: 'x.yml', line: 2, column: 7, endLine: 2, endColumn: 7 })
})
