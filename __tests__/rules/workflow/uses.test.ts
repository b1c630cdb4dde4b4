import { expect, test } from '@jest/globals'
import { inspectFiles } from '../../../src/api.js'
import type { Rule } from '../../../src/model.js'
import missingFile from '../../../src/rules/action/missing-file.js'
import removedRuntime from '../../../src/rules/action/removed-runtime.js'
import aging from '../../../src/rules/workflow/aging-action.js'
import broken from '../../../src/rules/workflow/broken-action.js'
import deprecated from '../../../src/rules/workflow/deprecated-input.js'
import invalid from '../../../src/rules/workflow/invalid-uses.js'
import missing from '../../../src/rules/workflow/missing-input.js'
import obfuscated from '../../../src/rules/workflow/obfuscated-uses.js'
import outdated from '../../../src/rules/workflow/outdated-action.js'
import pip from '../../../src/rules/workflow/pip-install-input.js'
import superfluous from '../../../src/rules/workflow/superfluous-action.js'
import unknown from '../../../src/rules/workflow/unknown-input.js'
import { found, places, problems } from '../../helpers.js'
import { applied } from './edits.js'

const PATH = '.github/workflows/a.yml'
const uses = (written: string, ...inputs: string[]) => ({
  [PATH]: `on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: ${written}\n${inputs.length ? '        with:\n' : ''}${inputs.map(input => `          ${input}\n`).join('')}`
})
const SHA = '0123456789012345678901234567890123456789'
const action = (text: string) => ({ 'setup/action.yml': `name: a\ndescription: b\n${text}\n` })
const COMPOSITE = 'runs:\n  using: composite\n  steps:\n    - run: make\n      shell: bash'
const INPUTS = `inputs:
  must: { required: true }
  has: { required: true, default: x }
  old: { deprecationMessage: Say new. }
${COMPOSITE}`
const local = (text: string, ...inputs: string[]) => ({ ...uses('./setup', ...inputs), ...action(text) })

test.each<[string, Rule, Record<string, string>, string[]]>([
  ['an input that is none', unknown, uses('actions/checkout@v4', 'depth: 0'), ['8:11']],
  ['an input in other letters', unknown, uses('actions/checkout@v4', 'Fetch-Depth: 0'), []],
  ['an action that is not known', unknown, uses('acme/checkout@v4', 'depth: 0'), []],
  ['a major that is not known', unknown, uses('actions/checkout@v99', 'depth: 0'), []],
  ['a commit that is not known', unknown, uses(`actions/checkout@${SHA}`, 'depth: 0'), []],
  ['a commit with its version', unknown, uses(`actions/checkout@${SHA} # v4.2.2`, 'depth: 0'), ['8:11']],
  ['the command of a Docker action', unknown, uses('pypa/gh-action-pypi-publish@release/v1', 'args: x'), []],
  ['the command of another', unknown, uses('actions/checkout@v4', 'args: x'), ['8:11']],
  ['an input of an action here that is none', unknown, local(INPUTS, 'must: x', 'other: y'), ['9:11']],
  ['an input that must be given', missing, uses('actions/cache@v4', 'path: x'), ['6:15']],
  ['all that must be given', missing, uses('actions/cache@v4', 'path: x', 'key: y'), []],
  [
    'inputs that are computed',
    missing,
    {
      [PATH]:
        'on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: actions/cache@v4\n        with: ${{ fromJSON(vars.X) }}\n'
    },
    []
  ],
  ['a release of the same major', missing, uses('actions/cache@v4.0.0', 'path: x'), []],
  ['an action here without what it needs', missing, local(INPUTS, 'has: x'), ['6:15']],
  ['an action here with it', missing, local(INPUTS, 'must: x'), []],
  ['a deprecated input', deprecated, local(INPUTS, 'must: x', 'old: y'), ['9:11']],
  ['a runtime that is gone', outdated, uses('actions/checkout@v3'), ['6:15']],
  ['a runtime that stays', outdated, uses('actions/checkout@v4'), []],
  ['a runtime that goes', aging, uses('actions/checkout@v4'), ['6:15']],
  ['the newest runtime', aging, uses('actions/checkout@v6'), []],
  ['pip-install', pip, uses('actions/setup-python@v6', 'pip-install: x'), ['8:11']],
  ['pip-install of another', pip, uses('acme/setup-python@v6', 'pip-install: x'), []],
  ['what gh does', superfluous, uses('Softprops/action-gh-release@v2'), ['6:15']],
  ['what nothing there does', superfluous, uses('actions/cache@v4'), []],
  ['a detour', obfuscated, uses('github/codeql-action/./init@v4'), ['6:15']],
  ['a straight way', obfuscated, uses('github/codeql-action/init@v4'), []],
  ['no ref', invalid, uses('actions/checkout'), ['6:15']],
  ['no owner', invalid, uses('checkout@v4'), ['6:15']],
  ['an empty ref', invalid, uses('actions/checkout@'), ['6:15']],
  ['an image with an empty tag', invalid, uses("'docker://alpine:'"), ['6:15']],
  ['an image in capitals', invalid, uses('docker://Alpine'), ['6:15']],
  ['an image', invalid, uses(`docker://ghcr.io:443/acme/tool-x:v1.2@sha256:${'a'.repeat(64)}`), []],
  ['an image without a tag', invalid, uses('docker://alpine'), []],
  ['a path', invalid, uses('./setup'), []],
  ['the newer form of a path', invalid, uses('$/setup'), []],
  ['an action', invalid, uses('acme/tools/setup@v1'), []]
])('%s', async (_, rule, files, expected) => expect(await places(rule, files)).toEqual(expected))

