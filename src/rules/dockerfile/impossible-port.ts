import { rule } from '../../rule.js'
import { actingOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/impossible-port',
  title: 'EXPOSE names a port that there is not',
  why: 'Ports end at 65535: nothing can listen there, and newer builders refuse the file.',
  fix: 'Name the port that the program listens on.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'dockerfile',
  mentions: ['expose'],
  peers: { hadolint: 'DL3011', 'trivy-docker': 'DS-0008' },

  *check(dockerfile) {
    for (const { instruction, written } of actingOf(dockerfile, 'EXPOSE'))
      for (const { value, at } of instruction.args) {
        if (value.includes('$')) continue
        const [ports = ''] = value.split('/')
        const wrong = ports.split(/[-:]/).find(port => /^\d+$/.test(port) && Number(port) > 65535)
        if (!wrong) continue
        const message = `there is no port ${wrong.slice(0, 20)}: the last one is 65535`
        // Nobody else looks into ONBUILD for it.
        yield { at, message, ...(instruction !== written && { peers: {} }) }
      }
  },

  bad: {
    Dockerfile: `FROM acme/runtime:1.4.2@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
EXPOSE 80800
USER 65532
`
  },
  good: {
    Dockerfile: `FROM acme/runtime:1.4.2@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
EXPOSE 8080
USER 65532
HEALTHCHECK NONE
`
  }
})
