import type { Strategy, Yaml, YamlMap } from '../../model.js'
import { listOf, mapOf } from '../../parse/yaml.js'
import { rule } from '../../rule.js'
import { oneOf, quoted } from '../../words.js'

export default rule({
  id: 'workflow/idle-matrix-exclude',
  title: 'Matrix excludes what it does not hold',
  why: 'The exclusion does nothing, so a combination runs that was meant to be left out.',
  fix: 'Write keys and values as the rows of the matrix have them, or remove the exclusion.',
  severity: 'warning',
  topic: 'correctness',
  preset: 'recommended',
  over: 'workflow',
  mentions: ['exclude'],
  peers: { actionlint: 'matrix' },

  *check(workflow) {
    for (const { strategy, yaml } of workflow.jobs) {
      if (!strategy) continue
      const matrix = mapOf(mapOf(yaml.get('strategy'))?.get('matrix'))
      const excluded = matrix?.entry('exclude')
      if (!matrix || !excluded || !strategy.exclude.length) continue
      const including = matrix.get('include')
      const included = listOf(including)
      // What is computed may bring any key.
      if (including && (!included || included.items.some(item => item.kind !== 'map'))) continue
      if (!strategy.rows.length && !strategy.include.length) {
        yield { at: excluded.key.at, message: 'the matrix has no rows to exclude anything from' }
        continue
      }
      const values = valuesOf(strategy)
      const most = Math.max(0, ...[...values.values()].map(held => held.length))
      if (most * strategy.exclude.length > MAX_COMPARED) continue
      for (const { key, value } of strategy.exclude.flatMap(each => each.entries)) {
        const held = values.get(key.value)
        if (!held) {
          const keys = [...values.keys()].slice(0, 20)
          yield { at: key.at, message: `the matrix has no ${quoted(key.value)}: it has ${oneOf(keys)}` }
        } else if (
          !isComputed(matrix.get(key.value)) &&
          !holdsExpression(value) &&
          !held.some(each => holds(each, value))
        )
          yield { at: value.at, message: `${key.value} is never ${shown(value)}: it is ${listed(held)}` }
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
        node: [20, 22]
        database: [mysql, postgres]
        exclude:
          - node: 18
            database: mysql
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
    name: Test \${{ matrix.node }} on \${{ matrix.database }}
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    strategy:
      matrix:
        node: [20, 22]
        database: [mysql, postgres]
        exclude:
          - node: 20
            database: mysql
    steps:
      - run: make test
`
  }
})

// GitHub takes 256 jobs at most: nobody reads what is larger.
const MAX_COMPARED = 100_000

/** What each key holds in some combination. */
function valuesOf({ rows, include }: Strategy): Map<string, Yaml[]> {
  const values = new Map<string, Yaml[]>(rows.map(({ key, values }) => [key.value, [...values]]))
  for (const { key, value } of include.flatMap((each: YamlMap) => each.entries)) {
    const held = values.get(key.value)
    if (held) held.push(value)
    else values.set(key.value, [value])
  }
  return values
}

// A row that is an expression, or has one among its values.
const isComputed = (row: Yaml | undefined): boolean =>
  row !== undefined && (row.kind !== 'list' || holdsExpression(row))

function holdsExpression(yaml: Yaml): boolean {
  if (yaml.kind === 'scalar') return yaml.value.includes('${{')
  return (yaml.kind === 'list' ? yaml.items : yaml.entries.map(({ value }) => value)).some(holdsExpression)
}

/** Every part of what is excluded is in the value; more may be. */
function holds(value: Yaml, part: Yaml): boolean {
  if (holdsExpression(value)) return true
  if (value.kind === 'scalar' || part.kind === 'scalar')
    return value.kind === 'scalar' && part.kind === 'scalar' && value.value === part.value
  if (value.kind === 'list' || part.kind === 'list') {
    if (value.kind !== 'list' || part.kind !== 'list' || value.items.length !== part.items.length) return false
    return value.items.every((item, at) => holds(item, part.items[at]!))
  }
  return part.entries.every(entry => {
    const own = value.get(entry.key.value)
    return own !== undefined && holds(own, entry.value)
  })
}

const shown = (yaml: Yaml): string => (yaml.kind === 'scalar' ? quoted(yaml.value) : 'this')

function listed(held: Yaml[]): string {
  if (held.some(each => each.kind !== 'scalar')) return 'none of these values'
  return oneOf(held.slice(0, 20).map(each => (each.kind === 'scalar' ? each.value : '')))
}
