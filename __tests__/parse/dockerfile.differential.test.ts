import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { DockerfileParser } from 'dockerfile-ast'
import fc from 'fast-check'
import type { Dockerfile, Instruction, Place, Text } from '../../src/model.js'
import { readDockerfile } from '../../src/parse/dockerfile.js'
import { SourceText, withoutMark } from '../../src/parse/text.js'
import { anyDockerfile as anyText } from './any-dockerfile.js'

const folder = '../shared/conformance'
const suites = ['hadolint', 'buildkit', 'trivy-docker', 'checkov-dockerfile']
const inConformance = existsSync(folder) ? describe : describe.skip

/** Where the oracle and BuildKit part ways; every reason is a rule of BuildKit's own parser. */
const apart: [reason: string, is: (text: string) => boolean][] = [
  ['a doubled escape character continues nothing', text => /\\\\[ \t]*\r?$|``[ \t]*\r?$/m.test(text)],
  ['a descriptor before << belongs to the heredoc', text => /(^|\s)\d+<</m.test(text)],
  ['a quoted heredoc name may hold blanks, and any quote in the word counts', text => /<<-?[^\s<]*["'\\]/.test(text)],
  ['an open quote before << means that there is no heredoc', text => /<</.test(text) && /["']/.test(text)],
  ['what follows << up to the blank is the name, punctuation included', text => /<<-?[^\s<]*[^\s\w<]/.test(text)],
  ['a directive with an unknown name does not end the directives', text => /^\s*#\s*\w+\s*=/.test(text)],
  ['an escape character alone on its line is no instruction', text => /^\s*[\\`]\s*$/m.test(text)],
  [
    'an instruction that goes on past the end ends where it says something',
    text => /[\\`]\s*$/.test(withoutTail(text))
  ],
  ['a second escape character after blanks goes on too', text => /[\\`][ \t]+[\\`][ \t]*\r?$/m.test(text)],
  ['an escaped blank is the end of the flags', text => /--\S+[ \t]+[\\`][ \t]+--/.test(text)],
  ['a lone carriage return is a blank', text => /\r(?!\n)/.test(text)]
]
/** Without the comments and blank lines at the end. */
function withoutTail(text: string): string {
  const lines = text.split('\n')
  while (lines.length && /^\s*(#|$)/.test(lines.at(-1) ?? '')) lines.pop()
  return lines.join('\n')
}
const explained = (text: string) => apart.some(([, is]) => is(text))

interface Seen {
  keyword: string
  lines: [number, number]
  text: string
}

function ours(text: string): Seen[] {
  return readDockerfile('Dockerfile', text).instructions.map(({ keyword, at, body }) => ({
    keyword,
    lines: [at.line, at.endLine],
    text: bare(body.value)
  }))
}

/** The oracle's range of the arguments, heredoc bodies and all that is no argument taken out. */
function theirs(text: string): Seen[] {
  const source = new SourceText('', text)
  return DockerfileParser.parse(text)
    .getInstructions()
    .map(instruction => {
      const { start, end } = instruction.getRange()
      const content = instruction.getArgumentsRange()
      const from = content ? source.offset(content.start.line + 1, content.start.character + 1) : 0
      const to = content ? source.offset(content.end.line + 1, content.end.character + 1) : 0
      return {
        keyword: instruction.getKeyword(),
        lines: [start.line + 1, end.line + 1],
        text: bare(text.slice(from, to))
      }
    })
}

/** Without blanks, comments, continuations and what follows the first line that does not go on. */
function bare(text: string): string {
  const kept: string[] = []
  for (const [index, line] of text.split('\n').entries()) {
    if (index > 0 && /^\s*(#|$)/.test(line)) continue
    kept.push(line.replace(/[\\`]?\s*$/, ''))
    if (!/[\\`][ \t\r]*$/.test(line)) break
  }
  return kept.join('').replace(/\s/g, '')
}

function dockerfiles(): string[] {
  const texts = new Set<string>()
  for (const suite of suites)
    for (const line of readFileSync(`${folder}/${suite}.jsonl`, 'utf8').split('\n').filter(Boolean)) {
      const { files } = JSON.parse(line) as { files: Record<string, string> }
      for (const [path, text] of Object.entries(files))
        if (/dockerfile|containerfile/i.test(path) && !/ignore$/.test(path)) texts.add(withoutMark(text))
    }
  return [...texts]
}

inConformance('against dockerfile-ast, the parser', () => {
  test('sees the same instructions in every Dockerfile of the conformance data', () => {
    const all = dockerfiles()
    const compared = all.filter(text => !explained(text))
    expect(compared.filter(text => !same(text))).toEqual([])
    // What is explained must stay the exception.
    expect(compared.length / all.length).toBeGreaterThan(0.95)
  })

  test('sees the same instructions in mutated ones', () => {
    const random = randomFrom(20261120)
    const all = dockerfiles()
    const differing: string[] = []
    for (let round = 0; round < 2000; round++) {
      const text = mutated(all[Math.floor(random() * all.length)]!, random)
      if (!explained(text) && !same(text)) differing.push(text)
    }
    expect(differing).toEqual([])
  })
})

const same = (text: string) => JSON.stringify(ours(text)) === JSON.stringify(theirs(text))

/** Lines doubled, dropped and swapped, and what matters to the line rules put in: nothing that `apart` names. */
function mutated(text: string, random: () => number): string {
  const lines = text.split('\n')
  const pick = (count: number) => Math.floor(random() * count)
  for (let round = 0; round <= pick(4); round++) {
    const at = pick(lines.length)
    const line = lines[at] ?? ''
    const turns = [
      () => lines.splice(at, 1),
      () => lines.splice(at, 0, line),
      () => lines.splice(at, 0, '# comment'),
      () => lines.splice(at, 0, ''),
      () => lines.splice(at, 0, 'RUN echo one \\', '  two'),
      () => lines.splice(at, 0, 'RUN cat <<EOF', 'USER root', 'EOF'),
      () => lines.splice(at, 1, `${line} \\`),
      () => lines.splice(at, 1, `  ${line.toLowerCase()}`),
      () => lines.splice(at, 1, `${line}\t `),
      () => lines.splice(at, 1, line.slice(0, pick(line.length)))
    ]
    turns[pick(turns.length)]!()
  }
  return lines.join(random() < 0.1 ? '\r\n' : '\n')
}

function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

// ---------------------------------------------------------------- any text

function* textsOf(instruction: Instruction): Iterable<Text> {
  yield instruction.body
  yield* instruction.args
  for (const flag of instruction.flags) yield flag.value
  for (const pair of instruction.pairs) {
    yield pair.name
    if (pair.value) yield pair.value
  }
  for (const heredoc of instruction.heredocs) yield heredoc.body
  if (instruction.script) yield instruction.script.text
}

function* placesOf(file: Dockerfile): Iterable<Place> {
  for (const directive of file.directives) yield directive.at
  for (const comment of file.comments) yield comment.at
  for (const outer of file.instructions)
    for (const instruction of outer.onbuild ? [outer, outer.onbuild] : [outer]) {
      yield instruction.at
      yield instruction.keywordAt
      for (const flag of instruction.flags) yield flag.at
      for (const pair of instruction.pairs) yield pair.at
      for (const heredoc of instruction.heredocs) yield heredoc.at
      for (const text of textsOf(instruction)) {
        yield text.at
        for (const at of [0, text.value.length >> 1, text.value.length]) yield text.part(at)
        yield text.part(0, text.value.length)
      }
    }
}

test('any text is read, and every place lies inside it', () => {
  fc.assert(
    fc.property(anyText, text => {
      const source = new SourceText('Dockerfile', text)
      for (const at of placesOf(readDockerfile('Dockerfile', text))) {
        const from = source.offset(at.line, at.column)
        const to = source.offset(at.endLine, at.endColumn)
        if (!(at.line >= 1 && at.column >= 1 && at.endLine <= source.lineCount && from <= to && to <= text.length))
          throw new Error(JSON.stringify(at))
      }
    }),
    { numRuns: 1500, seed: 7 }
  )
})

test('what is written where an instruction says its keyword is, is the keyword', () => {
  fc.assert(
    fc.property(anyText, text => {
      const source = new SourceText('Dockerfile', text)
      for (const { keyword, keywordAt, body } of readDockerfile('Dockerfile', text).instructions) {
        if (keywordAt.line === keywordAt.endLine) expect(source.slice(keywordAt).toUpperCase()).toBe(keyword)
        expect(source.slice(body.at)).toHaveLength(body.value.length)
      }
    }),
    { numRuns: 500, seed: 8 }
  )
})
