import { imageFacts } from '../../data/base-images.js'
import type { Dockerfile, Stage } from '../../model.js'
import { leavesOf, peersOfMissing } from '../../probes.js'
import { keyOf, rule } from '../../rule.js'
import { settingsOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/stage-without-healthcheck',
  title: 'Image says nothing of its health',
  why: 'Without HEALTHCHECK nobody asks. HEALTHCHECK NONE says that nobody has to, which a reader cannot tell from a forgotten one.',
  fix: 'Add HEALTHCHECK with a command that is in the image, or HEALTHCHECK NONE with the reason above it.',
  severity: 'note',
  topic: 'health',
  preset: 'all',
  over: 'repo',
  peers: { hadolint: 'DL3057', 'trivy-docker': 'DS-0026', 'checkov-dockerfile': 'CKV_DOCKER_2' },

  *check(repo) {
    // Servers that need one are dockerfile/no-healthcheck's matter.
    const told = new Set(
      repo.units.filter(({ kind, health }) => kind === 'image' && health === 'no').map(({ at }) => keyOf(at))
    )
    for (const dockerfile of repo.dockerfiles)
      for (const stage of imagesOf(dockerfile)) {
        if (settingsOf(stage).healthcheck || told.has(keyOf(stage.from.at)) || needsNone(stage)) continue
        yield {
          at: stage.from.at,
          message: `the image of ${stage.image.value} has no HEALTHCHECK, nor HEALTHCHECK NONE`,
          peers: peersOfMissing(dockerfile, stage)
        }
      }
  },

  bad: {
    Dockerfile: `FROM node:22-slim
CMD ["node", "report.js"]
`
  },
  good: {
    Dockerfile: `FROM node:22-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
WORKDIR /src
COPY report.js .
USER 1000
# Writes one report and ends.
HEALTHCHECK NONE
CMD ["node", "report.js"]
`,
    '.dockerignore': `.git
`
  }
})

/** Stages that somebody may run: neither what others build on nor what the last one only copies from. */
function imagesOf(dockerfile: Dockerfile): Stage[] {
  const { stages } = dockerfile
  const used = new Set(stages.flatMap(stage => stage.needs))
  return [...leavesOf(dockerfile)].filter(stage => stage === stages.at(-1) || !used.has(stage))
}

/** The base brings a check, or the image adds to a base that starts nothing and starts nothing either. */
function needsNone(stage: Stage): boolean {
  const { base, cmd, entrypoint } = settingsOf(stage)
  const facts = base === undefined ? undefined : imageFacts(base)
  if (facts?.healthcheck) return true
  if (cmd || entrypoint || !facts || facts.kind === 'server' || facts.kind === 'database') return false
  return stage.instructions.length > 1
}
