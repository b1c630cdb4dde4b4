import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Yaml, YamlDocument } from '../../src/model.js'
import { SourceText } from '../../src/parse/text.js'
import { readWithLibrary } from '../../src/parse/yaml-library.js'
import { readPlain } from '../../src/parse/yaml-plain.js'

/** Everything a document says, places of parts included, so that two of them can be compared. */
const normal = (documents: YamlDocument[]) =>
  documents.map(({ root, errors, comments }) => ({ root: root && seen(root), errors, comments }))

function seen(yaml: Yaml): unknown {
  const { kind, at, tag, anchor } = yaml
  const shared = { kind, at, tag, anchor }
  if (yaml.kind === 'list') return { ...shared, items: yaml.items.map(seen) }
  if (yaml.kind === 'map') {
    const entries = yaml.entries.map(({ key, value }) => [seen(key), seen(value), yaml.get(key.value)?.at])
    return { ...shared, entries }
  }
  const { value, data, style } = yaml
  const offsets = [0, 1, value.length >> 1, value.length - 1, value.length].filter(offset => offset >= 0)
  const parts = offsets.map(offset => [yaml.part(offset), yaml.part(offset, Math.min(offset + 3, value.length))])
  return { ...shared, value, data, style, parts }
}

/** Compares the two readers on a text. Answers whether ours reads it. */
function agree(text: string, merge = false): boolean {
  const source = new SourceText('x.yml', text)
  const plain = readPlain(source, merge)
  if (plain) expect({ text, read: normal(plain) }).toEqual({ text, read: normal(readWithLibrary(source, merge)) })
  return plain !== undefined
}

const ordinary: [what: string, text: string][] = [
  [
    'a workflow',
    `# Runs on every change.
name: CI
on:
  pull_request:
  push:
    branches: [main, 'release/**']   # both
permissions: {}

jobs:
  test:
    # needs nothing
    runs-on: ubuntu-latest
    timeout-minutes: 10
    strategy:
      matrix:
        node: [20, 22.0, "24"]
        include:
          - node: 20
            os: windows
          -   node: 22
              os: macos
    steps:
      - uses: actions/checkout@v6
      - name: "Say \\"hello\\""
        if: \${{ github.event_name == 'push' }}
        run: |
          echo one

            echo two   
          # not a comment
      # about the next step
      - run: >-
          npm test
          --all

          -- more
        env: { A: 1, 'B': "two", "C":3 }
  # at the end of the jobs
# at the end
`
  ],
  [
    'manifests',
    `---
# first
apiVersion: v1
kind: List
items:
- a
-
- b: 1
  c:
  - 2
# between
---
---
kind: Pod
spec:
    containers:
        - name: it
          args: ["--x", --y=1,
                 'z']
          command:
          - sh
          - -c
---
`
  ],
  [
    'JSON',
    '{\n\t"name": "x",\n\t"scripts": {"test": "node --test", "a": "b\\u0041"},\n\t"list": [1, true, null, {}, []]\n}\n'
  ],
  [
    'numbers and words',
    'a: 1.10\nb: 0x1f\nc: 0o17\nd: -1e3\ne: .inf\nf: -.INF\ng: .nan\nh: ~\ni: null\nj: yes\nk: True\nl: +1\nm: 1.\nn: .5\no: 2026-11-20\np: 1_000\nq: nullable\nr: nUll\n'
  ],
  ['odd but plain texts', 'a: b:c\nb: -x\nc: ?x\nd: :x\ne: a#b\nf: a - b\ng: it\'s "so"\nh: a, [b] {c}\ni: 1.2.3\n'],
  ['plain text over lines', 'a: one\n  two\n\n\n   three # c\nb:\n  four\n five\nc: 6\n'],
  ['quoted texts over lines', "a: \"one\n  two\n\n  three\"\nb: 'one \n\n   it''s'\n"],
  ['escapes', 'a: "\\t\\x41\\u00e9\\U0001F600\\\\ \\/\\" \\_"\n'],
  ['escapes over lines', 'a: "one\\n\\\n  two \\\n  \\ three\\t \n\n  four\\\\"\n'],
  ['quoted keys', "\"a b\": 1\n'c''d': 2\n"],
  [
    'block scalars',
    'a: |-\n\n  one\n   two\n\n  three\n\n\nb: |+\n  x\n\n\nc: >\n  a\n  b\n\n   more\n   more\n\n  c\nd: |2\n    x\n   y\ne: >+ # c\n  z\n'
  ],
  ['a block scalar with tabs', 'a: |\n  all:\n  \tmake\n'],
  ['a block scalar at the very end', 'a:\n  - |\n    x'],
  ['empty values', 'a:\nb: # c\nc:   \nd:\n  e:\n\n  # in e\n# too\nf:\n-\n- # g\n-   \n'],
  ['comments further left', 'a:\n  b:\n    c: 1\n# left\n    d: 2\n  # less\n  e: 3\n'],
  ['comments further right', 'a:\n  - b: 1\n      # right\n\n        # right\n   # less\n # least\n'],
  ['comments that stay inside', 'a:\n  b:\n    c: 1\n    # c\n  # b\nd: 1 # d\n    # e\n'],
  ['comments after a block scalar', 'a:\n  b: |\n    x\n   # y\n  # z\n'],
  ['lists in lists', '- - a\n  - - b\n    - c\n- - d\n'],
  ['flow collections over lines', 'a: [\n  1, # one\n  {b: c,\n   d: [e]},\n]\nf: {\n  g: h\n}\n'],
  ['a merge key without an alias', 'a:\n  <<: {b: 1, c: 2}\n  c: 3\n'],
  ['equal keys', 'a: 1\na: 2\n'],
  ['no line break at the end', 'a: 1'],
  ['an end of the document', '---\na: 1\n...\n\n'],
  ['a key of almost 1,000 characters', `${'k'.repeat(990)}: 1\n`]
]

