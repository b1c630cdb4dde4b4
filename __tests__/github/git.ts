/** Git's objects with their real ids, and the differences between trees. */
import { createHash } from 'node:crypto'

export interface Entry {
  mode: string
  sha: string
}
export type GitObject =
  | { type: 'blob'; bytes: Buffer }
  | { type: 'tree'; entries: Map<string, Entry> }
  | { type: 'commit'; tree: string; parents: string[]; message: string }
  | { type: 'tag'; target: string; name: string }
/** A file: its text or bytes, a mode of its own, or a submodule's commit. */
export type FileValue = string | Uint8Array | { mode: string; text?: string; sha?: string }
export type Files = Record<string, FileValue>

const id = (type: string, body: Buffer) =>
  createHash('sha1').update(`${type} ${body.length}\0`).update(body).digest('hex')

export class Git {
  readonly objects = new Map<string, GitObject>()
  /** Flattened trees, by tree id. */
  readonly #flat = new Map<string, Map<string, Entry>>()
  readonly #changes = new Map<string, Change[]>()
  #clock = 1_700_000_000

  blob(value: string | Uint8Array): string {
    const bytes = Buffer.from(value)
    const sha = id('blob', bytes)
    this.objects.set(sha, { type: 'blob', bytes })
    return sha
  }

  tree(files: Map<string, Entry>): string {
    const root = new Map<string, Entry | Map<string, Entry>>()
    const folders = new Map<string, Map<string, Entry>>()
    for (const [path, entry] of files) {
      const slash = path.indexOf('/')
      if (slash < 0) root.set(path, entry)
      else {
        const name = path.slice(0, slash)
        const folder = folders.get(name) ?? new Map<string, Entry>()
        folders.set(name, folder.set(path.slice(slash + 1), entry))
      }
    }
    const entries = new Map<string, Entry>()
    for (const [name, entry] of root) entries.set(name, entry as Entry)
    for (const [name, folder] of folders) entries.set(name, { mode: '040000', sha: this.tree(folder) })
    // Git sorts folders as if their names ended in a slash.
    const key = ([name, entry]: [string, Entry]) => (entry.mode === '040000' ? `${name}/` : name)
    const sorted = [...entries].sort((a, b) => Buffer.compare(Buffer.from(key(a)), Buffer.from(key(b))))
    const body = Buffer.concat(
      sorted.flatMap(([name, { mode, sha }]) => [
        Buffer.from(`${mode.replace(/^0/, '')} ${name}\0`),
        Buffer.from(sha, 'hex')
      ])
    )
    const sha = id('tree', body)
    this.objects.set(sha, { type: 'tree', entries: new Map(sorted) })
    return sha
  }

  commit(files: Map<string, Entry>, parents: string[], message: string): string {
    const tree = this.tree(files)
    const who = `Mona <mona@github.test> ${this.#clock++} +0000`
    const lines = [
      `tree ${tree}`,
      ...parents.map(sha => `parent ${sha}`),
      `author ${who}`,
      `committer ${who}`,
      '',
      message
    ]
    const sha = id('commit', Buffer.from(lines.join('\n')))
    this.objects.set(sha, { type: 'commit', tree, parents, message })
    return sha
  }

  /** An annotated tag. */
  tag(name: string, target: string): string {
    const lines = [
      `object ${target}`,
      'type commit',
      `tag ${name}`,
      `tagger Mona <mona@github.test> ${this.#clock++} +0000`
    ]
    const sha = id('tag', Buffer.from([...lines, '', name].join('\n')))
    this.objects.set(sha, { type: 'tag', target, name })
    return sha
  }

  /** What an annotated tag is about; anything else is itself. */
  peeled(sha: string): string {
    const object = this.objects.get(sha)
    return object?.type === 'tag' ? object.target : sha
  }

  entries(files: Files): Map<string, Entry> {
    const entries = new Map<string, Entry>()
    for (const [path, value] of Object.entries(files)) {
      if (typeof value === 'string' || value instanceof Uint8Array)
        entries.set(path, { mode: '100644', sha: this.blob(value) })
      else entries.set(path, { mode: value.mode, sha: value.sha ?? this.blob(value.text ?? '') })
    }
    return entries
  }

  commitAt(sha: string): (GitObject & { type: 'commit' }) | undefined {
    const object = this.objects.get(sha)
    return object?.type === 'commit' ? object : undefined
  }

  bytesOf(sha: string): Buffer {
    const object = this.objects.get(sha)
    return object?.type === 'blob' ? object.bytes : Buffer.alloc(0)
  }

  /** Every file below a commit or tree. */
  filesOf(sha: string): Map<string, Entry> {
    const tree = this.commitAt(sha)?.tree ?? sha
    const known = this.#flat.get(tree)
    if (known) return known
    const files = new Map<string, Entry>()
    const walk = (at: string, under: string) => {
      const object = this.objects.get(at)
      if (object?.type !== 'tree') return
      for (const [name, entry] of object.entries) {
        if (entry.mode === '040000') walk(entry.sha, `${under}${name}/`)
        else files.set(under + name, entry)
      }
    }
    walk(tree, '')
    this.#flat.set(tree, files)
    return files
  }

  ancestors(sha: string): string[] {
    const seen: string[] = []
    const todo = [sha]
    while (todo.length) {
      const next = todo.shift()!
      if (seen.includes(next)) continue
      seen.push(next)
      todo.push(...(this.commitAt(next)?.parents ?? []))
    }
    return seen
  }

  mergeBase(a: string, b: string): string | undefined {
    const ours = this.ancestors(a)
    return this.ancestors(b).find(sha => ours.includes(sha))
  }

