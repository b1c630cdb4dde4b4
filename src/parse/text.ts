import type { Place, Text } from '../model.js'

/** A file's text with its line index: the one way from offsets to places. */
export class SourceText {
  readonly #starts: number[] = [0]

  /** `text` without a byte order mark: the first character of the file is at 1:1 either way. */
  constructor(
    readonly path: string,
    readonly text: string
  ) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1)
  }

  get lineCount(): number {
    return this.#starts.length
  }

  /** Offset of the first character of a line (from 1); past the last line, the end of the text. */
  lineStart(line: number): number {
    return this.#starts[line - 1] ?? this.text.length
  }

  /** A line's text without its line break. */
  line(line: number): string {
    const from = this.lineStart(line)
    let to = this.lineStart(line + 1)
    if (to > from && this.text[to - 1] === '\n') to--
    if (to > from && this.text[to - 1] === '\r' && this.text[to] === '\n') to--
    return this.text.slice(from, to)
  }

  lineOf(offset: number): number {
    let low = 0
    let high = this.#starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.#starts[middle]! <= offset) low = middle
      else high = middle - 1
    }
    return low + 1
  }

  place(from: number, to = from): Place {
    const line = this.lineOf(from)
    const endLine = to === from ? line : this.lineOf(to)
    return {
      path: this.path,
      line,
      column: from - this.lineStart(line) + 1,
      endLine,
      endColumn: to - this.lineStart(endLine) + 1
    }
  }

  offset(line: number, column: number): number {
    return this.lineStart(line) + column - 1
  }

  /** What is written at a place. */
  slice(at: Place): string {
    return this.text.slice(this.offset(at.line, at.column), this.offset(at.endLine, at.endColumn))
  }

  /** The span from `from` to `to` as a value that stands in the file as it is. */
  span(from: number, to: number): Text {
    return new Span(this, from, to)
  }
}

class Span implements Text {
  constructor(
    readonly source: SourceText,
    readonly from: number,
    readonly to: number
  ) {}
  get value(): string {
    return this.source.text.slice(this.from, this.to)
  }
  get at(): Place {
    return this.source.place(this.from, this.to)
  }
  part(from: number, to = from): Place {
    return this.source.place(this.from + from, this.from + to)
  }
}

/**
 * A value of pieces: `pieces` are [offset in the value, offset in the file] where a run of equal characters begins,
 * ascending in both. Between two runs (a fold, an escape) every offset belongs to the place of the run before.
 */
export class PiecedText implements Text {
  constructor(
    readonly source: SourceText,
    readonly value: string,
    readonly from: number,
    readonly to: number,
    readonly pieces: [number, number][]
  ) {}
  get at(): Place {
    return this.source.place(this.from, this.to)
  }
  part(from: number, to = from): Place {
    const start = fileOffset(this.pieces, from, this.from)
    const end = to > from ? fileOffset(this.pieces, to - 1, this.from) + 1 : start
    return this.source.place(start, Math.max(start, end))
  }
}

/** The file offset of an offset in a pieced value. */
export function fileOffset(pieces: [number, number][], offset: number, fallback: number): number {
  let low = 0
  let high = pieces.length - 1
  if (high < 0) return fallback
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (pieces[middle]![0] <= offset) low = middle
    else high = middle - 1
  }
  const [value, file] = pieces[low]!
  return file + Math.max(0, offset - value)
}

/** A text that stands nowhere in the file: the place of what stands for it. */
export function textAt(value: string, at: Place): Text {
  return { value, at, part: () => at }
}

/** The whole of a file as a place on its first line. */
export function startOf(path: string): Place {
  return { path, line: 1, column: 1, endLine: 1, endColumn: 1 }
}

/** Removes a byte order mark. */
export function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}
