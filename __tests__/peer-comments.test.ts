import { expect, test } from '@jest/globals'
import { mergeConfig } from '../src/config.js'
import { inspect } from '../src/inspect.js'
import type { Circumstances } from '../src/judge.js'
import type { Config, Files, Peers, Rule } from '../src/model.js'
import { readDockerfile } from '../src/parse/dockerfile.js'
import { startOf } from '../src/parse/text.js'
import { readDependabot, readWorkflow } from '../src/parse/workflow.js'
import { mapOf, parseYaml } from '../src/parse/yaml.js'
import { peerCommentsIn, peerCommentsOf, READERS } from '../src/peer-comments.js'
import { rule } from '../src/rule.js'
import { memorySource } from '../src/source/memory.js'
import { builtIn } from '../src/suppressions.js'

const facts = {
  title: 'A title',
  why: 'A reason.',
  fix: 'A fix.',
  severity: 'error',
  topic: 'security',
  preset: 'recommended',
  bad: {},
  good: {}
} as const

const PEERS: Record<string, Peers> = {
  FROM: { hadolint: 'DL3006', 'trivy-docker': 'DS-0001', 'checkov-dockerfile': 'CKV_DOCKER_7' },
  USER: { hadolint: 'DL3002', 'trivy-docker': 'DS-0002' },
  RUN: { hadolint: ['DL3008', 'SC2016'], 'trivy-docker': ['DS-0029'] },
  CMD: { hadolint: 'DL3025', buildkit: 'JSONArgsRecommended' },
  ENV: { buildkit: 'SecretsUsedInArgOrEnv' },
  LABEL: {}
}
/** Finds every instruction; other tools know some of them by their ids. */
const each = rule({
  ...facts,
  id: 'dockerfile/each',
  over: 'dockerfile',
  *check({ instructions }) {
    for (const { keyword, keywordAt: at } of instructions)
      yield { at, message: keyword, ...(PEERS[keyword] && { peers: PEERS[keyword] }) }
  },
  // What a finding carries replaces it.
  peers: { hadolint: 'DL3020' }
})
const RULES: Rule[] = [each, ...builtIn]

async function judged(head: Files, config: Partial<Config> = {}, base?: Files, now: Partial<Circumstances> = {}) {
  const { verdict } = await inspect(
    memorySource({ files: head, ...(base && { base }) }),
    { config: mergeConfig({ require: [], ...config }), problems: [] },
    { today: '2026-11-20', ...now },
    { everything: true, rules: RULES }
  )
  return verdict
}
async function hiddenIn(dockerfile: string, config?: Partial<Config>): Promise<string[]> {
  const { findings, hidden } = await judged({ Dockerfile: dockerfile }, config)
  // Nothing that is said to others is ours to complain about.
  expect(findings.filter(finding => finding.rule !== each)).toEqual([])
  return hidden.map(({ finding }) => `${finding.at.line} ${finding.message}`)
}

// ---------------------------------------------------------------- who is understood, and how far it reaches

