import type { Place, Text } from '../model.js'

/** An expression node; `from` and `to` are offsets in the text that holds it. */
export type Node =
  | { type: 'literal'; value: string | number | boolean | null; from: number; to: number }
  | { type: 'context'; name: string; from: number; to: number }
  | { type: 'property'; object: Node; name: string; from: number; to: number }
  | { type: 'index'; object: Node; index: Node; from: number; to: number }
  | { type: 'star'; object: Node; from: number; to: number }
  | { type: 'call'; name: string; args: Node[]; from: number; to: number }
  | { type: 'not'; operand: Node; from: number; to: number }
  | {
      type: 'binary'
      operator: '&&' | '||' | '==' | '!=' | '<' | '<=' | '>' | '>='
      left: Node
      right: Node
      from: number
      to: number
    }

export interface Expression {
  /** The whole of `${{ … }}`, or the whole text of a bare condition. */
  at: Place
  from: number
  to: number
  root: Node | undefined
  errors: { message: string; at: Place }[]
}

/** Every `${{ … }}` of a text. */
export function expressionsIn(_text: Text): Expression[] {
  return []
}

/** A condition, where `${{ }}` may be left out. */
export function conditionOf(_text: Text): Expression[] {
  return []
}

/** Values that an expression is evaluated against: 'matrix', 'github', … Missing names are unknown. */
export type Values = Record<string, unknown>
export const UNKNOWN = Symbol('unknown')
/** The value of an expression over known values, with GitHub's coercions; UNKNOWN where a part is not known. */
export function evaluate(_node: Node, _values: Values): unknown {
  return UNKNOWN
}
