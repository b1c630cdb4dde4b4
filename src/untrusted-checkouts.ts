import { byObject } from './cache.js'
import { runsCheckout } from './data/action-facts.js'
import { conditionsOf, isGuarded } from './injections.js'
import type { Command, Job, Place, Step, Text, Workflow } from './model.js'
import { contextPath, expressionsIn, walk } from './parse/expression.js'
import { programOf } from './programs.js'
import { actionOf, inputOf } from './steps.js'
import { fits } from './triggers.js'

/** Steps that run what a pull request brings, in runs that have secrets or a token that writes. */
export interface UntrustedRun {
  job: Job
  step: Step
  at: Place
  /** What runs it. */
  by: string
  checkout: Step
  events: string[]
  /** An outsider's code for certain, run for certain. Else what it may be. */
  certain: boolean
}

/** Events that anyone starts and whose runs have the rights of the repository. */
const OPEN = new Set(['pull_request_target', 'issue_comment', 'issues'])

export const untrustedRuns = (workflow: Workflow, all: Workflow[]): UntrustedRun[] => runsAmong(all)(workflow)

// Two rules ask.
const runsAmong = byObject((all: Workflow[]) => byObject((workflow: Workflow) => readRuns(workflow, all)))

function readRuns(workflow: Workflow, all: Workflow[]): UntrustedRun[] {
  const names = workflow.triggers.map(({ event }) => event.value)
  const events = names.filter(
    event => OPEN.has(event) || (event === 'workflow_run' && followsPullRequest(workflow, all))
  )
  const may = [...events, ...names.filter(event => event === 'workflow_call')]
  if (!may.length) return []
  return workflow.jobs.flatMap(job => inJob(job, events, may))
}

function inJob(job: Job, events: string[], may: string[]): UntrustedRun[] {
  const found: UntrustedRun[] = []
  let checkout: Step | undefined
  let isOutsiders = false
  for (const step of job.steps) {
    const brought = bringsCode(step)
    if (!brought && !checkout) continue
    const conditions = conditionsOf(job, step)
    const open = events.filter(event => !GUARDED.some(path => isGuarded(path, event, conditions)))
    if (brought) {
      checkout ??= step
      isOutsiders ||= brought === 'certain' && open.length > 0
    }
    if (!checkout || step === checkout) continue
    const ran = runBy(step)
    if (!ran) continue
    const certain = isOutsiders && ran.certain && open.length > 0
    found.push({ job, step, at: ran.at, by: ran.by, checkout, events: certain ? open : may, certain })
  }
  return found
}

/** What conditions on people are about: the author of the code, or who asks for the run. */
const GUARDED = ['github.event.pull_request.head', 'github.event.issue.title', 'github.event.comment.body']

// ---------------------------------------------------------------- whose code it is

const HEAD =
  /^github\.(head_ref|event\.pull_request\.(head\.(sha|ref)|merge_commit_sha|head\.repo\.\w+)|event\.workflow_run\.(head_(sha|branch)|head_repository\.\w+))$/

