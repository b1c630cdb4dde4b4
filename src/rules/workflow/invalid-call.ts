import type { Problem, Text } from '../../model.js'
import { rule } from '../../rule.js'
import { quoted } from '../../words.js'

export default rule({
  id: 'workflow/invalid-call',
  title: 'Job calls what is no reusable workflow',
  why: 'GitHub refuses a call that it cannot read: nothing of the workflow runs.',
  fix: 'Write owner/repository/.github/workflows/file.yml@ref, or ./.github/workflows/file.yml without a ref.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'workflow',
  peers: { actionlint: 'workflow-call', 'github-parser': 'parse-error' },

  *check(workflow) {
    for (const { uses } of workflow.jobs) if (uses) yield* problemOf(uses)
  },

  bad: {
    '.github/workflows/ci.yml': `on: push
jobs:
  test:
    uses: ./.github/workflows/test.yml@main
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
`
  }
})

function* problemOf(uses: Text): Iterable<Problem> {
  const text = uses.value.trim()
  if (text === '' || text.includes('${{')) return
  const at = text.lastIndexOf('@')
  const path = at < 0 ? text : text.slice(0, at)
  if (text.startsWith('./') || text.startsWith('$/')) {
    if (at >= 0)
      yield {
        at: uses.at,
        message: `${quoted(text)} has a ref: a workflow of this repository is always that of the same commit`
      }
    return
  }
  const parts = path.split('/')
  if (at < 0) yield { at: uses.at, message: `${quoted(text)} says no ref: which version of the workflow is meant?` }
  else if (parts.length < 3 || parts.some(part => part === '') || at === text.length - 1)
    yield { at: uses.at, message: `${quoted(text)} is not owner/repository/.github/workflows/file.yml@ref` }
  else if (parts.length !== 5 || parts[2] !== '.github' || parts[3] !== 'workflows')
    yield {
      at: uses.at,
      message: `${quoted(path)} is not below .github/workflows, where alone workflows are called from`,
      peers: { 'github-parser': 'parse-error' }
    }
}
