import { uncheckedDownloads } from '../../downloads.js'
import { rule } from '../../rule.js'
import { sequencesOf } from '../../steps.js'

export default rule({
  id: 'workflow/unchecked-download',
  title: 'Download is run without a look at it',
  why: 'Whoever can change what the address serves runs code with the token and secrets of the job.',
  fix: 'Download a version, compare its checksum (`sha256sum -c`), then run it; or name a commit in the address.',
  severity: 'note',
  topic: 'supply-chain',
  preset: 'strict',
  over: 'steps',
  mentions: ['curl', 'wget'],
  peers: { poutine: 'unverified_script_exec' },

  *check(file) {
    for (const { steps } of sequencesOf(file))
      for (const { run } of steps) {
        if (!run || !/curl|wget/.test(run.text.value)) continue
        for (const { at, runner, by, url, plain } of uncheckedDownloads(run.commands)) {
          if (IMMUTABLE.test(url)) continue
          const what = url || `what ${by} downloads`
          yield { at, message: `${runner} runs ${what} as it comes`, ...(plain && { severity: 'warning' as const }) }
        }
      }
  },

  bad: {
    '.github/workflows/ci.yml': `on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - run: curl -sSfL https://example.com/install.sh | sh
`
  },
  good: {
    '.github/workflows/ci.yml': `name: CI
on: push
permissions: {}
concurrency:
  group: ci-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  test:
    name: Test
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - run: |
          curl -sSfLo install.sh https://example.com/1.2.3/install.sh
          echo "888402a8cd6075c5dc83a31f58287f13306c318eaad016661ed12e076f3e6341  install.sh" | sha256sum -c
          sh install.sh
`
  }
})

/** A file at a commit of GitHub is always the same. */
const IMMUTABLE =
  /^https:\/\/(raw\.githubusercontent\.com\/[^/]+\/[^/]+|github\.com\/[^/]+\/[^/]+\/raw)\/[0-9a-f]{40}\//
