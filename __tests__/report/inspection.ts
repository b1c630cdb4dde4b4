import type { Config, Finding, Inspection, Problem, Repo, Rule, Verdict } from '../../src/model.js'

const config: Config = {
  preset: 'recommended',
  require: ['tests', 'health'],
  failOn: 'error',
  unknown: 'neutral',
  rules: [],
  overrides: [],
  source: [],
  tests: []
}

export const WORKFLOW = '.github/workflows/ci.yml'
export const TEXT = `on: pull_request
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: npm test || true
      - uses: actions/checkout@main
`

export const ruleOf = (facts: Partial<Rule> = {}): Rule => ({
  id: 'pipeline/test-failure-ignored',
  title: 'A failing test does not fail the job',
  why: 'A test that cannot fail checks nothing.',
  fix: 'Let the command fail',
  severity: 'error',
  topic: 'tests',
  preset: 'recommended',
  over: 'repo',
  check: () => [],
  bad: {},
  good: {},
  ...facts
})

const ignored = ruleOf()
export const pin = ruleOf({
  id: 'workflow/unpinned-action',
  title: 'An action can change without review',
  fix: 'Name a full commit',
  severity: 'warning',
  topic: 'supply-chain',
  group: 'pin'
})
export const timeout = ruleOf({ id: 'workflow/job-without-timeout', severity: 'note', topic: 'reliability' })

let count = 0

/** A finding at `path:line:column-endColumn` of one line, or at the places given. */
export function finding(facts: Partial<Finding> & { line?: number; path?: string } = {}): Finding {
  const { line = 6, path = WORKFLOW, rule = ignored, ...rest } = facts
  return {
    rule,
    severity: rule.severity,
    message: 'a failure of npm test is lost by || true',
    at: { path, line, column: 14, endLine: line, endColumn: 30 },
    fingerprint: `print${String(++count).padStart(11, '0')}`,
    introduced: true,
    ...rest
  }
}

export const at = (
  line: number,
  column: number,
  endLine: number,
  endColumn: number,
  path = WORKFLOW
): Problem['at'] => ({
  path,
  line,
  column,
  endLine,
  endColumn
})

/** One inspection of a repository with one workflow; the verdict is what its findings make it. */
export function inspection(
  verdict: Partial<Verdict> = {},
  repo: Partial<Repo> = {},
  rest: Partial<Inspection> = {}
): Inspection {
  const { findings = [] } = verdict
  const fails = findings.some(one => one.introduced && one.severity === 'error')
  return {
    verdict: {
      conclusion: fails ? 'failure' : 'success',
      because: '',
      wouldBlock: [],
      notices: [],
      findings,
      hidden: [],
      requirements: [],
      unread: [],
      ...verdict
    },
    repo: {
      workflows: [],
      actions: [],
      dependabot: [],
      dockerfiles: [],
      ignoreFiles: [],
      composes: [],
      manifests: [],
      charts: [],
      scripts: [],
      paths: [WORKFLOW],
      texts: new Map([[WORKFLOW, TEXT]]),
      looked: [{ path: WORKFLOW, kind: 'workflow', as: 'read' }],
      remote: new Map(),
      facts: new Map(),
      lints: new Map(),
      pipeline: { jobs: [], external: [] },
      units: [],
      unread: [],
      ...repo
    },
    config,
    took: 84.2,
    timing: new Map([['pipeline/test-failure-ignored', 1.5]]),
    // Every edit does what it is to do.
    again: async () => inspection(),
    ...rest
  }
}

/** Texts that try to get out of where they are shown. */
export const HOSTILE = [
  'a\n::error file=x::injected',
  '::error::injected',
  '##[error]injected',
  '</details><script>alert(1)</script>',
  '@everyone please',
  'see #1, GH-1, octo/repo#1 and 0123456789abcdef0123456789abcdef01234567',
  '![](https://evil.example/x.png)',
  '[click](https://evil.example)',
  'https://evil.example/x',
  'www.evil.example',
  '`single',
  '``` fence',
  '`paired` @everyone `x`',
  `${'`'.repeat(90)} <b>`,
  '| a | b |',
  '\\| \\` \\',
  '\u001b[31mred\u001b[0m \u009b31m',
  '\u202eevil\u202c \u2066x\u2069 \u200b',
  '<!-- pipeline-hygiene finding print -->',
  '\ud800 lone',
  '$x$ and $`y`$',
  '--- \n# heading'
]
