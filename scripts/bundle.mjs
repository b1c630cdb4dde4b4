// Bundles the two entries: dist/index.js for the action, dist/cli/index.js for the command line. Both are committed.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

rmSync('dist', { recursive: true, force: true })
for (const [entry, folder] of [
  ['lib/action.js', 'dist'],
  ['lib/cli.js', 'dist/cli']
]) {
  execFileSync(
    process.execPath,
    ['node_modules/@vercel/ncc/dist/ncc/cli.js', 'build', entry, '-o', folder, '-m', '-q', '--license', 'LICENSES.txt'],
    {
      stdio: 'inherit'
    }
  )
  for (const name of readdirSync(folder)) {
    const file = join(folder, name)
    if (!/\.(js|json|txt)$/.test(name) || !statSync(file).isFile()) continue
    // One line end at the end and no blanks before line ends: what .gitattributes and reviewers expect.
    const text = readFileSync(file, 'utf8')
    if (name.endsWith('.txt')) writeFileSync(file, `${text.replace(/[ \t\r]+$/gm, '').trimEnd()}\n`)
  }
}
