import {
  accessSync,
  constants,
  type Dirent,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  realpathSync,
  type Stats
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { Blob, Diff, FileChange, Snapshot, Source, Unread } from '../model.js'
import { decode } from './decode.js'
import { branchRules } from './memory.js'
import { addedAndShown } from './patch.js'

/** Files of a folder that no git answers for, listed at the most. */
const MAX_WALKED = 100_000
/** Read at the most of one file; whoever needs less says so by the blob's size. */
const MAX_BYTES = 16 << 20
const REGULAR = '100644'
const SKIPPED = new Set(['.git', 'node_modules', '.hg', '.svn'])

export interface FolderOptions {
  /** A git ref: only what is new since its merge base with HEAD counts as introduced, and config is read at its tip. */
  base?: string
}

/**
 * A folder as it lies on disk. With git, ignored files are passed over, and `base` gives merge base and changes; without
 * it, every file below counts. A subfolder of a repository is a repository of its own.
 *
 * Throws where the folder does not exist, is no folder, or where `base` is no commit of its repository.
 */
export async function folderSource(folder: string, { base }: FolderOptions = {}): Promise<Source> {
  const real = realFolder(folder)
  const stat = statOf(real)
  if (!stat) throw new Error(`${folder} does not exist`)
  if (!stat.isDirectory()) throw new Error(`${folder} is not a folder: name the folder that holds the repository`)
  try {
    accessSync(folder, constants.R_OK | constants.X_OK)
  } catch {
    throw new Error(`${folder} cannot be read: its permissions keep this user out`)
  }
  const git = gitIn(folder)
  const unread: Unread[] = []
  const tracked = base === undefined ? undefined : await baseOf(git, folder, base)
  // Git goes on while the caller loads the rest of the program.
  const listed = isInRepository(real)
    ? listOnDisk(folder, git, tracked !== undefined, unread)
    : Promise.resolve(walk(folder, unread))
  return {
    unread,
    head: { sha: 'working tree', list: () => listed },
    ...(tracked && { base: commit(git, tracked.mergeBase), policy: commit(git, tracked.tip) }),
    async read(blobs) {
      const texts = new Map<string, string | Unread>()
      const onDisk = new Map((await listed).map(blob => [blob.sha, blob]))
      const stored: Blob[] = []
      for (const blob of blobs) {
        const here = onDisk.get(blob.sha)
        if (!here) stored.push(blob)
        else texts.set(blob.sha, readOne(join(folder, here.path), here.path))
      }
      for (const [sha, text] of await readStored(folder, stored)) texts.set(sha, text)
      return texts
    },
    async resolve(uses) {
      const reason = 'files of other repositories are read with the API only'
      return new Map(uses.map(name => [name, { what: name, reason }]))
    },
    async branch() {
      return { ...branchRules({}, 'read with the API only'), branch: await defaultBranch(folder, git) }
    },
    async diff() {
      return tracked && changesSince(git, folder, tracked.mergeBase, await listed)
    }
  }
}

// `--` paths and refs come from the user; nothing configured in the repository may run programs.
const SAFE = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '-c', 'core.quotePath=false']

/** What git prints; undefined where it fails. `refused` is its sentence where it will not touch the repository at all. */
interface Git {
  (...args: string[]): Promise<string | undefined>
  refused?: string
}
function gitIn(folder: string): Git {
  const git: Git = async (...args) => {
    const { execFile } = await import('node:child_process')
    return new Promise(resolve => {
      execFile('git', [...SAFE, '-C', folder, ...args], { maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
        const refusal = /^fatal: (detected dubious ownership[^\n]{0,300})/m.exec(stderr)?.[1]
        if (refusal) git.refused = refusal
        resolve(error ? undefined : stdout)
      })
    })
  }
  return git
}

/** Git answers below a `.git`, or where the environment names one: nowhere else is it worth a process. */
function isInRepository(real: string): boolean {
  if (process.env.GIT_DIR !== undefined) return true
  for (let at = real; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return true
    if (dirname(at) === at) return false
  }
}

/** Of a question that must be answered: no answer would look like "nothing there". */
async function must(answer: Promise<string | undefined>, what: string): Promise<string> {
  const out = await answer
  if (out === undefined) throw new Error(`git could not ${what}`)
  return out
}

function realFolder(folder: string): string {
  // A link to a folder is that folder; what is inside is listed without following links.
  try {
    return realpathSync(folder)
  } catch {
    return folder
  }
}

const statOf = (path: string) => lstatSync(path, { throwIfNoEntry: false })

