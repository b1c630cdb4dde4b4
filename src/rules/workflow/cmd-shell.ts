import type { Text } from '../../model.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/cmd-shell',
  title: 'Script runs in cmd',
  why: 'cmd goes on after a command that failed, and its rules for quotes and variables make injection easy to miss.',
  fix: 'Use pwsh, or bash, which Windows runners have too.',
  severity: 'note',
  topic: 'reliability',
  preset: 'strict',
  over: 'repo',
  peers: { zizmor: 'misfeature' },

  *check(repo) {
    const shells: (Text | undefined)[] = []
    for (const { defaults, jobs } of repo.workflows) {
      shells.push(defaults.shell)
      for (const job of jobs) shells.push(job.defaults.shell, ...job.steps.map(step => step.shell))
    }
    for (const { steps } of repo.actions) shells.push(...steps.map(step => step.shell))
    for (const shell of shells)
      if (shell && /^cmd(\.exe)?(\s|$)/i.test(shell.value))
        yield { at: shell.at, message: 'cmd goes on after a command that failed' }
  },

  bad: {
    '.github/workflows/ci.yml': `on: pull_request
jobs:
  test:
    runs-on: windows-2025
    steps:
      - run: build.bat
        shell: cmd
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
    runs-on: windows-2025
    timeout-minutes: 10
    steps:
      - run: ./build.ps1
        shell: pwsh
`
  }
})
