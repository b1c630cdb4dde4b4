import type { Job, Problem, Step, Workflow } from '../../model.js'
import { type PlainCommand, plainCommandsOf } from '../../plain-commands.js'
import { rule } from '../../rule.js'
import { actionOf, inputOf, sequencesOf } from '../../steps.js'

export default rule({
  id: 'workflow/token-instead-of-trusted-publishing',
  title: 'Package is published with a stored token',
  why: 'The token works from anywhere until someone revokes it; the registry also takes the identity of the workflow, which nobody can carry away.',
  fix: 'Set up trusted publishing at the registry, give the job `id-token: write`, and delete the token.',
  severity: 'note',
  topic: 'supply-chain',
  preset: 'strict',
  over: 'steps',
  mentions: ['publish', 'twine', 'gem', 'nuget', 'rubygems', 'auth'],
  peers: { zizmor: 'use-trusted-publishing' },

  *check(file) {
    for (const { steps, job } of sequencesOf(file)) {
      const hasIdentity = job !== undefined && 'jobs' in file && mayHaveIdentity(job, file)
      for (const step of steps) {
        yield* byAction(step)
        if (!step.run || hasIdentity || !PUBLISHES.test(step.run.text.value)) continue
        for (const command of plainCommandsOf(step.run)) {
          const what = publishes(command)
          if (!what) continue
          const message = `${what} needs a token, and the job has no id-token: write to do without`
          // Zizmor looks at no scripts of actions.
          yield { at: command.at, message, ...(!job && { peers: {} }) }
        }
      }
    }
  },

  bad: {
    '.github/workflows/ci.yml': `on: push
permissions: {}
jobs:
  publish:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - run: npm publish
        env:
          NODE_AUTH_TOKEN: \${{ secrets.NPM_TOKEN }}
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
  publish:
    name: Publish
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    permissions:
      id-token: write # npm knows the workflow
    steps:
      - run: npm publish
`
  }
})

const PUBLISHES = /\b(publish|upload|push)\b/

function mayHaveIdentity({ permissions }: Job, workflow: Workflow): boolean {
  const held = permissions ?? workflow.permissions
  return (
    held?.all?.value === 'write-all' ||
    held?.scopes.some(({ name, value }) => name.value === 'id-token' && value.value === 'write') === true
  )
}

/** Actions that take a token for a registry which knows trusted publishing, and where they publish to. */
function* byAction(step: Step): Iterable<Problem> {
  const action = actionOf(step)
  if (!action || !step.uses) return
  const says = (name: string) => inputOf(step, name)?.value.value.trim()
  const isHome = (homes: RegExp, ...names: string[]) =>
    names.every(name => says(name) === undefined || homes.test(says(name)!))
  const input =
    action.name === 'pypa/gh-action-pypi-publish' &&
    isHome(/^https:\/\/(upload\.|test\.)?pypi\.org\/legacy\/?$/, 'repository-url', 'repository_url')
      ? 'password'
      : action.name === 'rubygems/configure-rubygems-credentials' &&
          isHome(/^https:\/\/rubygems\.org\/?$/, 'gem-server')
        ? 'api-token'
        : undefined
  if (input && says(input)) {
    yield { at: step.uses.at, message: `${action.name} publishes with a token (${input}), and needs none` }
    return
  }
  if (action.name === 'rubygems/release-gem' && says('setup-trusted-publisher') === 'false')
    yield { at: step.uses.at, message: `${action.name} is told not to use trusted publishing` }
  if (
    action.name === 'actions/setup-node' &&
    says('always-auth') === 'true' &&
    isHome(/^https:\/\/registry\.npmjs\.org\/?$/, 'registry-url')
  )
    yield { at: step.uses.at, message: `${action.name} is told to send a token always` }
}

/** The words that publish, where a command does. */
function publishes({ name, words }: PlainCommand): string | undefined {
  const args = words.slice(1).map(({ value }) => value)
  const has = (...wanted: string[]) => {
    let from = 0
    for (const word of wanted) {
      const at = args.findIndex(
        (arg, index) => index >= from && (arg === word || arg.startsWith(`${word}@`) || arg.startsWith(`${word}==`))
      )
      if (at < 0) return undefined
      from = at + 1
    }
    return [name, ...wanted].join(' ')
  }
  const isTrial = args.includes('--dry-run') || args.includes('--help')
  if (isTrial) return undefined
  switch (name) {
    case 'cargo':
    case 'poetry':
    case 'hatch':
    case 'pdm':
    case 'npm':
    case 'pnpm':
    case 'bun':
      return name === 'cargo' && args.includes('-n') ? undefined : has('publish')
    case 'yarn':
      return args.includes('-n') ? undefined : has('publish')
    case 'bunx':
    case 'npx':
      return has('npm', 'publish')
    case 'uv':
      return has('publish') ?? has('run', 'twine', 'upload')
    case 'uvx':
    case 'pipx':
      return has('twine', 'upload')
    case 'twine':
      return has('upload')
    case 'gem':
      return has('push')
    case 'bundle':
      return has('exec', 'gem', 'push')
    case 'nuget':
      return has('push')
    case 'dotnet':
      return has('nuget', 'push')
    default:
      return /^python[\d.]*$/.test(name) ? has('-m', 'twine', 'upload') : undefined
  }
}
