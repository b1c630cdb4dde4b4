import type { Dockerfile, Edit, Instruction } from './model.js'

/** A RUN, CMD, ENTRYPOINT or HEALTHCHECK CMD that a shell has to read. */
export const isShellForm = ({ keyword, json, script }: Instruction): boolean =>
  script !== undefined && !json && /^(RUN|CMD|ENTRYPOINT|HEALTHCHECK)$/.test(keyword)

/** Instructions below a SHELL of their stage or of one it builds on: whoever names a shell wants it. */
export function belowShell({ stages, instructions }: Dockerfile): Set<Instruction> {
  const below = new Set<Instruction>()
  if (!instructions.some(({ keyword }) => keyword === 'SHELL')) return below
  const ends = new Set<unknown>()
  for (const stage of stages) {
    let set = ends.has(stage.parent)
    for (const instruction of stage.instructions) {
      if (instruction.keyword === 'SHELL') set = true
      else if (set) below.add(instruction)
    }
    if (set) ends.add(stage)
  }
  return below
}

/** The words of a shell form that needs no shell: one program, no variables, operators or patterns. */
export function plainWordsOf({ script }: Instruction): string[] | undefined {
  if (!script || script.shell.name === 'cmd' || script.shell.name === 'pwsh') return undefined
  if (SPECIAL.test(script.text.value) || script.unread !== undefined) return undefined
  const [command, another] = script.commands
  if (!command || another || command.assignments.length) return undefined
  const words = command.words.map(({ value }) => value)
  if (words[0] === 'exec') words.shift()
  const [program] = words
  if (!program || program.startsWith('-') || BUILTINS.has(program)) return undefined
  return command.words.every(({ literal }) => literal) ? words : undefined
}
const SPECIAL = /[;&|<>(){}$`*?[\]#~!\n]/
const BUILTINS = new Set(
  '. : alias break case cd command continue eval exit export for if local read readonly return set shift source time times trap type ulimit umask unset until wait while'.split(
    ' '
  )
)

/** Puts a JSON array in place of what a shell would have read. */
export function toExecForm({ script, body }: Instruction, words: string[]): Edit {
  return { at: (script?.text ?? body).at, text: execForm(words) }
}

export const execForm = (words: string[]): string => `[${words.map(word => JSON.stringify(word)).join(', ')}]`
