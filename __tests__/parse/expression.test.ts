import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  conditionOf,
  contextPath,
  evaluate,
  expressionsIn,
  type Node,
  operandsOf,
  truthOf,
  UNKNOWN,
  walk
} from '../../src/parse/expression.js'
import { SourceText } from '../../src/parse/text.js'

const textOf = (text: string) => new SourceText('x.yml', text).span(0, text.length)
const parse = (text: string) => conditionOf(textOf(text))[0]!
const root = (text: string): Node => {
  const { root, errors } = parse(text)
  expect(errors).toEqual([])
  return root!
}
const errors = (text: string) => parse(text).errors.map(({ message, at }) => `${at.column}-${at.endColumn} ${message}`)

/** An expression with all parentheses written, to see its tree. */
function shown(node: Node): string {
  switch (node.type) {
    case 'literal':
      return JSON.stringify(node.value) ?? String(node.value)
    case 'context':
      return node.name
    case 'property':
      return `${shown(node.object)}.${node.name}`
    case 'index':
      return `${shown(node.object)}[${shown(node.index)}]`
    case 'star':
      return `${shown(node.object)}.*`
    case 'call':
      return `${node.name}(${node.args.map(shown).join(', ')})`
    case 'not':
      return `!${shown(node.operand)}`
    case 'binary':
      return `(${shown(node.left)} ${node.operator} ${shown(node.right)})`
  }
}

test.each([
  ['a || b && c == d < e', '(a || (b && (c == (d < e))))'],
  ['a && b || c && d', '((a && b) || (c && d))'],
  ['!a == b', '(!a == b)'],
  ['!!a.b', '!!a.b'],
  ['(a || b) && c', '((a || b) && c)'],
  ['a == b == c', '((a == b) == c)'],
  ['a.b.*.c[0]["x"]', undefined],
  ["a.b.*.c[0]['x']", 'a.b.*.c[0]["x"]'],
  ['a[*].b', 'a.*.b'],
  ['a [ b . c ]', 'a[b.c]'],
  ["f(a, 'it''s', -1.5e1)", 'f(a, "it\'s", -15)'],
  ['fromJSON(x).y', 'fromJSON(x).y'],
  ['(a).b', 'a.b'],
  ['github.true.null', 'github.true.null'],
  ['a-b_c.d-1', 'a-b_c.d-1'],
  ['a\n&&\tb', '(a && b)']
])('reads %j', (text, tree) => {
  if (tree) expect(shown(root(text))).toBe(tree)
  else expect(parse(text).errors).not.toEqual([])
})

test.each([
  ['null', null],
  ['true', true],
  ['false', false],
  ['0', 0],
  ['0x1F', 31],
  ['0o17', 15],
  ['1e3', 1000],
  ['.5', 0.5],
  ['+2', 2],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['NaN', Number.NaN],
  ["''''", "'"],
  ["''", '']
])('reads the literal %s', (text, value) => expect(root(text)).toMatchObject({ type: 'literal', value }))

test.each([
  ['a &&', '1-5 the expression ends too early'],
  ['a b', "3-4 'b' is not expected here"],
  ['a == "b"', '6-9 a text in an expression stands in single quotes'],
  ["a == 'b", '6-8 a quote is not closed'],
  ['a & b', "3-4 '&' is not understood"],
  ['a = b', "3-4 '=' is not understood"],
  ['a || $b', "6-8 '$b' is not understood"],
  ['1x', "1-3 '1x' is no number"],
  ['f(a', '1-4 the expression ends too early'],
  ['f(a b)', "5-6 'b' is not expected here"],
  ['(a', '1-3 the expression ends too early'],
  ['a)', "2-3 ')' is not expected here"],
  ['a[', '1-3 the expression ends too early'],
  ['a.', '1-3 the expression ends too early'],
  ["'a'.b", "4-6 '.b' is no number"],
  ['TRUE.x', undefined]
])('says what is wrong with %s', (text, error) => expect(errors(text)[0]).toBe(error))

test('it keeps what it could read of a broken expression', () => {
  expect(shown(parse('github.head_ref ||').root!)).toBe('github.head_ref')
  expect(shown(parse('f(github.head_ref b').root!)).toBe('f(github.head_ref)')
  expect(shown(parse('a $ b && c').root!)).toBe('a')
})

