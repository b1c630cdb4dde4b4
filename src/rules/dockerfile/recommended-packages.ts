import type { Dockerfile, Peers } from '../../model.js'
import { flagOf, type PackageCall, packageCallsOf, withFlag } from '../../packages.js'
import { rule } from '../../rule.js'
import { actingOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/recommended-packages',
  title: 'Install brings packages that nobody asked for',
  why: 'apt also installs what a package recommends: the image gets larger, and holds more that can be attacked and must be kept up to date.',
  fix: 'Add --no-install-recommends, and name what of it is needed, such as ca-certificates.',
  severity: 'note',
  topic: 'efficiency',
  preset: 'strict',
  edits: 'suggested',
  over: 'dockerfile',
  mentions: ['apt', 'aptitude'],

  *check(dockerfile) {
    if (isOffInConfig(dockerfile)) return
    for (const { instruction } of actingOf(dockerfile, 'RUN')) {
      const found = packageCallsOf(instruction).filter(recommends)
      const [first] = found
      if (!first?.verb) continue
      yield {
        at: first.verb.at,
        message: `${first.manager} ${first.verb.value} also brings what the packages recommend`,
        peers: found.some(({ manager }) => manager === 'apt-get') ? APT_GET : {},
        edits: found.map(call => withFlag(call, '--no-install-recommends', instruction.json))
      }
    }
  },

  bad: {
    Dockerfile: `FROM debian:13-slim@sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1
RUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*
USER nobody
`
  },
  good: {
    Dockerfile: `FROM debian:13-slim@sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1
RUN apt-get update && apt-get install -y --no-install-recommends git=1:2.47.3-0+deb13u1 && rm -rf /var/lib/apt/lists/*
USER 65534
`,
    '.dockerignore': `.git
`
  }
})

const APT_GET: Peers = { hadolint: 'DL3015', 'trivy-docker': 'DS-0029' }

function recommends(call: PackageCall): boolean {
  const { manager, action, flags, maybeFlags, packages } = call
  if (manager !== 'apt-get' && manager !== 'apt' && manager !== 'aptitude') return false
  if (action !== 'install' || maybeFlags || !packages.length) return false
  // Whoever writes --install-recommends has chosen.
  if (flagOf(call, '--no-install-recommends', '--install-recommends', '--without-recommends', '-R')) return false
  return !flags.some(({ name, value = '' }) => (name === '-o' || name === '--option') && isSetting(value))
}

const isSetting = (text: string): boolean => /APT::Install-Recommends/i.test(text)

/** A config file that the image writes holds for all calls. */
const isOffInConfig = ({ instructions }: Dockerfile): boolean =>
  instructions.some(
    ({ keyword, script, heredocs }) =>
      (keyword === 'RUN' &&
        script?.commands.some(({ name, words }) => WRITERS.has(name) && words.some(({ value }) => isSetting(value)))) ||
      heredocs.some(({ body }) => isSetting(body.value))
  )
const WRITERS = new Set(['echo', 'printf', 'tee', 'cat', 'sed'])
