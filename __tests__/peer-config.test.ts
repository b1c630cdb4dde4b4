import { expect, test } from '@jest/globals'
import { inspectFiles } from '../src/api.js'
import { mergeConfig, optionsOf, peerFileAgainst, readConfig, settingOf } from '../src/config.js'
import { inspect } from '../src/inspect.js'
import type { Config, Files, Peers, Rule, Unread } from '../src/model.js'
import { PEER_PATHS, readPeers } from '../src/peer-config.js'
import { loadPolicy } from '../src/policy.js'
import { rule } from '../src/rule.js'
import { memorySource } from '../src/source/memory.js'

const facts = {
  title: 'A title',
  why: 'A reason.',
  fix: 'A fix.',
  severity: 'warning',
  topic: 'security',
  preset: 'recommended',
  over: 'dockerfile',
  *check() {},
  bad: {},
  good: {}
} as const
const made = (id: string, rest: Partial<Rule> = {}): Rule => rule({ ...facts, id, ...rest } as Rule)
const known = made('dockerfile/known')
const strict = made('dockerfile/strict', { preset: 'strict' })
const trusted = made('dockerfile/untrusted-registry', {
  preset: 'all',
  options: { registries: { type: 'strings', default: [], about: 'Registries.' } }
})
const labelled = made('dockerfile/label-schema', {
  preset: 'all',
  options: {
    labels: { type: 'map', default: {}, about: 'Labels.' },
    strict: { type: 'boolean', default: false, about: 'No others.' }
  }
})
const RULES = [known, strict, trusted, labelled]

const peersIn = (files: Files) => readPeers(path => files[path])
const hadolint = (text: string): Config => mergeConfig(peersIn({ '.hadolint.yaml': text }).config)
const CARRIED: Peers = {
  hadolint: ['DL3006', 'DL3007'],
  buildkit: 'JSONArgsRecommended',
  'trivy-docker': 'DS-0001',
  'checkov-dockerfile': 'CKV_DOCKER_7'
}

// ---------------------------------------------------------------- what files say

test.each<[string, string, string, string]>([
  ['ignores one of its ids', '.hadolint.yaml', 'ignored: [DL3007]', 'off'],
  ['ignores another', '.hadolint.yaml', 'ignored: [DL3008]', 'on'],
  ['has the other ending', '.hadolint.yml', 'ignored:\n  - DL3006\n', 'off'],
  ['sets an error', '.hadolint.yaml', 'override: { error: [DL3006] }', 'error'],
  ['sets a warning', '.hadolint.yaml', 'override: { warning: [DL3006] }', 'warning'],
  ['sets info', '.hadolint.yaml', 'override: { info: [DL3006] }', 'note'],
  ['sets style', '.hadolint.yaml', 'override: { style: [DL3006] }', 'note'],
  ['sets and ignores', '.hadolint.yaml', 'ignored: [DL3006]\noverride: { error: [DL3006] }', 'off'],
  ['says when it fails itself', '.hadolint.yaml', 'failure-threshold: error\nno-fail: true', 'on'],
  ['names an id of another tool', '.hadolint.yaml', 'ignored: [DS-0001]', 'on'],
  ['is empty', '.hadolint.yaml', '', 'on'],
  ['lists ids', '.trivyignore', '# why\nCVE-2018-14618\n\nDS-0001\r\n', 'off'],
  ['lists an older name', '.trivyignore', 'AVD-DS-0001', 'off'],
  ['comments an id out', '.trivyignore', '#DS-0001', 'on'],
  ['dates an id', '.trivyignore', 'DS-0001 exp:2020-01-01', 'on'],
  ['skips', '.checkov.yaml', 'skip-check:\n  - CKV_DOCKER_7\n', 'off'],
  ['skips in one text', '.checkov.yml', 'skip-check: CKV_DOCKER_2,CKV_DOCKER_7', 'off'],
  ['chooses checks', '.checkov.yaml', 'check: [CKV_DOCKER_7]', 'on'],
  ['lies elsewhere', 'app/.hadolint.yaml', 'ignored: [DL3007]', 'on']
])('it reads a file that %s: %s', (_, path, text, level) => {
  const { config, unread } = peersIn({ [path]: text })
  expect(unread).toEqual([])
  expect(settingOf(mergeConfig(config), known, 'Dockerfile', { peers: CARRIED })).toBe(level)
})

