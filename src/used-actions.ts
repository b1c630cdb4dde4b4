import { byObject, byText } from './cache.js'
import { calleesIn } from './callees.js'
import { type KnownInput, knownAction } from './data/actions.js'
import type { Action, Comment, Repo, Step, Text } from './model.js'
import { readUses } from './parse/uses.js'
import { isNull, mapOf, scalarOf } from './parse/yaml.js'

/** A step that uses an action, and what is known of that. */
export interface UsedAction {
  step: Step
  written: Text
  /** As people call it: `actions/cache@v4`, `./.github/actions/setup`. */
  name: string
  /** Undefined: nothing is known of it at this ref. */
  facts?: ActionFacts
}
export interface ActionFacts {
  /** Undefined: not known, which is not "none". */
  inputs?: Map<string, KnownInput & { isDeprecated: boolean }>
  runs: string
  /** Read from its own file, or from our table: of this very ref, or of an earlier or later release of the same major. */
  from: 'file' | 'table' | 'earlier' | 'later'
  /** The action in this repository. */
  local?: Action
}

/** Every step of workflows and composite actions that uses an action of this or another repository. */
export const usedActionsOf = byObject((repo: Repo): UsedAction[] => {
  const callees = calleesIn(repo)
  const local = new Map<Action, ActionFacts>()
  const fromFile = (action: Action, isLocal: boolean): ActionFacts => {
    const facts = local.get(action) ?? factsOf(action, isLocal)
    local.set(action, facts)
    return facts
  }
  const used: UsedAction[] = []
  const collect = (steps: Step[], comments: Comment[]) => {
    const beside = commentsByLine(comments)
    for (const step of steps) {
      const { uses: written } = step
      const uses = written && readUses(written.value)
      if (!written || (uses?.kind !== 'local' && uses?.kind !== 'remote')) continue
      const found = callees.action(written.value.trim(), '')
      if (found && 'action' in found)
        used.push({ step, written, name: written.value, facts: fromFile(found.action, uses.kind === 'local') })
      else if (!('pinned' in uses)) used.push({ step, written, name: written.value })
      else {
        const version = uses.pinned === 'sha' ? versionIn(beside.get(written.at.endLine)) : undefined
        const facts =
          tableFacts(written.value.trim()) ??
          (version === undefined ? undefined : tableFacts(`${uses.action}@${version}`))
        used.push({ step, written, name: `${uses.action}@${version ?? uses.ref}`, ...(facts && { facts }) })
      }
    }
  }
  for (const { jobs, comments } of repo.workflows)
    collect(
      jobs.flatMap(job => job.steps),
      comments
    )
  for (const { steps, comments } of repo.actions) collect(steps, comments)
  return used
})

/** What the table has of `owner/name@ref`. */
const tableFacts = byText((written): ActionFacts | undefined => {
  const at = written.lastIndexOf('@')
  const row = knownAction(written.slice(0, at), written.slice(at + 1))
  if (!row) return undefined
  const { inputs, runs, read } = row
  return {
    ...(inputs && {
      inputs: new Map(
        inputs.map(each => [each.name.toLowerCase(), { ...each, isDeprecated: each.deprecated !== undefined }])
      )
    }),
    runs,
    from: read === 'exactly' ? 'table' : read
  }
})

function factsOf(action: Action, isLocal: boolean): ActionFacts {
  const inputs = new Map<string, KnownInput & { isDeprecated: boolean }>()
  for (const { name, required, default: value, yaml } of action.inputs) {
    const map = mapOf(yaml)
    const hasDefault = value !== undefined || (map?.entry('default') !== undefined && !isNull(map.get('default')))
    const deprecated = scalarOf(map?.get('deprecationMessage'))?.value
    inputs.set(name.value.toLowerCase(), {
      name: name.value,
      required: required?.value.toLowerCase() === 'true' && !hasDefault,
      isDeprecated: map?.entry('deprecationMessage') !== undefined,
      ...(deprecated && { deprecated })
    })
  }
  // A mapping that is none hides what the action takes.
  const isReadable = action.yaml.get('inputs') === undefined || mapOf(action.yaml.get('inputs')) !== undefined
  return {
    ...(isReadable && { inputs }),
    runs: action.using?.value ?? '',
    from: 'file',
    ...(isLocal && { local: action })
  }
}

const commentsByLine = (comments: Comment[]): Map<number, string> =>
  new Map(comments.map(({ at, text }) => [at.line, text]))

/** The version that a comment beside a pinned commit names: `v4.2.2`, `tag=v3`, `4.2`. */
function versionIn(comment: string | undefined): string | undefined {
  return comment === undefined
    ? undefined
    : /(?:^|[\s=@])(v?\d{1,4}(?:\.\d{1,6}){0,2})(?=[\s,;)]|$)/.exec(comment.slice(0, 200))?.[1]
}
