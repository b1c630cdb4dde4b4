import { listOf, mapOf, scalarOf } from '../../parse/yaml.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'dependabot/external-code',
  title: 'Updates run code of the packages',
  why: 'A malicious release runs while Dependabot prepares the update, with the registry credentials it was given.',
  fix: 'Remove `insecure-external-code-execution`, or write `deny`.',
  severity: 'warning',
  topic: 'supply-chain',
  preset: 'recommended',
  edits: 'suggested',
  over: 'dependabot',
  mentions: ['insecure'],
  peers: { zizmor: 'dependabot-execution' },

  *check({ yaml }) {
    for (const item of listOf(yaml.get('updates'))?.items ?? []) {
      const says = scalarOf(mapOf(item)?.get('insecure-external-code-execution'))
      if (says?.value !== 'allow') continue
      yield {
        at: says.at,
        message: 'packages may run code while they are updated',
        edits: [{ at: says.at, text: 'deny' }]
      }
    }
  },

  bad: {
    '.github/dependabot.yml': `version: 2
updates:
  - package-ecosystem: pip
    directory: /
    insecure-external-code-execution: allow
    schedule:
      interval: weekly
`
  },
  good: {
    '.github/dependabot.yml': `version: 2
updates:
  - package-ecosystem: pip
    directory: /
    insecure-external-code-execution: deny
    schedule:
      interval: weekly
    cooldown:
      default-days: 7
`
  }
})
