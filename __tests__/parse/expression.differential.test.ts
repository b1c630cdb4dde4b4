import { data, Evaluator, Lexer, Parser, wellKnownFunctions } from '@actions/expressions'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { conditionOf, evaluate, UNKNOWN } from '../../src/parse/expression.js'
import { SourceText } from '../../src/parse/text.js'

const CONTEXTS = ['matrix', 'github', 'env']
const values = { matrix: { os: 'linux', n: 3, list: ['a', 'B', 7], deep: { On: true, no: null } } }

const pairOf = ([key, value]: [string, unknown]) => ({ key, value: dataOf(value) })
function dataOf(value: unknown): data.ExpressionData {
  if (value === null) return new data.Null()
  if (typeof value === 'string') return new data.StringData(value)
  if (typeof value === 'number') return new data.NumberData(value)
  if (typeof value === 'boolean') return new data.BooleanData(value)
  if (Array.isArray(value)) return new data.Array(...value.map(dataOf))
  return new data.Dictionary(...Object.entries(value as object).map(pairOf))
}

/** GitHub's parser's answer: refused, or the value as JSON has it. */
function theirs(text: string): unknown {
  try {
    const { tokens } = new Lexer(text).lex()
    const tree = new Parser(tokens, CONTEXTS, []).parse()
    try {
      const result = new Evaluator(tree, new data.Dictionary(pairOf(['matrix', values.matrix]))).evaluate()
      return JSON.parse(JSON.stringify(result, data.replacer)) as unknown
    } catch {
      return UNKNOWN
    }
  } catch {
    return 'refused'
  }
}

function ours(text: string): unknown {
  const [expression] = conditionOf(new SourceText('x', text).span(0, text.length))
  if (!expression?.root || expression.errors.length) return 'refused'
  const value = evaluate(expression.root, values)
  return value === UNKNOWN ? UNKNOWN : (JSON.parse(JSON.stringify(value ?? null)) as unknown)
}

const names = Object.keys(wellKnownFunctions)
const word = fc.constantFrom(
  ...["'a'", "'it''s'", "''", '1', '-2.5', '0x1F', '.5', 'true', 'null', 'NaN', '1e3', "'3'", "' 3 '"],
  ...['matrix.os', 'matrix.n', 'matrix.list', 'matrix.list[1]', 'matrix.deep.on', "matrix['OS']", 'matrix.none.x'],
  ...['matrix.*', 'matrix.list.*', 'matrix.deep.*', 'matrix', 'matrix.list[-1]', 'matrix[0]']
)
const { tree } = fc.letrec<{ tree: string; leaf: string }>(tie => ({
  leaf: word,
  tree: fc.oneof(
    { depthSize: 'small' },
    tie('leaf'),
    fc
      .tuple(tie('tree'), fc.constantFrom('&&', '||', '==', '!=', '<', '>', '<=', '>='), tie('tree'))
      .map(all => all.join(' ')),
    tie('tree').map(inner => `(${inner})`),
    tie('tree').map(inner => `!${inner}`),
    fc
      .tuple(fc.constantFrom('contains', 'startsWith', 'endsWith'), tie('tree'), tie('tree'))
      .map(([name, a, b]) => `${name}(${a}, ${b})`),
    fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => `join(${a}, ${b})`),
    tie('tree').map(a => `toJSON(${a})`),
    tie('tree').map(a => `format('{0}-{{x}}', ${a})`)
  )
}))

test('it reads and evaluates what GitHub does, to the same value', () => {
  fc.assert(
    fc.property(tree, text => expect({ text, value: ours(text) }).toEqual({ text, value: theirs(text) })),
    { numRuns: 1000 }
  )
})

test('it refuses what GitHub refuses', () => {
  const part = fc.constantFrom(
    ...[
      "'a'",
      '"',
      "'",
      '1',
      '.',
      '(',
      ')',
      '[',
      ']',
      ',',
      '*',
      '!',
      '==',
      '&&',
      '&',
      '-',
      '+',
      'matrix',
      '_x',
      'true',
      ' ',
      '1.2.3',
      '0x',
      '@',
      'a-b',
      names[0]!
    ]
  )
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 7 }), parts => {
      const text = parts.join('')
      // Names and the number of arguments are not the parser's to know.
      if (!text.trim() || /_x|a-b|contains|case|matrix\s*\(|true[a-z_0-9-]|matrix[a-z_0-9-]/i.test(text)) return
      expect({ text, refused: ours(text) === 'refused' }).toEqual({ text, refused: theirs(text) === 'refused' })
    }),
    { numRuns: 3000 }
  )
})
