import type { Instruction, Repo, Stage } from '../../model.js'
import { listOf, mapOf, scalarOf } from '../../parse/yaml.js'
import { stepsOf } from '../../query.js'
import { rule } from '../../rule.js'
import { actingOf, copyOf } from '../../stages.js'
import { nearest } from '../../words.js'

export default rule({
  id: 'dockerfile/copy-from-unknown',
  title: 'COPY --from names no stage before it',
  why: 'Docker takes a name that is no stage for an image, and pulls whatever was pushed last under it.',
  fix: 'Name a stage that comes before, or an image with a tag, best with its digest.',
  severity: 'warning',
  topic: 'correctness',
  preset: 'recommended',
  over: 'repo',
  peers: { hadolint: 'DL3022' },

  *check(repo) {
    let given: Set<string> | 'any' | undefined
    for (const dockerfile of repo.dockerfiles) {
      const stages = new Map<string, Stage>()
      for (const stage of dockerfile.stages)
        if (stage.name && !stages.has(stage.name.value.toLowerCase())) stages.set(stage.name.value.toLowerCase(), stage)
      const names = [...stages.keys()].slice(0, MAX_NAMES)
      for (const { instruction } of actingOf(dockerfile, 'COPY')) {
        const from = copyOf(instruction)?.from
        const message = from && messageOf(from, instruction.stage, stages, names)
        if (!message) continue
        given ??= contextsGiven(repo)
        const name = from.value.value
        if (given !== 'any' && !given.has(name.toLowerCase()))
          // A variable with a tag behind it is an image to hadolint.
          yield { at: from.at, message, ...(name.includes('$') && name.includes(':') && { peers: {} }) }
      }
    }
  },

  bad: {
    Dockerfile: `FROM golang:1.25.4@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d AS build
WORKDIR /src
COPY . .
RUN go build -o /app .

FROM gcr.io/distroless/static-debian12:nonroot@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY --from=builder /app /app
ENTRYPOINT ["/app"]
`
  },
  good: {
    Dockerfile: `FROM golang:1.26.4@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d AS build
WORKDIR /src
COPY . .
RUN go build -o /app .

FROM gcr.io/distroless/static-debian12:nonroot@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY --from=build /app /app
HEALTHCHECK NONE
ENTRYPOINT ["/app"]
`,
    '.dockerignore': `.git
`
  }
})

function messageOf(
  { value: { value } }: Instruction['flags'][number],
  stage: Stage | undefined,
  stages: Map<string, Stage>,
  names: string[]
): string | undefined {
  const name = value.toLowerCase()
  const named = stages.get(name)
  // A stage that copies from itself is copy-from-itself's matter.
  if (named && (named === stage || (stage && named.index < stage.index))) return undefined
  if (named) return `stage ${value} comes later (line ${named.from.at.line})`
  if (/^\d{1,9}$/.test(value)) {
    if (stage && Number(value) < stage.index) return undefined
    return `no stage with the number ${value} comes before: they count from 0`
  }
  if (value.includes('$'))
    return `Docker expands no variables in --from, and the build fails: a stage of its own can be FROM ${value}`
  if (!name || value.includes(':')) return undefined
  if (value.includes('/')) return `${value} has no tag: each build takes what was pushed last`
  const meant = nearest(value, names)
  const hint = meant ? `; stage ${meant} is there` : ''
  return `no stage is called ${value}, so Docker takes the image ${value}:latest${hint}`
}

const MAX_NAMES = 50

/** Names that a build is given beside its context: Compose's additional_contexts, --build-context and the like. */
function contextsGiven(repo: Repo): Set<string> | 'any' {
  // Bake files name contexts too, and are not read.
  if (repo.paths.some(path => /(^|\/)docker-bake(\.override)?\.(hcl|json)$/.test(path))) return 'any'
  const names = new Set<string>()
  // An image that this repository builds first is known, too.
  for (const { image, build } of repo.composes.flatMap(compose => compose.services))
    if (image && build) names.add(image.value.split(':')[0]!.toLowerCase())
  const add = (pair: string) => {
    const equals = pair.indexOf('=')
    if (equals > 0) names.add(pair.slice(0, equals).trim().toLowerCase())
  }
  for (const { yaml } of repo.composes.flatMap(compose => compose.services)) {
    const given = mapOf(yaml.get('build'))?.get('additional_contexts')
    for (const { key } of mapOf(given)?.entries ?? []) names.add(key.value.toLowerCase())
    for (const item of listOf(given)?.items ?? []) add(scalarOf(item)?.value ?? '')
  }
  for (const step of repo.workflows.flatMap(stepsOf)) {
    const input = step.with.find(field => field.name.value === 'build-contexts')?.value.value
    for (const line of input?.split(/[\n,]/) ?? []) add(line)
  }
  const scripts = [
    ...repo.workflows.flatMap(stepsOf).flatMap(step => step.run ?? []),
    ...repo.scripts.flatMap(file => [...file.targets.values()].flatMap(target => target.scripts))
  ]
  for (const script of scripts) {
    if (!script.text.value.includes('docker')) continue
    for (const { words } of script.commands)
      for (const [index, { value }] of words.entries())
        if (value === '-t' || value === '--tag') names.add((words[index + 1]?.value ?? '').split(':')[0]!.toLowerCase())
        else if (value === '--build-context') add(words[index + 1]?.value ?? '')
        else if (value.startsWith('--build-context=')) add(value.slice('--build-context='.length))
  }
  return names
}
