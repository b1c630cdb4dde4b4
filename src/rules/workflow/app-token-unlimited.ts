import type { Problem, Step } from '../../model.js'
import { rule } from '../../rule.js'
import { actionOf, inputOf, sequencesOf } from '../../steps.js'

export default rule({
  id: 'workflow/app-token-unlimited',
  title: 'Token of a GitHub App can do all that the app can',
  why: 'Whoever gets hold of it in this job reaches every repository and every permission that the app was ever given.',
  fix: 'Name the repositories (`repositories:`) and the permissions (`permission-contents: read`) that the job needs.',
  severity: 'warning',
  topic: 'security',
  preset: 'strict',
  over: 'steps',
  mentions: ['app'],

  *check(file) {
    for (const { steps } of sequencesOf(file)) for (const step of steps) yield* problemsOf(step)
  },

  bad: {
    '.github/workflows/ci.yml': `on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    environment: app
    steps:
      - uses: actions/create-github-app-token@d72941d797fd3113feb6b93fd0dec494b13a2547 # v1.12.0
        with:
          app-id: \${{ vars.APP_ID }}
          private-key: \${{ secrets.APP_KEY }}
`
  },
  good: {
    '.github/workflows/ci.yml': `name: CI
on: push
permissions: {}
concurrency:
  group: ci-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  test:
    name: Test
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    environment: app
    steps:
      - uses: actions/create-github-app-token@8f4b7f84864484a7bf31766abe9204da3cbe65b3 # v3.0.0
        with:
          client-id: \${{ vars.APP_ID }}
          private-key: \${{ secrets.APP_KEY }}
          permission-contents: read
`
  }
})

function* problemsOf(step: Step): Iterable<Problem> {
  const action = actionOf(step)
  const isOlder = action?.name === 'tibdex/github-app-token'
  if (!step.uses || (action?.name !== 'actions/create-github-app-token' && !isOlder)) return
  if (step.yaml.get('with')?.kind === 'scalar') return
  const zizmor = isOlder ? {} : { zizmor: 'github-app' }
  const revoke = inputOf(step, 'skip-token-revoke')?.value
  if (revoke && /^(true|\$\{\{.*)$/is.test(revoke.value.trim()))
    yield { at: revoke.at, message: 'the token lives on for an hour after the job', peers: zizmor }
  const named = step.with.map(({ name }) => name.value.toLowerCase()).filter(name => name.startsWith('permission'))
  const owner = inputOf(step, 'owner')
  const repositories = inputOf(step, 'repositories') ?? inputOf(step, 'repository')
  if (!repositories && (owner || isOlder) && !isOfOrganization(named))
    yield {
      at: owner?.value.at ?? step.uses.at,
      message: `the token reaches every repository that the app is installed in${owner ? ` for ${owner.value.value}` : ''}`,
      peers: { ...zizmor, ghalint: 'github_app_should_limit_repositories' }
    }
  if (!named.length)
    yield {
      at: step.uses.at,
      message: 'the token has every permission that the app was given',
      peers: { ...zizmor, ghalint: 'github_app_should_limit_permissions' }
    }
}

/** Permissions that have no repository to be limited to. */
const isOfOrganization = (names: string[]): boolean =>
  names.length > 0 &&
  names.every(name =>
    /^permission-(organization-|members$|(enterprise-)?custom-properties-for-organizations$)/.test(name)
  )
