import { idleCdOf } from '../../query.js'
import { rule } from '../../rule.js'
import { actingOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/cd-without-effect',
  title: 'RUN ends with cd',
  why: 'Each RUN starts in the directory of WORKDIR: what cd does is gone with its shell, and the next instruction runs elsewhere.',
  fix: 'Use WORKDIR, which makes the directory too.',
  severity: 'warning',
  topic: 'correctness',
  preset: 'recommended',
  over: 'dockerfile',
  mentions: ['cd'],
  peers: { hadolint: 'DL3003', 'trivy-docker': 'DS-0013' },

  *check(dockerfile) {
    for (const { instruction } of actingOf(dockerfile, 'RUN')) {
      const cd = idleCdOf(instruction.script?.commands ?? [])
      if (!cd) continue
      const to = cd.words[1]?.value ?? 'the home directory'
      yield { at: cd.at, message: `cd to ${to} ends with this RUN: what follows runs in the directory of WORKDIR` }
    }
  },

  bad: {
    Dockerfile: `FROM node:22-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
RUN mkdir /app && cd /app
COPY package.json package-lock.json ./
RUN npm ci
USER node
`
  },
  good: {
    Dockerfile: `FROM node:22-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
USER 1000
`,
    '.dockerignore': `.git
`
  }
})
