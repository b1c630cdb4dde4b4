import { type ImageFacts, imageFacts } from './data/base-images.js'
import type {
  Command,
  Compose,
  ComposeService,
  Dockerfile,
  Job,
  Manifest,
  Place,
  PodContainer,
  Repo,
  Service,
  Stage,
  Step,
  Text,
  Unit,
  Workflow,
  YamlEntry,
  YamlMap
} from './model.js'
import { interpolated } from './parse/compose.js'
import { readDockerfile } from './parse/dockerfile.js'
import { listOf, mapOf, scalarOf, scalarsOf } from './parse/yaml.js'
import { folderOf, joinPath } from './query.js'
import { chainOf, finalStage, stateOf } from './stages.js'

type Parts = Omit<Repo, 'pipeline' | 'units'>
type Judgement = Pick<Unit, 'health' | 'why' | 'advice'>
const none = (why: string): Judgement => ({ health: 'none-needed', why })

/**
 * What is deployed and runs, and whether anything would notice that it is ill. Each is judged by what its platform asks:
 * Kubernetes its probes and never HEALTHCHECK, Compose its own check or the image's, an image that nothing here deploys
 * its HEALTHCHECK. `why` is a sentence that stands alone.
 */
export function deriveUnits(repo: Parts): Unit[] {
  const services = repo.workflows.flatMap(jobServiceUnits)
  // Whose images are built how is asked of what runs them.
  if (!repo.manifests.length && !repo.charts.length && !repo.composes.length && !repo.dockerfiles.length)
    return services
  const world = worldOf(repo)
  const workloads = repo.manifests.flatMap(manifest => workloadUnits(manifest, world))
  const composed = repo.composes.flatMap(compose => composeUnits(compose, world))
  return [
    ...workloads,
    ...chartUnits(repo),
    ...composed,
    ...repo.dockerfiles.flatMap(dockerfile => imageUnits(dockerfile, world)),
    ...services
  ]
}

/** The end of what is said of a unit without a health check: whether the pull request took it. */
export function sinceWhen({ base }: Repo, { kind, name, at }: Unit): string {
  const before = base?.units.find(unit => unit.kind === kind && unit.name === name && unit.at.path === at.path)
  return before?.health === 'yes' ? '; before this pull request it had one' : ''
}

// ---------------------------------------------------------------- the joins

interface Build {
  path: string
  target?: string
}
interface World {
  repo: Parts
  paths: Set<string>
  dockerfiles: Map<string, Dockerfile>
  /** Last part of an image's name to what builds it here. */
  builds: Map<string, Build[]>
  /** Targets that somebody builds, by Dockerfile. */
  targets: Map<string, Set<string>>
  /** Why a Dockerfile's image is not a unit of its own, by Dockerfile. */
  deployed: Map<string, string>
  /** Dockerfiles by each folder that they lie in. */
  byFolder: Map<string, Dockerfile[]>
  /** Manifests by kind and name. */
  objects: Map<string, Manifest[]>
  /** Selectors of Services, by their first label. */
  selectors: Map<string, YamlMap[]>
  /** Services of compose files that have a test, by folder and name. */
  tested: Map<string, { path: string; service: ComposeService }[]>
}

/** How many of a name are looked at: files can be written to make every pair meet. */
const MAX_SAME = 20

function add<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key)
  if (!list) lists.set(key, [item])
  else if (list.length < MAX_SAME) list.push(item)
}

function worldOf(repo: Parts): World {
  const world: World = {
    repo,
    paths: new Set(repo.paths),
    dockerfiles: new Map(repo.dockerfiles.map(dockerfile => [dockerfile.path, dockerfile])),
    builds: new Map(),
    targets: new Map(),
    deployed: new Map(),
    byFolder: new Map(),
    objects: new Map(),
    selectors: new Map(),
    tested: new Map()
  }
  for (const dockerfile of repo.dockerfiles)
    for (const folder of new Set(folderOf(dockerfile.path).split('/'))) add(world.byFolder, folder, dockerfile)
  for (const manifest of repo.manifests) {
    if (manifest.pod) add(world.objects, objectKey(manifest), manifest)
    if (manifest.kind.value !== 'Service' || manifest.apiVersion.value !== 'v1') continue
    const selector = mapOf(mapOf(manifest.yaml.get('spec'))?.get('selector'))
    const first = selector?.entries[0]
    if (selector && first) add(world.selectors, labelKey(first), selector)
  }
  for (const { path, services } of repo.composes)
    if (!sideOf(path))
      for (const service of services)
        if (service.healthcheck?.test) add(world.tested, `${folderOf(path)}\0${service.name.value}`, { path, service })
  for (const workflow of repo.workflows)
    for (const job of workflow.jobs) for (const step of job.steps) noteStep(step, job, world)
  for (const script of repo.scripts.flatMap(file => [...file.targets.values()].flatMap(target => target.scripts)))
    if (mayBuild(script.text.value)) for (const command of script.commands) noteCommand(command, '', world)
  for (const compose of repo.composes)
    for (const service of compose.services) {
      const build = buildOf(compose, service, world)
      if (build) noteBuild(build, service.image ? [service.image.value] : [], world)
    }
  for (const action of repo.actions) {
    const image = action.image?.value
    const path = image && !image.includes(':') ? joinPath(folderOf(action.path), image) : undefined
    if (path) world.deployed.set(path, `${action.path} runs the image as an action`)
  }
  for (const dockerfile of repo.dockerfiles)
    for (const stage of dockerfile.stages) {
      const used = stage.base === undefined ? undefined : builtHere(stage.base, world)
      if (used && used.path !== dockerfile.path) world.deployed.set(used.path, `${dockerfile.path} builds on the image`)
    }
  noteWorkloads(world)
  return world
}

