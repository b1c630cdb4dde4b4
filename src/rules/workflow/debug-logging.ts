import { testWorkflow } from '../../examples.js'
import type { Field } from '../../model.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/debug-logging',
  title: 'Debug logging is always on',
  why: 'Debug logs show more of the environment than needs be, and hide what matters; set here they do not even reach the runner.',
  fix: 'Remove the variable, and tick "Enable debug logging" when a run is started again.',
  severity: 'note',
  topic: 'security',
  preset: 'recommended',
  over: 'workflow',
  mentions: ['actions_step_debug', 'actions_runner_debug'],
  peers: { poutine: 'debug_enabled' },

  *check(workflow) {
    const all: Field[] = [...workflow.env]
    for (const job of workflow.jobs) all.push(...job.env, ...job.steps.flatMap(step => step.env))
    for (const { name, value } of all) {
      if (!/^ACTIONS_(STEP|RUNNER)_DEBUG$/i.test(name.value) || value.value.toLowerCase() !== 'true') continue
      yield { at: name.at, message: `${name.value} asks for debug logs of every run` }
    }
  },

  bad: {
    '.github/workflows/ci.yml': `on: pull_request
env:
  ACTIONS_STEP_DEBUG: true
jobs:
  test:
    name: Test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - run: make test
`
  },
  good: testWorkflow
})