test.each(ordinary)('it reads %s as the library does', (_, text) => {
  expect(agree(text)).toBe(true)
  expect(agree(text, true)).toBe(true)
})

test.each([
  ['nothing', ''],
  ['only comments', '# a\n'],
  ['a lone scalar', 'a\n'],
  ['carriage returns', 'a: 1\r\nb: 2\r\n'],
  ['a mark inside', 'a: 1\n---\n\ufeffb: 1\n'],
  ['a tag', 'a: !x 1\n'],
  ['an anchor', 'a: &b 1\n'],
  ['an alias', 'a: 1\nb: *a\n'],
  ['a directive', '%YAML 1.2\n---\na: 1\n'],
  ['a complex key', '? a\n: b\n'],
  ['a flow collection as a key', '[a]: b\n'],
  ['a tab for indentation', 'a:\n\t- b\n'],
  ['a tab after a dash', '-\ta\n'],
  ['a map on the line of its key', 'a: b: c\n'],
  ['a list on the line of its key', 'a: - b\n'],
  ['a key at the wrong column', 'a:\n    b: 1\n  c: 2\n'],
  ['a key that is too deep', 'a: 1\n  b: 2\n'],
  ['a list in a map', 'a: 1\n- b\n'],
  ['a line without a colon', 'a: 1\nb\n'],
  ['an unclosed list', 'a: [1\nb: 2\n'],
  ['an unclosed quote', 'a: "b\nc: 1\n'],
  ['a quoted text that goes on too far left', 'a:\n  b: "c\n d"\n'],
  ['a text after a quote', 'a: "b" c\n'],
  ['a comment right after a bracket', 'a: [b]#c\n'],
  ['an unknown escape', 'a: "\\q"\n'],
  ['a pair in a list', 'a: [b: c]\n'],
  ['a key without a value', 'a: {b, c: d}\n'],
  ['two commas', 'a: [b,,c]\n'],
  ['a text that begins with a sign', 'a: @b\n'],
  ['a block scalar with nothing in it', 'a: |\nb: 1\n'],
  ['a block scalar with blanks before it', 'a: |\n     \n  b\n'],
  ['a strange header', 'a: |3x\n  b\n'],
  ['content on the line of a marker', '--- a\n'],
  ['a comment on the line of a marker', 'a: 1\n--- # b\nc: 1\n'],
  ['a value after a comment further left', 'a:\n#b\n  c\nd: 1\n'],
  ['an empty value before a marker', 'a:\n# b\n# c\n---\nd: 1\n'],
  ['a document after an end', 'a: 1\n...\nb: 1\n'],
  ['a comment after JSON', '{}\n# a\n'],
  ['sixty lists', '['.repeat(60) + ']'.repeat(60)],
  ['a thousand lists', '- '.repeat(1000)],
  ['a long key', `${'k'.repeat(1100)}: 1\n`]
])('it leaves %s to the library', (_, text) => expect(agree(text)).toBe(false))

