// Bundles the two entries: dist/index.js for the action, dist/cli/index.js for the command line. Both are committed. The
// action has to be an ES module, since its packages are; the command line is CommonJS, which Node starts 4 ms sooner.
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, relative } from 'node:path'
import { minifySync, parseSync } from '@swc/core'
import { readAtOnce } from './read-at-once.mjs'

const ENTRIES = { 'lib/action.js': 'dist', 'lib/cli.js': 'dist/cli' }
const isModule = folder => folder === 'dist'
// Packages that many runs never need, each a file that both entries require when they do: the engine skims all that it loads.
const PACKAGES = ['yaml', 'minimatch', 'unbash']
// The examples of the rules likewise: only the page of a rule shows them.
const EXAMPLES = 'rule-examples'
// Tables are read as text: in a program the engine would have to find the end of each.
const TABLES = 'data-tables'
const ON_DEMAND = [...PACKAGES, EXAMPLES, TABLES]
const REQUIRE = '__WEBPACK_EXTERNAL_createRequire(import.meta.url)'
const ncc = 'node_modules/@vercel/ncc/dist/ncc/cli.js'
const scratch = 'dist/scratch'

rmSync('dist', { recursive: true, force: true })
cpSync('lib', `${scratch}/lib`, { recursive: true })
// An ES module is loaded when it is needed as a file of CommonJS only.
writeFileSync(`${scratch}/lib/parse/shell-package.cjs`, "module.exports = text => require('unbash').parse(text)\n")
writeFileSync(`${scratch}/lib/parse/shell-grammar.js`, "export { default as parse } from './shell-package.cjs'\n")
const { rules } = await import('../lib/rules/index.js')
writeFileSync('dist/rule-examples.cjs', `module.exports = ${JSON.stringify(examplesOf(rules))}\n`)
writeFileSync(`${scratch}/lib/rule-example.cjs`, `module.exports = (id, which) => require('${EXAMPLES}')[id][which]\n`)
for (const { id } of rules) rewrite(`${scratch}/lib/rules/${id}.js`, text => withoutExamples(text, id))
const tables = []
for (const name of readdirSync('lib/data'))
  if (name.endsWith('.js')) rewrite(`${scratch}/lib/data/${name}`, text => withoutTables(text, tables))
writeFileSync(`${scratch}/lib/data/table.cjs`, `module.exports = index => require('${TABLES}')(index)\n`)
writeTables(tables)
let licences = ''
for (const name of PACKAGES) {
  writeFileSync(`${scratch}/${name}.cjs`, `module.exports = require('${name}')\n`)
  build(`${scratch}/${name}.cjs`, `${scratch}/${name}`)
  writeFileSync(`dist/${name}.cjs`, minified(readFileSync(`${scratch}/${name}/index.cjs`, 'utf8'), false))
  licences += `\n${readFileSync(`${scratch}/${name}/LICENSES.txt`, 'utf8')}`
}
for (const [entry, folder] of Object.entries(ENTRIES)) {
  writeFileSync(`${scratch}/package.json`, isModule(folder) ? '{"type":"module"}' : '{}')
  build(`${scratch}/${entry}`, folder, ...ON_DEMAND.flatMap(name => ['--external', name]))
  // ncc writes one for modules only, and the project's own says that its files are modules.
  if (!isModule(folder)) writeFileSync(join(folder, 'package.json'), '{"type":"commonjs"}\n')
  for (const name of readdirSync(folder)) {
    const file = join(folder, name)
    // ncc's own -m leaves the chunks of dynamic imports as they are.
    if (name.endsWith('.js')) {
      const text = withOwn(withoutFacade(readFileSync(file, 'utf8')), relative(folder, 'dist') || '.')
      const small = minified(text, isModule(folder))
      writeFileSync(file, isModule(folder) ? readAtOnce(small, isModuleOf) : small)
    }
    if (name.endsWith('.txt')) writeFileSync(file, tidied(readFileSync(file, 'utf8') + licences))
  }
}
rmSync(scratch, { recursive: true })
for (const [name, called] of calledBy('dist/cli/index.js')) {
  const file = join('dist/cli', name)
  if (!existsSync(file)) continue
  writeFileSync(
    file,
    readAtOnce(readFileSync(file, 'utf8'), (from, to) => called.has(`${from}-${to}`))
  )
}

function build(entry, folder, ...options) {
  execFileSync(process.execPath, [ncc, 'build', entry, '-o', folder, '-q', '--license', 'LICENSES.txt', ...options])
}

function withOwn(text, folder) {
  return ON_DEMAND.reduce(
    (made, name) =>
      made
        .replaceAll(`${REQUIRE}("${name}")`, `${REQUIRE}("${folder}/${name}.cjs")`)
        .replaceAll(`exports = require("${name}")`, `exports = require("${folder}/${name}.cjs")`),
    text
  )
}

