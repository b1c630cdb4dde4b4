import { byObject } from './cache.js'
import type { Action, Comment, Text, Workflow } from './model.js'
import { readUses } from './parse/uses.js'
import { stepsOf } from './query.js'

/** A `uses:` that names something in another repository by a ref. */
export interface Used {
  written: Text
  /** `owner/name/path` */
  action: string
  /** `owner/name` */
  repository: string
  ref: string
  pinned: 'sha' | 'branch' | 'tag'
  /** The comment behind it, and the tag or branch that it names. */
  comment?: Comment
  version?: string
}

/** Everything of other repositories that workflows and actions use, in the order of writing. */
export const usedIn = byObject((repo: { workflows: Workflow[]; actions: Action[] }): Used[] => [
  ...repo.workflows.flatMap(each => usedBy([...each.jobs, ...stepsOf(each)], each.comments)),
  ...repo.actions.flatMap(each => usedBy(each.steps, each.comments))
])
function usedBy(users: { uses?: Text }[], comments: Comment[]): Used[] {
  let byLine: Map<number, Comment> | undefined
  return users.flatMap(({ uses: written }): Used[] => {
    const uses = written && readUses(written.value)
    if (!written || uses?.kind !== 'remote') return []
    const { action, ref, pinned } = uses
    const repository = action.split('/', 2).join('/')
    byLine ??= new Map(comments.map(comment => [comment.at.line, comment]))
    const comment = byLine.get(written.at.endLine)
    const version = comment && versionIn(comment.text)
    return [
      {
        written,
        action,
        repository,
        ref,
        pinned,
        ...(comment && { comment }),
        ...(version !== undefined && { version })
      }
    ]
  })
}

// `v4.2.2`, `tag=v4.2.2`, `pin@v4`, `ratchet:actions/checkout@v4`, and words behind it.
const VERSION = /^(?:(?:tag|version)\s?[=:]\s?|(?:pin|ratchet:[\w./-]{1,100})?@)?([\w][\w./+-]{0,99})(?=$|[\s,;)(])/

/** The tag or branch that a comment beside a commit names; a name without a digit is a word. */
export function versionIn(comment: string): string | undefined {
  const [, name] = VERSION.exec(comment) ?? []
  return name !== undefined && /\d/.test(name) && !name.includes('..') ? name : undefined
}
