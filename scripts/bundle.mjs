// Bundles the two entries: dist/index.js for the action, dist/cli/index.js for the command line. Both are committed. The
// action has to be an ES module, since its packages are; the command line is CommonJS, which Node starts 4 ms sooner.
import { execFileSync } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { minifySync, parseSync } from '@swc/core'

const ENTRIES = { 'lib/action.js': 'dist', 'lib/cli.js': 'dist/cli' }
const isModule = folder => folder === 'dist'
// Packages that many runs never need, each a file that both entries require when they do: the engine skims all that it loads.
const ON_DEMAND = ['yaml', 'minimatch', 'unbash']
const REQUIRE = '__WEBPACK_EXTERNAL_createRequire(import.meta.url)'
const ncc = 'node_modules/@vercel/ncc/dist/ncc/cli.js'
const scratch = 'dist/scratch'

rmSync('dist', { recursive: true, force: true })
cpSync('lib', `${scratch}/lib`, { recursive: true })
// An ES module is loaded when it is needed as a file of CommonJS only.
writeFileSync(`${scratch}/lib/parse/shell-package.cjs`, "module.exports = text => require('unbash').parse(text)\n")
writeFileSync(`${scratch}/lib/parse/shell-grammar.js`, "export { default as parse } from './shell-package.cjs'\n")
let licences = ''
for (const name of ON_DEMAND) {
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
      writeFileSync(file, readAtOnce(minified(text, isModule(folder))))
    }
    if (name.endsWith('.txt')) writeFileSync(file, tidied(readFileSync(file, 'utf8') + licences))
  }
}
rmSync(scratch, { recursive: true })

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
function minified(text, module) {
  const options = { module, compress: true, mangle: true, ecma: 2022, format: { asciiOnly: true } }
  return `${minifySync(text, options).code}\n`
}

// The engine skims a function that it meets, and reads it when it is called; one in brackets it takes to be called right away
// and reads at once. Modules are called right away, but webpack writes them as arrows, where brackets say nothing.
function readAtOnce(text) {
  const program = parseSync(text, { target: 'es2022' })
  const slice = (start, end) => text.slice(start - program.span.start, end - program.span.start)
  let made = ''
  let done = program.span.start
  for (const { span, params, body } of modulesIn(program)) {
    const names = params.map(param => slice(param.span.start, param.span.end))
    made += `${slice(done, span.start)}(function(${names})${slice(body.span.start, body.span.end)})`
    done = span.end
  }
  return made + text.slice(done - program.span.start)
}

/** What webpack's tables of modules hold: arrows under numbers. */
function* modulesIn(node) {
  for (const child of Object.values(node)) {
    if (child === null || typeof child !== 'object') continue
    const { key, value } = child
    const isModule = key?.type === 'NumericLiteral' && value?.body?.type === 'FunctionBody' && !value.async
    if (isModule && value.type === 'ArrowFunctionExpression') yield value
    else yield* modulesIn(child)
  }
}

function tidied(text) {
  return `${text.replace(/[ \t\r]+$/gm, '').trimEnd()}\n`
}
