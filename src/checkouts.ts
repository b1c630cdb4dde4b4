import type { Action, Step, Text, Workflow } from './model.js'
import { expressionsIn } from './parse/expression.js'
import { actionOf, inputOf } from './steps.js'

/** What `actions/checkout` leaves behind. */
export interface Checkout {
  step: Step
  written: Text
  /** What `persist-credentials` says: nothing, a text that is not false, or an expression. */
  says: 'nothing' | 'true' | 'computed'
}

/** The checkouts among steps that leave the token of the job where later steps, and what they run, can read it. */
export function keptCredentials(steps: Step[]): Checkout[] {
  return steps.flatMap((step): Checkout | [] => {
    const written = step.uses
    if (!written || actionOf(step)?.name !== 'actions/checkout') return []
    const value = inputOf(step, 'persist-credentials')?.value
    // A value in place of all inputs may say it or not.
    if (!value) return { step, written, says: step.yaml.get('with')?.kind === 'scalar' ? 'computed' : 'nothing' }
    if (expressionsIn(value).length) return { step, written, says: 'computed' }
    const text = value.value.trim().toLowerCase()
    return text === 'false' ? [] : { step, written, says: text === 'true' ? 'true' : 'nothing' }
  })
}

/** Does a step upload the whole folder that was checked out? The path that says so. */
export function wholeUpload(step: Step): Text | undefined {
  if (actionOf(step)?.name !== 'actions/upload-artifact') return undefined
  const path = inputOf(step, 'path')?.value
  const isWhole = (line: string) =>
    /^(\.\.?\/?|\*\*(\/\*)?)$/.test(line) || /^\$\{\{\s*github\.workspace\s*\}\}\/?(\*\*(\/\*)?)?$/.test(line)
  return path?.value.split('\n').some(line => isWhole(line.trim())) ? path : undefined
}

/** Later steps may push with what checkout left: its absence would break them. */
export function mayPush(steps: Step[], after: Step): boolean {
  return steps.slice(steps.indexOf(after) + 1).some(step => {
    if (step.run)
      return /\bgit\b[^\n]*\b(push|fetch|pull|ls-remote|submodule|lfs)\b|\b(release|publish|deploy|version|make|npm|yarn|pnpm|\.sh)\b/.test(
        step.run.text.value
      )
    return /commit|push|release|publish|deploy|pages|tag|changelog|create-pull-request|^\.|^\$\//i.test(
      step.uses?.value ?? ''
    )
  })
}

/** Versions of checkout from 6 on keep the token outside the folder that is checked out. */
export const keepsOutside = (version: number[] | undefined): boolean => version?.[0] !== undefined && version[0] >= 6

export type Stepped = Workflow | Action
