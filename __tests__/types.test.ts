import { expect, test } from '@jest/globals'
import { conditionOf } from '../src/parse/expression.js'
import { SourceText } from '../src/parse/text.js'
import {
  ANY,
  arrayOf,
  BOOLEAN,
  type Fault,
  merged,
  NUMBER,
  named,
  objectOf,
  oneOf,
  type Scope,
  STRING,
  type Type,
  typeOf,
  typeOfValue
} from '../src/types.js'

const contexts: Record<string, Type> = {
  github: objectOf({ ref: STRING, run_id: NUMBER, event: objectOf({}, ANY) }),
  env: objectOf({}, STRING),
  matrix: objectOf({ os: STRING, list: arrayOf(NUMBER), deep: objectOf({ on: BOOLEAN }) }),
  needs: objectOf({ build: objectOf({ result: oneOf('success', 'failure'), outputs: objectOf({}) }) })
}
const scope: Scope = { context: name => contexts[name] }

function look(text: string, where = scope): { type: string; faults: string[] } {
  const [expression] = conditionOf(new SourceText('x', text).span(0, text.length))
  expect(expression!.errors).toEqual([])
  const faults: Fault[] = []
  const type = typeOf(expression!.root!, where, fault => faults.push(fault))
  return {
    type: named(type),
    faults: faults.map(
      ({ kind, from, to, of, message }) =>
        `${kind} ${from}-${to} ${of ? `${text.slice(of.from, of.to)} ` : ''}${message}`
    )
  }
}

test.each([
  ["'a'", 'text'],
  ['1', 'a number'],
  ['null', 'null'],
  ['github.ref', 'text'],
  ["github['REF']", 'text'],
  ['github.event.anything.at.all', 'any value'],
  ['matrix.list', 'a list'],
  ['matrix.list[0]', 'a number'],
  ['matrix.deep.*', 'a list'],
  ['github.event.commits.*.id', 'a list'],
  ['!github.ref', 'true or false'],
  ["github.ref == 'x'", 'true or false'],
  ["github.ref == 'x' && 'a' || 'b'", 'text'],
  ["github.ref == 'x' && 'a'", 'any value'],
  ["github.run_id || 'b'", 'any value'],
  ["matrix.list && 'a'", 'text'],
  ["format('{0}', 1)", 'text'],
  ["fromJSON('[1]')[0]", 'a number'],
  ['fromJSON(env.X)', 'any value'],
  ['case(success(), 1, 2)', 'a number'],
  ["case(success(), 1, 'a')", 'any value']
])('%s is %s, and nothing is wrong with it', (text, type) => expect(look(text)).toEqual({ type, faults: [] }))

