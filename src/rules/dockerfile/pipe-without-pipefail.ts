import { imageFacts } from '../../data/base-images.js'
import type { Command, Edit, Instruction, Problem, Stage } from '../../model.js'
import { beforeOf } from '../../query.js'
import { rule } from '../../rule.js'
import { type Acting, actingOf, baseOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/pipe-without-pipefail',
  title: 'Failure in a pipe is lost',
  why: 'A pipe has the status of its last command: a download that breaks off goes on as an empty input, and the layer is kept.',
  fix: 'Set SHELL ["/bin/bash", "-o", "pipefail", "-c"] before it, with /bin/ash on Alpine; in these shells set -o pipefail at the start of the RUN does as well.',
  severity: 'warning',
  topic: 'reliability',
  preset: 'strict',
  edits: 'suggested',
  over: 'dockerfile',
  group: 'pipefail',

  *check(dockerfile) {
    const shells = new Map<Stage | undefined, Instruction>()
    const mended = new Set<Stage>()
    for (const acting of actingOf(dockerfile)) {
      const { instruction, written } = acting
      const { stage, keyword } = written
      if (stage?.parent && written === stage.from) {
        const inherited = shells.get(stage.parent)
        if (inherited) shells.set(stage, inherited)
        if (mended.has(stage.parent)) mended.add(stage)
      }
      if (keyword === 'SHELL') shells.set(stage, instruction)
      if (instruction.keyword !== 'RUN') continue
      const problem = problemOf(acting, shells.get(stage))
      if (!problem) continue
      const edit = shells.has(stage) || (stage && mended.has(stage)) ? undefined : shellBefore(acting)
      if (edit && stage) mended.add(stage)
      yield { ...problem, ...(edit && { edits: [edit] }) }
    }
  },

  bad: {
    Dockerfile: `FROM debian:13-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
RUN curl -fsSL https://example.com/tool-1.4.2.tar.gz | tar -xz -C /opt
USER 65532
`
  },
  good: {
    Dockerfile: `FROM debian:13-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN curl -fsSL https://example.com/tool-1.4.2.tar.gz | tar -xz -C /opt
USER 65532
`,
    '.dockerignore': `.git
`
  }
})

function problemOf({ instruction, written }: Acting, shell: Instruction | undefined): Problem | undefined {
  const { script } = instruction
  if (!script) return undefined
  const refused = shell && script.shell.pipefail && isRefused(shell)
  const ends = new Map<number, Command>()
  for (const command of script.commands) if (command.pipe?.last) ends.set(command.pipe.pipe, command)
  const lost = script.commands.find(
    ({ name, pipe, inside }) =>
      pipe &&
      !pipe.last &&
      (refused || !pipe.pipefail) &&
      !CANNOT_FAIL.has(name) &&
      // Asked whether it finds something, or known to fail, and meant.
      !inside.includes('condition') &&
      ends.get(pipe.pipe)?.lost?.how !== 'or'
  )
  if (!lost) return undefined
  const [word] = lost.words
  const end = ends.get(lost.pipe!.pipe)
  const image = shell?.stage && baseOf(shell.stage)
  const why = refused ? `: ${shell.args[0]!.value} of ${image ?? 'many images'} knows no pipefail` : ''
  return {
    at: word!.at,
    message: `a failure of ${lost.name || word!.value} is lost: the pipe ends as ${end?.name || 'its last command'} does${why}`,
    peers: written === instruction ? { hadolint: 'DL4006' } : {}
  }
}

// yes is stopped by a pipe that closes, which is a failure only with pipefail.
const CANNOT_FAIL = new Set(
  'echo printf yes true : date pwd uname nproc id whoami hostname basename dirname'.split(' ')
)

const factsOf = (stage: Stage | undefined) => {
  const base = stage && baseOf(stage)
  return base === undefined ? undefined : imageFacts(base)
}
const isBusybox = (stage: Stage | undefined): boolean => /^\/(bin|busybox)\/sh$/.test(factsOf(stage)?.shell ?? '')

/** dash learnt pipefail in 0.5.13; before that it stops at the option. BusyBox has had it for long. */
function isRefused({ args, stage }: Instruction): boolean {
  const [program] = args
  return /(^|\/)(da)?sh$/.test(program?.value ?? '') && !isBusybox(stage)
}

/** A SHELL that the base image is known to have, before the instruction and its comment. */
function shellBefore({ instruction, written }: Acting): Edit | undefined {
  if (written !== instruction || instruction.script?.shell.name !== 'sh') return undefined
  const shell = factsOf(written.stage)?.shell === 'bash' ? 'bash' : isBusybox(written.stage) ? 'ash' : undefined
  if (!shell) return undefined
  const { path, line } = (written.comments[0] ?? written).at
  const at = beforeOf({ path, line, column: 1, endLine: line, endColumn: 1 })
  return { at, text: `SHELL ["/bin/${shell}", "-o", "pipefail", "-c"]\n` }
}
