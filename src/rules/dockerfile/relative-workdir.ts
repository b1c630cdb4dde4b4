import type { Peers } from '../../model.js'
import { rule } from '../../rule.js'
import { workdirsOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/relative-workdir',
  title: 'First WORKDIR is relative',
  why: 'It lies below whatever folder the base image starts in, and moves when that changes.',
  fix: 'Begin the path with a slash.',
  severity: 'warning',
  topic: 'correctness',
  preset: 'recommended',
  over: 'dockerfile',
  mentions: ['workdir'],

  *check(dockerfile) {
    for (const { at, path, relative, below, onbuild, stage } of workdirsOf(dockerfile)) {
      if (!relative || below) continue
      const peers: Peers = { hadolint: 'DL3000', 'trivy-docker': 'DS-0009', 'checkov-dockerfile': 'CKV_DOCKER_10' }
      if (!onbuild) peers.buildkit = 'WorkdirRelativePath'
      yield {
        at,
        message: `${path} lies below the folder that ${stage?.image.value ?? 'the base image'} starts in`,
        peers
      }
    }
  },

  bad: {
    Dockerfile: `FROM node:22-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
WORKDIR app
COPY server.js ./
USER node
`
  },
  good: {
    Dockerfile: `FROM node:22-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
WORKDIR /app
COPY server.js ./
USER 1000
`,
    '.dockerignore': `.git
`
  }
})
