import type { OptionSpec, Options } from './model.js'
import { matches } from './query.js'

/** How an action has to be named: in any way, by a tag or branch at least, or by a commit. */
export type PinPolicy = 'any' | 'ref-pin' | 'hash-pin'

export const POLICIES: OptionSpec = {
  type: 'map',
  default: {},
  about: 'Globs over actions to `any`, `ref-pin` or `hash-pin`: `actions/*: ref-pin`. The most exact one counts.'
}

/** What the option `policies` says of an action; undefined where it says nothing. */
export function policyFor(action: string, options: Options): PinPolicy | undefined {
  const policies = options.policies
  if (typeof policies !== 'object' || policies === null) return undefined
  const name = action.toLowerCase()
  const repository = name.split('/', 2).join('/')
  let best: string | undefined
  let found: PinPolicy | undefined
  for (const [glob, policy] of Object.entries(policies)) {
    if (policy !== 'any' && policy !== 'ref-pin' && policy !== 'hash-pin') continue
    const pattern = glob.toLowerCase()
    const fits = pattern === '*' || pattern === name || matches(name, pattern) || matches(repository, pattern)
    if (!fits || (best !== undefined && weight(best) >= weight(pattern))) continue
    best = pattern
    found = policy
  }
  return found
}

/** Letters that are given; a name without a wildcard is more exact than any pattern. */
const weight = (pattern: string): number => pattern.replaceAll('*', '').length + (pattern.includes('*') ? 0 : 1000)
