import { rule } from '../../rule.js'

export default rule({
  id: 'dockerfile/port-mapping',
  title: 'EXPOSE names an address or a port of the host',
  why: 'An image cannot publish a port: the part for the host is dropped with a warning now and is an error soon.',
  fix: 'Name the port of the container alone, and publish it where the image is run: docker run -p, ports of Compose.',
  severity: 'warning',
  topic: 'correctness',
  preset: 'recommended',
  edits: 'suggested',
  over: 'dockerfile',
  mentions: ['expose'],
  peers: { buildkit: 'ExposeInvalidFormat' },

  *check({ instructions }) {
    for (const { keyword, args } of instructions) {
      if (keyword !== 'EXPOSE') continue
      for (const { value, at } of args) {
        const colon = lastColon(value)
        if (colon < 0) continue
        const port = value.slice(colon + 1)
        const edits = /^\d{1,5}(-\d{1,5})?(\/[a-z]+)?$/i.test(port) ? { edits: [{ at, text: port }] } : {}
        yield {
          at,
          message: `${value.slice(0, 60)} maps a port of the host, which only whoever runs the image can`,
          ...edits
        }
      }
    }
  },

  bad: {
    Dockerfile: `FROM acme/runtime:1.4.2@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
EXPOSE 127.0.0.1:9000:8080
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

/** Place of the last colon that is not within the braces of a variable; -1 where there is none. */
function lastColon(value: string): number {
  let depth = 0
  for (let at = value.length - 1; at >= 0; at--) {
    if (value[at] === '}') depth++
    else if (value[at] === '{') depth--
    else if (value[at] === ':' && depth <= 0) return at
  }
  return -1
}
