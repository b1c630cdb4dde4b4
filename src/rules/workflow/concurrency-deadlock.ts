import { calleesIn } from '../../callees.js'
import type { Workflow, Yaml, YamlScalar } from '../../model.js'
import { mapOf, scalarOf } from '../../parse/yaml.js'
import { rule } from '../../rule.js'
import { quoted } from '../../words.js'

export default rule({
  id: 'workflow/concurrency-deadlock',
  title: 'Job waits for the run that it is part of',
  why: 'The run holds the concurrency group until it is over, and its job waits for the group: GitHub cancels such a run at once.',
  fix: 'Give the job, or the called workflow, a group of its own, or leave it to the group of the whole run.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'repo',

  *check(repo) {
    const callees = calleesIn(repo)
    for (const workflow of repo.workflows) {
      if (workflow.broken) continue
      const whole = groupOf(workflow.concurrency)
      for (const job of workflow.jobs) {
        const own = groupOf(job.concurrency)
        if (own && whole && isSame(own, whole)) {
          const message = `job ${job.id.value} waits for the group ${quoted(own.value)}, which its own run holds (line ${whole.at.line})`
          yield { at: own.at, message }
        }
        const found = job.uses && callees.workflow(job.uses, '')
        if (!found || 'reason' in found) continue
        // Inputs are the called workflow's own.
        for (const { group, who } of groupsIn(found.workflow))
          for (const held of [own, whole])
            if (held && isSame(held, group) && !/\binputs\b/.test(group.value)) {
              const message = `${who} of ${found.workflow.path} waits for the group ${quoted(group.value)}, which the run that calls it holds (line ${held.at.line})`
              yield { at: job.uses!.at, message }
            }
      }
    }
  },

  bad: {
    '.github/workflows/ci.yml': `on: pull_request
permissions: {}
concurrency:
  group: ci-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  test:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    concurrency: ci-\${{ github.ref }}
    steps:
      - run: npm test
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
    concurrency:
      group: database-\${{ github.ref }}
      cancel-in-progress: true
    steps:
      - run: npm test
`
  }
})

function groupOf(concurrency: Yaml | undefined): YamlScalar | undefined {
  const group = scalarOf(mapOf(concurrency)?.get('group') ?? concurrency)
  return group?.value ? group : undefined
}

function* groupsIn(workflow: Workflow): Iterable<{ group: YamlScalar; who: string }> {
  const whole = groupOf(workflow.concurrency)
  if (whole) yield { group: whole, who: 'the whole' }
  for (const { id, concurrency } of workflow.jobs) {
    const group = groupOf(concurrency)
    if (group) yield { group, who: `job ${id.value}` }
  }
}

/** Groups are the same whatever their case; equal expressions come to equal texts, but for what each job has of its own. */
const isSame = (one: YamlScalar, other: YamlScalar): boolean =>
  normal(one.value) === normal(other.value) && !/\b(matrix|strategy|needs)\b/.test(one.value)
const normal = (text: string): string => text.replace(/\s+/g, '').toLowerCase()
