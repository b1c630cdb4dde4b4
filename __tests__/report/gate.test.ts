import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { mergeConfig } from '../../src/config.js'
import { type Gate, type GateRow, gateOf, MAY_START } from '../../src/gate.js'
import { inspect } from '../../src/inspect.js'
import type { BranchFacts, Files, Inspection } from '../../src/model.js'
import { diagram, gateMarkdown } from '../../src/report/gate-diagram.js'
import { gateText, widthOf } from '../../src/report/gate-text.js'
import { markdown } from '../../src/report/markdown.js'
import { summary } from '../../src/report/summary.js'
import { memorySource } from '../../src/source/memory.js'
import { finding, HOSTILE, inspection } from './inspection.js'

const row = (name: string, facts: Partial<GateRow> = {}): GateRow => ({
  names: [name],
  count: 1,
  starts: ['pull request'],
  proves: ['unit tests'],
  required: 'yes',
  holes: [],
  unknown: [],
  keys: [name],
  through: [],
  ...facts
})
const gate = (rows: GateRow[], facts: Partial<Gate> = {}): Gate => ({
  rows,
  merge: { branch: 'main', protected: 'yes', asks: ['2 approvals'], holes: [] },
  after: [],
  ...facts
})
const plain = (one: Gate, width = 100) => gateText(one, { color: false, width })

const mixed = gate(
  [
    row('test', { count: 3, partly: 2 }),
    row('done', { proves: [], holes: ['passes when needed jobs fail'] }),
    row('lint', { proves: ['lint'], required: 'no', through: ['done'] }),
    row('docs', { proves: [], required: 'no', starts: ['pull request, some paths'] }),
    row('other', { proves: [], starts: [], unknown: ['not known who reports it'] }),
    row('maybe', { required: 'unknown', starts: [MAY_START], count: undefined })
  ],
  { after: [row('ship', { proves: ['publishes'], starts: ['push', 'demand'], required: 'no' })] }
)

// ---------------------------------------------------------------- text

test('prints a row a check, its holes below it, the merge and what follows', () => {
  expect(plain(mixed)).toBe(`The gate: 8 checks, 4 required, 1 hole

  check      started by                   required      proves
  test (3)   pull request                 2 of them     unit tests
  done       pull request                 yes
    ✗ passes when needed jobs fail
  lint       pull request                 through done  lint
  docs       pull request, some paths     no
  other      nothing                      yes
    ? not known who reports it
  maybe (…)  pull request, some branches  not known     unit tests

merge to main: protected, 2 approvals
  → ship: publishes (on push or demand)
`)
})

test.each([
  ['yes', [], 'merge to main: protected'],
  ['no', ['unprotected'], 'merge to main: ✗ unprotected'],
  ['no', [], 'merge to main: unprotected'],
  ['unknown', [], 'merge to main: rules not known']
] as const)('says that the branch is protected: %s', (is, holes, line) => {
  const merge = { branch: 'main', protected: is, asks: [], holes: [...holes] }
  expect(plain(gate([row('test')], { merge }))).toContain(`\n${line}\n`)
})

test('says that there is nothing to draw', () =>
  expect(gateText(undefined, { color: true })).toBe('No workflow: there is no gate to draw.\n'))

test.each([60, 80, 120, 200])('keeps within %i columns, wide characters counted twice', width => {
  const long = gate([row('大きい名前'.repeat(30)), row('x'.repeat(300), { holes: ['y'.repeat(300)] })], {
    after: [row('z'.repeat(300))]
  })
  const lines = plain(long, width).trimEnd().split('\n')
  for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width)
  expect(lines.some(line => widthOf(line) > width * 0.6)).toBe(true)
})

test('colours only when asked', () => {
  expect(plain(mixed)).not.toContain('\u001b')
  expect(gateText(mixed, { color: true })).toContain('\u001b[31m    ✗ passes when needed jobs fail\u001b[0m')
})

