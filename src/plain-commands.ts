import { byObject } from './cache.js'
import type { Place, Script, Text } from './model.js'

/** A command as words, whatever the shell: of PowerShell and cmd what can be read without knowing the language. */
export interface PlainCommand {
  /** Last path part of the first word, without `.exe`. */
  name: string
  /** The first word included, quotes taken off. */
  words: { value: string; quoted: boolean; at: Place }[]
  /** The file that output goes to, as written. */
  output?: string | undefined
  at: Place
}

/** The commands of a script, cut apart once for all rules that ask. */
export const plainCommandsOf = byObject((script: Script): PlainCommand[] => {
  const { shell, text } = script
  if (shell.name === 'pwsh' || shell.name === 'cmd') return split(text, shell.name)
  return script.commands.map(command => ({
    name: command.name.replace(/\.(exe|cmd|bat)$/i, ''),
    words: command.words.map(word => ({
      value: word.value,
      quoted: false,
      // Places are found when somebody asks.
      get at() {
        return word.at
      }
    })),
    output: command.output?.value,
    get at() {
      return command.at
    }
  }))
})

/** Words of one script that are read. */
const MAX_WORDS = 20_000

/** Cuts a script at line ends, `;`, `|` and `&`, unless they are quoted or the line goes on. */
function split(text: Text, shell: 'pwsh' | 'cmd'): PlainCommand[] {
  const { value } = text
  const mark = shell === 'pwsh' ? '`' : '^'
  const ends = shell === 'pwsh' ? ';|&\n{}()' : '|&\n()'
  const found: PlainCommand[] = []
  let words: { value: string; quoted: boolean; from: number; to: number }[] = []
  let count = 0
  let at = 0
  const finish = () => {
    const redirect = words.findIndex(word => !word.quoted && /^\d?>>?$/.test(word.value))
    const own = redirect < 0 ? words : words.slice(0, redirect)
    const [first] = own
    if (first) {
      const place = text.part(first.from, words.at(-1)!.to)
      const name = first.value.slice(Math.max(first.value.lastIndexOf('/'), first.value.lastIndexOf('\\')) + 1)
      found.push({
        name: name.replace(/\.(exe|cmd|bat)$/i, ''),
        words: own.map(({ value, quoted, from, to }) => ({ value, quoted, at: text.part(from, to) })),
        output: redirect < 0 ? undefined : words[redirect + 1]?.value,
        at: place
      })
    }
    words = []
  }
  while (at < value.length && count < MAX_WORDS) {
    const char = value[at]!
    const next = value[at + 1]
    if (char === mark && (next === '\n' || next === '\r')) at += 2
    else if (char === '#' && shell === 'pwsh' && (at === 0 || /\s/.test(value[at - 1]!))) {
      const end = value.indexOf('\n', at)
      at = end < 0 ? value.length : end
    } else if (ends.includes(char)) {
      finish()
      at++
    } else if (/\s/.test(char)) at++
    else if (char === '>') {
      const to = next === '>' ? at + 2 : at + 1
      words.push({ value: value.slice(at, to), quoted: false, from: at, to })
      at = to
    } else {
      const from = at
      let word = ''
      let quoted = false
      while (at < value.length) {
        const here = value[at]!
        if (here === '"' || (here === "'" && shell === 'pwsh')) {
          const end = value.indexOf(here, at + 1)
          const stop = end < 0 ? value.length : end
          word += value.slice(at + 1, stop)
          quoted = true
          at = stop + 1
          continue
        }
        if (
          /\s/.test(here) ||
          here === '>' ||
          (ends.includes(here) && !(shell === 'pwsh' && '{}()'.includes(here) && value[at - 1] === '$'))
        )
          break
        if (here === mark && value[at + 1] !== '\n') at++
        word += value[at] ?? ''
        at++
      }
      words.push({ value: word, quoted, from, to: Math.min(at, value.length) })
      count++
    }
  }
  finish()
  return found
}
