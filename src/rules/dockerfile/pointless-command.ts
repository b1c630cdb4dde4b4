import { rule } from '../../rule.js'
import { actingOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/pointless-command',
  title: 'RUN calls a command that makes little sense in a build',
  why: 'A build has no terminal, no services and no machine of its own: what such a command shows or starts is gone with its RUN.',
  fix: 'Leave it out, or do it where the container runs.',
  severity: 'note',
  topic: 'correctness',
  preset: 'all',
  over: 'dockerfile',
  mentions: ['free', 'kill', 'mount', 'ps', 'service', 'shutdown', 'ssh', 'top', 'vim'],
  peers: { hadolint: 'DL3001' },

  *check(dockerfile) {
    for (const { instruction } of actingOf(dockerfile, 'RUN'))
      for (const { name, words } of instruction.script?.commands ?? []) {
        if (!POINTLESS.has(name)) continue
        // With the agent of the builder it fetches what only it may see.
        const hasAgent = instruction.flags.some(flag => flag.name === 'mount' && flag.value.value.includes('type=ssh'))
        if (name === 'ssh' && hasAgent) continue
        yield { at: words[0]!.at, message: `${name} has nothing to act on in a build` }
      }
  },

  bad: {
    Dockerfile: `FROM debian:13-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
RUN service cron start
USER 65532
`
  },
  good: {
    Dockerfile: `FROM debian:13-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
USER 65532
HEALTHCHECK NONE
CMD ["cron", "-f"]
`,
    '.dockerignore': `.git
`
  }
})

const POINTLESS = new Set(['free', 'kill', 'mount', 'ps', 'service', 'shutdown', 'ssh', 'top', 'vim'])
