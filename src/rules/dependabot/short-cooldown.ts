import type { Edit, YamlMap } from '../../model.js'
import { listOf, mapOf, scalarOf } from '../../parse/yaml.js'
import { beforeOf } from '../../query.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'dependabot/short-cooldown',
  title: 'Updates come before anyone could notice a bad release',
  why: 'Most malicious releases are found and withdrawn within days; an update of the first hour is the one that brings them.',
  fix: 'Add `cooldown: default-days: 7`; security updates do not wait for it.',
  severity: 'note',
  topic: 'supply-chain',
  preset: 'strict',
  edits: 'suggested',
  over: 'dependabot',
  peers: { zizmor: 'dependabot-cooldown' },
  options: {
    days: { type: 'number', default: 7, about: 'Days that a release must be old.' }
  },

  *check({ yaml }, options) {
    const days = typeof options.days === 'number' ? options.days : 7
    for (const item of listOf(yaml.get('updates'))?.items ?? []) {
      const update = mapOf(item)
      if (!update) continue
      const name = scalarOf(update.get('package-ecosystem'))?.value ?? 'the ecosystem'
      const cooldown = update.entry('cooldown')
      if (!cooldown) {
        const edit = additionTo(update, `cooldown:\n  default-days: ${days}`)
        const at = update.entry('package-ecosystem')?.value.at ?? update.entries[0]?.key.at ?? update.at
        yield {
          at,
          message: `updates of ${name} do not wait for a release to be ${days} days old`,
          ...(edit && { edits: [edit] })
        }
        continue
      }
      const given = scalarOf(mapOf(cooldown.value)?.get('default-days'))
      if (given && (typeof given.data !== 'number' || given.data >= days)) continue
      // Ecosystems may be told by kind of version alone.
      const says = given ? `only ${given.value} ${given.data === 1 ? 'day' : 'days'}` : 'no number of days by default'
      const first = mapOf(cooldown.value)?.entries[0]?.key.at
      const isBlock = first && first.line > cooldown.key.at.line
      const added = isBlock
        ? { at: beforeOf(first), text: `default-days: ${days}\n${' '.repeat(first.column - 1)}` }
        : undefined
      const edit = given ? { at: given.at, text: String(days) } : added
      yield {
        at: given?.at ?? cooldown.key.at,
        message: `updates of ${name} wait ${says}`,
        ...(edit && { edits: [edit] })
      }
    }
  },

  bad: {
    '.github/dependabot.yml': `version: 2
updates:
  - package-ecosystem: npm
    directory: /
    schedule:
      interval: weekly
`
  },
  good: {
    '.github/dependabot.yml': `version: 2
updates:
  - package-ecosystem: npm
    directory: /
    schedule:
      interval: weekly
    cooldown:
      default-days: 7
`
  }
})

/** Lines before an entry of a mapping in block style. */
function additionTo({ entries }: YamlMap, text: string): Edit | undefined {
  const [first, second] = entries
  const scalar = entries.find(
    ({ value }) => value.kind === 'scalar' && value.style !== 'literal' && value.style !== 'folded'
  )
  if (!first || !scalar || (second && second.key.at.line === first.key.at.line)) return undefined
  const indent = ' '.repeat(first.key.at.column - 1)
  return { at: beforeOf(scalar.key.at), text: `${text.replaceAll('\n', `\n${indent}`)}\n${indent}` }
}
