import type { Yaml } from '../../model.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/unused-anchor',
  title: 'Anchor that no alias names',
  why: 'It promises that the value is used again; who changes the value looks for where.',
  fix: 'Remove the anchor, or name it where the value is meant.',
  severity: 'note',
  topic: 'style',
  preset: 'all',
  over: 'workflow',
  peers: { actionlint: 'syntax-check' },

  *check(workflow) {
    if (workflow.broken) return
    const counts = new Map<Yaml, number>()
    count(workflow.yaml, counts)
    for (const [{ anchor, anchorAt: at }, times] of counts) {
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
      - run: npm run test:all
        env: *variables
`
  }
})

/** How often each value with an anchor stands in the file. */
function count(yaml: Yaml, counts: Map<Yaml, number>): void {
  if (yaml.anchor !== undefined) {
    const times = (counts.get(yaml) ?? 0) + 1
    counts.set(yaml, times)
    if (times > 1) return
  }
  if (yaml.kind === 'map') for (const { value } of yaml.entries) count(value, counts)
  else if (yaml.kind === 'list') for (const item of yaml.items) count(item, counts)
}
