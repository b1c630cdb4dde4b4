import { type Workload, workloadOf } from '../data/kubernetes.js'
import type { Comment, Manifest, Place, PodContainer, Yaml, YamlDocument, YamlMap } from '../model.js'
import { given } from './workflow.js'
import { listOf, mapOf, scalarOf } from './yaml.js'

/** Lists inside lists; nobody writes more than one. */
const MAX_LISTS = 5

/**
 * The Kubernetes objects of a multi-document file; documents without `apiVersion` and `kind` are passed over, lists are
 * unfolded. Only what says which containers run is looked at, since definitions of custom resources can be huge.
 */
export function readManifests(path: string, documents: YamlDocument[]): Manifest[] {
  const found: Manifest[] = []
  for (const { root, comments } of documents) readObject(path, root, comments, found, 0)
  return found
}

function readObject(path: string, root: Yaml | undefined, comments: Comment[], found: Manifest[], depth: number): void {
  const yaml = mapOf(root)
  const apiVersion = scalarOf(yaml?.get('apiVersion'))
  const kind = scalarOf(yaml?.get('kind'))
  if (!yaml || !apiVersion || !kind) return
  const items = kind.value.endsWith('List') ? listOf(yaml.get('items')) : undefined
  if (items) {
    if (depth < MAX_LISTS) for (const item of items.items) readObject(path, item, comments, found, depth + 1)
    return
  }
  const metadata = mapOf(yaml.get('metadata'))
  const workload = workloadOf(apiVersion.value, kind.value)
  found.push({
    path,
    at: firstOf(yaml),
    yaml,
    comments,
    apiVersion,
    kind,
    ...given({
      name: scalarOf(metadata?.get('name')),
      namespace: scalarOf(metadata?.get('namespace')),
      pod: workload && podOf(yaml, workload)
    })
  })
}

function podOf(yaml: YamlMap, { runs, pods, containers }: Workload): Manifest['pod'] {
  const specs = pods
    .flatMap(path => walk(yaml, path))
    .flatMap(({ at, value }) => (value.kind === 'map' ? { at, value } : []))
  const [spec] = specs
  if (spec) {
    const restart = scalarOf(spec.value.get('restartPolicy'))?.value
    return {
      at: spec.at,
      yaml: spec.value,
      containers: specs.flatMap(({ value }) => containersOf(value)),
      // Only what is restarted for ever runs for ever: a bare pod may be a job.
      runs: restart === 'Never' || restart === 'OnFailure' ? 'once' : runs
    }
  }
  const direct = containers.flatMap(path => walk(yaml, path)).flatMap(({ value }) => mapOf(value) ?? [])
  const top = yaml.entry('spec')
  if (!direct.length || top?.value.kind !== 'map') return undefined
  return { at: top.key.at, yaml: top.value, containers: direct.map(map => containerOf(map, false)), runs }
}

const containersOf = (pod: YamlMap): PodContainer[] => [
  ...(listOf(pod.get('containers'))?.items ?? []).flatMap(item =>
    item.kind === 'map' ? containerOf(item, false) : []
  ),
  ...(listOf(pod.get('initContainers'))?.items ?? []).flatMap(item =>
    item.kind === 'map' ? containerOf(item, true) : []
  )
]

function containerOf(yaml: YamlMap, init: boolean): PodContainer {
  const name = scalarOf(yaml.get('name'))
  return {
    at: name?.at ?? firstOf(yaml),
    yaml,
    init,
    sidecar: init && scalarOf(yaml.get('restartPolicy'))?.value === 'Always',
    probes: given({
      readiness: mapOf(yaml.get('readinessProbe')),
      liveness: mapOf(yaml.get('livenessProbe')),
      startup: mapOf(yaml.get('startupProbe'))
    }),
    ...given({ name, image: scalarOf(yaml.get('image')) })
  }
}

/** Every value at a path, with the place of its key. */
function walk(yaml: YamlMap, path: string[]): { at: Place; value: Yaml }[] {
  let here: { at: Place; value: Yaml }[] = [{ at: firstOf(yaml), value: yaml }]
  for (const part of path) {
    here = here.flatMap(({ at, value }) => {
      if (part === '[]') return (listOf(value)?.items ?? []).map(item => ({ at, value: item }))
      const map = mapOf(value)
      if (part === '*') return (map?.entries ?? []).map(({ key, value }) => ({ at: key.at, value }))
      const entry = map?.entry(part)
      return entry ? [{ at: entry.key.at, value: entry.value }] : []
    })
  }
  return here
}

const firstOf = (yaml: YamlMap): Place => yaml.entries[0]?.key.at ?? yaml.at
