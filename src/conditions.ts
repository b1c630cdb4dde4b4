import { outsiderEvent } from './data/contexts.js'
import { type Site, sitesOf } from './expressions.js'
import type { Action, Edit, Place, Problem, Workflow } from './model.js'
import {
  conditionOf,
  contextPath,
  evaluate,
  type Node,
  operandsOf,
  truthOf,
  UNKNOWN,
  walk
} from './parse/expression.js'
import { SourceText } from './parse/text.js'

const writtenIn = ({ text }: Site, node: { from: number; to: number }): string => text.value.slice(node.from, node.to)
const partOf = ({ text }: Site, node: { from: number; to: number }): Place => text.part(node.from, node.to)
const shortened = (text: string): string => {
  const line = text.trim().replace(/\s+/g, ' ')
  return line.length > 60 ? `${line.slice(0, 59)}…` : line
}

/** A replacement for a part of a text, as its quotes need it; undefined where it takes more than a line or cuts brackets apart. */
function replaced(site: Site, node: { from: number; to: number }, text: string): Edit[] | undefined {
  const { style } = site.text
  if (text.includes('\n') || (style === 'plain' && /: | #/.test(text))) return undefined
  const before = writtenIn(site, node)
  if (!isBalanced(before) || !isBalanced(text)) return undefined
  // Where such a sign ends what is replaced, its place is that of the first of its two.
  if ((style === 'single' && before.includes("'")) || (style === 'double' && /["\\]/.test(before))) return undefined
  const quoted =
    style === 'single' ? text.replaceAll("'", "''") : style === 'double' ? JSON.stringify(text).slice(1, -1) : text
  return [{ at: partOf(site, node), text: quoted }]
}

// A node's span leaves out the brackets around it.
function isBalanced(text: string): boolean {
  let open = 0
  for (const sign of text.replace(/'[^']*'/g, '')) {
    if (sign === '(') open++
    else if (sign === ')' && --open < 0) return false
  }
  return open === 0
}

/** Conditions with text beside their `${{ }}`: the whole is then a text, and no text but the empty one counts as false. */
export function* alwaysTrue(file: Workflow | Action): Iterable<Problem> {
  for (const site of sitesOf(file)) {
    const { text, expressions } = site
    if (
      !site.condition ||
      site.whole ||
      !text.value.includes('${{') ||
      expressions.some(({ from, to }) => !text.value.slice(from, to).endsWith('}}'))
    )
      continue
    const beside = besideOf(site)
    const edits = editsOf(site, beside)
    yield {
      at: text.at,
      message: `the condition is always true: ${beside.trim() ? `\`${shortened(beside)}\` stands` : beside.includes('\n') ? 'a line break stands' : 'a blank stands'} outside of \${{ }}, so the whole is a text`,
      ...(edits && { edits })
    }
  }
}

function besideOf({ text, expressions }: Site): string {
  let beside = ''
  let last = 0
  for (const { from, to } of expressions) {
    beside += `${text.value.slice(last, from)} `
    last = to
  }
  const all = (beside.slice(0, -1) + text.value.slice(last)).trim()
  return all || (/\n$/.test(text.value) ? '\n' : ' ')
}

function editsOf({ text, expressions }: Site, beside: string): Edit[] | undefined {
  const [only] = expressions
  if (!beside.trim() && only && expressions.length === 1) {
    if (text.style === 'literal' || text.style === 'folded') return chompedOf(text)
    if (text.style === 'plain') return undefined
    // What stands in quotes around the fence is blank.
    return [
      { at: text.part(0, only.from), text: '' },
      { at: text.part(only.to, text.value.length), text: '' }
    ].filter(({ at }) => at.line !== at.endLine || at.column !== at.endColumn)
  }
  if (text.style !== 'plain') return undefined
  let bare = ''
  let last = 0
  for (const { from, to } of expressions) {
    const inner = text.value.slice(from + 3, to - 2).trim()
    const isSimple = /^[\w.]+$/.test(inner) || expressions.length + beside.trim().length === 1
    bare += text.value.slice(last, from) + (isSimple ? inner : `(${inner})`)
    last = to
  }
  bare += text.value.slice(last)
  const [whole] = conditionOf(new SourceText('', bare).span(0, bare.length))
  // Plain YAML may not begin with these, and ends before a comment or a colon.
  const isPlain = /^[\w(]/.test(bare) && !/: | #|:$/.test(bare)
  return isPlain && whole?.root && !whole.errors.length ? [{ at: text.at, text: bare }] : undefined
}

/** Without the line breaks at its end: `|` becomes `|-`. */
function chompedOf({ at, header }: Site['text']): Edit[] | undefined {
  if (!header) return undefined
  const place = { ...at, endLine: at.line, endColumn: at.column + header.length }
  return [{ at: place, text: `${header.replace(/[-+]/, '')}-` }]
}

/** Conditions that do not depend on anything. */
export function* constant(file: Workflow | Action): Iterable<Problem> {
  for (const site of sitesOf(file)) {
    const [only] = site.expressions
    const isBare = !site.text.value.includes('${{')
    if (!site.condition || !only?.root || only.errors.length || !(site.whole || isBare)) continue
    const truth = truthOf(only.root, { 'always()': UNKNOWN })
    if (truth === undefined) continue
    const { job, step } = site
    const what = step ? 'the step' : job ? `job ${job.id.value}` : 'it'
    const inner = shortened(isBare ? site.text.value : site.text.value.slice(3, -2))
    const is = only.root.type === 'literal' ? `the condition is ${inner}` : `\`${inner}\` is always ${truth}`
    // Without a status function GitHub asks for success() as well.
    const effect = !truth ? 'never runs' : asksStatus(only.root) ? 'runs after failures too' : 'runs as without it'
    yield { at: site.text.at, message: `${is}: ${what} ${effect}` }
  }
}

function asksStatus(root: Node): boolean {
  for (const node of walk(root)) if (node.type === 'call' && STATUS.test(node.name)) return true
  return false
}
const STATUS = /^(success|failure|always|cancelled)$/i

/** `c && '' || d` is d whether c is true or not. */
export function* pseudoTernaries(file: Workflow | Action): Iterable<Problem> {
  for (const site of sitesOf(file)) {
    if (!site.text.value.includes('&&')) continue
    for (const { root } of site.expressions) {
      if (!root || isFixed(root)) continue
      for (const node of walk(root)) {
        if (
          node.type !== 'binary' ||
          node.operator !== '||' ||
          node.left.type !== 'binary' ||
          node.left.operator !== '&&'
        )
          continue
        const { left, right } = node
        const middle = operandsOf(left).at(-1)!
        if (middle.type !== 'literal' || truthOf(middle, {}) !== false) continue
        const condition = writtenIn(site, { from: left.from, to: left.left.to })
        const value = writtenIn(site, middle)
        const other = writtenIn(site, right)
        const edits = isBoolean(left.left) ? replaced(site, node, `case(${condition}, ${value}, ${other})`) : undefined
        yield {
          at: partOf(site, node),
          message: `it is ${shortened(other)} even where \`${shortened(condition)}\` is true, since ${value} counts as false`,
          ...(edits && { edits })
        }
      }
    }
  }
}

function isFixed(root: Node): boolean {
  for (const node of walk(root)) if (node.type === 'context') return false
  return true
}

function isBoolean(node: Node): boolean {
  if (node.type === 'not') return true
  if (node.type === 'binary')
    return node.operator === '&&' || node.operator === '||' ? operandsOf(node).every(isBoolean) : true
  return node.type === 'call' && /^(contains|startswith|endswith|success|failure|always|cancelled)$/i.test(node.name)
}

// What whoever starts a run can choose, or part of it.
const CHOSEN = /^(env|inputs)(\.|$)|^github\.(actor|triggering_actor|ref|ref_name|head_ref|base_ref|sha)$/

/** `contains('a b', x)` is true of every part of 'a b', be it 'a b', 'a' or a single letter. */
export function* textContains(file: Workflow | Action): Iterable<Problem> {
  for (const site of sitesOf(file)) {
    if (!site.condition || !/contains/i.test(site.text.value)) continue
    for (const { root } of site.expressions)
      for (const node of root ? walk(root) : []) {
        if (node.type !== 'call' || node.name.toLowerCase() !== 'contains') continue
        const [list, item] = node.args
        if (list?.type !== 'literal' || typeof list.value !== 'string' || !item || item.type === 'literal') continue
        const path = contextPath(item)
        if (path === undefined) continue
        const words = list.value.split(/[\s,;|]+/).filter(Boolean)
        const isList = words.length > 1 && words.every(word => /^[\w./@:+[\]-]+$/.test(word))
        const edits = isList ? replaced(site, list, `fromJSON('${JSON.stringify(words)}')`) : undefined
        const isChosen = CHOSEN.test(path)
        yield {
          at: partOf(site, node),
          message: `${writtenIn(site, item)} passes as any part of '${shortened(list.value)}', a single letter or nothing included${isChosen ? ', and whoever starts the run can choose it' : ''}`,
          ...(!isChosen && { severity: 'note' as const }),
          ...(edits && { edits })
        }
      }
  }
}

const ACTORS =
  /^github\.(actor|triggering_actor|actor_id|event\.pull_request\.sender\.(login|id)|event\.sender\.(login|id))$/
// Accounts of dependabot, dependabot-preview, renovate and github-actions.
const BOTS = new Set(['49699333', '27856297', '29139614', '41898282'])

/** Conditions that ask who started the run where they mean who wrote what it is about. */
export function* botActors(file: Workflow | Action): Iterable<Problem> {
  const events = 'triggers' in file ? file.triggers.map(trigger => trigger.event.value) : []
  const author = events.length === 1 ? AUTHORS[events[0]!] : undefined
  const isPrivileged = events.some(event => outsiderEvent(event)?.privileged)
  for (const site of sitesOf(file)) {
    if (!site.condition || !/actor|sender/i.test(site.text.value)) continue
    for (const { root } of site.expressions)
      for (const node of root ? walk(root) : []) {
        const found = botCheck(node)
        if (!found || !root) continue
        const { actor, path, bot } = found
        const decides = operandsOf(root).includes(node) && !(root.type === 'binary' && root.operator === '&&')
        const isId = path.endsWith('id')
        const edits = author && replaced(site, actor, `${author}.${isId ? 'id' : 'login'}`)
        yield {
          at: partOf(site, node),
          message: `${path} is who started this run last, not who wrote what it is about: anyone can make ${isId ? `account ${bot}` : bot} start one${decides ? ', and nothing else is asked' : ''}`,
          severity: isPrivileged ? (decides ? 'error' : 'warning') : 'note',
          ...(edits && { edits })
        }
      }
  }
}

function botCheck(node: Node): { actor: Node; path: string; bot: string } | undefined {
  if (node.type === 'call' && /^(contains|startswith|endswith)$/i.test(node.name) && node.args.length === 2) {
    const [one, other] = node.args as [Node, Node]
    // contains(fromJSON('["a[bot]"]'), github.actor) looks in a list, the others for a part of the name.
    for (const [actor, words] of [
      [one, other],
      [other, one]
    ] as const) {
      const path = contextPath(actor)
      if (path === undefined || !ACTORS.test(path) || path.endsWith('id')) continue
      const known = evaluate(words, {})
      const bot = [known].flat().find(word => typeof word === 'string' && word.endsWith('[bot]'))
      if (bot !== undefined) return { actor, path, bot: bot === '[bot]' ? 'a bot' : String(bot) }
    }
  }
  if (node.type !== 'binary' || node.operator !== '==') return undefined
  for (const [actor, other] of [
    [node.left, node.right],
    [node.right, node.left]
  ] as const) {
    const path = contextPath(actor)
    if (path === undefined || !ACTORS.test(path) || other.type !== 'literal') continue
    const bot = String(other.value)
    if (path.endsWith('id') ? BOTS.has(bot) : bot.endsWith('[bot]')) return { actor, path, bot }
  }
  return undefined
}

/** Where an event says who wrote what it is about. */
const AUTHORS: Record<string, string> = {
  pull_request: 'github.event.pull_request.user',
  pull_request_target: 'github.event.pull_request.user',
  pull_request_review: 'github.event.review.user',
  pull_request_review_comment: 'github.event.comment.user',
  issues: 'github.event.issue.user',
  issue_comment: 'github.event.comment.user',
  discussion: 'github.event.discussion.user',
  discussion_comment: 'github.event.comment.user',
  release: 'github.event.release.author'
}

/** Expressions, or calls in them, that always give the same text, and members that only a run can name. */
export function* obfuscated(file: Workflow | Action): Iterable<Problem> {
  for (const site of sitesOf(file)) {
    // A condition that is always the same is a matter of its own.
    if (site.text.value.length > MAX_TEXT) continue
    for (const expression of site.expressions) {
      const { root, errors } = expression
      if (!root || errors.length || !(root.type === 'literal' || site.text.value.includes('('))) continue
      const isBare = site.condition && !site.text.value.includes('${{')
      if (!isBare && isConstant(root)) {
        // The only way to write these signs as they are.
        if (root.type === 'literal' && String(root.value).includes('${{')) continue
        const edits = plainEdit(site, expression, root)
        yield {
          at: expression.at,
          message: `${shortened(writtenIn(site, expression))} is always ${shown(evaluate(root, {}))}`,
          ...(edits && { edits })
        }
        continue
      }
      yield* inside(root, site)
    }
  }
}
const MAX_TEXT = 20_000

function* inside(node: Node, site: Site): Iterable<Problem> {
  const todo = [node]
  for (let next = todo.pop(); next; next = todo.pop()) {
    if (next.type === 'call') {
      const [inner] = next.args
      const name = next.name.toLowerCase()
      if (isConstant(next) && name !== 'fromjson') {
        const value = evaluate(next, {})
        const text = typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value)
        const edits = replaced(site, next, text)
        yield {
          at: partOf(site, next),
          message: `${shortened(writtenIn(site, next))} is always ${shown(value)}`,
          ...(edits && { edits })
        }
        continue
      }
      if (
        name === 'fromjson' &&
        inner?.type === 'call' &&
        inner.name.toLowerCase() === 'tojson' &&
        inner.args.length === 1
      ) {
        const value = writtenIn(site, inner.args[0]!)
        const edits = replaced(site, next, /binary|not/.test(inner.args[0]!.type) ? `(${value})` : value)
        yield {
          at: partOf(site, next),
          message: `${shortened(writtenIn(site, next))} is ${shortened(value)} again`,
          ...(edits && { edits })
        }
        continue
      }
      todo.push(...next.args)
    } else if (next.type === 'index') todo.push(next.object, next.index)
    else if (next.type === 'property' || next.type === 'star') todo.push(next.object)
    else if (next.type === 'not') todo.push(next.operand)
    else if (next.type === 'binary') todo.push(next.left, next.right)
  }
}

/** Nothing of a run is in it, and it is one value rather than a list that can be written in no other way. */
function isConstant(node: Node): boolean {
  if (!isFixed(node)) return false
  const value = evaluate(node, { 'always()': UNKNOWN })
  return value !== UNKNOWN && (value === null || typeof value !== 'object')
}

function plainEdit(site: Site, { at }: { at: Place }, root: Node): Edit[] | undefined {
  const value = evaluate(root, {})
  if (typeof value !== 'string' || site.condition) return undefined
  if (!site.whole)
    return /^[\w./:@ -]*$/.test(value) && site.text.style !== 'single' ? [{ at, text: value }] : undefined
  // As plain YAML it must stay the text that it is.
  const isText =
    /^[A-Za-z_./][\w./ -]*[\w./-]$/.test(value) && !/^(true|false|null|yes|no|on|off|\.inf|\.nan)$/i.test(value)
  return isText ? [{ at, text: value }] : undefined
}

const shown = (value: unknown): string => (typeof value === 'string' ? `'${shortened(value)}'` : String(value))

/** Members whose names only a run knows. */
export function* computedNames(file: Workflow | Action): Iterable<Problem> {
  for (const site of sitesOf(file)) {
    if (site.whole && /steps\..*\.with$/.test(site.key))
      yield { at: site.text.at, message: 'which inputs the action is given shows only when it runs' }
    if (!site.text.value.includes('[')) continue
    for (const { root } of site.expressions)
      for (const node of root ? walk(root) : []) {
        if (node.type !== 'index' || node.index.type === 'literal') continue
        yield {
          at: partOf(site, node),
          message: `which member of ${shortened(writtenIn(site, node.object))} is read shows only when it runs`
        }
      }
  }
}
