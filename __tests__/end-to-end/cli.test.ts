import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, jest, test } from '@jest/globals'
import { commit, execute, folder, git, hygiene, ROOT, repository, type Tree, write } from './command.js'

jest.setTimeout(120_000)

const CI = '.github/workflows/ci.yml'
const CONFIG = '.github/pipeline-hygiene.yml'
const FORMATS = ['terminal', 'json', 'sarif', 'markdown', 'github']
const ESCAPE = '\u001b'

const workflow = (run: string, head = 'permissions: {}\n') =>
  `on: pull_request\n${head}jobs:\n  test:\n    runs-on: ubuntu-latest\n    timeout-minutes: 5\n    steps:\n      - run: ${run}\n`
const FINE = workflow('npx jest')
const INJECTED = workflow('echo "${{ github.event.pull_request.title }}"').replace(
  'pull_request',
  'pull_request_target'
)

interface Json {
  version: number
  conclusion: string
  failed?: string
  because: string
  notices: string[]
  findings: {
    rule: string
    severity: string
    path: string
    line: number
    column: number
    message: string
    fingerprint: string
    introduced: boolean
  }[]
  hidden: { rule: string; because: string; reason?: string }[]
  unread: { what: string; reason: string; at?: { path: string; line: number } }[]
  looked: Record<string, Record<string, number>>
}

async function json(root: string, ...args: string[]) {
  const { code, out, err } = await hygiene([root, '--format', 'json', ...args])
  return { code, err, report: JSON.parse(out) as Json }
}
/** Places and rules of what was found, `new` or `old`. */
const lines = ({ findings }: Json) =>
  findings.map(({ rule, path, line, introduced }) => `${introduced ? 'new' : 'old'} ${rule} ${path}:${line}`)

// ---------------------------------------------------------------- formats and exit codes

describe.each([
  ['nothing blocks', 0, { [CI]: FINE }],
  ['something blocks', 1, { [CI]: INJECTED }],
  ['the config is broken', 2, { [CI]: FINE, [CONFIG]: 'fail_on: error\n' }]
])('where %s', (_, code, files: Tree) => {
  const root = folder(files)

  test.each(FORMATS)('it exits the same way in format %s', async format => {
    const ran = await hygiene([root, '--format', format])
    expect([ran.code, ran.err]).toEqual([code, ''])
    expect(ran.out).not.toContain(ESCAPE)
    if (code === 2) expect(ran.out).toMatch(/unknown key `?'fail_on'`?: did you mean fail-on\?/)
    if (code === 1) expect(ran.out).toContain('workflow/script-injection')
  })
})

test('it prints JSON with the verdict and each finding in full', async () => {
  const { report } = await json(folder({ [CI]: INJECTED }))
  expect(report).toMatchObject({ version: 1, conclusion: 'failure', because: expect.any(String), notices: [] })
  expect(report.looked).toEqual({ workflow: { read: 1 } })
  expect(report.findings.find(({ rule }) => rule === 'workflow/script-injection')).toEqual({
    rule: 'workflow/script-injection',
    severity: 'error',
    topic: 'security',
    path: CI,
    line: 8,
    column: expect.any(Number),
    endLine: 8,
    endColumn: expect.any(Number),
    message: expect.stringContaining('github.event.pull_request.title'),
    fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
    introduced: true,
    peers: expect.any(Object),
    edits: expect.any(Array),
    editKind: 'suggested'
  })
})

test('it prints SARIF with results', async () => {
  const { out } = await hygiene([folder({ [CI]: INJECTED }), '--format', 'sarif'])
  const log = JSON.parse(out)
  expect([log.version, log.runs.length]).toEqual(['2.1.0', 1])
  const [run] = log.runs
  expect(run.invocations[0].executionSuccessful).toBe(true)
  expect(run.results.map((result: { ruleId: string }) => result.ruleId)).toContain('workflow/script-injection')
})

test('it says in SARIF that a broken config was no success', async () => {
  const { out } = await hygiene([folder({ [CONFIG]: 'presets: all\n' }), '--format', 'sarif'])
  expect(JSON.parse(out).runs[0].invocations[0].executionSuccessful).toBe(false)
})

test('it prints nothing but workflow commands for github', async () => {
  const { out } = await hygiene([folder({ [CI]: INJECTED, Dockerfile: 'FROM alpine\n' }), '--format', 'github'])
  const commands = out.trimEnd().split('\n')
  expect(commands.length).toBeGreaterThan(0)
  for (const line of commands) expect(line).toMatch(/^::(error|warning|notice) [^:]*::./)
})

