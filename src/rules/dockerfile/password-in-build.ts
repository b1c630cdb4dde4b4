import type { Command, Word } from '../../model.js'
import { programOf } from '../../programs.js'
import { rule } from '../../rule.js'
import { actingOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/password-in-build',
  title: 'Build sets the password of an account',
  why: 'The password is the same in every container and can be read from a layer, by its hash at least, and mostly from the history in plain text.',
  fix: 'Leave the account without a password (useradd does), and enter containers with docker exec; for SSH mount keys while running.',
  severity: 'warning',
  topic: 'security',
  preset: 'recommended',
  over: 'dockerfile',
  mentions: ['chpasswd', 'passwd', 'useradd', 'usermod'],

  *check(dockerfile) {
    for (const { instruction } of actingOf(dockerfile, 'RUN'))
      for (const command of instruction.script?.commands ?? []) {
        const word = setterOf(command)
        if (!word) continue
        const peers = word.value.endsWith('chpasswd') ? { 'checkov-dockerfile': 'CKV2_DOCKER_17' } : {}
        yield { at: word.at, message: 'a password is set that every container of this image has', peers }
      }
  },

  bad: {
    Dockerfile: `FROM debian:13-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN useradd --create-home app && echo 'app:welcome' | chpasswd
USER app
`
  },
  good: {
    Dockerfile: `FROM debian:13-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
RUN useradd --uid 1500 --create-home app
USER 1500
`,
    '.dockerignore': `.git
.env*
`
  }
})

/** The word that sets a password; a locked one (`!`, `*`) is none. */
function setterOf(command: Command): Word | undefined {
  const { name, words, args } = programOf(command)
  if (name === 'chpasswd') return words[0]
  if (name === 'passwd') return args.find(({ value }) => value === '--stdin')
  if (name !== 'useradd' && name !== 'usermod') return undefined
  for (const [at, { value }] of args.entries()) {
    const given = /^(-p|--password)$/.test(value) ? args[at + 1]?.value : /^--password=(.*)$/.exec(value)?.[1]
    if (given && !/^[!*x]+$/.test(given)) return args[at]
  }
  return undefined
}
