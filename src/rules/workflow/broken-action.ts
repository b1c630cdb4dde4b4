import { actionProblems } from '../../action-metadata.js'
import type { Action } from '../../model.js'
import { rule } from '../../rule.js'
import { usedActionsOf } from '../../used-actions.js'

export default rule({
  id: 'workflow/broken-action',
  title: 'Step uses an action of this repository that is broken',
  why: 'What is wrong in action.yml shows only where a workflow uses it: there the job fails.',
  fix: 'Mend action.yml.',
  severity: 'note',
  topic: 'correctness',
  preset: 'all',
  over: 'repo',
  peers: { actionlint: 'action' },

  *check(repo) {
    const told = new Set<Action>()
    for (const { written, facts } of usedActionsOf(repo)) {
      const action = facts?.local
      if (!action || told.has(action)) continue
      told.add(action)
      for (const { at, message } of actionProblems(repo).get(action) ?? [])
        yield { at: written.at, message: `${written.value} is broken (${at.path}:${at.line}): ${message}` }
    }
  },

  bad: {
    '.github/workflows/ci.yml': `on: push
jobs:
  test:
    name: Test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - uses: ./setup
`,
    'setup/action.yml': `name: Set up
description: Sets up the tools
runs:
  using: composite
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
`,
    'setup/action.yml': `name: Set up
description: Sets up the tools
runs:
  using: composite
  steps:
    - run: make tools
      shell: bash
`
  }
})
