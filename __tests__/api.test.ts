import { expect, test } from '@jest/globals'
import { type InspectOptions, inspectFiles } from '../src/api.js'
import { allRules } from '../src/inspect.js'
import type { Files } from '../src/model.js'

const CI = '.github/workflows/ci.yml'
const CONFIG = '.github/pipeline-hygiene.yml'
const text = 'on: pull_request\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: npm test\n'
const odd = (value: unknown) => value as never

test('a report has the fields that scripts rely on', async () => {
  const report = await inspectFiles({ [CI]: text }, { rules: 'all' })
  expect(Object.keys(report)).toEqual(expect.arrayContaining(['conclusion', 'findings', 'hidden', 'unread']))
  for (const finding of report.findings)
    expect(finding).toMatchObject({
      rule: expect.any(String),
      severity: expect.stringMatching(/^(error|warning|note)$/),
      topic: expect.any(String),
      path: expect.any(String),
      line: expect.any(Number),
      column: expect.any(Number),
      endLine: expect.any(Number),
      endColumn: expect.any(Number),
      message: expect.any(String),
      fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
      introduced: true,
      peers: expect.any(Object)
    })
})

// ---------------------------------------------------------------- config

const unreadConfig = async (options: InspectOptions, files: Files = {}) => {
  const { conclusion, unread } = await inspectFiles(files, options)
  return { conclusion, config: unread.filter(({ what }) => what === 'config') }
}

test.each<[string, unknown, string]>([
  ['a wrong key in text', 'presets: all\n', 'did you mean preset?'],
  ['a wrong value in text', 'preset: some\n', 'recommended, strict or all'],
  ['broken YAML', 'preset: [\n', ''],
  ['a wrong key in an object', { presets: 'all' }, 'did you mean preset?'],
  ['a list', [], 'the config is a mapping'],
  ['a number', 7, 'an object or YAML text, not a number'],
  [
    'a circle',
    (() => {
      const a: Record<string, unknown> = {}
      a.a = a
      return a
    })(),
    'no plain object'
  ],
  ['a big number', { preset: 7n }, 'no plain object']
])('%s as config fails and is listed', async (_, config, reason) => {
  const {
    conclusion,
    config: [row]
  } = await unreadConfig({ config: odd(config) })
  expect(conclusion).toBe('failure')
  expect(row).toMatchObject({ what: 'config', reason: expect.stringContaining(reason), at: { path: CONFIG } })
})

test.each<[string, unknown]>([
  ['an empty object', {}],
  ['empty text', ''],
  ['an object', { preset: 'all', rules: { '*': 'off' }, require: [] }],
  ['text', "preset: all\nrules: { '*': off }\nrequire: []\n"],
  ['null', null]
])('%s is a config', async (_, config) => {
  expect((await unreadConfig({ config: odd(config) })).config).toEqual([])
})

test('a config as an object does what the same text does', async () => {
  const bySwitch = { require: [], rules: { '*': 'off' } }
  const asObject = await inspectFiles({ [CI]: text }, { config: bySwitch })
  const asText = await inspectFiles({ [CI]: text }, { config: "require: []\nrules: { '*': off }\n" })
  expect(asObject).toEqual(asText)
  expect(asObject.findings).toEqual([])
})

test('a wrong preset is a broken config', async () => {
  expect(await unreadConfig({ rules: odd('everything') })).toMatchObject({
    conclusion: 'failure',
    config: [{ reason: 'rules is recommended, strict, all or a list of ids, not string' }]
  })
})

test('the config file counts where it lies: at the base, without one among the files', async () => {
  const broken = { [CONFIG]: 'presets: all\n' }
  expect((await unreadConfig({}, broken)).config).toHaveLength(1)
  const brought = await inspectFiles(broken, { base: {} })
  expect(brought.unread.filter(({ what }) => what === 'config')).toEqual([])
  expect(brought.findings).toMatchObject([{ rule: 'config/invalid', severity: 'error', path: CONFIG, line: 1 }])
  expect((await unreadConfig({ base: broken }, { [CONFIG]: '' })).config).toHaveLength(1)
  expect((await unreadConfig({ config: {} }, broken)).config).toEqual([])
})

// ---------------------------------------------------------------- rules

test('only the rules that are named are asked', async () => {
  const files = { [CI]: `${text}# pipeline-hygiene ignore nothing/here -- x\n` }
  const { findings } = await inspectFiles(files, { rules: ['config/invalid-suppression'] })
  expect(findings).toMatchObject([{ rule: 'config/invalid-suppression', line: 7, column: 1 }])
  expect((await inspectFiles(files, { rules: [] })).findings).toEqual([])
  expect((await inspectFiles(files, { rules: ['no/such-rule'] })).findings).toEqual([])
})

