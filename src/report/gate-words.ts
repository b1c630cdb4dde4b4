/** What the picture of the gate says in the same words, drawn or printed. */
import type { Gate, GateMerge, GateRow } from '../gate.js'
import { cut } from './escape.js'
import { number, plural } from './words.js'

const PROTECTED = { yes: 'protected', no: 'unprotected', unknown: 'rules not known' }
export const HOLE = '✗ '

/** What the rules of the branch come to, in words: its protection, and what else they ask for. */
export function rulesOf({ protected: is, asks, holes }: GateMerge): string[] {
  const state = PROTECTED[is]
  return [holes.includes(state) ? HOLE + state : state, ...asks]
}

/** Holes of the merge beside those that its protection says already. */
export const openOf = ({ protected: is, holes }: GateMerge): string[] => holes.filter(hole => hole !== PROTECTED[is])

export const mergeTitle = ({ branch }: GateMerge): string => (branch ? `merge to ${branch}` : 'merge')

/** What a row is called, in so many characters: its check and how many a matrix makes of it, or the first of many. */
export function titleOf({ names, count }: GateRow, room: number): string {
  const [first = '', ...more] = names
  const rest = more.length ? ` and ${number(more.length)} more` : count === 1 ? '' : ` (${count ?? '…'})`
  return cut(first, room - rest.length) + rest
}

/** "30 checks, 4 required, 2 holes". */
export function gateCounts({ rows, merge }: Gate): string {
  const all = rows.reduce((sum, { count = 1 }) => sum + count, 0)
  const must = rows.reduce((sum, { required, count = 1, partly = count }) => sum + (required === 'yes' ? partly : 0), 0)
  const holes = [...rows, merge].reduce((sum, row) => sum + row.holes.length, 0)
  const known = merge.protected !== 'unknown' && rows.every(({ required }) => required !== 'unknown')
  return [
    plural(all, 'check'),
    known || must ? `${number(must)} required` : 'not known which are required',
    ...(holes ? [plural(holes, 'hole')] : [])
  ].join(', ')
}
