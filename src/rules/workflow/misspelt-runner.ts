import { isOfVendor, isSelfHostedPreset, runnerFacts } from '../../data/runners.js'
import { testWorkflow } from '../../examples.js'
import { rule } from '../../rule.js'
import { labelMeantBy, runnersOf } from '../../runner-labels.js'
import { matchesId } from '../../words.js'

export default rule({
  id: 'workflow/misspelt-runner',
  title: 'Runner is spelt like one of GitHub and is none',
  why: 'A job for a label that no runner has waits for a day and fails.',
  fix: 'Write the label as GitHub does; name your own labels in .github/actionlint.yaml or in the option `labels`.',
  severity: 'warning',
  topic: 'correctness',
  preset: 'recommended',
  over: 'workflow',
  peers: { actionlint: 'runner-label' },
  options: {
    labels: { type: 'strings', default: [], about: 'Labels of your own runners, as globs: `gpu-*`.' }
  },

  *check(workflow, options) {
    const own = Array.isArray(options.labels) ? options.labels.map(label => String(label).toLowerCase()) : []
    for (const job of workflow.jobs) {
      if (job.runsOn.some(label => label.value.toLowerCase() === 'self-hosted')) continue
      for (const { value, at } of runnersOf(job).flatMap(each => each.labels)) {
        if (!value || runnerFacts(value) || isSelfHostedPreset(value) || isOfVendor(value)) continue
        if (own.some(glob => matchesId(value.toLowerCase(), glob))) continue
        const meant = labelMeantBy(value)
        if (meant) yield { at, message: `job ${job.id.value} asks for ${value}: did you mean ${meant}?` }
      }
    }
  },

  bad: {
    '.github/workflows/ci.yml': `on: pull_request
jobs:
  test:
    runs-on: ubuntu-lastest
    steps:
      - run: make test
`
  },
  good: testWorkflow
})
