import type { Command, Edit, Problem, Word } from '../../model.js'
import { hasLetter, type Program, programOf, without } from '../../programs.js'
import { rule } from '../../rule.js'
import { actingOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/unsigned-package',
  title: 'Package is installed without a look at its signature',
  why: 'The signature is what tells a package of the distribution from one that somebody put in its place.',
  fix: 'Take the option away and add the key of the repository first: a keyring with signed-by, /etc/apk/keys, rpm --import.',
  severity: 'warning',
  topic: 'supply-chain',
  preset: 'recommended',
  edits: 'suggested',
  over: 'dockerfile',
  mentions: ['apk', 'apt', 'yum', 'dnf', 'dnf5', 'tdnf', 'microdnf', 'zypper', 'rpm', 'echo', 'printf'],

  *check(dockerfile) {
    for (const { instruction } of actingOf(dockerfile, 'RUN'))
      for (const command of instruction.script?.commands ?? []) {
        const problem = ofOptions(programOf(command)) ?? ofSource(command)
        if (problem) yield problem
      }
  },

  bad: {
    Dockerfile: `FROM debian:13-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
RUN apt-get update \\
 && apt-get install -y --no-install-recommends --allow-unauthenticated acme-agent \\
 && rm -rf /var/lib/apt/lists/*
USER 65532
`
  },
  good: {
    Dockerfile: `FROM debian:13-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
RUN apt-get update \\
 && apt-get install -y --no-install-recommends acme-agent=2.1.0-1 \\
 && rm -rf /var/lib/apt/lists/*
USER 65532
`,
    '.dockerignore': `.git
.env*
`
  }
})

interface Manager {
  /** Options that turn the check off, and what another tool calls it. */
  options: Map<string, string | undefined>
  /** Options with a value that do, in lower case. */
  settings?: RegExp
}

const YUM: Manager = {
  options: new Map([['--nogpgcheck', 'CKV2_DOCKER_9']]),
  settings: /^(--setopt=)?(.+\.)?(repo_)?gpgcheck=(0|false|no)$/
}
const APT: Manager = {
  options: new Map([
    ['--allow-unauthenticated', 'CKV2_DOCKER_8'],
    ['--force-yes', 'CKV2_DOCKER_11'],
    ['--allow-insecure-repositories', undefined]
  ]),
  settings:
    /^(-o|--option=)?(apt::get::(allowunauthenticated|force-yes)|acquire::allow(insecure|weak)repositories)=(1|true|yes)$/
}
const ZYPPER: Manager = {
  options: new Map([
    ['--no-gpg-checks', undefined],
    ['--allow-unsigned-rpm', undefined]
  ])
}
const RPM: Manager = {
  options: new Map(
    ['--nodigest', '--nosignature', '--noverify', '--nofiledigest'].map(option => [option, 'CKV2_DOCKER_10'])
  )
}
const MANAGERS = new Map<string, Manager>([
  ['apk', { options: new Map([['--allow-untrusted', 'CKV2_DOCKER_7']]) }],
  ['apt', APT],
  ['apt-get', APT],
  ['yum', YUM],
  ['dnf', YUM],
  ['dnf5', YUM],
  ['tdnf', YUM],
  ['microdnf', YUM],
  ['yum-config-manager', YUM],
  ['dnf-config-manager', YUM],
  ['zypper', ZYPPER],
  ['rpm', RPM]
])

function ofOptions(program: Program): Problem | undefined {
  const { name, words, args } = program
  const manager = MANAGERS.get(name)
  if (!manager || (manager === RPM && !installs(args))) return undefined
  const { options, settings } = manager
  const unwanted = args.flatMap((word, at): Word[] => {
    if (options.has(word.value)) return [word]
    if (!settings?.test(word.value.toLowerCase())) return []
    const before = args[at - 1]
    return before && /^(-o|--option|--setopt)$/.test(before.value) ? [before, word] : [word]
  })
  const [first] = unwanted
  if (!first) return undefined
  const peers = [...new Set(unwanted.flatMap(({ value }) => options.get(value) ?? []))]
  // A package that the build made or brought along comes from no repository.
  const local = args.some(({ value }) => /\.(apk|deb|rpm)$/.test(value) && !value.includes('://'))
  const edits = withoutForce(words, unwanted) ?? without(words, unwanted)
  return {
    at: first.at,
    message: `${name} does not ask who signed ${local ? 'this package' : 'what it installs'}`,
    ...(local && { severity: 'note' as const }),
    ...(peers.length && { peers: { 'checkov-dockerfile': peers } }),
    ...(edits && { edits })
  }
}

/** --force-yes says yes to all questions: somebody still has to say it to the usual one. */
function withoutForce(words: Word[], unwanted: Word[]): Edit[] | undefined {
  const [force, another] = unwanted
  if (another || force?.value !== '--force-yes') return undefined
  if (words.some(({ value }) => /^(-[a-z]*y[a-z]*|--yes|--assume-yes|-q[q=].*)$/.test(value))) return undefined
  const { line, column, endLine, endColumn } = force.at
  // Quoted, as in the exec form, it is not the option alone that would be replaced.
  return line === endLine && endColumn - column === force.value.length ? [{ at: force.at, text: '-y' }] : undefined
}

/** rpm asks and verifies as well: `-qi`, `-V`. */
function installs(args: Word[]): boolean {
  const modes = args.map(({ value }) => value)
  if (modes.some(value => /^--(install|upgrade|freshen|reinstall)$/.test(value))) return true
  return (
    modes.some(value => /^-[a-zA-Z]+$/.test(value) && /[iUF]/.test(value)) &&
    !modes.some(value => ['q', 'V', 'e'].some(letter => hasLetter(value, letter, '')))
  )
}

/** A line for sources.list that trusts a repository without a key. */
function ofSource({ name, words }: Command): Problem | undefined {
  if (name !== 'echo' && name !== 'printf' && name !== 'add-apt-repository') return undefined
  const word = words.find(({ value }) => isTrusted(value))
  return word && { at: word.at, message: 'trusted=yes takes packages of this repository without a signature' }
}

/** `deb [arch=amd64 trusted=yes] https://…` */
function isTrusted(line: string): boolean {
  const at = line.indexOf('trusted=yes')
  const open = at < 0 ? -1 : line.lastIndexOf('[', at)
  return open >= 0 && !line.slice(open, at).includes(']')
}
