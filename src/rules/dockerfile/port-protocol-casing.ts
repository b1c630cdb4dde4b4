import { rule } from '../../rule.js'

export default rule({
  id: 'dockerfile/port-protocol-casing',
  title: 'Protocol of a port is not in lower case',
  why: 'Docker lowers it anyway: one spelling finds all ports with one search.',
  fix: 'Write tcp, udp or sctp.',
  severity: 'note',
  topic: 'style',
  preset: 'all',
  edits: 'safe',
  over: 'dockerfile',
  mentions: ['expose'],
  peers: { buildkit: 'ExposeProtoCasing' },

  *check({ instructions }) {
    for (const { keyword, args } of instructions) {
      if (keyword !== 'EXPOSE') continue
      for (const port of args) {
        const from = port.value.lastIndexOf('/') + 1
        const protocol = port.value.slice(from)
        if (!from || !/^[a-zA-Z]+$/.test(protocol) || protocol === protocol.toLowerCase()) continue
        const at = port.part(from, port.value.length)
        yield {
          at,
          message: `${protocol.slice(0, 20)} is ${protocol.toLowerCase().slice(0, 20)} elsewhere`,
          edits: [{ at, text: protocol.toLowerCase() }]
        }
      }
    }
  },

  bad: {
    Dockerfile: `FROM acme/runtime:1.4.2@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
EXPOSE 8080/TCP
USER 65532
`
  },
  good: {
    Dockerfile: `FROM acme/runtime:1.4.2@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
EXPOSE 8080/tcp
USER 65532
HEALTHCHECK NONE
`
  }
})
