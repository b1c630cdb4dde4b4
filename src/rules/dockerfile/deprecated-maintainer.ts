import { rule } from '../../rule.js'
import { actingOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/deprecated-maintainer',
  title: 'MAINTAINER is deprecated',
  why: 'Docker warns at every build, and registries and scanners read the label instead.',
  fix: 'Write LABEL org.opencontainers.image.authors="…".',
  severity: 'note',
  topic: 'correctness',
  preset: 'recommended',
  edits: 'safe',
  over: 'dockerfile',
  mentions: ['maintainer'],
  peers: {
    hadolint: 'DL4000',
    buildkit: 'MaintainerDeprecated',
    'trivy-docker': 'DS-0022',
    'checkov-dockerfile': 'CKV_DOCKER_6'
  },

  *check(dockerfile) {
    for (const { instruction, written } of actingOf(dockerfile, 'MAINTAINER')) {
      if (instruction !== written) continue
      const { args, keywordAt, at } = instruction
      const name = args[0]?.value.replace(/\s+/g, ' ') ?? ''
      const edits =
        at.line === at.endLine && isPlain(name)
          ? { edits: [{ at, text: `LABEL org.opencontainers.image.authors=${quote(name)}` }] }
          : {}
      yield { at: keywordAt, message: 'MAINTAINER is deprecated: a label says it to more readers', ...edits }
    }
  },

  bad: {
    Dockerfile: `FROM acme/runtime:1.4.2@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
MAINTAINER Jane Doe <jane@example.org>
COPY report.sh /usr/local/bin/report
USER 65532
ENTRYPOINT ["report"]
`
  },
  good: {
    Dockerfile: `FROM acme/runtime:1.4.2@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
LABEL org.opencontainers.image.authors="Jane Doe <jane@example.org>"
COPY report.sh /usr/local/bin/report
USER 65532
HEALTHCHECK NONE
ENTRYPOINT ["report"]
`,
    '.dockerignore': `.git
`
  }
})

/** Without quotes inside, escapes and variables the name means the same in either instruction. */
const isPlain = (name: string): boolean => name !== '' && !/[\\`$]/.test(unquote(name)) && !unquote(name).includes('"')
const unquote = (name: string): string => (/^".*"$|^'.*'$/.test(name) ? name.slice(1, -1) : name)
const quote = (name: string): string => `"${unquote(name)}"`
