import { imageFacts } from '../../data/base-images.js'
import { servedImage } from '../../examples.js'
import type { Edit, Instruction, Problem, Text } from '../../model.js'
import { rule } from '../../rule.js'
import { execForm } from '../../shell-form.js'
import { actingOf, settingsOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/shell-syntax-in-exec-form',
  title: 'JSON form holds what only a shell understands',
  why: 'No shell reads the JSON form: the program gets && or $NAME as they stand.',
  fix: 'Start a shell for it: ["sh", "-c", "exec program $NAME"].',
  severity: 'warning',
  topic: 'correctness',
  preset: 'recommended',
  edits: 'suggested',
  over: 'dockerfile',

  *check(dockerfile) {
    const declared = new Set(
      actingOf(dockerfile, 'ENV', 'ARG').flatMap(({ instruction }) => instruction.pairs.map(({ name }) => name.value))
    )
    for (const { instruction } of actingOf(dockerfile, 'RUN', 'CMD', 'ENTRYPOINT', 'HEALTHCHECK')) {
      const problem = problemOf(instruction, declared)
      if (problem) yield problem
    }
  },

  bad: {
    Dockerfile: `FROM node:22
ENV PORT=8080
HEALTHCHECK --interval=30s --timeout=5s CMD ["curl", "-fsS", "http://127.0.0.1:$PORT/", "||", "exit", "1"]
CMD ["node", "server.js"]
`
  },
  good: servedImage
})

const OPERATORS = new Set(['&&', '||', '|', '>', '>>', '2>&1', '2>/dev/null', '>/dev/null', '&>/dev/null'])
/** Read such words themselves: shells and what runs a script given as an argument. */
const READERS =
  /^(sh|bash|ash|dash|zsh|fish|pwsh|powershell|cmd|find|test|expr|awk|gawk|perl|python[\d.]{0,5}|node|ruby|php|envsubst|su|gosu|su-exec|runuser|timeout|xargs|env|watch|ssh|make|jq|entr|nodemon|concurrently|npm-run-all)$/

function problemOf(instruction: Instruction, declared: Set<string>): Problem | undefined {
  const { keyword, json, args, stage } = instruction
  const words = keyword === 'HEALTHCHECK' ? args.slice(1) : args
  const [program] = words
  if (!json || !program || !words.some(({ value }) => value.includes('$') || OPERATORS.has(value))) return undefined
  if (words.some(({ value }) => READERS.test(nameOf(value)))) return undefined
  // What an entrypoint makes of its arguments is its own matter.
  if (keyword === 'CMD' && stage && settingsOf(stage).entrypoint) return undefined
  const edit = withShell(instruction, words)
  const edits = edit && { edits: [edit] }
  const operator = words.slice(1).find(({ value }) => OPERATORS.has(value))
  if (operator) {
    const message = `${nameOf(program.value)} gets ${operator.value} as an argument: no shell reads the JSON form`
    return { at: operator.at, message, ...edits }
  }
  const variable = words.map(variableIn).find(found => found && (found.isWhole || declared.has(found.name)))
  if (!variable) return undefined
  return { at: variable.word.at, message: `$${variable.name} stays as it is: no shell reads the JSON form`, ...edits }
}

const SIMPLE = /^[\w.,:=@%+/${}-]+$/

/** The same words below a shell, which makes way for the program. */
function withShell({ keyword, stage, script }: Instruction, words: Text[]): Edit | undefined {
  const { base, cmd } = (stage && settingsOf(stage)) ?? {}
  if (!script || (base !== undefined && imageFacts(base)?.shell === 'none')) return undefined
  // Below a shell an entrypoint no longer gets what CMD says.
  if (keyword === 'ENTRYPOINT' && cmd) return undefined
  if (!words.every(({ value }) => SIMPLE.test(value) || OPERATORS.has(value))) return undefined
  const line = words.map(({ value }) => value)
  const others = line.filter(word => OPERATORS.has(word) && word !== '&&')
  if ((keyword === 'CMD' || keyword === 'ENTRYPOINT') && !others.length)
    line.splice(line.lastIndexOf('&&') + 1, 0, 'exec')
  return { at: script.text.at, text: execForm(['sh', '-c', line.join(' ')]) }
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

function variableIn(word: Text): { word: Text; name: string; isWhole: boolean } | undefined {
  const match = /\$(?:([A-Z_][A-Z0-9_]{0,99})|\{([A-Za-z_][A-Za-z0-9_]{0,99})(?::?-[^}]{0,99})?\})/.exec(word.value)
  const name = match?.[1] ?? match?.[2]
  return name === undefined ? undefined : { word, name, isWhole: match?.[0] === word.value }
}
