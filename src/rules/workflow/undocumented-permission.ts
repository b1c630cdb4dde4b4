import type { Permissions, Problem, Workflow } from '../../model.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/undocumented-permission',
  title: 'Permission without a comment',
  why: 'Nobody can tell later which step needs it, so it is never taken away again.',
  fix: 'Say behind it what needs it: `packages: write # push the image`.',
  severity: 'note',
  topic: 'style',
  preset: 'all',
  over: 'workflow',
  mentions: ['permissions'],
  peers: { zizmor: 'undocumented-permissions' },

  *check(workflow) {
    const lines = new Set(workflow.comments.filter(({ text }) => text.trim()).map(({ at }) => at.line))
    for (const permissions of [workflow.permissions, ...workflow.jobs.map(job => job.permissions)])
      if (permissions) yield* bareIn(permissions, lines, workflow)
  },

  bad: {
    '.github/workflows/ci.yml': `on: push
permissions:
  packages: write
jobs:
  test:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - run: make publish
`
  },
  good: {
    '.github/workflows/ci.yml': `name: CI
on: push
permissions:
  packages: read # the base image
concurrency:
  group: ci-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  test:
    name: Test
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - run: make test
`
  }
})

/** One finding a block: whoever explains one line explains those beside it. */
function* bareIn({ scopes }: Permissions, lines: Set<number>, _: Workflow): Iterable<Problem> {
  const bare = scopes.filter(({ name, value }) => {
    const speaks = name.value === 'contents' && value.value === 'read'
    return !speaks && value.value !== 'none' && !lines.has(value.at.endLine)
  })
  const [first] = bare
  if (!first) return
  const names = bare.map(({ name, value }) => `${name.value}: ${value.value}`)
  const at = { ...first.name.at, endLine: first.value.at.endLine, endColumn: first.value.at.endColumn }
  yield { at, message: `nothing says what needs ${names.slice(0, 3).join(', ')}${names.length > 3 ? ' and more' : ''}` }
}
