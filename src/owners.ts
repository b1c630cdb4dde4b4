import type { CodeOwners, OwnersLine, Repo } from './model.js'

/** The file that says who must review a pull request: that of the target branch, not the one which the pull request brings. */
export const ownersInForce = ({ base, codeowners }: Repo): CodeOwners | undefined => (base?.codeowners ?? codeowners)[0]

/** The line that counts for a path: the last one that matches. */
export const lineFor = (lines: OwnersLine[], path: string): OwnersLine | undefined =>
  lines.findLast(({ pattern }) => fits(pattern.value, path))

/**
 * Does a pattern match a path? As in gitignore, with GitHub's own word on `folder/*`, which is only what lies directly in
 * it. Costs at most the product of both lengths.
 */
export function fits(pattern: string, path: string): boolean {
  return fitsParts(partsOf(pattern), path.split('/'))
}

interface Parts {
  names: string[]
  /** Matches what lies below a match too. */
  deep: boolean
  /** Matches folders alone. */
  folder: boolean
}

function partsOf(pattern: string): Parts {
  const folder = pattern.endsWith('/')
  const body = pattern.replace(/^\/+|\/+$/g, '')
  // Without a slash before its end a pattern may match at any depth.
  const anchored = pattern.startsWith('/') || body.includes('/')
  const names = body.split('/')
  const last = names.at(-1)
  const deep = last !== '*' || !anchored
  return { names: anchored ? names : ['**', ...names], deep, folder }
}

function fitsParts({ names, deep, folder }: Parts, path: string[]): boolean {
  // The ends of `path` that a match may have: the file itself, and each folder above it.
  let reached = [0]
  for (const [i, name] of names.entries()) {
    const next = new Set<number>()
    if (name === '**') {
      const from = Math.min(...reached)
      // At the end it is all that lies inside.
      for (let at = i === names.length - 1 ? from + 1 : from; at <= path.length; at++) next.add(at)
    } else for (const at of reached) if (at < path.length && fitsName(name, path[at]!)) next.add(at + 1)
    if (!next.size) return false
    reached = [...next]
  }
  return reached.some(at => (at === path.length ? !folder : deep || folder))
}

/** `*` is any run of characters and `?` any one, within a name: the last star alone is ever tried again. */
function fitsName(pattern: string, name: string): boolean {
  let p = 0
  let n = 0
  let star = -1
  let from = 0
  while (n < name.length) {
    if (pattern[p] === '*') {
      star = p++
      from = n
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === name[n])) {
      p++
      n++
    } else if (star >= 0) {
      p = star + 1
      n = ++from
    } else return false
  }
  while (pattern[p] === '*') p++
  return p === pattern.length
}

/** Steps of comparison that looking for lines without a path may cost: a large tree and a long list stay below it. */
const MAX_STEPS = 10_000_000

/** Lines whose pattern matches no path. Nothing is said of patterns that there was no time for. */
export function unmatched(lines: OwnersLine[], paths: string[]): OwnersLine[] {
  const whole = new Set<string>()
  const names = new Set<string>()
  const endings = new Set<string>()
  for (const path of paths) {
    whole.add(path)
    const parts = path.split('/')
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const folder = path.slice(0, at)
      if (whole.has(folder)) break
      whole.add(folder)
      names.add(folder.slice(folder.lastIndexOf('/') + 1))
    }
    const name = parts.at(-1)!
    names.add(name)
    for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) endings.add(name.slice(dot))
  }
  let split: string[][] | undefined
  let steps = 0
  return lines.filter(({ pattern: { value } }) => {
    const { names: parts, ...rest } = partsOf(value)
    const body = parts.join('/')
    if (!/[*?]/.test(body)) return !whole.has(body)
    const [, name = ''] = parts
    if (parts.length === 2 && parts[0] === '**') {
      if (name === '' || name === '*' || name === '**') return paths.length === 0
      if (!/[*?]/.test(name)) return !names.has(name)
      if (/^\*\.[^*?]+$/.test(name) && endings.has(name.slice(1))) return false
    }
    split ??= paths.map(path => path.split('/'))
    for (const path of split) {
      steps += value.length * path.length
      if (steps > MAX_STEPS || fitsParts({ names: parts, ...rest }, path)) return false
    }
    return true
  })
}