test('it takes the first of two names that a tool looks for', () => {
  const { config } = peersIn({ '.hadolint.yaml': 'ignored: [DL3001]', '.hadolint.yml': 'ignored: [DL3006]' })
  expect(settingOf(mergeConfig(config), known, 'Dockerfile', { peers: CARRIED })).toBe('on')
})

test('it names the file that switches a finding off, unless our own config does', () => {
  const config = hadolint('ignored: [DL3006]')
  expect(peerFileAgainst(config, known, 'Dockerfile', { peers: CARRIED })).toBe('.hadolint.yaml')
  expect(peerFileAgainst(config, known, 'Dockerfile', { peers: { hadolint: 'DL3001' } })).toBeUndefined()
  expect(peerFileAgainst(config, strict, 'Dockerfile', { peers: CARRIED })).toBeUndefined()
})

test.each<[string, string, string, string]>([
  ['our own severity', 'rules: { dockerfile/known: error }', 'ignored: [DL3006]', 'error'],
  ['our own on', 'rules: { dockerfile/known: on }', 'override: { error: [DL3006] }', 'on'],
  ['our own pattern', "rules: { '*': note }", 'ignored: [DL3006]', 'note'],
  ['our own off', 'rules: { dockerfile/known: off }', 'override: { error: [DL3006] }', 'off'],
  [
    'our own for a path',
    'paths: [{ match: Dockerfile, rules: { dockerfile/known: note } }]',
    'ignored: [DL3006]',
    'note'
  ],
  ['theirs where ours says nothing', 'preset: strict', 'ignored: [DL3006]', 'off']
])('it holds to %s', (_, ours, theirs, level) => {
  const own = readConfig('config.yml', ours, RULES)
  expect(own.problems).toEqual([])
  const config = mergeConfig(peersIn({ '.hadolint.yaml': theirs }).config, own.config)
  expect(settingOf(config, known, 'Dockerfile', { peers: CARRIED })).toBe(level)
})

test('it switches no rule on that the preset leaves off', () => {
  expect(settingOf(hadolint('override: { error: [DL3006] }'), strict, 'Dockerfile', { peers: CARRIED })).toBe('off')
})

test.each<[string, string, Rule, string, object]>([
  [
    'registries',
    'trustedRegistries: [a.example, "*.b.example"]',
    trusted,
    'on',
    { registries: ['a.example', '*.b.example'] }
  ],
  ['their other spelling', 'trusted-registries: [a.example]', trusted, 'on', { registries: ['a.example'] }],
  ['no registries', 'trustedRegistries: []', trusted, 'off', { registries: [] }],
  ['registries without their rule', 'trustedRegistries: [a]\nignored: [DL3026]', trusted, 'off', { registries: ['a'] }],
  [
    'labels',
    'label-schema: { author: text, site: url }',
    labelled,
    'on',
    { labels: { author: 'text', site: 'url' }, strict: false }
  ],
  [
    'no others',
    'label-schema: { a: text }\nstrict-labels: true',
    labelled,
    'on',
    { labels: { a: 'text' }, strict: true }
  ],
  ['no others than none', 'strict-labels: true', labelled, 'off', { labels: {}, strict: false }]
])('it hands a rule what it needs: %s', (_, text, rule, level, options) => {
  const config = hadolint(text)
  expect(settingOf(config, rule, 'Dockerfile', { peers: { hadolint: 'DL3026' } })).toBe(level)
  expect(optionsOf(config, rule)).toEqual(options)
})

test('it lets our own config give other options', () => {
  const own: Partial<Config> = { rules: [{ rule: trusted.id, options: { registries: ['ours'] } }] }
  const config = mergeConfig(peersIn({ '.hadolint.yaml': 'trustedRegistries: [a]' }).config, own)
  expect(optionsOf(config, trusted)).toEqual({ registries: ['ours'] })
})

test('it hears that comments count for nothing', () => {
  expect(hadolint('disable-ignore-pragma: true').withoutComments).toEqual(['hadolint'])
  expect(hadolint('disable-ignore-pragma: false').withoutComments).toBeUndefined()
})

