import { rule } from '../../rule.js'
import { usedActionsOf } from '../../used-actions.js'
import { nearest, oneOf, quoted } from '../../words.js'

export default rule({
  id: 'workflow/unknown-input',
  title: 'Action has no such input',
  why: 'GitHub ignores what an action does not declare, so the step does something other than it says.',
  fix: 'Name an input that the action declares, or remove the line.',
  severity: 'warning',
  topic: 'correctness',
  preset: 'recommended',
  over: 'repo',
  peers: { actionlint: 'action' },

  *check(repo) {
    for (const { step, name, facts } of usedActionsOf(repo)) {
      if (!facts?.inputs) continue
      for (const { name: input } of step.with) {
        const key = input.value.toLowerCase()
        if (facts.inputs.has(key) || input.value.includes('${{')) continue
        // Of an action that runs an image of its own these two are the command.
        if (facts.runs === 'docker' && (key === 'args' || key === 'entrypoint')) continue
        const names = [...facts.inputs.values()].map(each => each.name)
        const meant = nearest(input.value, names)
        const hint = meant
          ? `: did you mean ${meant}?`
          : names.length && names.length <= 8
            ? `: it has ${oneOf(names)}`
            : ''
        const message = `${name} has no input ${quoted(input.value)}${hint}`
        // A later release may have it; what a later one has not, an earlier one has hardly had.
        const isSure = facts.from !== 'earlier'
        yield {
          at: input.at,
          message: isSure ? message : `${message}, as far as we know`,
          ...(!isSure && { severity: 'note' as const })
        }
      }
    }
  },

  bad: {
    '.github/workflows/ci.yml': `on: pull_request
jobs:
  test:
    name: Test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - uses: actions/checkout@v6
        with:
          depth: 0
`
  },
  good: {
    '.github/workflows/ci.yml': `name: CI
on: pull_request
permissions:
  contents: read
concurrency:
  group: ci-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  test:
    name: Test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2
        with:
          fetch-depth: 0
          persist-credentials: false
`
  }
})
