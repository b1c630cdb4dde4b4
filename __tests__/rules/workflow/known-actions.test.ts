import { describe, expect, test } from '@jest/globals'
import type { UsedFacts } from '../../../src/model.js'
import archived from '../../../src/rules/workflow/archived-action.js'
import unversioned from '../../../src/rules/workflow/pin-without-version.js'
import comment from '../../../src/rules/workflow/version-comment.js'
import vulnerable from '../../../src/rules/workflow/vulnerable-action.js'
import { found, problems, unreads, workflow } from '../../helpers.js'

const SHA = '8f4b7f84864484a7bf31766abe9204da3cbe65b3'
const OTHER = '11bd71901bbe5b1630ceea73d27597364c9af683'

describe('workflow/archived-action', () => {
  test.each<[string, string, string[]]>([
    ['one of the list', 'actions/setup-ruby@v1', ['6:15 actions/setup-ruby is archived: use ruby/setup-ruby']],
    ['it in capitals', 'ACTIONS/Setup-Ruby@v1', ['6:15 ACTIONS/Setup-Ruby is archived: use ruby/setup-ruby']],
    ['one whose successor is a command', 'actions-rs/cargo@v1', ['6:15 actions-rs/cargo is archived: run cargo']],
    ['another of the same owner', 'actions/setup-node@v6', []],
    ['a folder of the same name here', './actions/setup-ruby', []],
    ['an image', 'docker://actions/setup-ruby:1', []]
  ])('%s', async (_, uses, expected) =>
    expect(await problems(archived, workflow(`- uses: ${uses}`))).toEqual(
      expected.map(row => `.github/workflows/ci.yml:${row}`)
    )
  )

  test('it points at called workflows and steps of actions', async () => {
    const files = {
      '.github/workflows/ci.yml': 'on: push\njobs:\n  a:\n    uses: actions/setup-ruby/.github/workflows/x.yml@v1\n',
      'action.yml': 'name: A\nruns:\n  using: composite\n  steps:\n    - uses: "actions/setup-ruby@v1"\n'
    }
    expect(
      (await found(archived, files)).map(({ at }) => `${at.path}:${at.line}:${at.column}-${at.endColumn}`)
    ).toEqual(['.github/workflows/ci.yml:4:11-53', 'action.yml:5:14-32'])
  })
})

describe('workflow/vulnerable-action without anybody to ask', () => {
  const rows = (uses: string) => problems(vulnerable, workflow(`- uses: ${uses}`))
  test.each<[string, string, number]>([
    ['a version before the mended one', 'hashicorp/vault-action@v2.1.2', 1],
    ['the mended one', 'hashicorp/vault-action@v2.2.0', 0],
    ['a major of which some are', 'hashicorp/vault-action@v2', 0],
    ['a major of which all are', 'hashicorp/vault-action@v1', 1],
    ['a commit by its comment', `hashicorp/vault-action@${SHA} # v2.1.2`, 1],
    ['a commit without one', `hashicorp/vault-action@${SHA}`, 0],
    ['a branch', 'hashicorp/vault-action@main', 0],
    ['a tag in full', 'hashicorp/vault-action@refs/tags/v2.1.2', 1],
    ['another action', 'hashicorp/other@v2.1.2', 0]
  ])('%s: %s', async (_, uses, count) => expect(await rows(uses)).toHaveLength(count))

  test('what it cannot tell is no news', async () =>
    expect(await unreads(vulnerable, workflow(`- uses: hashicorp/vault-action@${SHA}`))).toEqual([]))

  test('it is the same for poutine where no commit is named', async () => {
    const [tag] = await found(vulnerable, workflow('- uses: hashicorp/vault-action@v2.1.2'))
    const [commit] = await found(vulnerable, workflow(`- uses: hashicorp/vault-action@${SHA} # v2.1.2`))
    expect([tag?.peers, commit?.peers]).toEqual([undefined, { zizmor: 'known-vulnerable-actions' }])
  })
})

test.each<[string, UsedFacts['tags'], string, number]>([
  ['a full version of another commit, no tag seen of this one', [], 'v2.1.0', 1],
  ['a major that moved on, no tag seen of this one', [], 'v2', 0],
  ['a major that moved on from this one', ['v2.0.0'], 'v2', 0],
  ['a minor that this one is not of', ['v2.0.0'], 'v2.1', 1]
])('version-comment: %s', async (_, tags, version, count) => {
  const facts = { [`acme/a@${SHA}`]: { sha: SHA, tags, named: [{ name: version, sha: OTHER }] } }
  const example = { head: workflow(`- uses: acme/a@${SHA} # ${version}`), facts }
  expect(await problems(comment, example)).toHaveLength(count)
})

describe('workflow/pin-without-version', () => {
  test.each<[string, string, number]>([
    ['no comment', `acme/a@${SHA}`, 1],
    ['a comment about something else', `acme/a@${SHA} # lints`, 1],
    ['a version', `acme/a@${SHA} # v1`, 0],
    ['the branch that is followed', `acme/a@${SHA} # stable`, 0],
    ['a word that begins like one', `acme/a@${SHA} # mainly lints`, 1],
    ['a tag', 'acme/a@v1', 0]
  ])('%s', async (_, uses, count) =>
    expect(await problems(unversioned, workflow(`- uses: ${uses}`))).toHaveLength(count)
  )

  test('it tells the version that GitHub knows', async () => {
    const facts = { [`acme/a@${SHA}`]: { sha: SHA, tags: ['v1', 'v1.2.0'] } }
    const [problem] = await found(unversioned, { head: workflow(`- uses: acme/a@${SHA}`), facts })
    expect(problem).toMatchObject({
      message: 'no comment says which version of acme/a this is: it is v1.2.0',
      peers: { zizmor: 'ref-version-mismatch' }
    })
  })
})
