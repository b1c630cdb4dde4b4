import { isOfVendor, isSelfHostedPreset, runnerFacts } from '../../data/runners.js'
import { testWorkflow } from '../../examples.js'
import { rule } from '../../rule.js'
import { labelMeantBy, runnersOf } from '../../runner-labels.js'
import { matchesId, quoted } from '../../words.js'

export default rule({
  id: 'workflow/unknown-runner',
  title: 'Runner is none that GitHub hosts',
  why: 'Whether a runner with this label exists shows only on GitHub: without one the job waits for a day and fails.',
  fix: 'Name your own labels in .github/actionlint.yaml under self-hosted-runner.labels, or in the option `labels`.',
  severity: 'note',
  topic: 'correctness',
  preset: 'all',
  over: 'workflow',
  peers: { actionlint: 'runner-label' },
  options: {
    labels: { type: 'strings', default: [], about: 'Labels of your own runners, as globs: `gpu-*`.' }
  },

  *check(workflow, options) {
    const own = Array.isArray(options.labels) ? options.labels.map(label => String(label).toLowerCase()) : []
    for (const job of workflow.jobs)
      for (const { value, at } of runnersOf(job).flatMap(each => each.labels)) {
        if (runnerFacts(value) || isSelfHostedPreset(value) || isOfVendor(value)) continue
        // workflow/misspelt-runner says so.
        if (own.some(glob => matchesId(value.toLowerCase(), glob)) || labelMeantBy(value)) continue
        const what = value
          ? `no runner that GitHub hosts has the label ${quoted(value)}`
          : 'no runner has an empty label'
        yield { at, message: what, key: value }
      }
  },

  bad: {
    '.github/workflows/ci.yml': `on: pull_request
jobs:
  test:
    runs-on: build-box
    steps:
      - run: make test
`
  },
  good: testWorkflow
})