// Asked for as a module, `process` takes milliseconds to copy itself into an ES module first.
function withoutFacade(text) {
  return text.replaceAll(`${REQUIRE}("process")`, 'globalThis.process')
}

// ASCII alone: one letter from elsewhere makes the engine keep and scan the whole chunk at twice the width.
function minified(text, module, { compress = true, mangle = true } = {}) {
  const options = { module, compress, mangle, ecma: 2022, format: { asciiOnly: true } }
  return `${minifySync(text, options).code}\n`
}

/** A module without what only people read: the parser counts bytes, from the first word on. */
function rewrite(file, change) {
  writeFileSync(file, change(minified(readFileSync(file, 'utf8'), true, { compress: false, mangle: false })))
}

function examplesOf(rules) {
  return Object.fromEntries(rules.map(({ id, bad, good }) => [id, { bad, good }]))
}

function withoutExamples(text, id) {
  const program = parseSync(text, { target: 'es2022' })
  const { expression } = program.body.find(({ type }) => type === 'ExportDefaultExpression')
  let made = "import example from '../../rule-example.cjs';"
  let done = 0
  for (const { type, key, value } of expression.arguments[0].expression.properties) {
    if (type !== 'KeyValueProperty' || (key.value !== 'bad' && key.value !== 'good')) continue
    const [from, to] = [key.span.start, value.span.end].map(at => at - program.span.start)
    made += `${text.slice(done, from)}get ${key.value}(){return example('${id}','${key.value}')}`
    done = to
  }
  return made + text.slice(done)
}

function withoutTables(text, tables) {
  const program = parseSync(text, { target: 'es2022' })
  let made = "import $table from './table.cjs';"
  let done = 0
  for (const { span, quasis } of templatesIn(program)) {
    const [from, to] = [span.start, span.end].map(at => at - program.span.start)
    if (to - from < 1000) continue
    made += `${text.slice(done, from)}$table(${tables.push(quasis[0].cooked) - 1})`
    done = to
  }
  return done ? made + text.slice(done) : text
}

/** Template literals without expressions and tags, in order. */
function* templatesIn(node) {
  if (node === null || typeof node !== 'object' || node.type === 'TaggedTemplateExpression') return
  if (node.type === 'TemplateLiteral' && !node.expressions.length) yield node
  else for (const child of Object.values(node)) yield* templatesIn(child)
}

function writeTables(tables) {
  const text = tables.join('')
  if (/[^\0-\x7f]/.test(text)) throw new Error('a table of src/data has letters beyond ASCII: read it as UTF-8 then')
  let at = 0
  const ends = tables.map(table => (at += table.length))
  writeFileSync(`dist/${TABLES}.txt`, text)
  writeFileSync(
    `dist/${TABLES}.cjs`,
    `const text = require('node:fs').readFileSync(\`\${__dirname}/${TABLES}.txt\`, 'latin1')
const ends = ${JSON.stringify(ends)}
module.exports = index => text.slice(ends[index - 1] ?? 0, ends[index])
`
  )
}

/** The modules of a bundle that webpack writes as arrows under numbers: nearly all are called while it loads. */
function isModuleOf(_from, _to, { type, async }, parent) {
  const isNumbered = parent?.type === 'KeyValueProperty' && parent.key.type === 'NumericLiteral'
  return type === 'ArrowFunctionExpression' && !async && isNumbered
}

/** Functions that every run calls, by file: those that one over a good example does. */
function calledBy(entry) {
  const folder = mkdtempSync(join(tmpdir(), 'hygiene-bundle-'))
  try {
    // No git answers for the copy, so that every machine does the same.
    cpSync('examples/good', folder, { recursive: true })
    const env = { PATH: process.env.PATH, NODE_V8_COVERAGE: `${folder}-coverage` }
    spawnSync(process.execPath, [entry, folder], { env, stdio: 'ignore' })
    const [name] = readdirSync(env.NODE_V8_COVERAGE)
    const { result } = JSON.parse(readFileSync(join(env.NODE_V8_COVERAGE, name), 'utf8'))
    const called = ({ ranges: [whole] }) => (whole.count ? [`${whole.startOffset}-${whole.endOffset}`] : [])
    return new Map(result.map(({ url, functions }) => [basename(url), new Set(functions.flatMap(called))]))
  } finally {
    for (const path of [folder, `${folder}-coverage`]) rmSync(path, { recursive: true, force: true })
  }
}

function tidied(text) {
  return `${text.replace(/[ \t\r]+$/gm, '').trimEnd()}\n`
}
