import { expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { mergeConfig } from '../src/config.js'
import { applied, chosenOf, fix, isSafe, offered } from '../src/fixes.js'
import { inspect } from '../src/inspect.js'
import type { Edit, Files, Finding, Inspection, Rule } from '../src/model.js'
import { SourceText } from '../src/parse/text.js'
import { rule } from '../src/rule.js'
import { memorySource } from '../src/source/memory.js'
import { at, finding, ruleOf } from './report/inspection.js'

const PATH = 'Dockerfile'
const edit = (line: number, column: number, endColumn: number, text: string, path = PATH): Edit => ({
  at: at(line, column, line, endColumn, path),
  text
})

// ---------------------------------------------------------------- choosing

const messages = (findings: Finding[]) => findings.map(({ message }) => message)
const chosen = (...all: [string, Partial<Finding>][]) =>
  messages(
    chosenOf(
      all.map(([message, facts]) => finding({ path: PATH, ...facts, message })),
      new Map([
        [PATH, 'FROM a\nRUN b c d\n'],
        ['other', 'x\n']
      ])
    )
  )

test.each([
  ['apart', edit(2, 1, 4, 'run'), edit(2, 5, 6, 'x'), 'one two'],
  ['side by side', edit(2, 1, 4, 'run'), edit(2, 4, 6, ' x'), 'one two'],
  ['overlapping', edit(2, 1, 6, 'x'), edit(2, 5, 8, 'y'), 'one'],
  ['one in the other', edit(2, 1, 10, 'x'), edit(2, 5, 6, 'y'), 'one'],
  ['the same', edit(2, 5, 6, 'x'), edit(2, 5, 6, 'x'), 'one two'],
  ['two insertions at one point', edit(2, 5, 5, 'x '), edit(2, 5, 5, 'y '), 'one'],
  ['the same insertion', edit(2, 5, 5, 'x '), edit(2, 5, 5, 'x '), 'one two'],
  ['an insertion where another begins', edit(2, 5, 5, 'x '), edit(2, 5, 6, 'y'), 'one'],
  ['an insertion where another ends', edit(2, 4, 5, '  '), edit(2, 5, 5, 'x '), 'one'],
  ['in two files', edit(1, 1, 2, 'x'), edit(1, 1, 2, 'y', 'other'), 'one two'],
  ['in a file that is not there', edit(1, 1, 2, 'x'), edit(1, 1, 2, 'y', 'gone'), 'one'],
  ['past the end of a line', edit(1, 1, 2, 'x'), edit(2, 1, 40, 'y'), 'one']
])('it takes edits that go together: %s', (_, one, two, expected) => {
  expect(chosen(['one', { edits: [one] }], ['two', { line: 7, edits: [two] }]).join(' ')).toBe(expected)
})

test('it takes all edits of a finding or none', () => {
  const both = [edit(1, 1, 5, 'from'), edit(2, 1, 4, 'run')]
  expect(chosen(['one', { edits: [edit(2, 1, 4, 'Run')] }], ['two', { line: 7, edits: both }])).toEqual(['one'])
  expect(chosen(['one', { edits: both }], ['two', { line: 7, edits: [edit(1, 1, 5, 'From')] }])).toEqual(['one'])
})

test('it takes no finding whose own edits overlap', () =>
  expect(chosen(['one', { edits: [edit(2, 1, 6, 'x'), edit(2, 5, 8, 'y')] }])).toEqual([]))

test('it prefers what is severe, then what comes first', () => {
  const edits = (text: string) => ({ edits: [edit(2, 5, 6, text)] })
  const error = ruleOf({ severity: 'error' })
  const note = ruleOf({ severity: 'note' })
  expect(
    chosen(
      ['low', { rule: note, line: 1, ...edits('x') }],
      ['late', { rule: error, line: 9, ...edits('y') }],
      ['early', { rule: error, line: 2, ...edits('z') }]
    )
  ).toEqual(['early'])
})

// ---------------------------------------------------------------- applying

test.each([
  ['line breaks of Windows', 'a\r\nb\r\n', [edit(2, 1, 1, 'x\n')], 'a\r\nx\r\nb\r\n'],
  ['line breaks of Unix', 'a\nb\n', [edit(2, 1, 1, 'x\n')], 'a\nx\nb\n'],
  ['a text without any', 'a', [edit(1, 2, 2, '\nx')], 'a\nx'],
  ['insertions at one point, in their order', 'ab', [edit(1, 2, 2, '1'), edit(1, 2, 2, '2')], 'a12b'],
  ['an edit that two findings have', 'ab', [edit(1, 1, 2, 'x'), edit(1, 1, 2, 'x')], 'xb'],
  ['edits out of order', 'abc', [edit(1, 3, 4, 'z'), edit(1, 1, 2, 'x')], 'xbz']
])('it applies to %s', (_, text, edits, expected) => expect(applied(text, edits)).toBe(expected))

/** From the last to the first, each by itself. */
function naively(text: string, findings: Finding[]): string {
  const source = new SourceText(PATH, text)
  const offset = (line: number, column: number) => source.offset(line, column)
  const all = new Map(
    findings
      .flatMap(({ edits = [] }) => edits)
      .map(({ at: { line, column, endLine, endColumn }, text }) => {
        const [from, to] = [offset(line, column), offset(endLine, endColumn)]
        return [`${from} ${to} ${text}`, { from, to, text }] as const
      })
  )
  return [...all.values()]
    .sort((a, b) => b.from - a.from || b.to - a.to)
    .reduce((out, { from, to, text }) => out.slice(0, from) + text + out.slice(to), text)
}

test('whatever the edits, the result is that of those chosen, one after the other', () => {
  const texts = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n'), minLength: 1, maxLength: 60 })
  const edits = fc.array(
    fc.array(fc.tuple(fc.nat(60), fc.nat(8), fc.constantFrom('', 'x', 'y\n')), { minLength: 1, maxLength: 3 }),
    { maxLength: 12 }
  )
  fc.assert(
    fc.property(texts, edits, (text, all) => {
      const source = new SourceText(PATH, text)
      const findings = all.map((some, index) =>
        finding({
          path: PATH,
          line: index + 1,
          edits: some
            .map(([from, length, put]) => [Math.min(from, text.length), length, put] as const)
            // Two insertions of one finding at one point have an order of their own, which going backwards turns round.
            .filter(([from], i, rows) => rows.findIndex(([other]) => other === from) === i)
            .map(([from, length, put]) => ({
              at: source.place(from, Math.min(from + length, text.length)),
              text: put
            }))
        })
      )
      const taken = chosenOf(findings, new Map([[PATH, text]]))
      const ours = applied(
        text,
        taken.flatMap(each => each.edits ?? [])
      )
      expect(ours).toBe(naively(text, taken))
      // Whoever was left out would not have gone with those before.
      for (const [index, left] of findings.entries()) {
        if (taken.includes(left)) continue
        const before = taken.filter(each => findings.indexOf(each) < index)
        const last = { ...left, rule: ruleOf({ severity: 'note' }), severity: 'note' as const }
        expect(chosenOf([...before, last], new Map([[PATH, text]]))).toEqual(before)
      }
    })
  )
})

// ---------------------------------------------------------------- looking at the result

/** Finds each line of a Dockerfile that begins with a word, and puts another in its place. */
const replacing = (id: string, word: string, put: string, facts: Partial<Rule> = {}) =>
  rule({
    ...ruleOf({ id, severity: 'warning', edits: 'safe', ...facts }),
    over: 'dockerfile',
    *check({ instructions }) {
      for (const { args, keyword } of instructions) {
        const [first] = args
        if (keyword !== 'LABEL' || first?.value !== word) continue
        yield { at: first.at, message: word, edits: [{ at: first.at, text: put }] }
      }
    }
  } as Rule<'dockerfile'>)

const look = (files: Files, rules: Rule[]): Promise<Inspection> =>
  inspect(
    memorySource({ files }),
    { config: mergeConfig({ preset: 'all', require: [] }), problems: [] },
    { today: '2026-01-01', authorMayWrite: 'yes' },
    { rules, everything: true }
  )

async function fixed(labels: string, rules: Rule[]) {
  const text = `FROM a\n${labels
    .split(' ')
    .map(label => `LABEL ${label}\n`)
    .join('')}`
  const { texts, done, refused } = await fix(await look({ [PATH]: text }, rules), () => true)
  const after = (texts.get(PATH) ?? text).match(/(?<=LABEL )\S+/g)?.join(' ')
  return {
    after,
    done: done.map(each => each.message),
    refused: refused.map(each => `${each.finding.message}: ${each.why}`)
  }
}

const one = replacing('dockerfile/one', 'a=1', 'b=1')
const two = replacing('dockerfile/two', 'b=1', 'c=1')

test('it applies what an edit uncovers in the next round', async () =>
  expect(await fixed('a=1 x=1 b=1', [one, replacing('dockerfile/two', 'b=1', 'c=1', { severity: 'note' })])).toEqual({
    after: 'c=1 x=1 c=1',
    done: ['a=1', 'b=1', 'b=1'],
    refused: []
  }))

test('it takes back what brings a new warning, and keeps the rest', async () => {
  const other = replacing('dockerfile/other', 'd=1', 'e=1')
  const { after, done, refused } = await fixed('a=1 d=1', [one, two, other])
  expect([after, done]).toEqual(['a=1 e=1', ['d=1']])
  expect(refused).toEqual(['a=1: dockerfile/two would be found in Dockerfile:2: b=1'])
})

test('it takes back what leaves its finding', async () => {
  const idle = replacing('dockerfile/idle', 'a=1', 'a=1')
  expect(await fixed('a=1', [idle])).toEqual({
    after: 'a=1',
    done: [],
    refused: ['a=1: dockerfile/idle would still be found']
  })
})

test('it takes back what breaks a file', async () => {
  const path = '.github/workflows/ci.yml'
  const text = 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: a\n'
  const breaking = rule({
    ...ruleOf({ id: 'workflow/breaking', severity: 'note' }),
    over: 'workflow',
    *check({ jobs: [job] }) {
      if (job) yield { at: job.at, message: 'broken', edits: [{ at: at(1, 4, 1, 8, path), text: '[push' }] }
    }
  } as Rule<'workflow'>)
  const { texts, refused } = await fix(await look({ [path]: text }, [breaking]), () => true)
  expect(texts.size).toBe(0)
  expect(refused.map(({ why }) => why)).toEqual([expect.stringContaining(`${path} could not be read any more`)])
})

test('it finds the few that fail among many without trying all', async () => {
  const labels = Array.from({ length: 200 }, (_, i) => `k${i}=1`)
  const many = rule({
    ...ruleOf({ id: 'dockerfile/many', severity: 'warning' }),
    over: 'dockerfile',
    *check({ instructions }) {
      for (const { args, keyword } of instructions) {
        const [first] = args
        if (keyword !== 'LABEL' || !first?.value.endsWith('=1')) continue
        const put = first.value === 'k70=1' ? 'k70=1 ' : first.value.replace('=1', '=2')
        yield { at: first.at, message: first.value, edits: [{ at: first.at, text: put }] }
      }
    }
  } as Rule<'dockerfile'>)
  const start = await look({ [PATH]: `FROM a\n${labels.map(label => `LABEL ${label}\n`).join('')}` }, [many])
  let looks = 0
  const again: Inspection['again'] = texts => {
    looks++
    return start.again(texts)
  }
  const result = await fix({ ...start, again }, () => true)
  expect(result.done).toHaveLength(199)
  expect(result.refused.map(({ finding }) => finding.message)).toEqual(['k70=1'])
  expect(looks).toBeLessThan(25)
})

test('it fixes what it knows of a flood, round by round', async () => {
  const labels = Array.from({ length: 2500 }, () => 'LABEL a=1\n').join('')
  const start = await look({ [PATH]: `FROM a\n${labels}` }, [one])
  const { texts, refused } = await fix(start, () => true)
  expect(texts.get(PATH)).toBe(`FROM a\n${labels.replaceAll('a=1', 'b=1')}`)
  expect(refused).toEqual([])
})

test('it ends where edits undo each other', async () => {
  const back = replacing('dockerfile/back', 'b=1', 'a=1', { severity: 'note' })
  const forth = replacing('dockerfile/forth', 'a=1', 'b=1', { severity: 'note' })
  const { done } = await fixed('a=1', [back, forth])
  expect(done.length).toBeLessThan(8)
})

test('it fixes only what is wanted and new', async () => {
  const start = await look({ [PATH]: 'FROM a\nLABEL a=1\nLABEL d=1\n' }, [
    one,
    replacing('dockerfile/other', 'd=1', 'e=1')
  ])
  const { texts } = await fix(start, ({ message }) => message === 'd=1')
  expect(texts.get(PATH)).toBe('FROM a\nLABEL a=1\nLABEL e=1\n')
  for (const each of start.verdict.findings) each.introduced = false
  expect((await fix(start, () => true)).texts.size).toBe(0)
})

test('it offers what holds and what goes together', async () => {
  const start = await look({ [PATH]: 'FROM a\nLABEL a=1\nLABEL d=1\n' }, [
    one,
    two,
    replacing('dockerfile/other', 'd=1', 'e=1'),
    replacing('dockerfile/rival', 'd=1', 'f=1')
  ])
  expect([...(await offered(start))].map(each => each.rule.id)).toEqual(['dockerfile/other'])
})

test.each([
  ['a rule that says so', ruleOf({ edits: 'safe' }), {}, true],
  ['a rule that suggests', ruleOf({ edits: 'suggested' }), {}, false],
  ['a rule that says nothing', ruleOf(), {}, false],
  ['one finding of a safe rule', ruleOf({ edits: 'safe' }), { suggested: true }, false]
])('it tells whether edits are safe: %s', (_, each, facts, expected) =>
  expect(isSafe(finding({ rule: each, ...facts }))).toBe(expected)
)
