import { isOnSomewhere, mergeConfig, optionsOf, type ReadConfig } from './config.js'
import { type Circumstances, judge } from './judge.js'
import type { Config, Inspection, Repo, Rule, Source, Verdict } from './model.js'
import { type ReadOptions, readRepo } from './repo.js'
import { type Answers, run } from './rule.js'
import { rules as listed } from './rules/index.js'
import { builtIn } from './suppressions.js'
import { matchesId } from './words.js'

/** Every rule there is: those that are asked, and those whose findings the judge makes. */
export const allRules: Rule[] = [...new Set([...listed, ...builtIn])]

/**
 * Rules to ask. `only` restricts them to ids and patterns with `*`; a rule named by its whole id is asked whatever the
 * preset.
 */
export function chosen(config: Config, only?: string[], rules: Rule[] = allRules): Rule[] {
  return rules.filter(rule => {
    if (!only) return isOnSomewhere(config, rule)
    if (only.includes(rule.id)) return true
    return only.some(pattern => matchesId(rule.id, pattern)) && isOnSomewhere(config, rule)
  })
}

export interface InspectOptions extends ReadOptions {
  /** Ids of rules, or patterns with `*`: nothing else is asked, and no topic is required that they are not about. */
  only?: string[]
  /** The config that the pull request brings, as read: told of, never followed. */
  preview?: ReadConfig
  /** Rules instead of those there are. */
  rules?: Rule[]
}

/** The pipe: read, ask, judge. Reporting is the caller's. */
export async function inspect(
  source: Source,
  config: Config,
  now: Circumstances,
  options: InspectOptions = {}
): Promise<Inspection> {
  const started = performance.now()
  const repo = await readRepo(source, options)
  const { only, preview, rules = allRules } = options
  const ids = rules.map(rule => rule.id)
  const circumstances = { rules: ids, ...now, ...(preview && { proposedProblems: preview.problems }) }
  const inForce = only ? restricted(config, only, rules) : config
  const { verdict, timing } = ask(repo, inForce, circumstances, chosen(config, only, rules))
  if (preview && !only && !preview.problems.length) {
    const proposed = mergeConfig(preview.config)
    const after = ask(repo, proposed, circumstances, chosen(proposed, undefined, rules))
    verdict.notices.push(previewOf(verdict, after.verdict))
  }
  return { repo, verdict, config, took: performance.now() - started, timing }
}

function ask(repo: Repo, config: Config, now: Circumstances, rules: Rule[]) {
  const answers: Answers = new Map()
  const options = (rule: Rule) => optionsOf(config, rule)
  const head = run(rules, repo, options, answers)
  const base = repo.base && run(rules, repo.base, options, answers)
  return { verdict: judge(head, base, repo, config, now), timing: head.timing }
}

// Who asks for one rule wants its findings, whatever config and preset say of it and of everything else.
function restricted(config: Config, only: string[], rules: Rule[]): Config {
  const asked = chosen(config, only, rules)
  const named = asked.filter(rule => only.includes(rule.id) && !isOnSomewhere(config, rule))
  const others = builtIn.filter(rule => !asked.includes(rule))
  return {
    ...config,
    require: config.require.filter(topic => asked.some(rule => rule.topic === topic)),
    rules: [
      ...config.rules,
      ...named.map(rule => ({ rule: rule.id, severity: 'on' as const })),
      ...others.map(rule => ({ rule: rule.id, severity: 'off' as const }))
    ]
  }
}

function previewOf(now: Verdict, after: Verdict): string {
  const count = ({ findings }: Verdict) => `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}`
  const [before, then] = [`${count(now)}, ${now.conclusion}`, `${count(after)}, ${after.conclusion}`]
  const change = before === then ? `the same as now (${then})` : `${then}, in place of ${before}`
  return `the config of this pull request holds after the merge; with it this would be ${change}`
}
