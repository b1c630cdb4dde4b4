import type { Place, Problem, Yaml } from '../../model.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/beyond-limit',
  title: 'Text or nesting beyond what GitHub reads',
  why: 'GitHub refuses texts with an expression that are longer than 21,000 characters, and values more than 50 deep. Nothing in the workflow runs.',
  fix: 'Move a long script into a file, or pass what it computes in env, so that it holds no expression.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'workflow',
  peers: { 'github-parser': 'parse-error' },

  *check(workflow) {
    if (!workflow.broken) yield* beyond(workflow.yaml, workflow.at, 0, new Set())
  },

  bad: {
    '.github/workflows/ci.yml': `on: pull_request
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    steps:
      - run: |
          echo \${{ github.sha }}
          ${': a long line of a script that was pasted here\n          '.repeat(460)}
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
      - run: ./long-script
        env:
          COMMIT: \${{ github.sha }}
`
  }
})

const MAX_LENGTH = 21_000
const MAX_DEPTH = 50

/** `at` is the key that leads to a value. */
function* beyond(yaml: Yaml, at: Place, depth: number, seen: Set<Yaml>): Iterable<Problem> {
  if (yaml.anchor !== undefined) {
    if (seen.has(yaml)) return
    seen.add(yaml)
  }
  if (yaml.kind === 'scalar') {
    if (yaml.value.length <= MAX_LENGTH || !yaml.value.includes('${{')) return
    const message = `a text of ${yaml.value.length} characters that holds an expression: GitHub takes ${MAX_LENGTH}`
    yield { at, message }
    return
  }
  if (depth >= MAX_DEPTH) {
    yield { at, message: `values stand more than ${MAX_DEPTH} deep in one another` }
    return
  }
  if (yaml.kind === 'map') for (const { key, value } of yaml.entries) yield* beyond(value, key.at, depth + 1, seen)
  else for (const item of yaml.items) yield* beyond(item, at, depth + 1, seen)
}
