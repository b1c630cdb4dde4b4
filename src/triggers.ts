import { byObject } from './cache.js'
import type { Job, Text, Trigger, Workflow } from './model.js'
import { conditionOf, type Expression, truthOf, type Values } from './parse/expression.js'

/** The branch that pull requests are for: its name, or where they most likely go. */
export interface Target {
  name: string | undefined
  likely: string[]
}

export const STATES = ['yes', 'filtered', 'unknown', 'no'] as const
export type State = (typeof STATES)[number]

export const isPullRequest = (trigger: Trigger) => /^pull_request(_target)?$/.test(trigger.event.value)

/** Whether a change that is opened or pushed to as a pull request to the target branch starts the trigger. */
export function pullRequestState(trigger: Trigger, target: Target): State {
  const types = trigger.types?.map(type => type.value)
  if (types && !types.some(type => type === 'opened' || type === 'synchronize' || type.includes('${{'))) return 'no'
  const branch = branchState(trigger, target)
  if (branch === 'no' || branch === 'unknown') return branch
  return trigger.paths.length || trigger.pathsIgnore.length ? 'filtered' : 'yes'
}

/** Where pull requests go when nobody says: the usual names, and the branch that the workflows name most. */
export function likelyTargets(workflows: Workflow[]): string[] {
  const counts = new Map<string, number>()
  for (const { event, branches } of workflows.flatMap(workflow => workflow.triggers)) {
    if (event.value !== 'push' && !event.value.startsWith('pull_request')) continue
    for (const { value } of branches) if (/^[\w./-]+$/.test(value)) counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  if (counts.has('main') || counts.has('master')) return ['main', 'master']
  const [most] = [...counts].sort((a, b) => b[1] - a[1])
  return ['main', 'master', ...(most ? [most[0]] : [])]
}

/** Whether a trigger with branch filters starts for the target branch. */
export function branchState({ branches, branchesIgnore }: Trigger, { name, likely }: Target): 'yes' | 'no' | 'unknown' {
  const wanted = branches.map(branch => branch.value)
  const ignored = branchesIgnore.map(branch => branch.value)
  const starts = (name: string) =>
    (!wanted.length || isChosen(name, wanted)) && !(ignored.length && isChosen(name, ignored))
  if (name) return starts(name) ? 'yes' : 'no'
  return likely.some(starts) ? 'yes' : 'unknown'
}

/** Patterns in order, the last that fits decides; `!` takes out. */
function isChosen(name: string, patterns: string[]): boolean {
  let chosen = false
  for (const pattern of patterns) {
    if (pattern.startsWith('!') ? fits(name, pattern.slice(1)) : fits(name, pattern)) chosen = !pattern.startsWith('!')
  }
  return chosen
}

/**
 * GitHub's filter patterns over a branch name: `*` without slashes, `**` with, `?` and `+` of the character before, sets in
 * brackets. Linear in both texts but for nested stars: positions that a pattern can have reached are kept as a set.
 */
export function fits(name: string, pattern: string): boolean {
  const tokens = tokensOf(pattern)
  let reached = new Set([0])
  const close = (states: Set<number>) => {
    for (const at of states) if (tokens[at] && tokens[at].least === 0) states.add(at + 1)
    return states
  }
  close(reached)
  for (const char of name) {
    const next = new Set<number>()
    for (const at of reached) {
      const token = tokens[at]
      if (!token?.takes(char)) continue
      next.add(at + 1)
      if (token.many) next.add(at)
    }
    reached = close(next)
    if (!reached.size) return false
  }
  return reached.has(tokens.length)
}

interface Token {
  takes(char: string): boolean
  least: 0 | 1
  many: boolean
}

function tokensOf(pattern: string): Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < pattern.length && tokens.length < 300; at++) {
    const char = pattern[at]!
    if (char === '*') {
      const deep = pattern[at + 1] === '*'
      if (deep) at++
      tokens.push({ takes: deep ? () => true : one => one !== '/', least: 0, many: true })
    } else if (char === '?' && tokens.length) tokens.at(-1)!.least = 0
    else if (char === '+' && tokens.length) tokens.push({ ...tokens.at(-1)!, least: 0, many: true })
    else if (char === '[' && pattern.indexOf(']', at) > at) {
      const end = pattern.indexOf(']', at)
      const set = pattern.slice(at + 1, end)
      tokens.push({ takes: one => inSet(one, set), least: 1, many: false })
      at = end
    } else {
      const literal = char === '\\' && at + 1 < pattern.length ? pattern[++at]! : char
      tokens.push({ takes: one => one === literal, least: 1, many: false })
    }
  }
  return tokens
}

function inSet(char: string, set: string): boolean {
  for (let at = 0; at < set.length; at++) {
    if (set[at + 1] === '-' && at + 2 < set.length) {
      if (set[at]! <= char && char <= set[at + 2]!) return true
      at += 2
    } else if (set[at] === char) return true
  }
  return false
}

/** What conditions can know of a run that an event starts and in which nothing has failed. */
export function valuesOf(trigger: Trigger, target: Target): Values {
  const event = trigger.event.value
  // A called workflow sees its caller's event.
  const github: Record<string, unknown> = event === 'workflow_call' ? {} : { event_name: event }
  // Of pull_request_target these are the target branch's.
  if (event === 'pull_request') {
    Object.assign(github, { ref: 'refs/pull/1/merge', ref_name: '1/merge', ref_type: 'branch' })
    if (target.name) github.base_ref = target.name
  }
  return { github, 'success()': true, 'failure()': false, 'cancelled()': false, 'always()': true }
}

// Asked again for every event and every combination.
const parsedCondition = byObject((text: Text): Expression[] => conditionOf(text))

/** Not plainly false: what is not known may be true. */
export function mayHold(condition: Text | undefined, values: Values): boolean {
  if (!condition) return true
  const expressions = parsedCondition(condition)
  const [only] = expressions
  if (!only?.root || expressions.length > 1) return true
  const { value } = condition
  const whole = value.slice(0, only.from).trim() === '' && value.slice(only.to).trim() === ''
  return !whole || truthOf(only.root, values) !== false
}

/** Whether a job can run: its own condition, and those of the jobs it needs. */
export function mayRun(job: Job, workflow: Workflow, values: Values, open: Set<Job> = new Set()): boolean {
  if (!mayHold(job.if, values)) return false
  // With a status function of its own a job does not wait for success.
  if (job.if && /\b(always|failure|cancelled)\s*\(/i.test(job.if.value)) return true
  open.add(job)
  if (open.size > MAX_NEEDED) return true
  return job.needs.every(need => {
    const needed = jobsOf(workflow).get(need.value)
    return !needed || open.has(needed) || mayRun(needed, workflow, values, open)
  })
}

/** Jobs that one waits for, followed at the most. */
const MAX_NEEDED = 200
// Of two jobs with one id the first counts.
const jobsOf = byObject(({ jobs }: Workflow) => new Map([...jobs].reverse().map(job => [job.id.value, job])))
