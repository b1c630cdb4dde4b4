import { servedImage } from '../../examples.js'
import type { Instruction } from '../../model.js'
import { rule } from '../../rule.js'
import { isShellForm } from '../../shell-form.js'
import { settingsOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/ignored-command',
  title: 'CMD is not handed to ENTRYPOINT',
  why: 'An ENTRYPOINT in shell form takes no arguments: neither CMD nor what is given to docker run reaches the program.',
  fix: 'Write ENTRYPOINT as a JSON array, or put the arguments into it and drop CMD.',
  severity: 'warning',
  topic: 'correctness',
  preset: 'recommended',
  over: 'dockerfile',
  mentions: ['entrypoint'],

  *check({ stages }) {
    const told = new Set<Instruction>()
    for (const { instructions } of stages) {
      // Others have what their parent has.
      const own = instructions.find(({ keyword }) => keyword === 'CMD' || keyword === 'ENTRYPOINT')
      if (!own?.stage) continue
      const { cmd, entrypoint } = settingsOf(own.stage)
      if (!cmd || !entrypoint || !isShellForm(entrypoint) || told.has(cmd)) continue
      told.add(cmd)
      const { line } = entrypoint.at
      yield { at: cmd.keywordAt, message: `ENTRYPOINT in line ${line} is in shell form and leaves this CMD out` }
    }
  },

  bad: {
    Dockerfile: `FROM node:22-slim
ENTRYPOINT node server.js
CMD ["--port", "8080"]
`
  },
  good: servedImage
})
