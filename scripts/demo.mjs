// A pull request from beginning to end, against the stand-in for GitHub that the tests use: opens one, runs the bundled
// action on it as a runner would, and prints what GitHub received. `--html FILE` writes the same as a page.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs, styleText } from 'node:util'
import './typescript.mjs'
import { page } from './demo-page.mjs'

const { startGitHub } = await import('../__tests__/github/server.ts')
const { ACTION, runPull } = await import('../__tests__/end-to-end/runner.ts')

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const { values } = parseArgs({ options: { html: { type: 'string' } } })

// ---------------------------------------------------------------- the pull request

const github = await startGitHub()
const action = github.repo(ACTION, {
  private: false,
  files: { 'action.yml': readFileSync(join(root, 'action.yml'), 'utf8') }
})
const gate = `name: Pipeline Hygiene
on: pull_request
permissions:
  contents: read
  pull-requests: write
  checks: write
concurrency:
  group: hygiene-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  hygiene:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - uses: ${ACTION}@${action.refs.get('main')} # v1
`
const good = filesIn(join(root, 'examples/good'))
// The actions that the example uses, at the commits it names.
for (const [, name, ref] of good['.github/workflows/ci.yml'].matchAll(/uses: (\S+)@(\w+)/g)) {
  const { refs } = github.repo(name, {
    private: false,
    files: { 'action.yml': 'runs: { using: node24, main: a.js }\n' }
  })
  refs.set(ref, refs.get('main'))
}
const repo = github.repo('acme/shop', { files: { ...good, '.github/workflows/hygiene.yml': gate } })
repo.ruleset({
  rules: [
    {
      type: 'required_status_checks',
      parameters: { required_status_checks: [{ context: 'test' }], strict_required_status_checks_policy: false }
    }
  ]
})
const pull = repo.pull({
  title: 'Make the build faster',
  head: {
    ...edited('.github/workflows/ci.yml', [
      ['      - run: npm test\n', '      - run: npm test || true\n'],
      [/ {8}env:\n {10}TITLE:.*\n/, ''],
      ['$TITLE', '${{ github.event.pull_request.title }}'],
      [/actions\/setup-node@.*/, 'actions/setup-node@main']
    ]),
    ...edited('Dockerfile', [
      ['USER node\n', ''],
      [/HEALTHCHECK .*\n/, '']
    ]),
    ...edited('deploy/shop.yml', [[/ {10}readinessProbe:.*$/s, '']])
  }
})
const token = github.token({ permissions: { contents: 'read', pull_requests: 'write', checks: 'write' } })
const run = await runPull(github, pull, { token, workflow: 'acme/shop/.github/workflows/hygiene.yml' })
const [check] = repo.checkRuns
await github.stop()

function filesIn(folder) {
  const paths = readdirSync(folder, { recursive: true }).filter(path => statSync(join(folder, path)).isFile())
  return Object.fromEntries(paths.map(path => [path.replaceAll('\\', '/'), readFileSync(join(folder, path), 'utf8')]))
}

function edited(path, edits) {
  let text = good[path]
  for (const [from, to] of edits) {
    const next = text.replace(from, () => to)
    if (next === text) throw new Error(`examples/good/${path} no longer has ${from}`)
    text = next
  }
  return { [path]: text }
}

// ---------------------------------------------------------------- what GitHub shows

/** Lines of a patch with their numbers at the head, as far as a comment is about them, and three before. */
function hunkOf({ path, line, start_line: start = line }) {
  const patch = pull.changes().find(change => change.path === path)?.patch ?? ''
  const rows = []
  let number = 0
  for (const text of patch.split('\n')) {
    const head = /^@@ .*\+(\d+)/.exec(text)
    if (head) number = Number(head[1]) - 1
    else if (!text.startsWith('\\'))
      rows.push({ sign: text[0], text: text.slice(1), number: text[0] === '-' ? 0 : ++number })
  }
  const last = rows.findIndex(row => row.number === line)
  const first = rows.findIndex(row => row.number === start)
  return rows.slice(Math.max(0, first - 3), last + 1)
}

const reviews = pull.reviews.map(review => ({
  ...review,
  comments: pull.comments
    .filter(comment => comment.review === review.id)
    .map(comment => ({ ...comment, rows: hunkOf(comment) }))
}))

const isColored = process.stdout.isTTY && !process.env.NO_COLOR
const paint = (style, text) => (isColored ? styleText(style, text) : text)
const printed = []
const print = (text = '') => printed.push(text)
const heading = text => print(`\n${paint('bold', text)}\n${paint('dim', '─'.repeat(text.length))}`)
const indented = (text, by) => text.replace(/^/gm, by)

print(
  `Pull request ${repo.fullName}#${pull.number} “${pull.options.title}” against a stand-in for GitHub, checked by dist/index.js.`
)

for (const { user, body, comments } of reviews) {
  heading(`Review by ${user.login}, ${comments.length} comments on lines of the diff`)
  print(plain(body))
  for (const { path, rows, body } of comments) {
    print(`\n  ${paint('bold', path)}`)
    for (const { sign, text, number } of rows) {
      const line = `  ${String(number || '').padStart(4)} ${sign} ${text}`
      print(sign === '+' ? paint('green', line) : sign === '-' ? paint('red', line) : line)
    }
    print(indented(plain(body), `       ${paint('dim', '│')} `))
  }
}
heading(`Check run “${check.name}”: ${check.conclusion}, ${check.annotations.length} annotations`)
print(check.output.title)
for (const { annotation_level: level, path, start_line: line, title } of check.annotations)
  print(`  ${level.padEnd(8)} ${`${path}:${line}`.padEnd(30)} ${title}`)
heading('Job summary')
print(plain(run.summary))
heading('Result')
const reads = github.requests.filter(({ method, path }) => method === 'GET' || path === '/graphql').length
print(`exit code ${run.code}, ${github.requests.length} requests (${reads} of them reads)`)
for (const fault of github.faults) print(`refused by GitHub: ${fault}`)

if (values.html) {
  writeFileSync(
    values.html,
    page({ repo: repo.fullName, number: pull.number, title: pull.options.title, reviews, check })
  )
  print(`written: ${relative('.', values.html)}`)
}
process.exitCode = run.code === 1 && !github.faults.length ? 0 : 1
// A pager that is closed early is no failure.
process.stdout.on('error', () => {})
process.stdout.write(`${printed.join('\n')}\n`)

/** Our Markdown without its marks, for a terminal. */
function plain(markdown) {
  return markdown
    .replace(/<!--.*?-->/gs, '')
    .replace(/```suggestion\n(.*?)\n```/gs, (_, text) => `Suggested change:\n${indented(text, '  ')}`)
    .replace(/\[(`+)(.*?)\1\]\([^)]*\)/g, '$2')
    .replace(/<summary>(.*?)<\/summary>/g, '▸ $1')
    .replace(/^\| ?-.*\n/gm, '')
    .replace(/^\| (.*) \|$/gm, (_, cells) =>
      cells
        .split(' | ')
        .map((cell, i) => (i ? cell : cell.padEnd(20)))
        .join('  ')
    )
    .replace(/^( *)<br><sub>(.*?)<\/sub>$/gm, '$1$2')
    .replace(/<\/?[a-z]+>/g, '')
    .replace(/\*\*|`|\u2060/g, '')
    .replace(/\\(?=[^\w\s])/g, '')
    .replace(/&#124;/g, '|')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}
