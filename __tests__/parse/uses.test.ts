import { expect, test } from '@jest/globals'
import { SourceText } from '../../src/parse/text.js'
import { isGitHubs, readUses, refPlace } from '../../src/parse/uses.js'

const sha = '8f4b7f84864484a7bf31766abe9204da3cbe65b3'
const digest = `sha256:${'0a'.repeat(32)}`

test.each([
  ['actions/checkout@v6', 'remote', 'actions/checkout', 'v6', 'tag'],
  [`acme/a/sub/dir@${sha}`, 'remote', 'acme/a/sub/dir', sha, 'sha'],
  [`acme/a@${sha.toUpperCase()}`, 'remote', 'acme/a', sha.toUpperCase(), 'sha'],
  [`acme/a@${sha.slice(0, 7)}`, 'remote', 'acme/a', sha.slice(0, 7), 'tag'],
  ['acme/a@main', 'remote', 'acme/a', 'main', 'branch'],
  ['acme/a@Master', 'remote', 'acme/a', 'Master', 'branch'],
  ['acme/a@stable', 'remote', 'acme/a', 'stable', 'tag'],
  ['acme/a@refs/heads/v1', 'remote', 'acme/a', 'refs/heads/v1', 'branch'],
  ['acme/a@refs/tags/main', 'remote', 'acme/a', 'refs/tags/main', 'tag'],
  ['acme/a@feature/x', 'remote', 'acme/a', 'feature/x', 'branch'],
  ['acme/a@release/v1', 'remote', 'acme/a', 'release/v1', 'tag'],
  ['acme/.github/.github/workflows/x.yml@v1', 'remote', 'acme/.github/.github/workflows/x.yml', 'v1', 'tag'],
  ['docker://alpine:3.20', 'docker', 'docker://alpine', '3.20', 'tag'],
  ['docker://alpine', 'docker', 'docker://alpine', '', 'tag'],
  [`docker://alpine@${digest}`, 'docker', 'docker://alpine', digest, 'sha'],
  [`docker://host:5000/a/b:1@${digest}`, 'docker', 'docker://host:5000/a/b', `1@${digest}`, 'sha'],
  ['docker://host:5000/a', 'docker', 'docker://host:5000/a', '', 'tag']
])('reads %s', (written, kind, action, ref, pinned) => expect(readUses(written)).toEqual({ kind, action, ref, pinned }))

test.each([
  ['./local', 'local'],
  ['../up', 'local'],
  ['$/.github/workflows/x.yml', 'local'],
  ['acme/a@${{ inputs.ref }}', 'computed'],
  ['acme/a', 'broken'],
  ['acme@v1', 'broken'],
  ['acme/@v1', 'broken'],
  ['@v1', 'broken'],
  ['acme/a@', 'broken'],
  ['', 'broken']
])('takes %j for %s', (written, kind) => expect(readUses(written)).toEqual({ kind }))

test.each([
  ['acme/a@v1', '@v1'],
  ['docker://alpine:3', ':3'],
  ['docker://alpine', 'docker://alpine']
])('points into %s at %s', (written, part) => {
  const source = new SourceText('x.yml', written)
  const uses = readUses(written)
  if (!('action' in uses)) throw new Error('no action')
  expect(source.slice(refPlace(source.span(0, written.length), uses))).toBe(part)
})

test("it knows GitHub's own actions", () => {
  expect(
    ['actions/cache/save', 'GitHub/codeql-action/init', 'actions-rs/cargo', 'acme/actions'].map(isGitHubs)
  ).toEqual([true, true, false, false])
})