test('what is newer than our table is a note', async () => {
  expect((await found(unknown, uses('actions/checkout@v4.999.0', 'depth: 0')))[0]?.severity).toBe('note')
  expect((await found(unknown, uses('actions/checkout@v4.0.0', 'depth: 0')))[0]?.severity).toBeUndefined()
})

test('it straightens a path', async () => {
  const files = uses('actions/cache/save/../restore@v4')
  const edits = (await found(obfuscated, files)).flatMap(problem => problem.edits ?? [])
  expect(applied(files[PATH]!, edits)).toBe(uses('actions/cache/restore@v4')[PATH])
})

test('it names the next major that is not outdated', async () => {
  expect(await problems(outdated, uses('actions/checkout@v3'))).toEqual([
    `${PATH}:6:15 actions/checkout@v3 is made for Node.js 16, which GitHub has removed: v5 no longer is`
  ])
})

test('the file of an action that was read says more than our table', async () => {
  const text = 'name: a\ninputs:\n  depth: { description: x }\nruns: { using: node24, main: x.js }\n'
  const report = async (remoteFiles: Record<string, string>) =>
    (await inspectFiles(uses('actions/checkout@v4', 'depth: 0'), { rules: ['workflow/unknown-input'], remoteFiles }))
      .findings
  expect(await report({})).toHaveLength(1)
  expect(await report({ 'actions/checkout/action.yml@v4': text })).toHaveLength(0)
})

test.each([
  ['a list in place of inputs', 'inputs: [a]', ['inputs is no mapping of names']],
  ['one name twice', 'inputs: { a: {}, A: {} }', ["'A' is the same name as 'a': names compare without case"]],
  ['no runs', '', ['it does not say how it runs: `runs` is missing']],
  ['no using', 'runs: { main: x.js }', ['it does not say what runs it: `using` is missing']],
  [
    'another runtime',
    'runs: { using: deno, main: x.js }',
    ["'deno' runs no action: it is composite, docker or a version of node"]
  ],
  [
    'an old runtime',
    'runs: { using: node16, main: action.yml }',
    ['it is made for Node.js 16, which GitHub has removed']
  ],
  ['no steps', 'runs: { using: composite }', ['a composite action needs steps, and it has none']],
  [
    'keys of another kind',
    'runs: { using: node24, main: action.yml, image: x }',
    ['a JavaScript action does not take image']
  ],
  [
    'a condition about nothing',
    'runs: { using: node24, main: action.yml, post-if: always() }',
    ['post-if decides about nothing: there is no post']
  ],
  ['a file that is not there', 'runs: { using: node24, main: x.js }', ["main is 'x.js', and there is no setup/x.js"]],
  ['a Dockerfile that is not there', 'runs: { using: docker, image: Dockerfile }', ['there is no setup/Dockerfile']],
  ['an image', 'runs: { using: docker, image: docker://alpine }', []],
  [
    'an empty deprecation',
    `inputs: { a: { deprecationMessage: } }\n${COMPOSITE}`,
    ["the deprecation of 'a' says nothing"]
  ],
  ['a colour that is none', `branding: { color: pink }\n${COMPOSITE}`, [expect.stringMatching(/'pink' is no colour/)]],
  ['nothing wrong', COMPOSITE, []]
])('it tells what is broken: %s', async (_, text, messages) => {
  const said = (await found(broken, local(text))).map(({ message }) => message.replace(/^.*?\): /, ''))
  expect(said).toEqual(messages)
})

test('it tells a broken action once', async () => {
  const [text] = Object.values(uses('./setup'))
  const files = { [PATH]: `${text}      - uses: ./setup\n`, ...action('runs: { using: composite }') }
  expect(await places(broken, files)).toEqual(['6:15'])
})

test('an action is judged in its own file too', async () => {
  const files = action('runs: { using: node12, main: x.js }')
  expect(await places(missingFile, files)).toEqual(['3:30'])
  expect(await places(removedRuntime, files)).toEqual(['3:16'])
})
