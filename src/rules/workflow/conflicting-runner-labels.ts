import { runnerFacts } from '../../data/runners.js'
import { testWorkflow } from '../../examples.js'
import { rule } from '../../rule.js'
import { runnersOf } from '../../runner-labels.js'

export default rule({
  id: 'workflow/conflicting-runner-labels',
  title: 'No runner has all these labels',
  why: 'Labels of one job are all asked for at once: for two systems there is no runner, and the job never starts.',
  fix: 'Name one system; to run on several, make them a matrix.',
  severity: 'warning',
  topic: 'correctness',
  preset: 'recommended',
  over: 'workflow',
  peers: { actionlint: 'runner-label' },

  *check(workflow) {
    for (const job of workflow.jobs) {
      const choices = runnersOf(job)
      if (choices.length < 2 || choices.length > MAX_LABELS) continue
      for (const [at, choice] of choices.entries())
        for (const label of choice.labels) {
          const other = choices
            .slice(0, at)
            .flatMap(each => each.labels)
            .find(each => conflict(each.value, label.value))
          if (!other) continue
          const message = `job ${job.id.value} asks for one runner that is both ${other.value} and ${label.value}`
          yield { at: label.at, message }
        }
    }
  },

  bad: {
    '.github/workflows/ci.yml': `on: pull_request
jobs:
  test:
    runs-on: [ubuntu-latest, windows-latest]
    steps:
      - run: make test
`
  },
  good: testWorkflow
})

const MAX_LABELS = 20

const SYSTEMS = new Set(['linux', 'windows', 'macos'])

function conflict(one: string, other: string): boolean {
  const [a, b] = [runnerFacts(one), runnerFacts(other)]
  const [system, otherSystem] = [a?.os ?? preset(one), b?.os ?? preset(other)]
  if (system && otherSystem && system !== otherSystem) return true
  return a !== undefined && b !== undefined && (a.image ?? one.toLowerCase()) !== (b.image ?? other.toLowerCase())
}

function preset(label: string): string | undefined {
  const system = label.toLowerCase()
  return SYSTEMS.has(system) ? system : undefined
}
