import { rule } from '../../rule.js'
import { actingOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/sudo',
  title: 'RUN calls sudo',
  why: 'While building, USER says who runs a command; an image with sudo in it lets whoever breaks in become root.',
  fix: 'Run the command under USER root and set the account of the image after it; without sudo it needs no password rule either.',
  severity: 'warning',
  topic: 'security',
  preset: 'strict',
  over: 'dockerfile',
  mentions: ['sudo'],

  *check(dockerfile) {
    for (const { instruction, written } of actingOf(dockerfile, 'RUN')) {
      const peers =
        instruction === written
          ? { hadolint: 'DL3004', 'trivy-docker': 'DS-0010', 'checkov-dockerfile': 'CKV2_DOCKER_1' }
          : { hadolint: 'DL3004' }
      for (const { name, words } of instruction.script?.commands ?? [])
        if (name === 'sudo' && words[0])
          yield {
            at: words[0].at,
            message: 'sudo stays in the image with what it may do; USER root is enough here',
            peers
          }
    }
  },

  bad: {
    Dockerfile: `FROM cimg/node:22.11@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
RUN sudo install -d -o circleci /srv/cache
USER circleci
`
  },
  good: {
    Dockerfile: `FROM cimg/node:22.11@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
USER root
RUN install -d -o 3434 /srv/cache
USER 3434
HEALTHCHECK NONE
`,
    '.dockerignore': `.git
.env*
`
  }
})
