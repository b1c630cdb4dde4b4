import { type Caching, cachingOf, isPublisher } from '../../data/action-facts.js'
import type { Job, Problem, Step, Workflow } from '../../model.js'
import { expressionsIn, truthOf } from '../../parse/expression.js'
import { rule } from '../../rule.js'
import { actionOf, inputEdit, inputOf, isNever, versionOf } from '../../steps.js'

export default rule({
  id: 'workflow/cache-in-release',
  title: 'What is published is built from a cache',
  why: 'A run of another branch or event can have filled the cache with other files, and they become part of the release unseen.',
  fix: 'Turn the cache off in the job that publishes.',
  severity: 'warning',
  topic: 'supply-chain',
  preset: 'strict',
  edits: 'suggested',
  over: 'workflow',

  *check(workflow) {
    const releases = releasesOf(workflow)
    for (const job of workflow.jobs) {
      const publisher = releases ? undefined : job.steps.find(publishes)
      if (!releases && !publisher) continue
      for (const step of job.steps) {
        const problem = isNever(step) ? undefined : problemOf(step, workflow, job, releases ?? [])
        if (problem)
          yield {
            ...problem,
            message: `${problem.message}, and ${releases ? 'this workflow makes releases' : `line ${publisher!.at.line} publishes`}`
          }
      }
    }
  },

  bad: {
    '.github/workflows/release.yml': `on: release
permissions: {}
jobs:
  publish:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - uses: actions/cache@0057852bfaa89a56745cba8c7296529d2fc39830 # v4.3.0
        with:
          path: build
          key: build
      - run: make publish
`
  },
  good: {
    '.github/workflows/release.yml': `name: Release
on: release
permissions: {}
concurrency:
  group: release-\${{ github.ref }}
  cancel-in-progress: false
jobs:
  publish:
    name: Publish
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - uses: actions/cache@8f4b7f84864484a7bf31766abe9204da3cbe65b3 # v5.0.1
        with:
          path: build
          key: build
          lookup-only: true
      - run: make publish
`
  }
})

/** Triggers that releases are made by; undefined where none is one. */
function releasesOf({ triggers }: Workflow): string[] | undefined {
  const found = triggers.flatMap(({ event, config, branches }) => {
    if (event.value === 'release') return 'release'
    if (event.value !== 'push') return []
    const isBranch = branches.some(({ value }) => value.toLowerCase().includes('release'))
    return [...(config?.get('tags') || config?.get('tags-ignore') ? ['tag'] : []), ...(isBranch ? ['branch'] : [])]
  })
  return found.length ? found : undefined
}

function publishes(step: Step): boolean {
  const action = actionOf(step)
  if (!action) return false
  if (action.name === 'docker/build-push-action') {
    const push = inputOf(step, 'push')?.value.value.trim()
    return push !== undefined && push !== 'false'
  }
  return isPublisher(action.name)
}

function problemOf(step: Step, workflow: Workflow, job: Job, releases: string[]): Problem | undefined {
  const action = actionOf(step)
  const ways = action ? cachingOf(action.name) : []
  if (!action || !step.uses || !ways.length || BESIDE.has(action.name)) return undefined
  const version = versionOf(workflow, step.uses, action)
  const on = ways.filter(way => isOn(way, action.name, step, version, releases))
  const [first] = on
  // Two inputs of this one have to say so.
  if (!first || (action.name === 'docker/setup-buildx-action' && !inputOf(step, 'version'))) return undefined
  const given = inputOf(step, first.input)
  // Zizmor takes a release for a push of its tag.
  const isSplit = given !== undefined && saidBy(given.value, releases) === 'sometimes'
  const off = first.mode === 'unless' ? 'true' : 'false'
  const edit =
    on.length === 1 && first.input && !isText(first) ? inputEdit(workflow, step, first.input, off) : undefined
  return {
    at: { ...step.at, endLine: step.uses.at.endLine, endColumn: step.uses.at.endColumn },
    message: `${action.name} restores a cache into job ${job.id.value}`,
    ...(KNOWN.has(action.name) && !isSplit ? { peers: { zizmor: 'cache-poisoning' } } : { peers: {} }),
    ...(edit && { edits: [edit] })
  }
}

/** The input takes the name of a package manager. */
const isText = ({ mode, input }: Caching): boolean => mode === 'asked' && input === 'cache'

function isOn(
  { mode, input }: Caching,
  action: string,
  step: Step,
  version: number[] | undefined,
  releases: string[]
): boolean {
  if (mode === 'always') return true
  const given = inputOf(step, input)
  const text = given?.value.value.trim()
  const wanted = given && saidBy(given.value, releases)
  if (action === 'astral-sh/setup-uv' && version?.[0] !== undefined && version[0] >= 10 && text === 'auto') return false
  if (action === 'astral-sh/setup-uv' && version?.[0] !== undefined && version[0] >= 10 && !given) return false
  // Before its fifth major there is no such input.
  if (input === 'package-manager-cache' && version?.[0] !== undefined && version[0] < 5) return false
  if (!given) return mode !== 'asked'
  if (wanted === undefined || wanted === 'sometimes') return true
  return mode === 'unless' ? !wanted : wanted
}

type Says = boolean | 'sometimes' | undefined

/** What an input says in a release, for some triggers or for all; undefined where that is computed from something else. */
function saidBy(value: Step['with'][number]['value'], releases: string[]): Says {
  const text = value.value.trim()
  const [only, ...more] = expressionsIn(value)
  if (!only) return !/^(false|no|off|0|)$/i.test(text)
  if (more.length || !only.root || only.from !== 0 || only.to !== value.value.length || releases.includes('branch'))
    return undefined
  const tag = { ref: 'refs/tags/v1', ref_type: 'tag' }
  const truths = releases.map(release =>
    truthOf(only.root!, { github: { ...tag, event_name: release === 'tag' ? 'push' : 'release' } })
  )
  const [first] = truths
  if (truths.every(truth => truth === first)) return first
  return truths.includes(undefined) ? undefined : 'sometimes'
}

/** What zizmor asks about. */
const KNOWN = new Set(
  (
    'actions/cache actions/setup-java actions/setup-go actions/setup-node actions/setup-python actions/setup-dotnet ' +
    'astral-sh/setup-uv swatinem/rust-cache ruby/setup-ruby pyo3/maturin-action mlugg/setup-zig oven-sh/setup-bun ' +
    'determinatesystems/magic-nix-cache-action graalvm/setup-graalvm gradle/actions/setup-gradle ' +
    'docker/setup-buildx-action actions-rust-lang/setup-rust-toolchain mozilla-actions/sccache-action ' +
    'nix-community/cache-nix-action jdx/mise-action ramsey/composer-install awalsh128/cache-apt-pkgs-action'
  ).split(' ')
)

/** What these cache looks at the code, or emulates a machine: nothing of it is in what is published. */
const BESIDE = new Set(
  (
    'docker/setup-qemu-action docker/setup-compose-action golangci/golangci-lint-action reviewdog/action-golangci-lint ' +
    'pre-commit/action j178/prek-action raven-actions/actionlint aquasecurity/trivy-action aquasecurity/setup-trivy ' +
    'anchore/scan-action github/codeql-action/init golang/govulncheck-action cypress-io/github-action ' +
    'medyagh/setup-minikube'
  ).split(' ')
)
