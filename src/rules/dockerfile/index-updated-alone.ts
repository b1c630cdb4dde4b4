import type { Command, Peers, Problem, Stage } from '../../model.js'
import { type Manager, type PackageCall, packageCallOf, packageCallsOf } from '../../packages.js'
import { rule } from '../../rule.js'
import { type Acting, actingOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/index-updated-alone',
  title: 'Package index is updated in a layer of its own',
  why: 'The build cache keeps that layer while the install in another one changes: the install then asks for versions that are gone, or brings old ones with known holes.',
  fix: 'Update and install in one RUN: apt-get update && apt-get install -y ….',
  severity: 'warning',
  topic: 'reliability',
  preset: 'recommended',
  over: 'dockerfile',
  mentions: ['update', 'makecache', 'mc', 'upgrade', 'refresh', 'ref', 'pacman'],

  *check(dockerfile) {
    const problems: Problem[] = []
    let installs = new Map<Family, Acting>()
    let stage: Stage | undefined
    for (const acting of [...actingOf(dockerfile, 'RUN')].reverse()) {
      if (acting.written.stage !== stage) installs = new Map()
      stage = acting.written.stage
      if (!packageCallsOf(acting.instruction).length) continue
      const { alone, used } = readRun(acting.instruction.script?.commands ?? [])
      for (const [family, call] of alone) problems.push(problemOf(call, installs.get(family)))
      for (const family of used) installs.set(family, acting)
      for (const family of alone.keys()) installs.delete(family)
    }
    yield* problems.reverse()
  },

  bad: {
    Dockerfile: `FROM debian:13-slim@sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1
RUN apt-get update
RUN apt-get install -y --no-install-recommends git && rm -rf /var/lib/apt/lists/*
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

/** Managers that read one index. */
type Family = 'apt' | 'apk' | 'rpm' | 'zypper' | 'pacman'
const FAMILIES: Partial<Record<Manager, Family>> = {
  'apt-get': 'apt',
  apt: 'apt',
  aptitude: 'apt',
  apk: 'apk',
  yum: 'rpm',
  dnf: 'rpm',
  microdnf: 'rpm',
  zypper: 'zypper',
  pacman: 'pacman'
}

/** The updates of a RUN that nothing in it uses, and the indexes that its installs read. */
function readRun(commands: Command[]): { alone: Map<Family, PackageCall>; used: Set<Family> } {
  const alone = new Map<Family, PackageCall>()
  const used = new Set<Family>()
  for (const command of commands) {
    const call = packageCallOf(command)
    const family = call && FAMILIES[call.manager]
    if (!call || !family) {
      if (mayInstall(command)) alone.clear()
    } else if (call.action === 'update') alone.set(family, call)
    // Cleaning apt leaves its lists; of the others nothing is left to be kept.
    else if (call.action === 'clean' && family !== 'apt') alone.delete(family)
    else if (call.action !== 'clean' && call.action !== 'remove') {
      alone.delete(family)
      used.add(family)
    }
  }
  return { alone, used }
}

/** Another program may install by itself: a script, or one that is known to. */
const mayInstall = ({ name, words }: Command): boolean =>
  INSTALLERS.has(name) ||
  name === '' ||
  words[0]!.value.includes('/') ||
  words.some(({ value }) => value.endsWith('.sh'))
const INSTALLERS = new Set(
  'sh bash ash dash zsh source . eval xargs python python3 perl ruby ansible-playbook make npx playwright apt-cache apt-file mk-build-deps gdebi rosdep tasksel debootstrap unattended-upgrade unattended-upgrades nala'.split(
    ' '
  )
)

function problemOf({ manager, verb, program }: PackageCall, install: Acting | undefined): Problem {
  const where = install
    ? `the install in line ${install.written.at.line} may meet it months later`
    : 'nothing in this RUN reads it'
  return {
    at: (verb ?? program).at,
    message: `${manager} ${verb?.value ?? 'update'} alone is kept by the build cache: ${where}`,
    key: `${manager} update`,
    peers: verb?.value === 'update' ? UPDATE : {}
  }
}
const UPDATE: Peers = { 'trivy-docker': 'DS-0017', 'checkov-dockerfile': 'CKV_DOCKER_5' }
