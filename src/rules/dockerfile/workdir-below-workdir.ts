import { rule } from '../../rule.js'
import { workdirsOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/workdir-below-workdir',
  title: 'WORKDIR is relative to an earlier one',
  why: 'Where it leads shows only after reading every WORKDIR above it, and moves when one of them does.',
  fix: 'Write the whole path.',
  severity: 'note',
  topic: 'style',
  preset: 'all',
  over: 'dockerfile',
  mentions: ['workdir'],
  peers: { hadolint: 'DL3000', 'trivy-docker': 'DS-0009', 'checkov-dockerfile': 'CKV_DOCKER_10' },

  *check(dockerfile) {
    for (const { at, path, relative, below } of workdirsOf(dockerfile))
      if (relative && below) yield { at, message: `${path} lies below ${below.value} (line ${below.at.line})` }
  },

  bad: {
    Dockerfile: `FROM node:22-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
WORKDIR /srv
WORKDIR app
COPY server.js ./
USER node
`
  },
  good: {
    Dockerfile: `FROM node:22-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
WORKDIR /srv/app
COPY server.js ./
USER 1000
`,
    '.dockerignore': `.git
`
  }
})
