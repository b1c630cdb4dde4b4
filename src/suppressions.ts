import { filesOf, smallestAt } from './construct.js'
import type { Comment, PeerIds, Place, Repo, Rule } from './model.js'
import { peerCommentsIn, peerCommentsOf } from './peer-comments.js'
import { isMeant } from './peers.js'
import { type Found, rule } from './rule.js'
import { matchesId, nearest, quoted } from './words.js'

/** A comment that quiets findings: `# pipeline-hygiene ignore <rule>[, <rule>] -- reason`, or what another tool has for it. */
export interface Suppression {
  at: Place
  /** Rule ids, or patterns with `*`; of a comment for another tool its ids. */
  rules: string[]
  /** Said to another tool: speaks for findings that it would report by these ids, whatever rule of ours found them. */
  peer?: PeerIds
  reason: string
  /** `ignore-file`: holds for the whole file. */
  wholeFile: boolean
  text: string
  /** Lines it speaks for, itself included: those of the construct directly below, where it stands alone. */
  from: number
  to: number
  /** For findings that reach there too, not only for those that begin there. */
  touching?: true
}

/** Comments that mean to suppress and do not say how. */
export interface Misspelt {
  at: Place
  message: string
}

export interface Suppressions {
  all: Suppression[]
  wrong: Misspelt[]
}

/** Suppressions that count in one file: each is held against each finding of its file. */
const MAX_IN_FILE = 1000
const WORDS = ['ignore', 'ignore-file']
/** What other tools say for it. */
const LOOKALIKES = ['disable', 'skip', 'suppress', 'noqa', 'nolint', 'ignored', 'ignores', 'disable-file']
const FORM = 'pipeline-hygiene ignore <rule> -- <reason>'

/** All suppressions of a repository. `ids` are those of all rules there are. */
export function suppressionsOf(repo: Repo, ids: string[]): Suppressions {
  const found: Suppressions = { all: [], wrong: [] }
  const bounded = <T extends { at: Place }>(all: T[]): T[] => {
    const first = all[MAX_IN_FILE]
    const message = `more than ${MAX_IN_FILE} suppressions in one file: from here on none counts`
    if (first) found.wrong.push({ at: first.at, message })
    return all.slice(0, MAX_IN_FILE)
  }
  for (const [path, files] of filesOf(repo)) {
    const comments = files.flatMap(file => file.comments)
    const others = files.flatMap(file => {
      if ('instructions' in file) return peerCommentsOf(file, repo.texts.get(path))
      return 'kind' in file || 'services' in file ? [] : peerCommentsIn(file)
    })
    const ours = comments.filter(comment => comment.text.includes('pipeline-hygiene'))
    if (!ours.length && !others.length) continue
    const alone = ownLinesOf(comments, repo.texts.get(path))
    for (const comment of bounded(ours)) {
      const read = readComment(comment, ids, found.wrong)
      if (read) found.all.push({ ...read, ...linesOf(comment, alone) })
    }
    for (const { text, peer, reach, ...where } of bounded(others)) {
      const reason = `comment for ${peer.tool}: ${quoted(text)}`
      // The same words may reach further at another place: then they are new there.
      found.all.push({
        ...where,
        rules: [...peer.ids],
        peer,
        reason,
        wholeFile: reach === 'file',
        text: `${reach} ${text}`
      })
    }
  }
  return found
}

