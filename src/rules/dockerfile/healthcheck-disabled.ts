import { imageFacts } from '../../data/base-images.js'
import type { Stage } from '../../model.js'
import { keyOf, rule } from '../../rule.js'
import { settingsOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/healthcheck-disabled',
  title: 'Health check is taken away without a reason',
  why: 'The image it builds on brings a check that works. Whoever reads this cannot tell whether it failed, was slow or was in the way.',
  fix: 'Say why in a comment above HEALTHCHECK NONE, or drop the line.',
  severity: 'note',
  topic: 'health',
  preset: 'recommended',
  over: 'repo',

  *check(repo) {
    // Where the check is needed, dockerfile/no-healthcheck says so.
    const told = new Set(
      repo.units.filter(({ kind, health }) => kind === 'image' && health === 'no').map(({ at }) => keyOf(at))
    )
    for (const stage of repo.dockerfiles.flatMap(({ stages }) => stages)) {
      const none = stage.instructions.findLast(({ keyword }) => keyword === 'HEALTHCHECK')
      if (none?.args[0]?.value.toUpperCase() !== 'NONE' || none.comments.length || told.has(keyOf(stage.from.at)))
        continue
      const lost = lostBy(stage)
      if (lost) yield { at: none.args[0].at, message: `NONE takes away ${lost}, and nothing says why` }
    }
  },

  bad: {
    Dockerfile: `FROM node:22-slim AS server
HEALTHCHECK --interval=30s --timeout=5s CMD ["node", "health.js"]
CMD ["node", "server.js"]

FROM server
HEALTHCHECK NONE
CMD ["node", "report.js"]
`
  },
  good: {
    Dockerfile: `FROM node:22-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d AS server
WORKDIR /app
COPY --chown=node server.js health.js report.js ./
USER 1000
HEALTHCHECK --interval=30s --timeout=5s CMD ["node", "health.js"]
CMD ["node", "server.js"]

FROM server
# The report ends by itself and listens nowhere.
HEALTHCHECK NONE
CMD ["node", "report.js"]
`,
    '.dockerignore': `.git
node_modules
.env*
`
  }
})

/** The check that the stage would have without its own lines. */
function lostBy({ parent, base }: Stage): string | undefined {
  const check = parent && settingsOf(parent).healthcheck
  if (check) return check.script && `the HEALTHCHECK of line ${check.at.line}`
  const image = parent ? settingsOf(parent).base : base
  return image !== undefined && imageFacts(image)?.healthcheck ? `the HEALTHCHECK of ${image.split('@')[0]}` : undefined
}
