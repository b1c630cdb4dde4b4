import { rule } from '../../rule.js'
import { odditiesOf } from '../../yaml-oddities.js'

export default rule({
  id: 'workflow/unused-anchor',
  title: 'Anchor that no alias names',
  why: 'It promises that the value is used again; who changes the value looks for where.',
  fix: 'Remove the anchor, or name it where the value is meant.',
  severity: 'note',
  topic: 'style',
  preset: 'all',
  edits: 'safe',
  over: 'workflow',
  peers: { actionlint: 'syntax-check' },

  *check(workflow) {
    if (workflow.broken) return
    for (const [{ anchor, anchorAt: at }, times] of odditiesOf(workflow.yaml, workflow.at).anchors) {
      if (times > 1 || !at) continue
      const edits = at.column > 1 ? [{ at: { ...at, column: at.column - 1 }, text: '' }] : []
      yield { at, message: `no alias names the anchor ${anchor}`, edits }
    }
  },

  bad: {
    '.github/workflows/ci.yml': `on: pull_request
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    steps:
      - run: npm test
        env: &variables
          NODE_ENV: test
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
      - run: npm test
        env: &variables
          NODE_ENV: test
      - run: npm run test:all
        env: *variables
`
  }
})
