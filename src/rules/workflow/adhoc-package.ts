import { type PlainCommand, plainCommandsOf } from '../../plain-commands.js'
import { rule } from '../../rule.js'
import { sequencesOf } from '../../steps.js'

export default rule({
  id: 'workflow/adhoc-package',
  title: 'Package is installed past the lock file',
  why: 'Its dependencies are resolved anew in each run, so a release of any of them that was made an hour ago runs with the rights of the job.',
  fix: 'Add the package to the project, so that the lock file has it, and install that with npm ci, bundle install or the like.',
  severity: 'note',
  topic: 'supply-chain',
  preset: 'strict',
  over: 'steps',
  mentions: ['gem', 'bundle', 'npm', 'yarn', 'pnpm'],
  peers: { zizmor: 'adhoc-packages' },

  *check(file) {
    for (const { steps } of sequencesOf(file))
      for (const { run } of steps) {
        if (!run || !/\b(gem|bundle|npm|yarn|pnpm)\b/.test(run.text.value)) continue
        for (const command of plainCommandsOf(run)) {
          const packages = packagesOf(command)
          if (!packages.length) continue
          const names = packages.slice(0, 3).join(', ')
          yield {
            at: command.at,
            message: `${command.name} installs ${names} and the newest of what that depends on, past the lock file`
          }
        }
      }
  },

  bad: {
    '.github/workflows/ci.yml': `on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - run: npm install -g netlify-cli@17.1.0
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
    steps:
      - run: npm ci
`
  }
})

const NPM = new Set('install i in ins inst insta instal isnt isnta isntal isntall add'.split(' '))
const VERBS: Record<string, Set<string> | undefined> = Object.assign(Object.create(null), {
  npm: NPM,
  gem: new Set(['install', 'i']),
  bundle: new Set(['add']),
  yarn: new Set(['add']),
  pnpm: new Set(['add'])
})

/** What a command installs by name; packages of the project itself are no strangers. */
function packagesOf({ name, words }: PlainCommand): string[] {
  const verbs = VERBS[name]
  if (!verbs) return []
  const args = words.slice(1).map(({ value }) => value)
  const verb = name === 'npm' ? args.findIndex(arg => !arg.startsWith('-')) : args.findIndex(arg => verbs.has(arg))
  if (verb < 0 || !verbs.has(args[verb]!)) return []
  return args.slice(verb + 1).filter(arg => arg && !arg.startsWith('-'))
}
