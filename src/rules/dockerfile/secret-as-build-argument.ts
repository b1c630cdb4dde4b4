import { givingOf, peersOfName } from '../../image-secrets.js'
import type { Dockerfile, Problem, Variable } from '../../model.js'
import { rule } from '../../rule.js'
import { type Acting, actingOf, chainOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/secret-as-build-argument',
  title: 'Secret is asked for as a build argument',
  why: 'The value of a build argument is in the history of the image, and in its provenance, for everybody who can pull it.',
  fix: 'Ask for it where it is needed: RUN --mount=type=secret,id=… and docker build --secret.',
  severity: 'warning',
  topic: 'security',
  preset: 'strict',
  over: 'dockerfile',
  mentions: ['arg', 'env'],

  *check(dockerfile) {
    const last = dockerfile.stages.at(-1)
    const shipped = new Set(last && chainOf(last))
    for (const acting of actingOf(dockerfile, 'ARG', 'ENV')) {
      if (!acting.written.stage || !shipped.has(acting.written.stage)) continue
      for (const pair of acting.instruction.pairs) {
        const problem = problemOf(acting, pair, dockerfile)
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
USER 1000
`,
    '.dockerignore': `.git
.env*
`
  }
})

/** An argument that waits for its value, or a variable that takes one over. Literal values are secret-in-image's matter. */
function problemOf(acting: Acting, pair: Variable, dockerfile: Dockerfile): Problem | undefined {
  const { name, value, at } = pair
  const giving = givingOf(acting.instruction.keyword, pair)
  if (giving !== 'asked' && giving !== 'kept') return undefined
  const message =
    giving === 'asked'
      ? `what is given for ${name.value} stays in the history of the image`
      : `${name.value} keeps ${value?.value} in the image`
  return { at, message, peers: peersOfName(name.value, acting, dockerfile) }
}
