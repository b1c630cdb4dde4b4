import { imageFacts } from '../../data/base-images.js'
import type { Edit, Stage } from '../../model.js'
import { keyOf, rule } from '../../rule.js'
import { stateOf } from '../../stages.js'
import { sinceWhen } from '../../units.js'

export default rule({
  id: 'dockerfile/no-healthcheck',
  title: 'Image of a server has no health check',
  why: 'Docker sees that the process runs, not that it answers: a server that hangs goes on looking well.',
  fix: 'Add HEALTHCHECK with a command that is in the image. Images for Kubernetes, tools and base images need none.',
  severity: 'warning',
  topic: 'health',
  preset: 'recommended',
  over: 'repo',
  peers: { hadolint: 'DL3057', 'trivy-docker': 'DS-0026', 'checkov-dockerfile': 'CKV_DOCKER_2' },

  *check(repo) {
    const units = repo.units.filter(unit => unit.kind === 'image')
    const stages = new Map(repo.dockerfiles.flatMap(file => file.stages.map(stage => [keyOf(stage.from.at), stage])))
    for (const unit of units) {
      const { at, health, why } = unit
      if (health !== 'no') continue
      const stage = stages.get(keyOf(at))
      const edits = stage && editsFor(stage)
      yield { at, message: `${why}${sinceWhen(repo, unit)}`, ...(edits && { edits }) }
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
  good: {
    Dockerfile: `FROM node:22-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
WORKDIR /app
COPY --chown=node server.js .
USER 1000
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s CMD ["node", "-e", "fetch('http://127.0.0.1:8080/').then(r => process.exit(r.ok ? 0 : 1))"]
CMD ["node", "server.js"]
`,
    '.dockerignore': `.git
node_modules
.env*
`
  }
})

/** A check that the base image can run, before what starts the server. Only where one port is known. */
function editsFor(stage: Stage): Edit[] | undefined {
  const probe = probeOf(stage)
  if (!probe) return undefined
  const start = stage.instructions.find(({ keyword }) => keyword === 'CMD' || keyword === 'ENTRYPOINT')
  if (!start) return undefined
  const { path, line } = (start.comments[0] ?? start).at
  const at = { path, line, column: 1, endLine: line, endColumn: 1 }
  return [{ at, text: `HEALTHCHECK --interval=30s --timeout=5s CMD ${JSON.stringify(probe)}\n` }]
}

function probeOf(stage: Stage): string[] | undefined {
  const { base, exposes } = stateOf(stage)
  const probe = base === undefined ? undefined : imageFacts(base)?.probe
  if (!probe?.some(word => word.includes('PORT'))) return probe ?? undefined
  const [port, another] = exposes.map(({ value }) => /^(\d{1,5})(?:\/tcp)?$/i.exec(value)?.[1])
  return port && !another ? probe.map(word => word.replaceAll('PORT', port)) : undefined
}
