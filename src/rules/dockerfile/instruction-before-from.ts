import { rule } from '../../rule.js'

export default rule({
  id: 'dockerfile/instruction-before-from',
  title: 'Instruction stands before the first FROM',
  why: 'Only ARG may stand there: Docker refuses the file.',
  fix: 'Begin the file with FROM, or move the instruction below it.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'dockerfile',
  peers: { hadolint: 'DL3061' },

  *check({ path, instructions, stages }) {
    const from = stages[0]?.from
    const early = instructions.filter(({ stage, keyword }) => !stage && keyword !== 'ARG')
    if (from) {
      for (const { keyword, keywordAt } of early)
        yield { at: keywordAt, message: `${keyword.slice(0, 40)} stands before the first FROM (line ${from.at.line})` }
      return
    }
    // A file of another name may be a part of one.
    const [first] = /(^|[/.])(dockerfile|containerfile)$/i.test(path) ? early : []
    if (first) yield { at: first.keywordAt, message: 'the file has no FROM: Docker refuses it' }
  },

  bad: {
    Dockerfile: `LABEL org.opencontainers.image.title=report
FROM acme/runtime:1.4.2@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
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
