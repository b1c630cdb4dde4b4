import type { Blob, Unread } from '../model.js'
import { type Connection, reasonOf } from './github-connection.js'

/** Requests that a walk through one truncated tree may cost. */
const MAX_WALK = 100
const AT_ONCE = 8

interface Tree {
  entries: { path: string; mode: string; type: string; sha: string; size?: number }[]
  truncated: boolean
}

/**
 * Lists trees by commit or tree id. A tree that GitHub cuts (100,000 entries or 7 MB) is walked folder by folder, those
 * that may hold pipeline files first; what a walk leaves out goes to `unread`. Equal subtrees are asked for once.
 */
export function treesOf({ octokit, host }: Connection, owner: string, repo: string, unread: Unread[]) {
  const asked = new Map<string, Promise<Tree>>()

  const get = (sha: string, recursive: boolean): Promise<Tree> => {
    const key = `${sha} ${recursive}`
    const tree = asked.get(key) ?? request(sha, recursive)
    asked.set(key, tree)
    return tree
  }
  const request = async (sha: string, recursive: boolean): Promise<Tree> => {
    const { data } = await octokit.request('GET /repos/{owner}/{repo}/git/trees/{tree_sha}', {
      owner,
      repo,
      tree_sha: sha,
      // Any value asks for recursion, '0' and 'false' too.
      ...(recursive && { recursive: '1' })
    })
    return { entries: data.tree, truncated: data.truncated }
  }

  // Head, base and policy mostly lack the same.
  const report = (row: Unread) => {
    if (!unread.some(known => known.what === row.what && known.reason === row.reason)) unread.push(row)
  }

  const walk = async (sha: string): Promise<Blob[]> => {
    const blobs: Blob[] = []
    let left = MAX_WALK
    const todo: { path: string; sha: string; whole: boolean }[] = [{ path: '', sha, whole: false }]
    const visit = async (folder: { path: string; sha: string; whole: boolean }) => {
      const under = folder.path ? `${folder.path}/` : ''
      try {
        const tree = await get(folder.sha, folder.whole)
        if (folder.whole && tree.truncated) {
          todo.push({ ...folder, whole: false })
          return
        }
        for (const entry of tree.entries) {
          const path = `${under}${entry.path}`
          if (entry.type !== 'tree') blobs.push(blobOf(path, entry))
          else if (!folder.whole) todo.push({ path, sha: entry.sha, whole: true })
        }
      } catch (error) {
        report({ what: folder.path || 'the root folder', reason: reasonOf(error, host, 'contents: read') })
      }
    }
    while (todo.length && left > 0) {
      todo.sort((a, b) => rank(a.path) - rank(b.path))
      const next = todo.splice(0, Math.min(AT_ONCE, left))
      left -= next.length
      await Promise.all(next.map(visit))
    }
    if (todo.length) {
      const names = todo.slice(0, 3).map(folder => folder.path)
      report({
        what: `${todo.length} folders (${names.join(', ')}${todo.length > 3 ? ', …' : ''})`,
        reason: `the tree is too large to list at once, and ${MAX_WALK} requests listed the rest`
      })
    }
    return blobs
  }

  /** Every file of a commit. Throws where the commit itself cannot be listed. */
  return async (sha: string): Promise<Blob[]> => {
    const tree = await get(sha, true)
    if (tree.truncated) return walk(sha)
    return tree.entries.filter(entry => entry.type !== 'tree').map(entry => blobOf(entry.path, entry))
  }
}

const blobOf = (path: string, entry: Tree['entries'][number]): Blob => ({
  path,
  mode: entry.mode,
  sha: entry.sha,
  size: entry.size ?? 0
})

const LAST = new Set([
  'node_modules',
  'vendor',
  'third_party',
  'testdata',
  'fixtures',
  'docs',
  'doc',
  'locale',
  'assets'
])

/** Where pipeline files lie: GitHub's folder, then everything near the top, copies of other projects last. */
function rank(path: string): number {
  if (path === '' || path.startsWith('.github')) return 0
  const parts = path.split('/')
  return parts.some(part => LAST.has(part)) ? 100 + parts.length : parts.length
}
