import { rule } from '../../rule.js'
import { usedActionsOf } from '../../used-actions.js'
import { oneOf } from '../../words.js'

export default rule({
  id: 'workflow/missing-input',
  title: 'Action is not given what it requires',
  why: 'An input that is required and has no default comes as an empty text: most actions then fail.',
  fix: 'Give the input under `with`.',
  severity: 'warning',
  topic: 'correctness',
  preset: 'recommended',
  over: 'repo',
  peers: { actionlint: 'action' },

  *check(repo) {
    for (const { step, written, name, facts } of usedActionsOf(repo)) {
      // Inputs that are computed as a whole may hold it, and another release may not require it.
      if (
        !facts?.inputs ||
        (facts.from !== 'file' && facts.from !== 'table') ||
        step.yaml.get('with')?.kind === 'scalar'
      )
        continue
      const given = new Set(
        step.yaml.get('with')?.kind === 'map' ? step.with.map(field => field.name.value.toLowerCase()) : []
      )
      const missing = [...facts.inputs].flatMap(([key, input]) => (input.required && !given.has(key) ? input.name : []))
      if (!missing.length) continue
      for (const input of missing)
        yield { at: written.at, message: `${name} requires ${oneOf([input])}, which is not given` }
    }
  },

  bad: {
    '.github/workflows/ci.yml': `on: pull_request
jobs:
  test:
    name: Test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - uses: actions/cache@v5
        with:
          path: node_modules
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
      - uses: actions/cache@8b402f58fbc84540c8b491a91e594a4576fec3d7 # v5.0.2
        with:
          path: node_modules
          key: modules-\${{ hashFiles('package-lock.json') }}
`
  }
})
