import { obfuscated } from '../../conditions.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/obfuscated-expression',
  title: 'Expression hides a value that never changes',
  why: 'Readers and scanners must work out what it says, which is what somebody with something to hide would want.',
  fix: 'Write the value itself.',
  severity: 'note',
  topic: 'security',
  preset: 'strict',
  edits: 'safe',
  over: 'workflow',
  peers: { zizmor: 'obfuscation' },

  check: obfuscated,

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
      - run: ./\${{ format('{0}.sh', 'build') }}
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
      - run: ./build.sh
`
  }
})
