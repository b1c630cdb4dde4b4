import { rule } from '../../rule.js'

export default rule({
  id: 'dockerfile/duplicate-stage-name',
  title: 'Two stages have the same name',
  why: 'The later stage hides the earlier one: what copies from the name or builds it gets whichever was declared last.',
  fix: 'Give each stage a name of its own. Capitals make no difference.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'dockerfile',
  mentions: ['as'],
  peers: {
    hadolint: 'DL3024',
    buildkit: 'DuplicateStageName',
    'trivy-docker': 'DS-0012',
    'checkov-dockerfile': 'CKV_DOCKER_11'
  },

  *check({ stages }) {
    const lines = new Map<string, number>()
    for (const { name } of stages) {
      if (!name) continue
      const key = name.value.toLowerCase()
      const line = lines.get(key)
      if (line === undefined) lines.set(key, name.at.line)
      else yield { at: name.at, message: `${name.value} is the name of the stage of line ${line} as well` }
    }
  },

  bad: {
    Dockerfile: `FROM acme/compiler:3.1.0@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d AS build
COPY report.c .
RUN cc -o /report report.c

FROM acme/runtime:1.4.2@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d AS build
COPY --from=build /report /usr/local/bin/report
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