test.each<[string, string, string[]]>([
  ['one id', '# hadolint ignore=DL3006\nFROM a\nUSER root', ['2 FROM']],
  ['another id', '# hadolint ignore=DL3007\nFROM a\nUSER root', []],
  ['an id of several that a finding carries', 'FROM a\n# hadolint ignore=SC2016\nRUN b', ['3 RUN']],
  ['several ids with blanks', '# hadolint   ignore = DL3002 ,\tDL3006 \nFROM a', ['2 FROM']],
  ['a remark behind it', '# hadolint ignore=DL3006 # old image\nFROM a', ['2 FROM']],
  ['prose behind it', '# hadolint ignore=DL3006 old image\nFROM a', []],
  ['one word that is no rule', '# hadolint ignore=latest,DL3006\nFROM a', []],
  ['an empty list', '# hadolint ignore=\nFROM a', []],
  ['no blank before its word', '# hadolintignore=DL3006\nFROM a', []],
  ['prose before it', '# see hadolint ignore=DL3006\nFROM a', []],
  ['another instruction below', '# hadolint ignore=DL3002\nFROM a\nUSER root', []],
  ['a blank line between', '# hadolint ignore=DL3006\n\nFROM a', []],
  ['a comment between', '# hadolint ignore=DL3006\n# an old image\nFROM a', []],
  ['a comment above', '# an old image\n# hadolint ignore=DL3006\nFROM a', ['3 FROM']],
  ['a continued instruction', 'FROM a\n# hadolint ignore=DL3008\nRUN b \\\n  c\nRUN d', ['3 RUN']],
  ['the stage', '# hadolint stage ignore=DL3002\nFROM a\nUSER 0\nUSER 0\nFROM b\nUSER 0', ['3 USER', '4 USER']],
  ['the last stage', 'FROM a\nUSER 0\n# hadolint stage ignore=DL3002\nFROM b\nUSER 0', ['5 USER']],
  ['a stage where none begins', 'FROM a\n# hadolint stage ignore=DL3002\nUSER 0\nUSER 0', []],
  ['the file', 'FROM a\nUSER 0\nFROM b\nUSER 0\n# hadolint global ignore=DL3002', ['2 USER', '4 USER']],
  ['a shell', '# hadolint shell=bash\nFROM a\nRUN b', []],
  ["a rule's own ids", 'FROM a\n# hadolint ignore=DL3020\nADD b c', ['3 ADD']],
  ["a rule's own ids where the finding has none", 'FROM a\n# hadolint ignore=DL3020\nLABEL b=c', []]
])('hadolint: %s', async (_, dockerfile, hidden) => expect(await hiddenIn(dockerfile)).toEqual(hidden))

const BUILD = 'FROM a\nCMD b\nENV c=d\nUSER 0'
test.each<[string, string, string[]]>([
  ['a directive', `# check=skip=JSONArgsRecommended\n${BUILD}`, ['3 CMD']],
  ['a directive below another', `# syntax=docker/dockerfile:1\n#check=skip=JSONArgsRecommended\n${BUILD}`, ['4 CMD']],
  ['several', `# check = skip=JSONArgsRecommended, SecretsUsedInArgOrEnv;error=true\n${BUILD}`, ['3 CMD', '4 ENV']],
  ['all, which is what BuildKit has ids for', `# check=skip=all\n${BUILD}`, ['3 CMD', '4 ENV']],
  ['all but one', `# check=skip=all;experimental=JSONArgsRecommended\n${BUILD}`, ['4 ENV']],
  ['an option that does not exist', `# check=skip=all;warn=no\n${BUILD}`, []],
  ['no skip', `# check=error=true\n${BUILD}`, []],
  ['no directive any more', `# why\n# check=skip=JSONArgsRecommended\n${BUILD}`, []],
  ['an instruction', 'FROM a\n# check=skip=JSONArgsRecommended // a shell is wanted\nCMD b\nCMD c', ['3 CMD']],
  ['an instruction below more comments', 'FROM a\n# check=skip=all\n# a shell is wanted\nCMD b', ['4 CMD']],
  ['a blank line between', 'FROM a\n# check=skip=all\n\nCMD b', []]
])('BuildKit: %s', async (_, dockerfile, hidden) => expect(await hiddenIn(dockerfile)).toEqual(hidden))

test.each<[string, string, string[]]>([
  ['the line below', '#trivy:ignore:DS-0001\nFROM a\nUSER 0', ['2 FROM']],
  ['its older names', '# trivy:ignore:AVD-DS-0001\nFROM a\n# trivy:ignore:ds002\nUSER 0', ['2 FROM', '4 USER']],
  ['several in a line', '#trivy:ignore:DS-0002 #trivy:ignore:DS-0001\nFROM a', ['2 FROM']],
  ['several lines', '#trivy:ignore:DS-0001\n#trivy:ignore:DS-0002\nFROM a', ['3 FROM']],
  ['every id', 'FROM a\n#trivy:ignore:*\nUSER 0\nCMD c', ['3 USER']],
  ['a reason', '#trivy:ignore:DS-0001 -- built here\nFROM a', ['2 FROM']],
  ['a date', '#trivy:ignore:DS-0001:exp:2020-01-01\nFROM a', []],
  ['the end of a command', 'FROM a\nRUN b # trivy:ignore:DS-0029\nRUN c', ['2 RUN']],
  ['the end of a continued command', 'FROM a\nRUN b \\\n  c #trivy:ignore:DS-0029\nRUN d', ['2 RUN']],
  ['the end of what is no command', 'FROM a\nUSER 0 #trivy:ignore:DS-0002', []],
  ['prose', '# we do not trivy:ignore:DS-0001\nFROM a', []]
])('Trivy: %s', async (_, dockerfile, hidden) => expect(await hiddenIn(dockerfile)).toEqual(hidden))

