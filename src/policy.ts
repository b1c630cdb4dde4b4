import { type Inputs, layered, mergeConfig, type ReadConfig, readConfig, readInputs } from './config.js'
import { isRegular } from './discover.js'
import type { Blob, Config, ConfigProblem, Rule, Source, Unread } from './model.js'
import { startOf } from './parse/text.js'
import { PEER_PATHS, readPeers } from './peer-config.js'

/** Where the config lies unless somebody says otherwise. */
export const CONFIG_PATH = '.github/pipeline-hygiene.yml'

export interface Policy {
  config: Config
  /** What is wrong in it. With any of these the run is our failure, never a pass. */
  problems: ConfigProblem[]
  /** Config of other tools that could not be read: theirs to complain about. */
  unread?: Unread[]
  /** The config as the head brings it, where that differs from what holds now. */
  proposed?: Proposed
}
export interface Proposed extends ReadConfig {
  /** Files of other tools that are part of it. */
  files?: string[]
}

/**
 * The config that holds: defaults, the files of other tools and our own at the policy commit (or the text given in place of
 * ours), inputs. A file that does not exist means the defaults; one of ours that cannot be read is a problem.
 */
export async function loadPolicy(
  source: Source,
  rules: Rule[],
  { path = CONFIG_PATH, text, inputs = {} }: { path?: string; text?: string; inputs?: Inputs }
): Promise<Policy> {
  const paths = [...(text === undefined ? [path] : []), ...PEER_PATHS]
  const [now, brought] = await Promise.all([
    (source.policy ?? source.head).list().then(blobs => readAt(source, blobs, paths)),
    readProposed(source, paths)
  ])
  const file = readWritten(path, text ?? now.get(path), rules)
  const peers = readPeers(each => now.get(each))
  const given = readInputs(inputs, rules)
  const policy: Policy = {
    config: mergeConfig(peers.config, file.config, given.config),
    problems: [...file.problems, ...given.problems],
    unread: peers.unread
  }
  if (!brought.size) return policy
  const next = brought.has(path) ? readWritten(path, brought.get(path), rules) : file
  const theirs = readPeers(each => brought.get(each) ?? now.get(each))
  policy.proposed = {
    config: layered(theirs.config, next.config, given.config),
    problems: brought.has(path) ? next.problems : [],
    files: PEER_PATHS.filter(each => brought.has(each))
  }
  return policy
}

function readWritten(path: string, written: string | Unread | undefined, rules: Rule[]): ReadConfig {
  if (written === undefined) return { config: {}, problems: [] }
  if (typeof written === 'string') return readConfig(path, written, rules)
  return { config: {}, problems: [{ at: startOf(path), message: `could not be read: ${written.reason}` }] }
}

/** The same files as the head brings them, where the pull request changes them and they are not what holds already. */
async function readProposed(source: Source, paths: string[]): Promise<Map<string, string>> {
  if (!source.policy || !source.base) return new Map()
  const lists = [source.policy.list(), source.base.list(), source.head.list()]
  const [policy, base, after = []] = await Promise.all(lists)
  const isSame = (blobs: Blob[] | undefined, { path, sha }: Blob) =>
    blobs?.some(blob => blob.path === path && blob.sha === sha)
  const changed = after.filter(blob => paths.includes(blob.path) && !isSame(policy, blob) && !isSame(base, blob))
  const texts = await readAt(source, changed, paths)
  return new Map([...texts].flatMap(([path, text]) => (typeof text === 'string' ? [[path, text]] : [])))
}

/** Files of a commit by path, in one go; those that it has not are not there. */
async function readAt(source: Source, blobs: Blob[], paths: string[]): Promise<Map<string, string | Unread>> {
  const found = blobs.filter(blob => paths.includes(blob.path))
  const texts = await source.read(found.filter(isRegular))
  const read = new Map<string, string | Unread>()
  for (const blob of found) {
    const text = isRegular(blob)
      ? texts.get(blob.sha)
      : { what: blob.path, reason: 'it is a symbolic link: put the file itself there' }
    if (text !== undefined) read.set(blob.path, text)
  }
  return read
}

/**
 * Is the gate new with this pull request? Only when the workflow that it brings has a step of ours and no workflow of the
 * target branch has: a pull request that renames or edits the workflow is no first run, and neither is one whose workflow
 * reaches us through a workflow or action of somebody else.
 *
 * `workflow`: GITHUB_WORKFLOW_REF, `action`: how steps name this action (`owner/name`, or `./folder` in its own repository).
 */
export async function isFirstRun(
  source: Source,
  { owner, repo, workflow, action }: { owner: string; repo: string; workflow: string; action: string }
): Promise<boolean> {
  // A workflow of another repository (an organisation's required one) is not the pull request's to bring.
  const prefix = `${owner}/${repo}/`
  if (!workflow.toLowerCase().startsWith(prefix.toLowerCase()) || !source.policy) return false
  const path = workflow.slice(prefix.length).replace(/@.*$/, '')
  const [before, after] = await Promise.all([source.policy.list(), source.head.list()])
  const [known, brought] = [before, after].map(blobs => blobs.find(blob => blob.path === path))
  const texts = await source.read([known, brought].flatMap(blob => blob ?? []))
  const namesUs = (blob: Blob | undefined) => {
    const text = blob && texts.get(blob.sha)
    return typeof text === 'string' && names(text, action)
  }
  if (!namesUs(brought) || namesUs(known)) return false
  const workflows = before.filter(blob => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(blob.path)).slice(0, 200)
  const others = await source.read(workflows)
  return ![...others.values()].some(text => typeof text !== 'string' || names(text, action))
}

// A text that cannot be read may name us: then it is no first run. A mention in a comment counts too; both err towards the gate.
const names = (text: string, action: string) => text.toLowerCase().includes(action.toLowerCase())
