import { byObject, byText } from './cache.js'
import type { Action, Edit, Field, Job, Step, Text, Workflow, Yaml, YamlScalar } from './model.js'
import { conditionOf, truthOf } from './parse/expression.js'
import { readUses } from './parse/uses.js'
import { afterOf, beforeOf } from './query.js'

/** Short questions about steps, whether of a job or of a composite action. */

/** Steps that run one after the other: those of a job, or of an action. */
export interface Sequence {
  steps: Step[]
  job?: Job
}

export const sequencesOf = byObject((file: Workflow | Action): Sequence[] =>
  'jobs' in file ? file.jobs.map(job => ({ steps: job.steps, job })) : [{ steps: file.steps }]
)

/** Every `uses:` of a file: of steps, and of jobs that call a workflow. */
export const allUsesOf = byObject((file: Workflow | Action): { written: Text; step?: Step; job?: Job }[] => [
  ...('jobs' in file ? file.jobs.flatMap(job => (job.uses ? [{ written: job.uses, job }] : [])) : []),
  ...sequencesOf(file).flatMap(({ steps, job }) =>
    steps.flatMap(step => (step.uses ? [{ written: step.uses, step, ...(job && { job }) }] : []))
  )
])

/** An action of another repository that a step uses. */
export interface UsedAction {
  /** `owner/repo/path` in lower case. */
  name: string
  /** `owner/repo` in lower case. */
  repository: string
  ref: string
  pinned: 'sha' | 'branch' | 'tag'
}

export const actionOf = ({ uses }: { uses?: Text }): UsedAction | undefined => (uses ? actionNamed(uses) : undefined)

export const actionNamed = ({ value }: Text): UsedAction | undefined => readAction(value)

// Asked by many rules of the same few names.
const readAction = byText((value): UsedAction | undefined => {
  const uses = readUses(value)
  if (uses.kind !== 'remote') return undefined
  const name = uses.action.toLowerCase()
  return { name, repository: name.split('/', 2).join('/'), ref: uses.ref, pinned: uses.pinned }
})

/** An input that a step gives; names are the same in any case. */
export const inputOf = (step: Step, name: string): Field | undefined =>
  step.with.find(field => field.name.value.toLowerCase() === name)

const versions = new WeakMap<object, Map<number, string>>()

/** The version of an action: its tag, or what the comment beside a commit says. */
export function versionOf(file: Workflow | Action, written: Text, { ref, pinned }: UsedAction): number[] | undefined {
  if (pinned !== 'sha') return numbersIn(ref)
  let comments = versions.get(file)
  if (!comments) {
    comments = new Map(file.comments.map(({ at, text }) => [at.line, text]))
    versions.set(file, comments)
  }
  return numbersIn(comments.get(written.at.endLine) ?? '')
}

function numbersIn(text: string): number[] | undefined {
  const [, numbers] = /(?:^|[\s=@/])v?(\d{1,6}(?:\.\d{1,6}){0,2})(?:$|[\s,;-])/.exec(text.slice(0, 200)) ?? []
  return numbers?.split('.').map(Number)
}

/** The condition is plainly false: Dependabot keeps such steps up to date, and nothing runs them. */
export function isNever({ if: condition }: { if?: Text }): boolean {
  if (!condition) return false
  const [only, ...more] = conditionOf(condition)
  return !more.length && only?.root !== undefined && isWhole(condition, only) && truthOf(only.root, {}) === false
}

const isWhole = ({ value }: Text, { from, to }: { from: number; to: number }): boolean =>
  value.slice(0, from).trim() === '' && value.slice(to).trim() === ''

/** The edit that gives a step an input; undefined where the YAML leaves no room for it. */
export function inputEdit(file: Workflow | Action, step: Step, name: string, value: string): Edit | undefined {
  const given = inputOf(step, name)
  if (given) return { at: given.value.at, text: value }
  const inputs = step.yaml.entry('with')
  if (inputs) {
    const first = inputs.value.kind === 'map' ? inputs.value.entries[0]?.key.at : undefined
    if (!first || inputs.value.kind !== 'map' || inputs.value.anchor || first.line === inputs.key.at.line)
      return undefined
    return { at: beforeOf(first), text: `${name}: ${value}\n${' '.repeat(first.column - 1)}` }
  }
  const uses = step.yaml.entry('uses')
  if (!uses || isInFlow(step)) return undefined
  const indent = ' '.repeat(uses.key.at.column - 1)
  const { value: written } = uses
  const comment = file.comments.find(({ at }) => at.line === written.at.endLine)
  return { at: afterOf(comment?.at ?? written.at), text: `\n${indent}with:\n${indent}  ${name}: ${value}` }
}

/** Written in braces: there are no lines to add to. */
export const isInFlow = ({ yaml }: Step): boolean => yaml.entries[0]?.key.at.column !== yaml.at.column

/** Every scalar with an expression below a YAML value, in order of writing; aliases are followed once. */
export const fencedUnder = byObject((yaml: Yaml): YamlScalar[] => {
  const found: YamlScalar[] = []
  collect(yaml, found, new Set())
  return found
})

function collect(yaml: Yaml, into: YamlScalar[], seen: Set<Yaml>): void {
  if (yaml.kind === 'scalar') {
    if (yaml.value.includes('${{')) into.push(yaml)
    return
  }
  if (yaml.anchor !== undefined) {
    if (seen.has(yaml)) return
    seen.add(yaml)
  }
  if (yaml.kind === 'list') for (const item of yaml.items) collect(item, into, seen)
  else for (let at = 0; at < yaml.entries.length; at++) collect(yaml.entries[at]!.value, into, seen)
}

/** The same of a whole file, job by job. */
export const fencedIn = byObject((file: Workflow | Action): YamlScalar[] =>
  file.yaml.entries.flatMap(({ key, value }) => {
    const isJobs = 'jobs' in file && key.value === 'jobs' && value.kind === 'map'
    return isJobs ? value.entries.flatMap(job => fencedUnder(job.value)) : fencedUnder(value)
  })
)
