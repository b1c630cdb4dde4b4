import { shelllessOf } from '../../contents.js'
import { healthchecksOf } from '../../probes.js'
import { rule } from '../../rule.js'
import { isShellForm, plainWordsOf, toExecForm } from '../../shell-form.js'

export default rule({
  id: 'dockerfile/shell-form-healthcheck',
  title: 'Health check runs below a shell',
  why: 'The shell costs a process every few seconds, and the check fails where the image loses its shell.',
  fix: 'Write a JSON array: HEALTHCHECK CMD ["program", "argument"].',
  severity: 'note',
  topic: 'style',
  preset: 'all',
  edits: 'suggested',
  over: 'dockerfile',
  mentions: ['healthcheck'],
  peers: { hadolint: 'DL3025' },

  *check(dockerfile) {
    const shellless = shelllessOf(dockerfile)
    for (const { instruction, written } of healthchecksOf(dockerfile)) {
      if (!isShellForm(instruction) || instruction.brokenJson || shellless.has(written)) continue
      const words = plainWordsOf(instruction)
      yield {
        at: instruction.keywordAt,
        message: words
          ? `HEALTHCHECK starts a shell that starts ${words[0]}`
          : 'HEALTHCHECK needs a shell in the image',
        ...(written !== instruction && { peers: {} }),
        ...(words && { edits: [toExecForm(instruction, words)] })
      }
    }
  },

  bad: {
    Dockerfile: `FROM node:22-slim
HEALTHCHECK --interval=30s --timeout=5s CMD node health.js
CMD ["node", "server.js"]
`
  },
  good: {
    Dockerfile: `FROM node:22-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
WORKDIR /app
COPY --chown=node server.js .
USER 1000
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s CMD ["node", "-e", "fetch('http://127.0.0.1:8080/').then(r => process.exit(r.ok ? 0 : 1))"]
CMD ["node", "server.js"]
`,
    '.dockerignore': `.git
node_modules
.env*
`
  }
})
