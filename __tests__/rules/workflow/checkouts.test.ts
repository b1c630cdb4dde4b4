import { expect, test } from '@jest/globals'
import keeps from '../../../src/rules/workflow/checkout-keeps-credentials.js'
import told from '../../../src/rules/workflow/checkout-told-to-keep-credentials.js'
import inArtifact from '../../../src/rules/workflow/credentials-in-artifact.js'
import { found, places } from '../../helpers.js'
import { applied } from './edits.js'
import { ofAction, ofSteps, PATH } from './steps.js'

const CHECKOUT = '- uses: actions/checkout@v4'
const says = (value: string) => `${CHECKOUT}\n  with:\n    persist-credentials: ${value}`

test.each([
  ['nothing', CHECKOUT, ['6:9'], []],
  ['false', says('false'), [], []],
  ["'false'", says("'false'"), [], []],
  ['true', says('true'), [], ['6:9']],
  ['an expression', says('${{ inputs.x }}'), [], ['6:9']],
  ['inputs that are computed', `${CHECKOUT}\n  with: \${{ fromJSON(inputs.x) }}`, [], ['7:9']],
  ['something of another action', '- uses: acme/checkout@v4', [], []]
])('of a checkout that says %s', async (_, steps, kept, meant) => {
  expect(await places(keeps, ofSteps(steps))).toEqual(kept)
  expect(await places(told, ofSteps(steps))).toEqual(meant)
})

test('it looks into actions', async () => expect(await places(keeps, ofAction(CHECKOUT))).toEqual(['6:7']))

test.each([
  ['alone', `${CHECKOUT}\n- run: date`, `${CHECKOUT}\n  with:\n    persist-credentials: false\n- run: date`],
  [
    'with a comment',
    `${CHECKOUT} # v4\n- run: date`,
    `${CHECKOUT} # v4\n  with:\n    persist-credentials: false\n- run: date`
  ],
  [
    'with inputs',
    `${CHECKOUT}\n  with:\n    path: a`,
    `${CHECKOUT}\n  with:\n    persist-credentials: false\n    path: a`
  ],
  [
    'named',
    `- name: a\n  uses: actions/checkout@v4`,
    '- name: a\n  uses: actions/checkout@v4\n  with:\n    persist-credentials: false'
  ]
])('adds the input to a checkout %s', async (_, steps, after) => {
  const files = ofSteps(steps)
  const [problem] = await found(keeps, files)
  const text = applied(files[PATH]!, problem!.edits!)
  expect(text).toBe(ofSteps(after)[PATH])
  expect(await found(keeps, { [PATH]: text })).toEqual([])
})

test.each([
  ['a push', `${CHECKOUT}\n- run: git push`],
  ['an action that commits', `${CHECKOUT}\n- uses: acme/auto-commit@v1`],
  ['a flow map', '- { uses: actions/checkout@v4 }'],
  ['inputs in a flow map', `${CHECKOUT}\n  with: { path: a }`]
])('offers no edit before or in %s', async (_, steps) => {
  const [problem] = await found(keeps, ofSteps(steps))
  expect(problem!.edits).toBeUndefined()
})

const upload = (ref: string, path: string, more = '') =>
  `${CHECKOUT}\n- uses: actions/upload-artifact@${ref}\n  with:\n    path: ${path}${more}`
test.each([
  ['the folder', upload('v3', '.'), 1],
  ['the workspace', upload('v3', '${{ github.workspace }}'), 1],
  ['a list with the folder', upload('v3', '|\n      dist\n      ./'), 1],
  ['a folder in it', upload('v3', 'dist'), 0],
  ['the folder without hidden files', upload('v4', '.'), 0],
  ['the folder with hidden files', upload('v4', '.', '\n    include-hidden-files: true'), 1],
  ['the folder before the checkout', upload('v3', '.').split('\n').slice(1).concat(CHECKOUT).join('\n'), 0],
  ['the folder after a checkout that keeps the token elsewhere', upload('v3', '.').replace('@v4', '@v6'), 0],
  ['the folder by an action of the repository', `${CHECKOUT}\n- uses: ./upload\n  with:\n    path: .`, 0]
])('sees the token in an artifact of %s', async (_, steps, count) =>
  expect(await places(inArtifact, ofSteps(steps))).toHaveLength(count)
)
