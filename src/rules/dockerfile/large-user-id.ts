import type { Problem, Word } from '../../model.js'
import { hasLetter, programOf } from '../../programs.js'
import { afterOf } from '../../query.js'
import { rule } from '../../rule.js'
import { actingOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/large-user-id',
  title: 'useradd writes a login log as long as the UID is large',
  why: 'lastlog and faillog have a row for every UID up to this one: as a layer the sparse file can take gigabytes and fill the disk of the build.',
  fix: 'Add --no-log-init (-l), or choose a UID of five digits.',
  severity: 'warning',
  topic: 'reliability',
  preset: 'recommended',
  edits: 'safe',
  over: 'dockerfile',
  mentions: ['useradd'],
  peers: { hadolint: 'DL3046' },

  *check(dockerfile) {
    for (const { instruction } of actingOf(dockerfile, 'RUN'))
      for (const command of instruction.script?.commands ?? []) {
        const { name, words, args } = programOf(command)
        const problem = name === 'useradd' ? problemOf(words[0]!, args) : undefined
        if (problem) yield problem
      }
  },

  bad: {
    Dockerfile: `FROM debian:13-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
RUN useradd --uid 1000650000 app
USER 1000650000
`
  },
  good: {
    Dockerfile: `FROM debian:13-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
RUN useradd --no-log-init --uid 1000650000 app
USER 1000650000
`,
    '.dockerignore': `.git
.env*
`
  }
})

/** Options of useradd with a value. */
const VALUED = 'bBcCdDeEfgGkKpPRsuZ'

function problemOf(program: Word, args: Word[]): Problem | undefined {
  const values = args.map(({ value }) => value)
  if (values.some(value => value === '--no-log-init' || (!value.startsWith('--') && hasLetter(value, 'l', VALUED))))
    return undefined
  for (const [at, word] of args.entries()) {
    const { value } = word
    const joined = /^(?:--uid=|-[A-Za-z]*?u)(\d+)$/.exec(value)?.[1]
    const isApart =
      value === '--uid' || (/^-[A-Za-z]+$/.test(value) && value.endsWith('u') && hasLetter(value, 'u', VALUED))
    const id = joined ?? (isApart ? args[at + 1]?.value : undefined)
    if (id === undefined || !/^\d{6,}$/.test(id)) continue
    return {
      at: (isApart ? args[at + 1]! : word).at,
      message: `useradd writes the login logs up to UID ${id.slice(0, 20)}`,
      edits: [{ at: afterOf(program.at), text: ' -l' }]
    }
  }
  return undefined
}