test('ids are there once', () => {
  const ids = allRules.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
})

// ---------------------------------------------------------------- base and diff

test('files that a diff does not name are the same at the base', async () => {
  const other = '.github/workflows/other.yml'
  const diff = [{ path: other, status: 'modified' as const, added: [[1, 1]] as [number, number][] }]
  const files = {
    [CI]: `${text}# pipeline-hygiene ignore nothing/here -- x\n`,
    [other]: `${text}# pipeline-hygiene ignore nothing/here -- x\n`
  }
  const { findings } = await inspectFiles(files, { base: { [other]: text }, diff, rules: ['config/*'] })
  expect(findings.map(({ path, introduced }) => [path, introduced])).toEqual([
    [other, true],
    [CI, false]
  ])
})

// ---------------------------------------------------------------- input from anywhere

test.each<[string, unknown, unknown]>([
  ['nothing', undefined, undefined],
  ['null', null, null],
  ['a text', 'text', {}],
  ['a list', ['a'], []],
  ['values that are no strings', { [CI]: 7, a: null, b: undefined, c: {}, Dockerfile: Symbol('x') }, {}],
  ['NUL in a path and a text', { 'a\0b.yml': 'a\0b', [CI]: '\0'.repeat(100), 'Docker\0file': 'FROM a' }, {}],
  ['odd paths', { '': 'a', '/': 'a', '../x.yml': 'a: 1', '.github/workflows/': text, 'a//b.yml': 'a', ' ': 'a' }, {}],
  ['lone surrogates', { [CI]: '\ud800on: \udc00push\n', '\ud800.yml': 'a' }, {}],
  [
    'keys of prototypes',
    JSON.parse(`{"__proto__": "on: push", "constructor": "x", "toString": "y", "hasOwnProperty": "z"}`),
    {}
  ],
  [
    'such paths everywhere',
    { [CI]: text },
    JSON.parse(
      '{"paths": ["__proto__", 7], "base": {"__proto__": "a"}, "basePaths": ["constructor", null], "remoteFiles": {"__proto__": "x"}, "branch": {"__proto__": 1}}'
    )
  ],
  [
    'odd options',
    { [CI]: text },
    { paths: 7, basePaths: 'x', base: 'x', diff: 'x', branch: 'main', remoteFiles: [], peerConfig: 7, rules: 7 }
  ],
  [
    'odd rows in a diff',
    { [CI]: text },
    {
      base: {},
      diff: [
        null,
        7,
        {},
        { path: CI },
        { path: CI, status: 'odd' },
        { path: CI, status: 'modified', added: [[1], null, ['a', 'b'], [5, 1], [1, 1e9]] }
      ]
    }
  ],
  [
    'an odd branch',
    { [CI]: text },
    { branch: { requiredChecks: [7, null, { context: 1 }, 'a'], protected: 'yes', externalContexts: 'x', name: 5 } }
  ],
  [
    'brackets in brackets',
    { [CI]: '['.repeat(5000), '.github/dependabot.yml': '{a: '.repeat(5000), 'compose.yml': '- '.repeat(5000) },
    {}
  ],
  ['UTF-16', { [CI]: [...text].join('\0') }, {}],
  [
    'a mapping where a list belongs',
    { [CI]: 'on: [[[]]]\njobs: [a, {b: c}]\n', 'compose.yml': 'services: [a]\n', 'action.yml': 'runs: 7\n' },
    {}
  ]
])('%s never throws', async (_, files, options) => {
  const report = await inspectFiles(odd(files), odd(options))
  expect(report.unread.filter(({ what }) => what === 'inspection')).toEqual([])
  expect(['success', 'neutral', 'failure']).toContain(report.conclusion)
})

test('a value that is no string is listed as unread', async () => {
  const { unread } = await inspectFiles({ [CI]: odd(7) })
  expect(unread).toContainEqual(expect.objectContaining({ what: CI, reason: 'its text is no string but number' }))
})

test('a getter that throws is our failure, never a pass', async () => {
  const files = Object.defineProperty({}, 'a.yml', {
    enumerable: true,
    get() {
      throw new Error('no')
    }
  })
  expect(await inspectFiles(files)).toMatchObject({
    conclusion: 'failure',
    unread: [{ what: 'inspection', reason: 'no' }]
  })
})

test('a huge file costs little and is listed', async () => {
  const { unread } = await inspectFiles({ [CI]: 'a: b\n'.repeat(1 << 21) })
  expect(unread).toContainEqual(expect.objectContaining({ what: CI, reason: expect.stringContaining('larger than') }))
})
