import { expect, test } from '@jest/globals'
import { usedIn, versionIn } from '../src/used.js'
import { repoOf, workflow } from './helpers.js'

test.each([
  ['v4.2.2', 'v4.2.2'],
  ['4.2', '4.2'],
  ['tag=v4.2.2', 'tag', 'v4.2.2'],
  ['tag: v1', 'tag', 'v1'],
  ['pin@v4', 'pin', 'v4'],
  ['ratchet:actions/checkout@v4', 'ratchet', 'v4'],
  ['@v4', 'at', 'v4'],
  ['v4 (the newest)', 'v4'],
  ['v4.2.2, see #12', 'v4.2.2'],
  ['release/v1', 'release/v1']
])('%s names a version', (comment, ...rest) => expect(versionIn(comment)).toBe(rest.at(-1)))

test.each(['the newest', 'main', 'zizmor: ignore[x1]', '', 'see: 4', '"v1"', 'a..1'])('%j names none', comment =>
  expect(versionIn(comment)).toBeUndefined()
)

test('it finds what steps, jobs and composite actions use, with the comment on the line', async () => {
  const sha = 'a'.repeat(40)
  const repo = await repoOf({
    ...workflow(
      `- uses: acme/a/b@${sha} # v1.2.3\n- uses: ./here # v2\n- uses: acme/c@v1\n# v3\n- uses: docker://a:1 # v4`
    ),
    '.github/workflows/call.yml': 'on: push\njobs:\n  a:\n    uses: acme/d/.github/workflows/x.yml@main # v5\n',
    'action.yml': 'name: A\nruns:\n  using: composite\n  steps:\n    - uses: acme/e@v2 # v2.0.1\n'
  })
  expect(usedIn(repo).map(({ repository, ref, version }) => [repository, ref, version])).toEqual([
    ['acme/a', sha, 'v1.2.3'],
    ['acme/c', 'v1', undefined],
    ['acme/d', 'main', 'v5'],
    ['acme/e', 'v2', 'v2.0.1']
  ])
})