async function baseOf(git: Git, folder: string, ref: string): Promise<{ tip: string; mergeBase: string }> {
  const commitOf = async (name: string) =>
    (await git('rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`))?.trim()
  if ((await git('rev-parse', '--git-dir')) === undefined)
    throw new Error(
      git.refused
        ? `git refuses ${folder}: ${git.refused}`
        : `${folder} is in no git repository (or git is missing), so there is no base ${ref} to compare with`
    )
  const [tip, head] = await Promise.all([commitOf(ref), commitOf('HEAD')])
  if (!tip) throw new Error(`${ref} names no commit here: fetch it first, for example with git fetch origin`)
  if (!head) throw new Error('the repository has no commit yet, so there is nothing to compare with')
  const mergeBase = (await git('merge-base', tip, head))?.trim()
  if (!mergeBase) throw new Error(`${ref} and HEAD have no common commit here: fetch the full history (fetch-depth: 0)`)
  return { tip, mergeBase }
}

function commit(git: Git, sha: string): Snapshot {
  let listed: Promise<Blob[]> | undefined
  return { sha, list: () => (listed ??= listCommit(git, sha)) }
}

async function listCommit(git: Git, sha: string): Promise<Blob[]> {
  const out = await must(git('ls-tree', '-r', '-z', '--long', sha), `list commit ${sha.slice(0, 7)}`)
  return out.split('\0').flatMap(row => {
    const tab = row.indexOf('\t')
    if (tab < 0) return []
    const [mode = '', type, id = '', size = '0'] = row.slice(0, tab).split(/ +/)
    return type === 'blob' ? { path: row.slice(tab + 1), mode, sha: id, size: Number(size) || 0 } : []
  })
}

/** With `ids`, unchanged files carry git's own blob id, so that they are read once for both sides. */
async function listOnDisk(folder: string, git: Git, ids: boolean, unread: Unread[]): Promise<Blob[]> {
  const [out, changed] = await Promise.all([
    git('ls-files', '-z', '--stage', '--cached', '--others', '--exclude-standard'),
    ids ? git('diff-files', '-z', '--name-only', '--relative') : undefined
  ])
  if (git.refused) unread.push({ what: 'which files git ignores', reason: git.refused })
  if (out === undefined) return walk(folder, unread)
  const dirty = new Set(split(changed))
  const rows = new Map<string, { mode: string; id?: string }>()
  for (const row of split(out)) {
    // What git tracks comes with mode, id and stage before a tab; what it would take up, as a path alone.
    const [, mode = '', id, path = row] = /^(\d{6}) ([0-9a-f]{40,64}) \d\t(.*)$/s.exec(row) ?? []
    rows.set(path, { mode, ...(ids && id && !dirty.has(path) && { id }) })
  }
  const blobs: Blob[] = []
  for (const [path, { mode, id }] of rows) {
    const blob = statOne(folder, path, unread)
    if (!blob) continue
    if (ids && blob.mode === REGULAR) blob.sha = id ?? (await blobId(join(folder, path), path, blob.size))
    blobs.push(mode === '160000' ? { ...blob, mode } : blob)
  }
  return blobs.sort((a, b) => (a.path < b.path ? -1 : 1))
}

const split = (out: string | undefined): string[] => (out ? out.split('\0').filter(Boolean) : [])

/** A folder that can be listed and not entered hides what its names are of: it is named once. */
function statOne(root: string, path: string, unread: Unread[]): Blob | undefined {
  let stat: Stats | undefined
  try {
    stat = statOf(join(root, path))
  } catch (error) {
    const what = dirname(path)
    if (!unread.some(each => each.what === what)) unread.push({ what, reason: (error as Error).message })
  }
  if (stat?.isSymbolicLink()) return { path, mode: '120000', sha: `link ${path}`, size: stat.size }
  return stat?.isFile() ? { path, mode: REGULAR, sha: `file ${path}`, size: stat.size } : undefined
}

async function blobId(file: string, path: string, size: number): Promise<string> {
  if (size > MAX_BYTES) return `file ${path}`
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch {
    return `file ${path}`
  }
  // Only a comparison needs ids, and only it should pay for loading cryptography.
  const { createHash } = await import('node:crypto')
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}

function walk(root: string, unread: Unread[]): Blob[] {
  const blobs: Blob[] = []
  const todo = ['']
  while (todo.length) {
    const folder = todo.shift()!
    for (const entry of entriesOf(root, folder, unread)) {
      const path = folder ? `${folder}/${entry.name}` : entry.name
      if (entry.isDirectory()) {
        if (!SKIPPED.has(entry.name)) todo.push(path)
        continue
      }
      if (blobs.length >= MAX_WALKED) {
        unread.push({
          what: 'the rest of the folder',
          reason: `more than ${MAX_WALKED} files, and no git to say which count`
        })
        return blobs
      }
      const blob = statOne(root, path, unread)
      if (blob) blobs.push(blob)
    }
  }
  return blobs
}

function entriesOf(root: string, folder: string, unread: Unread[]): Dirent[] {
  try {
    const entries = readdirSync(join(root, folder), { withFileTypes: true })
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch (error) {
    unread.push({ what: folder || '.', reason: (error as Error).message })
    return []
  }
}

function readOne(file: string, path: string): string | Unread {
  try {
    const stat = lstatSync(file)
    if (!stat.isFile()) return { what: path, reason: 'is no plain file' }
    if (stat.size > MAX_BYTES) return { what: path, reason: `larger than ${MAX_BYTES >> 20} MiB` }
    return decode(readFileSync(file), path)
  } catch (error) {
    return { what: path, reason: error instanceof Error ? error.message : String(error) }
  }
}

async function readStored(folder: string, blobs: Blob[]): Promise<Map<string, string | Unread>> {
  const texts = new Map<string, string | Unread>()
  if (!blobs.length) return texts
  const { execFile } = await import('node:child_process')
  const out = await new Promise<Buffer>((resolve, reject) => {
    const child = execFile(
      'git',
      [...SAFE, '-C', folder, 'cat-file', '--batch'],
      { maxBuffer: 1 << 29, encoding: 'buffer' },
      (error, stdout) => (error ? reject(error) : resolve(stdout))
    )
    child.stdin?.end(`${blobs.map(blob => blob.sha).join('\n')}\n`)
  })
  let at = 0
  for (const blob of blobs) {
    const end = out.indexOf(10, at)
    const [, type, size] = out.subarray(at, end).toString().split(' ')
    if (type === 'missing') {
      texts.set(blob.sha, { what: blob.path, reason: 'git does not have it: the clone is partial' })
      at = end + 1
      continue
    }
    const length = Number(size)
    texts.set(blob.sha, decode(out.subarray(end + 1, end + 1 + length), blob.path))
    at = end + 2 + length
  }
  return texts
}

async function changesSince(git: Git, folder: string, mergeBase: string, listed: Blob[]): Promise<Diff> {
  const options = ['--no-ext-diff', '--no-textconv', '--no-color', '--relative', '-M', mergeBase]
  const [raw, patch, others] = await Promise.all([
    must(git('diff', '--raw', '-z', ...options), 'compare with the base'),
    must(git('diff', '--patch', '-U3', ...options), 'show the changes since the base'),
    git('ls-files', '-z', '--others', '--exclude-standard')
  ])
  // A changed line may hold other line breaks, with the same words after them.
  const sections = `\n${patch}`.split('\ndiff --git ').slice(1)
  let section = 0
  const changes: FileChange[] = []
  const fields = split(raw)
  for (let i = 0; i < fields.length; ) {
    const status = fields[i++]!.split(' ').pop() ?? ''
    const first = fields[i++] ?? ''
    // A file that becomes a link, or the other way, is shown as removed and added.
    if (status.startsWith('T')) section++
    const shown = sections[section++] ?? ''
    const moved = status.startsWith('R') || status.startsWith('C')
    const path = moved ? (fields[i++] ?? '') : first
    changes.push({
      path,
      ...(moved && { previousPath: first }),
      status: STATUSES[status[0] ?? ''] ?? 'changed',
      ...addedAndShown(shown)
    })
  }
  const sizes = new Map(listed.map(blob => [blob.path, blob]))
  for (const path of split(others)) {
    if (!sizes.has(path)) continue
    const text = readOne(join(folder, path), path)
    const lines = typeof text === 'string' ? Math.max(1, text.replace(/\n$/, '').split('\n').length) : 1
    changes.push({ path, status: 'added', added: [[1, lines]], hunks: [[1, lines]] })
  }
  return changes
}

const STATUSES: Record<string, FileChange['status']> = {
  A: 'added',
  M: 'modified',
  D: 'removed',
  R: 'renamed',
  C: 'copied',
  T: 'changed'
}

// Read without git where that is enough: a process costs more than everything else that a small folder needs.
async function defaultBranch(folder: string, git: Git): Promise<string> {
  const kept = statOf(join(folder, '.git'))
  if (!kept) return ''
  const written = kept.isDirectory() ? readOne(join(folder, '.git/refs/remotes/origin/HEAD'), 'HEAD') : undefined
  const head = written ?? (await git('symbolic-ref', '--quiet', 'refs/remotes/origin/HEAD')) ?? ''
  if (typeof head !== 'string') return ''
  return head.trim().replace(/^(ref: )?refs\/remotes\/origin\//, '')
}
