import type { Unread } from '../model.js'

/** Git's own measure: a file with a NUL in its first 8,000 bytes is binary. */
const LOOKED_AT = 8000
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * The text of a file, or why it has none: UTF-16 and UTF-32 are named as such, since editors write them by accident.
 * A byte order mark of UTF-8 stays in the text; bytes that are no UTF-8 become U+FFFD, as GitHub shows them.
 */
export function decode(bytes: Uint8Array, path: string): string | Unread {
  const zero = bytes.subarray(0, LOOKED_AT).indexOf(0)
  // A mark says so even of a text without a zero.
  const wide = zero >= 0 || bytes[0]! >= 0xfe ? wideEncoding(bytes) : undefined
  if (wide) return { what: path, reason: `is ${wide}: save it as UTF-8`, broken: true }
  if (zero >= 0) return { what: path, reason: `is binary: byte ${zero + 1} is NUL`, broken: true }
  return decoder.decode(bytes)
}

function wideEncoding(bytes: Uint8Array): string | undefined {
  const [a, b, c, d] = bytes
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 && bytes.length >= 4 ? 'UTF-32' : 'UTF-16'
  if (a === 0xfe && b === 0xff) return 'UTF-16'
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return 'UTF-32'
  // Without a mark: text of mostly Latin letters has a zero in every other byte, always on the same side.
  const length = Math.min(bytes.length, LOOKED_AT) & ~1
  if (length < 4) return undefined
  let even = 0
  let odd = 0
  for (let i = 0; i < length; i += 2) {
    if (bytes[i] === 0) even++
    if (bytes[i + 1] === 0) odd++
  }
  const pairs = length / 2
  const many = Math.max(even, odd)
  const few = Math.min(even, odd)
  return many > pairs * 0.7 && few < pairs * 0.1 ? 'UTF-16' : undefined
}
