import { type Circumstances, judge } from './judge.js'
import type { Config, Inspection, Options, Preset, Rule, Source } from './model.js'
import { type ReadOptions, readRepo } from './repo.js'
import { type Answers, run } from './rule.js'
import { rules as allRules } from './rules/index.js'

const SIZES: Preset[] = ['recommended', 'strict', 'all']

/** Rules that a config switches on, or names one by one. */
export function chosen(config: Config, only?: string[]): Rule[] {
  if (only) return allRules.filter(rule => only.includes(rule.id))
  return allRules.filter(rule => SIZES.indexOf(rule.preset) <= SIZES.indexOf(config.preset))
}

/** The pipe: read, ask, judge. Reporting is the caller's. */
export async function inspect(
  source: Source,
  config: Config,
  now: Circumstances,
  options: ReadOptions & { only?: string[] } = {}
): Promise<Inspection> {
  const started = performance.now()
  const repo = await readRepo(source, options)
  const rules = chosen(config, options.only)
  const optionsOf = (_rule: Rule): Options => ({})
  const answers: Answers = new Map()
  const head = run(rules, repo, optionsOf, answers)
  const base = repo.base && run(rules, repo.base, optionsOf, answers)
  const verdict = judge(head, base, repo, config, now)
  return { repo, verdict, config, took: performance.now() - started, timing: head.timing }
}
