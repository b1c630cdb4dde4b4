import { expect, test } from '@jest/globals'
import type { BranchFacts, Files } from '../../src/model.js'
import withoutFile from '../../src/rules/branch/code-owners-without-file.js'
import invalidLine from '../../src/rules/codeowners/invalid-line.js'
import unmatchedPattern from '../../src/rules/codeowners/unmatched-pattern.js'
import unowned from '../../src/rules/pull-request/unowned-gate-change.js'
import { problems } from '../helpers.js'

const CI = '.github/workflows/ci.yml'
const asked: BranchFacts = { name: 'main', protected: true, codeOwners: true }

test('the first of the three places counts', async () => {
  const files = { 'docs/CODEOWNERS': '!x @ada', CODEOWNERS: '* @ada', '.github/CODEOWNERS': '* ada' }
  expect(await problems(invalidLine, files)).toEqual([
    '.github/CODEOWNERS:1:3 GitHub skips this line: ada is no owner: an owner is @user, @organization/team or an e-mail address'
  ])
  expect(await problems(invalidLine, { CODEOWNERS: '* @ada', 'docs/CODEOWNERS': '!x @ada' })).toEqual([])
})

test('a pattern without a file is pointed at', async () => {
  expect(await problems(unmatchedPattern, { CODEOWNERS: '*.js @ada\n/lib/ @ada\n', 'a.js': '' })).toEqual([
    "CODEOWNERS:2:1 '/lib/' matches no file of this repository"
  ])
})

test.each<[string, Files, BranchFacts, number]>([
  ['asked for and missing', {}, asked, 1],
  ['asked for and there', { CODEOWNERS: '* @ada' }, asked, 0],
  ['somewhere GitHub does not look', { 'src/CODEOWNERS': '* @ada' }, asked, 1],
  ['too large', { CODEOWNERS: `* @ada\n${'#'.repeat(3 << 20)}` }, asked, 1],
  ['large', { CODEOWNERS: `* @ada\n${'#'.repeat(2 << 20)}` }, asked, 0],
  ['not asked for', {}, { ...asked, codeOwners: false }, 0],
  ['unknown', {}, { name: 'main', protected: true }, 0]
])('a file of owners that is %s', async (_, head, branch, count) => {
  expect(await problems(withoutFile, { head: { 'README.md': '', ...head }, branch })).toHaveLength(count)
})

const changed = (owners: string, branch?: BranchFacts, path = CI) => ({
  base: { CODEOWNERS: owners, [path]: 'on: push\njobs: {}\n' },
  head: { CODEOWNERS: owners, [path]: 'on: pull_request\njobs: {}\n' },
  ...(branch && { branch })
})

test.each([
  ['no line', '/src/ @ada', `${CI} has no owner: no line of CODEOWNERS matches`],
  ['a line without owners', `* @ada\n${CI}`, `${CI} has no owner: line 2 of CODEOWNERS gives it none`],
  ['a line', '* @ada', undefined],
  ['a line for the folder', '/.github/ @ada', undefined]
])('a workflow for which there is %s', async (_, owners, message) => {
  const at = `${CI}:1:1 `
  const told = message && `${at}branch main asks code owners for reviews, and ${message}`
  expect(await problems(unowned, changed(owners, asked))).toEqual(told ? [told] : [])
  expect(await problems(unowned, changed(owners))).toEqual(message ? [at + message] : [])
  expect(await problems(unowned, changed(owners, { ...asked, codeOwners: false }))).toEqual([])
})

test('the config of this check and of tools that it honours belong to the gate, and source does not', async () => {
  for (const path of ['.github/pipeline-hygiene.yml', '.hadolint.yaml', '.github/actions/test/action.yml'])
    expect(await problems(unowned, changed('/src/ @ada', asked, path))).toHaveLength(1)
  expect(await problems(unowned, changed('/docs/ @ada', asked, 'src/a.js'))).toEqual([])
})

test('the owners are those of the target branch', async () => {
  const { base, head } = changed('/src/ @ada', asked)
  expect(await problems(unowned, { base, head: { ...head, CODEOWNERS: '* @mallory' }, branch: asked })).toEqual([
    'CODEOWNERS:1:1 branch main asks code owners for reviews, and CODEOWNERS and 1 more have no owner: no line of CODEOWNERS matches'
  ])
})
