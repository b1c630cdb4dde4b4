import type { Edit } from '../../../src/model.js'
import { SourceText } from '../../../src/parse/text.js'

/** A text with edits applied, the last first. */
export function applied(text: string, edits: Edit[]): string {
  const source = new SourceText('x', text)
  return edits
    .map(({ at, text }) => ({
      from: source.offset(at.line, at.column),
      to: source.offset(at.endLine, at.endColumn),
      text
    }))
    .sort((a, b) => b.from - a.from)
    .reduce((result, edit) => result.slice(0, edit.from) + edit.text + result.slice(edit.to), text)
}
