import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import Ajv from 'ajv'
import addFormats from 'ajv-formats'
import type { Inspection } from '../../src/model.js'
import { annotations } from '../../src/report/annotations.js'
import { json } from '../../src/report/json.js'
import { markdown } from '../../src/report/markdown.js'
import { sarif } from '../../src/report/sarif.js'
import { summary } from '../../src/report/summary.js'
import { terminal } from '../../src/report/terminal.js'
import { at, finding, HOSTILE, inspection, pin, ruleOf, timeout, WORKFLOW } from './inspection.js'
import { outsideCode } from './markdown-text.js'

const plain = (value: Inspection, options = {}) => terminal(value, { color: false, ...options })

const mixed = () =>
  inspection({
    because: '1 new finding at error',
    findings: [
      finding({ rule: timeout, at: at(3, 3, 3, 7), message: 'job test has no timeout' }),
      finding({ message: 'an older failure is lost', introduced: false }),
      finding({ rule: pin, at: at(7, 15, 7, 36), message: 'actions/checkout@main can change' }),
      finding({ rule: pin, at: at(6, 9, 6, 12), message: 'actions/cache@v4 can change' }),
      finding(),
      finding({ path: '', rule: ruleOf({ id: 'branch/unprotected', severity: 'warning' }), message: 'main is open' })
    ],
    hidden: [{ finding: finding({ message: 'quiet' }), because: 'suppressed', reason: 'known' }],
    unread: [{ what: 'branch rules', reason: 'the token may not read them' }],
    requirements: [
      { topic: 'health', state: 'met', why: 'web has a health check' },
      { topic: 'tests', state: 'unknown', why: 'Buildkite runs elsewhere' }
    ]
  })

// ---------------------------------------------------------------- terminal

test('prints a frame with the place underlined, the rule, the fix and one line of totals', () => {
  expect(plain(inspection({ findings: [finding()] }))).toBe(`.github/workflows/ci.yml
  6:14    error    a failure of npm test is lost by || true  pipeline/test-failure-ignored
     6 │       - run: npm test || true
       │              ^^^^^^^^^^^^^^^^
      fix: Let the command fail

Blocked: 1 error
1 error · 1 file looked at in 84 ms
`)
})

test('says open requirements first and what was not checked, and lists old findings only when asked', () => {
  const shown = plain(mixed())
  expect(shown.split('\n')[0]).toBe('required tests: unknown  Buildkite runs elsewhere')
  expect(shown).toContain('not checked: branch rules: the token may not read them\n')
  expect(shown).toContain('actions/cache@v4 can change (and 1 more at line 7)')
  expect(shown).not.toContain('an older failure')
  expect(shown.trimEnd().split('\n').at(-1)).toBe(
    '1 error, 3 warnings, 1 note · 1 older · 1 hidden · 1 file looked at in 84 ms · 1 not read'
  )
  expect(plain(mixed(), { verbose: true })).toContain('older: .github/workflows/ci.yml:6  an older failure is lost')
  expect(plain(mixed(), { timing: true })).toContain('1.50 ms  pipeline/test-failure-ignored')
})

test('says that nothing was found', () =>
  expect(plain(inspection())).toBe('Passed: nothing found\nnothing found · 1 file looked at in 84 ms\n'))

test.each([
  ['a tab', '\trun: x', 2, 5, '  run: x', '  ^^^'],
  ['wide characters', '大きい: x', 1, 4, '大きい: x', '^^^^^^'],
  ['an escape sequence', 'a\u001b[31m: x', 1, 3, 'a\ufffd[31m: x', '^^'],
  ['a bidi override', '\u202ea: x', 1, 2, '\ufffda: x', '^'],
  ['a place past the end', 'a', 9, 12, 'a', ' ^']
])('aligns the mark under %s', (_, text, column, endColumn, code, mark) => {
  const one = finding({ at: at(1, column, 1, endColumn) })
  const [, , line, marks] = plain(inspection({ findings: [one] }, { texts: new Map([[WORKFLOW, text]]) })).split('\n')
  expect(line).toBe(`     1 │ ${code}`)
  expect(marks).toBe(`       │ ${mark}`)
})

test('cuts a line of a megabyte around its place', () => {
  const text = `${'x'.repeat(500_000)}HERE${'y'.repeat(500_000)}`
  const one = finding({ at: at(1, 500_001, 1, 500_005) })
  const [, , line = '', marks = ''] = plain(inspection({ findings: [one] }, { texts: new Map([[WORKFLOW, text]]) }), {
    width: 80
  }).split('\n')
  expect(line.length).toBeLessThanOrEqual(82)
  expect(line.indexOf('HERE')).toBe(marks.indexOf('^^^^'))
})

