import { expect, test } from '@jest/globals'
import type { Rule } from '../../../src/model.js'
import duplicate from '../../../src/rules/workflow/duplicate-matrix-value.js'
import exclude from '../../../src/rules/workflow/idle-matrix-exclude.js'
import { places } from '../../helpers.js'

const matrix = (text: string) => ({
  '.github/workflows/a.yml': `on: push\njobs:\n  a:\n    runs-on: x\n    strategy:\n      matrix:\n${text.replace(/^/gm, '        ')}\n`
})

test.each<[string, Rule, string, string[]]>([
  ['a value twice', duplicate, 'node: [20, 22, 20]', ['7:24']],
  ['one number in two forms', duplicate, 'go: [1.2, 1.20]', ['7:19']],
  ['versions in quotes', duplicate, "go: ['1.2', '1.20']", []],
  ['objects in another order', duplicate, 'x: [{ a: 1, b: 2 }, { b: 2, a: 1 }]', ['7:29']],
  ['expressions', duplicate, "x: ['${{ inputs.a }}', '${{ inputs.a }}']", []],
  ['a key that is not there', exclude, 'os: [a]\nexclude:\n  - arch: x', ['9:13']],
  ['a key that is included', exclude, 'os: [a]\ninclude:\n  - arch: x\nexclude:\n  - arch: x', []],
  ['a value that is not there', exclude, 'os: [a, b]\nexclude:\n  - os: c', ['9:17']],
  ['a value that is there', exclude, 'os: [a, b]\nexclude:\n  - os: b', []],
  ['a part of an object', exclude, 'os: [{ n: a, v: 1 }]\nexclude:\n  - os: { v: 1 }', []],
  ['another part', exclude, 'os: [{ n: a, v: 1 }]\nexclude:\n  - os: { v: 2 }', ['9:17']],
  ['a list of other length', exclude, 'os: [[a, b]]\nexclude:\n  - os: [a]', ['9:17']],
  ['a row that is computed', exclude, 'os: ${{ fromJSON(inputs.os) }}\nexclude:\n  - os: c', []],
  ['what is included is computed', exclude, 'os: [a]\ninclude: ${{ fromJSON(inputs.i) }}\nexclude:\n  - os: c', []],
  ['no rows at all', exclude, 'exclude:\n  - os: c', ['7:9']]
])('%s', async (_, rule, text, expected) => expect(await places(rule, matrix(text))).toEqual(expected))