test('it finds every fence of a text, with its place', () => {
  const text = "one ${{ a }}\ntwo ${{b}}${{ 'x}}' }} three }}"
  const source = new SourceText('x.yml', text)
  const found = expressionsIn(source.span(0, text.length))
  expect(found.map(({ at }) => source.slice(at))).toEqual(['${{ a }}', '${{b}}', "${{ 'x}}' }}"])
  expect(found.map(({ root }) => shown(root!))).toEqual(['a', 'b', '"x}}"'])
  expect(found[1]!.at).toEqual({ path: 'x.yml', line: 2, column: 5, endLine: 2, endColumn: 11 })
  expect([found[0]!.root!.from, found[0]!.root!.to]).toEqual([8, 9])
})

test.each([
  ['echo ${{ a }\nb', 'one', '${{ is not closed by }}'],
  ["echo ${{ 'a }}\nb", 'quote', 'a quote inside ${{ is not closed']
])('reports %j, whose fence is open, on its line', (text, _, message) => {
  const [only, ...more] = expressionsIn(textOf(text))
  expect(more).toEqual([])
  expect(only!.root).toBeUndefined()
  expect(only!.errors).toEqual([
    { message, at: { path: 'x.yml', line: 1, column: 6, endLine: 1, endColumn: text.indexOf('\n') + 1 } }
  ])
})

test.each([
  ['${{ }}', 'the expression is empty'],
  [`\${{ ${'a'.repeat(21_000)} }}`, "an expression of 21002 characters is longer than GitHub's 21000"]
])('refuses %.12s', (text, message) => expect(expressionsIn(textOf(text))[0]!.errors[0]!.message).toBe(message))

test('it finds no expression in an empty condition, and the fences of one that has some', () => {
  expect(conditionOf(textOf('  '))).toEqual([])
  expect(conditionOf(textOf('${{ a }} && b')).map(({ root }) => shown(root!))).toEqual(['a'])
  expect(conditionOf(textOf('a && b'))[0]).toMatchObject({ from: 0, to: 6 })
})

const repeat = (count: number, ...parts: [string, string, string]) =>
  parts[0].repeat(count) + parts[1] + parts[2].repeat(count)
test.each([
  ['members', `a${'.b'.repeat(60)}`],
  ['calls', repeat(60, 'f(', 'a', ')')],
  ['negations', repeat(60, '!', 'a', '')],
  ['comparisons', repeat(60, 'a == ', 'a', '')],
  ['indexes', repeat(5000, 'a[', 'b', ']')],
  ['parentheses', repeat(9000, '(', 'a', ')')]
])('refuses deeply nested %s', (_, text) => {
  const { root, errors } = parse(text)
  expect(root).toBeUndefined()
  expect(errors[0]!.message).toBe('an expression nested more than 50 deep is refused by GitHub')
})

test('it takes parentheses and long chains that GitHub takes', () => {
  expect(shown(root(repeat(100, '(', 'a', ')')))).toBe('a')
  const chain = root(`a${' || a'.repeat(4000)}`)
  expect(operandsOf(chain)).toHaveLength(4001)
  expect([...walk(chain)]).toHaveLength(8001)
  expect(truthOf(chain, { a: false })).toBe(false)
})

test('it never throws and stays inside the text', () => {
  const piece = fc.constantFrom(
    'a',
    '.',
    "'",
    '"',
    '(',
    ')',
    '[',
    ']',
    '!',
    '&&',
    '||',
    '==',
    '<',
    ',',
    '*',
    ' ',
    '1',
    '$',
    '${{',
    '}}',
    '\n',
    'format',
    'true'
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 25 }), pieces => {
      const text = pieces.join('')
      for (const { root, from, to, errors } of [...expressionsIn(textOf(text)), ...conditionOf(textOf(text))]) {
        expect(to).toBeLessThanOrEqual(text.length)
        for (const node of root ? walk(root) : []) {
          expect(node.from).toBeGreaterThanOrEqual(from)
          expect(node.to).toBeLessThanOrEqual(to)
        }
        for (const { at } of errors) expect(at.line).toBeGreaterThan(0)
        if (root) evaluate(root, {})
      }
    }),
    { numRuns: 2000 }
  )
})

test.each([
  ['github.event.pull_request.title', 'github.event.pull_request.title'],
  ["GitHub['Event'].Issue['title']", 'github.event.issue.title'],
  ['github.event.commits.*.message', 'github.event.commits.*.message'],
  ['github.event.commits[0].message', 'github.event.commits.0.message'],
  ['matrix', 'matrix'],
  ['github.event[matrix.x]', undefined],
  ['fromJSON(x).y', undefined],
  ["'a'", undefined]
])('tells the path of %s', (text, path) => expect(contextPath(root(text))).toBe(path))

test('it walks outer before inner and left before right', () =>
  expect([...walk(root('f(a.b, c[d]) && !e'))].map(shown)).toEqual([
    '(f(a.b, c[d]) && !e)',
    'f(a.b, c[d])',
    'a.b',
    'a',
    'c[d]',
    'c',
    'd',
    '!e',
    'e'
  ]))

