import type { Stage } from '../../model.js'
import { rule } from '../../rule.js'
import { actingOf, bare, chainOf, copyOf, mayBeAbsolute } from '../../stages.js'

export default rule({
  id: 'dockerfile/relative-copy-destination',
  title: 'COPY to a relative path without WORKDIR',
  why: 'Where the files land is for the base image to say, and may change with its next version.',
  fix: 'Set WORKDIR before, or write the whole path.',
  severity: 'note',
  topic: 'correctness',
  preset: 'strict',
  over: 'dockerfile',
  mentions: ['copy'],
  peers: { hadolint: 'DL3045' },

  *check(dockerfile) {
    // A stage without WORKDIR of its own has that of the stage it builds on.
    const placed = new Set<Stage | undefined>()
    for (const { instruction } of actingOf(dockerfile)) {
      const { keyword, stage } = instruction
      if (keyword === 'FROM' && stage?.parent && placed.has(stage.parent)) placed.add(stage)
      if (keyword === 'WORKDIR') placed.add(stage)
      if (keyword !== 'COPY' || placed.has(stage)) continue
      const copy = copyOf(instruction)
      const path = copy && bare(copy.destination.value)
      if (!path || mayBeAbsolute(path)) continue
      const where = (stage && chainOf(stage)[0]?.image.value) ?? 'the base image'
      yield { at: copy.destination.at, message: `${where} decides where ${path} is: no WORKDIR is set` }
    }
  },

  bad: {
    Dockerfile: `FROM node:22-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY package.json package-lock.json ./
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
