import type { Job, Place, Step, Text } from '../../model.js'
import { conditionOf, contextPath, walk } from '../../parse/expression.js'
import { rule } from '../../rule.js'
import { actionOf } from '../../steps.js'

export default rule({
  id: 'workflow/merge-by-actor',
  title: 'Pull request is merged because a bot touched it last',
  why: 'The actor is who caused this run, not who wrote the code: anyone can have a bot update a pull request of theirs, and it is merged.',
  fix: 'Ask who opened it: `github.event.pull_request.user.login`.',
  severity: 'error',
  topic: 'security',
  preset: 'recommended',
  over: 'workflow',
  mentions: ['actor', 'triggering_actor'],
  peers: { poutine: 'confused_deputy_auto_merge' },

  *check(workflow) {
    if (!workflow.triggers.some(({ event }) => OPEN.has(event.value))) return
    for (const job of workflow.jobs)
      for (const step of job.steps) {
        const merge = mergeIn(step)
        if (!merge || isVerified(job, step)) continue
        const bot = [job.if, step.if].map(botIn).find(Boolean)
        if (bot)
          yield {
            at: merge.at,
            message: `${merge.what} is done whenever ${bot} is the actor, whoever wrote the pull request`
          }
      }
  },

  bad: {
    '.github/workflows/merge.yml': `on: pull_request_target
permissions: {}
jobs:
  merge:
    if: github.actor == 'dependabot[bot]'
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - run: gh pr merge --auto --squash "$URL"
        env:
          URL: \${{ github.event.pull_request.html_url }}
          GH_TOKEN: \${{ github.token }}
`
  },
  good: {
    '.github/workflows/merge.yml': `name: Merge
on: pull_request
permissions: {}
concurrency:
  group: merge-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  merge:
    name: Merge
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    permissions:
      contents: write # merge
    steps:
      - if: github.event.pull_request.user.login == 'dependabot[bot]'
        run: gh pr merge --auto --squash "$URL"
        env:
          URL: \${{ github.event.pull_request.html_url }}
          GH_TOKEN: \${{ github.token }}
`
  }
})

const OPEN = new Set(['pull_request_target', 'workflow_run', 'issue_comment', 'check_suite'])
const MERGERS = new Set([
  'ahmadnassri/action-dependabot-auto-merge',
  'fastify/github-action-merge-dependabot',
  'hmarr/auto-approve-action',
  'pascalgn/automerge-action',
  'peter-evans/enable-pull-request-automerge'
])

function mergeIn(step: Step): { at: Place; what: string } | undefined {
  const action = actionOf(step)
  if (action && MERGERS.has(action.name)) return { at: step.uses!.at, what: action.name }
  for (const { name, words, at } of step.run?.commands ?? []) {
    const [, second, third] = words.map(({ value }) => value)
    if (name !== 'gh' || second !== 'pr') continue
    if (third === 'merge' || (third === 'review' && words.some(({ value }) => value === '--approve' || value === '-a')))
      return { at, what: `gh pr ${third}` }
  }
  return undefined
}

/** Dependabot's own action fails for pull requests that Dependabot did not write. */
const isVerified = (job: Job, step: Step): boolean =>
  job.steps.slice(0, job.steps.indexOf(step)).some(each => actionOf(each)?.name === 'dependabot/fetch-metadata')

function botIn(condition: Text | undefined): string | undefined {
  for (const { root } of condition ? conditionOf(condition) : [])
    for (const node of root ? walk(root) : []) {
      if (node.type !== 'binary' || node.operator !== '==') continue
      const sides = [node.left, node.right]
      const isActor = sides.some(side => /^github\.(triggering_)?actor$/.test(contextPath(side) ?? ''))
      const bot = sides.find(side => side.type === 'literal' && String(side.value).endsWith('[bot]'))
      if (isActor && bot?.type === 'literal') return String(bot.value)
    }
  return undefined
}
