import { imageFacts } from '../../data/base-images.js'
import type { Dockerfile, Stage } from '../../model.js'
import { healthchecksOf, probesOf } from '../../probes.js'
import { rule } from '../../rule.js'
import { chainOf, expand, stateOf, variablesOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/healthcheck-of-other-port',
  title: 'Health check asks a port that the image does not name',
  why: 'Where nothing listens there the container never becomes healthy; where something does, it is not what others use.',
  fix: 'Ask the port of EXPOSE, or expose the one that is asked where it is meant.',
  severity: 'note',
  topic: 'health',
  preset: 'strict',
  over: 'dockerfile',

  *check(dockerfile) {
    for (const { instruction, written } of healthchecksOf(dockerfile)) {
      const { stage } = written
      const targets = probesOf(instruction).flatMap(probe => probe.targets)
      if (!stage || !targets.some(({ port }) => port !== undefined)) continue
      const named = portsOf(dockerfile, stage)
      if (!named) continue
      for (const { word, port } of targets) {
        if (port === undefined || named.has(port)) continue
        yield {
          at: word.at,
          message: `the check asks port ${port}, and the image exposes ${stateOf(stage).exposes[0]!.value}`
        }
      }
    }
  },

  bad: {
    Dockerfile: `FROM node:22
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s CMD ["curl", "-fsS", "http://127.0.0.1:8080/"]
CMD ["node", "server.js"]
`
  },
  good: {
    Dockerfile: `FROM node:22-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
WORKDIR /app
COPY --chown=node server.js .
USER node
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

/** Every number that may be a port of the image. Undefined where it exposes none, or one that is computed. */
function portsOf(dockerfile: Dockerfile, stage: Stage): Set<number> | undefined {
  const { exposes, base } = stateOf(stage)
  if (!exposes.length) return undefined
  const variables = variablesOf(dockerfile, stage)
  const ports = new Set((base === undefined ? undefined : imageFacts(base)?.ports) ?? [])
  for (const { value } of exposes) {
    const [, from, to] =
      /^(\d{1,5})(?:-(\d{1,5}))?(?:\/\w{2,9})?$/.exec(
        expand(value, name => variables.get(name), dockerfile.escape) ?? ''
      ) ?? []
    if (!from) return undefined
    for (let port = Number(from); port <= Math.min(Number(to ?? from), 65_535); port++) ports.add(port)
  }
  for (const { keyword, pairs, body } of chainOf(stage).flatMap(each => each.instructions)) {
    const texts = keyword === 'ENV' || keyword === 'ARG' ? pairs.map(({ value }) => value?.value ?? '') : []
    if (/^(CMD|ENTRYPOINT|RUN|LABEL)$/.test(keyword)) texts.push(body.value)
    for (const text of texts) for (const [number] of text.matchAll(/\d+/g)) ports.add(Number(number))
  }
  return ports
}