const objectKey = ({ kind, name }: Manifest) => `${kind.value}\0${name?.value}`
const labelKey = ({ key, value }: YamlEntry) => `${key.value}\0${scalarOf(value)?.value}`

const mayBuild = (text: string) => text.includes('build') && /docker|podman|buildah/.test(text)

function noteStep(step: Step, job: Job, world: World): void {
  if (step.run && mayBuild(step.run.text.value)) {
    const folder = (step.workingDirectory ?? job.defaults.workingDirectory)?.value ?? ''
    for (const command of step.run.commands) noteCommand(command, folder, world)
  }
  if (!step.uses?.value.startsWith('docker/build-push-action@')) return
  const input = (name: string) => step.with.find(field => field.name.value === name)?.value.value
  const names = (input('tags') ?? '').split(/[\n,]/)
  for (const other of job.steps)
    if (other.uses?.value.startsWith('docker/metadata-action@'))
      names.push(...(other.with.find(field => field.name.value === 'images')?.value.value ?? '').split(/[\n,]/))
  const contexts = valuesOf(input('context') ?? '.', job).map(at => at.replace(/^\{\{\s?defaultContext\s?\}\}:?/, ''))
  const files = input('file') ? valuesOf(input('file')!, job) : contexts.map(context => `${context}/Dockerfile`)
  const targets = valuesOf(input('target') ?? '', job)
  for (const file of files.slice(0, MAX_MATRIX)) {
    const path = joinPath(file)
    if (!path || !world.paths.has(path)) continue
    for (const target of targets.slice(0, MAX_MATRIX)) noteBuild({ path, ...(target && { target }) }, names, world)
  }
}

const MAX_MATRIX = 50

/** What a value is in the jobs of a matrix, where it is nothing but `${{ matrix.name }}`. */
export function valuesOf(written: string, { strategy }: Job): string[] {
  const key = /^\$\{\{\s{0,9}matrix\.([\w-]{1,99})\s{0,9}\}\}$/.exec(written.trim())?.[1]
  if (!key) return [written]
  const values = strategy?.rows.find(row => row.key.value === key)?.values ?? []
  const included = strategy?.include.flatMap(map => map.get(key) ?? []) ?? []
  return [...new Set([...values, ...included].flatMap(value => scalarOf(value)?.value ?? []))]
}

/** `docker build -t name -f file --target stage context`, buildx and podman too. */
function noteCommand(command: Command, folder: string, world: World): void {
  const build = buildCommand(command, folder)
  if (!build?.path || !world.paths.has(build.path)) return
  const { path, target } = build
  noteBuild({ path, ...(target && { target }) }, build.tags, world)
}

/** What a command builds: paths are undefined where they are computed or lead out of the repository. */
export interface BuildCommand {
  path: string | undefined
  context: string | undefined
  target?: string
  tags: string[]
}

/** The build that a command of docker and the like starts in a folder; undefined for other commands. */
export function buildCommand(command: Command, folder: string): BuildCommand | undefined {
  if (!/^(docker|podman|buildah|nerdctl)$/.test(command.name) || command.directory === undefined) return undefined
  const words = command.words.map(word => word.value)
  const start = words.findIndex(word => word === 'build' || word === 'bud')
  if (start < 0 || start > 3) return undefined
  const values = new Map<string, string[]>()
  let context: string | undefined
  for (let at = start + 1; at < words.length; at++) {
    const word = words[at]!
    if (!word.startsWith('-')) {
      context ??= word
      continue
    }
    const equals = word.indexOf('=')
    const name = equals < 0 ? word : word.slice(0, equals)
    if (equals < 0 && !VALUED.has(name)) continue
    values.set(name, [...(values.get(name) ?? []), equals < 0 ? (words[++at] ?? '') : word.slice(equals + 1)])
  }
  const given = (...names: string[]) => names.flatMap(name => values.get(name) ?? [])
  const [file] = given('-f', '--file')
  const [target] = given('--target')
  const inside = (path: string) => joinPath(folder, command.directory!, path)
  return {
    path: file ? inside(file) : context && inside(`${context}/Dockerfile`),
    context: context === undefined ? undefined : inside(context),
    ...(target && { target }),
    tags: given('-t', '--tag')
  }
}
const VALUED = new Set(
  [
    '-t',
    '--tag',
    '-f',
    '--file',
    '--target',
    '--build-arg',
    '--platform',
    '--cache-from',
    '--cache-to',
    '--label'
  ].concat([
    '-o',
    '--output',
    '--secret',
    '--ssh',
    '--network',
    '--progress',
    '--build-context',
    '--builder',
    '--iidfile'
  ])
)

