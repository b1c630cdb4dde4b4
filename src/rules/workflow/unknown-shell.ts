import { runnerFacts } from '../../data/runners.js'
import type { Job, Problem, Text } from '../../model.js'
import { rule } from '../../rule.js'
import { runnersOf } from '../../runner-labels.js'
import { quoted } from '../../words.js'

export default rule({
  id: 'workflow/unknown-shell',
  title: 'Runner has no such shell',
  why: 'GitHub knows six shells by name; another, or one of another system, fails the step before it begins.',
  fix: 'Name bash, pwsh, python, sh, cmd or powershell, or the whole command with {0} where the script goes.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'repo',
  peers: { actionlint: 'shell-name' },

  *check(repo) {
    for (const workflow of repo.workflows) {
      const { shell } = workflow.defaults
      if (shell) yield* unknown(shell)
      for (const job of workflow.jobs) {
        const system = systemOf(job)
        for (const text of [job.defaults.shell, ...job.steps.map(step => step.shell)]) {
          if (!text) continue
          yield* unknown(text)
          yield* elsewhere(text, system)
        }
      }
    }
    for (const { shell } of repo.actions.flatMap(action => action.steps)) if (shell) yield* unknown(shell)
  },

  bad: {
    '.github/workflows/ci.yml': `on: pull_request
jobs:
  test:
    runs-on: ubuntu-24.04
    steps:
      - run: make test
        shell: zsh
`
  },
  good: {
    '.github/workflows/ci.yml': `name: CI
on: pull_request
permissions: {}
concurrency:
  group: ci-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  test:
    name: Test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - run: make test
        shell: bash
`
  }
})

const SHELLS = new Set(['bash', 'pwsh', 'python', 'sh', 'cmd', 'powershell'])

const isNamed = ({ value }: Text): boolean => value !== '' && !value.includes('{0}') && !value.includes('${{')

function* unknown(shell: Text): Iterable<Problem> {
  if (!isNamed(shell) || SHELLS.has(shell.value.toLowerCase())) return
  yield {
    at: shell.at,
    message: `${quoted(shell.value)} is no shell that GitHub knows, and no command with {0} for the script`
  }
}

function* elsewhere(shell: Text, system: string | undefined): Iterable<Problem> {
  if (!system || !isNamed(shell)) return
  const name = shell.value.toLowerCase()
  if (system !== 'windows' && (name === 'cmd' || name === 'powershell'))
    yield { at: shell.at, message: `${name} is a shell of Windows, and the job runs on ${NAMES[system]}` }
  // It is there with Git, though GitHub does not promise it.
  if (system === 'windows' && name === 'sh')
    yield { at: shell.at, message: 'sh is no shell that GitHub offers on Windows: bash is', severity: 'note' }
}

const NAMES: Record<string, string> = { linux: 'Linux', macos: 'macOS', windows: 'Windows' }

/** The one system of all runners that the job may get; undefined where that cannot be told. */
function systemOf(job: Job): string | undefined {
  if (job.container) return undefined
  const systems = new Set<string>()
  for (const { labels, open } of runnersOf(job)) {
    if (open) return undefined
    const named = labels.map(({ value }) => runnerFacts(value)?.os ?? systemNamed(value))
    // One label that says nothing leaves it to the others; of several, any may be chosen.
    if (named.length > 1 && named.includes(undefined)) return undefined
    for (const system of named) if (system) systems.add(system)
  }
  const [system] = systems
  return systems.size === 1 ? system : undefined
}

const systemNamed = (label: string): string | undefined => /^(linux|macos|windows)$/i.exec(label)?.[1]?.toLowerCase()
