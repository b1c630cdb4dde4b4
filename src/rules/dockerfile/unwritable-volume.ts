import type { Instruction, Stage } from '../../model.js'
import { joinPath } from '../../query.js'
import { rule } from '../../rule.js'
import { chainOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/unwritable-volume',
  title: 'Files for a volume belong to root, the program does not run as root',
  why: 'COPY makes root the owner, whatever USER says, and a new volume begins with these files: the program cannot change them.',
  fix: 'Add --chown with the account of USER.',
  severity: 'note',
  topic: 'correctness',
  preset: 'all',
  over: 'dockerfile',
  mentions: ['volume'],

  *check({ stages }) {
    const last = stages.at(-1)
    if (!last) return
    const { copies, volumes } = filesOf(last)
    for (const { instruction, to, user } of copies) {
      const volume = volumes.find(volume => to === volume || to.startsWith(`${volume}/`))
      if (volume === undefined) continue
      const message = `root owns what goes into the volume /${volume.slice(0, 80)}, and ${user.slice(0, 40)} runs the program`
      yield { at: instruction.keywordAt, message }
    }
  },

  bad: {
    Dockerfile: `FROM acme/runtime:1.4.2@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
USER 65532
COPY seed.db /data/
VOLUME /data
`
  },
  good: {
    Dockerfile: `FROM acme/runtime:1.4.2@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
USER 65532
COPY --chown=65532 seed.db /data/
VOLUME /data
HEALTHCHECK NONE
`,
    '.dockerignore': `.git
`
  }
})

interface Copy {
  instruction: Instruction
  to: string
  user: string
}

/** What is copied for root after a USER who is not, and the volumes of the image. Paths without the first slash. */
function filesOf(stage: Stage): { copies: Copy[]; volumes: string[] } {
  const copies: Copy[] = []
  const volumes: string[] = []
  let user = ''
  let workdir: string | undefined = ''
  for (const instruction of chainOf(stage).flatMap(each => each.instructions)) {
    const { keyword, args, flags } = instruction
    const first = args[0]?.value ?? ''
    if (keyword === 'USER') user = /^(root|0)(:|$)|\$/.test(first) ? '' : first
    else if (keyword === 'WORKDIR') workdir = resolved(workdir, first)
    else if (keyword === 'VOLUME' && volumes.length < MAX_VOLUMES)
      volumes.push(...args.flatMap(({ value }) => resolved('', value) || []))
    else if (
      (keyword === 'COPY' || keyword === 'ADD') &&
      user &&
      !flags.some(({ name }) => /^ch(own|mod)$/.test(name))
    ) {
      const to = resolved(workdir, args.at(-1)?.value ?? '')
      if (to) copies.push({ instruction, to, user })
    }
  }
  return { copies, volumes }
}
/** Each is held against each COPY. */
const MAX_VOLUMES = 50

/** Undefined where a variable decides. */
function resolved(from: string | undefined, to: string): string | undefined {
  const path = to.replace(/^["']|["']$/g, '')
  if (path.includes('$') || (from === undefined && !path.startsWith('/'))) return undefined
  return joinPath(path.startsWith('/') ? '' : from!, path)
}
