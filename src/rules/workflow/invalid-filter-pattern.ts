import { patternProblems } from '../../filter-patterns.js'
import type { YamlScalar } from '../../model.js'
import { mapOf, scalarOf, scalarsOf } from '../../parse/yaml.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/invalid-filter-pattern',
  title: 'Filter pattern matches nothing or is refused',
  why: 'A pattern that cannot match leaves the workflow unstarted, or started for what it should leave out, without a word.',
  fix: "Write the pattern as GitHub's cheat sheet has it: globs, no regular expressions, paths from the root of the repository.",
  severity: 'warning',
  topic: 'correctness',
  preset: 'recommended',
  over: 'workflow',
  mentions: ['branches', 'tags', 'paths', 'versions', 'names', 'snapshot'],
  peers: { actionlint: 'glob' },

  *check(workflow) {
    const patterns: { text: YamlScalar; kind: 'ref' | 'path' | 'other' }[] = []
    for (const { config } of workflow.triggers)
      for (const [filter, kind] of FILTERS)
        for (const text of scalarsOf(config?.get(filter))) patterns.push({ text, kind })
    for (const { yaml } of workflow.jobs) {
      const text = scalarOf(mapOf(yaml.get('snapshot'))?.get('version'))
      if (text) patterns.push({ text, kind: 'other' })
    }
    for (const { text, kind } of patterns)
      for (const { from, to, message, minor } of patternProblems(text.value, kind))
        yield { at: text.part(from, to), message, ...(minor && { severity: 'note' as const }) }
  },

  bad: {
    '.github/workflows/ci.yml': `on:
  push:
    branches: ['^main$']
jobs:
  test:
    name: Test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - run: make test
`
  },
  good: {
    '.github/workflows/ci.yml': `name: CI
on:
  push:
    branches: [main, 'release/[0-9]+']
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

const FILTERS = [
  ['branches', 'ref'],
  ['branches-ignore', 'ref'],
  ['tags', 'ref'],
  ['tags-ignore', 'ref'],
  ['paths', 'path'],
  ['paths-ignore', 'path'],
  ['versions', 'other'],
  ['names', 'other']
] as const