function noteBuild(build: Build, names: string[], world: World): void {
  if (build.target && !build.target.includes('$'))
    world.targets.set(build.path, (world.targets.get(build.path) ?? new Set()).add(build.target))
  for (const written of names) {
    const name = shortName(written.trim())
    if (!name) continue
    const before = world.builds.get(name) ?? []
    if (before.some(({ path, target }) => path === build.path && target === build.target)) continue
    world.builds.set(name, [...before, build])
  }
}

/** Last part of an image's name, without registry, tag and digest; undefined where it is computed. */
function shortName(image: string): string | undefined {
  const name = image.split('@')[0]!.split('/').pop()!
  const colon = name.indexOf(':')
  const short = colon < 0 ? name : name.slice(0, colon)
  return /^[\w.-]+$/.test(short) ? short : undefined
}

/** What builds an image here, by its name; several where a matrix or several workflows do. */
function buildsOf(image: string, world: World): Build[] {
  const name = shortName(interpolated(image) ?? image)
  return name && !imageFacts(image) ? (world.builds.get(name) ?? []) : []
}
function builtHere(image: string, world: World): Build | undefined {
  const [only, another] = buildsOf(image, world)
  return another ? undefined : only
}

/** The Dockerfile that a service builds. Compose files in a folder of their own are often run with the root as directory. */
function buildOf(compose: Compose, { name, build }: ComposeService, world: World): Build | undefined {
  if (!build || build.inline) return undefined
  const target = build.target && interpolated(build.target.value)
  const file = interpolated(build.dockerfile?.value ?? 'Dockerfile')
  if (file === undefined) {
    // Computed paths often end in a folder that is called as the service.
    const named = world.byFolder.get(name.value) ?? []
    const direct = named.filter(({ path }) => `/${folderOf(path)}`.endsWith(`/${name.value}`))
    const [only, another] = direct.length ? direct : named
    return only && !another ? { path: only.path, ...(target && { target }) } : undefined
  }
  if (build.context === undefined) return undefined
  const beside = joinPath(folderOf(compose.path), build.context, file)
  const fromRoot = joinPath(build.context, file)
  const path = [beside, fromRoot].find(path => path !== undefined && world.paths.has(path)) ?? beside
  return path === undefined ? undefined : { path, ...(target && { target }) }
}

/** Kubernetes asks probes and nothing else, so an image that a workload of this repository runs needs no HEALTHCHECK. */
function noteWorkloads(world: World): void {
  const { repo } = world
  const own = repo.dockerfiles.filter(({ path }) => !sideOf(path))
  for (const manifest of repo.manifests) {
    if (sideOf(manifest.path)) continue
    for (const { image } of manifest.pod?.containers ?? []) {
      if (!image || imageFacts(image.value)) continue
      const name = shortName(image.value)
      const built = builtHere(image.value, world)
      const [named, another] = (name ? world.byFolder.get(name) : undefined)?.filter(({ path }) => !sideOf(path)) ?? []
      const [only, second] = own
      const path = built?.path ?? (another ? undefined : named?.path) ?? (second ? undefined : only?.path)
      if (path)
        world.deployed.set(path, `Kubernetes runs the image (${whereIs(image.at)}) and asks probes, not HEALTHCHECK`)
    }
  }
  const chart = repo.charts.find(({ path }) => !sideOf(path))
  const platform = PLATFORMS.find(([file]) => world.paths.has(file))
  for (const { path } of own) {
    if (world.deployed.has(path)) continue
    if (chart)
      world.deployed.set(path, `the chart ${chart.path} deploys to Kubernetes, which asks probes, not HEALTHCHECK`)
    else if (platform)
      world.deployed.set(path, `${platform[0]} deploys it to ${platform[1]}, which has checks of its own`)
  }
}

const PLATFORMS: [file: string, name: string][] = [
  ['fly.toml', 'Fly.io'],
  ['render.yaml', 'Render'],
  ['railway.json', 'Railway'],
  ['railway.toml', 'Railway'],
  ['config/deploy.yml', 'Kamal'],
  ['heroku.yml', 'Heroku']
]

// ---------------------------------------------------------------- what is not deployed

// Sets where expressions would do: an expression of a hundred words costs a small repository more than all that it is asked.
const SIDE = new Set(
  (
    'test tests __tests__ testing testdata e2e spec specs fixture fixtures mock mocks integration integration-test ' +
    'integration-tests integration_test integration_tests acceptance smoke example examples sample samples demo demos ' +
    'playground playgrounds tutorial tutorials quickstart quickstarts doc docs documentation website devcontainer ' +
    'devcontainers dev devel development local ci hack bench benchmark benchmarks perf performance loadtest loadtests ' +
    'load-test load-tests k6 contrib template templates vendor node_modules third_party tool tools builder builders ' +
    'buildenv build-env buildimage buildimages build-image build-images cross debug playwright cypress snippet snippets'
  ).split(' ')
)
const SIDE_WORDS = new Set(
  (
    'test tests testing e2e dev devel development debug local ci cicd example examples sample samples demo bench ' +
    'benchmark build builder buildenv lint cross doc docs playwright cypress integration fixture devcontainer base'
  ).split(' ')
)

