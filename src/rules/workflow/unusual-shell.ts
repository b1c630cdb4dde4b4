import type { Text } from '../../model.js'
import { rule } from '../../rule.js'
import { quoted } from '../../words.js'

export default rule({
  id: 'workflow/unusual-shell',
  title: 'Script runs in a shell of its own',
  why: 'Tools that read scripts for mistakes and injection know the usual shells alone: nobody looks at this one.',
  fix: 'Use bash, pwsh or python; call other programs from there.',
  severity: 'note',
  topic: 'security',
  preset: 'all',
  over: 'repo',
  peers: { zizmor: 'misfeature' },

  *check(repo) {
    const shells: (Text | undefined)[] = []
    for (const { defaults, jobs } of repo.workflows) {
      shells.push(defaults.shell)
      for (const job of jobs) shells.push(job.defaults.shell, ...job.steps.map(step => step.shell))
    }
    for (const { steps } of repo.actions) shells.push(...steps.map(step => step.shell))
    for (const shell of shells) {
      if (!shell || shell.value.includes('${{')) continue
      const [program = ''] = shell.value.trim().split(/\s/, 1)
      const name = program.split('/').pop() ?? ''
      if (USUAL.test(name)) continue
      yield { at: shell.at, message: `${quoted(shell.value)} is none of the shells that GitHub documents` }
    }
  },

  bad: {
    '.github/workflows/ci.yml': `on: pull_request
jobs:
  test:
    runs-on: ubuntu-24.04
    steps:
      - run: print('tested')
        shell: lua {0}
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

const USUAL = /^(bash|sh|pwsh|powershell|python3?|cmd)?(\.exe)?$/i
