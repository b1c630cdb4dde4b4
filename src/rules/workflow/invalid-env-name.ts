import type { Field } from '../../model.js'
import { rule } from '../../rule.js'
import { quoted } from '../../words.js'

export default rule({
  id: 'workflow/invalid-env-name',
  title: 'Environment variable with a name that none can have',
  why: 'No program can read such a variable, and some shells fail on it.',
  fix: 'Use letters, digits and _ alone.',
  severity: 'warning',
  topic: 'correctness',
  preset: 'recommended',
  over: 'repo',
  peers: { actionlint: 'env-var' },

  *check(repo) {
    const all: Field[] = []
    for (const { env, jobs } of repo.workflows) {
      all.push(...env)
      for (const job of jobs) {
        all.push(...job.env, ...(job.container?.env ?? []))
        for (const { env } of [...job.services, ...job.steps]) all.push(...env)
      }
    }
    for (const { env } of repo.actions.flatMap(action => action.steps)) all.push(...env)
    for (const { name } of all) {
      const wrong = name.value.includes('${{') ? undefined : /[&=\s]/.exec(name.value)?.[0]
      if (!wrong) continue
      const what = wrong.trim() ? `'${wrong}'` : 'a blank'
      yield {
        at: name.at,
        message: `${quoted(name.value)} has ${what} in it: no environment variable can be called so`
      }
    }
  },

  bad: {
    '.github/workflows/ci.yml': `on: pull_request
jobs:
  test:
    runs-on: ubuntu-24.04
    env:
      APP MODE: test
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
    name: Test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    env:
      APP_MODE: test
    steps:
      - run: make test
`
  }
})
