import type { Config, Repo, Verdict } from './model.js'
import { type Asked, hash } from './rule.js'

export interface Circumstances {
  /** Today, for warn-only-until: the caller's clock. */
  today: string
  /** The workflow of this run is not on the target branch yet. */
  firstRun: boolean
}

/** Turns what the rules found at head and at base into a verdict. Pure. */
export function judge(head: Asked, base: Asked | undefined, repo: Repo, _config: Config, _now: Circumstances): Verdict {
  const findings = head.found.map(({ rule, problem }) => ({
    severity: rule.severity,
    ...problem,
    rule,
    introduced: !base,
    fingerprint: hash(rule.id, problem.at.path, problem.message)
  }))
  return {
    conclusion: 'success',
    because: '',
    wouldBlock: [],
    findings,
    hidden: [],
    requirements: [],
    unread: [...repo.unread, ...head.unread]
  }
}
