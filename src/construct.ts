import type {
  Action,
  Compose,
  Dependabot,
  Dockerfile,
  Manifest,
  Place,
  Repo,
  Step,
  Workflow,
  YamlMap
} from './model.js'

/** A part of a file that people name: a job, a step, a stage, a service. Its name holds no line number and no version. */
export interface Construct {
  name: string
  /** From its first character to its last, keys included. */
  at: Place
}

/** The smallest construct that a place begins in. Constructs are nested, so that is the last that begins before it. */
export function smallestAt(repo: Repo, at: Place): Construct | undefined {
  const all = constructsOf(repo, at.path)
  let low = 0
  let high = all.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (isBefore(at, all[middle]!.at)) high = middle
    else low = middle + 1
  }
  for (let index = low - 1; index >= 0; index--) if (holds(all[index]!.at, at)) return all[index]
  return undefined
}

/** All constructs of a file, in order of writing. */
export function constructsOf(repo: Repo, path: string): Construct[] {
  const files = filesOf(repo).get(path)
  if (!files) return []
  const known = ofPath.get(files)
  if (known) return known
  const lists = files.map(file => {
    const before = ofFile.get(file)
    if (before) return before
    const now = read(file).sort((a, b) => (isBefore(a.at, b.at) ? -1 : isBefore(b.at, a.at) ? 1 : 0))
    ofFile.set(file, now)
    return now
  })
  const all = lists.length === 1 ? lists[0]! : lists.flat()
  ofPath.set(files, all)
  return all
}

// Parsed files never change and are shared between base and head, so the answers are kept with them.
type File = Workflow | Action | Compose | Manifest | Dependabot | Dockerfile
const ofFile = new WeakMap<File, Construct[]>()
const ofPath = new WeakMap<File[], Construct[]>()
const filed = new WeakMap<Repo, Map<string, File[]>>()

/** The parsed files of a repository that have comments and constructs, by path; a path may hold several manifests. */
export function filesOf(repo: Repo): Map<string, File[]> {
  const known = filed.get(repo)
  if (known) return known
  const files = new Map<string, File[]>()
  const lists: File[][] = [
    repo.workflows,
    repo.actions,
    repo.composes,
    repo.manifests,
    repo.dependabot,
    repo.dockerfiles
  ]
  for (const file of lists.flat()) {
    const others = files.get(file.path)
    if (others) others.push(file)
    else files.set(file.path, [file])
  }
  filed.set(repo, files)
  return files
}

function read(file: File): Construct[] {
  if ('instructions' in file) return readDockerfile(file)
  if ('jobs' in file) return readWorkflow(file)
  if ('steps' in file) return [...entriesOf(file.yaml, ['inputs', 'outputs']), ...stepsOf(file.steps, '')]
  if ('services' in file) return entriesOf(file.yaml, ['services'])
  if ('kind' in file) return readManifest(file)
  return [...entriesOf(file.yaml), ...updatesOf(file)]
}

function readWorkflow({ yaml, jobs }: Workflow): Construct[] {
  const constructs = entriesOf(yaml, ['jobs'])
  for (const job of jobs) for (const step of stepsOf(job.steps, `jobs.${job.id.value}.`)) constructs.push(step)
  return constructs
}

/** Top-level keys; of some the key alone, and below them each key of its own. */
function entriesOf(yaml: YamlMap, split: string[] = []): Construct[] {
  return yaml.entries.flatMap(({ key, value }) => {
    if (!split.includes(key.value) || value.kind !== 'map') return { name: key.value, at: span(key.at, value.at) }
    const parts = value.entries.map(part => ({
      name: `${key.value}.${part.key.value}`,
      at: span(part.key.at, part.value.at)
    }))
    return [{ name: key.value, at: key.at }, ...parts]
  })
}

function stepsOf(steps: Step[], above: string): Construct[] {
  return steps.map(step => ({ name: `${above}${nameOf(step)}`, at: step.at }))
}

// Equal steps share a name: which of them is new, the judge tells by changed lines.
function nameOf({ id, name, uses }: Step): string {
  if (id) return `#${id.value}`
  if (name) return name.value
  return uses ? uses.value.replace(/@[^@]*$/, '') : 'run'
}

function readDockerfile({ stages, instructions }: Dockerfile): Construct[] {
  return instructions.map(({ at, stage }) => ({
    name: stage ? (stage.name?.value.toLowerCase() ?? (stage === stages.at(-1) ? 'final' : `${stage.index}`)) : '',
    at
  }))
}

function readManifest({ yaml, kind, namespace, name, pod }: Manifest): Construct[] {
  const object = [kind.value, namespace?.value ?? '', name?.value ?? ''].join('/')
  const containers = pod?.containers ?? []
  return [
    { name: object, at: yaml.at },
    ...containers.map(container => ({ name: `${object}/${container.name?.value ?? ''}`, at: container.yaml.at }))
  ]
}

function updatesOf({ yaml }: Dependabot): Construct[] {
  const updates = yaml.get('updates')
  if (updates?.kind !== 'list') return []
  return updates.items.flatMap(item => {
    if (item.kind !== 'map') return []
    const written = ['package-ecosystem', 'directory', 'target-branch'].map(key => {
      const value = item.get(key)
      return value?.kind === 'scalar' ? value.value : ''
    })
    return { name: `updates.${written.join('.')}`, at: item.at }
  })
}

const span = (from: Place, to: Place): Place => ({ ...from, endLine: to.endLine, endColumn: to.endColumn })

const isBefore = (a: Place, b: Place) => a.line < b.line || (a.line === b.line && a.column < b.column)

const holds = (outer: Place, { line, column }: Place) =>
  (outer.line < line || (outer.line === line && outer.column <= column)) &&
  (line < outer.endLine || (line === outer.endLine && column <= outer.endColumn))
