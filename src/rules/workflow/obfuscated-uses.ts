import { testWorkflow } from '../../examples.js'
import { readUses } from '../../parse/uses.js'
import { joinPath } from '../../query.js'
import { rule } from '../../rule.js'
import { usedActionsOf } from '../../used-actions.js'

export default rule({
  id: 'workflow/obfuscated-uses',
  title: 'Path of an action takes detours',
  why: "A path with '.', '..' or '//' in it hides from readers and tools which action runs.",
  fix: 'Write the path as short as it is.',
  severity: 'warning',
  topic: 'supply-chain',
  preset: 'recommended',
  edits: 'safe',
  over: 'repo',
  peers: { zizmor: 'obfuscation' },

  *check(repo) {
    const calls = repo.workflows.flatMap(workflow => workflow.jobs.flatMap(job => job.uses ?? []))
    for (const written of [...usedActionsOf(repo).map(each => each.written), ...calls]) {
      const uses = readUses(written.value)
      if (uses.kind !== 'remote') continue
      const parts = uses.action.split('/')
      const odd = parts.find(part => part === '' || part === '.' || part === '..')
      if (odd === undefined) continue
      const short = joinPath(uses.action)
      const at = written.part(0, uses.action.length)
      const isWhole = short !== undefined && short.split('/').length >= 2
      yield {
        at,
        message: `the path has ${odd ? `'${odd}'` : 'an empty part'} in it${isWhole ? `: it is ${short}` : ''}`,
        ...(isWhole && { edits: [{ at, text: short }] })
      }
    }
  },

  bad: {
    '.github/workflows/ci.yml': `on: push
jobs:
  test:
    name: Test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - uses: github/codeql-action/./init@v4
`
  },
  good: testWorkflow
})
