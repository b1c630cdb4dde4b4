import type { YamlMap } from '../../model.js'
import { scalarOf } from '../../parse/yaml.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/computed-env',
  title: 'All variables of a step come from one expression',
  why: 'Which variables are set shows only in the run: ACTIONS_ALLOW_UNSECURE_COMMANDS or a search path may be among them.',
  fix: 'List the variables, each with its own value.',
  severity: 'note',
  topic: 'security',
  preset: 'all',
  over: 'repo',
  peers: { zizmor: 'insecure-commands' },

  *check(repo) {
    const maps: YamlMap[] = []
    for (const { yaml, jobs } of repo.workflows)
      maps.push(yaml, ...jobs.flatMap(job => [job.yaml, ...job.steps.map(step => step.yaml)]))
    for (const { steps } of repo.actions) maps.push(...steps.map(step => step.yaml))
    for (const map of maps) {
      const env = scalarOf(map.get('env'))
      if (env?.value.includes('${{'))
        yield { at: env.at, message: 'nobody can tell which environment variables this sets' }
    }
  },

  bad: {
    '.github/workflows/ci.yml': `on: pull_request
jobs:
  test:
    name: Test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    env: \${{ fromJSON(inputs.variables) }}
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
