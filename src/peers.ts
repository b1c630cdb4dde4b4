import type { PeerIds, Peers } from './model.js'

/** Where the config of another tool lies, from the root of the repository: the first that is there counts. */
export const PEER_FILES: Record<'hadolint' | 'trivy' | 'checkov', string[]> = {
  hadolint: ['.hadolint.yaml', '.hadolint.yml'],
  trivy: ['.trivyignore'],
  checkov: ['.checkov.yaml', '.checkov.yml']
}

/** The tool whose config lies at a path. */
export const peerAt = (path: string): string | undefined =>
  Object.entries(PEER_FILES).find(([, paths]) => paths.includes(path))?.[0]

/** Does a comment or config of another tool mean a finding that carries these ids? */
export function isMeant(peers: Peers | undefined, { tool, ids, except }: PeerIds): boolean {
  const meant = (id: string) => (ids.has(id) || ids.has(ALL)) && !except?.has(id)
  return Object.entries(peers ?? {}).some(([suite, carried]) => isSuiteOf(suite, tool) && [carried].flat().some(meant))
}

/** Stands for every id of a tool. */
export const ALL = '*'

/** A tool may have a suite of ids for each kind of file: `trivy-docker`, `trivy-kubernetes`. */
export const isSuiteOf = (suite: string, tool: string): boolean => suite === tool || suite.startsWith(`${tool}-`)

/** Trivy's ids have been written DS002, AVD-DS-0002 and DS-0002: all are the last. */
export function trivyId(written: string): string {
  const id = written.toUpperCase()
  const [, letters, digits = ''] = /^(?:AVD-)?([A-Z]{2,5})-?(\d{3,5})$/.exec(id) ?? []
  return letters ? `${letters}-${digits.padStart(4, '0')}` : id
}

/** BuildKit's check options, as after `check=`: `skip=A,B;error=true`. Undefined where BuildKit would refuse them. */
export function checkOptions(written: string): Pick<PeerIds, 'ids' | 'except'> | undefined {
  const options = new Map<string, string[]>()
  for (const option of cutAt(written, '//').split(';')) {
    const [name = '', ...values] = option.split('=')
    if (!['skip', 'error', 'experimental'].includes(name.trim()) || values.length !== 1) return undefined
    options.set(name.trim(), listOf(values[0]!))
  }
  const skip = options.get('skip')
  if (!skip) return undefined
  // What is asked for by its name is not skipped with all others.
  if (isAll(skip)) return { ids: new Set([ALL]), except: new Set(options.get('experimental')) }
  return { ids: new Set(skip) }
}

const isAll = (list: string[]): boolean => list.length === 1 && list[0] === 'all'

/** Words between commas. */
export const listOf = (text: string): string[] =>
  text
    .split(',')
    .map(word => word.trim())
    .filter(Boolean)

export function cutAt(text: string, mark: string): string {
  const at = text.indexOf(mark)
  return at < 0 ? text : text.slice(0, at)
}
