import { milliseconds } from './clock.js'
import type { Items, Kind, Options, Place, Problem, Repo, Rule, Unread } from './model.js'
import { EVERY_WORD, type Words, wordsIn } from './words.js'

/** Types a rule by what it is over. */
export function rule<K extends Kind>(facts: Rule<K>): Rule {
  return facts as unknown as Rule
}

/** A problem with the rule that found it, before it is judged. */
export interface Found {
  rule: Rule
  problem: Problem
}
/** Answers by parsed file and rule. A file that two commits share is parsed once and therefore asked once. */
export class Answers {
  readonly #numbers = new Map<Rule, number>()
  readonly #known = new WeakMap<object, Subject>()

  /** Where the answers of a rule are in those about an item. */
  numberOf(rule: Rule): number {
    let number = this.#numbers.get(rule)
    if (number === undefined) this.#numbers.set(rule, (number = this.#numbers.size))
    return number
  }

  about(item: Items[Kind], { texts }: Repo): Subject {
    let known = this.#known.get(item)
    if (!known) this.#known.set(item, (known = new Subject(item, 'path' in item ? texts.get(item.path) : undefined)))
    return known
  }
}

/** What rules are asked about, with the answers by the numbers of the rules. */
class Subject {
  readonly answers: (Answer[] | undefined)[] = []
  #words: Words | undefined
  constructor(
    readonly item: Items[Kind],
    readonly text: string | undefined
  ) {}
  /** Has the text one of these words? One that is not known may have any. */
  hasOneOf(words: readonly string[]): boolean {
    this.#words ??= this.text === undefined ? EVERY_WORD : wordsIn(this.text)
    for (const word of words) if (this.#words.has(word)) return true
    return false
  }
}
type Answer = Problem | Unread

export interface Asked {
  found: Found[]
  unread: Unread[]
  /** Milliseconds by rule id. */
  timing: Map<string, number>
}

/**
 * Asks every rule about every item of its kind. A rule that throws becomes `unread` and the rest go on.
 * `optionsOf` gives a rule's options from config; `answers` is shared between the head and the base of one inspection.
 */
export function run(
  rules: Rule[],
  repo: Repo,
  optionsOf: (rule: Rule) => Options,
  answers: Answers = new Answers()
): Asked {
  const found: Found[] = []
  const unread: Unread[] = []
  const timing = new Map<string, number>()
  const lists = new Map<Kind, Subject[]>()
  for (const rule of rules) {
    const started = milliseconds()
    let list = lists.get(rule.over)
    if (!list) {
      list = itemsOf(repo, rule.over).map(item => answers.about(item, repo))
      lists.set(rule.over, list)
    }
    const number = answers.numberOf(rule)
    const mentions = rule.mentions as readonly string[] | undefined
    const seen = new Set<string>()
    let options: Options | undefined
    // Counted, since hundreds of rules are asked about hundreds of files, and most find nothing.
    for (let at = 0; at < list.length; at++) {
      const subject = list[at]!
      if (mentions && !subject.hasOneOf(mentions)) continue
      options ??= optionsOf(rule)
      const all = (subject.answers[number] ??= ask(rule, subject.item, options))
      if (all.length) sort(all, rule, seen, found, unread)
    }
    timing.set(rule.id, milliseconds() - started)
  }
  return { found, unread, timing }
}

/** An anchor that is used twice is found twice, at the same place: it counts once. */
function sort(all: Answer[], rule: Rule, seen: Set<string>, found: Found[], unread: Unread[]): void {
  for (const answer of all) {
    if ('what' in answer) {
      unread.push(answer)
      continue
    }
    if (all.length > 1) {
      const key = `${keyOf(answer.at)}\0${answer.message}`
      if (seen.has(key)) continue
      seen.add(key)
    }
    found.push({ rule, problem: answer })
  }
}

/** Answers of one rule about one item. Nobody reads more, and judging each costs time that a stranger could waste. */
const MAX_ANSWERS = 2000
/** Key of the finding that stands for the rest. */
export const FLOOD = 'flood'

const NOWHERE: Place = { path: '', line: 1, column: 1, endLine: 1, endColumn: 1 }

function ask(rule: Rule, item: Items[Kind], options: Options): Answer[] {
  let now: Answer[] | undefined
  try {
    for (const answer of rule.check(item as never, options)) {
      now ??= []
      if (now.length === MAX_ANSWERS) {
        // What comes after might be worse, so that nothing can hide behind a flood.
        const at = 'at' in item ? (item.at as Place) : answer.at
        const message = `more than ${MAX_ANSWERS} findings of this rule here: the rest is not looked at`
        now.push({ at: at ?? NOWHERE, message, severity: 'error', key: FLOOD })
        break
      }
      now.push(answer)
    }
  } catch (error) {
    const at = 'at' in item ? (item.at as Place) : undefined
    const reason = `the rule failed: ${error instanceof Error ? error.message : String(error)}`
    now ??= []
    now.push({ what: rule.id, reason, ...(at && { at }) })
  }
  return now ?? NOTHING
}
const NOTHING: Answer[] = []

function itemsOf(repo: Repo, kind: Kind): Items[Kind][] {
  if (kind === 'repo') return [repo]
  if (kind === 'steps') return [...repo.workflows, ...repo.actions]
  return repo[LISTS[kind]]
}

const LISTS = {
  workflow: 'workflows',
  action: 'actions',
  dependabot: 'dependabot',
  dockerfile: 'dockerfiles',
  'ignore-file': 'ignoreFiles',
  compose: 'composes',
  manifest: 'manifests'
} as const

export const keyOf = (at: Place) => `${at.path}\0${at.line}:${at.column}-${at.endLine}:${at.endColumn}`

/**
 * A short stable name for a set of words: 64 bits as hex. Two FNV-1a sums side by side, since cryptography costs more
 * start-up than a small repository costs to check; whoever could make two findings collide could as well make one.
 */
export function hash(...words: (string | number)[]): string {
  const text = words.join('\0')
  let one = 0x811c9dc5
  let two = 0x9747b28c
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    one = Math.imul(one ^ unit, 0x01000193)
    two = Math.imul(two ^ ((unit << 5) | (one >>> 27)), 0x85ebca6b)
    two ^= two >>> 13
  }
  const hex = (sum: number) => (sum >>> 0).toString(16).padStart(8, '0')
  return hex(one) + hex(two)
}