test.each([
  ['git.ref', 'context 0-3 git is no context: did you mean github?'],
  ['needs.biuld.result', 'property 0-11 needs has no biuld: did you mean build?'],
  ['needs.build.outputs.x', 'property 0-21 needs.build.outputs has no x'],
  ["matrix['deep'].off", "property 0-18 matrix['deep'] has no off, where there is on"],
  ['github.ref.name', 'access 0-15 github.ref is text and has no name'],
  ['matrix.list.name', 'access 0-16 matrix.list is a list and has no name: its items have a number'],
  ["matrix.list['name']", 'access 12-18 matrix.list is a list and has no name: its items have a number'],
  ['github.ref.*', 'access 0-12 github.ref is text and has no members'],
  ['env[matrix]', 'access 4-10 env is looked up by an object, which names nothing'],
  ['env[1]', 'access 4-5 env is an object and its names are text, not numbers'],
  ['begins(github.ref)', 'function 0-6 begins is no function'],
  ['containz(github.ref, 1)', 'function 0-8 containz is no function: did you mean contains?'],
  ['contains(github.ref)', 'count 0-20 contains takes 2 arguments, not 1'],
  ['always(1)', 'count 0-9 always takes 0 arguments, not 1'],
  ['case(success(), 1, success(), 2)', 'count 0-32 case takes pairs of a condition and a value, and one value more'],
  ["case('yes', 1, 2)", 'argument 5-10 a condition of case is text'],
  ["contains(matrix, 'os')", 'argument 9-15 contains is never true of an object'],
  ["startsWith(matrix.list, 'a')", 'argument 11-22 startsWith is never true of a list'],
  ["hashFiles('a', matrix.list)", 'argument 15-26 hashFiles takes patterns, and this is a list'],
  ['join(matrix)', 'argument 5-11 join of an object is empty'],
  ['fromJSON(matrix.list)', 'argument 9-20 fromJSON of a list fails: it is no text'],
  ["matrix.list == 'a'", 'comparison 0-18 a list is compared with text, and a list equals no other value'],
  ['success() > 1', 'comparison 0-13 true or false is compared with a number, and true or false has no order'],
  [
    "needs.build.result == 'succeeded'",
    "never 0-33 needs.build.result == 'succeeded' is never true: it can be success and failure, not 'succeeded'"
  ],
  ['env.DRY == true', "never 0-15 env.DRY == true is never true: the text 'true' does not equal true, only '1' does"],
  ["github.run_id != 'x'", "never 0-20 github.run_id != 'x' is always true: a number equals no text such as 'x'"],
  [
    "'true' == matrix.deep.on",
    "never 0-24 'true' == matrix.deep.on is never true: true or false equals no text such as 'true'"
  ],
  ["format('{0} {1}', 1)", "placeholder 7-16 '{0} {1}' has the placeholder {1}, and 1 value is given"],
  ["format('{0} }', 1)", "placeholder 7-14 '{0} }' has a brace that is neither doubled nor a placeholder"],
  ["format('{0}', 1, github.ref)", 'unused 17-27 github.ref is given to format, whose text has no {1}'],
  ["fromJSON('[a]')", "json 9-14 '[a]' is no JSON"],
  ["fromJSON('')", "json 9-11 '' is empty, which is no JSON"]
])('%s: %s', (text, fault) => expect(look(text).faults).toEqual([fault]))

test.each([
  ['names in any case', 'NEEDS.Build.RESULT'],
  ['texts against numbers, which GitHub makes numbers of', "github.run_id == '1'"],
  ['results in any case', "needs.build.result == 'Success'"],
  ['a result that is not there yet', 'needs.build.result != null'],
  ['true or false against a number', "matrix.deep.on == '1'"],
  ['what is not there', "needs.build.result == ''"],
  ['two literals', "'true' == true"],
  ['doubled braces', "format('{{0}} {0}', 1)"],
  ['numbers written as text', "matrix.list['0']"],
  ['two objects', 'github.event == matrix.deep'],
  ['lists of what is not known', 'fromJSON(env.X) == matrix.list']
])('it has nothing against %s', (_, text) => expect(look(text).faults).toEqual([]))

test('a place may offer only some contexts and functions', () => {
  const here: Scope = { ...scope, contexts: ['github', 'env'], functions: [{ name: 'success', least: 0, most: 0 }] }
  expect(look('success() && github.ref && contains(env.A, 1)', here).faults).toEqual([])
  expect(look("matrix.os == hashFiles('a') && success('a')", here).faults).toEqual([
    'unavailable 0-6 matrix cannot be used here, where GitHub offers only github and env',
    'unavailable 13-22 hashFiles() can be used in the keys of a step only',
    'count 31-43 success takes 0 arguments, not 1'
  ])
})

test('merging keeps what both types say', () => {
  const one = objectOf({ a: STRING, b: NUMBER })
  const both = merged(one, objectOf({ b: STRING, c: BOOLEAN }))
  expect(both.kind === 'object' && [...both.props.values()].map(({ name, type }) => `${name} ${type.kind}`)).toEqual([
    'a string',
    'b any',
    'c boolean'
  ])
  expect(merged(STRING, NUMBER)).toBe(ANY)
  expect(merged(oneOf('a'), oneOf('b'))).toEqual(oneOf('a', 'b'))
})

test('a value of any depth has a type', () => {
  let deep: unknown = 1
  for (let at = 0; at < 50_000; at++) deep = [deep]
  expect(named(typeOfValue(deep))).toBe('a list')
})
