import { idleCdOf } from '../../query.js'
import { rule } from '../../rule.js'
import { actingOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/cd-in-run',
  title: 'RUN changes directory by itself',
  why: 'The directory holds for this RUN alone; WORKDIR says it once, for a reader and for the instructions that follow.',
  fix: 'Set WORKDIR before it. A step aside, in a subshell or for one command, is fine.',
  severity: 'note',
  topic: 'style',
  preset: 'all',
  over: 'dockerfile',
  mentions: ['cd'],
  peers: { hadolint: 'DL3003', 'trivy-docker': 'DS-0013' },

  *check(dockerfile) {
    for (const { instruction } of actingOf(dockerfile, 'RUN')) {
      const commands = instruction.script?.commands ?? []
      const cd = commands.find(({ name }) => name === 'cd')
      // Where nothing comes after it, it is dockerfile/cd-without-effect.
      if (!cd || idleCdOf(commands)) continue
      const to = cd.words[1]?.value ?? 'the home directory'
      yield { at: cd.at, message: `cd to ${to} holds for this RUN alone` }
    }
  },

  bad: {
    Dockerfile: `FROM golang:1.25@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY tools /src/tools
RUN cd /src/tools && go build -o /usr/local/bin/ ./...
USER 65532
`
  },
  good: {
    Dockerfile: `FROM golang:1.26@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
WORKDIR /src/tools
COPY tools .
RUN go build -o /usr/local/bin/ ./...
USER 65532
`,
    '.dockerignore': `.git
`
  }
})
