/** Milliseconds of a duration as Go reads it: '30s', '1m30s', '1.5h', '0'. Undefined where it is none. */
export function durationOf(text: string): number | undefined {
  const sign = text[0] === '-' ? -1 : 1
  let at = text[0] === '-' || text[0] === '+' ? 1 : 0
  if (text.slice(at) === '0') return 0
  if (at === text.length || text.length > 100) return undefined
  let total = 0
  while (at < text.length) {
    PART.lastIndex = at
    const [part, number = '', unit = ''] = PART.exec(text) ?? []
    if (part === undefined) return undefined
    total += Number(number) * UNITS[unit]!
    at += part.length
  }
  return sign * total
}

const PART = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/y
const UNITS: Record<string, number> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000
}