test.each(HOSTILE)('prints nothing that a terminal or a runner acts on: %j', text => {
  const merge = { branch: text, protected: 'yes' as const, asks: [text], holes: [text] }
  const shown = plain(
    gate([row(text, { starts: [text], proves: [text], holes: [text] })], { merge, after: [row(text)] })
  )
  expect(shown).not.toMatch(/^\s*::|##\[/m)
  expect(shown.replaceAll('\u2060', '')).not.toMatch(/(?![\n\u200d])[\p{Cc}\p{Cf}\p{Cs}]/u)
})

// ---------------------------------------------------------------- the picture as text

test('draws boxes and arrows: thick for what must pass, dashed for what is not known', () => {
  expect(diagram(mixed).split('\n').slice(1)).toEqual([
    'flowchart LR',
    '  n1(["pull request"]):::plain',
    '  n2(["pull request#44; some paths"]):::plain',
    '  n3(["pull request#44; some branches"]):::unknown',
    '  n4["test #40;3#41;<br>unit tests<br>2 of them required"]:::sound',
    '  n5["done<br>#10007; passes when needed jobs fail"]:::hole',
    '  n6["lint"]:::plain',
    '  n7["docs"]:::plain',
    '  n8["other<br>#63; not known who reports it"]:::unknown',
    '  n9["maybe #40;#8230;#41;<br>unit tests"]:::plain',
    '  n10{{"merge to main<br>protected<br>2 approvals"}}:::sound',
    '  n11["ship<br>publishes<br>on push or demand"]:::plain',
    '  n1 --> n4',
    '  n4 ==> n10',
    '  n5 ==> n10',
    '  n1 --> n6',
    '  n6 --> n5',
    '  n2 --> n7',
    '  n8 ==> n10',
    '  n3 -.-> n9',
    '  n9 -.-> n10',
    '  n10 --> n11',
    ...['hole', 'sound', 'plain', 'unknown'].map(name => expect.stringContaining(`  classDef ${name} `)),
    ''
  ])
})

test('leads straight to the merge where nothing has to pass', () => {
  const merge = { branch: 'main', protected: 'no' as const, asks: [], holes: ['unprotected'] }
  expect(diagram(gate([row('test', { required: 'no' })], { merge }))).toContain('\n  n1 --> n3\n')
  expect(diagram(gate([row('test')]))).not.toContain('\n  n1 --> n3\n')
})

const NASTY = [
  ...HOSTILE,
  '',
  ' ',
  '"] --> x["',
  '"]:::hole',
  'end',
  'end"]\n  click n1 "https://evil.example"',
  'click n1 href "javascript:alert(1)"',
  '%%{init: {"securityLevel": "loose"}}%%',
  '---\nconfig:\n  securityLevel: loose\n---',
  'style n1 fill:#f00;',
  'classDef x fill:#f00;',
  'subgraph x',
  '#quot;',
  '#60;script#62;alert(1)#60;/script#62;',
  '&lt;img src=x onerror=alert(1)&gt;',
  '<img src=x onerror=alert(1)>',
  '<br><b>bold</b>',
  '`**bold** _em_ [x](https://evil.example)`',
  '1. one',
  '- one',
  '# heading',
  '$$x^2$$',
  'fa:fa-car fab:fa-github logos:aws',
  '\\n\\n\\',
  '```\n\n<script>alert(1)</script>\n\n```mermaid',
  '@{ shape: circle }',
  'ﬂ°°60¶ß',
  '💥 大きい'
]
/** Every line that a picture may have. Letters, digits, blanks, numbers of characters and breaks are all that a label is made of. */
const LINE =
  /^(%%\{init: \{"flowchart": [\w"{}:, ]+\}\}%%|flowchart LR| {2}n\d+(\(\[|\[|\{\{)"(?:[\p{L}\p{M}\p{N} ]|#\d+;|<br>)*"(\]\)|\]|\}\}):::(hole|sound|plain|unknown)| {2}n\d+ (-->|==>|-\.->) n\d+| {2}classDef \w+ [\w:#,-]+( \d)?[\w:#,-]*|)$/u
const hostile = (text: string): Gate =>
  gate(
    [
      row(text, {
        starts: [text],
        proves: [text],
        holes: [text],
        unknown: [text],
        keys: ['a'],
        through: ['b'],
        required: 'no'
      }),
      row(text, { keys: ['b'] })
    ],
    { merge: { branch: text, protected: 'yes', asks: [text], holes: [text] }, after: [row(text)] }
  )
const strange = (picture: string) => picture.split('\n').filter(line => !LINE.test(line))

test('knows a strange line', () => {
  expect(strange(`${diagram(mixed)}  click n1 "x"`)).toHaveLength(1)
  expect(strange('  n1["a"]:::hole x')).toHaveLength(1)
  expect(strange('  n1["a:b"]:::hole')).toHaveLength(1)
})

test.each(NASTY)('makes no syntax of %j', text => expect(strange(diagram(hostile(text)))).toEqual([]))

test('makes no syntax of any mixture', () => {
  const piece = fc.oneof(
    fc.constantFrom(...NASTY),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('"', '#', ';', ':', '%%', '\n')
  )
  const text = fc.array(piece, { maxLength: 6 }).map(pieces => pieces.join(''))
  fc.assert(
    fc.property(text, one => strange(diagram(hostile(one))).length === 0),
    { numRuns: 500 }
  )
})

test('stays far within what GitHub draws: 50,000 characters and 500 arrows', () => {
  const states = ['yes', 'no', 'unknown'] as const
  const rows = Array.from({ length: 5000 }, (_, at) =>
    row(`${'💥'.repeat(200)}${at}`, {
      required: states[at % 3]!,
      holes: at % 2 ? [`${'<'.repeat(200)}${at}`] : [],
      proves: [`${at}`],
      starts: [`event ${at % 5}`],
      through: at % 3 === 1 ? ['0', '3', '6'].map(key => `${'💥'.repeat(200)}${key}`) : []
    })
  )
  const picture = diagram(gate(rows, { after: rows }))
  expect(picture.length).toBeLessThan(20_000)
  expect(picture.match(/(-->|==>|-\.->)/g)!.length).toBeLessThan(100)
})

// ---------------------------------------------------------------- in the report

test('stands open where it is small and is folded where it is large', () => {
  expect(gateMarkdown(mixed)).toMatch(/^\n### The gate: 8 checks, 4 required, 1 hole\n\n```mermaid\n/)
  expect(gateMarkdown(mixed)).toMatch(
    /\n```\n\n<sub>Thick arrows: the merge waits for it; red: a hole; dashed: not known\.<\/sub>\n$/
  )
  const many = gateMarkdown(gate(Array.from({ length: 9 }, (_, at) => row(`job ${at}`))))
  expect(many).toMatch(/^\n<details><summary>The gate: 9 checks, 9 required<\/summary>\n\n```mermaid\n/)
  expect(many).toMatch(/<sub>Thick arrows: the merge waits for it\.<\/sub>\n\n<\/details>\n$/)
})

const CI = '.github/workflows/ci.yml'
const ci = (jobs: string) => ({ [CI]: `on: pull_request\njobs:\n${jobs}`, 'src/a.js': '1\n' })
const job = (id: string, run = 'npx jest', name = id) =>
  `  ${id}:\n    name: ${JSON.stringify(name)}\n    runs-on: ubuntu-24.04\n    steps:\n      - run: ${run}\n`

async function inspected(files: Files, branch?: BranchFacts): Promise<Inspection> {
  return inspect(
    memorySource({ files, ...(branch && { branch }) }),
    { config: mergeConfig({ preset: 'recommended' }), problems: [] },
    { today: '2026-01-01', authorMayWrite: 'yes' },
    { everything: true }
  )
}

test('is in the summary and in the whole report, between what is new and the rest', async () => {
  const seen = await inspected(ci(job('test', 'npx jest || true')))
  for (const report of [markdown(seen), summary(seen)]) {
    expect(report.match(/```mermaid/g)).toHaveLength(1)
    expect(report.indexOf('test-failure-ignored')).toBeLessThan(report.indexOf('### The gate'))
    expect(report.indexOf('### The gate')).toBeLessThan(report.indexOf('What was looked at'))
  }
})

test('is not in a check run or a review, nor where there is no workflow', async () => {
  const seen = await inspected(ci(job('test')))
  for (const only of ['findings', 'details'] as const) expect(markdown(seen, { only })).not.toContain('mermaid')
  expect(summary(await inspected({ Dockerfile: 'FROM scratch\n' }))).not.toContain('mermaid')
})

test('is left out and counted where there is no room', async () => {
  const { repo } = await inspected(ci(job('test')))
  const findings = Array.from({ length: 9000 }, (_, at) => finding({ path: `file-${at}`, message: 'ü'.repeat(90) }))
  const seen = inspection({ findings }, repo)
  const full = summary(seen)
  expect(Buffer.byteLength(full)).toBeLessThanOrEqual(900 * 1024)
  expect(full).not.toContain('mermaid')
  expect(full).toMatch(/\n\d parts left out for their size\.\n/)
})

// ---------------------------------------------------------------- as a browser draws it

const browser = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
const inBrowser = browser ? test : test.skip

interface Drawn {
  error?: string
  width: number
  height: number
  boxes: string[]
  arrows: number
  foreign: string[]
}

/** Draws pictures as a page of GitHub's width does, from a file, without a network. */
function drawn(pictures: string[]): Drawn[] {
  const folder = mkdtempSync(join(tmpdir(), 'hygiene-gate-'))
  try {
    const script = pathToFileURL('node_modules/mermaid/dist/mermaid.min.js')
    const file = join(folder, 'gate.html')
    const data = JSON.stringify(pictures).replaceAll('<', '\\u003c')
    writeFileSync(
      file,
      `<!doctype html><meta charset="utf-8"><main style="width:830px"></main><pre></pre><script src="${script}"></script>
<script type="module">
window.alert = () => { document.title = 'loud' }
const main = document.querySelector('main'), results = []
mermaid.initialize({ startOnLoad: false, securityLevel: 'strict', suppressErrorRendering: true })
for (const [at, picture] of ${data}.entries()) {
  try {
    await mermaid.parse(picture)
    main.innerHTML = (await mermaid.render('picture' + at, picture)).svg
    const svg = main.querySelector('svg')
    const { width, height } = svg.viewBox.baseVal
    const words = box => [...box.querySelectorAll('.nodeLabel')].map(({ innerText }) => innerText).join('\\n')
    results.push({
      width, height,
      boxes: [...svg.querySelectorAll('.node')].map(words),
      arrows: svg.querySelectorAll('path.flowchart-link').length,
      foreign: [...svg.querySelectorAll('a, b, strong, em, i, img, script, iframe, object, math, li, h1, code, [onerror], .error-icon')].map(({ outerHTML }) => outerHTML)
    })
  } catch (error) { results.push({ error: String(error) }) }
}
document.querySelector('pre').textContent = JSON.stringify({ title: document.title, results })
</script>`
    )
    const flags = [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--allow-file-access-from-files',
      '--virtual-time-budget=60000',
      `--user-data-dir=${folder}/profile`
    ]
    const dom = execFileSync(browser!, [...flags, '--dump-dom', pathToFileURL(file).href], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 60_000,
      maxBuffer: 1 << 26
    })
    const written = /<pre>(.*?)<\/pre>/s.exec(dom)?.[1] ?? ''
    const text = written
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&nbsp;', '\u00a0')
      .replaceAll('&amp;', '&')
    const { title, results } = JSON.parse(text)
    expect([title, results.length]).toEqual(['', pictures.length])
    return results
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const example = (name: string): Files => {
  const root = join('examples', name)
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter(each => each.isFile())
  return Object.fromEntries(
    files.map(each => {
      const path = join(each.parentPath, each.name)
      return [path.slice(root.length + 1), readFileSync(path, 'utf8')]
    })
  )
}
const rules: BranchFacts = { name: 'main', protected: true, approvals: true, approvalCount: 1, externalContexts: [] }
const pictureOf = async (files: Files, branch?: BranchFacts) => {
  const { repo, verdict } = await inspected(files, branch)
  return diagram(gateOf(repo, verdict.findings)!)
}

inBrowser(
  'a browser tells what is broken and what is made of a name',
  () => {
    const [broken, marked] = drawn(['flowchart LR\n  n1["a\n', 'flowchart LR\n  n1["<b>x</b>"]\n'])
    expect(broken?.error).toContain('rror')
    expect(marked?.foreign).toEqual(['<b>x</b>'])
  },
  90_000
)

inBrowser(
  'a browser draws the examples, small enough to read',
  async () => {
    const pictures = [
      await pictureOf(example('good')),
      await pictureOf(example('good'), { ...rules, requiredChecks: ['test'] }),
      await pictureOf(example('bad'), { name: 'main', protected: false, requiredChecks: [] })
    ]
    const [good, guarded, bad] = drawn(pictures)
    expect(good).toMatchObject({
      arrows: 2,
      foreign: [],
      boxes: ['pull request', 'test\nunit tests', 'merge\nrules not known']
    })
    expect(guarded).toMatchObject({
      arrows: 2,
      boxes: expect.arrayContaining(['merge to main\nprotected\n1 approval'])
    })
    expect(bad).toMatchObject({
      arrows: 2,
      boxes: ['pull request', 'test\n✗ test failures ignored', 'merge to main\n✗ unprotected']
    })
    for (const { width, height } of [good!, guarded!, bad!]) expect([width < 700, height < 200]).toEqual([true, true])
  },
  90_000
)

inBrowser(
  'a browser draws thirty jobs, small enough to read',
  async () => {
    const runs = ['npx jest', 'npx eslint .', 'npx tsc --noEmit', 'npm run build', 'npx playwright test', 'echo']
    const jobs = Array.from({ length: 30 }, (_, at) => job(`job-${at}`, runs[at % 6], `Check number ${at} of thirty`))
    const files = ci(jobs.join(''))
    const names = jobs.map((_, at) => `Check number ${at} of thirty`)
    const required = [[], names.slice(0, 3), names.filter((_, at) => at % 2), names, undefined]
    const pictures: string[] = []
    for (const one of required) pictures.push(await pictureOf(files, one && { ...rules, requiredChecks: one }))
    for (const { error, width, height, boxes, arrows } of drawn(pictures)) {
      expect(error).toBeUndefined()
      expect(boxes.length).toBeLessThanOrEqual(15)
      expect(arrows).toBeGreaterThanOrEqual(8)
      // A page of GitHub is some 830 pixels wide: letters of 16 pixels stay above 11.
      expect(width).toBeLessThan(1200)
      expect(height).toBeLessThan(1100)
    }
  },
  90_000
)

inBrowser(
  'a browser shows hostile names as they are and makes nothing of them',
  () => {
    const piece = fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: 'binary' }))
    const mixtures = fc.sample(
      fc.array(piece, { maxLength: 5 }).map(pieces => pieces.join('')),
      { numRuns: 25, seed: 5 }
    )
    const texts = [...NASTY, ...mixtures].map(text => text.slice(0, 25))
    const all = drawn([...texts, ...NASTY].map(text => diagram(hostile(text))))
    for (const [at, { error, boxes, foreign, arrows }] of all.entries()) {
      expect([error, foreign, boxes?.length, arrows]).toEqual([undefined, [], 6, 5])
      const text = texts[at]
      if (text === undefined || /[^\x20-\x7e]/.test(text)) continue
      const [shown = ''] = boxes[2]!.replaceAll('\u2060', '').split('\n')
      expect(shown.trim()).toBe(text.replace(/\s+/g, ' ').trim())
    }
  },
  90_000
)