const values = {
  github: {
    event_name: 'push',
    ref: 'refs/heads/main',
    event: { labels: [{ name: 'Bug' }, { name: 'x' }, { id: 1 }] }
  },
  matrix: { os: 'Ubuntu', version: 10, nothing: '', list: ['a', 'b'] },
  'failure()': false
}

test.each([
  ["github.event_name == 'PUSH'", true],
  ["github.event_name != 'pull_request'", true],
  ["'10' == matrix.version", true],
  ["'0x0a' == matrix.version", true],
  ["'ten' == matrix.version", false],
  ["'' == 0", true],
  ['null == false', true],
  ["null == ''", true],
  ['NaN == NaN', false],
  ["'a' < 'B'", true],
  ['2 >= 2', true],
  ["'x' >= 1", false],
  ['matrix.list == matrix.list', true],
  ["matrix.list == 'Array'", false],
  ["'i' == 'ı'", false],
  ["matrix.OS && 'yes' || 'no'", 'yes'],
  ["matrix.nothing && 'yes' || 'no'", 'no'],
  ['matrix.missing', null],
  ['matrix.list[1]', 'b'],
  ['matrix.list[9]', null],
  ["matrix.list['1']", 'b'],
  ['matrix.*', ['Ubuntu', 10, '', ['a', 'b']]],
  ['github.event.labels.*.name', ['Bug', 'x']],
  ["contains(github.event.labels.*.name, 'bug')", true],
  ["contains('Hello', 'ELL')", true],
  ["contains(fromJSON('[1, 2]'), '2')", true],
  ["startsWith(github.ref, 'refs/Heads/')", true],
  ["endsWith(github.ref, 'master')", false],
  ["format('{0}-{1} {{0}}', matrix.os, matrix.version)", 'Ubuntu-10 {0}'],
  ["join(matrix.list, ', ')", 'a, b'],
  ['join(matrix.list)', 'a,b'],
  ["join('x')", 'x'],
  ['toJSON(matrix.list)', '[\n  "a",\n  "b"\n]'],
  ['fromJSON(\'{"A": {"b": 1}}\').a.B', 1],
  ["case(false, 1, matrix.os == 'ubuntu', 2, 3)", 2],
  ['case(false, 1, 3)', 3],
  ['always()', true],
  ['failure()', false],
  ['!failure()', true],
  ['false && secrets.x', false],
  ['true || secrets.x', true],
  ['!github.nothing', UNKNOWN],
  ['github.missing', UNKNOWN],
  ['secrets.x', UNKNOWN],
  ["secrets.x == 'a'", UNKNOWN],
  ['success()', UNKNOWN],
  ["hashFiles('x')", UNKNOWN],
  ['unknown(1)', UNKNOWN],
  ["fromJSON('{')", UNKNOWN],
  ["format('{1}', 1)", UNKNOWN],
  ["format('{', 1)", UNKNOWN],
  ['case(secrets.x, 1, 2)', UNKNOWN],
  ["case('text', 1, 2)", UNKNOWN],
  ['secrets.x && false', UNKNOWN],
  ["secrets.x || 'y'", UNKNOWN],
  ['constructor', UNKNOWN],
  ['matrix.constructor', null],
  ['toString(1)', UNKNOWN]
])('evaluates %s', (text, value) => expect(evaluate(root(text), values)).toEqual(value))

test.each([
  ['secrets.x && false', false],
  ['false && secrets.x', false],
  ["secrets.x || 'y'", true],
  ['!(secrets.x && false)', true],
  ['(secrets.x && false) || github.event_name', true],
  ['secrets.x && true', undefined],
  ['secrets.x || matrix.nothing', undefined],
  ["secrets.x && github.event_name == 'pull_request'", false],
  ['matrix.list', true],
  ["'false'", true]
])('tells whether %s counts as true', (text, truth) => expect(truthOf(root(text), values)).toBe(truth))

test('it stops at texts that calls inside one another blow up', () => {
  let formats = "'aaaaaaaaaa'"
  let quotes = "'\\'"
  for (let at = 0; at < 45; at++) {
    formats = `format('{0}{0}', ${formats})`
    quotes = `toJSON(${quotes})`
  }
  expect(evaluate(root(formats), {})).toBe(UNKNOWN)
  expect(evaluate(root(quotes), {})).toBe(UNKNOWN)
  expect(evaluate(root(`format('${'{0}'.repeat(3000)}', format('${'x'.repeat(9000)}'))`), {})).toBe(UNKNOWN)
})
