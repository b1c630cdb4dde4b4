import type { Edit, Example, Rule } from '../../../src/model.js'
import { run } from '../../../src/rule.js'
import { repoOf, worldOf } from '../../helpers.js'
import { applied } from '../workflow/edits.js'

const asked = async (rule: Rule, example: Example, options: object) =>
  run([rule], await repoOf(example), () => options as Record<string, unknown>).found.map(({ problem }) => problem)

/** Where a rule finds something in a Dockerfile, as `line:column`. */
export async function places(rule: Rule, dockerfile: string, others = {}, options = {}): Promise<string[]> {
  const problems = await asked(rule, { Dockerfile: dockerfile, ...others }, options)
  return problems.map(({ at }) => `${at.path === 'Dockerfile' ? '' : `${at.path}:`}${at.line}:${at.column}`)
}

/** Ids that a rule's findings carry for a suite, in order. */
export async function peersOf(rule: Rule, suite: string, dockerfile: string, options = {}): Promise<string[]> {
  const problems = await asked(rule, { Dockerfile: dockerfile }, options)
  return problems.flatMap(problem => (problem.peers ?? rule.peers)?.[suite] ?? [])
}

/** A file with all edits of a rule, and how often the rule still reports something. */
export async function mended(rule: Rule, example: Example, path = 'Dockerfile'): Promise<[text: string, left: number]> {
  const { head } = worldOf(example)
  const edits: Edit[] = (await asked(rule, example, {})).flatMap(problem => problem.edits ?? [])
  const text = applied(head[path]!, edits)
  return [text, (await asked(rule, { ...head, [path]: text }, {})).length]
}
