import { guardedBranch, nameOf } from '../../branch-settings.js'
import type { Place, Repo } from '../../model.js'
import { lineFor, ownersInForce } from '../../owners.js'
import { peerAt } from '../../peers.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'pull-request/unowned-gate-change',
  title: 'No code owner is asked about a change of the pipeline',
  why: 'Whoever may approve anything may approve what checks the change, its own author’s friend included.',
  fix: 'Give /.github/ an owner in CODEOWNERS, by a line below those that match it too.',
  severity: 'warning',
  topic: 'gate',
  preset: 'recommended',
  over: 'repo',

  *check(repo) {
    const owners = ownersInForce(repo)
    if (!repo.diff || !owners) return
    const branch = guardedBranch(repo)
    if (repo.branch?.protected.is === 'no' || branch?.codeOwners.is === 'no') return
    const open = changedGates(repo).flatMap(path => {
      const line = lineFor(owners.lines, path)
      return line?.owners.length ? [] : { path, line }
    })
    const [first, ...more] = open
    if (!first) return
    const who = branch?.codeOwners.is === 'yes' ? `${nameOf(branch)} asks code owners for reviews, and ` : ''
    const files = `${first.path}${more.length ? ` and ${more.length} more` : ''}`
    const why = first.line
      ? `line ${first.line.pattern.at.line} of ${owners.path} gives it none`
      : `no line of ${owners.path} matches`
    yield {
      at: placeOf(repo, first.path),
      message: `${who}${files} ${more.length ? 'have' : 'has'} no owner: ${why}`,
      ...(!who && { severity: 'note' as const }),
      key: 'unowned gate'
    }
  },

  bad: {
    base: {
      '.github/CODEOWNERS': '/src/ @acme/shop\n',
      '.github/workflows/ci.yml':
        'on: pull_request\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: npx jest\n'
    },
    head: {
      '.github/CODEOWNERS': '/src/ @acme/shop\n',
      '.github/workflows/ci.yml':
        'on: pull_request\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: npx jest --shard=1/2\n'
    },
    branch: { name: 'main', protected: true, codeOwners: true }
  },
  good: {
    base: { 'README.md': 'Hello\n', '.github/CODEOWNERS': '* @acme/team\n' },
    head: { 'README.md': 'Hello there\n', '.github/CODEOWNERS': '* @acme/team\n' }
  }
})

/** Workflows, actions of this repository, the config of this check and the file of owners itself. */
function changedGates({ diff = [] }: Repo): string[] {
  const paths = diff.flatMap(({ path, previousPath, status }) =>
    status === 'unchanged' ? [] : [path, ...(previousPath === undefined ? [] : [previousPath])]
  )
  return [...new Set(paths)].filter(path => GATE.test(path) || peerAt(path))
}

const GATE =
  /^\.github\/(workflows\/[^/]+\.ya?ml|actions\/.+|pipeline-hygiene\.ya?ml|CODEOWNERS)$|^(docs\/)?CODEOWNERS$/

function placeOf({ diff = [], paths }: Repo, path: string): Place {
  const line = diff.find(change => change.path === path)?.added[0]?.[0] ?? 1
  return { path: paths.includes(path) ? path : '', line, column: 1, endLine: line, endColumn: 1 }
}
