// Adds the rows of other platforms' optional packages that npm leaves out of package-lock.json where the registry at hand
// does not offer them; without them `npm ci` fails elsewhere with "Missing: … from lock file".
// Run after every change of dependencies: node scripts/complete-lock.mjs
import { readFileSync, writeFileSync } from 'node:fs'

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'))
const { packages } = lock
let added = 0
for (const [path, row] of Object.entries(packages)) {
  for (const [name, range] of Object.entries(row.optionalDependencies ?? {})) {
    const nested = `${path}/node_modules/${name}`
    if (packages[nested] || packages[`node_modules/${name}`]) continue
    // Platform packages are published in step with their parent, and pinned exactly.
    const version = range.replace(/^[\^~]/, '')
    packages[`node_modules/${name}`] = {
      version,
      ...(row.dev && { dev: true }),
      ...platformOf(name),
      optional: true
    }
    added++
  }
}
lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`)
console.log(`${added} rows added to package-lock.json`)

/** os, cpu and libc as the package's own name says them: @swc/core-linux-arm64-musl, @biomejs/cli-win32-x64. */
function platformOf(name) {
  const words = name.split(/[/@._-]/)
  const os = [
    'android',
    'darwin',
    'freebsd',
    'linux',
    'openbsd',
    'openharmony',
    'sunos',
    'win32',
    'aix',
    'netbsd'
  ].find(o => words.includes(o))
  const cpu = ['arm64', 'x64', 'ia32', 'arm', 'ppc64', 's390x', 'riscv64', 'loong64', 'wasm32', 'mips64el'].find(c =>
    words.includes(c)
  )
  const libc = words.some(w => w.startsWith('musl'))
    ? 'musl'
    : words.some(w => w.startsWith('gnu')) && os === 'linux'
      ? 'glibc'
      : undefined
  return { ...(os && { os: [os] }), ...(cpu && { cpu: [cpu] }), ...(libc && { libc: [libc] }) }
}
