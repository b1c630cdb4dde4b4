import type { Comment, Place, Yaml, YamlEntry, YamlList, YamlMap, YamlScalar } from '../model.js'
import { fileOffset, type SourceText } from './text.js'

// What few of them have is declared, not initialized: there are many of them.
export class Mapping implements YamlMap {
  readonly kind = 'map'
  readonly entries: YamlEntry[] = []
  /** Made for a mapping of more than a few entries. */
  #index: Map<string, YamlEntry> | undefined
  declare tag?: string
  declare anchor?: string
  declare anchorAt?: Place
  constructor(
    readonly source: SourceText,
    readonly from: number,
    readonly to: number
  ) {}
  get at(): Place {
    return this.source.place(this.from, this.to)
  }
  add(entry: YamlEntry): void {
    this.entries.push(entry)
    this.#index?.set(entry.key.value, entry)
  }
  entry(key: string): YamlEntry | undefined {
    const { entries } = this
    if (this.#index) return this.#index.get(key)
    if (entries.length > FEW) {
      this.#index = new Map(entries.map(entry => [entry.key.value, entry]))
      return this.#index.get(key)
    }
    // Of a key that stands twice the last counts.
    for (let at = entries.length - 1; at >= 0; at--) if (entries[at]!.key.value === key) return entries[at]
    return undefined
  }
  get(key: string): Yaml | undefined {
    return this.entry(key)?.value
  }
  /** Takes over what `<<` names, where the mapping does not say otherwise itself. */
  merge(): void {
    const named = this.get('<<')
    if (!named) return
    const sources = named.kind === 'list' ? named.items : [named]
    for (const source of sources) {
      if (source.kind !== 'map') continue
      for (const entry of source.entries) if (!this.entry(entry.key.value)) this.add(entry)
    }
  }
}

const FEW = 8

export class Sequence implements YamlList {
  readonly kind = 'list'
  declare tag?: string
  declare anchor?: string
  declare anchorAt?: Place
  constructor(
    readonly source: SourceText,
    readonly from: number,
    readonly to: number,
    readonly items: Yaml[]
  ) {}
  get at(): Place {
    return this.source.place(this.from, this.to)
  }
}

export class Scalar implements YamlScalar {
  readonly kind = 'scalar'
  declare tag?: string
  declare anchor?: string
  declare anchorAt?: Place
  #pieces: [number, number][] | undefined
  constructor(
    readonly source: SourceText,
    readonly from: number,
    to: number | undefined,
    readonly data: string | number | boolean | null,
    readonly value: string,
    readonly style: YamlScalar['style']
  ) {
    this.to = to ?? from
  }
  readonly to: number
  get at(): Place {
    return this.source.place(this.from, this.to)
  }
  get header(): string | undefined {
    return /^[|>][-+1-9]{0,2}/.exec(this.source.text.slice(this.from, this.from + 3))?.[0]
  }
  part(from: number, to = from): Place {
    this.#pieces ??= align(this)
    const start = fileOffset(this.#pieces, from, this.from)
    const end = to > from ? fileOffset(this.#pieces, to - 1, this.from) + 1 : start
    return this.source.place(start, Math.max(start, end))
  }
}

/**
 * Where each run of a scalar's value stands in the file: walks value and source side by side. Line breaks, indentation,
 * folds and escapes are the only places where the two differ.
 */
function align({ source, from, to, value, style }: Scalar): [number, number][] {
  const { text } = source
  if (style === 'literal' || style === 'folded') return alignBlock(text, from, to, value)
  let at = style === 'plain' ? from : from + 1
  const pieces: [number, number][] = [[0, at]]
  for (let i = 0; i < value.length && at < to; ) {
    const char = text[at]!
    if (char === '\\' && style === 'double') {
      const [taken, made] = escapeAt(text, at)
      at += taken
      i += made
      pieces.push([i, at])
    } else if (char === "'" && style === 'single') {
      at += 2
      i++
      pieces.push([i, at])
    } else if (char === value[i] && !isFold(text, at)) {
      at++
      i++
    } else if (/[\s]/.test(char)) {
      // A fold: blanks and line breaks in the file are one blank, or one line break fewer, in the value.
      while (at < to && /\s/.test(text[at]!)) at++
      if (value[i] === ' ') i++
      else while (value[i] === '\n') i++
      pieces.push([i, at])
    } else break
  }
  return pieces
}

// Blanks that end a line in the file belong to the fold, whatever the value has there.
function isFold(text: string, at: number): boolean {
  while (text[at] === ' ' || text[at] === '\t') at++
  return text[at] === '\n' || text[at] === '\r'
}

function escapeAt(text: string, at: number): [taken: number, made: number] {
  const code = text[at + 1]
  if (code === 'x') return [4, 1]
  if (code === 'u') return [6, 1]
  if (code === 'U') return [10, 1 + Number(Number.parseInt(text.slice(at + 2, at + 10), 16) > 0xffff)]
  if (code === '\n' || code === '\r') {
    let end = at + 1
    while (/\s/.test(text[end] ?? '')) end++
    return [end - at, 0]
  }
  return [2, 1]
}

function alignBlock(text: string, from: number, to: number, value: string): [number, number][] {
  let at = text.indexOf('\n', from) + 1
  if (at === 0) return [[0, from]]
  const first = value.length - value.trimStart().length
  const lineOfFirst = value.lastIndexOf('\n', first) + 1
  let content = at
  while (content < to && /\s/.test(text[content]!)) content++
  const indent = content - (text.lastIndexOf('\n', content - 1) + 1) - (first - lineOfFirst)
  const skip = (offset: number) => {
    let end = offset
    while (end - offset < indent && text[end] === ' ') end++
    return end
  }
  at = skip(at)
  const pieces: [number, number][] = [[0, at]]
  for (let i = 0; i < value.length && at < text.length; ) {
    if (text[at] === value[i] && value[i] !== '\n') {
      at++
      i++
      continue
    }
    if (text[at] === '\r') at++
    if (text[at] !== '\n') break
    at = skip(at + 1)
    // In a folded text one line break is a blank, and of several the first is gone.
    if (value[i] === ' ') {
      while (text[at] === '\n' || text[at] === '\r') at = skip(at + 1)
      i++
    } else if (value[i] === '\n') i++
    pieces.push([i, at])
  }
  return pieces
}

/** Where a block ends: at its last character, whatever blank lines come after it. */
export function trimmed(text: string, from: number, to: number): number {
  let end = to
  while (end > from && /\s/.test(text[end - 1]!)) end--
  return end
}

/** A comment, `written` from its marker to the end of its line. */
export function commentOf(source: SourceText, from: number, written: string): Comment {
  return { text: written.replace(/^#+\s*/, '').trimEnd(), at: source.place(from, from + written.length) }
}
