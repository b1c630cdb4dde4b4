import { calleesIn } from '../../callees.js'
import type { Problem, Repo, Text } from '../../model.js'
import { joinPath } from '../../query.js'
import { rule } from '../../rule.js'
import { nearest, quoted } from '../../words.js'

export default rule({
  id: 'workflow/invalid-call',
  title: 'Call of a workflow that leads nowhere',
  why: 'GitHub refuses a workflow that calls what is no workflow, is not there, or is not meant to be called: nothing in it runs.',
  fix: 'Write ./.github/workflows/NAME.yml for a workflow of this repository, OWNER/REPO/.github/workflows/NAME.yml@REF for another.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'repo',
  peers: { actionlint: 'workflow-call', 'github-parser': 'parse-error' },

  *check(repo) {
    for (const workflow of repo.workflows)
      for (const job of workflow.jobs) if (job.uses) yield* problemsOf(job.uses, repo)
  },

  bad: {
    '.github/workflows/ci.yml': `on: pull_request
permissions: {}
jobs:
  test:
    uses: ./.github/workflows/test.yml
`,
    '.github/workflows/test.yml': `on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    timeout-minutes: 10
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
    uses: $/.github/workflows/test.yml
`,
    '.github/workflows/test.yml': `name: Test
on: workflow_call
permissions: {}
jobs:
  test:
    name: Test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - run: npm test
`
  }
})

function* problemsOf(uses: Text, repo: Repo): Iterable<Problem> {
  const { value, at } = uses
  if (!value || value.includes('${{')) return
  const isOwn = value.startsWith('./') || value.startsWith('$/')
  const [, , name] = /^([\w.-]+\/[\w.-]+)\/([^@]+)@\S+$/.exec(value) ?? []
  if (isOwn && value.includes('@')) yield { at, message: `${quoted(value)} is of this repository and takes no @ref` }
  else if (!isOwn && !name)
    yield { at, message: `${quoted(value)} is neither ./path of a workflow nor owner/repository/path@ref` }
  else yield* leading(uses, isOwn ? (joinPath(value.slice(2)) ?? '') : name!, isOwn, repo)
}

function* leading(uses: Text, path: string, isOwn: boolean, repo: Repo): Iterable<Problem> {
  const { at } = uses
  if (!/^\.github\/workflows\/[^/]+\.ya?ml$/.test(path)) {
    const message = `${path} does not lie in .github/workflows, where workflows that are called must be`
    yield { at, message, peers: { 'github-parser': 'parse-error' } }
  }
  if (isOwn && !repo.paths.includes(path)) {
    const workflows = repo.paths.filter(other => other.startsWith('.github/workflows/'))
    const meant = nearest(path, workflows)
    yield { at, message: `there is no ${path}${meant ? `: did you mean ${meant}?` : ''}` }
    return
  }
  const found = calleesIn(repo).workflow(uses, '')
  if ('reason' in found || found.workflow.broken) return
  if (found.workflow.triggers.some(({ event }) => event.value === 'workflow_call' || event.value.includes('${{')))
    return
  yield { at, message: `${path} cannot be called: its events have no workflow_call` }
}
