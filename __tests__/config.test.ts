import { expect, test } from '@jest/globals'
import {
  DEFAULTS,
  globProblem,
  isOnSomewhere,
  matchesAny,
  mergeConfig,
  optionsOf,
  readConfig,
  readInputs,
  settingOf
} from '../src/config.js'
import { configMarkdown, configSchema } from '../src/config-docs.js'
import type { OptionSpec, Preset, Rule } from '../src/model.js'
import { READERS } from '../src/peer-comments.js'
import { PEER_PATHS, PEER_TOOLS } from '../src/peer-config.js'
import { rule } from '../src/rule.js'
import { editDistance, matchesId, nearest } from '../src/words.js'

const named = (id: string, preset: Preset = 'recommended', options?: Record<string, OptionSpec>): Rule =>
  rule({
    id,
    title: 'A title',
    why: 'A reason.',
    fix: 'A fix.',
    severity: 'warning',
    topic: 'security',
    preset,
    over: 'workflow',
    *check() {},
    bad: {},
    good: {},
    ...(options && { options })
  })

const pinned = named('workflow/unpinned-action', 'recommended', {
  allow: { type: 'strings', default: ['actions/*'], about: 'owners that may use tags' },
  days: { type: 'number', default: 3, about: 'days to wait' },
  version: { type: 'string', default: '', about: 'a version' },
  deep: { type: 'boolean', default: false, about: 'look deeper' }
})
const untested = named('pull-request/untested-change', 'recommended', {
  source: { type: 'strings', default: ['a/**'], about: 'source' },
  tests: { type: 'strings', default: [], about: 'tests' }
})
const timeout = named('workflow/job-without-timeout')
const root = named('dockerfile/root-user', 'strict')
const apt = named('dockerfile/unpinned-apt', 'all')
const RULES = [pinned, untested, timeout, root, apt]

const read = (text: string) => readConfig('c.yml', text, RULES)
const wrongs = (text: string) => read(text).problems.map(({ at, message }) => `${at.line}:${at.column} ${message}`)

// ---------------------------------------------------------------- reading

test('a whole file is read', () => {
  const text = `preset: strict
require: [tests, gate]
fail-on: warning
unknown: fail
warn-only-until: 2027-01-31
rules:
  workflow/job-without-timeout: off
  'dockerfile/*': note
  workflow/unpinned-action: { severity: error, options: { allow: ['my-org/*'], days: 7, version: 1.10, deep: true } }
paths:
  - match: ['examples/**']
    rules: { '*': off }
  - match: docs/**
    rules: { 'dockerfile/*': on }
source: ['lib/**', '!lib/generated/**']
tests: checks/**
shellcheck: false
pyflakes: true
`
  expect(read(text)).toEqual({
    problems: [],
    config: {
      preset: 'strict',
      require: ['tests', 'gate'],
      failOn: 'warning',
      unknown: 'fail',
      warnOnlyUntil: '2027-01-31',
      rules: [
        { rule: 'workflow/job-without-timeout', severity: 'off' },
        { rule: 'dockerfile/*', severity: 'note' },
        {
          rule: 'workflow/unpinned-action',
          severity: 'error',
          options: { allow: ['my-org/*'], days: 7, version: '1.10', deep: true }
        }
      ],
      overrides: [
        { paths: ['examples/**'], rules: [{ rule: '*', severity: 'off' }] },
        { paths: ['docs/**'], rules: [{ rule: 'dockerfile/*', severity: 'on' }] }
      ],
      source: ['lib/**', '!lib/generated/**'],
      tests: ['checks/**'],
      shellcheck: false,
      pyflakes: true
    }
  })
})

test.each([
  ['nothing', ''],
  ['a comment', '# nothing yet\n'],
  ['an empty document', '---\n'],
  ['a byte order mark', '\ufeffpreset: strict\n'],
  ['CRLF', 'preset: strict\r\nrequire: []\r\n'],
  ['a quoted day', "warn-only-until: '2027-01-31'\n"],
  ['a list in one text', 'require: tests, health\n'],
  ['none', 'require: none\n'],
  ['an anchor', 'source: &globs [a/**]\ntests: *globs\n']
])('%s is fine', (_, text) => expect(wrongs(text)).toEqual([]))

