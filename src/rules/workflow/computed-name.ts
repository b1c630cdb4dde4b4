import { computedNames } from '../../conditions.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/computed-name',
  title: 'Which value an expression reads shows only when it runs',
  why: 'Neither readers nor scanners can tell which input, secret or output ends up there.',
  fix: 'Name the member, or choose between members with case().',
  severity: 'note',
  topic: 'security',
  preset: 'all',
  over: 'workflow',
  peers: { zizmor: 'obfuscation' },

  check: computedNames,

  bad: {
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
      - env:
          URL: \${{ vars[github.ref_name] }}
        run: npm test
`
  },
  good: {
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
      - env:
          URL: \${{ vars.URL }}
        run: npm test
`
  }
})
