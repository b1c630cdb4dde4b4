import { rule } from '../../rule.js'

export default rule({
  id: 'dockerfile/reserved-stage-name',
  title: 'Stage has a reserved name',
  why: 'FROM scratch is the empty image and context the files of the build: a stage of that name is not what FROM and --from get.',
  fix: 'Call the stage something else.',
  severity: 'warning',
  topic: 'correctness',
  preset: 'recommended',
  over: 'dockerfile',
  mentions: ['context', 'scratch'],
  peers: { hadolint: 'DL3063', buildkit: 'ReservedStageName' },

  *check({ stages }) {
    for (const { name, image } of stages) {
      if (!name || !/^(scratch|context)$/i.test(name.value)) continue
      const message = `${name.value} already means something to Docker`
      // The empty image under its own name is what FROM scratch would give as well.
      yield { at: name.at, message, ...(image.value === name.value && { severity: 'note' }) }
    }
  },

  bad: {
    Dockerfile: `FROM acme/runtime:1.4.2@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d AS context
COPY report.sh /usr/local/bin/report
USER 65532
ENTRYPOINT ["report"]
`
  },
  good: {
    Dockerfile: `FROM acme/runtime:1.4.2@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY report.sh /usr/local/bin/report
USER 65532
HEALTHCHECK NONE
ENTRYPOINT ["report"]
`,
    '.dockerignore': `.git
`
  }
})
