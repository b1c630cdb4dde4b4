import { byText } from '../cache.js'
import type { Place, Text } from '../model.js'

/** What `uses:` names. Only `remote` and `docker` come from elsewhere, by a name that can move or not. */
export type Uses =
  | { kind: 'local' | 'computed' | 'broken' }
  | { kind: 'remote' | 'docker'; action: string; ref: string; pinned: 'sha' | 'branch' | 'tag' }

// Names that repositories give to branches, never to releases. Channels (stable, nightly) are left to the tags: those who
// name them mean to follow them.
const BRANCHES = /^(main|master|develop|development|dev|trunk|default|head|latest|staging|production|gh-pages)$/i

/**
 * Reads a `uses:` of a step or a job: `owner/repo[/path]@ref`, `./path` and `$/path` of this repository, `docker://image`.
 * Whether a ref is a branch or a tag shows only in its name: what looks like neither counts as a tag.
 */
export const readUses = byText((written: string): Uses => {
  const text = written.trim()
  if (text.startsWith('./') || text.startsWith('../') || text.startsWith('$/')) return { kind: 'local' }
  if (text.includes('${{')) return { kind: 'computed' }
  if (text.startsWith('docker://')) {
    const name = text.lastIndexOf('/') + 1
    const cut = [text.indexOf('@', name), text.indexOf(':', name)].filter(found => found >= 0)
    const end = Math.min(text.length, ...cut)
    const action = text.slice(0, end)
    const ref = text.slice(end + 1)
    return { kind: 'docker', action, ref, pinned: /@sha256:[0-9a-f]{64}$/.test(text) ? 'sha' : 'tag' }
  }
  const at = text.lastIndexOf('@')
  const action = text.slice(0, Math.max(0, at))
  const ref = text.slice(at + 1)
  const [owner, name] = action.split('/')
  return owner && name && ref ? { kind: 'remote', action, ref, pinned: pinOf(ref) } : { kind: 'broken' }
})

/** Where the ref of an action is written, from its `@` or `:` on; without one, all of it. */
export function refPlace(written: Text, { action }: { action: string }): Place {
  const { length } = written.value
  return written.part(action.length < length ? action.length : 0, length)
}

/** One of GitHub's own actions. */
export const isGitHubs = (action: string): boolean => /^(actions|github)\//i.test(action)

function pinOf(ref: string): 'sha' | 'branch' | 'tag' {
  if (/^[0-9a-f]{40}$/i.test(ref)) return 'sha'
  if (ref.startsWith('refs/heads/')) return 'branch'
  if (ref.startsWith('refs/tags/')) return 'tag'
  if (BRANCHES.test(ref)) return 'branch'
  // `feature/x` and `release/v2`: a tag with a slash ends in a version, as in `action/v2`.
  return ref.includes('/') && !/v?\d[\w.-]*$/.test(ref) ? 'branch' : 'tag'
}
