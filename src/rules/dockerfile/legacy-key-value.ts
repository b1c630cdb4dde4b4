import type { Edit, Instruction } from '../../model.js'
import { rule } from '../../rule.js'
import { actingOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/legacy-key-value',
  title: 'ENV or LABEL without an equals sign',
  why: 'The old form takes the whole rest of the line for one value, so a second pair on the line is lost in the first.',
  fix: 'Write NAME=value, with quotes where the value has blanks.',
  severity: 'note',
  topic: 'style',
  preset: 'all',
  edits: 'safe',
  over: 'dockerfile',
  mentions: ['env', 'label'],
  peers: { buildkit: 'LegacyKeyValueFormat' },

  *check(dockerfile) {
    for (const { instruction } of actingOf(dockerfile, 'ENV', 'LABEL')) {
      const [pair] = instruction.pairs
      const parts = pair?.value && partsOf(instruction)
      if (!pair || !parts) continue
      const edits = editsOf(instruction, parts)
      const name = pair.name.value
      yield {
        at: pair.at,
        message: `everything after ${name} is its value: ${name}=… says so`,
        ...(edits && { edits })
      }
    }
  },

  bad: {
    Dockerfile: `FROM python:3.13-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
ENV PYTHONUNBUFFERED 1
COPY app.py /app/
USER nobody
`
  },
  good: {
    Dockerfile: `FROM python:3.13-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
ENV PYTHONUNBUFFERED=1
COPY app.py /app/
USER 65534
`,
    '.dockerignore': `.git
`
  }
})

interface Parts {
  nameTo: number
  valueFrom: number
  value: string
}

/** Where the name ends and the value begins; undefined where an equals sign parts them. */
function partsOf({ body }: Instruction): Parts | undefined {
  const text = body.value
  let nameTo = 0
  let quote = ''
  for (; nameTo < text.length; nameTo++) {
    const char = text[nameTo]!
    if (quote ? char === quote : char === '"' || char === "'") quote = quote ? '' : char
    else if (char === '=') return undefined
    else if (!quote && /\s/.test(char)) break
  }
  const rest = text.slice(nameTo)
  const value = rest.trimStart()
  return value ? { nameTo, valueFrom: text.length - value.length, value } : undefined
}

/** An equals sign for the blanks, and quotes where the value has blanks and no quotes of its own. */
function editsOf({ body }: Instruction, { nameTo, valueFrom, value }: Parts): Edit[] | undefined {
  const between = body.part(nameTo, valueFrom)
  // A value that begins with an equals sign was hardly meant to.
  if (between.line !== between.endLine || value.startsWith('=')) return undefined
  if (!/\s/.test(value) || isOneWord(value)) return [{ at: between, text: '=' }]
  // Quotes and escapes within would need to be read anew, comments between continued lines would end up inside.
  if (/["'\\`\n]/.test(value)) return undefined
  return [
    { at: between, text: '="' },
    { at: body.part(valueFrom + value.length), text: '"' }
  ]
}

/** Quoted from end to end. */
const isOneWord = (value: string): boolean =>
  value.length > 1 &&
  (value[0] === '"' || value[0] === "'") &&
  value.indexOf(value[0], 1) === value.length - 1 &&
  !value.includes('\\')
