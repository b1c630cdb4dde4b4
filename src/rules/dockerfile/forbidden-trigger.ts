import { rule } from '../../rule.js'

export default rule({
  id: 'dockerfile/forbidden-trigger',
  title: 'ONBUILD registers an instruction that it may not',
  why: 'Docker refuses ONBUILD with ONBUILD, FROM or MAINTAINER: the build fails.',
  fix: 'Register the instruction itself, or write it without ONBUILD.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'dockerfile',
  mentions: ['onbuild'],
  peers: { hadolint: 'DL3043' },

  *check({ instructions }) {
    for (const { onbuild } of instructions)
      if (onbuild && /^(ONBUILD|FROM|MAINTAINER)$/.test(onbuild.keyword))
        yield { at: onbuild.keywordAt, message: `ONBUILD ${onbuild.keyword} is refused` }
  },

  bad: {
    Dockerfile: `FROM acme/runtime:1.4.2@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY report.sh /usr/local/bin/report
ONBUILD MAINTAINER Jane Doe <jane@example.org>
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
