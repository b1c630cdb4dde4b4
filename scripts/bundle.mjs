// Bundles the two entries: dist/index.js for the action, dist/cli/index.js for the command line. Both are committed.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { minifySync, parseSync } from '@swc/core'

const ENTRIES = { 'lib/action.js': 'dist', 'lib/cli.js': 'dist/cli' }
const ncc = 'node_modules/@vercel/ncc/dist/ncc/cli.js'

rmSync('dist', { recursive: true, force: true })
for (const [entry, folder] of Object.entries(ENTRIES)) {
  execFileSync(process.execPath, [ncc, 'build', entry, '-o', folder, '-q', '--license', 'LICENSES.txt'])
  for (const name of readdirSync(folder)) {
    const file = join(folder, name)
    // ncc's own -m leaves the chunks of dynamic imports as they are.
    if (name.endsWith('.js')) writeFileSync(file, readAtOnce(minified(withoutFacade(readFileSync(file, 'utf8')))))
    if (name.endsWith('.txt')) writeFileSync(file, tidied(readFileSync(file, 'utf8')))
  }
}

// Asked for as a module, `process` takes milliseconds to copy itself into an ES module first.
function withoutFacade(text) {
  return text.replaceAll('__WEBPACK_EXTERNAL_createRequire(import.meta.url)("process")', 'globalThis.process')
}

// ASCII alone: one letter from elsewhere makes the engine keep and scan the whole chunk at twice the width.
function minified(text) {
  const options = { module: true, compress: true, mangle: true, ecma: 2022, format: { asciiOnly: true } }
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