test('shows three lines of a long place', () => {
  const shown = plain(inspection({ findings: [finding({ at: at(2, 1, 8, 1) })] }))
  expect(shown).toContain('     4 │     runs-on: ubuntu-latest\n     … │ 3 more lines\n')
  expect(shown).not.toContain('│     steps')
})

test('colours only when asked', () => {
  expect(plain(mixed())).not.toContain('\u001b')
  expect(terminal(mixed(), { color: true })).toContain('\u001b[1;31merror  \u001b[0m')
})

test('says notices, what would block, and why it could not decide', () => {
  const shown = plain(
    inspection({ conclusion: 'neutral', because: 'first run', notices: ['new here'], wouldBlock: ['x'] })
  )
  expect(shown).toMatch(/^notice: new here\nwould block: x\nNeutral: first run\n/)
  expect(plain(inspection({ failed: 'x', because: 'the config is broken: x', conclusion: 'failure' }))).toMatch(
    /^Could not decide: the config is broken: x\n/
  )
})

test('prints no command of a runner', () => {
  const findings = HOSTILE.map(text => finding({ message: text, path: text }))
  const shown = plain(inspection({ findings, notices: HOSTILE, because: '::error::x' }))
  expect(shown).not.toMatch(/^\s*::|##\[/m)
  expect(shown.replaceAll('\u2060', '')).not.toMatch(/(?![\n\u200d])[\p{Cc}\p{Cf}\p{Cs}]/u)
})

// ---------------------------------------------------------------- JSON

test('gives the report as data, best first', () => {
  const report = JSON.parse(json(mixed()))
  expect(Object.keys(report)).toEqual([
    'version',
    'conclusion',
    'because',
    'wouldBlock',
    'notices',
    'requirements',
    'findings',
    'hidden',
    'unread',
    'looked',
    'took'
  ])
  expect(report.findings.map((one: { message: string }) => one.message)).toEqual([
    'a failure of npm test is lost by || true',
    'main is open',
    'actions/cache@v4 can change',
    'actions/checkout@main can change',
    'job test has no timeout',
    'an older failure is lost'
  ])
  expect(report.findings[0]).toMatchObject({
    rule: 'pipeline/test-failure-ignored',
    path: WORKFLOW,
    line: 6,
    peers: {}
  })
  expect(report.hidden[0]).toMatchObject({ because: 'suppressed', reason: 'known' })
  expect(report.looked).toEqual({ workflow: { read: 1 } })
})

// ---------------------------------------------------------------- workflow commands

test('annotates what is new, with the file where there is one', () => {
  expect(annotations(mixed())).toEqual([
    `::error title=pipeline/test-failure-ignored,file=${WORKFLOW},line=6,endLine=6,col=14,endColumn=30::a failure of npm test is lost by || true%0ALet the command fail`,
    '::warning title=required topic tests is unknown::Buildkite runs elsewhere',
    '::warning title=branch/unprotected::main is open%0ALet the command fail',
    `::warning title=workflow/unpinned-action,file=${WORKFLOW},line=6,endLine=6,col=9,endColumn=12::actions/cache@v4 can change (and 1 more at line 7)%0AName a full commit`,
    `::notice title=workflow/job-without-timeout,file=${WORKFLOW},line=3,endLine=3,col=3,endColumn=7::job test has no timeout%0ALet the command fail`
  ])
})

test.each([
  [10, 10, undefined],
  [11, 10, '::error::and 2 more errors: see the summary of this run'],
  [500, 10, '::error::and 491 more errors: see the summary of this run']
])('shows ten of %i errors, the tenth a pointer', (count, shown, pointer) => {
  const lines = annotations(inspection({ findings: Array.from({ length: count }, () => finding()) }))
  expect(lines).toHaveLength(shown)
  if (pointer) expect(lines.at(-1)).toBe(pointer)
  else expect(lines.at(-1)).toContain('npm test')
})

test('counts required topics and notices among the ten, and says them first', () => {
  const lines = annotations(
    inspection({
      findings: Array.from({ length: 10 }, () => finding()),
      requirements: [{ topic: 'tests', state: 'not-met', why: 'no job runs tests', at: at(2, 1, 2, 5) }],
      notices: Array.from({ length: 12 }, (_, index) => `notice ${index}`)
    })
  )
  expect(lines[0]).toBe(`::error title=required topic tests is not met,file=${WORKFLOW},line=2::no job runs tests`)
  expect(lines[9]).toBe('::error::and 2 more errors: see the summary of this run')
  expect(lines[10]).toBe('::notice title=Pipeline Hygiene::notice 0')
  expect(lines[19]).toBe('::notice::and 3 more notes: see the summary of this run')
  expect(lines).toHaveLength(20)
})

test('warns of a required topic that does not block yet', () => {
  const requirements = [{ topic: 'tests' as const, state: 'not-met' as const, why: 'no job runs tests' }]
  expect(annotations(inspection({ conclusion: 'neutral', requirements }))).toEqual([
    '::warning title=required topic tests is not met::no job runs tests'
  ])
})

test.each(HOSTILE)('writes one command a line whatever it quotes: %j', text => {
  const lines = annotations(inspection({ findings: [finding({ message: text, path: text })] }))
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatch(/^::error title=[^:,\n]*,file=[^:,\n]*,line=6,endLine=6,col=14,endColumn=30::[^\n\r]*$/)
})

// ---------------------------------------------------------------- Markdown

test('says the verdict first and folds the rest', () => {
  const shown = markdown(mixed(), { blob: 'https://github.com/o/r/blob/abc' })
  expect(shown.split('\n')[0]).toBe('❌ **Blocked**: 1 new finding at error')
  expect(shown).toContain('| tests | unknown | Buildkite runs elsewhere |\n| health | met | web has a health check |\n')
  expect(shown).toContain(
    '- [`.github/workflows/ci.yml:6`](https://github.com/o/r/blob/abc/.github/workflows/ci.yml#L6) a failure of npm test is lost by `||` true · `pipeline/test-failure-ignored`\n'
  )
  expect(shown).toContain('- the repository: main is open · `branch/unprotected`\n')
  expect(shown.indexOf('an older failure')).toBeGreaterThan(shown.indexOf('<details>'))
  expect(shown).toContain('quiet · `pipeline/test-failure-ignored` (suppressed: known)\n')
  expect(shown).toContain('| Files | read |\n| --- | ---: |\n| workflows | 1 |\n')
})

test.each(HOSTILE)('quotes nothing that acts: %j', text => {
  const hostile = inspection({
    because: text,
    wouldBlock: [text],
    notices: [text],
    findings: [finding({ message: text, path: text }), finding({ message: text, path: text, introduced: false })],
    hidden: [{ finding: finding({ message: text, path: text }), because: 'suppressed', reason: text }],
    unread: [{ what: text, reason: text, at: at(1, 1, 1, 1, `${text}x`) }],
    requirements: [{ topic: 'tests', state: 'not-met', why: text }]
  })
  const blob = 'https://github.com/o/r/blob/abc'
  const harmless = markdown(inspection({ findings: [finding()] }))
  const lines = markdown(hostile, { blob })
    .split('\n')
    .map(line => outsideCode(line).replace(/\(https:\/\/github\.com\/o\/r\/blob\/abc\/[^ ()]*\)/g, ''))
  const own = /^\| --- .*|<\/?(details|summary|sub|br)>|^### |^\| [^|]* \| [^|]* \| [^|]* \|$|\*\*/g
  for (const line of lines) {
    const rest = line.replace(own, '').replaceAll('[ code ]', '')
    expect(rest).not.toMatch(/[@#<>[\]`\\$*_~]|https?:|www\.|GH-/)
  }
  expect(harmless).toContain('❌')
})

test('never grows over its limit and counts what is left out', () => {
  const many = inspection({
    findings: Array.from({ length: 5000 }, (_, index) => finding({ path: `file-${index}`, message: 'ü'.repeat(300) }))
  })
  for (const limit of [1000, 10_000, 60_000]) {
    const shown = markdown(many, { limit })
    expect(Buffer.byteLength(shown)).toBeLessThanOrEqual(limit)
    expect(shown).toMatch(/- and \d,\d{3} more\n/)
    expect(shown).toMatch(/<details>|part left out for their size|part left out/)
  }
})

// ---------------------------------------------------------------- summary

test('is the report under its name', () => expect(summary(mixed())).toBe(`## Pipeline Hygiene\n\n${markdown(mixed())}`))

// ---------------------------------------------------------------- SARIF

interface Result {
  ruleIndex: number
  level: string
  baselineState?: string
  suppressions?: object[]
  fixes?: object[]
  locations: { physicalLocation: { artifactLocation: { uri: string }; region: object } }[]
}
const resultsOf = (text: string): Result[] => JSON.parse(text).runs[0].results

const schema = JSON.parse(
  readFileSync('node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json', 'utf8')
    // The schema is of draft 4; all it uses but the name of its own address reads the same in draft 7.
    .replace('"http://json-schema.org/draft-04/schema#"', '"http://json-schema.org/draft-07/schema#"')
    .replace('"id": "https://raw', '"$id": "https://raw')
)
const ajv = new Ajv.default({ strict: false, unicodeRegExp: false })
addFormats.default(ajv)
const validate = ajv.compile(schema)
const problemsOf = (text: string) => (validate(JSON.parse(text)) ? [] : validate.errors)

test.each([
  ['nothing', inspection()],
  ['everything', mixed()],
  ['a failure of our own', inspection({ failed: 'the config is broken', conclusion: 'failure' })],
  ['hostile texts', inspection({ findings: HOSTILE.map(text => finding({ message: text, path: text })) })],
  [
    'edits',
    inspection({ findings: [finding({ edits: [{ at: at(6, 22, 6, 30), text: '' }] })] }, { base: inspection().repo })
  ]
])('is valid SARIF for %s', (_, value) => expect(problemsOf(sarif(value))).toEqual([]))

test('validates for real', () => expect(validate({ version: '2.1.0', runs: [{ results: 1 }] })).toBe(false))

test('gives each result one line, and what has no file the first pipeline file', () => {
  const long = finding({ at: at(3, 3, 6, 1) })
  const results = resultsOf(sarif(inspection({ findings: [long, finding({ path: '', rule: timeout })] })))
  expect(results.map(({ locations }) => locations[0]?.physicalLocation)).toEqual([
    {
      artifactLocation: { uri: WORKFLOW, uriBaseId: '%SRCROOT%' },
      region: { startLine: 3, startColumn: 3, endLine: 3, endColumn: 8 }
    },
    { artifactLocation: { uri: WORKFLOW, uriBaseId: '%SRCROOT%' }, region: { startLine: 1 } }
  ])
})

test('says what is new only where there is a base, and keeps what was suppressed', () => {
  const states = (value: Inspection) => resultsOf(sarif(value)).map(({ baselineState }) => baselineState)
  expect(states(mixed()).every(state => state === undefined)).toBe(true)
  const compared = { ...mixed(), repo: { ...mixed().repo, base: inspection().repo } }
  expect(states(compared)).toEqual(['new', 'new', 'new', 'new', 'new', 'unchanged', 'new'])
  expect(resultsOf(sarif(mixed())).at(-1)?.suppressions).toEqual([{ kind: 'inSource', justification: 'known' }])
})

test('gives edits as fixes, those whose result was looked at', () => {
  const one = finding({ edits: [{ at: at(6, 22, 6, 30), text: '' }] })
  const other = finding({ line: 7, edits: [{ at: at(7, 1, 7, 2), text: '' }] })
  const [result, left] = resultsOf(sarif(inspection({ findings: [one, other] }), new Set([one])))
  expect(left?.fixes).toBeUndefined()
  expect(result?.fixes).toEqual([
    {
      description: { text: 'Let the command fail' },
      artifactChanges: [
        {
          artifactLocation: { uri: WORKFLOW, uriBaseId: '%SRCROOT%' },
          replacements: [
            {
              deletedRegion: { startLine: 6, startColumn: 22, endLine: 6, endColumn: 30 },
              insertedContent: { text: '' }
            }
          ]
        }
      ]
    }
  ])
})

// ---------------------------------------------------------------- many

const many = (count: number) =>
  inspection({
    findings: Array.from({ length: count }, (_, index) =>
      finding({ line: (index % 7) + 1, introduced: index % 2 === 0, ...(index % 3 === 0 && { rule: pin }) })
    )
  })

test('stays within its bounds for a hundred thousand findings', () => {
  const all = many(100_000)
  expect(plain(all).length).toBeLessThan(1_000_000)
  expect(Buffer.byteLength(summary(all))).toBeLessThanOrEqual(900 * 1024)
  expect(Buffer.byteLength(markdown(all))).toBeLessThanOrEqual(60_000)
  expect(annotations(all).length).toBeLessThanOrEqual(30)
})

test('keeps as many results as GitHub takes, and all of them as JSON', () => {
  const all = many(26_000)
  expect(resultsOf(sarif(all))).toHaveLength(25_000)
  expect(sarif(all)).toContain('1,000 findings left out')
  expect(JSON.parse(json(all)).findings).toHaveLength(26_000)
})