test.each<[string, string, string[]]>([
  ['anywhere', 'FROM a\nFROM b\n#checkov:skip=CKV_DOCKER_7:built here', ['1 FROM', '2 FROM']],
  ['without a reason', '# checkov:skip= CKV_DOCKER_7\nFROM a', ['2 FROM']],
  ['another id', '# checkov:skip=CKV_DOCKER_70\nFROM a', []],
  ['behind a command', 'FROM a\nRUN b # checkov:skip=CKV_DOCKER_7', []]
])('Checkov: %s', async (_, dockerfile, hidden) => expect(await hiddenIn(dockerfile)).toEqual(hidden))

test('it names tool and comment, and keeps our own reason where both speak', async () => {
  const dockerfile =
    '# hadolint ignore=DL3006 # old image\nFROM a\n# pipeline-hygiene ignore dockerfile/each -- ours\n# hadolint ignore=DL3002\nUSER 0'
  const { hidden } = await judged({ Dockerfile: dockerfile })
  expect(hidden.map(({ because, reason }) => `${because}: ${reason}`)).toEqual([
    "suppressed: comment for hadolint: 'hadolint ignore=DL3006 # old image'",
    'suppressed: ours'
  ])
})

test('it passes over the comments of a tool whose config says so', async () =>
  expect(
    await hiddenIn('# hadolint ignore=DL3006\nFROM a\n#trivy:ignore:DS-0002\nUSER 0', { withoutComments: ['hadolint'] })
  ).toEqual(['4 USER']))

test('it places a comment behind a command', () => {
  const text = 'FROM a\nRUN b \\\n  c  # trivy:ignore:DS-0029  \n'
  const [comment] = peerCommentsOf(readDockerfile('Dockerfile', text), text)
  expect(comment).toMatchObject({ at: { line: 3, column: 6, endLine: 3, endColumn: 28 }, from: 2, to: 3 })
})

test('it says how each tool that it understands is written', () => {
  for (const { forms, tool, yaml } of READERS)
    for (const form of Object.keys(forms)) {
      const comments = yaml
        ? peerCommentsIn(workflow(`on: push ${form}\n`))
        : peerCommentsOf(readDockerfile('Dockerfile', `${form}\nFROM a\n`))
      expect([form, comments.map(({ peer }) => peer.tool)]).toEqual([form, [tool]])
    }
})

// ---------------------------------------------------------------- what a pull request brings

const OLD = { Dockerfile: 'FROM a\nUSER 0\n' }
const NEW = { Dockerfile: 'FROM a\n# hadolint ignore=DL3002\nUSER 0\n' }

test.each([
  ['yes', 1, ''],
  ['no', 0, ' (does not count: its author may not write to the repository)'],
  ['unknown', 0, ' (does not count: whether its author may write to the repository is not known)']
] as const)('it lists a new comment; author may write: %s', async (authorMayWrite, hidden, why) => {
  const verdict = await judged(NEW, {}, OLD, { authorMayWrite })
  expect(verdict.hidden).toHaveLength(hidden)
  expect(verdict.notices).toEqual([
    `Dockerfile:2 newly suppresses DL3002: comment for hadolint: 'hadolint ignore=DL3002'${why}`
  ])
})

test('it takes an old comment as it is, whoever the author', async () => {
  const verdict = await judged({ Dockerfile: `${NEW.Dockerfile}LABEL a=b\n` }, {}, NEW, { authorMayWrite: 'no' })
  expect(verdict.hidden.map(({ finding }) => finding.at.line)).toEqual([3])
  expect(verdict.notices).toEqual([])
})

