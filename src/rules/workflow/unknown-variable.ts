import { sitesOf } from '../../expressions.js'
import { contextPath, walk } from '../../parse/expression.js'
import { rule } from '../../rule.js'
import { nearest } from '../../words.js'

export default rule({
  id: 'workflow/unknown-variable',
  title: 'Expression reads a configuration variable that is not in the list',
  why: 'A variable that nobody has set gives nothing, and no error.',
  fix: 'Set the variable in the settings and list it, or correct its name.',
  severity: 'warning',
  topic: 'correctness',
  preset: 'recommended',
  over: 'workflow',
  mentions: ['vars'],
  peers: { actionlint: 'expression' },
  options: {
    variables: {
      type: 'strings',
      default: [],
      about:
        'Names of all configuration variables of the repository, its environments and its organisation. Empty: any name may be one.'
    }
  },

  *check(workflow, { variables }) {
    const known = new Set((variables as string[]).map(name => name.toLowerCase()))
    if (!known.size) return
    for (const { text, expressions } of sitesOf(workflow)) {
      if (!/vars/i.test(text.value)) continue
      for (const { root } of expressions)
        for (const node of root ? walk(root) : []) {
          const [, name] = /^vars\.([^.*]+)$/.exec(contextPath(node) ?? '') ?? []
          if (!name || known.has(name)) continue
          const meant = nearest(name, known)
          const hint = meant ? `: did you mean ${meant.toUpperCase()}?` : ''
          yield {
            at: text.part(node.from, node.to),
            message: `${text.value.slice(node.from, node.to)} is not in the list of variables${hint}`
          }
        }
    }
  },

  bad: {
    head: {
      '.github/workflows/ci.yml': `name: CI
on: [pull_request, merge_group]
permissions:
  contents: read
concurrency:
  group: ci-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  test:
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - run: npm test
        env:
          URL: \${{ vars.TSET_URL }}
`
    },
    options: { variables: ['TEST_URL'] }
  },
  good: {
    head: {
      '.github/workflows/ci.yml': `name: CI
on: [pull_request, merge_group]
permissions:
  contents: read
concurrency:
  group: ci-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  test:
    name: test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - run: npm test
        env:
          URL: \${{ vars.TEST_URL }}
`
    },
    options: { variables: ['TEST_URL'] }
  }
})
