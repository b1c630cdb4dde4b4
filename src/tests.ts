import { byObject } from './cache.js'
import type { LanguageGlobs } from './data/source-globs.js'
import type { Place, TestFile } from './model.js'
import { languageOf } from './paths.js'

/** What a test file says, line by line. */
export interface TestText {
  path: string
  /** As written, without blanks at the ends. */
  lines: string[]
  /** Test cases by the line that names each. */
  cases: Case[]
  /** What switches tests off, or all others. */
  marks: Mark[]
  /** Lines that hold something against what is expected. */
  assertions: string[]
  /** What stands in comments, line by line, as if it were code. */
  comments: { name: string; line: number }[]
  /** Lines of code by what they say without marks. */
  unmarked: Set<string>
}
export interface Case {
  /** The line that names it, without marks: the same wherever the case moves. */
  name: string
  line: number
}
export interface Mark {
  text: string
  at: Place
  line: string
  only: boolean
  /** What it switches off, without marks: a case, a block, the function around it. */
  subject: string
}

/** Reads a test file, once; undefined where its language is not known well enough. */
export const readTests = byObject((file: TestFile): TestText | undefined => {
  const language = languageOf(file.path)
  const read = language && textOf(file, language)
  return read
})

/** Longer lines are written by programs. */
const MAX_LINE = 1000

