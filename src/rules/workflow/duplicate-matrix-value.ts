import type { Yaml } from '../../model.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/duplicate-matrix-value',
  title: 'Matrix has the same value twice',
  why: 'The same job runs twice under one name, and what should have been tested is not.',
  fix: 'Remove one; put versions in quotes, for 3.10 is the number 3.1.',
  severity: 'warning',
  topic: 'correctness',
  preset: 'recommended',
  over: 'workflow',
  mentions: ['matrix'],

  *check(workflow) {
    for (const { strategy } of workflow.jobs) {
      for (const { key, values } of strategy?.rows ?? []) {
        const written = new Map<string, Yaml>()
        const numbers = new Map<number, string>()
        for (const value of values) {
          const text = textOf(value)
          if (text === undefined) continue
          const before = written.get(text)
          if (before) {
            const message = `${key.value} has ${shown(value)} twice, here and in line ${before.at.line}`
            yield { at: value.at, message, peers: { actionlint: 'matrix' } }
          } else if (value.kind === 'scalar' && typeof value.data === 'number') {
            const other = numbers.get(value.data)
            if (other !== undefined && other !== value.value)
              yield {
                at: value.at,
                message: `${value.value} and ${other} are one number in YAML: put versions in quotes`
              }
            numbers.set(value.data, value.value)
          }
          if (!before) written.set(text, value)
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
    strategy:
      matrix:
        node: [20, 22, 22]
    steps:
      - run: make test
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
    name: Test on \${{ matrix.node }}
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    strategy:
      matrix:
        node: [20, 22, 24]
    steps:
      - run: make test
        env:
          NODE: \${{ matrix.node }}
`
  }
})

/** A value as one text, whatever the order of its keys; undefined where a part of it is computed. */
function textOf(yaml: Yaml): string | undefined {
  if (yaml.kind === 'scalar') return yaml.value.includes('${{') ? undefined : JSON.stringify(yaml.value)
  if (yaml.kind === 'list') {
    const items = yaml.items.map(textOf)
    return items.includes(undefined) ? undefined : `[${items.join()}]`
  }
  const entries = yaml.entries.map(({ key, value }) => [key.value, textOf(value)] as const)
  if (entries.some(([, value]) => value === undefined)) return undefined
  return `{${entries
    .map(([key, value]) => `${JSON.stringify(key)}:${value}`)
    .sort()
    .join()}}`
}

const shown = (yaml: Yaml): string => (yaml.kind === 'scalar' && yaml.value.length < 60 ? yaml.value : 'the same value')
