import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { fileOffset, PiecedText, SourceText, startOf, textAt, withoutMark } from '../../src/parse/text.js'

const at = (line: number, column: number, endLine = line, endColumn = column) => ({
  path: 'a.yml',
  line,
  column,
  endLine,
  endColumn
})
const source = (text: string) => new SourceText('a.yml', text)
/** Texts with line breaks of every kind. */
const texts = fc.string({ unit: fc.constantFrom('a', 'é', '😀', ' ', '\t', '\n', '\r\n', '\r', '\u2028') })

test.each([
  ['nothing', '', 1],
  ['a line without its break', 'a', 1],
  ['a line', 'a\n', 2],
  ['two lines', 'a\r\nb', 2],
  ['a carriage return alone', 'a\rb', 1],
  ["another alphabet's line separator", 'a\u2028b', 1]
])('it counts the lines of %s', (_, text, count) => expect(source(text).lineCount).toBe(count))

test.each([
  ['the first character', 0, 1, at(1, 1, 1, 2)],
  ['a line break', 1, 2, at(1, 2, 2, 1)],
  ['the first character of a line', 2, 3, at(2, 1, 2, 2)],
  ['two lines', 0, 3, at(1, 1, 2, 2)],
  ['nothing', 2, 2, at(2, 1)],
  ['the end', 5, 5, at(3, 2)]
])('it places %s', (_, from, to, place) => expect(source('a\nb\nc').place(from, to)).toEqual(place))

test('it counts columns in UTF-16 units', () => expect(source('😀b').place(2, 3)).toEqual(at(1, 3, 1, 4)))

test('it gives a line without its break', () => {
  const text = source('one\r\ntwo\n\nlast')
  expect([1, 2, 3, 4, 5].map(line => text.line(line))).toEqual(['one', 'two', '', 'last', ''])
})

test('it gives back what is written at a place', () => {
  fc.assert(
    fc.property(texts, fc.nat(), fc.nat(), (text, one, two) => {
      const [from, to] = [one % (text.length + 1), two % (text.length + 1)].sort((a, b) => a - b) as [number, number]
      const place = source(text).place(from, to)
      expect(source(text).slice(place)).toBe(text.slice(from, to))
      expect(source(text).offset(place.line, place.column)).toBe(from)
      expect(source(text).lineOf(from)).toBe(text.slice(0, from).split('\n').length)
    })
  )
})

test('it gives all lines, in order and with nothing between them', () => {
  fc.assert(
    fc.property(texts, text => {
      const lines = source(text)
      const all = Array.from({ length: lines.lineCount }, (_, index) =>
        text.slice(lines.lineStart(index + 1), lines.lineStart(index + 2))
      )
      expect(all.join('')).toBe(text)
    })
  )
})

test('it places parts of a span', () => {
  const span = source('run: echo hi\n').span(5, 12)
  expect([span.value, span.at, span.part(5, 7), span.part(5)]).toEqual([
    'echo hi',
    at(1, 6, 1, 13),
    at(1, 11, 1, 13),
    at(1, 11)
  ])
})

// A folded text: `a` and `bc` on lines of their own make the value 'a bc'.
const folded = () =>
  new PiecedText(source('k: >\n  a\n  bc\n'), 'a bc', 3, 13, [
    [0, 7],
    [2, 11]
  ])

test.each([
  ['the first piece', 0, 1, at(2, 3, 2, 4)],
  ['the second piece', 2, 4, at(3, 3, 3, 5)],
  ['the whole', 0, 4, at(2, 3, 3, 5)],
  ['what stands for a fold', 1, 2, at(2, 4, 3, 1)],
  ['an empty part', 3, 3, at(3, 4)]
])('it places %s of a value of pieces', (_, from, to, place) => expect(folded().part(from, to)).toEqual(place))

test('it places a value of pieces where it stands as a whole', () => expect(folded().at).toEqual(at(1, 4, 3, 5)))

test('it finds the piece of an offset, and a place where there is none', () => {
  const pieces: [number, number][] = [
    [0, 10],
    [5, 20],
    [6, 30]
  ]
  expect([0, 4, 5, 6, 9].map(offset => fileOffset(pieces, offset, 1))).toEqual([10, 14, 20, 30, 33])
  expect(fileOffset([], 3, 7)).toBe(7)
})

test('it never places the end of a part before its start', () => {
  const piece = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
  fc.assert(
    fc.property(fc.array(piece), fc.nat(40), fc.nat(40), (steps, from, length) => {
      let value = 0
      let file = 0
      const pieces = steps.map(([a, b]): [number, number] => [(value += a), (file += b)])
      const text = new PiecedText(source('x\n'.repeat(100)), 'x'.repeat(100), 0, 200, pieces)
      const place = text.part(from, from + length)
      expect(place.endLine * 1000 + place.endColumn).toBeGreaterThanOrEqual(place.line * 1000 + place.column)
    })
  )
})

test('it gives a text from nowhere the place of what stands for it', () => {
  const text = textAt('npm test', at(3, 4))
  expect([text.value, text.at, text.part(2, 5)]).toEqual(['npm test', at(3, 4), at(3, 4)])
})

test('it places a file at its start', () => expect(startOf('a.yml')).toEqual(at(1, 1)))

test.each([
  ['\ufeffa', 'a'],
  ['\ufeff\ufeffa', '\ufeffa'],
  ['a\ufeff', 'a\ufeff'],
  ['', '']
])('it removes one byte order mark from the start of %j', (text, rest) => expect(withoutMark(text)).toBe(rest))
