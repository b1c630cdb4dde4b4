import { settingNames } from '../branch-settings.js'
import type {
  BranchFacts,
  BranchRules,
  Diff,
  Files,
  Remote,
  RequiredCheck,
  Setting,
  SettingName,
  Snapshot,
  Source,
  Unread,
  UsedFacts
} from '../model.js'
import { changesBetween } from './changes.js'

export interface Memory {
  files: Files
  /** All paths of the tree where `files` holds only some. */
  paths?: string[]
  base?: Files
  /** All paths of the base; absent: `paths` with `diff` undone. */
  basePaths?: string[]
  diff?: Diff
  branch?: BranchFacts | null
  /** Texts of `owner/repo/path@ref`, for `uses:` of other repositories. */
  remoteFiles?: Files
  /** What is known beside those texts, by the written `uses`. */
  facts?: Record<string, Partial<UsedFacts>>
}

/** A source that holds everything in memory: tests, examples and the library. */
export function memorySource(memory: Memory): Source {
  const texts = new Map<string, string>()
  // Equal texts have one id, on both sides.
  const ids = new Map<string, string>()
  const idOf = (text: string) => {
    const id = ids.get(text) ?? `text ${ids.size}`
    ids.set(text, id)
    return id
  }
  const snapshot = (sha: string, files: Files, paths: string[] = []): Snapshot => ({
    sha,
    async list() {
      const known = Object.entries(files).map(([path, text]) => {
        const id = idOf(text)
        texts.set(id, text)
        return { path, mode: '100644', sha: id, size: Buffer.byteLength(text) }
      })
      const rest = [...new Set(paths)].filter(path => !Object.hasOwn(files, path))
      return [...known, ...rest.map(path => ({ path, mode: '100644', sha: `unknown ${path}`, size: 0 }))]
    }
  })
  const diff = memory.diff ?? (memory.base && changesBetween(memory.base, memory.files))
  const unread: Unread[] = []
  return {
    unread,
    head: snapshot('head', memory.files, memory.paths),
    ...(memory.base && {
      base: snapshot(
        'base',
        memory.base,
        memory.basePaths ?? undone(memory.paths ?? Object.keys(memory.files), diff ?? [])
      )
    }),
    async read(blobs) {
      return new Map(
        blobs.map(blob => [
          blob.sha,
          texts.get(blob.sha) ?? { what: blob.path, reason: 'its text was not handed over' }
        ])
      )
    },
    async resolve(uses) {
      return new Map(uses.map(name => [name, remote(name, memory.remoteFiles ?? {})]))
    },
    ...(memory.facts && {
      async facts(uses) {
        const known = Object.entries(memory.facts!).filter(([written]) => uses.has(written))
        return { facts: new Map(known.map(([written, facts]) => [written, { ...NOTHING, ...facts }])), unread: [] }
      }
    }),
    async branch() {
      return branchRules(memory.branch ?? {})
    },
    async diff() {
      return diff
    }
  }
}

const NOTHING: UsedFacts = {
  repository: '',
  archived: 'unknown',
  branch: 'unknown',
  tag: 'unknown',
  tags: [],
  allTags: false,
  named: [],
  reachable: 'unknown'
}

function undone(paths: string[], diff: Diff): string[] {
  const before = new Set(paths)
  for (const change of diff) {
    if (change.status === 'added' || change.status === 'copied') before.delete(change.path)
    if (change.status === 'removed') before.add(change.path)
    if (change.status === 'renamed') {
      before.delete(change.path)
      before.add(change.previousPath ?? change.path)
    }
  }
  return [...before]
}

function remote(uses: string, files: Files): Remote | Unread {
  const [path = '', ref = ''] = uses.split('@')
  const candidates = /\.ya?ml$/.test(path) ? [path] : [`${path}/action.yml`, `${path}/action.yaml`]
  for (const candidate of candidates) {
    const text = files[`${candidate}@${ref}`]
    if (text !== undefined) return { uses, path: candidate.split('/').slice(2).join('/'), text }
  }
  return { what: uses, reason: 'files of other repositories are read with the API only' }
}

/** The merged view of branch rules from what a caller knows; `why` says why the rest is not known. */
export function branchRules(facts: BranchFacts, why = 'not handed over'): BranchRules {
  const setting = (value: boolean | null | undefined): Setting =>
    value == null ? { is: 'unknown', why } : { is: value ? 'yes' : 'no', why: 'given' }
  const checks = facts.requiredChecks?.map(
    (check): RequiredCheck => (typeof check === 'string' ? { context: check } : check)
  )
  const guarded =
    facts.protected ?? (checks?.length || facts.mergeQueue || facts.pullRequestRequired ? true : undefined)
  const bypass = facts.bypass ?? undefined
  const settings = Object.fromEntries(settingNames.map(name => [name, setting(facts[name])]))
  const { approvalCount } = facts
  return {
    ...(settings as Record<SettingName, Setting>),
    ...(approvalCount != null && { approvalCount, approvals: setting(approvalCount > 0) }),
    branch: facts.name ?? '',
    protected: setting(guarded),
    requiredChecks: checks,
    checksKnown: checks ? { is: 'yes', why: 'given' } : { is: 'unknown', why },
    bypass: bypass ?? [],
    bypassKnown: bypass ? { is: 'yes', why: 'given' } : { is: 'unknown', why },
    ...(facts.queue && { queue: facts.queue }),
    environments: facts.environments ?? [],
    otherRules: [],
    ...(facts.externalContexts && { externalContexts: facts.externalContexts })
  }
}
