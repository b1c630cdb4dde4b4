/** Runs the bundled command line as a user does, in folders of its own. */
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll } from '@jest/globals'

export const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const BUNDLE = join(ROOT, 'dist/cli/index.js')
// Far above what any input may cost: it only ends what hangs.
const TIMEOUT = 60_000

export interface Ran {
  code: number
  out: string
  /** Standard error. */
  err: string
}

/** Runs `pipeline-hygiene` with these arguments; `cwd` and `env` as given, otherwise a clean environment. */
export function hygiene(args: string[], { cwd = ROOT, env = {} }: { cwd?: string; env?: Record<string, string> } = {}) {
  if (!existsSync(BUNDLE)) throw new Error('dist/cli/index.js is missing: npm run build && npm run bundle makes it')
  return execute(process.execPath, [BUNDLE, ...args], cwd, env)
}

/** Runs a program to its end. Rejects where it is killed or takes too long. */
export function execute(program: string, args: string[], cwd: string, env: Record<string, string>): Promise<Ran> {
  const { PATH = '', HOME = '' } = process.env
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: { PATH, HOME, ...env },
      timeout: TIMEOUT,
      stdio: ['ignore', 'pipe', 'pipe']
    })
    let out = ''
    let err = ''
    child.stdout.setEncoding('utf8').on('data', chunk => (out += chunk))
    child.stderr.setEncoding('utf8').on('data', chunk => (err += chunk))
    child.on('error', reject)
    child.on('close', (code, signal) =>
      code === null ? reject(new Error(`${args.join(' ')} ended by ${signal}\n${err}`)) : resolve({ code, out, err })
    )
  })
}

export type Tree = Record<string, string | Uint8Array>

const made: string[] = []
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true })
})

/** A new folder with these files, removed after the tests. */
export function folder(files: Tree = {}): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'hygiene-cli-')))
  made.push(root)
  write(root, files)
  return root
}

export function write(root: string, files: Tree): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
}

export function git(root: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=T', '-c', 'user.email=t@example.com', '-c', 'commit.gpgsign=false']
  return execFileSync('git', ['-C', root, ...identity, ...args], { encoding: 'utf8' }).trim()
}

export function commit(root: string, files: Tree, message = 'change'): void {
  write(root, files)
  git(root, 'add', '-A')
  git(root, 'commit', '-qm', message)
}

/** A git repository whose branch main has one commit with these files. */
export function repository(files: Tree): string {
  const root = folder()
  git(root, 'init', '-q', '-b', 'main')
  commit(root, files, 'start')
  return root
}
