import { rule } from '../../rule.js'
import { workdirsOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/workdir-in-system-folder',
  title: 'WORKDIR is a folder of the kernel',
  why: 'What is written there is lost or refused, and a path through a file descriptor can lead out of the container.',
  fix: 'Work in a folder of your own, such as /app.',
  severity: 'error',
  topic: 'security',
  preset: 'recommended',
  over: 'dockerfile',
  mentions: ['boot', 'dev', 'initrd', 'lost', 'proc', 'sys'],
  peers: { 'trivy-docker': 'DS-0030' },

  *check(dockerfile) {
    for (const { at, path } of workdirsOf(dockerfile)) {
      const folder = SYSTEM.find(folder => path === folder || path.startsWith(`${folder}/`))
      if (folder) yield { at, message: `${path} is in ${folder}, which is the kernel's or the machine's` }
    }
  },

  bad: {
    Dockerfile: `FROM debian:13.2-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
WORKDIR /proc/self/fd/8
USER nobody
`
  },
  good: {
    Dockerfile: `FROM debian:13.2-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
WORKDIR /process
USER 65534
`,
    '.dockerignore': `.git
`
  }
})

const SYSTEM = ['/proc', '/boot', '/dev', '/initrd', '/lost+found', '/sys']