  changes(from: string, to: string): Change[] {
    const key = `${from}..${to}`
    const changes = this.#changes.get(key) ?? this.#compare(from, to)
    this.#changes.set(key, changes)
    return changes
  }

  #compare(from: string, to: string): Change[] {
    const before = this.filesOf(from)
    const after = this.filesOf(to)
    const gone = new Map([...before].filter(([path]) => !after.has(path)))
    const changes: Change[] = []
    for (const [path, entry] of after) {
      const old = before.get(path)
      if (old?.sha === entry.sha && old.mode === entry.mode) continue
      if (old) {
        changes.push({ path, sha: entry.sha, status: 'modified', ...this.#patch(old.sha, entry.sha) })
        continue
      }
      const from = [...gone].find(([, other]) => this.#alike(other.sha, entry.sha))
      if (from) {
        gone.delete(from[0])
        changes.push({
          path,
          previousPath: from[0],
          sha: entry.sha,
          status: 'renamed',
          ...this.#patch(from[1].sha, entry.sha)
        })
      } else changes.push({ path, sha: entry.sha, status: 'added', ...this.#patch(undefined, entry.sha) })
    }
    for (const [path, entry] of gone)
      changes.push({ path, sha: entry.sha, status: 'removed', ...this.#patch(entry.sha, undefined) })
    return changes.sort((a, b) => (a.path < b.path ? -1 : 1))
  }

  #alike(a: string, b: string): boolean {
    if (a === b) return true
    const before = new Set(this.bytesOf(a).toString().split('\n'))
    const after = this.bytesOf(b).toString().split('\n')
    return after.length > 3 && after.filter(line => before.has(line)).length > after.length / 2
  }

  #patch(from: string | undefined, to: string | undefined): Pick<Change, 'patch' | 'additions' | 'deletions'> {
    const before = from ? this.bytesOf(from) : Buffer.alloc(0)
    const after = to ? this.bytesOf(to) : Buffer.alloc(0)
    if (before.includes(0) || after.includes(0) || before.equals(after)) return { additions: 0, deletions: 0 }
    return patchBetween(before.toString(), after.toString())
  }
}

export interface Change {
  path: string
  previousPath?: string
  sha: string
  status: 'added' | 'modified' | 'removed' | 'renamed'
  patch?: string
  additions: number
  deletions: number
}

type Line = { sign: ' ' | '+' | '-'; text: string }

/** A unified diff with three lines of context, without the file header: as the API has it. */
export function patchBetween(before: string, after: string): Pick<Change, 'patch' | 'additions' | 'deletions'> {
  const lines = diffLines(split(before), split(after))
  const wanted = lines.map((_, i) => lines.slice(Math.max(0, i - 3), i + 4).some(line => line.sign !== ' '))
  const rows: string[] = []
  let oldLine = 1
  let newLine = 1
  for (let i = 0; i < lines.length; ) {
    if (!wanted[i]) {
      oldLine++
      newLine++
      i++
      continue
    }
    let end = i
    while (end < lines.length && wanted[end]) end++
    const hunk = lines.slice(i, end)
    const oldCount = hunk.filter(line => line.sign !== '+').length
    const newCount = hunk.filter(line => line.sign !== '-').length
    const range = (line: number, count: number) => (count === 1 ? `${line}` : `${count ? line : line - 1},${count}`)
    rows.push(`@@ -${range(oldLine, oldCount)} +${range(newLine, newCount)} @@`)
    for (const { sign, text } of hunk) {
      rows.push(sign + text.replace(/\n$/, ''))
      if (!text.endsWith('\n')) rows.push('\\ No newline at end of file')
    }
    oldLine += oldCount
    newLine += newCount
    i = end
  }
  return {
    ...(rows.length && { patch: rows.join('\n') }),
    additions: lines.filter(line => line.sign === '+').length,
    deletions: lines.filter(line => line.sign === '-').length
  }
}

const split = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? []

function diffLines(a: string[], b: string[]): Line[] {
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let end = 0
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++
  const keep = (lines: string[], sign: Line['sign']) => lines.map((text): Line => ({ sign, text }))
  const old = a.slice(start, a.length - end)
  const now = b.slice(start, b.length - end)
  const middle: Line[] = []
  if (old.length * now.length > 1_000_000) middle.push(...keep(old, '-'), ...keep(now, '+'))
  else {
    const width = now.length + 1
    const common = new Uint32Array((old.length + 1) * width)
    for (let i = old.length - 1; i >= 0; i--)
      for (let j = now.length - 1; j >= 0; j--)
        common[i * width + j] =
          old[i] === now[j]
            ? common[(i + 1) * width + j + 1]! + 1
            : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!)
    let i = 0
    let j = 0
    while (i < old.length || j < now.length) {
      if (i < old.length && j < now.length && old[i] === now[j]) {
        middle.push({ sign: ' ', text: old[i++]! })
        j++
      } else if (i < old.length && (j >= now.length || common[(i + 1) * width + j]! >= common[i * width + j + 1]!))
        middle.push({ sign: '-', text: old[i++]! })
      else middle.push({ sign: '+', text: now[j++]! })
    }
  }
  return [...keep(a.slice(0, start), ' '), ...middle, ...keep(a.slice(a.length - end), ' ')]
}

/** Line ranges of one side of each hunk: where a review comment may stand. */
export function hunksOf(patch: string | undefined, side: 'LEFT' | 'RIGHT'): [number, number][] {
  const hunks: [number, number][] = []
  for (const line of (patch ?? '').split('\n')) {
    const head = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line)
    if (!head) continue
    const [from, count] = side === 'LEFT' ? [head[1], head[2] ?? 1] : [head[3], head[4] ?? 1]
    if (Number(count)) hunks.push([Number(from), Number(from) + Number(count) - 1])
  }
  return hunks
}
