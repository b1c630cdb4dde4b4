import { rule } from '../../rule.js'
import { actingOf, bare, copyOf, slashAfter } from '../../stages.js'

export default rule({
  id: 'dockerfile/copy-many-without-slash',
  title: 'Several files are copied to a name without a slash',
  why: 'Older builders refuse it, newer ones make a folder of that name: a reader, and the next change, may take it for a file.',
  fix: 'End the destination with a slash.',
  severity: 'warning',
  topic: 'correctness',
  preset: 'recommended',
  edits: 'safe',
  over: 'dockerfile',
  mentions: ['copy'],
  peers: { hadolint: 'DL3021', 'trivy-docker': 'DS-0011' },

  *check(dockerfile) {
    for (const { instruction } of actingOf(dockerfile, 'COPY')) {
      const copy = copyOf(instruction)
      if (!copy || copy.sources.length < 2) continue
      const { destination, sources } = copy
      const path = bare(destination.value)
      // What a layer's history shows for a COPY, kept in Dockerfiles made from images.
      if (/[/\\]$/.test(path) || /^\.{1,2}$/.test(path) || (sources[1]?.value === 'in' && sources.length === 2))
        continue
      const edits = path.includes('$') ? undefined : [slashAfter(destination)]
      yield {
        at: destination.at,
        message: `${sources.length} sources go to ${path}: older builders refuse that, newer ones make it a folder`,
        ...(edits && { edits })
      }
    }
  },

  bad: {
    Dockerfile: `FROM node:22-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY package.json package-lock.json /app
USER node
`
  },
  good: {
    Dockerfile: `FROM node:22-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY package.json package-lock.json /app/
USER 1000
`,
    '.dockerignore': `.git
`
  }
})
