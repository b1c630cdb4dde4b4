import type { Command, Dockerfile, Edit, Instruction, Place, Variable } from './model.js'
import { without } from './programs.js'
import { afterOf } from './query.js'
import { type Acting, actingOf } from './stages.js'

/** A value that a Dockerfile gives to an environment variable: ENV, ARG, or a command of RUN. */
export interface Setting {
  name: string
  /** Undefined: an ARG without a default. Variables are as written. */
  value?: string
  /** Name and value together. */
  readonly at: Place
  by: 'ENV' | 'ARG' | 'RUN'
  /** Below ONBUILD the one that acts. */
  instruction: Instruction
  /** What takes the setting away; undefined where something would be left that does not parse. */
  edits(): Edit[] | undefined
}

/** All settings of a file in order, those of global ARGs, prefix assignments, `env` and `export` included. */
export function* assignmentsOf(dockerfile: Dockerfile): Iterable<Setting> {
  for (const acting of actingOf(dockerfile, 'ENV', 'ARG', 'RUN')) {
    const { instruction } = acting
    if (instruction.keyword === 'RUN') {
      for (const command of instruction.script?.commands ?? []) yield* ofCommand(command, instruction)
    } else yield* ofPairs(acting)
  }
}

function* ofPairs({ instruction, written }: Acting): Iterable<Setting> {
  const { pairs } = instruction
  for (const [index, { name, value, at }] of pairs.entries()) {
    const by = instruction.keyword === 'ENV' ? 'ENV' : 'ARG'
    const edits = () => (by === 'ENV' ? withoutPair(pairs, index, written) : undefined)
    yield { name: name.value, ...(value && { value: value.value }), at, by, instruction, edits }
  }
}

function withoutPair(pairs: Variable[], index: number, written: Instruction): Edit[] | undefined {
  const { at } = pairs[index]!
  if (pairs.length === 1) return [{ at: written.at, text: '' }]
  const [before, after] = [pairs[index - 1], pairs[index + 1]]
  // Where a comment stands between, what is left might not end where the instruction did.
  if (before)
    return at.line - before.at.endLine > 1 ? undefined : [{ at: { ...afterOf(before.at), ...endOf(at) }, text: '' }]
  return after && after.at.line - at.endLine <= 1 ? [{ at: upTo(at, after.at), text: '' }] : undefined
}

function* ofCommand({ name, assignments, words }: Command, instruction: Instruction): Iterable<Setting> {
  for (const [index, assigned] of assignments.entries()) {
    const edits = () => {
      const { at } = assigned
      const next = (assignments[index + 1] ?? words[0])?.at
      return [{ at: next && next.line - at.endLine <= 1 ? upTo(at, next) : at, text: '' }]
    }
    yield settingOf(assigned.name, assigned.value, assigned, instruction, edits)
  }
  if (!SETTERS.has(name)) return
  const settings = words.filter(({ value }) => value.includes('=')).length
  for (const word of words.slice(1)) {
    const equals = word.value.indexOf('=')
    if (equals > 0 && /^\w+$/.test(word.value.slice(0, equals))) {
      const edits = () => (name === 'env' || settings > 1 ? without(words, [word]) : undefined)
      yield settingOf(word.value.slice(0, equals), word.value.slice(equals + 1), word, instruction, edits)
    } else if (name === 'env' && !word.value.startsWith('-')) return
  }
}

/** A setting of RUN; its place is told when somebody asks. */
function settingOf(
  name: string,
  value: string,
  written: { at: Place },
  instruction: Instruction,
  edits: Setting['edits']
): Setting {
  return {
    ...{ name, value, by: 'RUN', instruction, edits },
    get at() {
      return written.at
    }
  }
}

const SETTERS = new Set(['export', 'env', 'declare', 'typeset', 'readonly', 'setenv', 'cross-env'])

const endOf = ({ endLine, endColumn }: Place) => ({ endLine, endColumn })
const upTo = (from: Place, { line, column }: Place): Place => ({ ...from, endLine: line, endColumn: column })