test.each<[string, string, string | Unread, string]>([
  ['is no YAML', '.hadolint.yaml', 'ignored: [DL3006', 'line 1: '],
  ['is no mapping', '.hadolint.yaml', '- DL3006', 'it is no mapping'],
  ['has no list', '.hadolint.yaml', 'ignored: { DL3006: true }', 'ignored is no list'],
  ['has no schema', '.hadolint.yaml', 'label-schema: text', 'label-schema is no mapping'],
  [
    'has too long a list',
    '.checkov.yaml',
    `skip-check: [${'a, '.repeat(501)}]`,
    'skip-check has more than 500 entries'
  ],
  ['is too large', '.trivyignore', 'a\n'.repeat(200_000), 'it is larger than 256 KiB'],
  ['cannot be read', '.trivyignore', { what: '.trivyignore', reason: 'it is a symbolic link' }, 'it is a symbolic link']
])('it lists a file as not read that %s', (_, path, text, reason) => {
  const { config, unread } = readPeers(each => (each === path ? text : undefined))
  expect(unread).toEqual([
    { what: path, reason: expect.stringContaining(reason), at: expect.objectContaining({ path }) }
  ])
  expect(mergeConfig(config).rules).toEqual([])
})

// ---------------------------------------------------------------- where it holds

const finds = rule({
  ...facts,
  id: 'dockerfile/finds',
  severity: 'error',
  *check({ stages }) {
    for (const { image } of stages) yield { at: image.at, message: 'a problem' }
  },
  peers: { hadolint: 'DL3006' }
})
const QUIET = { '.hadolint.yaml': 'ignored: [DL3006]\n' }
const DOCKERFILE = { Dockerfile: 'FROM a\n' }

async function gated(head: Files, base: Files, config?: string, inline = '') {
  const source = memorySource({ files: head, base })
  source.policy = source.base!
  const text = config === undefined ? {} : { text: config }
  const policy = await loadPolicy(source, [finds], { ...text, inputs: { require: 'none', inline } })
  const options = { everything: true, rules: [finds] }
  const { verdict } = await inspect(source, policy, { today: '2026-11-20', authorMayWrite: 'yes' }, options)
  return verdict
}

test('it reads config of other tools at the target branch: a pull request cannot quiet itself', async () => {
  const verdict = await gated({ ...DOCKERFILE, ...QUIET }, {})
  expect(verdict.conclusion).toBe('failure')
  expect(verdict.notices).toEqual([
    'the config of this pull request (.hadolint.yaml) holds after the merge; with it this would be 0 findings, success, in place of 1 finding, failure'
  ])
})

test('it follows the file that is there, and says so', async () => {
  const verdict = await gated({ ...DOCKERFILE, ...QUIET }, QUIET)
  expect(verdict.conclusion).toBe('success')
  expect(verdict.hidden).toMatchObject([{ because: 'off', reason: '.hadolint.yaml says so' }])
  expect(verdict.notices).toEqual([])
})

test('it follows the file of the target branch when the pull request takes it away or breaks it', async () => {
  expect((await gated(DOCKERFILE, QUIET)).conclusion).toBe('success')
  expect((await gated({ ...DOCKERFILE, '.hadolint.yaml': 'ignored: [' }, QUIET)).conclusion).toBe('success')
})

test('it goes on where the file is broken', async () => {
  const broken = { '.hadolint.yaml': 'ignored: [' }
  const verdict = await gated({ ...DOCKERFILE, ...broken }, broken)
  expect(verdict.failed).toBeUndefined()
  expect(verdict.unread).toMatchObject([{ what: '.hadolint.yaml' }])
  expect(verdict.findings).toHaveLength(1)
})

test('it reads them beside a config that is given in place of our file, which wins', async () => {
  const both = { ...DOCKERFILE, ...QUIET }
  expect((await gated(both, QUIET, 'preset: all')).findings).toEqual([])
  expect((await gated(both, QUIET, 'rules: { dockerfile/finds: on }')).findings).toHaveLength(1)
})

test.each<[string, Files, string]>([
  ['files of other tools', QUIET, ''],
  ['inputs', {}, 'rules: { dockerfile/finds: off }']
])('it previews our own config together with %s', async (_, theirs, inline) => {
  const base = { '.github/pipeline-hygiene.yml': 'preset: all\n', ...theirs }
  const head = { ...base, ...DOCKERFILE, '.github/pipeline-hygiene.yml': 'preset: strict\n' }
  expect((await gated(head, base, undefined, inline)).notices).toEqual([
    'the config of this pull request holds after the merge; with it this would be the same as now (0 findings, success)'
  ])
})

test('it asks for each file once, with all others', async () => {
  const source = memorySource({ files: { ...DOCKERFILE, ...QUIET, '.trivyignore': '' } })
  const asked: string[][] = []
  const read = source.read
  source.read = blobs => {
    asked.push(blobs.map(({ path }) => path))
    return read(blobs)
  }
  await loadPolicy(source, [finds], {})
  expect(asked).toEqual([['.hadolint.yaml', '.trivyignore']])
  expect(PEER_PATHS).toContain('.trivyignore')
})

