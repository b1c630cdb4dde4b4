import { rule } from '../../rule.js'
import { actingOf, bare, copyOf, slashAfter } from '../../stages.js'

export default rule({
  id: 'dockerfile/copy-many-to-dot',
  title: 'Several files are copied to a dot without a slash',
  why: 'The builder of Docker before 23.0, which some build services still run, refuses `.` where several files go; BuildKit takes it.',
  fix: 'Write ./ instead.',
  severity: 'note',
  topic: 'style',
  preset: 'all',
  edits: 'safe',
  over: 'dockerfile',
  mentions: ['copy'],
  peers: { hadolint: 'DL3021', 'trivy-docker': 'DS-0011' },

  *check(dockerfile) {
    for (const { instruction } of actingOf(dockerfile, 'COPY')) {
      const copy = copyOf(instruction)
      if (!copy || copy.sources.length < 2 || !/^\.{1,2}$/.test(bare(copy.destination.value))) continue
      const { destination, sources } = copy
      yield {
        at: destination.at,
        message: `${sources.length} sources go to ${bare(destination.value)} without a slash: older builders refuse that`,
        edits: [slashAfter(destination)]
      }
    }
  },

  bad: {
    Dockerfile: `FROM node:22-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
WORKDIR /app
COPY package.json package-lock.json .
USER node
`
  },
  good: {
    Dockerfile: `FROM node:22-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
WORKDIR /app
COPY package.json package-lock.json ./
USER 1000
`,
    '.dockerignore': `.git
`
  }
})