test('an empty list requires nothing, and so does none', () => {
  expect(read('require: []\n').config.require).toEqual([])
  expect(read('require: none\n').config.require).toEqual([])
})

test.each([
  ['a misspelt key', 'preset: all\nrequre: [tests]\n', "2:1 unknown key 'requre': did you mean require?"],
  ['an underscore', 'fail_on: error\n', "1:1 unknown key 'fail_on': did you mean fail-on?"],
  [
    'an unknown key, with the keys there are',
    'extends: other\n',
    "1:1 unknown key 'extends': the keys are preset, profile, require, fail-on, unknown, warn-only-until, rules, paths, source, tests, shellcheck or pyflakes"
  ],
  ['a key that is there twice', 'preset: all\npreset: strict\n', "2:1 'preset' is there twice"],
  [
    'a misspelt preset',
    'preset: stric\n',
    "1:9 preset is recommended, strict or all, not 'stric' (did you mean strict?)"
  ],
  ['another preset', 'preset: 7\n', "1:9 preset is recommended, strict or all, not '7'"],
  ['an empty preset', 'preset:\n', '1:8 preset is recommended, strict or all, not empty'],
  ['a list for a word', 'unknown: [fail]\n', '1:10 unknown is neutral or fail, not a list'],
  ['a misspelt topic', 'require:\n  - test\n', "2:5 require lists topics, and 'test' is none: did you mean tests?"],
  ['a number for a topic', 'require: [tests, 3]\n', "1:18 require is a list of texts, not of '3'"],
  ['a mapping for topics', 'require: { tests: true }\n', '1:10 require is a list of texts, not a mapping'],
  ['a day that is none', 'warn-only-until: 2027-02-30\n', "1:18 '2027-02-30' is no day: write it as 2027-01-31"],
  ['a day in other words', 'warn-only-until: 31.01.2027\n', "1:18 '31.01.2027' is no day: write it as 2027-01-31"],
  ['a year', 'warn-only-until: 2027\n', "1:18 warn-only-until is a text, not '2027'"],
  [
    'a misspelt rule',
    'rules:\n  workflow/unpined-action: off\n',
    "2:3 unknown rule 'workflow/unpined-action': did you mean workflow/unpinned-action?"
  ],
  [
    'the last part of an id',
    'rules:\n  root-user: off\n',
    "2:3 unknown rule 'root-user': did you mean dockerfile/root-user?"
  ],
  [
    'a rule that is nothing like one',
    'rules: { something/else-altogether: off }\n',
    "1:10 unknown rule 'something/else-altogether': pipeline-hygiene rules lists them"
  ],
  [
    'a glob that no rule matches',
    "rules: { 'docker/*': off }\n",
    "1:10 no rule matches 'docker/*': pipeline-hygiene rules lists them"
  ],
  [
    'false for off',
    'rules: { dockerfile/root-user: false }\n',
    "1:32 dockerfile/root-user is error, warning, note, off or on, not 'false'"
  ],
  [
    'a misspelt severity',
    'rules:\n  dockerfile/root-user: { severity: warn, option: {} }\n',
    "2:37 severity is error, warning, note, off or on, not 'warn' (did you mean warning?)"
  ],
  ['a list of rules', 'rules: [dockerfile/root-user]\n', '1:8 rules is a mapping, not a list'],
  [
    'an unknown option',
    'rules: { workflow/unpinned-action: { options: { alow: [] } } }\n',
    "1:49 unknown key 'alow': did you mean allow?"
  ],
  [
    'an option of a rule without any',
    'rules: { dockerfile/root-user: { options: { a: 1 } } }\n',
    '1:43 dockerfile/root-user has no options'
  ],
  [
    'an option of another type',
    'rules: { workflow/unpinned-action: { options: { days: soon } } }\n',
    "1:55 days is a number, not the text 'soon'"
  ],
  [
    'options for some paths only',
    'paths: [{ match: a, rules: { workflow/unpinned-action: { options: { days: 1 } } } }]\n',
    '1:58 options hold for the whole repository: set them under rules'
  ],
  ['paths as a mapping', 'paths: { a: {} }\n', '1:8 paths is a list of { match, rules }, not a mapping'],
  [
    'paths without match',
    "paths:\n  - rules: { '*': off }\n",
    '2:5 an entry of paths needs match: the globs it is for'
  ],
  ['paths without rules', 'paths:\n  - match: a\n', '2:5 an entry of paths needs rules: what holds there'],
  [
    'a glob with a slash in front',
    'source: [/lib/**]\n',
    "1:10 '/lib/**' starts with a slash: paths start at the root of the repository (lib/**)"
  ],
  ['a glob of another type', 'tests: [1]\n', "1:9 tests is a list of texts, not of '1'"],
  [
    'a list',
    '- preset\n',
    '1:1 the config is a mapping with the keys preset, profile, require, fail-on, unknown, warn-only-until, rules, paths, source, tests, shellcheck or pyflakes, not a list'
  ],
  ['a flag that is none', 'shellcheck: maybe\n', "1:13 shellcheck is true or false, not the text 'maybe'"],
  ['two documents', 'preset: all\n---\npreset: strict\n', '3:1 a config is one YAML document, not several'],
  ['NUL characters', 'p\0r\0e\0', '1:1 holds NUL characters: save it as UTF-8']
])('it names %s and its place', (_, text, expected) => expect(wrongs(text)).toContain(expected))