// ---------------------------------------------------------------- the library

const ROOT = { Dockerfile: 'FROM node:22\nUSER root\nCMD ["node", "a.js"]\n' }
const ID = 'dockerfile/root-user'
const about = async (files: Files, options: Parameters<typeof inspectFiles>[1] = {}) => {
  const { findings, hidden, unread, conclusion } = await inspectFiles(files, { rules: [ID], ...options })
  const shown = findings.map(({ rule, severity }) => `${rule} ${severity}`)
  return { shown, hidden: hidden.map(({ because, reason }) => `${because}: ${reason}`), unread, conclusion }
}

test.each<[string, Files, Parameters<typeof inspectFiles>[1], string[], string[]]>([
  ['nothing', {}, {}, [`${ID} warning`], []],
  ['a file', { '.hadolint.yaml': 'ignored: [DL3002]' }, {}, [], ['off: .hadolint.yaml says so']],
  ['a severity', { '.hadolint.yaml': 'override: { error: [DL3002] }' }, {}, [`${ID} error`], []],
  ['an object', {}, { peerConfig: { hadolint: { ignored: ['DL3002'] } } }, [], ['off: the config of hadolint says so']],
  [
    'an object in place of a file',
    { '.hadolint.yaml': 'ignored: [DL3002]' },
    { peerConfig: { hadolint: {} } },
    [`${ID} warning`],
    []
  ],
  ['a suite of a tool', {}, { peerConfig: { 'trivy-docker': ['DS-0002'] } }, [], ['off: the config of trivy says so']],
  ['check options', {}, { peerConfig: { buildkit: { check: { skip: ['all'] } } } }, [`${ID} warning`], []],
  ['a base', {}, { base: { '.hadolint.yaml': 'ignored: [DL3002]' } }, [], ['off: .hadolint.yaml says so']],
  ['a head', { '.hadolint.yaml': 'ignored: [DL3002]' }, { base: {} }, [`${ID} warning`], []],
  [
    'our own config',
    { '.hadolint.yaml': 'ignored: [DL3002]' },
    { config: { rules: { [ID]: 'note' } } },
    [`${ID} note`],
    []
  ]
])('the library honours %s', async (_, files, options, shown, hidden) =>
  expect(await about({ ...ROOT, ...files }, options)).toMatchObject({ shown, hidden })
)

test('the library takes check options of BuildKit by its ids', async () => {
  const files = { Dockerfile: 'FROM scratch\nENV DB_PASSWORD=Vq7rT2mXw9Lk3ZpB\n' }
  const ask = async (check: unknown) => {
    const { findings } = await inspectFiles(files, {
      rules: ['dockerfile/secret-in-image'],
      peerConfig: { buildkit: { check } }
    })
    return findings.length
  }
  expect(await ask({ skip: ['SecretsUsedInArgOrEnv'] })).toBe(0)
  expect(await ask('skip=all')).toBe(0)
  expect(await ask('skip=all;experimental=SecretsUsedInArgOrEnv')).toBe(1)
  expect(await ask({ skip: ['StageNameCasing'] })).toBe(1)
})

test('the library takes anything for config of other tools', async () => {
  const circle: Record<string, unknown> = {}
  circle.self = circle
  for (const given of [7, null, '', circle, [Symbol('a')], Object.create(null), () => 1]) {
    const { shown, conclusion } = await about(ROOT, { peerConfig: { hadolint: given, trivy: given, checkov: given } })
    expect([shown, conclusion]).toEqual([[`${ID} warning`], expect.not.stringMatching('failure')])
  }
})

// ---------------------------------------------------------------- tools that read workflows

const flow = made('workflow/known', { over: 'workflow' })
const CARRIED_BY_FLOW: Peers = { zizmor: 'artipacked', ghalint: 'job_secrets', poutine: 'injection' }
const place = (path: string, line: number, endLine = line) => ({ path, line, column: 3, endLine, endColumn: 9 })
const CI = '.github/workflows/ci.yml'

