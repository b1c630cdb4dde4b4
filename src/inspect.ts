import { byText } from './cache.js'
import { milliseconds } from './clock.js'
import { isOnSomewhere, mergeConfig, optionsOf } from './config.js'
import { type Circumstances, judge } from './judge.js'
import type { Config, Fact, Inspection, Linter, Repo, Rule, Source, Verdict } from './model.js'
import type { Policy } from './policy.js'
import { Reader, type ReadOptions, readRepo } from './repo.js'
import { Answers, run } from './rule.js'
import { rules as listed } from './rules/index.js'
import { remembered } from './source/edited.js'
import { builtIn } from './suppressions.js'
import { matchesId } from './words.js'

/** Every rule there is: those that are asked, and those whose findings the judge makes. */
export const allRules: Rule[] = [...new Set([...listed, ...builtIn])]

/**
 * Rules to ask. `only` restricts them to ids and patterns with `*`; a rule named by its whole id is asked whatever the
 * preset.
 */
export function chosen(config: Config, only?: string[], rules: Rule[] = allRules): Rule[] {
  if (!only) return rules.filter(rule => isOnSomewhere(config, rule))
  const named = idsNamed(only.join(' '))
  return rules.filter(rule => only.includes(rule.id) || (named(rule.id) && isOnSomewhere(config, rule)))
}

/** Whether some patterns, parted by blanks, name an id. */
const idsNamed = byText((patterns: string) => {
  const all = patterns.split(' ')
  return byText(id => all.some(pattern => matchesId(id, pattern)))
}, 100)

export interface InspectOptions extends ReadOptions {
  /** Ids of rules, or patterns with `*`: nothing else is asked, and no topic is required that they are not about. */
  only?: string[]
  /** Rules instead of those there are. */
  rules?: Rule[]
}

/** What the entries know beside the repository. */
export type Now = Pick<Circumstances, 'today' | 'authorMayWrite'> & { firstRun?: boolean }

/**
 * The pipe: read, ask, judge. Reporting is the caller's. What comes as a promise is read beside the repository, in the
 * same rounds of requests.
 */
export async function inspect(
  source: Source,
  policy: Policy | Promise<Policy>,
  now: Now | Promise<Now>,
  options: InspectOptions = {}
): Promise<Inspection> {
  const seen = remembered(source)
  const memory: Memory = { reader: new Reader(), answers: new Answers() }
  const again = async (texts: Map<string, string>): Promise<Inspection> => {
    // What a config that is no longer asked about would change was told the first time.
    const { proposed: _, ...inForce } = await policy
    return look(seen.edited(texts), inForce, now, options, memory, again)
  }
  return look(seen, policy, now, options, memory, again)
}

/** What is read and answered once for all looks at a repository. */
interface Memory {
  reader: Reader
  answers: Answers
}

async function look(
  source: Source,
  policy: Policy | Promise<Policy>,
  now: Now | Promise<Now>,
  options: InspectOptions,
  { reader, answers }: Memory,
  again: Inspection['again']
): Promise<Inspection> {
  const started = milliseconds()
  const { only, rules = allRules } = options
  let choice: [Choice, ...Choice[]] | undefined
  const asked = async () => (choice ??= askedOf(await policy, only, rules))
  const linters = async () => lintersOf(await asked())
  const facts = async () => factsOf(await asked())
  const [repo, { config, problems, unread, proposed }, { firstRun = false, ...known }] = await Promise.all([
    readRepo(source, { ...options, linters, facts, reader }),
    policy,
    now
  ])
  const circumstances = {
    ...known,
    firstRun,
    rules: rules.map(rule => rule.id),
    configProblems: problems,
    ...(unread && { unread }),
    ...(proposed && { proposedProblems: proposed.problems })
  }
  const inForce = only ? restricted(config, only, rules) : config
  const { owner } = source
  const [[, used], next] = await asked()
  const { verdict, timing } = ask(repo, inForce, circumstances, used, owner, answers)
  // What the config that the pull request brings would change is told, never followed.
  if (proposed && next && !proposed.problems.length) {
    const after = ask(repo, next[0], circumstances, next[1], owner)
    verdict.notices.push(previewOf(verdict, after.verdict, proposed.files))
  }
  return { repo, verdict, config, took: milliseconds() - started, timing, again }
}

/** A config with the rules that are asked under it. */
type Choice = [Config, Rule[]]

/** The rules that are on now or would be with the config that the pull request brings, with that config. */
function askedOf({ config, proposed }: Policy, only: string[] | undefined, rules: Rule[]): [Choice, ...Choice[]] {
  const under = (each: Config): Choice => [each, chosen(each, only, rules)]
  return [under(config), ...(proposed && !only ? [under(mergeConfig(proposed.config))] : [])]
}

function lintersOf(asked: Choice[]): Linter[] {
  const linters = asked.flatMap(([config, rules]) =>
    rules.flatMap(({ linter }) => (linter && config[linter] ? linter : []))
  )
  return [...new Set(linters)]
}

const factsOf = (asked: Choice[]): Fact[] => [
  ...new Set(asked.flatMap(([, rules]) => rules.flatMap(({ online = [] }) => online)))
]

/** Today where the verdict is made, as a config writes days. */
export const today = (): string => new Date().toISOString().slice(0, 10)

function ask(
  repo: Repo,
  config: Config,
  now: Circumstances,
  rules: Rule[],
  owner: string | undefined,
  answers: Answers = new Answers()
) {
  // Whoever asks for an owner and was told none by the config is told the repository's.
  const options = (rule: Rule) => {
    const told = optionsOf(config, rule)
    return owner && told.owner === '' ? { ...told, owner } : told
  }
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

function previewOf(now: Verdict, after: Verdict, files: string[] = []): string {
  const count = ({ findings }: Verdict) => `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}`
  const [before, then] = [`${count(now)}, ${now.conclusion}`, `${count(after)}, ${after.conclusion}`]
  const change = before === then ? `the same as now (${then})` : `${then}, in place of ${before}`
  const named = files.length ? ` (${files.join(', ')})` : ''
  return `the config of this pull request${named} holds after the merge; with it this would be ${change}`
}