/** What a path is for, where that is not deployment: the word of it that says so. */
export function sideOf(path: string): string | undefined {
  const parts = path.toLowerCase().split('/')
  const name = parts.pop()!.replace(/\.ya?ml$/, '')
  const word = () => name.split(/[._-]/).find(part => SIDE_WORDS.has(part))
  return parts.find(part => SIDE.has(part) || SIDE_FOLDER.test(part)) ?? word()
}
// Folders with a dot in front hold tools; dev-cluster and load-tests say what they are at either end.
const SIDE_FOLDER =
  /^\.|^(dev|tests?|e2e|ci|local|examples?|samples?|demo)[-_]|[-_](dev|tests?|e2e|examples?|samples?|testing|local|demo)$/

const whereIs = (at: Place) => `${at.path}:${at.line}`

// ---------------------------------------------------------------- Kubernetes

function workloadUnits(manifest: Manifest, world: World): Unit[] {
  const { pod } = manifest
  if (!pod) return []
  const isProbed = pod.containers.some(({ probes }) => probes.readiness || probes.liveness)
  return pod.containers.flatMap(container => {
    if (container.init && !container.sidecar) return []
    const name = `${manifest.kind.value} ${manifest.name?.value ?? ''}`.trim()
    const unit = container.name ? `${container.name.value} of ${name}` : `a container of ${name}`
    const judged = judgeContainer(container, unit, manifest, isProbed, world)
    return { name: unit, kind: 'workload' as const, at: container.at, ...judged, paths: [manifest.path] }
  })
}

// Their operators bring the probes, or nothing runs until something else uses the object.
const PROBED_ELSEWHERE = /^(serving\.knative\.dev|agones\.dev|ray\.io|kubeflow\.org)\//
const AGENTS =
  /(^|[-_])(istio-proxy|linkerd-proxy|envoy-sidecar|cloud-?sql-proxy|kube-rbac-proxy|git-sync|registrar|(config|configmap)-reload(er)?|exporter|promtail|filebeat|fluent-?(d|bit)|logger|log-?(shipper|tailer)|node-agent|telegraf|pause|sleep|debug)([-_]|$)/

function judgeContainer(
  container: PodContainer,
  unit: string,
  manifest: Manifest,
  isPodProbed: boolean,
  world: World
): Judgement {
  const { probes } = container
  const pod = manifest.pod!
  const probe = probes.readiness ?? probes.liveness
  if (probe) return { health: 'yes', why: `${unit} has a probe (${whereIs(probe.at)})` }
  if (pod.runs === 'once') return none(`${manifest.kind.value} ends on its own`)
  if (manifest.kind.value === 'PodTemplate') return none('a template runs when something uses it')
  if (PROBED_ELSEWHERE.test(manifest.apiVersion.value))
    return none(`the operator of ${manifest.apiVersion.value} probes it`)
  const side = sideOf(manifest.path)
  if (side) return none(`${manifest.path} is for ${side}`)
  if (scalarOf(mapOf(manifest.yaml.get('spec'))?.get('replicas'))?.data === 0) return none('no replicas run')
  const source = sourceOf(manifest, container, world)
  if (source) return none(`${manifest.path} is written by ${source}`)
  const patch = world.objects.get(objectKey(manifest))?.find(other => isPatchOf(other, manifest, container))
  if (patch) return { health: 'yes', why: `${patch.path} adds a probe to ${unit}` }
  if (!container.image && isPartial(manifest, world)) return none('a patch: what it is laid over says the rest')
  if (
    container.sidecar ||
    AGENTS.test(container.name?.value ?? '') ||
    AGENTS.test(shortName(container.image?.value ?? '') ?? '')
  )
    return none('an agent beside the main container')
  const ports = listOf(container.yaml.get('ports'))?.items ?? []
  if (!ports.length && isPodProbed) return none('another container of the pod serves and is probed')
  if (isIdle(container)) return none('its command only sleeps')
  const missing = `${unit} has neither a readiness nor a liveness probe`
  const server = isServer(imageFacts(container.image?.value ?? ''))
  if (!ports.length && !server && !isServed(manifest, world))
    return {
      ...none('nothing connects to it: no ports, no Service'),
      advice: `${missing}: nothing restarts it when it hangs`
    }
  const why = `${missing}: Kubernetes sends it requests before it can answer and never restarts it when it hangs`
  return { health: 'no', why }
}

