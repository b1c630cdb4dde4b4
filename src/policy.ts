import type { Blob, Source, Unread } from './model.js'

/** Where the config lies unless somebody says otherwise. */
export const CONFIG_PATH = '.github/pipeline-hygiene.yml'

/** A file as the policy commit has it; undefined where it does not exist there. */
export async function readPolicyFile(source: Source, path: string): Promise<string | Unread | undefined> {
  return readAt(source, await (source.policy ?? source.head).list(), path)
}

/** The same file as the head brings it, where that differs from the policy. */
export async function readProposedFile(source: Source, path: string): Promise<string | undefined> {
  if (!source.policy) return undefined
  const [before, after] = await Promise.all([source.policy.list(), source.head.list()])
  const old = before.find(blob => blob.path === path)
  const now = after.find(blob => blob.path === path)
  if (!now || now.sha === old?.sha) return undefined
  const text = await readAt(source, after, path)
  return typeof text === 'string' ? text : undefined
}

async function readAt(source: Source, blobs: Blob[], path: string): Promise<string | Unread | undefined> {
  const blob = blobs.find(each => each.path === path)
  if (!blob) return undefined
  return (await source.read([blob])).get(blob.sha)
}
