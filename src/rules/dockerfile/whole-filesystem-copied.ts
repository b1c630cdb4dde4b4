import { rule } from '../../rule.js'
import { actingOf, bare, copyOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/whole-filesystem-copied',
  title: 'Whole file system of another image is copied',
  why: 'Build tools, caches and whatever the other stage left behind come along, and its variables, user and command do not.',
  fix: 'Copy the folders that are needed, or build on that stage with FROM.',
  severity: 'warning',
  topic: 'efficiency',
  preset: 'strict',
  over: 'dockerfile',
  mentions: ['copy'],
  peers: { hadolint: 'DL3067' },

  *check(dockerfile) {
    const images = new Map(dockerfile.stages.map(({ name, image }) => [name?.value.toLowerCase(), image.value]))
    for (const { instruction } of actingOf(dockerfile, 'COPY')) {
      const copy = copyOf(instruction)
      if (!copy?.from || bare(copy.destination.value) !== '/') continue
      const from = images.get(copy.from.value.value.toLowerCase()) ?? copy.from.value.value
      // The helpers for cross compiling are meant to be copied so: the image holds nothing else.
      if (/(^|\/)tonistiigi\/xx([:@]|$)/.test(from)) continue
      const source = copy.sources.find(({ value }) => bare(value) === '/')
      if (source)
        yield { at: source.at, message: `everything in ${copy.from.value.value} is copied, tools and caches too` }
    }
  },

  bad: {
    Dockerfile: `FROM debian:13.2-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d AS rootfs
RUN mkdir /data

FROM scratch
COPY --from=rootfs / /
USER 65532
`
  },
  good: {
    Dockerfile: `FROM debian:13.2-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d AS rootfs
RUN mkdir /data

FROM scratch
COPY --from=rootfs /data /data
USER 65532
`,
    '.dockerignore': `.git
`
  }
})
