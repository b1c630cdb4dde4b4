import { byObject } from './cache.js'
import type { Command, Edit, Word } from './model.js'
import { afterOf } from './query.js'

/** A program that a command starts, with the wrappers before it peeled: `sudo -E timeout 9 curl -k x` starts curl. */
export interface Program {
  /** Last path part of its word, without .exe; '' when it is computed. */
  name: string
  /** All words of it, its own first. */
  words: Word[]
  args: Word[]
}

/** The program that does the work of a command. A module of Python counts as the program: `python3 -m pip`. */
export const programOf = byObject(read)

/** Wrappers in wrappers; more are no hand-written ones. */
const MAX_PEELED = 10

function read({ name, words }: Command): Program {
  let program: Program = { name: plain(name), words, args: words.slice(1) }
  for (let peeled = 0; peeled < MAX_PEELED; peeled++) {
    const from = startOf(program)
    const first = program.words[from]
    if (!from || !first) return program
    const inner = program.words.slice(from)
    program = { name: first.literal ? plain(baseName(first.value)) : '', words: inner, args: inner.slice(1) }
  }
  return program
}

/** Options with a value of their own, by wrapper, and how many words stand before the program. */
const WRAPPERS = new Map<string, { valued: string; operands?: number }>([
  ['sudo', { valued: '-u -g -h -p -C -r -t -U -D --user --group' }],
  ['doas', { valued: '-u -C' }],
  ['env', { valued: '-u -C -S --unset --chdir' }],
  ['time', { valued: '-f -o' }],
  ['nohup', { valued: '' }],
  ['exec', { valued: '-a' }],
  ['nice', { valued: '-n --adjustment' }],
  ['ionice', { valued: '-c -n' }],
  ['stdbuf', { valued: '-i -o -e' }],
  ['timeout', { valued: '-s -k --signal --kill-after', operands: 1 }],
  ['xargs', { valued: '-n -P -I -L -d -E -s -a --max-args --max-procs' }],
  ['gosu', { valued: '', operands: 1 }],
  ['su-exec', { valued: '', operands: 1 }],
  ['chroot', { valued: '', operands: 1 }],
  ['retry', { valued: '-t --tries -d --delay --times --min --max' }],
  ['eatmydata', { valued: '' }],
  ['proxychains4', { valued: '-f' }]
])

/** Index of the word that a wrapper starts; 0 where the program is none. */
function startOf({ name, words }: Program): number {
  if (/^(python|pypy)[\d.]*$/.test(name)) return words[1]?.value === '-m' ? 2 : 0
  if (name === 'command' || name === 'builtin') return words[1]?.value.startsWith('-') ? 0 : 1
  const wrapper = WRAPPERS.get(name)
  if (!wrapper) return 0
  const valued = wrapper.valued.split(' ')
  let at = 1
  while (at < words.length) {
    const { value } = words[at]!
    if (valued.includes(value)) at += 2
    else if (value === '--') {
      at++
      break
    } else if (value.startsWith('-') || ((name === 'env' || name === 'sudo') && isSetting(value))) at++
    else break
  }
  return at + (wrapper.operands ?? 0)
}

const isSetting = (word: string): boolean => /^[A-Za-z_]\w*=/.test(word)
const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
const plain = (name: string): string => name.replace(/\.exe$/i, '')

/**
 * Edits that take some words out of a command, each with the blanks before it; the first word stays. Undefined where a
 * comment stands between the lines: what is left might not end where it did.
 */
export function without(words: Word[], unwanted: readonly Word[]): Edit[] | undefined {
  const gone = new Set(unwanted)
  const edits: Edit[] = []
  for (let at = 1; at < words.length; at++) {
    if (!gone.has(words[at]!)) continue
    let last = at
    while (words[last + 1] && gone.has(words[last + 1]!)) last++
    const from = words[at - 1]!.at
    const to = words[last]!.at
    if (words[at]!.at.line - from.endLine > 1) return undefined
    edits.push({ at: { ...afterOf(from), endLine: to.endLine, endColumn: to.endColumn }, text: '' })
    at = last
  }
  return edits
}

/** Is an option among single letters, `k` in `-sLk`? `valued` are the letters that take the rest for their value. */
export function hasLetter(word: string, letter: string, valued: string): boolean {
  if (!/^-[A-Za-z0-9#]/.test(word)) return false
  for (const each of word.slice(1)) {
    if (each === letter) return true
    if (valued.includes(each)) return false
  }
  return false
}
