// Bundles the two entries: dist/index.js for the action, dist/cli/index.js for the command line. Both are committed.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { minifySync } from '@swc/core'

const ENTRIES = { 'lib/action.js': 'dist', 'lib/cli.js': 'dist/cli' }
const ncc = 'node_modules/@vercel/ncc/dist/ncc/cli.js'

rmSync('dist', { recursive: true, force: true })
for (const [entry, folder] of Object.entries(ENTRIES)) {
  execFileSync(process.execPath, [ncc, 'build', entry, '-o', folder, '-q', '--license', 'LICENSES.txt'])
  for (const name of readdirSync(folder)) {
    const file = join(folder, name)
    // ncc's own -m leaves the chunks of dynamic imports as they are.
    if (name.endsWith('.js')) writeFileSync(file, minified(withoutFacade(readFileSync(file, 'utf8'))))
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

function tidied(text) {
  return `${text.replace(/[ \t\r]+$/gm, '').trimEnd()}\n`
}