function readComment(
  { text, at }: Comment,
  ids: string[],
  wrong: Misspelt[]
): Omit<Suppression, 'from' | 'to'> | undefined {
  const begin = text.indexOf('pipeline-hygiene')
  if (begin < 0) return undefined
  // Several directives may share a line, each behind its own #.
  const before = text.slice(0, begin).trimEnd()
  if (before && !before.endsWith('#')) return undefined
  const bad = (message: string) => {
    wrong.push({ at, message: `${message}: write # ${FORM}` })
    return undefined
  }
  const [word, rest] = cut(text.slice(begin + 'pipeline-hygiene'.length).replace(/^:/, ''), ' ')
  const directive = word.replace(/[:[(].*$/s, '').toLowerCase()
  if (!WORDS.includes(word)) {
    const near = WORDS.includes(directive) || LOOKALIKES.includes(directive) || nearest(directive, WORDS)
    return near ? bad(`${quoted(word)} suppresses nothing`) : undefined
  }
  if (text[begin + 'pipeline-hygiene'.length] === ':') return bad("the ':' is too much")
  const dashes = rest.startsWith('-- ') || rest === '--' ? 0 : rest.indexOf(' -- ')
  const names = dashes < 0 ? rest.replace(/ --$/, '') : rest.slice(0, dashes)
  const reason = dashes < 0 ? '' : rest.slice(dashes).replace(/^ ?--/, '').trim()
  const rules = names
    .split(',')
    .map(name => name.trim())
    .filter(Boolean)
  if (!rules.length) return bad('the suppression names no rule')
  const unknown = rules.find(name => !ids.some(id => matchesId(id, name)))
  if (unknown !== undefined) {
    const meant = nearest(unknown, ids)
    if (/\s/.test(unknown)) return bad(`the suppression has no rule ${quoted(unknown)}`)
    wrong.push({ at, message: `there is no rule ${quoted(unknown)}${meant ? `: did you mean ${meant}?` : ''}` })
    // The other rules of the list are meant all the same.
    if (rules.length === 1) return undefined
  }
  if (!reason) return bad('the suppression gives no reason, so it does not count')
  return { at, rules, reason, wholeFile: word === 'ignore-file', text: text.slice(begin) }
}

function cut(text: string, by: string): [string, string] {
  const trimmed = text.trim().replace(/\t/g, ' ')
  const at = trimmed.indexOf(by)
  return at < 0 ? [trimmed, ''] : [trimmed.slice(0, at), trimmed.slice(at + 1).trim()]
}

/** Lines that hold a comment and nothing else. */
function ownLinesOf(comments: Comment[], text = ''): Set<number> {
  const lines = text.split('\n')
  return new Set(comments.map(({ at }) => at.line).filter(line => /^\s*#/.test(lines[line - 1] ?? '')))
}

// A comment alone on its line speaks for what follows the block of comments it belongs to.
function linesOf({ at }: Comment, alone: Set<number>): Pick<Suppression, 'from' | 'to'> {
  let to = at.line
  if (alone.has(to)) {
    while (alone.has(to)) to++
  }
  return { from: at.line, to }
}

/** Does a suppression speak for what a rule found? */
export function isSuppressed(by: Suppression, { rule, problem }: Found, repo: Repo): boolean {
  const { at } = problem
  if (by.at.path !== at.path) return false
  if (by.peer) {
    const reaches = by.from <= (by.touching ? at.endLine : at.line) && at.line <= by.to
    return reaches && isMeant(problem.peers ?? rule.peers, by.peer)
  }
  if (!by.rules.some(name => matchesId(rule.id, name))) return false
  if (by.wholeFile) return true
  if (by.from <= at.endLine && at.line <= by.to) return true
  const construct = smallestAt(repo, at)
  if (!construct) return at.line === 1 && at.endLine === 1 && isAtTop(by, repo)
  return by.to >= construct.at.line && by.from <= construct.at.endLine
}

// What is said of a file as a whole is placed at 1:1, above which there is no line.
function isAtTop(by: Suppression, repo: Repo): boolean {
  const lines = (repo.texts.get(by.at.path) ?? '').split('\n', by.at.line)
  return lines.every(line => !line.trim() || line.trimStart().startsWith('#'))
}

/** Is everything that a suppression's rules could find known to this run? Only then can it be called unused. */
export function canTellUse(by: Suppression, asked: (ruleId: string) => boolean, ids: string[]): boolean {
  return ids.every(id => !by.rules.some(name => matchesId(id, name)) || asked(id))
}

// ---------------------------------------------------------------- what the judge itself finds

const steps = '      - run: make test\n'
const job = (text: string) => ({
  '.github/workflows/ci.yml': `on: pull_request\npermissions: {}\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    timeout-minutes: 10\n    steps:\n${text}${steps}`
})

/** A suppression that quiets nothing. Found by the judge, which knows what was quieted. */
export const unusedSuppression = rule({
  id: 'config/unused-suppression',
  title: 'Suppression quiets nothing',
  why: 'What it allowed is gone, and it would hide the next problem of its kind without anyone deciding so.',
  fix: 'Remove the comment, or put it on the line of the problem or directly above it.',
  severity: 'note',
  topic: 'style',
  preset: 'recommended',
  over: 'repo',
  *check() {},
  bad: job('      # pipeline-hygiene ignore dockerfile/root-user -- there is no Dockerfile here\n'),
  good: job('')
})

/** A suppression that does not count: no rule, an unknown one, no reason. Found by the judge. */
export const invalidSuppression = rule({
  id: 'config/invalid-suppression',
  title: 'Suppression does not count',
  why: 'Without a known rule and a reason nothing is suppressed, and whoever wrote it believes otherwise.',
  fix: `Write # ${FORM}, with the id that the finding shows.`,
  severity: 'warning',
  topic: 'style',
  preset: 'recommended',
  over: 'repo',
  *check() {},
  bad: job('      # pipeline-hygiene ignore workflow/no-such-rule -- a reason\n'),
  good: job('')
})

/** A config file of a pull request that would fail every run after the merge. Found by the judge. */
export const invalidConfig = rule({
  id: 'config/invalid',
  title: 'Config of the pull request is broken',
  why: 'The config is read from the target branch, so after the merge every run would end with an error.',
  fix: 'Write what the message says; docs/config.md has all keys.',
  severity: 'error',
  topic: 'gate',
  preset: 'recommended',
  over: 'repo',
  *check() {},
  bad: { head: { '.github/pipeline-hygiene.yml': 'presets: strict\n' }, base: {} },
  good: { head: { '.github/pipeline-hygiene.yml': 'preset: strict\n' }, base: {} }
})

/** Rules whose findings the judge makes: listed and explained as all others. */
export const builtIn: Rule[] = [invalidConfig, invalidSuppression, unusedSuppression]

export const found = (by: Rule, at: Place, message: string): Found => ({ rule: by, problem: { at, message } })
