import type { Instruction, Place } from '../../model.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'dockerfile/redundant-platform',
  title: 'Platform of the target is asked for, which is the default',
  why: 'A stage is built for the target platform anyway: the flag says nothing and looks as if it did.',
  fix: 'Remove the flag.',
  severity: 'note',
  topic: 'style',
  preset: 'strict',
  edits: 'safe',
  over: 'dockerfile',
  mentions: ['targetplatform'],
  peers: { hadolint: 'DL3065', buildkit: 'RedundantTargetPlatform' },

  *check({ stages }) {
    for (const { from } of stages) {
      const flag = from.flags.find(({ name }) => name === 'platform')
      if (!flag || (flag.value.value !== '$TARGETPLATFORM' && flag.value.value !== '${TARGETPLATFORM}')) continue
      const edits = [{ at: withBlanksAfter(flag.at, from), text: '' }]
      yield { at: flag.at, message: `${flag.value.value} is the platform of every stage without the flag`, edits }
    }
  },

  bad: {
    Dockerfile: `FROM --platform=$TARGETPLATFORM acme/runtime:1.4.2@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
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

/** A flag and the blanks up to what follows on its line. */
function withBlanksAfter(at: Place, { flags, body }: Instruction): Place {
  const next = flags.find(other => other.at.line === at.endLine && other.at.column > at.column)?.at ?? body.at
  return next.line === at.endLine ? { ...at, endColumn: next.column } : at
}
