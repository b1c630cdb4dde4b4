import { servedImage } from '../../examples.js'
import type { Instruction, Peers } from '../../model.js'
import { rule } from '../../rule.js'
import { execForm } from '../../shell-form.js'
import { actingOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/broken-json',
  title: 'JSON array is none, and Docker takes it for words',
  why: 'Single quotes, a comma too many or a lone backslash make it invalid JSON. Docker says nothing and takes brackets and quotes literally: the command is not found, or a folder gets a strange name.',
  fix: 'Put each string in double quotes, a comma between them and none at the end; double each backslash.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  edits: 'suggested',
  over: 'dockerfile',

  *check(dockerfile) {
    for (const { instruction, written } of actingOf(dockerfile)) {
      if (!instruction.brokenJson) continue
      const { body, keyword } = instruction
      const from = body.value.indexOf('[')
      const mended = mend(body.value.slice(from))
      const peers = written === instruction ? peersOf(instruction) : undefined
      yield {
        at: body.part(from, body.value.length),
        message: `${keyword} takes these brackets as they stand: it is no valid JSON array${mended ? `, ${mended.fault}` : ''}`,
        // Brackets are words to a shell as well, where nothing tells that an array was meant.
        ...(!mended && { severity: 'warning' as const }),
        ...(peers && { peers }),
        ...(mended && { edits: [{ at: body.part(from, body.value.length), text: execForm(mended.words) }] })
      }
    }
  },

  bad: {
    Dockerfile: `FROM node:22-slim
CMD ['node', 'server.js']
`
  },
  good: servedImage
})

/** To those who ask for the exec form it is a shell form. */
function peersOf({ keyword }: Instruction): Peers | undefined {
  if (keyword === 'HEALTHCHECK') return { hadolint: 'DL3025' }
  if (keyword !== 'CMD' && keyword !== 'ENTRYPOINT') return undefined
  return { hadolint: 'DL3025', buildkit: 'JSONArgsRecommended' }
}

interface Mended {
  words: string[]
  fault: string
}

const CLOSING: Record<string, string> = { '"': '"', "'": "'", '“': '”', '”': '”', '‘': '’', '’': '’' }

/** The strings that were meant, where quotes, commas and backslashes alone are to blame. */
function mend(text: string): Mended | undefined {
  const words: string[] = []
  const faults = new Set<string>()
  let at = skipBlanks(text, 1)
  let wantsComma = false
  while (at < text.length && text[at] !== ']') {
    const char = text[at]!
    if (char === ',') {
      if (!wantsComma) return undefined
      wantsComma = false
      at = skipBlanks(text, at + 1)
      if (text[at] === ']') faults.add('a comma stands before the bracket')
      continue
    }
    if (wantsComma) faults.add('a comma is missing')
    const close = CLOSING[char]
    if (!close) return undefined
    if (char !== '"') faults.add(`its quotes are ${char} and not "`)
    const end = endOf(text, at + 1, close)
    if (end === undefined) return undefined
    const inner = text.slice(at + 1, end)
    if (LONE_BACKSLASH.test(inner)) faults.add('a backslash is not doubled')
    words.push(plain(inner))
    wantsComma = true
    at = skipBlanks(text, end + 1)
  }
  if (text[at] !== ']' || skipBlanks(text, at + 1) < text.length || !words.length || !faults.size) return undefined
  return { words, fault: [...faults].join(' and ') }
}

function endOf(text: string, from: number, close: string): number | undefined {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === close) return at
  }
  return undefined
}

const LONE_BACKSLASH = /^(?:[^\\]|\\["\\/bfnrtu])*\\[^"\\/bfnrtu]/

/** With one backslash that JSON does not know, all of them are parts of a path. */
function plain(inner: string): string {
  const isPath = LONE_BACKSLASH.test(inner)
  return inner.replace(/\\(.)/gs, (all, char: string) => {
    if (char === '\\' || char === '"' || char === "'") return char
    if (isPath) return all
    return char === 'n' ? '\n' : char === 't' ? '\t' : char === '/' ? '/' : all
  })
}

function skipBlanks(text: string, from: number): number {
  let at = from
  while (at < text.length && (text[at] === ' ' || text[at] === '\t' || text[at] === '\n' || text[at] === '\r')) at++
  return at
}
