import { advisoriesOn } from '../../data/action-facts.js'
import type { Advisory, Problem, Severity, UsedFacts } from '../../model.js'
import { refPlace } from '../../parse/uses.js'
import { rule } from '../../rule.js'
import { type Used, usedIn } from '../../used.js'
import { bestOf, isIn, versionOf } from '../../versions.js'

export default rule({
  id: 'workflow/vulnerable-action',
  title: 'Version of an action has a known vulnerability',
  why: 'How it is attacked is public, and it runs with the token and the secrets of the job.',
  fix: 'Take the first version that the advisory calls mended, or a newer one.',
  severity: 'warning',
  topic: 'supply-chain',
  preset: 'recommended',
  over: 'repo',
  online: ['advisories'],
  peers: { zizmor: 'known-vulnerable-actions', poutine: 'known_vulnerability_in_build_component' },

  *check(repo) {
    const open: Used[] = []
    for (const used of usedIn(repo)) {
      const facts = repo.facts.get(used.written.value)
      const advisories = advisoriesOf(used, facts)
      if (!advisories.length) continue
      const versions = versionsOf(used, facts)
      const affecting: Advisory[] = []
      for (const advisory of advisories) {
        const answers = versions.map(version => isIn(version, advisory.range))
        if (answers.includes('yes')) affecting.push(advisory)
        // Without anybody to ask, a commit or `v4` is no news.
        else if (facts && !answers.includes('no') && !isOnBranch(used, facts)) open.push(used)
      }
      yield* problemsOf(used, versions, affecting)
    }
    const names = [...new Set(open.map(({ written }) => written.value))]
    if (!names.length) return
    const more = names.length > 1 ? `, and ${names.length - 1} more` : ''
    const reason = 'there are advisories, and no tag says which version it is'
    yield { what: `whether ${names[0]}${more} is vulnerable`, reason, at: open[0]!.written.at }
  },

  bad: {
    '.github/workflows/ci.yml': `on: push
permissions: {}
jobs:
  deploy:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps:
      - uses: hashicorp/vault-action@v2.1.2
`
  },
  good: {
    head: {
      '.github/workflows/ci.yml': `name: CI
on: pull_request
permissions: {}
concurrency:
  group: \${{ github.workflow }}-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  test:
    name: test
    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps:
      - uses: docker/lint@8f4b7f84864484a7bf31766abe9204da3cbe65b3 # v2.1.0
      - run: npm test
`
    },
    facts: {
      'docker/lint@8f4b7f84864484a7bf31766abe9204da3cbe65b3': {
        tags: ['v2.1.0'],
        advisories: [{ id: 'GHSA-xxxx-xxxx-xxxx', severity: 'high', range: '< 2.0.4', fixed: '2.0.4' }]
      }
    }
  }
})

/** The version as the tags of the commit say it, else as it is written: the comment counts where nobody could be asked. */
function versionsOf({ ref, pinned, version }: Used, facts: UsedFacts | undefined): string[] {
  const tags = facts?.tags.filter(versionOf) ?? []
  if (tags.length) return tags
  if (pinned !== 'sha') return facts?.branch === 'yes' ? [] : [ref.replace(/^refs\/tags\//, '')]
  return facts || version === undefined ? [] : [version]
}

function advisoriesOf({ action, repository }: Used, facts: UsedFacts | undefined): Advisory[] {
  if (facts?.advisories) return facts.advisories
  const known = [...advisoriesOn(action), ...(action === repository ? [] : advisoriesOn(repository))]
  return known.map(({ id, from, to }) => ({ id, range: `>= ${from}, ${to}` }))
}

// The newest there is.
const isOnBranch = ({ pinned }: Used, facts: UsedFacts): boolean =>
  pinned === 'branch' || (facts.branch === 'yes' && facts.tag !== 'yes')

const SEVERITIES: Record<NonNullable<Advisory['severity']>, Severity> = {
  critical: 'error',
  high: 'error',
  moderate: 'warning',
  low: 'note'
}
const ORDER = Object.keys(SEVERITIES)

function* problemsOf(used: Used, versions: string[], advisories: Advisory[]): Iterable<Problem> {
  const rank = ({ severity }: Advisory) => (severity ? ORDER.indexOf(severity) : ORDER.length)
  const [worst, ...more] = advisories.toSorted((a, b) => rank(a) - rank(b))
  if (!worst) return
  const { id, severity, fixed } = worst
  const grade = severity === undefined ? '' : ` (${severity})`
  const others = more.length ? ` and ${more.length} more` : ''
  const then = fixed === undefined ? '' : `, mended in ${fixed}`
  const of = versions.includes(used.ref) ? used.ref : (bestOf(versions) ?? used.ref)
  yield {
    at: refPlace(used.written, used),
    message: `${of} of ${used.action} is open to ${id}${grade}${others}${then}`,
    key: used.action,
    ...(severity && { severity: SEVERITIES[severity] }),
    // Poutine knows no commits.
    ...(used.pinned === 'sha' && { peers: { zizmor: 'known-vulnerable-actions' } })
  }
}
