import type { Command, Stage } from '../../model.js'
import { rule } from '../../rule.js'
import { actingOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/wget-and-curl',
  title: 'Stage uses both wget and curl',
  why: 'Two programs for one thing: one of them could stay out of the image, with what it needs.',
  fix: 'Use the one that the base image has.',
  severity: 'note',
  topic: 'efficiency',
  preset: 'all',
  over: 'dockerfile',
  mentions: ['wget'],
  peers: { hadolint: 'DL4001', 'trivy-docker': 'DS-0014' },

  *check(dockerfile) {
    const seen = new Map<Stage | undefined, Map<string, Command>>()
    for (const { instruction, written } of actingOf(dockerfile, 'RUN')) {
      const uses = (instruction.script?.commands ?? []).filter(({ name }) => name === 'wget' || name === 'curl')
      const [first] = uses
      if (!first) continue
      const known = seen.get(written.stage) ?? new Map<string, Command>()
      seen.set(written.stage, known)
      for (const command of uses) if (!known.has(command.name)) known.set(command.name, command)
      const other = known.get(first.name === 'wget' ? 'curl' : 'wget')
      if (other)
        yield { at: first.words[0]!.at, message: `${first.name} here and ${other.name} in line ${other.at.line}` }
    }
  },

  bad: {
    Dockerfile: `FROM buildpack-deps:trixie-curl@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
RUN wget -nv https://example.com/one-1.4.2.tar.gz
RUN curl -fsSLO https://example.com/two-1.4.2.tar.gz
USER 65532
`
  },
  good: {
    Dockerfile: `FROM buildpack-deps:trixie-curl@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
RUN curl -fsSLO https://example.com/one-1.4.2.tar.gz -O https://example.com/two-1.4.2.tar.gz
USER 65532
`,
    '.dockerignore': `.git
`
  }
})
