import { rule } from '../../rule.js'
import { actingOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/shell-replaced',
  title: '/bin/sh is made a link to another shell',
  why: 'Every script of the distribution that asks for sh runs in that shell from then on, and an update of its package puts the old one back.',
  fix: 'Say SHELL ["/bin/bash", "-o", "pipefail", "-c"], which is for the instructions of this file alone.',
  severity: 'warning',
  topic: 'correctness',
  preset: 'strict',
  over: 'dockerfile',
  mentions: ['ln'],
  peers: { hadolint: 'DL4005' },

  *check(dockerfile) {
    for (const { instruction } of actingOf(dockerfile, 'RUN'))
      for (const { name, words } of instruction.script?.commands ?? []) {
        if (name !== 'ln') continue
        const [target, link] = words.slice(1).filter(({ value }) => !value.startsWith('-'))
        if (target && link && SHELLS.has(link.value))
          yield { at: link.at, message: `${link.value} becomes ${target.value} for everything in the image` }
      }
  },

  bad: {
    Dockerfile: `FROM debian:13-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
RUN ln -sf /bin/bash /bin/sh
USER 65532
`
  },
  good: {
    Dockerfile: `FROM debian:13-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
USER 65532
`,
    '.dockerignore': `.git
`
  }
})

const SHELLS = new Set(['/bin/sh', '/usr/bin/sh'])
