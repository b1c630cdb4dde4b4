import type { Diff, FileChange, Files } from '../model.js'

/** The changes that lead from one set of files to another; a moved text is a rename. */
export function changesBetween(base: Files, head: Files): Diff {
  const gone = Object.keys(base).filter(path => !Object.hasOwn(head, path))
  const changes: FileChange[] = []
  for (const [path, text] of Object.entries(head)) {
    if (Object.hasOwn(base, path)) {
      if (base[path] === text) continue
      const added = addedLines(base[path]!, text)
      changes.push({ path, status: 'modified', added, hunks: widened(added, lineCount(text)) })
      continue
    }
    const from = gone.findIndex(other => base[other] === text)
    if (from >= 0) changes.push({ path, previousPath: gone.splice(from, 1)[0]!, status: 'renamed', added: [] })
    else {
      const all: [number, number][] = [[1, lineCount(text)]]
      changes.push({ path, status: 'added', added: all, hunks: all })
    }
  }
  for (const path of gone) changes.push({ path, status: 'removed', added: [] })
  return changes
}

const lineCount = (text: string) => Math.max(1, text.replace(/\n$/, '').split('\n').length)

// Beyond this many pairs the middle of a file counts as changed as a whole.
const MAX_CELLS = 4_000_000

/** Line ranges of `after` that `before` has not, by the longest common subsequence between the equal ends. */
export function addedLines(before: string, after: string): [number, number][] {
  const a = before.split('\n')
  const b = after.split('\n')
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let end = 0
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++
  const old = a.slice(start, a.length - end)
  const now = b.slice(start, b.length - end)
  if (!now.length) return []
  if (old.length * now.length > MAX_CELLS) return [[start + 1, start + now.length]]
  const width = now.length + 1
  const common = new Uint32Array((old.length + 1) * width)
  for (let i = old.length - 1; i >= 0; i--)
    for (let j = now.length - 1; j >= 0; j--)
      common[i * width + j] =
        old[i] === now[j]
          ? common[(i + 1) * width + j + 1]! + 1
          : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!)
  const ranges: [number, number][] = []
  const add = (line: number) => {
    const last = ranges.at(-1)
    if (last && last[1] === line - 1) last[1] = line
    else ranges.push([line, line])
  }
  let i = 0
  for (let j = 0; j < now.length; ) {
    if (i < old.length && old[i] === now[j]) {
      i++
      j++
    } else if (i < old.length && common[(i + 1) * width + j]! >= common[i * width + j + 1]!) i++
    else add(start + 1 + j++)
  }
  return ranges
}

// A diff shows three lines around each change.
function widened(added: [number, number][], lines: number): [number, number][] {
  return added.map(([from, to]) => [Math.max(1, from - 3), Math.min(lines, to + 3)])
}
