import type { Options, Rule } from '../../../src/model.js'
import { run } from '../../../src/rule.js'
import { problems, repoOf } from '../../helpers.js'
import { applied } from '../workflow/edits.js'

/** Where a rule reports a Dockerfile, as `line:column`. */
export const places = async (rule: Rule, text: string, more: Record<string, string> = {}): Promise<string[]> =>
  (await problems(rule, { Dockerfile: text, ...more })).map(each => each.split(' ')[0]!.replace('Dockerfile:', ''))

/** What the places of a rule's findings hold, up to the end of the line. */
export async function marked(rule: Rule, text: string): Promise<string[]> {
  const { found } = run([rule], await repoOf({ Dockerfile: text }), () => ({}))
  return found.map(({ problem: { at } }) =>
    text.split('\n')[at.line - 1]!.slice(at.column - 1, at.line === at.endLine ? at.endColumn - 1 : undefined)
  )
}

/** Ids that a rule's findings have in another tool's suite. */
export async function peersIn(
  suite: string,
  rule: Rule,
  text: string,
  more: Record<string, string> = {}
): Promise<string[]> {
  const { found } = run([rule], await repoOf({ Dockerfile: text, ...more }), () => ({}))
  return found.flatMap(({ rule, problem }) => (problem.peers ?? rule.peers)?.[suite] ?? [])
}

/** A Dockerfile with the edits of a rule's findings applied, one finding after the other. */
export async function mended(rule: Rule, text: string, options: Options = {}): Promise<string> {
  const { found } = run([rule], await repoOf({ Dockerfile: text }), () => options)
  const edits = found.find(({ problem }) => problem.edits?.length)?.problem.edits
  return edits ? mended(rule, applied(text, edits), options) : text
}
