import type { IgnoreFile } from '../model.js'
import { SourceText } from './text.js'

/**
 * Reads a .dockerignore: one pattern a line, `#` in the first column a comment, `!` an exception. Patterns come without
 * the `!` and cleaned as the builder does (`/src/./a/` is `src/a`). Never throws.
 */
export function readIgnoreFile(path: string, text: string): IgnoreFile {
  const source = new SourceText(path, text)
  const lines: IgnoreFile['lines'] = []
  let from = 0
  for (const line of text.split('\n')) {
    const written = line.trim()
    const start = from + (line.length - line.trimStart().length)
    from += line.length + 1
    if (!written || line.startsWith('#')) continue
    const negated = written.startsWith('!')
    const pattern = clean(negated ? written.slice(1).trim() : written)
    lines.push({ pattern, negated, at: source.place(start, start + written.length) })
  }
  return { path, lines }
}

function clean(pattern: string): string {
  const parts: string[] = []
  for (const part of pattern.split('/')) {
    if (part === '' || part === '.') continue
    if (part === '..' && parts.length && parts.at(-1) !== '..') parts.pop()
    else if (part !== '..' || !pattern.startsWith('/')) parts.push(part)
  }
  return parts.join('/') || '.'
}
