import { hostedLabels, isOfVendor, runnerFacts } from '../../data/runners.js'
import { testWorkflow } from '../../examples.js'
import type { Job, Place } from '../../model.js'
import { rule } from '../../rule.js'
import { runnerGroupOf, runnersOf } from '../../runner-labels.js'
import { matchesId } from '../../words.js'

export default rule({
  id: 'workflow/pull-request-on-self-hosted-runner',
  title: 'Pull requests run on a self-hosted runner',
  why: 'Whoever opens a pull request runs code of their own on that machine; what it leaves there later jobs find.',
  fix: 'Run pull requests on runners that GitHub hosts or that are made anew for each job; name those in the option `allow`.',
  severity: 'warning',
  topic: 'security',
  preset: 'strict',
  over: 'workflow',
  mentions: ['pull_request', 'pull_request_target', 'pull_request_review', 'pull_request_review_comment'],
  peers: { poutine: 'pr_runs_on_self_hosted' },
  options: {
    allow: {
      type: 'strings',
      default: [],
      about: 'Labels and groups of runners that may run pull requests, as globs: `ephemeral-*`, `group:pull-requests`.'
    }
  },

  *check(workflow, options) {
    const events = workflow.triggers.map(({ event }) => event.value).filter(event => EVENTS.has(event))
    if (!events.length) return
    const allow = Array.isArray(options.allow) ? options.allow.map(each => String(each).toLowerCase()) : []
    for (const job of workflow.jobs) {
      const found = ownRunner(job, allow)
      if (found) yield { at: found.at, message: `${events[0]} runs job ${job.id.value} on ${found.name}` }
    }
  },

  bad: {
    '.github/workflows/ci.yml': `on: pull_request
jobs:
  test:
    runs-on: self-hosted
    steps:
      - run: make test
`
  },
  good: testWorkflow
})

const EVENTS = new Set(['pull_request', 'pull_request_target', 'pull_request_review', 'pull_request_review_comment'])

/** The group that GitHub puts larger runners of its own into. Source: GitHub's documentation of larger runners, 2026-11. */
const LARGER = 'Default Larger Runners'

/** The first label or group that is none of those that GitHub or a known vendor hosts. */
function ownRunner(job: Job, allow: string[]): { at: Place; name: string } | undefined {
  const isAllowed = (...names: string[]) => allow.some(glob => names.some(name => matchesId(name.toLowerCase(), glob)))
  const group = runnerGroupOf(job)
  const isNamed = group && !group.value.includes('${{') && group.value !== LARGER
  if (isNamed && !isAllowed(`group:${group.value}`))
    return { at: group.at, name: `runners of the group ${group.value}` }
  const labels = runnersOf(job).flatMap(each => each.labels)
  const isOurs = (label: string) => label !== '' && !isHosted(label) && !isAllowed(label, `label:${label}`)
  const own = labels.find(label => isOurs(label.value))
  return own && { at: own.at, name: `a runner with the label ${own.value}` }
}

// What begins as one of GitHub's own (`ubuntu-24.04-8core`) is how people call its larger runners.
const isHosted = (label: string): boolean =>
  runnerFacts(label) !== undefined ||
  isOfVendor(label) ||
  hostedLabels().some(hosted => label.toLowerCase().startsWith(`${hosted}-`))