/** Some Service of the repository selects the labels of the workload's pods. */
function isServed(manifest: Manifest, world: World): boolean {
  const spec = mapOf(manifest.yaml.get('spec'))
  const metadata = manifest.kind.value === 'Pod' ? manifest.yaml : mapOf(spec?.get('template'))
  const labels = mapOf(mapOf(metadata?.get('metadata'))?.get('labels'))
  if (!labels) return false
  return labels.entries.some(label =>
    world.selectors
      .get(labelKey(label))
      ?.some(selector =>
        selector.entries.every(({ key, value }) => scalarOf(labels.get(key.value))?.value === scalarOf(value)?.value)
      )
  )
}

/** Written by a program, by its own words or because Kustomize builds the same object from another file. */
function sourceOf(manifest: Manifest, container: PodContainer, world: World): string | undefined {
  const start = world.repo.texts.get(manifest.path)?.slice(0, 2000) ?? ''
  if (/auto-?\s?generated|generated by|do not (manually )?edit/i.test(start)) return 'a program'
  if (/(^|\/)(gen|generated|compiled|rendered|dist|golden|[^/]{1,99}[-_](compiled|generated))\//.test(manifest.path))
    return 'a program'
  if (isPartial(manifest, world)) return undefined
  return world.objects
    .get(objectKey(manifest))
    ?.find(
      other =>
        other.path !== manifest.path &&
        other.pod?.containers.some(({ name }) => name?.value === container.name?.value) &&
        isPartial(other, world)
    )?.path
}

const isIdle = ({ yaml }: PodContainer) =>
  [...scalarsOf(yaml.get('command')), ...scalarsOf(yaml.get('args'))].some(({ value }) =>
    /(^|\s)(sleep|tail -f \/dev\/null|\/pause)(\s|$)/.test(value.slice(0, 500))
  )

/** The same object in another file, with a probe for the same container and without an image: laid over by Kustomize. */
function isPatchOf(other: Manifest, manifest: Manifest, container: PodContainer): boolean {
  if (other === manifest || !container.name) return false
  return !!other.pod?.containers.some(
    ({ name, image, probes }) =>
      name?.value === container.name?.value && !image && (probes.readiness ?? probes.liveness) !== undefined
  )
}

function isPartial(manifest: Manifest, world: World): boolean {
  if (/patch|overlay/i.test(manifest.path)) return true
  let folder = folderOf(manifest.path)
  for (let up = 0; up < 3; up++) {
    for (const name of ['kustomization.yaml', 'kustomization.yml'])
      if (world.paths.has(folder ? `${folder}/${name}` : name)) return true
    if (!folder) return false
    folder = folderOf(folder)
  }
  return false
}

/** Charts run what their templates say, and templates are not read. */
const chartUnits = (repo: Parts): Unit[] =>
  repo.charts.flatMap(chart => {
    if (sideOf(chart.path)) return []
    const folder = folderOf(chart.path)
    const below = folder ? `${folder}/templates/` : 'templates/'
    const paths = repo.paths.filter(
      path => path.startsWith(below) && /(deploy(ment)?|statefulset|daemonset|sts|rollout)[^/]*\.ya?ml$/i.test(path)
    )
    if (!paths.length) return []
    const name = chart.name?.value ?? folder
    const why = `the workloads of chart ${name} are templates, which are not read`
    return [{ name: `chart ${name}`, kind: 'workload' as const, at: chart.at, health: 'unknown' as const, why, paths }]
  })

// ---------------------------------------------------------------- Compose

/** Marks the files that Compose lays over another of the same folder on its own. */
export function withOverrides(composes: Compose[]): Compose[] {
  const paths = new Set(composes.map(({ path }) => path))
  return composes.map(compose => {
    const folder = folderOf(compose.path)
    const name = folder ? compose.path.slice(folder.length + 1) : compose.path
    if (!/^(docker-)?compose\.override\.ya?ml$/.test(name)) return compose
    // Compose takes the first of these names, and the first override, whatever each is called.
    const bases = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml']
    const overrides = bases.map(base => (folder ? `${folder}/${base}` : base)).find(base => paths.has(base))
    return overrides ? { ...compose, overrides } : compose
  })
}

function composeUnits(compose: Compose, world: World): Unit[] {
  const side = sideOf(compose.path) ?? (/\.override\.ya?ml$/.test(compose.path) ? 'local changes' : undefined)
  const users = new Map<string, User[]>()
  for (const other of compose.services)
    for (const need of other.dependsOn)
      if (need.name.value !== other.name.value) add(users, need.name.value, { ...need, other })
  return compose.services.flatMap(service => {
    if (!service.image && !service.build) return []
    const build = buildOf(compose, service, world) ?? (service.image && builtHere(service.image.value, world))
    const judged = side
      ? none(`${compose.path} is for ${side}`)
      : judgeService(service, users.get(service.name.value) ?? [], compose, build, world)
    if (judged.health === 'yes' || judged.health === 'no')
      for (const { path } of build ? [build] : buildsOf(service.image?.value ?? '', world))
        if (!world.deployed.has(path))
          world.deployed.set(path, `judged where it runs: ${service.name.value} (${whereIs(service.at)})`)
    const paths = build && world.paths.has(build.path) ? [compose.path, build.path] : [compose.path]
    return [{ name: service.name.value, kind: 'compose-service' as const, at: service.at, ...judged, paths }]
  })
}

const ONE_SHOT = new Set('setup bootstrap test tests e2e lint backup restore job cron cli shell builder sut'.split(' '))
const ONE_SHOT_STEMS = ['migrat', 'init', 'seed', 'install', 'provision', 'create']
const isOneShot = (name: string): boolean =>
  name
    .toLowerCase()
    .split(/[-_.:/]/)
    .some(word => ONE_SHOT.has(word) || (ONE_SHOT_STEMS.some(stem => word.startsWith(stem)) && !/\W/.test(word)))
const TOOL_PROFILE =
  /^(tools?|tests?|testing|debug|dev|development|cli|admin|manual|build|e2e|ci|jobs?|migrations?|setup|init|donotstart|docs|extras?)$/i
const TOOLS =
  /^(phpldapadmin|mailhog|mailpit|maildev|mailcatcher|adminer|phpmyadmin|pgadmin4?|mongo-express|redis-commander|redisinsight|kafka-ui|dozzle|portainer(-ce)?|watchtower|autoheal|certbot|cadvisor|node-exporter|\w{1,30}[-_]exporter|promtail|fluent-bit|filebeat|alloy|ofelia|swag|flower)$/

interface User {
  other: ComposeService
  name: Text
  condition?: Text
}
function judgeService(
  service: ComposeService,
  users: User[],
  compose: Compose,
  build: Build | undefined,
  world: World
): Judgement {
  const name = service.name.value
  const check = checkOf(service, compose, world)
  if (check?.disabled) return none(`${name} switches its health check off (${whereIs(check.at)})`)
  if (check?.test) return { health: 'yes', why: `${name} has a health check (${whereIs(check.at)})` }
  if (users.some(({ condition }) => condition?.value === 'service_completed_successfully'))
    return none(`${name} ends on its own`)
  const command = [...scalarsOf(service.entrypoint), ...scalarsOf(service.command)].map(({ value }) => value).join(' ')
  const restarts = service.restart !== undefined && service.restart.value !== 'no'
  if (!restarts && (isOneShot(name) || (service.restart && isOneShot(command.slice(0, 300)))))
    return none(`${name} looks like a job that ends on its own`)
  if (service.profiles.length && service.profiles.every(({ value }) => TOOL_PROFILE.test(value)))
    return none(`${name} runs on demand`)
  if (/^(\S*\/)?(sleep|tail|true)\b/.test(command)) return none('its command only waits')
  const image = service.image && interpolated(service.image.value)
  const facts = service.build || image === undefined ? undefined : imageFacts(image)
  if (isTool(service)) return none(`${name} is a tool`)
  if (service.build && isDevelopment(service, build))
    return none(`${name} is for development: the sources are mounted into it`)
  const stage = build && stageOf(build, world)
  const listens = service.ports.length > 0 || (stage && servesBy(stage)) !== undefined
  const [user] = users.filter(({ other }) => !isTool(other) && !isDevelopment(other, buildOf(compose, other, world)))
  if (!user && !(build && service.build && listens)) return none(`nothing here waits for ${name}`)
  if (!listens && !isServer(facts) && (service.build || facts)) return none(`nothing shows that ${name} listens`)
  const waits = user
    ? `${user.other.name.value} depends on it (${whereIs(user.name.at)}) and starts whether it answers or not`
    : 'a hung process is never noticed'
  if (build && (service.build || !facts)) {
    const dockerfile = world.dockerfiles.get(build.path)
    if (!dockerfile || !stage) return { health: 'unknown', why: `${name}: ${build.path} was not read` }
    const judged = judgeStage(stage)
    if (judged.health !== 'no') return { ...judged, why: `${name}: ${judged.why}` }
    return { health: 'no', why: `${name} has no health check, here or in ${build.path}: ${waits}` }
  }
  if (service.build?.inline) {
    const inline = finalStage(readDockerfile(compose.path, service.build.inline.value))
    if (inline && judgeStage(inline).health === 'yes')
      return { health: 'yes', why: `${name}: its image has HEALTHCHECK` }
  }
  if (facts?.healthcheck) return { health: 'yes', why: `${name}: the image ${image} brings a health check` }
  if (facts?.shell === 'none' && !facts.probe) return none(`${name}: nothing in ${image} can ask it`)
  if (facts?.healthcheck === false)
    return { health: 'no', why: `${name} has no health check and ${image} brings none: ${waits}` }
  const unsure = service.build
    ? 'what it builds is computed or not in this repository'
    : `whether ${service.image?.value} brings a health check is not known`
  return { health: 'unknown', why: `${name}: ${unsure}` }
}

function isTool({ image, build }: ComposeService): boolean {
  const written = image && !build ? interpolated(image.value) : undefined
  if (written === undefined) return false
  return imageFacts(written)?.kind === 'tool' || TOOLS.test(shortName(written) ?? '')
}

const isServer = (facts: ImageFacts | undefined) => facts?.kind === 'server' || facts?.kind === 'database'

/** The service's own check, or that of a file of the same folder which is laid over it or under it. */
function checkOf(service: ComposeService, compose: Compose, world: World): ComposeService['healthcheck'] {
  if (service.healthcheck?.test || service.healthcheck?.disabled) return service.healthcheck
  const others = world.tested.get(`${folderOf(compose.path)}\0${service.name.value}`)
  return others?.find(({ path }) => path !== compose.path)?.service.healthcheck ?? service.healthcheck
}

/** Sources mounted over the image's own, or a target that says so. */
function isDevelopment(service: ComposeService, build: Build | undefined): boolean {
  if (build?.target && /^(dev|development|test|debug|local)/i.test(build.target)) return true
  const context = `./${joinPath(service.build?.context ?? '.') ?? ''}`
  for (const volume of listOf(service.yaml.get('volumes'))?.items ?? []) {
    const short = scalarOf(volume)?.value
    const source = short?.slice(0, short.indexOf(':')) ?? scalarOf(mapOf(volume)?.get('source'))?.value
    if (!source || !/^\.{1,2}(\/|$)/.test(source)) continue
    const mounted = `./${joinPath(source) ?? ''}`
    if (context === mounted || `${context}/`.startsWith(mounted.endsWith('/') ? mounted : `${mounted}/`)) return true
    if (/\/(src|app|lib|backend|frontend|code)\/?$/.test(source)) return true
  }
  return mapOf(service.yaml.get('develop')) !== undefined
}

// ---------------------------------------------------------------- images

function imageUnits(dockerfile: Dockerfile, world: World): Unit[] {
  const last = finalStage(dockerfile)
  const targets = [...(world.targets.get(dockerfile.path) ?? [])]
    .slice(0, MAX_MATRIX)
    .flatMap(target => finalStage(dockerfile, target) ?? [])
  const stages = [...new Set([...(last ? [last] : []), ...targets])]
  return stages.map(stage => ({
    name: stage === last || !stage.name ? dockerfile.path : `${dockerfile.path} (${stage.name.value})`,
    kind: 'image' as const,
    at: stage.from.at,
    ...judgeImage(dockerfile, stage, stage === last, world),
    paths: [dockerfile.path]
  }))
}

function judgeImage(dockerfile: Dockerfile, stage: Stage, isLast: boolean, world: World): Judgement {
  const judged = judgeStage(stage)
  if (judged.health === 'yes') return judged
  const deployed = world.deployed.get(dockerfile.path)
  if (deployed) return none(deployed)
  const side =
    sideOf(dockerfile.path) ??
    (isLast ? undefined : WORKER.exec(stage.name?.value ?? '')?.[1]) ??
    // The last stage is what a plain build gives, unless builds here are seen to choose others.
    (isLast && !world.targets.has(dockerfile.path) ? undefined : sideOf(stage.name?.value ?? ''))
  if (side) return none(`${dockerfile.path} is for ${side}`)
  if (judged.health === 'none-needed') return judged
  const state = stateOf(stage)
  const facts = state.base === undefined ? undefined : imageFacts(state.base)
  if (!state.cmd && !state.entrypoint && !isServer(facts)) return none('the image starts nothing of its own')
  const serves = servesBy(stage)
  if (!serves) return none('nothing shows that the image serves: no EXPOSE and no server command')
  const lost = judged.health === 'unknown' && lostCheck(dockerfile, stage, world)
  if (lost) return { health: 'no', why: `the image ${serves} and nothing asks whether it still answers: ${lost}` }
  if (judged.health === 'unknown') return judged
  return { health: 'no', why: `the image ${serves} and nothing asks whether it still answers: ${judged.why}` }
}

/** A check that the same stage on the same image had before the pull request: whoever wrote it found none in the image. */
function lostCheck(dockerfile: Dockerfile, stage: Stage, { repo }: World): string | undefined {
  const change = repo.diff?.find(({ path }) => path === dockerfile.path)
  const file = repo.base?.dockerfiles.find(({ path }) => path === (change?.previousPath ?? dockerfile.path))
  const before = file && (finalStage(file, stage.name?.value) ?? finalStage(file))
  const check = before && stateOf(before).healthcheck
  if (!check || check.args[0]?.value.toUpperCase() === 'NONE') return undefined
  const [now, then] = [stage, before].map(
    each => shortName(chainOf(each)[0]!.image.value) ?? chainOf(each)[0]!.image.value
  )
  return now === then ? `the HEALTHCHECK of ${whereIs(check.at)} is gone` : undefined
}

// A target that inherits EXPOSE from the stage it shares with the server.
const WORKER = /(worker|cron|jobs?|migrat|scheduler|cli)/i

/** What says that an image listens: EXPOSE, the image it is built on, or its command. */
function servesBy(stage: Stage): string | undefined {
  const state = stateOf(stage)
  const [port] = state.exposes
  if (port) return port.value.includes('$') ? 'exposes a port' : `listens on ${port.value}`
  const facts = state.base === undefined ? undefined : imageFacts(state.base)
  // A base for servers says nothing of what is started on it, unless it listens by itself.
  if (state.base !== undefined && isServer(facts) && (facts?.ports || !(state.cmd || state.entrypoint)))
    return `is a server (${withoutDigest(state.base)})`
  const script = [state.entrypoint, state.cmd].flatMap(instruction => instruction?.args ?? [])
  const words = script.map(word => word.value.replace(/["']/g, '').split('/').pop()!)
  const server = words.find(word => SERVERS.has(word) || SERVER_WORD.test(word))
  return server && `runs ${server}`
}
// bin/server, dist/server.js, start-server.sh, `artisan serve`.
const SERVER_WORD = /^(.{0,40}[-_.])?(web)?(server|serve)(\.(m?js|cjs|ts|py|rb|jar|sh|php))?$/i
const SERVERS = new Set(
  'nginx httpd apache2 apache2-foreground httpd-foreground caddy gunicorn uvicorn hypercorn daphne waitress-serve uwsgi granian puma unicorn passenger thin php-fpm frankenphp runserver http-server live-server haproxy envoy traefik mysqld postgres redis-server mongod memcached'.split(
    ' '
  )
)

/** The check of a stage, by its own lines, its parents' and what is known of its base image. */
function judgeStage(stage: Stage): Judgement {
  const state = stateOf(stage)
  const check = state.healthcheck
  const facts = state.base === undefined ? undefined : imageFacts(state.base)
  if (check && check.args[0]?.value.toUpperCase() !== 'NONE')
    return { health: 'yes', why: `HEALTHCHECK at ${whereIs(check.at)}` }
  if (check && (check.comments.length || !facts?.healthcheck))
    return none(`HEALTHCHECK NONE at ${whereIs(check.at)} is a choice`)
  if (check)
    return { health: 'no', why: `HEALTHCHECK NONE takes away the check that ${withoutDigest(state.base!)} brings` }
  if (facts?.healthcheck) return { health: 'yes', why: `${withoutDigest(state.base!)} brings HEALTHCHECK` }
  if (stage.instructions.some(({ keyword }) => keyword === 'ONBUILD')) return none('an image that others build on')
  if (facts?.shell === 'none' && !facts.probe)
    return none(`nothing in ${withoutDigest(state.base!)} can ask: it has no shell and no client`)
  if (facts?.healthcheck === false)
    return { health: 'no', why: `${withoutDigest(state.base!)} brings no HEALTHCHECK and none is added` }
  const base = withoutDigest(state.base ?? stage.image.value)
  return { health: 'unknown', why: `whether ${base} brings HEALTHCHECK is not known` }
}

/** A name as people say it: the digest goes where a tag tells enough. */
const withoutDigest = (image: string) => {
  const at = image.indexOf('@')
  return at > 0 && image.lastIndexOf(':', at) > image.lastIndexOf('/', at) ? image.slice(0, at) : image
}

function stageOf(build: Build, world: World): Stage | undefined {
  const dockerfile = world.dockerfiles.get(build.path)
  return dockerfile && finalStage(dockerfile, build.target)
}

// ---------------------------------------------------------------- services of a workflow's jobs

const jobServiceUnits = (workflow: Workflow): Unit[] =>
  workflow.jobs.flatMap(job =>
    job.services.map(service => ({
      name: service.id.value,
      kind: 'job-service' as const,
      at: service.id.at,
      ...judgeJobService(service, job),
      paths: [workflow.path]
    }))
  )

function judgeJobService(service: Service, job: Job): Judgement {
  const name = service.id.value
  const { options } = service
  if (options?.value.includes('--health-cmd'))
    return { health: 'yes', why: `${name} has --health-cmd (${whereIs(options.at)})` }
  if (options?.value.includes('${{')) return { health: 'unknown', why: `${name}: its options are computed` }
  const image = service.image?.value
  if (!image) return none(`${name} names no image`)
  const facts = imageFacts(image)
  if (facts?.healthcheck) return { health: 'yes', why: `${name}: ${image} brings a health check` }
  const ports = listOf(mapOf(service.yaml)?.get('ports'))?.items ?? []
  if (!ports.length && !job.container) return none(`no step can reach ${name}: it has no ports`)
  if (facts?.kind !== 'database') return none(`${name} is not known to start slowly`)
  if (facts.shell === 'none' && !facts.probe) return none(`nothing in ${image} can ask it`)
  const waits = job.steps.find(waitsItself)
  if (waits) return none(`a step waits for its services (${whereIs(waits.at)})`)
  return {
    health: 'no',
    why: `${name} has no health check and ${image} brings none: the steps start before it answers`
  }
}

const WAITS =
  /\b(wait|until|retry|dockerize|pg_isready|mysqladmin|mariadb-admin|wait4x|wait-port)\b|wait[-_]?for|-ready\b|\bnc -\w{0,3}z|\bping\b|while !/
const waitsItself = (step: Step): boolean =>
  (step.run !== undefined && WAITS.test(step.run.text.value)) ||
  (step.uses !== undefined && /wait/i.test(step.uses.value))
