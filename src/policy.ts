import { type Inputs, mergeConfig, type ReadConfig, readConfig, readInputs } from './config.js'
import { isRegular } from './discover.js'
import type { Blob, Config, ConfigProblem, Rule, Source, Unread } from './model.js'
import { startOf } from './parse/text.js'

/** Where the config lies unless somebody says otherwise. */
export const CONFIG_PATH = '.github/pipeline-hygiene.yml'

export interface Policy {
  config: Config
  /** What is wrong in it. With any of these the run is our failure, never a pass. */
  problems: ConfigProblem[]
  /** The file as the head brings it, where that differs from what holds now. */
  proposed?: ReadConfig
}

/**
 * The config that holds: defaults, the file at the policy commit (or the text given in its place), inputs. A file that does
 * not exist means the defaults; one that cannot be read is a problem.
 */
export async function loadPolicy(
  source: Source,
  rules: Rule[],
  { path = CONFIG_PATH, text, inputs = {} }: { path?: string; text?: string; inputs?: Inputs }
): Promise<Policy> {
  const written = text ?? (await readPolicyFile(source, path))
  const file = readWritten(path, written, rules)
  const given = readInputs(inputs, rules)
  const proposal = text === undefined ? await readProposedFile(source, path) : undefined
  return {
    config: mergeConfig(file.config, given.config),
    problems: [...file.problems, ...given.problems],
    ...(proposal !== undefined && { proposed: readConfig(path, proposal, rules) })
  }
}

function readWritten(path: string, written: string | Unread | undefined, rules: Rule[]): ReadConfig {
  if (written === undefined) return { config: {}, problems: [] }
  if (typeof written === 'string') return readConfig(path, written, rules)
  return { config: {}, problems: [{ at: startOf(path), message: `could not be read: ${written.reason}` }] }
}

/** A file as the policy commit has it; undefined where it does not exist there. */
export async function readPolicyFile(source: Source, path: string): Promise<string | Unread | undefined> {
  return readAt(source, await (source.policy ?? source.head).list(), path)
}

/** The same file as the head brings it, where the pull request changes it and it is not what holds already. */
async function readProposedFile(source: Source, path: string): Promise<string | undefined> {
  if (!source.policy || !source.base) return undefined
  const lists = [source.policy.list(), source.base.list(), source.head.list()]
  const [policy, base, after = []] = await Promise.all(lists)
  const now = after.find(blob => blob.path === path)
  const isSame = (blobs: Blob[] | undefined) => blobs?.some(blob => blob.path === path && blob.sha === now?.sha)
  if (!now || isSame(policy) || isSame(base)) return undefined
  const text = await readAt(source, after, path)
  return typeof text === 'string' ? text : undefined
}

async function readAt(source: Source, blobs: Blob[], path: string): Promise<string | Unread | undefined> {
  const blob = blobs.find(each => each.path === path)
  if (!blob) return undefined
  if (!isRegular(blob)) return { what: path, reason: 'it is a symbolic link: put the file itself there' }
  return (await source.read([blob])).get(blob.sha)
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
