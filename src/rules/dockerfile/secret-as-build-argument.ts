import { isSecretName } from '../../data/secrets.js'
import type { Problem, Variable } from '../../model.js'
import { rule } from '../../rule.js'
import { chainOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/secret-as-build-argument',
  title: 'Secret is asked for as a build argument',
  why: 'The value of a build argument is in the history of the image, and in its provenance, for everybody who can pull it.',
  fix: 'Ask for it where it is needed: RUN --mount=type=secret,id=… and docker build --secret.',
  severity: 'warning',
  topic: 'security',
  preset: 'strict',
  over: 'dockerfile',
  peers: { buildkit: 'SecretsUsedInArgOrEnv', hadolint: 'DL3064', 'trivy-docker': 'DS-0031' },

  *check({ stages }) {
    const shipped = stages.at(-1)
    if (!shipped) return
    for (const instruction of chainOf(shipped).flatMap(stage => stage.instructions)) {
      const { keyword, pairs } = instruction.onbuild ?? instruction
      if (keyword !== 'ARG' && keyword !== 'ENV') continue
      for (const pair of pairs) {
        const problem = problemOf(keyword, pair)
        if (problem) yield problem
      }
    }
  },

  bad: {
    Dockerfile: `FROM node:22-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
ARG NPM_TOKEN
COPY package.json package-lock.json ./
RUN npm ci
USER node
`
  },
  good: {
    Dockerfile: `FROM node:22-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=secret,id=npm,env=NPM_TOKEN npm ci
USER node
`,
    '.dockerignore': `.git
.env*
`
  }
})

/** An argument that waits for its value, or a variable that takes one over. Literal values are secret-in-image's matter. */
function problemOf(keyword: string, { name, value, at }: Variable): Problem | undefined {
  if (!isSecretName(name.value)) return undefined
  if (keyword === 'ARG')
    return value?.value
      ? undefined
      : { at, message: `what is given for ${name.value} stays in the history of the image` }
  if (!value?.value.startsWith('$')) return undefined
  return { at, message: `${name.value} keeps ${value.value} in the image` }
}
