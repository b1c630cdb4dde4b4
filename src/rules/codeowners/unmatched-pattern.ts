import { unmatched } from '../../owners.js'
import { rule } from '../../rule.js'
import { quoted } from '../../words.js'

export default rule({
  id: 'codeowners/unmatched-pattern',
  title: 'Line of CODEOWNERS matches no file',
  why: 'What it was to guard has moved or was never there, and is changed without its owners.',
  fix: 'Name where the files lie now, or remove the line.',
  severity: 'note',
  topic: 'gate',
  preset: 'strict',
  over: 'repo',

  *check({ codeowners: [file], paths }) {
    for (const { pattern } of unmatched(file?.lines ?? [], paths))
      yield { at: pattern.at, message: `${quoted(pattern.value)} matches no file of this repository` }
  },

  bad: {
    '.github/CODEOWNERS': '* @acme/team\n/pipeline/ @acme/platform\n'
  },
  good: {
    '.github/CODEOWNERS': '* @acme/team\n/.github/ @acme/platform\nsrc/*.js @acme/shop\n',
    'src/index.js': 'export const answer = 42\n',
    '.github/workflows/ci.yml': `name: CI
on: pull_request
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
      - run: npx jest
`
  }
})
