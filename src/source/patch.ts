import type { FileChange } from '../model.js'

/**
 * Line ranges of the head side from a unified diff of one file: what it adds, and what it shows (where a review comment
 * may stand). No hunk at all gives no `hunks`: a binary file, one too large to show, or a rename without a change.
 */
export function addedAndShown(patch: string): Pick<FileChange, 'added' | 'hunks'> {
  const added: [number, number][] = []
  const hunks: [number, number][] = []
  let line = 0
  for (const text of patch.split('\n')) {
    const head = /^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@/.exec(text)
    if (head) {
      line = Number(head[1])
      const count = head[2] === undefined ? 1 : Number(head[2])
      if (count > 0) hunks.push([line, line + count - 1])
      continue
    }
    if (!hunks.length) continue
    if (text.startsWith('+')) {
      const last = added.at(-1)
      if (last && last[1] === line - 1) last[1] = line
      else added.push([line, line])
      line++
    } else if (text.startsWith(' ')) line++
  }
  return hunks.length ? { added, hunks } : { added }
}
