import { imageFacts } from '../../data/base-images.js'
import type { Dockerfile, Instruction, Stage } from '../../model.js'
import { programOf } from '../../programs.js'
import { joinPath } from '../../query.js'
import { rule } from '../../rule.js'
import { chainOf, userOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/unknown-user',
  title: 'USER names an account that is not in the image',
  why: 'Docker looks the name up when a container starts and refuses to start one without it; a number needs no account.',
  fix: 'Create the account before USER, copy an /etc/passwd that has it, or write a number.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'dockerfile',
  mentions: ['user'],

  *check(dockerfile) {
    for (const stage of dockerfile.stages.slice(0, MAX_STAGES)) {
      const written = stage.instructions.findLast(({ keyword, args }) => keyword === 'USER' && args.length)?.args[0]
      const user = written && missingUser(dockerfile, stage)
      if (!written || !user) continue
      const base = chainOf(stage)[0]?.base?.split('@')[0]
      const message = `nothing creates ${user}, and ${base} has no such account: no container of the image starts`
      yield { at: written.at, message }
    }
  },

  bad: {
    Dockerfile: `FROM golang:1.25@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d AS build
WORKDIR /src
COPY main.go ./
RUN go build -o /server main.go
FROM scratch
COPY --from=build /server /server
USER app
ENTRYPOINT ["/server"]
`
  },
  good: {
    Dockerfile: `FROM golang:1.26@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d AS build
WORKDIR /src
COPY main.go ./
RUN go build -o /server main.go
FROM scratch
COPY --from=build /server /server
USER 65532
HEALTHCHECK NONE
ENTRYPOINT ["/server"]
`,
    '.dockerignore': `.git
.env*
`
  }
})

/** Each looks through the stages it builds on; more are no hand-written ones. */
const MAX_STAGES = 30

/** The name that a stage ends with and that its image certainly has no account for. */
function missingUser(dockerfile: Dockerfile, stage: Stage): string | undefined {
  const chain = chainOf(stage)
  const base = chain[0]?.base
  if (base === undefined) return undefined
  const { name } = userOf(dockerfile, stage)
  if (!name || !/^[a-z_][\w-]*$/.test(name) || name === 'root') return undefined
  const image = base.split('@')[0]!
  const facts = imageFacts(base)
  const isBare = image === 'scratch'
  if (!isBare && (!PLAIN.test(image) || STANDARD.has(name) || facts?.nonrootUser === name || facts?.user === name))
    return undefined
  let workdir = ''
  for (const instruction of chain.flatMap(each => each.instructions)) {
    if (instruction.keyword === 'WORKDIR') workdir = resolved(workdir, instruction.args[0]?.value ?? '')
    if (mayBring(instruction, name, workdir)) return undefined
  }
  return name
}

/** Images of which it is known what accounts they have. */
const PLAIN =
  /^(docker\.io\/)?(library\/)?(alpine|debian|ubuntu|node|python|golang|ruby|rust|eclipse-temurin)(:[\w.-]+)?$/
/** Accounts that the distributions come with, one or the other. */
const STANDARD = new Set(
  'root daemon bin sys sync games man lp mail news uucp proxy www-data backup list irc gnats nobody _apt adm shutdown halt operator postmaster cron ftp sshd at squid xfs cyrus vpopmail ntp smmsp guest utmp svn messagebus systemd-network systemd-resolve systemd-timesync systemd-coredump dbus tss polkitd ubuntu'.split(
    ' '
  )
)

/** May an instruction add the account? Whatever is not known to do something else may. */
function mayBring(
  { keyword, args, body, heredocs, script, flags }: Instruction,
  name: string,
  workdir: string
): boolean {
  if (keyword === 'COPY' || keyword === 'ADD') {
    const to = resolved(workdir, (args.at(-1)?.value ?? '').replace(/["']/g, ''))
    return to.includes('$') || flags.some(({ value }) => value.value.includes('$')) || /^\/?(etc(\/passwd)?)?$/.test(to)
  }
  if (keyword !== 'RUN') return false
  if ([body, ...heredocs.map(heredoc => heredoc.body)].some(({ value }) => value.toLowerCase().includes(name)))
    return true
  if (!script || script.unread !== undefined) return true
  return script.commands.some(command => {
    const { name, words } = programOf(command)
    return !HARMLESS.has(name) || words[0]!.value.startsWith('.')
  })
}

const HARMLESS = new Set(
  '[ true : set cd echo printf export mkdir chown chmod chgrp ln cp mv rm touch cat ls test find sed grep tar unzip curl wget npm npx yarn pnpm corepack node pip pip3 python python3 go cargo rustup gem bundle mvn'.split(
    ' '
  )
)

const resolved = (from: string, to: string): string =>
  to.includes('$') ? to : `/${joinPath(to.startsWith('/') ? '' : from, to) ?? ''}`
