import type { Dockerfile, Edit, Peers } from '../../model.js'
import { callsByManager, flagOf, type Manager, type PackageCall, packageCallsOf, withFlag } from '../../packages.js'
import { rule } from '../../rule.js'
import { actingOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/interactive-install',
  title: 'Package manager waits for an answer',
  why: 'Nobody answers in a build: as soon as the manager has something to ask, such as whether more packages may come along, it gives up and the build fails.',
  fix: 'Say yes beforehand: apt-get install -y, dnf install -y, zypper --non-interactive install.',
  severity: 'warning',
  topic: 'reliability',
  preset: 'recommended',
  edits: 'safe',
  over: 'dockerfile',
  mentions: ['apt', 'aptitude', 'yum', 'dnf', 'tdnf', 'dnf5', 'microdnf', 'zypper', 'pacman'],

  *check(dockerfile) {
    if (saysYesInConfig(dockerfile)) return
    for (const { instruction } of actingOf(dockerfile, 'RUN')) {
      if (!packageCallsOf(instruction).length) continue
      const answered = pipesWithYes(instruction.script?.commands ?? [])
      for (const [manager, calls] of callsByManager(instruction)) {
        const found = calls.filter(call => asks(call) && !answered.has(call.command.pipe?.pipe ?? 0))
        const [first] = found
        if (!first) continue
        const answer = ANSWERS[manager]!
        yield {
          at: (first.verb ?? first.program).at,
          message: `${callOf(first)} ${manager === 'microdnf' ? 'asks in newer releases' : 'waits for a yes that nobody gives'}: it needs ${answer}`,
          // What RHEL 8 and 9 call microdnf takes a yes for granted.
          ...(manager === 'microdnf' && { severity: 'note' as const }),
          peers: found.some(isKnownToOthers) ? (PEERS[manager] ?? {}) : {},
          edits: found.map((call): Edit => withFlag(call, answer, instruction.json))
        }
      }
    }
  },

  bad: {
    Dockerfile: `FROM debian:13-slim@sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1
RUN apt-get update \\
    && apt-get install --no-install-recommends git \\
    && rm -rf /var/lib/apt/lists/*
USER nobody
`
  },
  good: {
    Dockerfile: `FROM debian:13-slim@sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1
RUN apt-get update \\
    && apt-get install -y --no-install-recommends git=1:2.47.3-0+deb13u1 \\
    && rm -rf /var/lib/apt/lists/*
USER 65534
`,
    '.dockerignore': `.git
`
  }
})

const ANSWERS: Partial<Record<Manager, string>> = {
  'apt-get': '-y',
  apt: '-y',
  aptitude: '-y',
  yum: '-y',
  dnf: '-y',
  microdnf: '-y',
  zypper: '-y',
  pacman: '--noconfirm'
}
const PEERS: Partial<Record<Manager, Peers>> = {
  'apt-get': { hadolint: 'DL3014', 'trivy-docker': 'DS-0021' },
  yum: { hadolint: 'DL3030' },
  dnf: { hadolint: 'DL3038' },
  microdnf: { hadolint: 'DL3038' },
  zypper: { hadolint: 'DL3034' }
}
const ASKING = new Set([
  'install',
  'reinstall',
  'group-install',
  'module-install',
  'build-dep',
  'upgrade',
  'dist-upgrade',
  'remove'
])
const YES =
  '-y --yes --assume-yes --assumeyes --force-yes -s --simulate --dry-run --just-print --no-act --print-uris --assumeno --downloadonly'.split(
    ' '
  )

const callOf = ({ manager, verb }: PackageCall): string => (verb ? `${manager} ${verb.value}` : manager)
/** Others look at installs alone, and of zypper at all that changes packages. */
const isKnownToOthers = ({ manager, action, verb }: PackageCall): boolean =>
  action.endsWith('install') ||
  (manager === 'zypper' && (action === 'remove' || action === 'build-dep' || verb?.value === 'patch'))

function asks(call: PackageCall): boolean {
  const { manager, action, maybeFlags, flags } = call
  if (!ANSWERS[manager] || !ASKING.has(action) || maybeFlags) return false
  if (manager === 'pacman') return !flagOf(call, '--noconfirm')
  if (flagOf(call, ...YES)) return false
  if (manager === 'zypper') return !flagOf(call, '-n', '--non-interactive', '--no-confirm', '-D')
  if (manager !== 'apt-get' && manager !== 'apt' && manager !== 'aptitude') return true
  // Quiet twice means yes as well.
  const quiet = flags.filter(({ name }) => name === '-q' || name === '--quiet')
  return quiet.length < 2 && !quiet.some(({ value }) => Number(value) >= 2) && !flags.some(isAssumeYes)
}

const isAssumeYes = ({ name, value = '' }: PackageCall['flags'][number]): boolean =>
  (name === '-o' || name === '--option') && /^APT::Get::(Assume-Yes|force-yes)=(true|yes|1|")/i.test(value)

/** Pipes that `yes` feeds. */
function pipesWithYes(commands: { name: string; pipe?: { pipe: number } }[]): Set<number> {
  return new Set(commands.flatMap(({ name, pipe }) => (name === 'yes' && pipe ? [pipe.pipe] : [])))
}

/** A config file that the image writes may answer for all calls. */
const saysYesInConfig = ({ instructions }: Dockerfile): boolean =>
  instructions.some(({ keyword, script }) =>
    keyword === 'RUN'
      ? script?.commands.some(
          ({ name, words }) =>
            /^(echo|printf|sed|tee|cat)$/.test(name) && words.some(word => /assume-?yes/i.test(word.value))
        )
      : false
  )
