import { servedImage } from '../../examples.js'
import type { Peers, Problem } from '../../model.js'
import { type RootImage, rootImagesOf, rootPeersOf } from '../../root-images.js'
import { rule } from '../../rule.js'
import { finalStage, stateOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/root-user',
  title: 'Server runs as root',
  why: 'Whoever breaks into the server is root in the container: one kernel bug or one mounted socket from the host.',
  fix: 'End the image with USER and an account that is not root, and hand it the files it writes with COPY --chown.',
  severity: 'warning',
  topic: 'security',
  preset: 'recommended',
  over: 'repo',

  *check(repo) {
    for (const image of rootImagesOf(repo)) yield problemOf(image)
  },

  bad: {
    Dockerfile: `FROM node:22-slim
WORKDIR /app
COPY . .
EXPOSE 8080
CMD ["node", "server.js"]
`
  },
  good: servedImage
})

function problemOf({ dockerfile, stage, written, serves }: RootImage): Problem {
  if (written) {
    const message = `the image ends as ${written.value} and so does what it runs`
    return { at: written.at, message, peers: rootPeersOf(dockerfile, stage, written) }
  }
  const peers: Peers = stage === finalStage(dockerfile) ? { 'trivy-docker': 'DS-0002' } : {}
  // Any USER in the file, of a builder too, is enough for it.
  if (!dockerfile.instructions.some(({ keyword }) => keyword === 'USER')) peers['checkov-dockerfile'] = 'CKV_DOCKER_3'
  const base = stateOf(stage).base?.split('@')[0]
  return {
    at: stage.image.at,
    message: `the image ${serves} as root: no USER is set and ${base} has root`,
    peers
  }
}
