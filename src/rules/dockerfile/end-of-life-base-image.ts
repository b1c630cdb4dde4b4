import { endOfLifeOf } from '../../data/end-of-life.js'
import { imageNameOf } from '../../images.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'dockerfile/end-of-life-base-image',
  title: 'Base image is past its end of life',
  why: 'Nobody mends what is found in it any more: the image gathers known holes, however often it is built.',
  fix: 'Move to a release that is supported.',
  severity: 'warning',
  topic: 'supply-chain',
  preset: 'recommended',
  over: 'dockerfile',

  *check({ stages }) {
    for (const { base, image } of stages) {
      const { name, tag } = imageNameOf(base ?? '')
      const end = tag === undefined ? undefined : endOfLifeOf(name, tag)
      if (!end) continue
      const byDefault = image.value === base ? '' : ` (${base} by default)`
      yield {
        at: image.at,
        message: `${end.what} reached its end of life on ${end.day}${byDefault}`,
        key: `${name} ${end.what}`
      }
    }
  },

  bad: {
    Dockerfile: `FROM debian:9-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY report.sh /usr/local/bin/report
USER 65532
ENTRYPOINT ["report"]
`
  },
  good: {
    Dockerfile: `FROM debian:13-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY report.sh /usr/local/bin/report
USER 65532
HEALTHCHECK NONE
ENTRYPOINT ["report"]
`,
    '.dockerignore': `.git
`
  }
})
