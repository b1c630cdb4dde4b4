import { shelllessOf } from '../../contents.js'
import { servedImage } from '../../examples.js'
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
  good: servedImage
})