/** Does a step check out what a pull request brings? `maybe`: something that is computed. */
function bringsCode(step: Step): 'certain' | 'maybe' | undefined {
  const action = actionOf(step)
  if (action?.name === 'actions/checkout') {
    const given = [inputOf(step, 'ref'), inputOf(step, 'repository')].flatMap(field => field?.value ?? [])
    if (given.some(isHead)) return 'certain'
    return inputOf(step, 'ref')?.value.value.includes('${{') ? 'maybe' : undefined
  }
  // Most scripts fetch nothing, and need not be read for it.
  if (!step.run || !/checkout|pull\//.test(step.run.text.value)) return undefined
  const isFetched = step.run.commands.some(({ name, words }) => {
    const text = words.map(({ value }) => value)
    return (
      (name === 'gh' && text[1] === 'pr' && text[2] === 'checkout') ||
      (name === 'git' && text.some(word => /^\+?(refs\/)?pull\//.test(word)))
    )
  })
  return isFetched ? 'certain' : undefined
}

function isHead(text: Text): boolean {
  if (!text.value.includes('${{')) return false
  if (/refs\/pull\/\$\{\{/.test(text.value)) return true
  return expressionsIn(text).some(({ root }) => root && walk(root).some(node => HEAD.test(contextPath(node) ?? '')))
}

/** Is a workflow that this one follows started by pull requests? */
function followsPullRequest({ triggers }: Workflow, all: Workflow[]): boolean {
  const trigger = triggers.find(({ event }) => event.value === 'workflow_run')
  const wanted = trigger?.config?.get('workflows')
  const names = wanted?.kind === 'list' ? wanted.items.flatMap(item => (item.kind === 'scalar' ? item.value : [])) : []
  return all.some(parent => {
    const name = parent.name?.value ?? parent.path
    return (
      names.some(pattern => fits(name, pattern)) &&
      parent.triggers.some(({ event }) => /^pull_request/.test(event.value) || OPEN.has(event.value))
    )
  })
}

// ---------------------------------------------------------------- what runs it

function runBy(step: Step): { at: Place; by: string; certain: boolean } | undefined {
  if (step.uses) {
    const action = actionOf(step)
    if (/^\.\//.test(step.uses.value)) return { at: step.uses.at, by: `the action ${step.uses.value}`, certain: true }
    // Told to install alone, it looks at nothing.
    const runs = action && runsCheckout(action.name) && inputOf(step, 'install-only')?.value.value !== 'true'
    return runs ? { at: step.uses.at, by: action.name, certain: true } : undefined
  }
  if (!step.run) return undefined
  for (const command of step.run.commands)
    if (runsRepository(command)) return { at: command.at, by: shown(command), certain: true }
  const mention = MENTION.exec(step.run.text.value)
  if (!mention) return undefined
  const from = mention.index + mention[1]!.length
  return { at: step.run.text.part(from, from + mention[2]!.length), by: mention[2]!.trim(), certain: false }
}

const shown = ({ words }: Command): string =>
  words
    .slice(0, 3)
    .map(({ value }) => value)
    .join(' ')
    .slice(0, 60)

/** Programs that run what the checkout holds: its scripts, its configuration, its build files. */
const RUNNERS = new Map<string, RegExp | undefined>(
  Object.entries({
    npm: /^(ci|install|i|add|run|run-script|test|t|start|rebuild|pack|publish|exec|x|version)$/,
    yarn: undefined,
    pnpm: undefined,
    bun: undefined,
    npx: undefined,
    pip: /^(install|wheel)$/,
    pip3: /^(install|wheel)$/,
    pipenv: /^(install|run|sync)$/,
    poetry: /^(install|run|build)$/,
    uv: /^(sync|run|build|pip)$/,
    tox: undefined,
    nox: undefined,
    pytest: undefined,
    make: undefined,
    cmake: undefined,
    ninja: undefined,
    just: undefined,
    task: undefined,
    ant: undefined,
    mvn: undefined,
    mvnw: undefined,
    gradle: undefined,
    gradlew: undefined,
    cargo: /^(build|run|test|bench|check|clippy|nextest|publish)$/,
    go: /^(generate|run|test)$/,
    bundle: /^(install|exec)$/,
    rake: undefined,
    rails: undefined,
    composer: /^(install|update|run|run-script|require)$/,
    dotnet: /^(build|run|test|restore|publish|pack)$/,
    msbuild: undefined,
    terraform: /^(init|plan|apply)$/,
    tofu: /^(init|plan|apply)$/,
    'pre-commit': /^(run|install)$/,
    eslint: undefined,
    webpack: undefined,
    jest: undefined,
    mypy: undefined,
    goreleaser: undefined,
    mkdocs: /^(build|serve|gh-deploy)$/,
    phpunit: undefined,
    rubocop: undefined
  })
)

function runsRepository(command: Command): boolean {
  const { name, words, args } = programOf(command)
  const [first] = words
  if (first && /^\.{1,2}\//.test(first.value) && first.literal) return true
  if (RUNNERS.has(name)) {
    const verbs = RUNNERS.get(name)
    if (args.some(({ value }) => value === '--ignore-scripts')) return false
    return !verbs || args.some(({ value }) => verbs.test(value))
  }
  const file = args.find(({ value }) => !value.startsWith('-'))
  const isPath = (value: string | undefined) =>
    value !== undefined && /^[\w.][\w./-]*$/.test(value) && !value.startsWith('/')
  if (/^(bash|sh|source|\.|zsh)$/.test(name)) return isPath(file?.value) && !args.some(({ value }) => value === '-c')
  if (/^(python[\d.]*|node|ruby|perl|php|deno|tsx)$/.test(name))
    return isPath(file?.value) && /\.\w+$/.test(file!.value)
  return name === 'docker' && args.some(({ value }) => value === 'build' || value === 'compose')
}

/** Tools that are only named, in a text for another program perhaps. */
const MENTION =
  /(^|[^a-z])(\S{1,200}\.(?:sh|ps1)\b|npm (?:ci|install|i|run|test|start)\b|yarn |make |cargo (?:build|run|test|bench)\b|go generate|pip install|bundle (?:install|exec)|mvn |gradle |docker build|terraform (?:plan|apply)|pre-commit (?:run|install))/m
