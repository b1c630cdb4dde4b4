import type { Problem, Yaml, YamlScalar } from '../../model.js'
import { rule } from '../../rule.js'
import { odditiesOf } from '../../yaml-oddities.js'

export default rule({
  id: 'workflow/unsupported-yaml',
  title: 'YAML that GitHub does not take',
  why: 'GitHub reads YAML without merge keys and with five tags. It refuses a workflow that has more, and nothing in it runs.',
  fix: 'Write out what << would bring in, and leave tags away: quotes make a text of anything.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'workflow',
  peers: { 'github-parser': 'parse-error' },

  *check(workflow) {
    if (workflow.broken) return
    const { tagged, mergeKeys } = odditiesOf(workflow.yaml, workflow.at)
    for (const key of mergeKeys) {
      const message = 'GitHub has no merge keys: << is a key like any other, and refused'
      yield { at: key.at, message, peers: { actionlint: 'syntax-check', 'github-parser': 'parse-error' } }
    }
    for (const yaml of tagged) yield* wrongTag(yaml, yaml.tag!)
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
      - run: npm run test:all
        env:
          <<: *variables
          ALL: 'true'
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

function* wrongTag(yaml: Yaml, tag: string): Iterable<Problem> {
  const name = tag.replace('tag:yaml.org,2002:', '')
  const fits = yaml.kind === 'scalar' ? FITS[name] : undefined
  const { at } = yaml
  const place = { ...at, endLine: at.line, endColumn: at.line === at.endLine ? at.endColumn : at.column + 1 }
  if (!fits) yield { at: place, message: `GitHub does not take the tag !!${name}` }
  else if (!fits(yaml as YamlScalar))
    yield { at: place, message: `the tag !!${name} does not fit what stands after it` }
}

/** The tags that GitHub takes, before scalars only. */
const FITS: Record<string, (scalar: YamlScalar) => boolean> = {
  str: () => true,
  bool: ({ value, style }) => style === 'plain' && /^(true|false)$/i.test(value),
  int: ({ value, style }) => style === 'plain' && /^([-+]?\d+|0o[0-7]+|0x[\da-f]+)$/i.test(value),
  float: ({ value, style }) =>
    style === 'plain' && (/^[-+]?\.inf$|^\.nan$/i.test(value) || (value !== '' && !Number.isNaN(Number(value)))),
  null: ({ value, style }) => style === 'plain' && /^(~|null|)$/i.test(value)
}
