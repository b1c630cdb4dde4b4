import { expect, test } from '@jest/globals'
import all from '../../../src/rules/workflow/all-secrets-exposed.js'
import app from '../../../src/rules/workflow/app-token-unlimited.js'
import password from '../../../src/rules/workflow/password-of-registry.js'
import shared from '../../../src/rules/workflow/secret-in-shared-environment.js'
import outside from '../../../src/rules/workflow/secret-outside-environment.js'
import inherited from '../../../src/rules/workflow/secrets-inherited.js'
import unmasked from '../../../src/rules/workflow/unmasked-secret.js'
import { found, places } from '../../helpers.js'
import { ofSteps, PATH } from './steps.js'

const env = (value: string) => `- run: a\n  env:\n    A: ${value}`

test.each([
  ['${{ toJSON(secrets) }}', ['8:14']],
  ["${{ format('{0}', toJSON(secrets)) }}", ['8:14']],
  ['${{ secrets[matrix.a] }}', ['8:14']],
  ["${{ secrets['A'] }}", []],
  ['${{ toJSON(secrets.A) }}', []],
  ['${{ secrets.A }}', []],
  ['secrets', []]
])('asks whether %s hands over all secrets', async (value, expected) =>
  expect(await places(all, ofSteps(env(value)))).toEqual(expected)
)

test.each([
  ['${{ fromJSON(secrets.A).b }}', ['8:18']],
  ['${{ fromJson(secrets.A) }}', ['8:18']],
  ['${{ fromJSON(vars.A).b }}', []],
  ['${{ toJSON(secrets.A) }}', []]
])('asks whether %s shows a part of a secret', async (value, expected) =>
  expect(await places(unmasked, ofSteps(env(value)))).toEqual(expected)
)

test.each([
  ['${{ secrets.A }}', 'push', '', 1],
  ["${{ secrets['a'] }}", 'push', '', 1],
  ['${{ secrets.GITHUB_TOKEN }}', 'push', '', 0],
  ['${{ vars.A }}', 'push', '', 0],
  ['${{ secrets.A }}', 'workflow_call', '', 0],
  ['${{ secrets.A }}', 'push', 'environment: x\n', 0],
  ['${{ secrets.B }}', 'push', '', 0]
])('asks where %s comes from on %s %s', async (value, on, job, count) =>
  expect(await places(outside, ofSteps(env(value), on, job), { allow: ['b'] })).toHaveLength(count)
)

const TWO = '- run: a\n- run: b'
test.each([
  ['two steps', TWO, '${{ secrets.A }}', 1],
  ['one step', '- run: a', '${{ secrets.A }}', 0],
  ['the token', TWO, '${{ github.token }}', 1],
  ['whether there is one', TWO, "${{ secrets.A != '' }}", 0],
  ['a variable', TWO, '${{ vars.A }}', 0]
])('asks who can read the environment of a job: %s', async (_, steps, value, count) =>
  expect(await places(shared, ofSteps(steps, 'push', `env:\n  A: ${value}\n`))).toHaveLength(count)
)

test('it asks who can read the environment of a workflow', async () => {
  const text = (jobs: string) => ({ [PATH]: `on: push\nenv:\n  A: \${{ secrets.A }}\njobs:\n${jobs}` })
  const job = (id: string) => `  ${id}:\n    runs-on: x\n    steps:\n      - run: a\n`
  expect(await places(shared, text(job('a') + job('b')))).toEqual(['3:3'])
  expect(await places(shared, text(job('a')))).toEqual([])
})

test.each([
  ['inherit', ['4:11']],
  ['{ A: "${{ secrets.A }}" }', []]
])('asks what a called workflow gets: %s', async (secrets, expected) =>
  expect(
    await places(inherited, {
      [PATH]: `on: push\njobs:\n  a:\n    uses: a/b/.github/workflows/c.yml@v1\n    secrets: ${secrets}\n`
    })
  ).toEqual(expected)
)

test.each([
  ['hunter2', 1],
  ['${{ secrets.A }}', 0]
])('asks whether the password %s is one', async (value, count) => {
  const of = (key: string) => `${key}image: a\n`
  const credentials = (indent: string) =>
    `${indent}credentials:\n${indent}  username: a\n${indent}  password: ${value}\n`
  expect(
    await places(password, ofSteps('- run: a', 'push', `container:\n${of('  ')}${credentials('  ')}`))
  ).toHaveLength(count)
  expect(
    await places(password, ofSteps('- run: a', 'push', `services:\n  a:\n${of('    ')}${credentials('    ')}`))
  ).toHaveLength(count)
})

const token = (inputs: string, uses = 'actions/create-github-app-token@v2') =>
  ofSteps(`- uses: ${uses}\n  with:\n    ${inputs}`)
test.each([
  ['nothing', token('app-id: 1'), ['github_app_should_limit_permissions']],
  ['permissions', token('permission-contents: read'), []],
  ['an owner', token('owner: a\n    permission-contents: read'), ['github_app_should_limit_repositories']],
  ['an owner and repositories', token('owner: a\n    repositories: b\n    permission-contents: read'), []],
  ['permissions of an organization', token('owner: a\n    permission-members: read'), []],
  ['to keep the token', token('permission-contents: read\n    skip-token-revoke: true'), [undefined]],
  ['not to keep the token', token('permission-contents: read\n    skip-token-revoke: false'), []],
  [
    'nothing to an older action',
    token('app_id: 1', 'tibdex/github-app-token@v2'),
    ['github_app_should_limit_repositories', 'github_app_should_limit_permissions']
  ]
])('asks what limits the token of an app that is told %s', async (_, files, ids) =>
  expect((await found(app, files)).map(({ peers }) => peers!.ghalint)).toEqual(ids)
)

test('it asks of the environment of the workflow too, and lets poutine say it once of a job', async () => {
  const value = '${{ toJSON(secrets) }}'
  const files = {
    [PATH]: `on: push\nenv:\n  A: ${value}\njobs:\n  a:\n    steps:\n      - run: x\n        env:\n          B: ${value}\n          C: ${value}\n`
  }
  const problems = await found(all, files)
  expect(problems.map(({ at, peers }) => [at.line, peers?.poutine])).toEqual([
    [3, undefined],
    [9, 'job_all_secrets'],
    [10, undefined]
  ])
})
