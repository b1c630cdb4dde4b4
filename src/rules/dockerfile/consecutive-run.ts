import type { Edit, Instruction } from '../../model.js'
import { keyOf, rule } from '../../rule.js'

export default rule({
  id: 'dockerfile/consecutive-run',
  title: 'Two RUN of one command each make two layers',
  why: 'Each RUN is a layer, and what the second removes stays in the first.',
  fix: 'Join them with &&, unless the first is there to be kept in the cache.',
  severity: 'note',
  topic: 'style',
  preset: 'all',
  edits: 'suggested',
  over: 'dockerfile',
  peers: { hadolint: 'DL3059' },

  *check({ instructions, escape: continues }) {
    for (const [index, second] of instructions.entries()) {
      const first = instructions[index - 1]
      if (!first || !isShort(first) || !isShort(second) || first.stage !== second.stage) continue
      if (flagsOf(first) !== flagsOf(second)) continue
      const edits = joined(first, second, continues)
      const message = `this RUN and the one in line ${first.at.line} could be one layer`
      yield { at: second.keywordAt, message, ...(edits && { edits }) }
    }
  },

  bad: {
    Dockerfile: `FROM node:22-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
RUN mkdir /data
RUN chown node /data
USER node
`
  },
  good: {
    Dockerfile: `FROM node:22-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
RUN mkdir /data && chown node /data
USER 1000
`,
    '.dockerignore': `.git
`
  }
})

/** One command at most. With a cache mount of its own a RUN is made to stand alone. */
const isShort = ({ keyword, script, flags }: Instruction): boolean =>
  keyword === 'RUN' &&
  script !== undefined &&
  script.unread === undefined &&
  script.commands.length < 2 &&
  !flags.some(({ name, value }) => name === 'mount' && value.value.includes('type=cache'))

const flagsOf = ({ flags }: Instruction): string => flags.map(({ name, value }) => `${name}=${value.value}`).join(' ')

/** Where each is one plain command and nothing stands between them. */
function joined(first: Instruction, second: Instruction, continues: string): Edit[] | undefined {
  const [one, other] = [first, second].map(isPlain)
  if (!one || !other || second.at.line !== first.at.endLine + 1) return undefined
  const { path, endLine, endColumn } = first.at
  const start = second.script!.text.at
  const at = { path, line: endLine, column: endColumn, endLine: start.line, endColumn: start.column }
  return [{ at, text: ` ${continues}\n    && ` }]
}

function isPlain({ json, heredocs, script }: Instruction): boolean {
  const [command] = script?.commands ?? []
  return !json && !heredocs.length && command !== undefined && keyOf(command.at) === keyOf(script!.text.at)
}
