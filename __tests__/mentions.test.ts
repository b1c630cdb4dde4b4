import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import type { Example, Files, Rule } from '../src/model.js'
import { run } from '../src/rule.js'
import { rules } from '../src/rules/index.js'
import { wordsIn } from '../src/words.js'
import { defaultsOf, repoOf } from './helpers.js'

test.each([
  ['as it is', 'run: npm test', 'npm'],
  ['in other letters', 'RUN NPM test', 'npm'],
  ['beside signs', 'uses: "actions/checkout@v4"', 'checkout'],
  ['behind an escape', String.raw`run: "cd x\nnpm test"`, 'npm'],
  ['with an escape for a letter', String.raw`run: "n\x70m test"`, 'npm'],
  ['with quotes inside', `run: n'p'm test`, 'npm'],
  ['with quotes inside and behind an escape', String.raw`run: "cd x\nn'p'm test"`, 'npm'],
  ['with a number for a letter', String.raw`run: $'\156pm' test`, 'npm'],
  ['with a letter that has another in capitals', 'EXPO\u017fE 80', 'expose'],
  ['with a backslash inside', String.raw`run: n\pm test`, 'npm'],
  ['across a line', 'RUN n\\\npm test', 'npm'],
  ['across a line with blanks behind', 'RUN n\\\\ \npm test', 'npm'],
  ['across a line of Windows', 'RUN n\\\r\npm test', 'npm'],
  ['across a line of PowerShell', 'run: n`\npm test', 'npm']
])('it sees a word %s', (_, text, word) => expect(wordsIn(text).has(word)).toBe(true))

test.each([
  ['a part of a word', 'run: pnpm test', 'npm'],
  ['a word beside another', 'run: npm_test', 'npm'],
  ['nothing', '', 'npm']
])('it sees no word in %s', (_, text, word) => expect(wordsIn(text).has(word)).toBe(false))

const mentioning = rules.filter(({ mentions }) => mentions)

test('what rules mention is words', () => {
  expect(mentioning.length).toBeGreaterThan(50)
  for (const { mentions = [] } of mentioning) {
    expect(mentions.length).toBeGreaterThan(0)
    for (const word of mentions as string[]) expect(word).toMatch(/^[a-z0-9_]+$/)
  }
})

const unasked = mentioning.map(({ mentions: _, ...rule }) => rule as Rule)
/** What the rules that mention words find, with and without looking for the words. */
async function both(example: Example): Promise<[string[], string[]]> {
  const repo = await repoOf(example)
  const said = (some: Rule[]) => {
    const { found, unread } = run(some, repo, defaultsOf)
    return [...found.map(({ rule, problem }) => `${rule.id} ${problem.message}`), ...unread.map(({ what }) => what)]
  }
  return [said(mentioning), said(unasked)]
}

test('a rule that is not asked had nothing to say: examples', async () => {
  for (const { bad, good } of rules)
    for (const example of [bad, good]) {
      const [asked, all] = await both(example)
      expect(asked).toEqual(all)
    }
})

const CASES = '../shared/conformance'
const suites = existsSync(CASES) ? readdirSync(CASES).filter(name => name.endsWith('.jsonl')) : []

;(suites.length ? test.each(suites) : test.skip.each(['no cases beside the project']))(
  'a rule that is not asked had nothing to say: %s',
  async suite => {
    for (const line of readFileSync(`${CASES}/${suite}`, 'utf8').trim().split('\n')) {
      const [asked, all] = await both((JSON.parse(line) as { files: Files }).files)
      expect(asked).toEqual(all)
    }
  },
  60_000
)
