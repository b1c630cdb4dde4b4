import { expect, test } from '@jest/globals'
import archived from '../../../src/rules/workflow/archived-action.js'
import floating from '../../../src/rules/workflow/floating-image.js'
import forbidden from '../../../src/rules/workflow/forbidden-action.js'
import digest from '../../../src/rules/workflow/image-without-digest.js'
import verified from '../../../src/rules/workflow/little-known-creator.js'
import lookalike from '../../../src/rules/workflow/lookalike-action.js'
import merge from '../../../src/rules/workflow/merge-by-actor.js'
import unnamed from '../../../src/rules/workflow/unnamed.js'
import unpinned from '../../../src/rules/workflow/unpinned-action.js'
import githubs from '../../../src/rules/workflow/unpinned-github-action.js'
import tool from '../../../src/rules/workflow/unpinned-tool.js'
import vulnerable from '../../../src/rules/workflow/vulnerable-action.js'
import { found, places } from '../../helpers.js'
import { ofAction, ofSteps, PATH } from './steps.js'

const SHA = '8f4b7f84864484a7bf31766abe9204da3cbe65b3'
const uses = (name: string) => ofSteps(`- uses: ${name}`)

test.each([
  ['actions/setup-ruby@v1', 1],
  ['ACTIONS/SETUP-RUBY/sub@v1', 1],
  ['ruby/setup-ruby@v1', 0],
  ['./actions/setup-ruby', 0]
])('knows whether %s is archived', async (name, count) => {
  expect(await places(archived, uses(name))).toHaveLength(count)
  expect(await places(archived, ofAction(`- uses: ${name}`))).toHaveLength(count)
})

test('it names what took the place of an archived action', async () =>
  expect((await found(archived, uses('actions/setup-ruby@v1')))[0]!.message).toBe(
    'actions/setup-ruby is archived: use ruby/setup-ruby'
  ))

test.each([
  ['action/checkout@v4', 1],
  ['acitons/checkout@v4', 1],
  ['actionss/checkout@v4', 1],
  ['actions/checkout@v4', 0],
  ['actions/checkouts@v4', 0],
  ['someone/checkout@v4', 0]
])('knows whether %s looks like another', async (name, count) =>
  expect(await places(lookalike, uses(name))).toHaveLength(count)
)

test.each([
  ['tj-actions/changed-files@v45.0.7', 1],
  ['tj-actions/changed-files@v45', 1],
  ['tj-actions/changed-files@v46', 0],
  ['tj-actions/changed-files@v46.0.1', 0],
  [`tj-actions/changed-files@${SHA} # v45.0.1`, 1],
  [`tj-actions/changed-files@${SHA}`, 0],
  ['actions/download-artifact@v4', 0],
  ['actions/download-artifact@v4.1.6', 1],
  ['actions/download-artifact@v4.1.7', 0],
  ['actions/download-artifact@v3', 0]
])('knows whether an advisory is about %s', async (name, count) =>
  expect(await places(vulnerable, uses(name))).toHaveLength(count)
)

test.each([
  ['acme/x@v1', { allow: ['actions/*'] }, 1],
  ['acme/x@v1', { allow: ['acme/*'] }, 0],
  ['acme/x/sub@v1', { allow: ['acme/x'] }, 0],
  ['acme/x@v1', { deny: ['acme/x'] }, 1],
  ['acme/x@v1', { deny: ['acme/x@v2'] }, 0],
  ['acme/x@v1', { deny: ['ACME/X@v1'] }, 1],
  ['acme/x@v1', { allow: ['*'], deny: ['acme/*'] }, 1],
  ['acme/x@v1', {}, 0],
  ['acme/x@v1', { only: true }, 1],
  ['./x', { only: true }, 0]
])('asks whether %s is allowed by %j', async (name, options, count) =>
  expect(await places(forbidden, uses(name), options)).toHaveLength(count)
)

test.each([
  ['actions/checkout@v4', { 'actions/*': 'ref-pin' }, 0],
  ['actions/checkout@v4', { 'actions/*': 'any', 'actions/checkout': 'hash-pin' }, 1],
  ['actions/checkout@v4', { '*': 'any' }, 0],
  ['actions/checkout@v4', { 'docker/*': 'any' }, 1],
  ['acme/x@v1', { 'acme/x': 'any' }, 0],
  ['acme/x@main', { '*': 'ref-pin' }, 0],
  ['docker://acme/x:1', { 'docker://acme/x': 'any' }, 0],
  ['acme/x@v1', { 'acme/x': 'nonsense' }, 1]
])('asks how %s has to be pinned by %j', async (name, policies, count) => {
  const both = [
    ...(await places(unpinned, uses(name), { policies })),
    ...(await places(githubs, uses(name), { policies }))
  ]
  expect(both).toHaveLength(count)
})

