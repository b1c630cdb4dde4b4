/** Longer results are unknown: ARGs that double each other grow without bound. */
const MAX_LENGTH = 4096
const MAX_DEPTH = 20

/**
 * Expands variables, quotes and escapes as BuildKit does in FROM, USER, COPY and the like: `$V`, `${V}` and the
 * modifiers `:-` `-` `:+` `+` `:?` `?` `#` `##` `%` `%%` `/` `//`. Undefined where a variable has no value, or where the
 * text is no valid expansion. `mark` is the file's escape character; `unset` is what a variable without a value is worth.
 */
export function expand(
  text: string,
  lookup: (name: string) => string | undefined,
  mark: '\\' | '`' = '\\',
  unset?: string
): string | undefined {
  if (!/[$'"\\`]/.test(text)) return text
  const reader = { text, at: 0, lookup, mark, unset }
  const value = word(reader, '', 0)
  return reader.at < text.length ? undefined : value
}

/** A variable in a text: `from` and `to` are those of its name, `operator` what comes after it within braces. */
export interface Reference {
  name: string
  from: number
  to: number
  operator: string
}

/** The variables of a text that the builder expands: those in single quotes and behind the escape character are none. */
export function referencesIn(text: string, mark: '\\' | '`' = '\\'): Reference[] {
  const found: Reference[] = []
  if (!text.includes('$')) return found
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!
    if (char === mark) at++
    else if (char === '"') quoted = !quoted
    else if (char === "'" && !quoted) {
      const end = text.indexOf("'", at + 1)
      if (end < 0) return found
      at = end
    } else if (char === '$') {
      const brace = text[at + 1] === '{'
      const from = at + (brace ? 2 : 1)
      const name = nameAt(text, from)
      if (!name) continue
      const to = from + name.length
      found.push({ name, from, to, operator: brace ? operatorAt(text, to) : '' })
      at = to - 1
    }
  }
  return found
}

interface Reader {
  text: string
  at: number
  lookup: (name: string) => string | undefined
  mark: string
  unset: string | undefined
}

/** Reads up to `stop` (one character, left unread) or the end. */
function word(reader: Reader, stop: string, depth: number): string | undefined {
  const { text, mark } = reader
  let value = ''
  let known = true
  let quoted = false
  while (reader.at < text.length) {
    const char = text[reader.at]!
    if (char === stop && !quoted) break
    if (char === mark) {
      const next = text[reader.at + 1] ?? ''
      value += quoted && next !== '"' && next !== '$' && next !== mark ? char + next : next
      reader.at += 2
    } else if (char === "'" && !quoted) {
      const end = text.indexOf("'", reader.at + 1)
      if (end < 0) return undefined
      value += text.slice(reader.at + 1, end)
      reader.at = end + 1
    } else if (char === '"') {
      quoted = !quoted
      reader.at++
    } else if (char === '$') {
      const part = dollar(reader, depth)
      if (part === undefined) known = false
      else value = value.length > MAX_LENGTH ? value : value + part
    } else {
      value += char
      reader.at++
    }
  }
  return known && !quoted && value.length <= MAX_LENGTH ? value : undefined
}

function dollar(reader: Reader, depth: number): string | undefined {
  const { text, lookup } = reader
  reader.at++
  const brace = text[reader.at] === '{'
  if (brace) reader.at++
  const name = nameAt(text, reader.at)
  reader.at += name.length
  if (!brace) return name ? (lookup(name) ?? reader.unset) : '$'
  if (!name || depth > MAX_DEPTH) return undefined
  const value = lookup(name)
  if (text[reader.at] === '}') {
    reader.at++
    return value ?? reader.unset
  }
  const operator = operatorAt(text, reader.at)
  reader.at += operator.length
  if (operator === '/' || operator === '//') return close(reader, replace(reader, value, operator === '//', depth))
  const operand = word(reader, '}', depth + 1)
  const isSet = value !== undefined && (value !== '' || !operator.startsWith(':'))
  return close(reader, modify(operator.replace(':', ''), isSet, value, operand))
}

function modify(
  operator: string,
  isSet: boolean,
  value: string | undefined,
  operand: string | undefined
): string | undefined {
  if (operator === '-') return isSet ? value : operand
  if (operator === '+') return isSet ? operand : ''
  if (operator === '?') return isSet ? value : undefined
  if (!operator || value === undefined || operand === undefined) return undefined
  return trim(value, operand, operator[0] === '#', operator.length === 2)
}

function close(reader: Reader, value: string | undefined): string | undefined {
  if (reader.text[reader.at] !== '}') return undefined
  reader.at++
  return value
}

const operatorAt = (text: string, at: number): string =>
  [':-', ':+', ':?', '##', '%%', '//', '-', '+', '?', '#', '%', '/'].find(operator => text.startsWith(operator, at)) ??
  ''

function nameAt(text: string, at: number): string {
  let end = at
  while (end < text.length && isNameCode(text.charCodeAt(end), end > at)) end++
  return text.slice(at, end)
}

const isNameCode = (code: number, digits: boolean): boolean =>
  code === 95 || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || (digits && code >= 48 && code <= 57)

/** Takes a pattern off the front or the end. Undefined for patterns other than text with at most one `*`. */
function trim(value: string, pattern: string, front: boolean, longest: boolean): string | undefined {
  const [head = '', tail, ...more] = pattern.split('*')
  if (more.length || /[?[\\]/.test(pattern)) return undefined
  if (tail === undefined) {
    if (front) return value.startsWith(head) ? value.slice(head.length) : value
    return value.endsWith(head) ? value.slice(0, value.length - head.length) : value
  }
  if (front) {
    if (!value.startsWith(head)) return value
    const at = longest ? value.lastIndexOf(tail) : value.indexOf(tail, head.length)
    return at < head.length ? value : value.slice(at + tail.length)
  }
  const last = value.length - tail.length - head.length
  if (last < 0 || !value.endsWith(tail)) return value
  const at = longest ? value.indexOf(head) : value.lastIndexOf(head, last)
  return at < 0 || at > last ? value : value.slice(0, at)
}

function replace(reader: Reader, value: string | undefined, all: boolean, depth: number): string | undefined {
  const pattern = word(reader, '/', depth + 1)
  reader.at++
  const by = word(reader, '}', depth + 1)
  if (value === undefined || by === undefined || !pattern || /[*?[\\]/.test(pattern)) return undefined
  if (value.length * by.length > MAX_LENGTH * 16) return undefined
  return all ? value.split(pattern).join(by) : value.replace(pattern, () => by)
}