test.each<[string, string, string, { path?: string; line?: number; construct?: string }, string]>([
  ['zizmor disables', 'zizmor.yml', 'rules: { artipacked: { disable: true } }', {}, 'off'],
  ['zizmor disables another', 'zizmor.yml', 'rules: { github-env: { disable: true } }', {}, 'on'],
  ['zizmor ignores the file', '.github/zizmor.yml', 'rules: { artipacked: { ignore: [ci.yml] } }', {}, 'off'],
  ['zizmor ignores another file', 'zizmor.yml', 'rules: { artipacked: { ignore: [cd.yml] } }', {}, 'on'],
  ['zizmor ignores the line', 'zizmor.yml', 'rules: { artipacked: { ignore: ["ci.yml:5"] } }', {}, 'off'],
  ['zizmor ignores another line', 'zizmor.yml', 'rules: { artipacked: { ignore: ["ci.yml:6"] } }', {}, 'on'],
  ['zizmor ignores the column', 'zizmor.yml', 'rules: { artipacked: { ignore: ["ci.yml:5:3"] } }', {}, 'off'],
  ['zizmor ignores another column', 'zizmor.yml', 'rules: { artipacked: { ignore: ["ci.yml:5:4"] } }', {}, 'on'],
  ['ghalint excludes', 'ghalint.yaml', 'excludes: [{ policy_name: job_secrets }]', {}, 'off'],
  [
    'ghalint excludes the job',
    '.ghalint.yaml',
    `excludes: [{ policy_name: job_secrets, workflow_file_path: ${CI}, job_name: one }]`,
    {},
    'off'
  ],
  ['ghalint excludes another job', '.ghalint.yaml', 'excludes: [{ policy_name: job_secrets, job_name: on }]', {}, 'on'],
  [
    'ghalint excludes the step',
    '.ghalint.yaml',
    'excludes: [{ policy_name: job_secrets, job_name: one, step_id: token }]',
    { construct: 'jobs.one.#token' },
    'off'
  ],
  [
    'ghalint excludes another step',
    '.ghalint.yaml',
    'excludes: [{ policy_name: job_secrets, step_id: other }]',
    { construct: 'jobs.one.#token' },
    'on'
  ],
  [
    'ghalint excludes another file',
    'ghalint.yml',
    'excludes: [{ policy_name: job_secrets, workflow_file_path: x }]',
    {},
    'on'
  ],
  ['poutine skips the rule', '.poutine.yml', 'skip: [{ rule: injection }]', {}, 'off'],
  ['poutine skips the path', '.poutine.yml', `skip: [{ path: ["${CI}"] }]`, {}, 'off'],
  ['poutine skips another job', '.poutine.yml', 'skip: [{ rule: [injection], job: two }]', {}, 'on'],
  ['poutine skips a package', '.poutine.yml', 'skip: [{ rule: injection, purl: "pkg:x" }]', {}, 'on']
])('it knows that %s', (_, path, text, { construct = 'jobs.one' }, level) => {
  const { config, unread } = peersIn({ [path]: text })
  expect(unread).toEqual([])
  const asked = { peers: CARRIED_BY_FLOW, at: place(CI, 5), construct }
  expect(settingOf(mergeConfig(config), flow, CI, asked)).toBe(level)
})

test('it takes policies on pins, lists of actions and numbers of days as options', () => {
  const { config } = peersIn({
    'zizmor.yml': `rules:
  unpinned-uses: { config: { policies: { "actions/*": ref-pin } } }
  forbidden-uses: { config: { deny: [acme/x] } }
  secrets-outside-env: { config: { allow: [A] } }
  dependabot-cooldown: { config: { days: 3 } }
`,
    'ghalint.yaml':
      'excludes: [{ policy_name: action_ref_should_be_full_length_commit_sha, action_name: a/b }, { policy_name: action_ref_should_be_full_length_commit_sha, action_name: c/* }]'
  })
  const optionsFor = (rule: string) => config.rules!.filter(each => each.rule === rule).map(({ options }) => options)
  expect(optionsFor('workflow/unpinned-action')).toEqual([
    { policies: { 'actions/*': 'ref-pin' } },
    { policies: { 'a/b': 'any', 'c/*': 'any' } }
  ])
  expect(optionsFor('workflow/forbidden-action')).toEqual([{ allow: [], deny: ['acme/x'], only: false }])
  expect(optionsFor('workflow/secret-outside-environment')).toEqual([{ allow: ['A'] }])
  expect(optionsFor('dependabot/short-cooldown')).toEqual([{ days: 3 }])
})

test('it takes the text of a file that a caller names beside options', () => {
  const { config } = readPeers(() => undefined, {
    zizmor: { 'zizmor.yml': 'rules: { artipacked: { disable: true } }', persona: 'auditor' },
    ghalint: { 'ghalint.yaml': { excludes: [{ policy_name: 'job_secrets' }] } }
  })
  expect(config.rules!.map(({ peer }) => [...peer!.ids])).toEqual([['artipacked'], ['job_secrets']])
})
