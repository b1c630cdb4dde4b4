import { outsiderEvent } from '../../data/contexts.js'
import { environmentWrites } from '../../environment-files.js'
import { conditionsOf, isPrivileged, namesOutsiders, originInWord, reasonOf } from '../../injections.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/environment-from-outsider',
  title: 'Outsiders choose variables of later steps',
  why: 'A line break in the value adds variables of their own, and one such as LD_PRELOAD or NODE_OPTIONS runs their code in every step after it.',
  fix: 'Write it to GITHUB_OUTPUT and read that where it is needed, or keep to characters that you allow.',
  severity: 'error',
  topic: 'security',
  preset: 'recommended',
  over: 'workflow',
  mentions: ['github_env', 'github_path'],
  peers: { zizmor: 'github-env' },

  *check(workflow) {
    if (!workflow.triggers.some(({ event }) => outsiderEvent(event.value)) || !namesOutsiders(workflow)) return
    for (const job of workflow.jobs)
      for (const step of job.steps) {
        if (!step.run) continue
        for (const { file, words, at } of environmentWrites(step.run)) {
          const where = { file: workflow, job, steps: job.steps, step, conditions: conditionsOf(job, step) }
          const origin = words.flatMap(word => originInWord(word.value, word.at, where) ?? [])[0]
          if (!origin) continue
          const by = origin.way.length ? ` (through ${origin.way.join(', through ')})` : ''
          const isRisky = isPrivileged(origin.events)
          const isPeers = workflow.triggers.some(({ event }) =>
            /^(pull_request_target|workflow_run)$/.test(event.value)
          )
          yield {
            at,
            message: `${origin.path}${by} is written to ${file}, and outsiders write it: ${reasonOf(origin.events)}`,
            ...(!isRisky && { severity: 'warning' as const }),
            peers: isPeers ? { zizmor: 'github-env' } : {}
          }
        }
      }
  },

  bad: {
    '.github/workflows/ci.yml': `on: pull_request_target
permissions: {}
jobs:
  test:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - run: echo "TITLE=$TITLE" >> "$GITHUB_ENV"
        env:
          TITLE: \${{ github.event.pull_request.title }}
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
    timeout-minutes: 5
    steps:
      - run: echo "MODE=fast" >> "$GITHUB_ENV"
`
  }
})
