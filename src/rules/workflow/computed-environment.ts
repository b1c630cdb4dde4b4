import { environmentWrites } from '../../environment-files.js'
import { conditionsOf, originInWord } from '../../injections.js'
import { rule } from '../../rule.js'
import { sequencesOf } from '../../steps.js'

export default rule({
  id: 'workflow/computed-environment',
  title: 'Variables of later steps are computed where outsiders may have a say',
  why: 'Whoever gets a line break into what is written sets variables of their own for every step after it.',
  fix: 'Write constants, or write to GITHUB_OUTPUT and read that where it is needed.',
  severity: 'note',
  topic: 'security',
  preset: 'all',
  over: 'steps',
  mentions: ['github_env', 'github_path'],
  peers: { zizmor: 'github-env' },

  *check(file) {
    const isOpen = 'triggers' in file ? file.triggers.some(({ event }) => RISKY.has(event.value)) : true
    if (!isOpen) return
    for (const { steps, job } of sequencesOf(file))
      for (const step of steps) {
        if (!step.run) continue
        const run = step.yaml.entry('run')!.key.at
        const where = { file, steps, step, conditions: conditionsOf(job, step), ...(job && { job }) }
        for (const { file: target, constant, words, at } of environmentWrites(step.run))
          if (!constant && !words.some(word => originInWord(word.value, word.at, where)))
            yield { at: run, message: `what line ${at.line} writes to ${target} is computed` }
      }
  },

  bad: {
    'action.yml': `name: Set up
description: Sets up the tools
runs:
  using: composite
  steps:
    - run: echo "VERSION=$(cat version)" >> "$GITHUB_ENV"
      shell: bash
`
  },
  good: {
    'action.yml': `name: Set up
description: Sets up the tools
runs:
  using: composite
  steps:
    - run: echo "MODE=fast" >> "$GITHUB_ENV"
      shell: bash
`
  }
})

/** Anyone can start these, and the run has secrets. */
const RISKY = new Set(['pull_request_target', 'workflow_run'])
