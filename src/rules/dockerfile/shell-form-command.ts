import { shelllessOf } from '../../contents.js'
import { servedImage } from '../../examples.js'
import type { Instruction } from '../../model.js'
import { rule } from '../../rule.js'
import { belowShell, isShellForm, plainWordsOf, toExecForm } from '../../shell-form.js'
import { actingOf, settingsOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/shell-form-command',
  title: 'Command runs below a shell',
  why: 'In shell form the image starts /bin/sh, and the program is its child: a stop signal may reach the shell alone, and after ten seconds everything is killed.',
  fix: 'Write a JSON array: CMD ["program", "argument"]. Where variables or operators need a shell, ["sh", "-c", "… && exec program"].',
  severity: 'warning',
  topic: 'reliability',
  preset: 'strict',
  edits: 'suggested',
  over: 'dockerfile',
  mentions: ['cmd', 'entrypoint'],
  peers: { hadolint: 'DL3025', buildkit: 'JSONArgsRecommended' },

  *check(dockerfile) {
    const shellless = shelllessOf(dockerfile)
    const chosen = belowShell(dockerfile)
    for (const { instruction, written } of actingOf(dockerfile, 'CMD', 'ENTRYPOINT')) {
      const { keyword, keywordAt, brokenJson } = instruction
      if (!isShellForm(instruction) || chosen.has(written)) continue
      // What fails without a shell, and what was meant as JSON, are other rules' matters.
      if (brokenJson || shellless.has(written)) continue
      const words = plainWordsOf(instruction)
      const message = words
        ? `${keyword} starts a shell, and the shell ${words[0]}: the JSON form needs none`
        : `${keyword} starts a shell, which does not pass signals on: end it with exec, as in ["sh", "-c", "exec …"]`
      yield {
        at: keywordAt,
        message,
        ...(startsByExec(instruction) && { severity: 'note' as const }),
        // Neither looks at what ONBUILD registers.
        ...(written !== instruction && { peers: {} }),
        ...(words && !bringsCommandBack(instruction) && { edits: [toExecForm(instruction, words)] })
      }
    }
  },

  bad: {
    Dockerfile: `FROM node:22-slim
CMD node server.js
`
  },
  good: servedImage
})

/** The shell is gone before the program runs. */
const startsByExec = ({ script }: Instruction): boolean => script?.commands[0]?.words[0]?.value === 'exec'

/** In shell form ENTRYPOINT leaves CMD out; in exec form it would be handed over all at once. */
const bringsCommandBack = ({ keyword, stage }: Instruction): boolean =>
  keyword === 'ENTRYPOINT' && stage !== undefined && settingsOf(stage).cmd !== undefined
