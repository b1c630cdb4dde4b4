import type { Job, Permissions, Place, Problem, Workflow } from '../../model.js'
import { rule } from '../../rule.js'

const ci = (top: string, job = '') => `name: CI
on: pull_request
permissions:
${top}concurrency:
  group: ci-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  test:
    name: test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
${job}    steps:
      - run: npx jest
`

export default rule({
  id: 'pull-request/permissions-widened',
  title: 'The pull request lets a token write more',
  why: 'Whoever gets hold of the token can do what no one could before, and a green check says nothing about it.',
  fix: 'Give the scope to the one job that needs it, in a permissions block of its own.',
  severity: 'note',
  topic: 'security',
  preset: 'recommended',
  over: 'repo',

  *check(repo) {
    const { diff, base } = repo
    if (!diff || !base) return
    for (const { path, previousPath = path } of diff) {
      const before = base.workflows.find(one => one.path === previousPath)
      const now = repo.workflows.find(one => one.path === path)
      if (before && now) yield* widened(before, now)
    }
  },

  bad: {
    base: { '.github/workflows/ci.yml': ci('  contents: write\n', '    permissions:\n      contents: read\n') },
    head: { '.github/workflows/ci.yml': ci('  contents: write\n') }
  },
  good: {
    base: { '.github/workflows/ci.yml': ci('  contents: read\n  pull-requests: read\n') },
    head: { '.github/workflows/ci.yml': ci('  contents: read\n') }
  }
})

function* widened(before: Workflow, now: Workflow): Iterable<Problem> {
  const former = new Map(before.jobs.map(job => [job.id.value, job]))
  const added = new Map<string, { at: Place; scope: string; jobs: string[] }>()
  for (const job of now.jobs) {
    const old = former.get(job.id.value)
    const [had, has] = [old && effective(old, before), effective(job, now)]
    // Without a block, and with one that allows everything, workflow/excessive-permissions says so.
    if (!old || !had || !has || has.all) continue
    const more = has.scopes.filter(({ name, value }) => value.value === 'write' && levelOf(had, name.value) !== 'write')
    if (!more.length) continue
    if (old.permissions && !job.permissions) {
      const scopes = more.map(({ name }) => name.value).join(', ')
      yield {
        at: job.at,
        message: `job ${job.id.value} has no permissions of its own any more: with those of the workflow it may write ${scopes}`,
        severity: 'warning',
        key: `permissions removed ${job.id.value}`
      }
      continue
    }
    for (const { name, value } of more) {
      const at = { ...name.at, endLine: value.at.endLine, endColumn: value.at.endColumn }
      const key = `${at.line}:${at.column}`
      const entry = added.get(key) ?? { at, scope: name.value, jobs: [] }
      entry.jobs.push(job.id.value)
      added.set(key, entry)
    }
  }
  for (const { at, scope, jobs } of added.values()) {
    const [first, ...more] = jobs
    const who = more.length ? `job ${first} and ${more.length} more` : `job ${first}`
    yield { at, message: `${who} may write ${scope} now, and could not before`, key: `may write ${scope} ${first}` }
  }
}

const effective = (job: Job, workflow: Workflow): Permissions | undefined => job.permissions ?? workflow.permissions

function levelOf({ all, scopes }: Permissions, scope: string): string {
  if (all) return all.value === 'write-all' ? 'write' : 'read'
  return scopes.find(({ name }) => name.value === scope)?.value.value ?? 'none'
}
