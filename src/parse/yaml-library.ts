import type { CST, Document, Node, Scalar as YamlNode } from 'yaml'
import type { Comment, Yaml, YamlDocument, YamlError, YamlScalar } from '../model.js'
import type { SourceText } from './text.js'
import { commentOf, Mapping, Scalar, Sequence, trimmed } from './yaml-nodes.js'
import library from './yaml-package.cjs'

/** Nodes a file may have once its aliases are written out. GitHub refuses files far below this. */
const MAX_NODES = 100_000
/** Collections inside collections. Deeper ones are no pipeline file, and cost stack. */
const MAX_DEPTH = 100

/**
 * Reads any text, with the library. Work is bounded: aliases by the size of what they stand for, depth before anything is
 * composed.
 */
export function readWithLibrary(source: SourceText, merge: boolean): YamlDocument[] {
  let documents = parse(source, source.text, merge)
  // GitHub reads double-quoted texts that go on at too little indentation; the library ends them at their line.
  let mended = source.text
  for (let tries = 1; tries * mended.length < MAX_MENDED; tries++) {
    const open = documents.flatMap(document => document.errors).find(error => error.message === UNCLOSED)
    const next = open && joinQuoted(mended, source.offset(open.at.line, open.at.column))
    if (!next) break
    const again = parse(source, next, merge)
    if (errorCount(again) >= errorCount(documents)) break
    mended = next
    documents = again
  }
  return documents
}

const UNCLOSED = 'Missing closing "quote'
/** Characters that are read again for it: twenty such texts in a file of ordinary size. */
const MAX_MENDED = 200_000
const errorCount = (documents: YamlDocument[]) => documents.reduce((sum, document) => sum + document.errors.length, 0)

/** The text with the line breaks of a double-quoted scalar blanked, from where the library gave it up to its closing quote. */
function joinQuoted(text: string, from: number): string | undefined {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === '"')
      return text.slice(0, from) + text.slice(from, at).replace(/[\r\n]/g, ' ') + text.slice(at)
  }
  return undefined
}

function parse(source: SourceText, text: string, merge: boolean): YamlDocument[] {
  const { Composer, Parser } = library()
  const tokens: CST.Token[] = []
  const comments: Comment[] = []
  for (const token of new Parser().parse(text)) tokens.push(token)
  const deep = survey(tokens, source, comments)
  if (deep !== undefined) {
    const message = `nested more than ${MAX_DEPTH} deep`
    return [{ root: undefined, errors: [{ message, at: source.place(deep, deep + 1) }], comments }]
  }
  const composer = new Composer({ uniqueKeys: false, logLevel: 'silent', prettyErrors: false, merge: false })
  const documents: YamlDocument[] = []
  for (const document of composer.compose(tokens, true, text.length)) {
    const reader = new Reader(source, merge, text !== source.text)
    const root = document.contents ? reader.node(document.contents as Node) : undefined
    const own = ownComments(comments, document, source)
    documents.push({ root, errors: [...errorsOf(document, source), ...reader.errors], comments: own })
  }
  if (!documents.length) documents.push({ root: undefined, errors: [], comments })
  return documents
}

// GitHub reads a comment right after a bracket or a quote.
const tolerated = (code: string, message: string) =>
  code === 'MISSING_CHAR' && message.startsWith('Comments must be separated')

function errorsOf(document: Document.Parsed, source: SourceText): YamlError[] {
  return document.errors
    .filter(error => !tolerated(error.code, error.message))
    .map(error => ({
      message: error.message.split('\n')[0] ?? '',
      at: source.place(
        Math.min(error.pos[0], source.text.length),
        Math.max(error.pos[0], Math.min(error.pos[1], source.text.length))
      )
    }))
}

function ownComments(comments: Comment[], document: Document.Parsed, source: SourceText): Comment[] {
  const last = source.lineOf(document.range[2])
  const at = comments.findIndex(comment => comment.at.line > last)
  return comments.splice(0, at < 0 ? comments.length : at)
}

/** Collects comments and measures depth over the token tree, without recursion. Returns the offset of what is too deep. */
function survey(tokens: CST.Token[], source: SourceText, comments: Comment[]): number | undefined {
  const todo: [CST.Token | CST.SourceToken, number][] = []
  for (const token of tokens) todo.push([token, 0])
  while (todo.length) {
    const [token, depth] = todo.pop()!
    if (token.type === 'comment') {
      comments.push(commentOf(source, token.offset, token.source))
      continue
    }
    if (depth > MAX_DEPTH) return 'offset' in token ? token.offset : 0
    const visit = (list: readonly (CST.Token | CST.SourceToken)[] | undefined, by: number) => {
      if (list) for (const child of list) todo.push([child, depth + by])
    }
    if ('start' in token && Array.isArray(token.start)) visit(token.start, 0)
    if ('props' in token) visit(token.props, 0)
    if ('end' in token && Array.isArray(token.end)) visit(token.end, 0)
    if ('value' in token && token.value && typeof token.value === 'object') todo.push([token.value, depth])
    if ('items' in token) {
      for (const item of token.items) {
        visit(item.start, 0)
        visit(item.sep, 0)
        if (item.key) todo.push([item.key, depth + 1])
        if (item.value) todo.push([item.value, depth + 1])
      }
    }
  }
  comments.sort((a, b) => a.at.line - b.at.line || a.at.column - b.at.column)
  return undefined
}