test('it takes an old comment for new where it now reaches further', async () => {
  const base = { Dockerfile: 'FROM a\n# check=skip=all\nCMD b\nENV c=d\n' }
  const head = { Dockerfile: '# check=skip=all\nFROM a\nCMD b\nENV c=d\n' }
  const verdict = await judged(head, {}, base, { authorMayWrite: 'no' })
  expect(verdict.hidden).toEqual([])
  expect(verdict.notices).toEqual([expect.stringContaining('does not count')])
})

test('it counts a bounded number of comments, and says where the bound is', async () => {
  const dockerfile = `FROM a\n${'# hadolint ignore=DL3002\nUSER 0\n'.repeat(1001)}`
  const { findings, hidden } = await judged({ Dockerfile: dockerfile })
  expect(hidden).toHaveLength(1000)
  expect(findings.map(({ rule: { id }, at }) => `${at.line} ${id}`)).toEqual([
    '1 dockerfile/each',
    '2002 config/invalid-suppression',
    '2003 dockerfile/each'
  ])
})

test('it counts a bounded number of ids in one comment', () => {
  const text = `# hadolint ignore=${Array.from({ length: 2000 }, (_, at) => `DL${at}`).join()}\nFROM a\n`
  expect(peerCommentsOf(readDockerfile('Dockerfile', text)).map(({ peer }) => peer.ids.size)).toEqual([100])
})

test('it reads a hostile file to its end', () => {
  const read = (count: number) => {
    const text = `${'# hadolint ignore=DL3002,'.padEnd(200, ' ')}\n${'#trivy:ignore:'.repeat(14)}\nRUN a # ${'# '.repeat(90)}\n`
    const whole = text.repeat(count)
    const file = readDockerfile('Dockerfile', whole)
    return peerCommentsOf(file, whole).length
  }
  // An id is missing everywhere, so none of it counts.
  expect([read(10), read(900)]).toEqual([0, 0])
})

// ---------------------------------------------------------------- YAML

function read<T>(text: string, as: (...args: Parameters<typeof readWorkflow>) => T): T {
  const [document] = parseYaml('x.yml', text)
  return as('x.yml', startOf('x.yml'), mapOf(document!.root)!, document!.comments)
}
const workflow = (text: string) => read(text, readWorkflow)

const JOBS = `on: push
permissions:
  contents: write HERE0
jobs:
  one: HERE1
    runs-on: x HERE2
    steps:
      - run: a
        env:
          A: b HERE3
      - run: c
  two:
    runs-on: x
    steps:
      - run: d
`
test.each([
  ['a line of the workflow', 'HERE0', 3, 3],
  ['the key of a job', 'HERE1', 5, 11],
  ['a line of a job', 'HERE2', 6, 6],
  ['a step', 'HERE3', 8, 10]
])('it takes a comment in YAML for %s', (_, mark, from, to) => {
  const text = JOBS.replace(mark, '# zizmor: ignore[artipacked]').replaceAll(/HERE\d/g, '')
  expect(peerCommentsIn(workflow(text))).toMatchObject([{ from, to, peer: { tool: 'zizmor' } }])
})

test('it takes a comment in a Dependabot file for the update around it', () => {
  const text =
    'version: 2\nupdates:\n  - package-ecosystem: npm\n    directory: / # zizmor: ignore[dependabot-cooldown]\n  - directory: /\n'
  expect(peerCommentsIn(read(text, readDependabot))).toMatchObject([{ from: 3, to: 4 }])
})

test.each([
  ['zizmor: ignore[a, b]', ['a', 'b']],
  ['why # zizmor: ignore[a]', ['a']],
  ['zizmor: ignore[a] why', ['a']],
  ['zizmor: ignore', []],
  ['zizmor ignore[a]', []],
  ['see zizmor: ignore[a]', []],
  ['zizmor: ignore[A]', []]
])('it reads # %s', (text, ids) => {
  const found = peerCommentsIn(workflow(`on: push # ${text}\n`))
  expect(found.flatMap(({ peer }) => [...peer.ids])).toEqual(ids)
})
