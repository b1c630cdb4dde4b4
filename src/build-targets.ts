import type { Dockerfile, Field, Job, Repo, Script, Stage, Step, Yaml } from './model.js'
import { matchesId } from './words.js'

/** A stage that no build makes, as far as the repository shows. */
export interface Unbuilt {
  dockerfile: Dockerfile
  stage: Stage
}
export interface Unbuilts {
  stages: Unbuilt[]
  /** Why a target may be built that was not seen. */
  unknown?: string
}

const known = new WeakMap<Repo, Unbuilts>()

/**
 * Stages on which neither the last stage of their file nor a target that somebody builds depends. BuildKit skips them in
 * silence. Whatever could be the name of a target where targets are given counts as one.
 */
export function unbuiltOf(repo: Repo): Unbuilts {
  const before = known.get(repo)
  if (before) return before
  const candidates = repo.dockerfiles.filter(
    ({ stages }) => stages.length > 1 && reachedFrom(stages.slice(-1), stages).size < stages.length
  )
  const answer = candidates.length ? judge(repo, candidates) : { stages: [] }
  known.set(repo, answer)
  return answer
}

function judge(repo: Repo, candidates: Dockerfile[]): Unbuilts {
  const { names, unknown } = targetsOf(repo)
  const stages = candidates.flatMap(dockerfile => {
    const isTarget = ({ name, index }: Stage) =>
      names.has(String(index)) || (name && names.has(name.value.toLowerCase()))
    const targets = dockerfile.stages.filter(
      (stage, index) => isTarget(stage) || index === dockerfile.stages.length - 1
    )
    const reached = reachedFrom(targets, dockerfile.stages)
    return dockerfile.stages.filter(stage => !reached.has(stage)).map(stage => ({ dockerfile, stage }))
  })
  return { stages, ...(unknown !== undefined && stages.length && { unknown }) }
}

function reachedFrom(starts: Stage[], stages: Stage[]): Set<Stage> {
  const reached = new Set(starts)
  const patterns = new Set<string>()
  // A set that grows while it is walked is walked to its end.
  for (const stage of reached) {
    for (const need of stage.needs) reached.add(need)
    if (!stage.image.value.includes('$')) continue
    // `FROM build-$TARGETARCH` may be any of several stages.
    const pattern = stage.image.value.replace(VARIABLE, '*').toLowerCase()
    if (patterns.has(pattern)) continue
    if (patterns.size >= MAX_PATTERNS) return new Set(stages)
    patterns.add(pattern)
    for (const other of stages) if (other.name && matchesId(other.name.value.toLowerCase(), pattern)) reached.add(other)
  }
  return reached
}
const MAX_PATTERNS = 20
const VARIABLE = /\$\{[^{}]{0,200}\}|\$\w{1,200}/g

interface Targets {
  names: Set<string>
  unknown?: string
}

/** Names of the targets that workflows, scripts and compose files build, in small letters. */
function targetsOf(repo: Repo): Targets {
  const targets: Targets = { names: new Set() }
  const add = (name: string) => targets.names.add(name.trim().toLowerCase())
  const note = (name: string, by: string, job?: Job) => {
    // The values of a matrix are noted with it.
    const isListed = job?.strategy?.dynamic === false && /^\$\{\{\s?matrix\.[\w-]{1,99}\s?\}\}$/.test(name.trim())
    if (!isListed && /[${`]/.test(name)) targets.unknown ??= `${by} builds a target whose name is computed`
    add(name)
  }
  const noteEnv = (env: Field[]) => {
    for (const { value } of env) add(value.value)
  }
  const noteStep = (step: Step, path: string, job?: Job) => {
    for (const { name, value } of step.with)
      if (/target/i.test(name.value)) for (const each of value.value.split(/[\n,]/)) note(each, path, job)
    noteEnv(step.env)
    if (step.run) noteScript(step.run, name => note(name, path, job), add)
  }
  for (const { path, services } of repo.composes)
    for (const { build } of services) if (build?.target) note(build.target.value, path)
  for (const { path, jobs, env } of repo.workflows) {
    noteEnv(env)
    for (const job of jobs) {
      noteEnv(job.env)
      for (const { name, value } of job.with) if (/target|stage/i.test(name.value)) note(value.value, path, job)
      for (const { values } of job.strategy?.rows ?? []) for (const value of values) scalarsIn(value).forEach(add)
      for (const map of job.strategy?.include ?? []) scalarsIn(map).forEach(add)
      for (const step of job.steps) noteStep(step, path, job)
    }
  }
  for (const { path, steps } of repo.actions) for (const step of steps) noteStep(step, path)
  for (const { path, targets: all } of repo.scripts)
    for (const target of all.values())
      for (const script of target.scripts) noteScript(script, name => note(name, path), add)
  const elsewhere = repo.paths.find(path => ELSEWHERE.test(path))
  if (elsewhere) targets.unknown ??= `${elsewhere} may build a target, and is not read`
  return targets
}

/** Files that say which targets to build and that nobody here reads. */
const ELSEWHERE =
  /(^|\/)(docker-bake[\w.-]{0,50}\.(hcl|json)|skaffold\.ya?ml|tiltfile|jenkinsfile|earthfile|\.gitlab-ci\.yml|\.drone\.yml|\.woodpecker\.ya?ml|azure-pipelines[\w.-]{0,50}\.ya?ml|cloudbuild[\w.-]{0,50}\.ya?ml|buildspec[\w.-]{0,50}\.ya?ml|bitbucket-pipelines\.yml|devcontainer\.json|\.goreleaser\.ya?ml)$|^\.(circleci|buildkite|teamcity|woodpecker)\//i

/** What is given to --target, and whatever is given to a script of the repository: it may hand it on. */
function noteScript({ commands }: Script, note: (name: string) => void, add: (name: string) => void): void {
  for (const { words } of commands) {
    if (words[0]?.value.includes('/')) for (const { value } of words) add(value)
    for (const [index, { value }] of words.entries()) {
      if (value === '--target') note(words[index + 1]?.value ?? '$')
      else if (/^(--)?target=/i.test(value)) note(value.slice(value.indexOf('=') + 1))
    }
  }
}

/** Every value in a YAML node, as deep as a matrix goes. */
function scalarsIn(yaml: Yaml | undefined, depth = 0): string[] {
  if (!yaml || depth > 4) return []
  if (yaml.kind === 'scalar') return [yaml.value]
  const children = yaml.kind === 'list' ? yaml.items : yaml.entries.map(({ value }) => value)
  return children.flatMap(child => scalarsIn(child, depth + 1))
}