test('one wrong key leaves the rest', () => {
  expect(
    read('preset: strict\nfail-on: never\nrules:\n  nothing/here: off\n  dockerfile/root-user: on\n').config
  ).toEqual({
    preset: 'strict',
    rules: [{ rule: 'dockerfile/root-user', severity: 'on' }]
  })
})

test.each([
  ['broken YAML', 'preset: [\n', 2],
  ['a bad indent', 'rules:\n  a: 1\n b: 2\n', 3],
  ['a nest of brackets', '['.repeat(5000), 1],
  [
    'a bomb of aliases',
    `a: &a [1,1,1,1,1,1,1,1,1]\n${[...'bcdefghi'].map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(',')}]\n`).join('')}`,
    5
  ]
])('it says where %s is broken', (_, text) => {
  const { config, problems } = read(text)
  expect(config).toEqual({})
  expect(problems.length).toBeGreaterThan(0)
  expect(problems[0]!.at.path).toBe('c.yml')
})

test('a huge text and a key from a prototype do no harm', () => {
  expect(wrongs('#'.repeat(1 << 19))).toEqual(['1:1 is larger than 256 KiB'])
  expect(wrongs('__proto__: { preset: all }\nconstructor: 1\n')).toHaveLength(2)
  expect(wrongs('rules: { __proto__: off }\n')).toHaveLength(1)
})

// ---------------------------------------------------------------- globs

test.each(['lib/**', '!lib/x.ts', '*.test.*', '**/{a,b}/**/*.ts', 'a', '**/*'])('%s is a glob', glob =>
  expect(globProblem(glob)).toBeUndefined()
)
test.each([
  '',
  '!',
  '/lib',
  './lib',
  '+(a|aa)',
  '*a*b*c*d*',
  '{a,b}{a,b}{a,b}{a,b}{a,b}',
  '{1..9999}',
  'a'.repeat(201),
  '**/a/**/b/**/c/**'
])('%s is refused as a glob', glob => expect(globProblem(glob)).toBeDefined())
test('of globs the last one that speaks counts', () => {
  expect(matchesAny('lib/a.ts', ['lib/**'])).toBe(true)
  expect(matchesAny('lib/gen/a.ts', ['lib/**', '!lib/gen/**'])).toBe(false)
  expect(matchesAny('.github/a.yml', ['**'])).toBe(true)
  expect(matchesAny('src/a.ts', ['lib/**'])).toBe(false)
})

// ---------------------------------------------------------------- asking

const setting = (text: string, one: Rule, path = 'a.yml') => settingOf(mergeConfig(read(text).config), one, path)
test.each<[string, string, Rule, string]>([
  ['a rule of the preset is on', '', timeout, 'on'],
  ['a rule of a larger preset is off', '', root, 'off'],
  ['strict has recommended and strict', 'preset: strict\n', root, 'on'],
  ['strict has not all', 'preset: strict\n', apt, 'off'],
  ['on takes a rule from another preset', 'rules: { dockerfile/root-user: on }\n', root, 'on'],
  ['a severity does so too', 'rules: { dockerfile/root-user: error }\n', root, 'error'],
  ['options alone do not', 'rules: { workflow/unpinned-action: { options: { days: 1 } } }\n', pinned, 'on'],
  ['later ones win', "rules: { 'dockerfile/*': error, dockerfile/root-user: off }\n", root, 'off'],
  ['later globs win too', "rules: { dockerfile/root-user: off, 'dockerfile/*': error }\n", root, 'error'],
  ['on takes a severity back', "rules: { '*': note, workflow/job-without-timeout: on }\n", timeout, 'on'],
  ['a path wins over rules', "rules: { '*': error }\npaths: [{ match: a.yml, rules: { '*': off } }]\n", timeout, 'off'],
  ['another path does not', "paths: [{ match: b.yml, rules: { '*': off } }]\n", timeout, 'on']
])('%s', (_, text, one, expected) => expect(setting(text, one)).toBe(expected))

test('a rule that some path switches on is on somewhere', () => {
  const on = (text: string) => isOnSomewhere(mergeConfig(read(text).config), root)
  expect(on('paths: [{ match: a, rules: { dockerfile/root-user: note } }]\n')).toBe(true)
  expect(on('paths: [{ match: a, rules: { dockerfile/root-user: off } }]\n')).toBe(false)
  expect(on('preset: strict\npaths: [{ match: a, rules: { dockerfile/root-user: off } }]\n')).toBe(true)
  expect(on('preset: strict\nrules: { dockerfile/root-user: off }\n')).toBe(false)
})

test('options are those of the rule, then those of the config', () => {
  const config = mergeConfig(read('rules: { workflow/unpinned-action: { options: { allow: [x/*] } } }\n').config)
  expect(optionsOf(config, pinned)).toEqual({ allow: ['x/*'], days: 3, version: '', deep: false })
  expect(optionsOf(config, timeout)).toEqual({})
})

test('rules that have globs for source and tests get those of the config', () => {
  const config = mergeConfig(read('source: [lib/**]\ntests: [checks/**]\n').config)
  expect(optionsOf(config, untested)).toEqual({ source: ['a/**', 'lib/**'], tests: ['checks/**'] })
})

// ---------------------------------------------------------------- layers and inputs

test('inputs win over inline text, and that over the file', () => {
  const file = read("preset: strict\nunknown: fail\nfail-on: note\nrequire: [gate]\nrules: { '*': note }\n").config
  const inline = "fail-on: warning\nrequire: [tests]\nrules: { '*': error }\n"
  const { config, problems } = readInputs({ require: 'health, gate', preset: '', inline }, RULES)
  expect(problems).toEqual([])
  expect(mergeConfig(file, config)).toEqual({
    ...DEFAULTS,
    preset: 'strict',
    unknown: 'fail',
    failOn: 'warning',
    require: ['health', 'gate'],
    rules: [
      { rule: '*', severity: 'note' },
      { rule: '*', severity: 'error' }
    ]
  })
})

test('without anything the defaults hold', () => {
  expect(mergeConfig({}, readInputs({}, RULES).config)).toEqual(DEFAULTS)
})

test('wrong inputs are named', () => {
  const { problems } = readInputs(
    { preset: 'strickt', require: 'tests, helth', failOn: 'fatal', inline: 'a: 1' },
    RULES
  )
  expect(problems.map(({ at, message }) => `${at.path}:${at.line} ${message}`)).toEqual([
    expect.stringContaining("config-inline:1 unknown key 'a'"),
    ":1 input preset is recommended, strict or all, not 'strickt' (did you mean strict?)",
    ":1 input fail-on is error, warning or note, not 'fatal'",
    ":1 input require lists topics, and 'helth' is none: did you mean health?"
  ])
})

// ---------------------------------------------------------------- words

test.each([
  ['tests', 'tests', 0],
  ['test', 'tests', 1],
  ['tsets', 'tests', 1],
  ['', 'abc', 3],
  ['kitten', 'sitting', 3]
])('from %s to %s it takes %s letters', (a, b, count) => expect(editDistance(a, b)).toBe(count))

test('a short word means nothing far from it', () => {
  expect(nearest('ab', ['on', 'off'])).toBeUndefined()
  expect(nearest('of', ['on', 'off'])).toBeDefined()
  expect(nearest('x'.repeat(10_000), ['x'])).toBeUndefined()
})

test.each([
  ['workflow/unpinned-action', '*', true],
  ['workflow/unpinned-action', 'workflow/*', true],
  ['workflow/unpinned-action', '*/unpinned-*', true],
  ['workflow/unpinned-action', 'workflow/*action*action', false],
  ['workflow/unpinned-action', 'dockerfile/*', false],
  ['workflow/unpinned-action', 'unpinned-action', false],
  ['a/b', '**', true]
])('%s and %s: %s', (id, pattern, expected) => expect(matchesId(id, pattern)).toBe(expected))

// ---------------------------------------------------------------- schema and documentation

test('the schema takes what the reader takes, and refuses what it refuses', async () => {
  const { Ajv2020 } = await import('ajv/dist/2020.js')
  const valid = new Ajv2020({ allErrors: true, strict: false }).compile(configSchema(RULES))
  const { parse } = await import('yaml')
  for (const text of [
    'preset: strict\nrequire: [tests]\nrules: { "dockerfile/*": off, workflow/unpinned-action: { severity: error, options: { days: 1 } } }\n',
    'paths: [{ match: a, rules: { "*": off } }]\nsource: a/**\nwarn-only-until: 2027-01-31\n'
  ]) {
    expect([wrongs(text), valid(parse(text))]).toEqual([[], true])
  }
  for (const text of [
    'preset: some\n',
    'extra: 1\n',
    'require: [test]\n',
    'rules: { dockerfile/root-usr: off }\n',
    'rules: { workflow/unpinned-action: { options: { dayz: 1 } } }\n',
    'paths: [{ rules: {} }]\n'
  ]) {
    expect(wrongs(text)).not.toEqual([])
    expect(valid(parse(text))).toBe(false)
  }
})

test('the documentation has every key and every option', () => {
  const text = configMarkdown(RULES)
  for (const key of ['preset', 'require', 'fail-on', 'unknown', 'warn-only-until', 'rules', 'paths', 'source', 'tests'])
    expect(text).toContain(`\`${key}\``)
  expect(text).toContain('days to wait')
})

test('the documentation has what is honoured of other tools', () => {
  const text = configMarkdown(RULES)
  const said = [
    ...READERS.flatMap(({ forms }) => Object.keys(forms)),
    ...PEER_TOOLS.flatMap(({ keys }) => Object.keys(keys))
  ]
  for (const each of [...said, ...PEER_PATHS]) expect(text).toContain(each)
})

test('it takes a bounded number of globs', () => {
  const entry = (count: number) =>
    `  - match: [${Array.from({ length: count }, (_, at) => `a${at}`).join(', ')}]\n    rules: {}\n`
  const problems = (...counts: number[]) => readConfig('c.yml', `paths:\n${counts.map(entry).join('')}`, []).problems
  expect(problems(250, 250)).toEqual([])
  expect(problems(250, 251, 10).map(({ message, at }) => `${at.line} ${message}`)).toEqual([
    '4 a config has at most 500 globs: write wider ones'
  ])
})