test.each([
  ['none when piped', {}, false],
  ['some with FORCE_COLOR', { FORCE_COLOR: '1' }, true],
  ['none with FORCE_COLOR=0', { FORCE_COLOR: '0' }, false],
  ['none with NO_COLOR', { NO_COLOR: '1' }, false],
  ['none with both', { NO_COLOR: '1', FORCE_COLOR: '1' }, false]
])('it prints colours: %s', async (_, env, some) => {
  const { out } = await hygiene([folder({ [CI]: INJECTED })], { env: env as Record<string, string> })
  expect(out.includes(ESCAPE)).toBe(some)
})

test('it checks the folder that it is started in', async () => {
  const { code, out } = await hygiene(['--format', 'json'], { cwd: folder({ [CI]: INJECTED }) })
  expect([code, JSON.parse(out).looked]).toEqual([1, { workflow: { read: 1 } }])
})

test('it leaves quietly when the reader of a pipe has seen enough', async () => {
  const root = folder({ Dockerfile: `FROM alpine\n${'RUN curl -k http://example.com | sh\n'.repeat(4000)}` })
  const bundle = join(ROOT, 'dist/cli/index.js')
  const script = `"$1" "$2" "$3" --format json --preset all | head -c 10; echo "\${PIPESTATUS[0]}"`
  const { out, err } = await execute('bash', ['-c', script, '-', process.execPath, bundle, root], ROOT, {})
  expect([out.replace(/\s+/g, ' '), err]).toEqual([expect.stringMatching(/^\{ "versi[01] $/), ''])
})

// ---------------------------------------------------------------- options

test('it prints its version and its usage', async () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  expect(await hygiene(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' })
  const help = await hygiene(['--help'])
  expect([help.code, help.err]).toEqual([0, ''])
  for (const option of ['--format', '--preset', '--rule', '--config', '--base', '--pull-request', '--publish'])
    expect(help.out).toContain(option)
})

test.each([
  ['an unknown option', ['--nope'], /Unknown option '--nope'/],
  ['an unknown format', ['--format', 'xml'], /--format is one of terminal, json.*not 'xml'/],
  ['an unknown preset', ['--preset', 'stict'], /--preset is one of recommended, strict, all, not 'stict'/],
  ['an option without its value', ['--config'], /--config/],
  ['two paths', ['a', 'b'], /one path at a time, not 2/],
  ['--publish alone', ['--publish'], /--publish goes with --pull-request/],
  ['--markdown without rules', ['--markdown'], /--markdown goes with the command rules/],
  ['a gate in JSON', ['gate', '--format', 'json'], /the command gate prints terminal or markdown, not 'json'/],
  ['a gate that is published', ['gate', '--pull-request', 'a/b#1', '--publish'], /the command gate posts nothing/],
  ['a gate of some rules', ['gate', '--rule', 'branch/*'], /the command gate asks every rule/],
  ['gates of two paths', ['gate', 'a', 'b'], /one path at a time, not 2/],
  ['a malformed pull request', ['--pull-request', 'owner/repo'], /owner\/repo#number, not 'owner\/repo'/],
  ['a pull request and a path', ['--pull-request', 'a/b#1', '.'], /takes no path/],
  ['a pull request without a token', ['--pull-request', 'a/b#1'], /GITHUB_TOKEN/],
  ['a path that does not exist', ['no/such/folder'], /no\/such\/folder does not exist/],
  ['a config that does not exist', ['--config', 'no.yml', 'examples/good'], /the config no\.yml cannot be read/],
  ['a folder as config', ['--config', 'src', 'examples/good'], /the config src cannot be read/],
  [
    'an unknown rule to explain',
    ['--explain', 'root-usr'],
    /no rule .*'root-usr': did you mean dockerfile\/root-user\?/
  ],
  [
    'a glob that matches no rule',
    ['--rule', 'dockrfile/root-user'],
    /matches no rule: did you mean dockerfile\/root-user/
  ],
  [
    'one of two globs that matches no rule',
    ['--rule', 'workflow/*', '--rule', 'no/*'],
    /--rule 'no\/\*' matches no rule/
  ]
])('it refuses %s in one line', async (_, args, message) => {
  const { code, out, err } = await hygiene(args)
  expect([code, out]).toEqual([2, ''])
  expect(err).toMatch(message)
  expect(err.trimEnd().split('\n')).toHaveLength(1)
})

test('it refuses a file as the folder', async () => {
  const { code, err } = await hygiene(['package.json'])
  expect([code, err]).toEqual([2, expect.stringMatching(/package\.json is not a folder: name the folder/)])
})

test('it asks only the rules that match', async () => {
  const root = folder({ [CI]: INJECTED.replace('permissions: {}\n', ''), Dockerfile: 'FROM alpine\nCMD ["x"]\n' })
  const { report } = await json(root, '--rule', 'workflow/script-*', '--rule', 'dockerfile/unpinned-base-image')
  expect(lines(report)).toEqual([
    `new workflow/script-injection ${CI}:7`,
    'new dockerfile/unpinned-base-image Dockerfile:1'
  ])
})

test('it takes the preset and the config that it is told', async () => {
  const root = folder({ [CI]: INJECTED, 'other.yml': 'rules:\n  workflow/script-injection: off\nrequire: []\n' })
  expect((await json(root)).code).toBe(1)
  const other = await json(root, '--config', join(root, 'other.yml'))
  expect(other.code).toBe(0)
  expect(other.report.findings.map(({ rule }) => rule)).not.toContain('workflow/script-injection')
  const [some, all] = await Promise.all([json(root), json(root, '--preset', 'all')])
  expect(all.report.findings.length).toBeGreaterThanOrEqual(some.report.findings.length)
})

test('it draws the gate of a folder, and does not fail for what the gate lets through', async () => {
  const root = folder({ [CI]: workflow('npx jest || true') })
  const drawn = await hygiene(['gate', root])
  expect(drawn).toEqual({
    code: 0,
    err: '',
    out: `The gate: 1 check, not known which are required, 1 hole

  check  started by    required   proves
  test   pull request  not known
    ✗ test failures ignored

merge: rules not known
`
  })
  expect(await hygiene(['gate'], { cwd: root })).toEqual(drawn)
  const { out } = await hygiene(['gate', root, '--format', 'markdown'])
  expect(out).toMatch(/^### The gate: .*\n\n```mermaid\n[\s\S]*\n```\n/)
})

test('it says that there is no gate where there is no workflow', async () => {
  const { code, out } = await hygiene(['gate', folder({ Dockerfile: 'FROM scratch\n' })])
  expect([code, out]).toEqual([0, 'No workflow: there is no gate to draw.\n'])
})

test('it fails to draw the gate where the config is broken', async () => {
  const { code, out, err } = await hygiene(['gate', folder({ [CI]: FINE, [CONFIG]: 'fail_on: error\n' })])
  expect([code, out]).toEqual([2, ''])
  expect(err).toMatch(/^pipeline-hygiene: .*fail_on[^\n]*\n$/)
})

test('it explains a rule and lists them all', async () => {
  const explained = await hygiene(['--explain', 'dockerfile/root-user'])
  expect([explained.code, explained.out]).toEqual([0, expect.stringContaining('## dockerfile/root-user')])
  const listed = await hygiene(['rules'])
  expect(listed.code).toBe(0)
  for (const kind of readdirSync(join(ROOT, 'src/rules'), { withFileTypes: true }).filter(each => each.isDirectory()))
    for (const name of readdirSync(join(ROOT, 'src/rules', kind.name)))
      expect(listed.out).toMatch(new RegExp(`^${kind.name}/${name.replace('.ts', '')} +(error|warning|note) `, 'm'))
})

test('it prints docs/rules.md', async () => {
  const { code, out } = await hygiene(['rules', '--markdown'])
  expect([code, out]).toEqual([0, readFileSync(join(ROOT, 'docs/rules.md'), 'utf8')])
})

test('it prints the time of each rule when asked', async () => {
  const { out } = await hygiene([folder({ [CI]: FINE }), '--timing'])
  expect(out).toMatch(/ ms {2}workflow\/script-injection\n/)
})

test('npm start takes a path', async () => {
  const root = folder({ [CI]: INJECTED })
  const { code, out } = await execute('npm', ['start', '--', root], ROOT, { npm_config_update_notifier: 'false' })
  expect([code, out]).toEqual([1, expect.stringContaining('workflow/script-injection')])
})

// ---------------------------------------------------------------- a base

describe('with --base', () => {
  const SUPPRESSED = INJECTED.replace(
    '      - run',
    '      # pipeline-hygiene ignore workflow/script-injection -- tried out\n      - run'
  )
  const only = ['--rule', 'workflow/script-injection', '--base', 'main']

  test('it blocks for what is new and folds what is old', async () => {
    const root = repository({ [CI]: INJECTED })
    git(root, 'checkout', '-qb', 'change')
    commit(root, { 'a.md': 'a' })
    const before = await json(root, ...only)
    expect([before.code, lines(before.report)]).toEqual([0, [`old workflow/script-injection ${CI}:8`]])
    commit(root, { '.github/workflows/two.yml': INJECTED })
    const after = await json(root, ...only)
    expect([after.code, lines(after.report)]).toEqual([
      1,
      ['new workflow/script-injection .github/workflows/two.yml:8', `old workflow/script-injection ${CI}:8`]
    ])
  })

  test('it takes a renamed file for what it was, with lines in front of the old ones', async () => {
    const root = repository({ [CI]: INJECTED })
    git(root, 'checkout', '-qb', 'change')
    git(root, 'mv', CI, '.github/workflows/moved.yml')
    commit(root, { '.github/workflows/moved.yml': `# moved\n${INJECTED}` })
    const { code, report } = await json(root, ...only)
    expect([code, lines(report)]).toEqual([0, ['old workflow/script-injection .github/workflows/moved.yml:9']])
  })

  test('it counts what is not committed yet', async () => {
    const root = repository({ [CI]: FINE })
    write(root, { '.github/workflows/new.yml': INJECTED })
    const { code, report } = await json(root, ...only)
    expect([code, lines(report)]).toEqual([1, ['new workflow/script-injection .github/workflows/new.yml:8']])
  })

  test('it says which suppressions are new', async () => {
    const root = repository({ [CI]: INJECTED })
    git(root, 'checkout', '-qb', 'change')
    commit(root, { [CI]: SUPPRESSED })
    const { code, report } = await json(root, ...only)
    expect([code, report.findings, report.hidden]).toEqual([
      0,
      [],
      [expect.objectContaining({ because: 'suppressed', reason: 'tried out' })]
    ])
    expect(report.notices).toEqual([`${CI}:8 newly suppresses workflow/script-injection: tried out`])
  })

  test('it holds to the config of the base and previews the new one', async () => {
    const root = repository({ [CI]: INJECTED, [CONFIG]: 'require: []\n' })
    git(root, 'checkout', '-qb', 'change')
    commit(root, { [CONFIG]: 'require: []\nrules:\n  "*": off\n', '.github/workflows/two.yml': INJECTED })
    const { code, report } = await json(root, '--base', 'main')
    expect([code, report.conclusion]).toEqual([1, 'failure'])
    expect(report.notices).toEqual([expect.stringContaining('the config of this pull request holds after the merge')])
  })

  test('it blocks a broken file that is changed, and no other', async () => {
    const root = repository({ [CI]: 'on: [\n', 'compose.yml': 'services: [\n' })
    git(root, 'checkout', '-qb', 'change')
    commit(root, { [CI]: 'on: push\njobs: [\n' })
    const { code, report } = await json(root, '--base', 'main')
    expect([code, lines(report)]).toEqual([1, [expect.stringContaining(`new pull-request/unreadable-file ${CI}:`)]])
  })

  test.each([
    ['a ref that does not exist', 'nope', /nope names no commit here: fetch it first/],
    ['a ref that looks like an option', '--output=x', /names no commit here/]
  ])('it refuses %s', async (_, ref, message) => {
    const { code, err } = await hygiene([repository({ a: 'a' }), `--base=${ref}`])
    expect([code, err]).toEqual([2, expect.stringMatching(message)])
  })

  test('it refuses a folder without git', async () => {
    const { code, err } = await hygiene([folder({ [CI]: FINE }), '--base', 'main'])
    expect([code, err]).toEqual([2, expect.stringContaining('is in no git repository')])
  })
})

// ---------------------------------------------------------------- bad input: files

const utf16 = (text: string, mark = true) =>
  Buffer.concat([Buffer.from(mark ? [0xff, 0xfe] : []), Buffer.from(text, 'utf16le')])
/** Nine levels of nine aliases each: half a kilobyte that stands for 400 million values. */
const nest = () => {
  const rows = ['a0: &a0 [x,x,x,x,x,x,x,x,x]']
  for (let at = 1; at < 9; at++)
    rows.push(
      `a${at}: &a${at} [${Array(9)
        .fill(`*a${at - 1}`)
        .join(',')}]`
    )
  return `${rows.join('\n')}\n`
}
const UNREADABLE = new Set(['pull-request/unreadable-file', 'workflow/broken-yaml'])
const nested = (open: string, close: string, count = 5000) => open.repeat(count) + close.repeat(count)

describe.each([
  ['a workflow of broken YAML', { [CI]: 'on: push\njobs:\n  a: [\n' }, `${CI}:4:1`, /the workflow cannot be read/],
  ['an empty workflow', { [CI]: '' }, `${CI}:1:1`, /is empty/],
  ['a workflow that is a list', { [CI]: '- a\n' }, `${CI}:1:1`, /holds no mapping/],
  [
    'a binary named Dockerfile',
    { Dockerfile: Buffer.from([127, 69, 76, 70, 2, 0, 0, 200, 255]) },
    'Dockerfile:1:1',
    /is binary/
  ],
  ['a UTF-16 workflow', { [CI]: utf16(FINE) }, `${CI}:1:1`, /is UTF-16: save it as UTF-8/],
  ['a UTF-16 workflow without a mark', { [CI]: utf16(FINE, false) }, `${CI}:1:1`, /is UTF-16: save it as UTF-8/],
  [
    'a workflow of 10 MB',
    { [CI]: FINE + '      - run: echo hello\n'.repeat(440_000) },
    `${CI}:1:1`,
    /larger than 512 KiB/
  ],
  ['a nest of aliases', { [CI]: `on: push\njobs: {}\n${nest()}` }, `${CI}:8:10`, /aliases expand to more than 100000/],
  ['5,000 nested brackets', { [CI]: `on: ${nested('[', ']')}\n` }, `${CI}:1:`, /nested more than 100 deep/],
  ['5,000 open brackets', { [CI]: `on: ${'['.repeat(5000)}\n` }, `${CI}:1:`, /nested more than 100 deep/],
  ['5,000 nested braces', { 'compose.yml': nested('{a: ', '}') }, 'compose.yml:1:', /nested more than 100 deep/],
  [
    '900 indented keys',
    { [CI]: Array.from({ length: 900 }, (_, at) => `${' '.repeat(at)}a:\n`).join('') },
    `${CI}:10`,
    /nested more than 100 deep/
  ]
])('%s', (_, files: Tree, place, message) => {
  const root = folder(files)
  const [path = ''] = place.split(':')

  test('it blocks, with file, line and reason as data', async () => {
    const { code, report } = await json(root)
    expect(code).toBe(1)
    const [found, ...more] = report.findings.filter(({ rule }) => UNREADABLE.has(rule))
    expect(more).toEqual([])
    expect(`${found?.path}:${found?.line}:${found?.column}`.startsWith(place)).toBe(true)
    expect(found?.message).toMatch(message)
    expect(report.unread.map(({ what }) => what)).toContain(path)
  })

  test('it says so where people read', async () => {
    const [terminal, markdown] = await Promise.all([hygiene([root]), hygiene([root, '--format', 'markdown'])])
    expect(terminal.out).toMatch(message)
    expect(terminal.out).toContain(`not checked: ${path}`)
    expect(terminal.out).toMatch(/^Blocked: /m)
    expect(terminal.out).toMatch(/fix: (Write it as valid UTF-8|Mend the YAML)/)
    expect(markdown.out).toMatch(/^❌ \*\*Blocked\*\*/)
    expect(markdown.out).toContain(`\`${path}:`)
  })
})

test.each([
  ['a template', { 'Dockerfile.j2': 'FROM {{ base }}\n', 'compose.yml': '{% if a %}\nservices: {}\n{% endif %}\n' }],
  ['broken YAML that is no pipeline file', { 'config/data.yml': 'a: [\n' }]
])('it does not block for %s', async (_, files) => {
  const { code, report } = await json(folder(files as Tree))
  expect([code, report.findings]).toEqual([0, []])
})

// ---------------------------------------------------------------- bad input: configs and suppressions

test.each([
  ['a wrong key', 'preset: strict\nfail_on: error\n', '2:1', "unknown key 'fail_on': did you mean fail-on?"],
  [
    'a wrong value',
    'preset: stric\n',
    '1:9',
    "preset is recommended, strict or all, not 'stric' (did you mean strict?)"
  ],
  ['a wrong type', 'rules: [a]\n', '1:8', 'rules is a mapping, not a list'],
  ['a list in place of a config', '- preset\n', '1:1', 'the config is a mapping'],
  [
    'an unknown rule',
    'rules:\n  dockerfile/rot-user: off\n',
    '2:3',
    "unknown rule 'dockerfile/rot-user': did you mean dockerfile/root-user?"
  ],
  ['a day that is none', 'warn-only-until: 2027-02-30\n', '1:18', "'2027-02-30' is no day: write it as 2027-01-31"],
  ['an unknown topic', 'require: [test]\n', '1:11', "require lists topics, and 'test' is none: did you mean tests?"],
  ['broken YAML', 'rules: {\n', '2:1', ''],
  ['UTF-16', utf16('preset: strict\n', false), '1:1', 'is UTF-16: save it as UTF-8'],
  ['a nest of aliases', nest(), '6:10', 'aliases expand to more than 100000 values'],
  ['5,000 nested brackets', nested('[', ']'), '1:', 'nested more than 100 deep']
])('it fails for a config with %s, and names the place', async (_, text, place, message) => {
  const root = folder({ [CI]: FINE, [CONFIG]: text })
  const { code, report } = await json(root)
  expect([code, report.conclusion]).toEqual([2, 'failure'])
  expect(report.failed).toContain(`${CONFIG}:${place}`)
  expect(report.failed).toContain(message)
})

test('it names the config that it was told', async () => {
  const root = folder({ [CI]: FINE, 'my.yml': 'preset: stric\n', 'wide.yml': utf16('preset: strict\n') })
  const mine = await json(root, '--config', join(root, 'my.yml'))
  expect([mine.code, mine.report.failed]).toEqual([2, expect.stringContaining(`${join(root, 'my.yml')}:1:9`)])
  const wide = await hygiene([root, '--config', join(root, 'wide.yml')])
  expect([wide.code, wide.err]).toEqual([2, expect.stringContaining('wide.yml is UTF-16: save it as UTF-8')])
})

test('it does not follow a config that is a link', async () => {
  const root = folder({ [CI]: FINE, 'elsewhere.yml': 'secret: 1\n' })
  symlinkSync('../elsewhere.yml', join(root, CONFIG))
  const { code, report } = await json(root)
  expect([code, report.failed]).toEqual([2, expect.stringContaining('symbolic link')])
  expect(JSON.stringify(report)).not.toContain('secret')
})

test.each([
  ['an unknown rule', 'ignore workflow/script-injecton -- why', 'did you mean workflow/script-injection?'],
  ['a suppression that finds nothing', 'ignore workflow/script-injection -- why', 'finds nothing here'],
  ['no reason', 'ignore workflow/script-injection', 'gives no reason']
])('it reports a suppression with %s at its line', async (_, comment, message) => {
  const { report } = await json(folder({ [CI]: `# pipeline-hygiene ${comment}\n${FINE}` }))
  const found = report.findings.filter(each => each.path === CI && each.line === 1)
  expect(found.map(each => each.message)).toEqual([expect.stringContaining(message)])
})

// ---------------------------------------------------------------- bad input: folders

test('it says that an empty folder has nothing to look at', async () => {
  const root = folder()
  const [terminal, markdown, github] = await Promise.all(
    ['terminal', 'markdown', 'github'].map(format => hygiene([root, '--format', format]))
  )
  for (const ran of [terminal, markdown, github])
    expect([ran?.code, ran?.out]).toEqual([0, expect.stringContaining('nothing to look at')])
  expect((await json(root)).report.notices).toEqual([expect.stringContaining('nothing to look at')])
})

// Root reads what nobody may read.
const isRoot = process.getuid?.() === 0
;(isRoot ? test.skip : test)('it refuses a folder that it may not read', async () => {
  const root = folder({ Dockerfile: 'FROM alpine\n' })
  chmodSync(root, 0)
  try {
    const { code, err } = await hygiene([root])
    expect([code, err]).toEqual([2, expect.stringContaining('cannot be read')])
  } finally {
    chmodSync(root, 0o755)
  }
})
;(isRoot ? test.skip : test).each([
  ['list', 0],
  ['enter', 0o644]
])('it says what folder it may not %s, and looks at the rest', async (_, mode) => {
  const root = folder({
    Dockerfile: 'FROM alpine\n',
    'closed/Dockerfile': 'FROM alpine\n',
    'closed/b/Dockerfile': 'FROM a\n'
  })
  chmodSync(join(root, 'closed'), mode)
  try {
    const { report } = await json(root)
    expect(report.unread.map(({ what }) => what)).toContain('closed')
    expect(report.findings.map(({ path }) => path)).toContain('Dockerfile')
  } finally {
    chmodSync(join(root, 'closed'), 0o755)
  }
})

test('it follows no links, in circles or out of the folder', async () => {
  const outside = folder({ Dockerfile: 'FROM outside\n' })
  const root = folder({ [CI]: FINE })
  symlinkSync('.', join(root, 'circle'))
  symlinkSync('b', join(root, 'a'))
  symlinkSync('a', join(root, 'b'))
  symlinkSync('Dockerfile', join(root, 'Dockerfile'))
  symlinkSync(outside, join(root, 'out'))
  symlinkSync(join(outside, 'Dockerfile'), join(root, 'Dockerfile.dev'))
  const { code, report } = await json(root)
  expect([code, report.looked]).toEqual([0, { workflow: { read: 1 } }])
})

test('it takes a link to a folder for that folder', async () => {
  const root = folder({ 'real/Dockerfile': 'FROM alpine\n' })
  symlinkSync('real', join(root, 'link'))
  expect((await json(join(root, 'link'))).report.looked).toEqual({ dockerfile: { read: 1 } })
})

test('it keeps file names from being anything but names', async () => {
  const names = [
    'line\nbreak.Dockerfile',
    'quote"\'`.Dockerfile',
    '::error file=a::b.Dockerfile',
    '##[error]x.Dockerfile',
    `${ESCAPE}[31mred.Dockerfile`,
    '<details> .Dockerfile',
    '@somebody #1.Dockerfile'
  ]
  const tree: Tree = Object.fromEntries(names.map(name => [name, 'FROM alpine\nENV PASSWORD=hunter22x\nCMD ["x"]\n']))
  tree['<details>/a</summary>.Dockerfile'] = 'FROM alpine\nCMD ["x"]\n'
  const root = folder(tree)
  const [terminal, sarif, markdown, github, data] = await Promise.all([
    ...['terminal', 'sarif', 'markdown', 'github'].map(format => hygiene([root, '--format', format])),
    json(root)
  ] as const)
  const paths = new Set((data as Awaited<ReturnType<typeof json>>).report.findings.map(({ path }) => path))
  for (const name of Object.keys(tree)) expect(paths).toContain(name)
  const texts = [terminal, markdown, github].map(ran => (ran as { out: string }).out)
  for (const out of texts) {
    expect(out).not.toContain(ESCAPE)
    // Behind a command of the newer form, the older is part of its text.
    expect(out).not.toMatch(/^(?!::).*##\[/m)
  }
  const [shown = '', page = '', commands = ''] = texts
  for (const line of `${shown}\n${page}`.split('\n')) expect(line).not.toMatch(/^\s*::/)
  for (const line of commands.trimEnd().split('\n')) {
    expect(line).toMatch(/^::(error|warning|notice) [^:]*::/)
    expect(line).not.toMatch(/file=[^,]*::error file=a/)
  }
  // What stands in a code span opens and closes nothing.
  const bare = page.replace(/(`+)(?!`).*?\1/g, '').replace(/<code>.*?<\/code>/g, '')
  expect(bare.split('<details>').length).toBe(bare.split('</details>').length)
  expect(bare).not.toMatch(/<details> |<details>\/|@somebody/)
  expect(() => JSON.parse((sarif as { out: string }).out)).not.toThrow()
})

test.each([
  ['10,000 lines', `FROM alpine:3.20\n${'RUN apk add curl && rm -rf /tmp\n'.repeat(9999)}`],
  [
    '10,000 stages',
    Array.from({ length: 10_000 }, (_, at) => `FROM ${at ? `s${at - 1}` : 'alpine'} AS s${at}\n`).join('')
  ],
  ['one instruction of 10,000 lines', `FROM alpine\nRUN true \\\n${' && echo a \\\n'.repeat(10_000)} && true\n`],
  ['one line of 400 kB', `FROM alpine\nRUN ${'$('.repeat(200_000)}\n`],
  ['an open expansion', `FROM alpine\nENV a=${'${a:-'.repeat(100_000)}\n`]
])('it reads a Dockerfile with %s', async (_, text) => {
  const { report } = await json(folder({ Dockerfile: text }))
  expect(report.looked).toEqual({ dockerfile: { read: 1 } })
})

test.each([
  ['a line of 500 kB', workflow(`echo ${'x'.repeat(500_000)}`)],
  ['a thousand expressions in a line', workflow(`echo ${'${{ github.event.pull_request.title }} '.repeat(1000)}`)],
  ['5,000 open brackets in an expression', workflow(`echo \${{ ${'('.repeat(5000)} }}`)],
  ['5,000 open substitutions', workflow(`echo ${'$('.repeat(5000)}`)],
  [
    '9,000 jobs in a row',
    `on: pull_request\njobs:\n${Array.from({ length: 9_000 }, (_, at) => ` j${at}: {needs: j${at + 1}, runs-on: u}\n`).join('')}`
  ],
  ['8,000 suppressions', FINE + '# pipeline-hygiene ignore workflow/unpinned-action -- x\n'.repeat(8_000)]
])('it reads a workflow with %s', async (_, text) => {
  const { report } = await json(folder({ [CI]: text }))
  expect(report.looked).toEqual({ workflow: { read: 1 } })
})

test('it reads scripts that call each other in circles', async () => {
  const names = Array.from({ length: 500 }, (_, at) => [
    `a${at}`,
    `npm run a${(at + 1) % 500} && npm run a${(at + 2) % 500}`
  ])
  const scripts = Object.fromEntries([['test', 'npm run a0'], ...names])
  const { report } = await json(folder({ [CI]: workflow('npm test'), 'package.json': JSON.stringify({ scripts }) }))
  expect(report.looked).toEqual({ workflow: { read: 1 }, script: { read: 1 } })
})

test('it goes down into deep folders', async () => {
  const root = folder()
  const deep = join(root, 'd/'.repeat(900))
  mkdirSync(deep, { recursive: true })
  writeFileSync(join(deep, 'Dockerfile'), 'FROM alpine\n')
  expect((await json(root)).report.looked).toEqual({ dockerfile: { read: 1 } })
})

test('it reads thousands of files, and says where it stops', async () => {
  const tree: Tree = {}
  for (let at = 0; at < 1500; at++) {
    tree[`d${at % 50}/f${at}/Dockerfile`] = 'FROM alpine:3.20\nUSER 1\n'
    tree[`k8s/d${at % 50}/f${at}.yml`] = 'a: 1\n'
  }
  const root = folder(tree)
  const { report } = await json(root)
  expect(report.looked).toEqual({ dockerfile: { read: 1500 }, manifest: { 'left-out': 500 } })
  expect(report.unread.filter(({ reason }) => reason.includes('more than 1000 YAML files'))).toHaveLength(1)
  rmSync(root, { recursive: true })
})

// ---------------------------------------------------------------- fixing

describe('--fix', () => {
  const OLD = 'FROM debian:13-slim as base\r\nENV A b\r\nCMD node server.js\r\n'
  const SAFE = 'FROM debian:13-slim AS base\r\nENV A=b\r\nCMD node server.js\r\n'
  const fix = (root: string, ...args: string[]) => json(root, '--preset', 'all', ...args)
  const text = (root: string, path = 'Dockerfile') => readFileSync(join(root, path), 'utf8')

  test('it changes what keeps its meaning, says where, and reports what is left', async () => {
    const root = folder({ Dockerfile: OLD })
    const { out, err } = await hygiene([root, '--preset', 'all', '--fix'])
    expect(text(root)).toBe(SAFE)
    expect(err).toBe('')
    expect(out).toMatch(
      /^fixed 2 findings:\n {2}Dockerfile:1 {2}dockerfile\/from-as-case\n {2}Dockerfile:2 {2}dockerfile\/legacy-key-value\n/
    )
    expect(out.split('\n\n').slice(1).join('\n\n')).not.toMatch(/from-as-case|legacy-key-value/)
    expect(out).toContain('dockerfile/shell-form-command')
  })

  test('it changes the rest as well with --fix-all', async () => {
    const root = folder({ Dockerfile: OLD })
    await hygiene([root, '--preset', 'all', '--fix-all'])
    expect(text(root)).toContain('CMD ["node", "server.js"]\r\n')
  })

  test('it tells the same as JSON, and changes nothing the second time', async () => {
    const root = folder({ Dockerfile: OLD })
    const { report } = await fix(root, '--fix')
    expect(report).toMatchObject({
      fixed: [
        { rule: 'dockerfile/from-as-case', path: 'Dockerfile', line: 1, message: expect.any(String) },
        { rule: 'dockerfile/legacy-key-value', path: 'Dockerfile', line: 2 }
      ],
      notFixed: []
    })
    const again = await fix(root, '--fix')
    expect(again.report).toMatchObject({ fixed: [], notFixed: [] })
    expect(text(root)).toBe(SAFE)
    expect((await fix(root)).report).not.toHaveProperty('fixed')
  })

  test('it exits by what is left', async () => {
    const broken = 'FROM nginx:1.29\nHEALTHCHECK --interval 30s CMD ["curl", "-fsS", "http://127.0.0.1/"]\n'
    const args = ['--rule', 'dockerfile/invalid-healthcheck']
    expect((await hygiene([folder({ Dockerfile: broken }), ...args])).code).toBe(1)
    const root = folder({ Dockerfile: broken })
    expect((await hygiene([root, ...args, '--fix'])).code).toBe(0)
    expect(text(root)).toContain('--interval=30s')
  })

  test('it tells programs on standard error', async () => {
    const { out, err } = await hygiene([folder({ Dockerfile: OLD }), '--preset', 'all', '--fix', '--format', 'sarif'])
    expect(JSON.parse(out)).toHaveProperty('version', '2.1.0')
    expect(err).toContain('fixed 2 findings')
  })

  test('it fixes only what is new with --base', async () => {
    const root = repository({ Dockerfile: 'FROM debian:13-slim as base\n' })
    git(root, 'switch', '-qc', 'work')
    commit(root, { Dockerfile: 'FROM debian:13-slim as base\nENV A b\n' })
    await hygiene([root, '--preset', 'all', '--base', 'main', '--fix'])
    expect(text(root)).toBe('FROM debian:13-slim as base\nENV A=b\n')
  })

  test('it changes nothing with a broken config', async () => {
    const root = folder({ Dockerfile: OLD, [CONFIG]: 'fail_on: error\n' })
    const { code, report } = await fix(root, '--fix')
    expect([code, text(root)]).toEqual([2, OLD])
    expect(report.notices).toContain('nothing was fixed: what the config asks for is not known')
  })

  test('it follows no link out of the folder', async () => {
    const root = folder({ 'outside/Dockerfile': OLD, 'inside/x': '' })
    symlinkSync('../outside/Dockerfile', join(root, 'inside/Dockerfile'))
    symlinkSync('../outside', join(root, 'inside/build'))
    await hygiene([join(root, 'inside'), '--preset', 'all', '--fix'])
    expect(text(root, 'outside/Dockerfile')).toBe(OLD)
  })

  test('it leaves a file alone that cannot be written, and says so', async () => {
    if (process.getuid?.() === 0) return
    const root = folder({ 'a/Dockerfile': OLD })
    chmodSync(join(root, 'a'), 0o500)
    const { report } = await fix(root, '--fix')
    chmodSync(join(root, 'a'), 0o700)
    expect(text(root, 'a/Dockerfile')).toBe(OLD)
    expect(report).toMatchObject({ fixed: [], notFixed: [{ why: expect.stringContaining('was left alone') }, {}] })
  })

  test.each([
    [['--fix', '--pull-request', 'octo/repo#1'], '--fix changes files of a folder'],
    [['gate', '--fix'], 'the command gate changes nothing']
  ])('it refuses %j', async (args, message) => {
    const { code, err } = await hygiene(args)
    expect([code, err]).toEqual([2, expect.stringContaining(message)])
  })
})
