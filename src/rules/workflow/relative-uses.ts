import { rule } from '../../rule.js'
import { allUsesOf } from '../../steps.js'

export default rule({
  id: 'workflow/relative-uses',
  title: 'Own action or workflow is named by a relative path',
  why: '`./path` is what lies in the workspace when the step runs: nothing without a checkout, and whatever earlier steps left there. `$/path` is this repository at the commit of the workflow.',
  fix: 'Write `$/path`, where every runner and tool that reads the file knows it.',
  severity: 'note',
  topic: 'reliability',
  preset: 'all',
  edits: 'suggested',
  over: 'steps',
  group: 'relative-uses',
  peers: { zizmor: 'self-repository' },

  *check(file) {
    for (const { written, job, step } of allUsesOf(file)) {
      const { value } = written
      if (!value.startsWith('./')) continue
      const path = `$/${value.slice(2)}`
      const what = step ? 'is read from the workspace' : `is called by job ${job!.id.value}`
      yield {
        at: written.at,
        message: `${value} ${what}: ${path} is the same at the commit of this file${step ? ', without a checkout' : ''}`,
        edits: [{ at: written.part(0, 2), text: '$/' }]
      }
    }
  },

  bad: {
    '.github/actions/setup/action.yml': `name: Set up
description: Sets up the tools
runs:
  using: composite
  steps:
    - run: ./install.sh
      shell: bash
`,
    '.github/workflows/ci.yml': `on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - uses: ./.github/actions/setup
`
  },
  good: {
    '.github/actions/setup/action.yml': `name: Set up
description: Sets up the tools
runs:
  using: composite
  steps:
    - run: ./install.sh
      shell: bash
`,
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
      - uses: $/.github/actions/setup
`
  }
})
