import { expect, test } from '@jest/globals'
import { inspectFiles, type Report } from '../src/api.js'
import { rules } from '../src/rules/index.js'
import { worldOf } from './helpers.js'

const OPTIONS = { rules: 'all', shellcheck: false, pyflakes: false } as const
const about = ({ rule, path }: Report['findings'][number]) => `${rule} ${path}`

// Head and base share what was read of files that are the same, so nothing that is kept with one may depend on others.
test('what breaks as another file goes is new, and the same as without a base', async () => {
  let broken = 0
  for (const { bad, good } of rules)
    for (const example of [bad, good]) {
      const { head } = worldOf(example)
      const before = new Set((await inspectFiles(head, OPTIONS)).findings.map(about))
      for (const path of Object.keys(head)) {
        const { [path]: _, ...rest } = head
        const alone = await inspectFiles(rest, OPTIONS)
        const { findings } = await inspectFiles(rest, {
          ...OPTIONS,
          base: head,
          basePaths: Object.keys(head),
          diff: [{ path, status: 'removed', added: [], hunks: [] }]
        })
        const own = findings.filter(({ rule }) => !rule.startsWith('pull-request/'))
        expect(own.map(about).sort()).toEqual(
          alone.findings
            .map(about)
            .filter(a => !a.startsWith('pull-request/'))
            .sort()
        )
        const fresh = own.filter(each => !before.has(about(each)))
        broken += fresh.length
        expect(fresh.filter(({ introduced }) => !introduced)).toEqual([])
      }
    }
  expect(broken).toBeGreaterThan(40)
}, 120_000)