/** Turns the library's nodes into ours. */
class Reader {
  readonly errors: YamlError[] = []
  readonly #yaml = library()
  readonly #anchors = new Map<string, { node: Yaml; size: number }>()
  readonly #open = new Set<string>()
  #size = 0

  constructor(
    readonly source: SourceText,
    readonly merge: boolean,
    /** Line breaks of some double-quoted texts are blanked in what the library read. */
    readonly mended: boolean
  ) {}

  node(node: Node): Yaml {
    const before = this.#size++
    if (this.#yaml.isAlias(node)) return this.#alias(node.source, node.range)
    const anchor = (node as { anchor?: string }).anchor
    if (anchor) this.#open.add(anchor)
    const read = this.#read(node)
    if (anchor) {
      this.#open.delete(anchor)
      this.#anchors.set(anchor, { node: read, size: this.#size - before })
      read.anchor = anchor
      const from = this.source.text.lastIndexOf(`&${anchor}`, node.range?.[0] ?? 0)
      if (from >= 0) read.anchorAt = this.source.place(from, from + anchor.length + 1)
    }
    const { tag } = node as { tag?: string }
    if (tag) read.tag = tag
    return read
  }

  #read(node: Node): Yaml {
    const [from, to] = node.range ?? [0, 0]
    if (this.#yaml.isMap(node)) {
      const map = new Mapping(this.source, from, this.#trim(from, to))
      for (const { key, value } of node.items) {
        const name = this.#key(key as Node | null, value as Node | null)
        const read = value
          ? this.node(value as Node)
          : new Scalar(this.source, this.#afterColon(name), undefined, null, '', 'plain')
        map.add({ key: name, value: read })
      }
      if (this.merge) map.merge()
      return map
    }
    if (this.#yaml.isSeq(node)) {
      const items = node.items.map(item =>
        item ? this.node(item as Node) : new Scalar(this.source, from, undefined, null, '', 'plain')
      )
      return new Sequence(this.source, from, this.#trim(from, to), items)
    }
    return this.#scalar(node as YamlNode)
  }

  #key(key: Node | null, value: Node | null): Scalar {
    if (key && this.#yaml.isScalar(key)) return this.#scalar(key)
    if (key && this.#yaml.isAlias(key)) {
      const named = this.#alias(key.source, key.range)
      if (named.kind === 'scalar') return named as Scalar
    }
    const [from, to] = key?.range ?? value?.range ?? [0, 0]
    if (key) this.errors.push({ message: 'a key must be a plain value', at: this.source.place(from, to) })
    return new Scalar(this.source, from, from, null, '', 'plain')
  }

  #scalar(node: YamlNode): Scalar {
    const [from, to] = node.range ?? [0, 0]
    const style = STYLES[node.type ?? 'PLAIN'] ?? 'plain'
    const block = style === 'literal' || style === 'folded'
    const data = node.value as Scalar['data']
    const whole = this.mended && style === 'double' ? alone(this.source.text.slice(from, to)) : undefined
    const written = style === 'plain' ? (node.source ?? String(data ?? '')) : (whole ?? String(node.value ?? ''))
    const plainData =
      typeof data === 'object' || typeof data === 'bigint' ? (data === null ? null : String(data)) : (whole ?? data)
    return new Scalar(this.source, from, block ? this.#trim(from, to) : to, plainData, written, style)
  }

  #alias(name: string, range: Node['range']): Yaml {
    const [from, to] = range ?? [0, 0]
    const refuse = (message: string) => {
      this.errors.push({ message, at: this.source.place(from, to) })
      return new Scalar(this.source, from, to, null, this.source.text.slice(from, to), 'plain')
    }
    if (this.#open.has(name)) return refuse(`alias *${name} stands inside its own anchor`)
    const target = this.#anchors.get(name)
    if (!target) return refuse(`alias *${name} has no anchor before it`)
    if (this.#size + target.size > MAX_NODES)
      return refuse(`aliases expand to more than ${MAX_NODES} values at *${name}`)
    this.#size += target.size
    return target.node
  }

  // The library counts the blank lines after a block in.
  #trim(from: number, to: number): number {
    return trimmed(this.source.text, from, to)
  }

  #afterColon(key: Scalar): number {
    const colon = this.source.text.indexOf(':', key.to)
    return colon < 0 ? key.to : colon + 1
  }
}

/** The value of a quoted text on its own, where any indentation will do. */
function alone(quoted: string): string | undefined {
  if (!quoted.includes('\n')) return undefined
  const { Composer, isScalar, Parser } = library()
  for (const { contents } of new Composer().compose(new Parser().parse(quoted)))
    if (isScalar(contents) && typeof contents.value === 'string') return contents.value
  return undefined
}

const STYLES: Record<string, YamlScalar['style']> = {
  PLAIN: 'plain',
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded'
}