function textOf({ path, text }: TestFile, facts: LanguageGlobs): TestText {
  const { code, comments } = blanked(text, facts.language)
  const raw = text.split('\n')
  const lines = code.split('\n').map(line => (line.length > MAX_LINE ? '' : line.trimEnd()))
  const caseOf = CASES[facts.language]
  const marksOf = patternsOf(facts)
  const test: TestText = {
    path,
    lines: raw.map(line => line.trim()),
    cases: [],
    marks: [],
    assertions: [],
    comments,
    unmarked: new Set()
  }
  const nameAt = (line: number) => named(raw[line] ?? '')
  // The nearest line above that is less far in.
  const around: number[] = []
  const parents = lines.map((line, i) => {
    if (!line) return around.at(-1)
    while (around.length && indentOf(lines[around.at(-1)!]!) >= indentOf(line)) around.pop()
    const parent = around.at(-1)
    around.push(i)
    return parent
  })
  const below = (i: number) => {
    for (let j = i + 1; j < Math.min(lines.length, i + 20); j++) if (lines[j] && !ANNOTATION.test(lines[j]!)) return j
    return i
  }
  for (const [i, line] of lines.entries()) {
    if (!line) continue
    const found = marksOf(line, raw[i]!)
    const isAnnotation = ANNOTATION.test(line)
    if (caseOf?.test(line)) test.cases.push({ name: nameAt(isAnnotation ? below(i) : i), line: i + 1 })
    if (ASSERTION.test(line) && !IMPORT.test(line)) test.assertions.push(raw[i]!.trim())
    if (!found) {
      test.unmarked.add(nameAt(i))
      continue
    }
    const parent = parents[i]
    // What depends on circumstances switches nothing off for good.
    if (CONDITIONAL.test(line) || CONDITION_FIRST.test(line.slice(found.from))) continue
    let subject = i
    if (isAnnotation) subject = below(i)
    else if (!caseOf?.test(line) && !BLOCK.test(line)) {
      // An option belongs to the case that it stands at; elsewhere these words are about something else.
      if (/^[,:]|^\w+:/.test(line.slice(found.from))) continue
      if (parent === undefined || CONDITION.test(lines[parent]!)) continue
      subject = parent
    }
    const at = { path, line: i + 1, column: found.from + 1, endLine: i + 1, endColumn: found.to + 1 }
    test.marks.push({
      text: raw[i]!.slice(found.from, found.to).replace(/[\s("'`]+$/, ''),
      at,
      line: raw[i]!.trim(),
      only: found.only,
      subject: nameAt(subject)
    })
  }
  return test
}

const indentOf = (line: string) => line.length - line.trimStart().length

const ANNOTATION = /^\s*(@(?!test\b)\w[\w.:]*(\s*\(.*|\s+:?\w+(:\s.*)?)?|#?\[.*\]\s*|\^:[\w/]+)$/
const CONDITIONAL =
  /skip_?(if|unless)|importorskip|run_?if|ignoreif|\brequires\b|(?:^|[\s);}])(if|unless|when|else|case)\b/i
// Playwright's test.skip(isMobile, 'reason') inside a test.
const CONDITION_FIRST = /^\w+\.(skip|fixme)\s*\(\s*[^\s"'`)]/
const CONDITION =
  /(?:^|[\s});])(if|else|elif|elsif|unless|case|cond|when|default|switch|match|guard|try|catch|except|rescue|ensure|for|foreach|while|with|select)\b/
const BLOCK = /(?<![\w.])[xfXPF]?(describe|context|suite|class|module|func|fun|def|function|Describe|Context|When)\b/

/** What a line names, without what switches tests off or on and without parameters: it is the same before and after. */
function named(line: string): string {
  const bare = line
    .slice(0, MAX_LINE)
    .trim()
    .replace(/^((public|protected|private|static|final|async|override|suspend|internal)\s+)+/, '')
    .replace(/\.(skip|only|todo|fixme|failing|ignore)\b/g, '')
    .replace(
      /^(?:[xf](?=(?:it|test|describe|context|specify|example|feature|scenario)\b)|[XPF](?=(?:It|Describe|Context|When|Entry)\b))/,
      ''
    )
    .replace(/\bDISABLED_/g, '')
    .replace(/\(\s*Skip\s*=\s*"[^"]*"\s*\)/, '')
    .replace(/^(pending|ignore)(?=[\s(]*["'])/, 'it')
    .replace(/\s+/g, ' ')
  const title = /^[^"'`]{0,80}(["'`])(?:\\.|(?!\1).)*\1/.exec(bare)
  return title?.[0] ?? /^.{0,40}?\b(?:def|func|fun|fn|function|void)\s+\w+(?=\s*\()/.exec(bare)?.[0] ?? bare
}

// ---------------------------------------------------------------- what tests are written like

/** How a case begins, in languages where a line tells. */
const CASES: Record<string, RegExp> = {
  javascript: /(?<![\w.$])[xf]?(it|test|specify)(\.\w+)*\s*[(`]/,
  python: /^\s*(async\s+)?def\s+test\w*\s*\(/,
  go: /^func\s+(Test|Example|Fuzz)\w*\s*\(|(?<![\w.])[XPF]?(It|Entry|Specify)\(/,
  rust: /^\s*#\[(\w+::){0,4}test\b/,
  java: /^\s*@(Test|ParameterizedTest|RepeatedTest|TestFactory|TestTemplate)\b/,
  kotlin: /^\s*@(Test|ParameterizedTest|RepeatedTest|TestFactory)\b/,
  scala: /(?<![\w.])(test|it)\s*\(|\bit\s+should\b|^\s*@Test\b/,
  csharp: /^\s*\[(Fact|Theory|Test|TestMethod|TestCase|DataTestMethod)\b/,
  ruby: /^\s*[xf]?(it|specify|scenario|example|test)\b(?!\s*=)|^\s*def\s+test_\w+/,
  php: /\bfunction\s+test\w*\s*\(|^\s*#\[Test\b|^\s*(it|test)\s*\(/,
  elixir: /^\s*(test|property)\s+"/,
  c: /\b(TEST|TEST_F|TEST_P|TYPED_TEST|TEST_CASE|SCENARIO|BOOST_AUTO_TEST_CASE)\s*\(/,
  swift: /\bfunc\s+test\w*\s*\(|^\s*@Test\b/,
  dart: /(?<![\w.])(test|testWidgets)\s*\(/,
  r: /(?<![\w.])test_that\s*\(/,
  clojure: /\(deftest\b/,
  lua: /(?<![\w.])it\s*\(/,
  crystal: /^\s*it\s+"/,
  solidity: /\bfunction\s+test\w*\s*\(/,
  shell: /^\s*@test\s|(?<!\w)(It|Specify)\s+['"]/
}

const ASSERTION =
  /\b([aA]ssert\w*|refute\w*|must_\w+|raises|shouldBe\w*)\b|\bexpect(\w{0,30}\s*[({]|\b)|\bshould(_not|_receive|_raise)?\b|\brequire\.\w+\(|\bverify\s*\(|\b(EXPECT|ASSERT|REQUIRE|CHECK)(_\w+)?\s*\(|\bExpect\(|\bt\.(Error|Errorf|is|true|deepEqual|throws)\(/
const IMPORT = /^\s*(import|from|using|use|require|#include)\b/

interface Found {
  from: number
  to: number
  only: boolean
}
const compiled = new Map<LanguageGlobs, (line: string, raw: string) => Found | undefined>()

function patternsOf(facts: LanguageGlobs): (line: string, raw: string) => Found | undefined {
  const before = compiled.get(facts)
  if (before) return before
  const rows = [
    ...(facts.skip ?? []).map(match => ({ match, only: false })),
    ...(facts.only ?? []).map(match => ({ match, only: true }))
  ].map(({ match, only }) => ({ pattern: new RegExp(match), only, inComment: match.startsWith('^//') }))
  const [inCode, inComment] = [false, true].map(which => {
    const all = rows.filter(row => row.inComment === which).map(({ pattern }) => `(?:${pattern.source})`)
    return all.length ? new RegExp(all.join('|')) : undefined
  })
  const find = (line: string, raw: string) => {
    // One question for nearly all lines.
    if (!inCode?.test(line) && !inComment?.test(raw)) return undefined
    for (const { pattern, only, inComment } of rows) {
      const hit = pattern.exec(inComment ? raw : line)
      if (!hit) continue
      const from = hit.index + indentOf(hit[0])
      return { from, to: hit.index + hit[0].length, only }
    }
    return undefined
  }
  compiled.set(facts, find)
  return find
}

// ---------------------------------------------------------------- comments and strings

interface Syntax {
  line: string[]
  block?: [string, string]
  /** Quotes that end with their line; `'` is a letter's quote in the others. */
  quotes: string
  /** Quotes that go on over lines. */
  long: string[]
}
const C_LIKE: Syntax = { line: ['//'], block: ['/*', '*/'], quotes: '"', long: [] }
const HASH: Syntax = { line: ['#'], quotes: '"\'', long: [] }
const SYNTAX: Record<string, Syntax> = {
  javascript: { ...C_LIKE, quotes: '"\'', long: ['`'] },
  dart: { ...C_LIKE, quotes: '"\'', long: ["'''", '"""'] },
  go: { ...C_LIKE, long: ['`'] },
  java: { ...C_LIKE, long: ['"""'] },
  kotlin: { ...C_LIKE, long: ['"""'] },
  scala: { ...C_LIKE, long: ['"""'] },
  groovy: { ...C_LIKE, quotes: '"\'', long: ["'''", '"""'] },
  csharp: { ...C_LIKE, long: ['"""'] },
  swift: { ...C_LIKE, long: ['"""'] },
  php: { line: ['//', '#'], block: ['/*', '*/'], quotes: '"\'', long: [] },
  python: { ...HASH, long: ['"""', "'''"] },
  elixir: { ...HASH, long: ['"""', "'''"] },
  julia: { line: ['#'], quotes: '"', long: ['"""'] },
  ruby: { ...HASH, block: ['\n=begin', '\n=end'] },
  clojure: { line: [';'], quotes: '"', long: [] },
  lua: { line: ['--'], block: ['--[[', ']]'], quotes: '"\'', long: [] },
  sql: { line: ['--'], block: ['/*', '*/'], quotes: '"\'', long: [] },
  haskell: { line: ['--'], block: ['{-', '-}'], quotes: '"', long: [] },
  elm: { line: ['--'], block: ['{-', '-}'], quotes: '"', long: ['"""'] },
  ocaml: { line: [], block: ['(*', '*)'], quotes: '"', long: [] },
  erlang: { line: ['%'], quotes: '"', long: [] }
}
const HASHED = new Set(['shell', 'perl', 'r', 'crystal', 'nim', 'powershell', 'terraform', 'ansible', 'helm'])

/**
 * The text with comments and what is inside of quotes blanked, offsets and lines as they were; and what the comments say.
 * One pass; a quote that is not closed ends with its line, so that a mistake costs a line at most.
 */
function blanked(text: string, language: string): { code: string; comments: TestText['comments'] } {
  const { line, block, quotes, long } = SYNTAX[language] ?? (HASHED.has(language) ? HASH : C_LIKE)
  const parts: string[] = []
  const comments: TestText['comments'] = []
  let kept = 0
  let number = 1
  const blank = (from: number, to: number) => {
    parts.push(
      text.slice(kept, from),
      text.slice(from, to).replace(/[^\n]+/g, part => ' '.repeat(part.length))
    )
    kept = to
  }
  const endOf = (closer: string, from: number) => {
    const at = text.indexOf(closer, from)
    return at < 0 ? text.length : at
  }
  const starts = new Set([...line, ...(block ? [block[0]] : []), ...long, ...quotes, '\n'].map(mark => mark[0]))
  const isJavaScript = language === 'javascript'
  // The last sign of code: a slash after it may begin a regular expression.
  let last = ''
  let lineBreak = text.indexOf('\n')
  const lineAt = (offset: number) => {
    for (; lineBreak >= 0 && lineBreak < offset; lineBreak = text.indexOf('\n', lineBreak + 1)) number++
    return number
  }
  const note = (from: number, to: number) => {
    const first = lineAt(from)
    for (const [i, each] of text.slice(from, to).split('\n').entries()) {
      if (each.length > MAX_LINE) continue
      const words = each
        .replace(/\*\/\s*$/, '')
        .trim()
        .replace(/^(\/\/+|\/\*+|#+|--+|;+|%+|\{-|\(\*|\*(?!\w))\s?/, '')
        .trim()
      if (words) comments.push({ name: named(words), line: first + i })
    }
  }
  for (let at = 0; at < text.length; ) {
    const sign = text[at]!
    if (!starts.has(sign) && !(isJavaScript && sign === '/')) {
      if (sign !== ' ' && sign !== '\t') last = sign
      at++
      continue
    }
    if (block && text.startsWith(block[0], at)) {
      const close = text.indexOf(block[1], at + block[0].length)
      const to = close < 0 ? text.length : close + block[1].length
      note(at, to)
      blank(at, to)
      at = to
      continue
    }
    // PHP's and Rust's attributes begin with the sign of a comment; in a shell a comment follows a blank.
    const marker = line.find(mark => text.startsWith(mark, at))
    const isComment =
      marker !== undefined &&
      !(language === 'php' && text.startsWith('#[', at)) &&
      !(marker === '#' && (language === 'shell' || language === 'perl') && /\S/.test(text[at - 1] ?? ' '))
    if (isComment) {
      const to = endOf('\n', at)
      note(at, to)
      blank(at, to)
      at = to
      continue
    }
    const fence = long.find(mark => text.startsWith(mark, at))
    if (fence !== undefined) {
      let to = at + fence.length
      for (;;) {
        const close = text.indexOf(fence, to)
        if (close < 0) to = text.length
        else if (language !== 'go' && text[close - 1] === '\\') {
          to = close + 1
          continue
        } else to = close
        break
      }
      blank(at + fence.length, to)
      at = Math.min(text.length, to + fence.length)
      last = '"'
      continue
    }
    if (isJavaScript && sign === '/' && (last === '' || '(,=:[!&|?{};+'.includes(last))) {
      const to = closing(text, at + 1, '/')
      blank(at + 1, to)
      at = to + 1
      last = '/'
      continue
    }
    // A quote as a letter: '"'.
    const isLetter = text[at + 1] === "'" && /^.?'\\?$/.test(text.slice(Math.max(0, at - 2), at))
    if (quotes.includes(sign) && !(sign === '"' && isLetter)) {
      const to = closing(text, at + 1, sign)
      blank(at + 1, to)
      at = text[to] === sign ? to + 1 : to
      last = '"'
      continue
    }
    if (sign !== '\n') last = sign
    at++
  }
  return { code: parts.join('') + text.slice(kept), comments }
}

/** Offset of the quote that closes, or of the end of the line. */
function closing(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\n' || text[at] === quote) return at
    if (text[at] === '\\') at++
  }
  return text.length
}
