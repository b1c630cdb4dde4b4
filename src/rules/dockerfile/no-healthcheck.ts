import { imageFacts } from '../../data/base-images.js'
import { servedImage } from '../../examples.js'
import type { Dockerfile, Edit, Stage } from '../../model.js'
import { peersOfMissing } from '../../probes.js'
import { keyOf, rule } from '../../rule.js'
import { expand, stateOf, variablesOf } from '../../stages.js'
import { sinceWhen } from '../../units.js'

export default rule({
  id: 'dockerfile/no-healthcheck',
  title: 'Image of a server has no health check',
  why: 'Docker sees that the process runs, not that it answers: a server that hangs goes on looking well.',
  fix: 'Add HEALTHCHECK with a command that is in the image. Images for Kubernetes, tools and base images need none.',
  severity: 'warning',
  topic: 'health',
  preset: 'recommended',
  edits: 'suggested',
  over: 'repo',
  peers: { hadolint: 'DL3057', 'trivy-docker': 'DS-0026', 'checkov-dockerfile': 'CKV_DOCKER_2' },

  *check(repo) {
    const units = repo.units.filter(unit => unit.kind === 'image')
    const places = new Map(
      repo.dockerfiles.flatMap(dockerfile =>
        dockerfile.stages.map(stage => [keyOf(stage.from.at), { dockerfile, stage }] as const)
      )
    )
    for (const unit of units) {
      const { at, health, why } = unit
      if (health !== 'no') continue
      const image = places.get(keyOf(at))
      const edits = image && editsFor(image.dockerfile, image.stage)
      const peers = image && peersOfMissing(image.dockerfile, image.stage)
      yield { at, message: `${why}${sinceWhen(repo, unit)}`, ...(peers && { peers }), ...(edits && { edits }) }
    }
    const [first, ...more] = units.filter(({ health }) => health === 'unknown')
    const others = more.length ? ` (and ${more.length} more)` : ''
    if (first) yield { what: 'health checks of images', reason: `${first.why}${others}`, at: first.at }
  },

  bad: {
    Dockerfile: `FROM node:22-slim
WORKDIR /app
COPY --chown=node . .
USER node
EXPOSE 8080
CMD ["node", "server.js"]
`
  },
  good: servedImage
})

/** A check that the base image can run, before what starts the server. Only where one port is known. */
function editsFor(dockerfile: Dockerfile, stage: Stage): Edit[] | undefined {
  const probe = probeOf(dockerfile, stage)
  if (!probe || stage.instructions.some(({ keyword }) => keyword === 'HEALTHCHECK')) return undefined
  const start = stage.instructions.find(({ keyword }) => keyword === 'CMD' || keyword === 'ENTRYPOINT')
  if (!start) return undefined
  const { path, line } = (start.comments[0] ?? start).at
  const at = { path, line, column: 1, endLine: line, endColumn: 1 }
  return [{ at, text: `HEALTHCHECK --interval=30s --timeout=5s CMD ${JSON.stringify(probe)}\n` }]
}

function probeOf(dockerfile: Dockerfile, stage: Stage): string[] | undefined {
  const { base, exposes } = stateOf(stage)
  const probe = base === undefined ? undefined : imageFacts(base)?.probe
  if (!probe || isTooNew(probe, base)) return undefined
  const port = portOf(dockerfile, stage)
  if (probe.some(word => word.includes('PORT')))
    return port === undefined ? undefined : probe.map(word => word.replaceAll('PORT', port))
  // The probe of a server asks where it listens by itself; what is exposed says where it listens here.
  const usual = /127\.0\.0\.1[:/](\d{1,5})/.exec(probe.join(' '))?.[1]
  if (!usual || !exposes.length || exposes.some(({ value }) => value.split('/')[0] === usual)) return probe
  if (port === undefined) return undefined
  return probe.map(word =>
    word.replace(`127.0.0.1:${usual}`, `127.0.0.1:${port}`).replace(`127.0.0.1/${usual}`, `127.0.0.1/${port}`)
  )
}

/** Node has fetch since 18, and urllib.request came with Python 3. */
function isTooNew(probe: string[], base = ''): boolean {
  const [, language, version] = /(node|python)(?:js)?:?(\d{1,2})/.exec(base) ?? []
  if (language === 'python') return version === '2'
  return language === 'node' && Number(version) < 18 && probe.some(word => word.includes('fetch('))
}

/** The one TCP port of the image: by EXPOSE, else by PORT, else by an option of what it starts. */
function portOf(dockerfile: Dockerfile, stage: Stage): string | undefined {
  const { exposes, cmd, entrypoint } = stateOf(stage)
  const variables = variablesOf(dockerfile, stage)
  const worth = (text: string) => expand(text, name => variables.get(name), dockerfile.escape)
  const exposed = [...new Set(exposes.map(({ value }) => portIn(worth(value)?.replace(/\/tcp$/i, ''))))]
  const byVariable = portIn(variables.get('PORT'))
  if (exposed.length === 1) return exposed[0]
  if (byVariable) return exposed.length && !exposed.includes(byVariable) ? undefined : byVariable
  if (exposed.length) return undefined
  const words = [entrypoint, cmd].flatMap(each => each?.script?.commands[0]?.words ?? [])
  const options = words.flatMap(({ value, literal }, at) => {
    if (!literal) return []
    const [, joined] = /^--(?:port|bind|listen|http-port)=(.{1,99})$/.exec(value) ?? []
    const given = /^(-p|-b|--port|--bind|--listen|--http-port)$/.test(value) ? words[at + 1] : undefined
    return portIn((joined ?? (given?.literal ? given.value : undefined))?.split(':').at(-1)) ?? []
  })
  return new Set(options).size === 1 ? options[0] : undefined
}

const portIn = (text: string | undefined): string | undefined =>
  text !== undefined && /^[1-9]\d{0,4}$/.test(text) && Number(text) < 65_536 ? text : undefined