test('it reads what is left of ordinary texts as the library does, if it reads it', () => {
  const texts = ordinary.map(([, text]) => text)
  const words = [
    ' ',
    '  ',
    '\n',
    ':',
    ': ',
    '- ',
    '#',
    ' #c',
    '"',
    "'",
    '[',
    ']',
    '{',
    '}',
    ',',
    '|',
    '>-',
    '\\',
    '\t',
    '---\n'
  ]
  const more = [
    '...\n',
    '? ',
    '!',
    '&a ',
    '*a',
    '%',
    'x',
    '0',
    '~',
    '\u00a0',
    '\u2028',
    '      # c\n',
    '   \n',
    '\n\n',
    ' |\n',
    '<<'
  ]
  const change = fc.record({
    at: fc.nat(999),
    gone: fc.constantFrom(0, 0, 1, 2, 5, 20),
    put: fc.constantFrom('', ...words, ...more)
  })
  let read = 0
  fc.assert(
    fc.property(fc.constantFrom(...texts), fc.array(change, { minLength: 1, maxLength: 4 }), (text, changes) => {
      let changed = text
      for (const { at, gone, put } of changes) {
        const from = Math.floor((at / 1000) * changed.length)
        changed = changed.slice(0, from) + put + changed.slice(from + gone)
      }
      if (agree(changed)) read++
    }),
    { numRuns: 1500 }
  )
  expect(read).toBeGreaterThan(200)
})

test('it reads lines in any order as the library does, if it reads them', () => {
  const lines = ordinary
    .flatMap(([, text]) => text.split('\n').map(line => line.trimStart()))
    .filter(line => line.length < 80)
  const indented = fc.tuple(fc.nat(6), fc.constantFrom(...lines)).map(([by, line]) => ' '.repeat(by) + line)
  let read = 0
  fc.assert(
    fc.property(fc.array(indented, { minLength: 1, maxLength: 6 }), some => {
      if (agree(['a:', ...some].join('\n'))) read++
    }),
    { numRuns: 3000 }
  )
  expect(read).toBeGreaterThan(100)
})

test('it needs no more than seconds for a text of any shape', () => {
  const texts = [
    (n: number) => `a:\n${'  - b: c # d\n'.repeat(n)}`,
    (n: number) => `a: 1\n${'   # note\n'.repeat(n)}`,
    (n: number) => `a: "${'\\"'.repeat(n * 5)}`,
    (n: number) => `a: b${'\n\n  c'.repeat(n * 2)}\n`,
    (n: number) => `a: [${'[b], '.repeat(n * 2)}]\n`
  ]
  for (const text of texts) {
    const source = new SourceText('x.yml', text(50_000))
    const started = performance.now()
    readPlain(source, false)
    expect(performance.now() - started).toBeLessThan(3000)
  }
})
