import { testWorkflow } from '../../examples.js'
import { readUses } from '../../parse/uses.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/dangerous-trigger',
  title: 'Outsiders start a run that has secrets',
  why: 'Runs of pull_request_target and workflow_run have the secrets and a writing token whoever opened the pull request: one careless step gives them away.',
  fix: 'Use pull_request where no secret is needed; else check out nothing of the pull request and give the token no more than it needs.',
  severity: 'note',
  topic: 'security',
  preset: 'strict',
  over: 'workflow',
  mentions: ['pull_request_target', 'workflow_run'],
  peers: { zizmor: 'dangerous-triggers' },

  *check(workflow) {
    const events = workflow.triggers.flatMap(({ event }) => (WHAT.has(event.value) ? event.value : []))
    const steps = workflow.jobs.flatMap(job => job.steps)
    // It reads labels and paths through the API, and runs nothing.
    const isLabeler = steps.length === 1 && workflow.jobs.length === 1 && isLabelerAt(steps[0]?.uses?.value)
    const dangerous = events.filter(event => !isLabeler || event !== 'pull_request_target')
    if (!dangerous.length) return
    const at = workflow.yaml.entry('on')?.key.at ?? workflow.at
    const what = dangerous.map(event => `${event} ${WHAT.get(event)}`).join(', ')
    yield { at, message: `runs with the secrets and the token of this repository: ${what}` }
  },

  bad: {
    '.github/workflows/greet.yml': `on: pull_request_target
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

const WHAT = new Map([
  ['pull_request_target', 'for pull requests of forks too'],
  ['workflow_run', 'after runs that outsiders start']
])

function isLabelerAt(written: string | undefined): boolean {
  const uses = written === undefined ? undefined : readUses(written)
  return uses?.kind === 'remote' && uses.action.toLowerCase() === 'actions/labeler'
}