test.each([
  ['aquasecurity/setup-trivy@v0.2.6', 1],
  ['aquasecurity/setup-trivy@v0.2.6\n  with:\n    version: latest', 1],
  ['aquasecurity/setup-trivy@v0.2.6\n  with:\n    version: ${{ inputs.x }}', 1],
  ['aquasecurity/setup-trivy@v0.2.6\n  with:\n    version: v0.65.0', 0],
  ['aquasecurity/setup-trivy@v0.2.6\n  if: ${{ false }}', 0],
  ['acme/setup-trivy@v0.2.6', 0]
])('asks which version of its tool %j installs', async (name, count) =>
  expect(await places(tool, uses(name))).toHaveLength(count)
)

test.each([
  ['acme/x@v1', {}, 1],
  ['acme/x@v1', { owner: 'Acme' }, 0],
  ['acme/x@v1', { trusted: ['acme'] }, 0],
  ['docker/x@v1', {}, 0],
  ['./x', {}, 0]
])('asks who made %s with %j', async (name, options, count) =>
  expect(await places(verified, uses(name), options)).toHaveLength(count)
)

const DIGEST = `@sha256:${'a'.repeat(64)}`
const matrix = (values: string) => `strategy:\n  matrix:\n    image: ${values}\n`
test.each([
  ['no tag', 'container: node\n', 1, 0],
  ['latest', 'container: { image: "node:latest" }\n', 1, 0],
  ['a tag', 'container: node:22\n', 0, 1],
  ['a port and a tag', 'container: localhost:5000/node:22\n', 0, 1],
  ['a port and no tag', 'container: localhost:5000/node\n', 1, 0],
  ['a digest', `container: node:22${DIGEST}\n`, 0, 0],
  ['nothing', 'container: ""\n', 0, 0],
  ['a service', 'services:\n  db:\n    image: postgres\n', 1, 0],
  ['a matrix', `${matrix(`[node, "node:22", "node:22${DIGEST}", ""]`)}container: \${{ matrix.image }}\n`, 1, 1],
  ['another row', `${matrix('[node]')}container: \${{ matrix.other }}\n`, 0, 0],
  ['a choice', `container: \${{ matrix.a && 'node' || 'node:22' }}\nstrategy:\n  matrix:\n    a: [1]\n`, 1, 1],
  ['a name that is put together', 'container: node:${{ inputs.tag }}\n', 0, 1],
  ['an input', 'container: ${{ inputs.image }}\n', 0, 1]
])('asks for the version of an image with %s', async (_, job, latest, tags) => {
  expect(await places(floating, ofSteps('- run: a', 'push', job))).toHaveLength(latest)
  expect(await places(digest, ofSteps('- run: a', 'push', job))).toHaveLength(tags)
})

test('it asks for the version of an image that a step or an action is', async () => {
  expect(await places(floating, uses('docker://acme/x'))).toEqual(['6:15'])
  const action = (image: string) => ({
    'action.yml': `name: A\ndescription: B\nruns:\n  using: docker\n  image: ${image}\n`
  })
  expect(await places(digest, action('docker://acme/x:1'))).toEqual(['5:10'])
  expect(await places(digest, action('Dockerfile'))).toEqual([])
})

const BOT = "if: github.actor == 'dependabot[bot]'\n"
test.each([
  ['a merge', 'pull_request_target', BOT, '- run: gh pr merge 1', 1],
  ['an approval', 'pull_request_target', BOT, '- run: gh pr review --approve 1', 1],
  ['a comment', 'pull_request_target', BOT, '- run: gh pr review --comment 1', 0],
  ['an action', 'pull_request_target', BOT, '- uses: hmarr/auto-approve-action@v4', 1],
  [
    'the author',
    'pull_request_target',
    "if: github.event.pull_request.user.login == 'x[bot]'\n",
    '- run: gh pr merge 1',
    0
  ],
  ['a person', 'pull_request_target', "if: github.actor == 'me'\n", '- run: gh pr merge 1', 0],
  ['a pull request alone', 'pull_request', BOT, '- run: gh pr merge 1', 0],
  ['a look at it first', 'pull_request_target', BOT, '- uses: dependabot/fetch-metadata@v2\n- run: gh pr merge 1', 0]
])('asks why a pull request is merged: %s', async (_, on, job, steps, count) =>
  expect(await places(merge, ofSteps(steps, on, job))).toHaveLength(count)
)

test('it asks for names', async () => {
  expect(await places(unnamed, uses('a/b@v1'))).toEqual(['1:1', '3:3'])
  expect(await places(unnamed, { [PATH]: 'name: A\non: push\njobs:\n  a:\n    uses: ./x.yml\n' })).toEqual([])
})
